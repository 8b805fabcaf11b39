import DiaryKit
import Foundation
import TestSupport
import Testing

@testable import AppModel

@MainActor @Suite("What goes on when it locks", .timeLimit(.minutes(60)))
struct CarriedThroughTests {
  private let rig: Rig

  init() throws { rig = try Rig() }

  @Test(arguments: [false, true]) func whatIsBeingRecordedIsRecordedOnceAndToldOnce(atOnce: Bool) async throws {
    try await writing("A").save()
    rig.app.onInactive()
    if atOnce { rig.app.quickExit() } else { rig.app.onStopped() }
    #expect(!rig.app.isOpen)
    await rig.app.closed()
    #expect(rig.app.savedWay == "list", "nothing leads back to a form that is done")
    rig.app.comeBack()
    try await rig.unlock()
    let list = try await rig.list()
    #expect(list.state.notices == [.of(.doneSaved, [.words("1")])])
    #expect(list.state.rows.count == 1 && !list.state.unfinished)
    try await end()
    try await rig.unlock()
    #expect(try await rig.list().state.notices.isEmpty, "told once")
    try await end()
  }

  @Test func whatCouldNotBeRecordedComesBackWithHerWords() async throws {
    let form = try await writing("A")
    form.edit("harm.cost.amount", "көп")
    form.save()
    rig.app.onStopped()
    await rig.app.closed()
    try await rig.unlock()
    let again = try await rig.form()
    #expect(again.state.fields.first { $0.path == "narrative" }?.value == "A")
    #expect(again.state.kept)
    rig.app.back()
    let list = try await rig.list()
    #expect(list.state.notices.isEmpty && list.state.rows.isEmpty)
    try await end()
  }

  @Test func whatIsAddedToAnIncidentLeadsBackToIt() async throws {
    try await rig.start()
    let incident = try await rig.write("A")
    incident.amend()
    let form = try await rig.form()
    form.edit("place.text", "кіреберіс")
    form.edit("reason", "есіме түсті")
    form.save()
    rig.app.onStopped()
    await rig.app.closed()
    try await rig.unlock()
    let again = try await rig.incident()
    #expect(again.id == incident.id && again.state.done == nil)
    #expect(rig.read(again.state.lines).contains { $0.hasSuffix(": кіреберіс") })
    try await end()
  }

  @Test func whatIsThrownAwayDoesNotComeBack() async throws {
    try await writing("A").discard()
    rig.app.onStopped()
    await rig.app.closed()
    try await rig.unlock()
    let list = try await rig.list()
    #expect(list.state.rows.isEmpty && list.state.notices.isEmpty && !list.state.unfinished)
    try await end()
  }

  @Test func whatWasRecordedIsNotToldInAnotherDiary() async throws {
    let folder = rig.app.ports.folders.diary
    let other = "ескі көпір астында қайық"
    try FileManager.default.createDirectory(at: folder.deletingLastPathComponent(), withIntermediateDirectories: true)
    let both = try await OpenDiary.create(
      folder: folder,
      passphrase: rig.workshop.secret,
      second: Secret(other),
      cost: .floor
    )
    try await both.lock()
    let rig = try Rig(rig)
    try await rig.unlock()
    try await rig.list().write()
    let form = try await rig.form()
    form.edit("narrative", "A")
    form.save()
    rig.app.onStopped()
    await rig.app.closed()
    try await rig.unlock(other)
    let list = try await rig.list()
    #expect(list.state.notices.isEmpty && list.state.rows.isEmpty)
    rig.app.lock()
    await rig.app.closed()
    try await rig.unlock()
    #expect(try await rig.list().state.rows.count == 1)
    rig.app.lock()
    await rig.app.closed()
  }

  @Test func whatIsErasedIsErasedWithAllThatSheTypedAboutIt() async throws {
    try await rig.start()
    let incident = try await rig.write("A")
    let forms = ["amend-\(incident.id)", "attach-\(incident.id)", "withdraw-\(incident.id)"]
    incident.amend()
    try await rig.form().edit("reason", Workshop.canary)
    rig.app.back()
    await rig.until { [app = rig.app] in app.screen.model === incident }
    rig.app.filesPicked([PickedFile(try rig.workshop.file("a.jpg", photo), isBorrowed: true)])
    try rig.attach().editNote(Workshop.canary)
    rig.app.back()
    incident.editReason(Workshop.canary)
    rig.app.onInactive()
    await rig.until { !incident.state.busy }
    incident.erase(Workshop.passphrase)
    rig.app.onStopped()
    #expect(!rig.app.isOpen)
    await rig.app.closed()
    for form in forms { #expect(try await rig.draft(form) == nil, "\(form)") }
    try await rig.unlock()
    #expect(try await rig.incident().state.notices == [.of(.incidentErased)])
    try await end()
  }

  /// From nothing to a new form with these words in it.
  private func writing(_ narrative: String) async throws -> FormModel {
    try await rig.start().write()
    let form = try await rig.form()
    form.edit("narrative", narrative)
    return form
  }

  private func end() async throws {
    rig.app.lock()
    await rig.app.closed()
  }
}
