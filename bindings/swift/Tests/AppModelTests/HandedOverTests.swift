import DiaryKit
import Foundation
import TestSupport
import Testing

@testable import AppModel

@MainActor @Suite("What is shown of a hand-over", .timeLimit(.minutes(60)))
struct HandedOverTests {
  private let rig: Rig

  init() throws { rig = try Rig() }

  @Test func thePasswordStaysWhileSheCopiesItAndADarkScreenTakesItAway() async throws {
    rig.settings.set("idle_minutes", "1")
    let export = try await previewed()
    export.accept()
    export.choosePlace(Workshop.passphrase)
    await rig.until { rig.app.effect != nil || (export.state.error != nil && !export.state.busy) }
    rig.app.openedOwnPicker()
    rig.app.ownPickerReturned()
    rig.app.fileSaved(true)
    #expect(export.state.opener.count == 4 && rig.app.showsCode && rig.app.keepsScreenOn)
    rig.time.advance(by: .seconds(179))
    // A time that is over locks at the next touch.
    rig.app.onUserActive()
    #expect(rig.app.isOpen)
    rig.app.onScreenOff()
    #expect(!rig.app.isOpen && !rig.app.showsCode && export.state.opener.isEmpty)
    await rig.app.closed()
  }

  @Test func whoLeavesThePasswordHasHerOwnTimeAgain() async throws {
    rig.settings.set("idle_minutes", "1")
    let export = try await previewed()
    export.accept()
    export.choosePlace(Workshop.passphrase)
    await rig.until { rig.app.effect != nil || (export.state.error != nil && !export.state.busy) }
    rig.app.fileSaved(true)
    #expect(rig.app.back() && !rig.app.showsCode)
    rig.time.advance(by: .seconds(60))
    await rig.until { !rig.app.isOpen }
    await rig.app.closed()
  }

  @Test func thePreviewShowsWhatIsSaidOfAFileUnlessThatIsKeptBack() async throws {
    let export = try await previewed()
    let shown = try #require(export.state.preview?.files.first)
    #expect(rig.read(shown.lines) == ["How you got it: \(rig.read(.label("how.received")))", "Note: есік алдында"])
    rig.app.back()
    export.chooseWithheld("evidence")
    export.preview()
    await rig.until { !export.state.busy }
    let withheld = try #require(export.state.preview?.files.first)
    #expect(withheld.leaving == .of(.leavingWithheld) && withheld.lines.isEmpty)
    rig.app.lock()
    await rig.app.closed()
  }

  /// The preview of an incident with a file and a note on it.
  private func previewed() async throws -> ExportModel {
    try await rig.start()
    _ = try await rig.write("A")
    rig.app.filesPicked([PickedFile(try rig.workshop.file("a.txt", Data("a".utf8)), isBorrowed: true)])
    let attach = try rig.attach()
    attach.chooseHow("received")
    attach.editNote("есік алдында")
    attach.save()
    await rig.until { [app = rig.app] in
      if case .incident = app.screen { true } else { attach.state.error != nil }
    }
    rig.app.back()
    rig.app.openExport()
    let export = try rig.export()
    export.preview()
    await rig.until { !export.state.busy }
    return export
  }
}
