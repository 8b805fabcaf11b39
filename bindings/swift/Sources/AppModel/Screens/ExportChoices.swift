import DiaryKit

/// What she chose for an export, as it is kept, sealed, while the diary is locked. What the preview showed is looked up
/// anew.
struct ExportChoices: Equatable, Unprintable {
  var filter = Filter()
  var language = "ru"
  var files = "copies"
  var audience = ""
  /// Encrypted, unless she chooses otherwise: a file that leaves passes through many hands.
  var form = ExportForm.zip
  var recipients = ""
  var withheld: [String] = []

  /// The draft that it is kept as.
  static let draft = "export"

  init() {}

  /// From `encoded`.
  init(decoding text: String) {
    let values = FormValues(decoding: text)
    func all(_ path: String) -> [String] { values[path].split(separator: "\n").map(String.init) }
    filter.from = Day(values["from"])
    filter.to = Day(values["to"])
    filter.behaviours = all("behaviours")
    filter.people = all("people")
    language = values["language"]
    files = values["files"]
    audience = values["audience"]
    form = ExportForm(rawValue: values["form"]) ?? .zip
    recipients = values["recipients"]
    withheld = all("withheld")
  }

  func encoded() -> String {
    var values = FormValues()
    values["from"] = filter.from?.written ?? ""
    values["to"] = filter.to?.written ?? ""
    values["behaviours"] = filter.behaviours.joined(separator: "\n")
    values["people"] = filter.people.joined(separator: "\n")
    values["language"] = language
    values["files"] = files
    values["audience"] = audience
    values["form"] = form.rawValue
    values["recipients"] = recipients
    values["withheld"] = withheld.joined(separator: "\n")
    return values.encoded()
  }
}
