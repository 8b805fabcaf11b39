import DiaryKit
import Foundation
import Testing

@testable import AppModel

@Suite("The words of the app")
struct TextTests {
  @Test(arguments: Language.allCases)
  func noneIsMissing(_ language: Language) {
    let strings = Strings(language)
    for key in TextKey.allCases { #expect(strings.has(key), "\(key.rawValue)") }
    #expect(strings.text(.language) == language.rawValue)
  }

  @Test(arguments: Language.allCases)
  func fieldsAndCodesAreCalledAsInTheReport(_ language: Language) throws {
    let strings = Strings(language)
    let report = try labels(language: language.rawValue)
    #expect(strings.read(.label("behaviours.gifts")) == report["behaviours.gifts"])
    #expect(strings.read(.label("behaviours.threat")) == strings.text(.labelThreat), "but to her, not of the author")
  }

  @Test(arguments: Language.allCases)
  func theAppSpeaksToHerWhereTheReportSpeaksOfHer(_ language: Language) {
    let strings = Strings(language)
    #expect(strings.read(.label("field.evidence")) == strings.text(.incidentFiles))
    #expect(strings.read(.label("field.recorded")) == strings.text(.incidentWritten))
    for (path, key) in ownLabels { #expect(strings.read(.label(path)) == strings.text(key), "\(path)") }
  }

  @Test func theKeyFileIsSaidAsBadAsItIs() {
    let said: [Phrase?] = [nil, .of(.noticeKeyFile), .of(.noticeKeyCopy), .of(.noticeKeyLost)]
    #expect([KeyFile.whole, .mended, .oneCopy, .lost].map(keyFilePhrase) == said)
  }

  @Test(arguments: ["header", "cell", "index", "evidence-file", "another"])
  func aFindingIsSaidInHerLanguage(_ check: String) {
    for (subject, place) in [("12-k7q2", "12"), ("entry 7", "7"), ("head", ""), ("", ""), ("header", "")] {
      let line = findingLine(Finding(check: check, level: .failure, subject: subject, detail: "a wrong link"), .lost)
      let said = Language.allCases.map { language in
        [line.label, line.value].map { Strings(language).read($0) }.joined(separator: ": ")
      }
      #expect(Set(said).count == 3 && said.allSatisfy { $0.hasSuffix(".") && !$0.contains("link") }, "\(check)")
      #expect(said.allSatisfy { $0.contains(place) || place.isEmpty }, "\(subject)")
      #expect(place.isEmpty == (line.label == .of(.findingLog)), "\(subject)")
    }
  }

  @Test func valuesStandWhereTheyBelong() {
    let strings = Strings(.en)
    #expect(strings.read(.of(.timeSpan, [.words("a"), .words("b")])) == "a – b")
    #expect(strings.read(.of(.formAdd, [.words("100 %1$@ %d")])) == "Add: 100 %1$@ %d", "a value is no pattern")
    #expect(strings.read(.of(.formAdd)) == "Add: ")
    #expect(strings.read(.row([.of(.formSave), .words("x")], between: " · ")) == "Save · x")
  }

  @Test func aPhraseNeverPrintsHerWords() {
    let phrase = Phrase.row([.words("құпия"), .of(.formAdd, [.words("құпия")])])
    #expect("\(phrase)".contains("құпия") == false)
    #expect(String(reflecting: phrase).contains("құпия") == false)
    var dumped = ""
    dump(phrase, to: &dumped)
    #expect(dumped.contains("құпия") == false)
  }

  @Test func aStateNeverPrintsHerWords() {
    let words = "құпия"
    var field = FieldState(path: "narrative", kind: .text, label: .of(.formTitleNew))
    field.value = words
    var values = FormValues()
    values["narrative"] = words
    let states: [any Unprintable] = [
      FirstStartState(step: .code, code: [words]), field, FormState(fields: [field]), AttachState(note: words),
      ListState(search: words), ExportState(audience: words), FingerprintState(code: words, earlier: words), values,
      Choice(code: words, label: .words(words), chosen: true),
    ]
    for state in states {
      var printed = "\(state)" + String(reflecting: state) + String(describing: [state])
      dump(state, to: &printed)
      #expect(!printed.contains(words), "\(type(of: state))")
    }
  }

  @Test func theLanguageOfTheDeviceIsTaken() {
    #expect(Language(preferred: ["kk-KZ", "ru"]) == .kk)
    #expect(Language(preferred: ["de-DE", "ru_KZ"]) == .ru)
    #expect(Language(preferred: ["de"]) == .en)
    #expect(Language(preferred: []) == .en)
  }
}
