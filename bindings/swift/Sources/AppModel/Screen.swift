import Foundation

/// What is in front of her, and the model behind it.
@MainActor
public enum Screen {
  /// The app is being made; never shown.
  case starting
  /// There is no diary yet.
  case firstStart(FirstStartModel)
  /// The diary is locked.
  case lock(LockModel)
  /// The incidents.
  case list(ListModel)
  /// Writing one down, or adding to it.
  case form(FormModel)
  /// One incident.
  case incident(IncidentModel)
  /// Looking at a picture of it.
  case picture(PictureModel)
  /// Attaching files to it.
  case attach(AttachModel)
  /// Handing over.
  case export(ExportModel)
  /// The code of the log.
  case fingerprint(FingerprintModel)
  /// Settings.
  case settings(SettingsModel)
  /// Her passphrase.
  case keys(KeysModel)
  /// The backup.
  case backup(BackupModel)
  /// Destroying the diary.
  case wipe(WipeModel)

  var model: AnyObject? {
    switch self {
    case .starting: nil
    case .firstStart(let model): model
    case .lock(let model): model
    case .list(let model): model
    case .form(let model): model
    case .incident(let model): model
    case .picture(let model): model
    case .attach(let model): model
    case .export(let model): model
    case .fingerprint(let model): model
    case .settings(let model): model
    case .keys(let model): model
    case .backup(let model): model
    case .wipe(let model): model
    }
  }

  /// A code can be read on it: for recovery, or of a file that was handed over.
  var showsCode: Bool {
    switch self {
    case .firstStart(let model): model.state.step == .code
    case .keys(let model): model.state.step == .code
    case .export(let model): !model.state.opener.isEmpty
    default: false
    }
  }

  /// A diary is being made of a backup.
  var restores: Bool {
    if case .firstStart(let model) = self { model.state.progress != nil } else { false }
  }

  /// What went wrong, and the answer to what she asked for: what appears without her going there.
  var spoken: [Phrase] {
    let said: [Phrase?] =
      switch self {
      case .starting: []
      case .firstStart(let model): [model.state.error]
      case .lock(let model): [model.state.error, model.state.notice]
      case .list(let model): [model.state.error]
      case .form(let model): [model.state.error]
      case .incident(let model): [model.state.error, model.state.done]
      case .picture(let model): [model.state.error]
      case .attach(let model): [model.state.error, model.state.notice]
      case .export(let model): [model.state.error]
      case .fingerprint(let model): [model.state.error, model.state.answer]
      case .settings(let model): [model.state.error, model.state.checked]
      case .keys(let model): [model.state.error, model.state.done]
      case .backup(let model): [model.state.error, model.state.unreadable]
      case .wipe(let model): [model.state.error]
      }
    return said.compactMap { $0 }
  }

  /// Says what went wrong, where it has a place for that; the list has its notices.
  func trouble(_ phrase: Phrase) {
    switch self {
    case .form(let model): model.trouble(phrase)
    case .incident(let model): model.trouble(phrase)
    case .attach(let model): model.trouble(phrase)
    case .export(let model): model.trouble(phrase)
    case .settings(let model): model.trouble(phrase)
    case .keys(let model): model.trouble(phrase)
    case .backup(let model): model.trouble(phrase)
    default: break
    }
  }

  /// She leaves it: what it was doing ends.
  func left() {
    switch self {
    case .form(let model): model.left()
    case .incident(let model): model.left()
    case .picture(let model): model.left()
    case .attach(let model): model.left()
    case .export(let model): model.left()
    case .settings(let model): model.left()
    case .keys(let model): model.left()
    case .backup(let model): model.left()
    case .starting, .firstStart, .lock, .list, .fingerprint, .wipe: break
    }
  }
}

/// A screen of the open diary by what it is about: ids only, so that it can be kept outside of the diary.
enum Route: Equatable {
  case incidents
  case form(about: String?)
  case incident(String)
  case picture(String, of: String)
  case attach(String)
  case export
  case fingerprint
  case settings
  case keys
  case backup
  case wipe

  static let start = [Route.incidents]

  /// How a way is kept: `list;incident:123-k7q2`. Files that were picked are not kept, so attaching is left out,
  /// and a picture is not brought back by itself.
  static func encode(_ way: [Route]) -> String {
    way.compactMap { route in
      switch route {
      case .incidents: "list"
      case .form(about: nil): "form"
      case .form(.some(let id)): "form:\(id)"
      case .incident(let id): "incident:\(id)"
      case .picture, .attach, .wipe: nil
      case .export: "export"
      case .fingerprint: "code"
      case .settings: "settings"
      case .keys: "keys"
      case .backup: "backup"
      }
    }.joined(separator: ";")
  }

  /// The way back in; the list alone for anything that is no way.
  static func decode(_ text: String) -> [Route] {
    let way = text.split(separator: ";", omittingEmptySubsequences: false).map(step)
    guard way.first == .incidents, way.allSatisfy({ $0 != nil }) else { return start }
    return way.compactMap { $0 }
  }

  private static func step(_ text: Substring) -> Route? {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let id = parts.count == 2 ? String(parts[1]) : nil
    if let id, !isID(id) { return nil }
    return switch (parts[0], id) {
    case ("list", nil): .incidents
    case ("form", let id): .form(about: id)
    case ("incident", .some(let id)): .incident(id)
    case ("export", nil): .export
    case ("code", nil): .fingerprint
    case ("settings", nil): .settings
    case ("keys", nil): .keys
    case ("backup", nil): .backup
    default: nil
    }
  }

  /// Such as `123-k7q2`.
  private static func isID(_ text: String) -> Bool {
    text.wholeMatch(of: /[0-9]{1,8}-[0-9a-z]{4}/) != nil
  }
}
