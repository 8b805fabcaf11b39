import DiaryKit
import Foundation
import TestSupport
import Testing

@testable import AppModel

@MainActor @Suite("What comes from pickers and the camera", .timeLimit(.minutes(60)))
struct ArrivalTests {
  private let rig: Rig

  init() throws { rig = try Rig() }

  @Test func oneTouchTooManyTakesNoOtherFileOffTheList() async throws {
    try await rig.start()
    _ = try await rig.write("A")
    rig.app.photoTaken(photo)
    rig.app.filesPicked([
      PickedFile(try rig.workshop.file("a.jpg", photo), isBorrowed: true),
      PickedFile(try copied(), isCopy: true),
    ])
    let attach = try rig.attach()
    #expect(attach.state.files.map(\.onlyHere) == [true, false, false], "she is asked before that goes")
    let first = attach.state.files[0].id
    attach.remove(first)
    attach.remove(first)
    #expect(attach.state.files.map { rig.read($0.name) } == ["a.jpg", "b.jpg"])
    try await end()
  }

  @Test(arguments: [false, true]) func aPhotoOfHersIsCopiedAttachedIfSheSaysSoAndTheCopyGoes(saves: Bool) async throws {
    try await rig.start()
    let incident = try await rig.write("A")
    incident.attachFromPhotos()
    #expect(rig.app.effect == .pickPhotos)
    rig.app.effectTaken()
    let copy = try copied()
    rig.app.filesPicked([PickedFile(copy, isCopy: true)])
    let attach = try rig.attach()
    if saves { attach.save() } else { rig.app.back() }
    await rig.until { [app = rig.app] in app.screen.model === incident || attach.state.error != nil }
    while FileManager.default.fileExists(atPath: copy.path), attach.state.error == nil { await Task.yield() }
    try await end()
    try await rig.unlock()
    #expect(try await rig.incident().state.evidence.count == (saves ? 1 : 0), "it still lies among her photos")
    try await end()
  }

  @Test func aPhotoOfHersThatWaitsWhenItLocksIsToldAndNotAttached() async throws {
    try await rig.start()
    _ = try await rig.write("A")
    rig.app.filesPicked([PickedFile(try copied(), isCopy: true)])
    try await end()
    try await rig.unlock()
    let incident = try await rig.incident()
    #expect(incident.state.evidence.isEmpty && incident.state.error == .of(.noticeNotAttached))
    try await end()
  }

  @Test func whatSheWasSentOutForGoesToItsIncidentWhereverSheIs() async throws {
    try await rig.start()
    let first = try await rig.write("A")
    rig.app.back()
    _ = try await rig.list()
    let second = try await rig.write("B")
    rig.app.back()
    try await rig.list().open(first.id)
    try await rig.incident().attachFromPhotos()
    rig.app.back()
    try await rig.list().open(second.id)
    rig.app.filesPicked([PickedFile(try copied(), isCopy: true)])
    #expect(try rig.attach().incident == first.id)
    try await end()
  }

  @Test func whatComesLateGoesWhereItWasAskedForThoughSheWasSentOutAgain() async throws {
    try await rig.start()
    let first = try await rig.write("A")
    rig.app.back()
    _ = try await rig.list()
    let second = try await rig.write("B")
    rig.app.back()
    var asked: [Asked?] = []
    for incident in [first.id, second.id] {
      try await rig.list().open(incident)
      try await rig.incident().attachFromPhotos()
      // The picker answers, and copying takes its time.
      asked.append(rig.app.takeAsked())
      rig.app.back()
    }
    #expect(rig.app.takeAsked() == nil, "once")
    for (one, incident) in zip(asked, [first.id, second.id]).reversed() {
      rig.app.filesPicked([PickedFile(try copied(), isCopy: true)], for: one)
      #expect(try rig.attach().incident == incident)
    }
    try await end()
    // What was asked for in a diary that was locked since goes to nobody.
    try await rig.unlock()
    while rig.app.back() {}
    rig.app.filesPicked([PickedFile(try copied(), isCopy: true)], for: asked[0])
    _ = try await rig.list()
    try await end()
  }

  @Test func aPhotoOutlivesLeavingAtOnce() async throws {
    try await rig.start()
    let incident = try await rig.write("A")
    incident.takePhoto()
    rig.app.quickExit()
    await rig.app.closed()
    rig.app.photoTaken(photo)
    rig.app.comeBack()
    #expect(try rig.lock().state.notice == .of(.lockFinish))
    try await rig.unlock()
    await rig.until { [app = rig.app] in if case .attach = app.screen { true } else { false } }
    let attach = try rig.attach()
    #expect(attach.incident == incident.id && attach.state.files.map(\.onlyHere) == [true])
    #expect(rig.settings.get("lost") == nil)
    try await end()
  }

  /// As the shell copies one out of her photos.
  private func copied() throws -> URL {
    let copy = try rig.app.scratchFile(named: "b.jpg")
    try photo.write(to: copy)
    return copy
  }

  private func end() async throws {
    rig.app.lock()
    await rig.app.closed()
  }
}
