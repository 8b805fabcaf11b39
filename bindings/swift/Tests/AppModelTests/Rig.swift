import DiaryKit
import Foundation
import Observation
import TestSupport
import Testing

@testable import AppModel

/// The app over the real library, in time that the test moves.
@MainActor
final class Rig {
  let workshop: Workshop
  let settings: MapSettings
  let device: SoftwareKey
  let time = ManualTime()
  let app: AppModel
  let strings = Strings(.en)
  /// The recovery code of the diary that was made, in groups.
  private(set) var code: [String] = []

  /// A new process over what another one left.
  init(_ before: Rig? = nil, way: String = "", lender: any FileLender = PlainFiles()) throws {
    workshop = try before?.workshop ?? Workshop()
    settings = before?.settings ?? MapSettings()
    device = before?.device ?? SoftwareKey()
    let ports = Ports(
      folders: Folders(below: workshop.path("app")),
      settings: settings,
      protection: PlainFolders(),
      device: device,
      lender: lender,
      time: time,
      // 2026-10-03T21:15+05:00
      now: { Date(timeIntervalSince1970: 1_791_044_130) },
      zone: { TimeZone(secondsFromGMT: 5 * 3600) ?? .gmt },
      keyCost: .floor
    )
    app = AppModel(ports: ports, way: way)
  }

  /// Comes back when it is so; what it looks at must be a state of the app.
  func until(_ condition: @escaping @MainActor () -> Bool) async {
    while !condition() {
      await withCheckedContinuation { wake in
        withObservationTracking {
          _ = condition()
        } onChange: {
          Task { @MainActor in wake.resume() }
        }
      }
    }
  }

  func firstStart() throws -> FirstStartModel {
    guard case .firstStart(let model) = app.screen else { throw AnotherScreen() }
    return model
  }

  func lock() throws -> LockModel {
    guard case .lock(let model) = app.screen else { throw AnotherScreen() }
    return model
  }

  func list() async throws -> ListModel {
    guard case .list(let model) = app.screen else { throw AnotherScreen() }
    await until { !model.state.loading }
    return model
  }

  func form() async throws -> FormModel {
    guard case .form(let model) = app.screen else { throw AnotherScreen() }
    await until { !model.state.fields.isEmpty && !model.state.busy }
    return model
  }

  func incident() async throws -> IncidentModel {
    guard case .incident(let model) = app.screen else { throw AnotherScreen() }
    await until { !model.state.loading }
    return model
  }

  func attach() throws -> AttachModel {
    guard case .attach(let model) = app.screen else { throw AnotherScreen() }
    return model
  }

  func picture() async throws -> PictureModel {
    guard case .picture(let model) = app.screen else { throw AnotherScreen() }
    await until { !model.state.loading }
    return model
  }

  func export() throws -> ExportModel {
    guard case .export(let model) = app.screen else { throw AnotherScreen() }
    return model
  }

  /// What the locked diary keeps under this name.
  func draft(_ form: String) async throws -> String? {
    let diary = try await OpenDiary.open(folder: app.ports.folders.diary, passphrase: workshop.secret)
    let text = try await diary.kept(form)
    try await diary.lock()
    return text
  }

  func settingsScreen() throws -> SettingsModel {
    app.openSettings()
    guard case .settings(let model) = app.screen else { throw AnotherScreen() }
    return model
  }

  func keysScreen() throws -> KeysModel {
    app.openKeys()
    return try keys()
  }

  func keys() throws -> KeysModel {
    guard case .keys(let model) = app.screen else { throw AnotherScreen() }
    return model
  }

  /// From nothing to the empty list.
  @discardableResult
  func start() async throws -> ListModel {
    let model = try firstStart()
    model.begin()
    model.create(passphrase: Workshop.passphrase, again: Workshop.passphrase)
    await until { model.state.step == .code || model.state.error != nil }
    code = model.state.code
    model.codeWritten()
    let asked = asked(model.state.question)
    model.confirm(try #require(code.indices.contains(asked) ? code[asked] : nil))
    return try await list()
  }

  /// Which group of the code is asked for, from 0.
  func asked(_ question: Phrase?) -> Int {
    guard case .of(_, let values) = question, case .words(let number) = values.first else { return -1 }
    return (Int(number) ?? 0) - 1
  }

  func unlock(_ passphrase: String = Workshop.passphrase) async throws {
    let model = try lock()
    model.unlock(passphrase)
    await until { [app] in
      if case .lock(let now) = app.screen { now.state.error != nil && !now.state.busy } else { true }
    }
  }

  /// Writes an incident down, and ends on its screen.
  func write(_ narrative: String) async throws -> IncidentModel {
    try await list().write()
    let model = try await form()
    model.edit("narrative", narrative)
    model.save()
    await until { [app] in
      if case .form = app.screen { model.state.error != nil } else { true }
    }
    return try await incident()
  }

  func read(_ phrase: Phrase?) -> String { phrase.map(strings.read) ?? "" }

  func read(_ lines: [Line]) -> [String] { lines.map { "\(read($0.label)): \(read($0.value))" } }

  struct AnotherScreen: Error {}
}

/// Settings in memory.
final class MapSettings: Settings, @unchecked Sendable {
  private let guardian = NSLock()
  private var values: [String: String] = [:]

  var all: [String: String] { guardian.withLock { values } }

  func get(_ name: String) -> String? { guardian.withLock { values[name] } }

  func set(_ name: String, _ value: String?) { guardian.withLock { values[name] = value } }
}

/// Folders as Linux makes them.
struct PlainFolders: FileProtection {
  func protect(folder: URL) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }
}
