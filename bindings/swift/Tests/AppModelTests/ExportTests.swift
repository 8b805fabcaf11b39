import DiaryKit
import Foundation
import TestSupport
import Testing

@testable import AppModel

@MainActor @Suite("Handing over", .timeLimit(.minutes(60)))
struct ExportTests {
  private let rig: Rig

  init() throws { rig = try Rig() }

  @Test func whatLeavesIsWhatThePreviewShowed() async throws {
    let export = try await exporting(incidents: 3)
    export.preview()
    // Touches that come while it is looked up, and after.
    let change = {
      export.chooseBehaviour("gifts")
      export.chooseLanguage("en")
      export.chooseOriginals("all")
      export.editAudience("басқа")
      export.chooseFrom(Day("2026-10-04"))
    }
    change()
    await rig.until { !export.state.busy }
    change()
    let shown = try #require(export.state.preview)
    #expect(shown.incidents.count == 3)
    export.toggleIncident(try #require(shown.incidents.last?.id))
    await rig.until { !export.state.busy }
    #expect(export.state.preview?.incidents.map(\.included) == [true, true, false])
    export.accept()
    change()
    export.toggleIncident(try #require(shown.incidents.first?.id))
    export.preview()
    export.choosePlace(Workshop.passphrase)
    await rig.until { rig.app.effect != nil || export.state.error != nil }
    guard case .saveFile(let file) = rig.app.effect else { throw Rig.AnotherScreen() }

    let bundle = rig.workshop.path("kept.zip")
    try FileManager.default.copyItem(at: file, to: bundle)
    rig.app.fileSaved(true)
    #expect(rig.read(export.state.result).first == "Incidents: 2 of 3")
    #expect(export.state.result.map(\.canCopy) == [false, false, true, true], "only codes can be copied")

    let code = rig.read(export.state.result[2].value)
    let verified = try Program.diary(["verify", bundle.path, "--fingerprint", code, "--json"])
    #expect(verified.status == 0)
    let verdict = try #require(try JSONSerialization.jsonObject(with: verified.output) as? [String: Any])
    let covered = try #require(verdict["covered"] as? [String])
    #expect(Set(covered).isSuperset(of: shown.incidents.prefix(2).map(\.id)))
    #expect(!covered.contains(shown.incidents[2].id))
    try await end()
  }

  @Test func aPreviewThatFailsChangesNothing() async throws {
    let export = try await exporting(incidents: 1)
    export.preview()
    await rig.until { !export.state.busy }
    let shown = try #require(export.state.preview)
    export.toggleIncident(try #require(shown.incidents.first?.id))
    await rig.until { !export.state.busy }
    #expect(export.state.error == .of(.errorSelection))
    #expect(export.state.preview == shown)
    export.accept()
    export.choosePlace(Workshop.passphrase)
    await rig.until { rig.app.effect != nil || (export.state.error != nil && !export.state.busy) }
    rig.app.fileSaved(true)
    #expect(rig.read(export.state.result).first == "Incidents: 1 of 1")
    try await end()
  }

  @Test func backEndsALookThatIsStillGoingOn() async throws {
    let export = try await exporting(incidents: 1)
    export.preview()
    #expect(rig.app.back())
    #expect(export.state.step == .select && !export.state.busy)
    export.chooseLanguage("kk")
    #expect(export.state.languages.first { $0.chosen }?.code == "kk")
    export.preview()
    await rig.until { !export.state.busy }
    #expect(export.state.step == .preview)
    #expect(rig.app.back())
    #expect(rig.app.back())
    _ = try await rig.list()
    try await end()
  }

  @Test func whatIsStoppedLeavesNoFile() async throws {
    let export = try await exporting(incidents: 2)
    export.preview()
    await rig.until { !export.state.busy }
    export.accept()
    export.choosePlace(Workshop.passphrase)
    await rig.until { export.state.step == .writing || export.state.error != nil }
    export.stop()
    await rig.until { !export.state.busy }
    #expect(export.state.error == .of(.errorStopped))
    #expect(export.state.step == .preview)
    #expect(files(below: rig.app.ports.folders.scratch).isEmpty)
    rig.app.fileSaved(true)
    #expect(export.state.step == .preview, "an answer that comes too late says nothing")
    try await end()
  }

  private func exporting(incidents: Int) async throws -> ExportModel {
    try await rig.start()
    for number in 1...incidents {
      _ = try await rig.write("\(number)")
      rig.app.back()
      _ = try await rig.list()
    }
    rig.app.openExport()
    return try rig.export()
  }

  private func files(below folder: URL) -> [URL] {
    let all = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.isRegularFileKey])
    return (all?.allObjects as? [URL] ?? []).filter {
      (try? $0.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile) == true
    }
  }

  private func end() async throws {
    rig.app.lock()
    await rig.app.closed()
  }
}
