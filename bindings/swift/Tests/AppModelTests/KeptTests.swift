import DiaryKit
import Foundation
import TestSupport
import Testing

@testable import AppModel

@MainActor @Suite("What is kept of what she began, and what is not", .timeLimit(.minutes(60)))
struct KeptTests {
  private let rig: Rig

  init() throws { rig = try Rig() }

  @Test(arguments: [false, true]) func anErasedIncidentLeavesNoReason(locking: Bool) async throws {
    try await rig.start()
    let incident = try await rig.write("A")
    let form = "withdraw-\(incident.id)"
    incident.editReason(Workshop.canary)
    rig.app.onInactive()
    incident.erase("басқа")
    await rig.until { !incident.state.busy }
    #expect(incident.state.reason == Workshop.canary, "not before the passphrase")
    incident.erase(Workshop.passphrase)
    await rig.until { incident.state.reason.isEmpty || !incident.state.busy }
    if locking { rig.app.onStopped() }
    await rig.until { !incident.state.busy || locking }
    if !locking { rig.app.back() }
    try await end()
    #expect(try await rig.draft(form) == nil)
  }

  @Test func aReasonThatSheDeletedDoesNotComeBack() async throws {
    try await rig.start()
    let incident = try await rig.write("A")
    incident.editReason(Workshop.canary)
    rig.app.onInactive()
    incident.editReason("")
    try await end()
    #expect(try await rig.draft("withdraw-\(incident.id)") == nil)
  }

  @Test func herNoteOnFilesIsOfferedAgainUntilTheyAreAttached() async throws {
    try await rig.start()
    let picked = PickedFile(try rig.workshop.file("picked.jpg", photo), isBorrowed: true)
    let incident = try await rig.write("A").id
    rig.app.filesPicked([picked])
    let first = try rig.attach()
    first.chooseHow("received")
    first.editNote("есік алдында")
    rig.app.onStopped()
    await rig.app.closed()
    let kept = try await rig.draft("attach-\(incident)")
    try #require(kept == "how\treceived\nnote\tесік алдында")

    // Another process; and one step back keeps it too.
    let next = try Rig(rig, way: rig.app.savedWay)
    try await next.unlock()
    for leaves in [true, false] {
      _ = try await next.incident()
      next.app.filesPicked([picked])
      let again = try next.attach()
      await next.until { !again.state.note.isEmpty }
      #expect(again.state.note == "есік алдында")
      #expect(again.state.how.first { $0.chosen }?.code == "received")
      if leaves { next.app.back() } else { again.save() }
      await next.until { if case .incident = next.app.screen { true } else { again.state.error != nil } }
    }
    let detail = try await next.incident()
    await next.until { !detail.state.evidence.isEmpty }
    #expect(detail.state.evidence.map { next.read($0.note) } == ["есік алдында"])
    next.app.lock()
    await next.app.closed()
    #expect(try await next.draft("attach-\(incident)") == nil, "it is recorded with the file")
  }

  @Test func aNoteThatSheDeletedAndWhatTheAppKnewItselfAreNotKept() async throws {
    try await rig.start()
    let incident = try await rig.write("A").id
    rig.app.photoTaken(photo)
    let attach = try rig.attach()
    attach.editNote(Workshop.canary)
    rig.app.onInactive()
    attach.editNote("")
    attach.remove("0")
    try await end()
    #expect(try await rig.draft("attach-\(incident)") == nil)
  }

  @Test func herNoteIsSpentByThePhotoThatIsAttachedWhenItLocks() async throws {
    try await rig.start()
    let incident = try await rig.write("A").id
    rig.app.photoTaken(photo)
    try rig.attach().editNote("есік алдында")
    rig.app.onStopped()
    await rig.app.closed()
    #expect(try await rig.draft("attach-\(incident)") == nil)
  }

  @Test func whatSheChoseToHandOverIsKeptAsSoonAsTheAppIsNotInFront() async throws {
    try await rig.start()
    rig.app.openExport()
    let export = try rig.export()
    await rig.until { !export.state.forms.isEmpty }
    export.editAudience("полиция")
    rig.app.onInactive()
    // The process ends here: what it wrote is all there is.
    export.preview()
    await rig.until { !export.state.busy }
    let copy = rig.workshop.path("copy")
    try FileManager.default.copyItem(at: rig.app.ports.folders.diary, to: copy)
    let diary = try await OpenDiary.open(folder: copy, passphrase: rig.workshop.secret)
    #expect(try await diary.kept("export")?.contains("полиция") == true)
    try await diary.lock()

    // It was for this once: who goes back finds nothing of it.
    rig.app.onStarted()
    while rig.app.back() {}
    _ = try await rig.list()
    try await end()
    #expect(try await rig.draft("export") == nil)
  }

  private func end() async throws {
    rig.app.lock()
    await rig.app.closed()
  }
}
