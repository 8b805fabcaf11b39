import DiaryKit
import Foundation
import TestSupport
import Testing

@testable import AppModel

@MainActor @Suite("Attaching files and photos", .timeLimit(.minutes(60)))
struct AttachTests {
  private let rig: Rig

  init() throws { rig = try Rig() }

  @Test func aFileThatCannotBeAttachedStaysOnTheList() async throws {
    let attach = try await attaching([PickedFile(rig.workshop.path("nothing.jpg"))])
    attach.save()
    await rig.until { !attach.state.busy }
    #expect(attach.state.error == .of(.errorFileGone))
    #expect(attach.state.files.first?.error == .of(.errorFileGone))
    attach.remove("0")
    #expect(!attach.state.canSave)
    try await end()
  }

  @Test func aPhotoThatDoesNotArriveIsTold() async throws {
    try await rig.start()
    let incident = try await rig.write("A")
    rig.app.photoTaken(nil)
    #expect(incident.state.error == .of(.errorNothingArrived))
    incident.seen()

    // Nothing can be written where it should go.
    let scratch = rig.app.ports.folders.scratch
    try? FileManager.default.removeItem(at: scratch)
    try Data().write(to: scratch)
    rig.app.photoTaken(photo)
    #expect(incident.state.error == .of(.errorNothingArrived))
    try FileManager.default.removeItem(at: scratch)

    rig.app.photoTaken(photo)
    let attach = try rig.attach()
    #expect(attach.state.files.map { rig.read($0.name) } == ["photo.jpg"])
    #expect(attach.state.how.first { $0.chosen }?.code == "taken_in_app")
    rig.app.photoTaken(nil)
    #expect(attach.state.error == .of(.errorNothingArrived))
    #expect(attach.state.files.map(\.error) == [nil], "the one before is well")
    try await end()
  }

  @Test func aPhotoThatWaitsWhenItLocksIsAttachedAndTold() async throws {
    let picked = PickedFile(try rig.workshop.file("picked.jpg", photo), isBorrowed: true)
    let attach = try await attaching([picked])
    rig.app.photoTaken(photo)
    attach.editNote("есік алдында")
    rig.app.onStopped()
    #expect(!rig.app.isOpen)
    await rig.app.closed()
    #expect(FileManager.default.fileExists(atPath: picked.url.path), "hers stays where she picked it")

    try await rig.unlock()
    let incident = try await rig.incident()
    #expect(incident.state.evidence.map { rig.read($0.name) } == ["photo.jpg"])
    #expect(incident.state.evidence.map { rig.read($0.note) } == ["есік алдында"])
    #expect(rig.read(incident.state.evidence.first?.about).hasSuffix(rig.read(.label("how.taken_in_app"))))
    #expect(incident.state.done == .of(.doneAttached, [.words("1")]), "said where she is")
    #expect(incident.state.error == .of(.noticeNotAttached), "and that the picked one is not there")
    rig.app.back()
    #expect(try await rig.list().state.notices == [.of(.doneAttached, [.words("1")]), .of(.noticeNotAttached)])

    // Told once.
    try await end()
    try await rig.unlock()
    #expect(try await rig.list().state.notices.isEmpty)
    try await end()
  }

  @Test func aNoteThatCannotBeRecordedDoesNotCostThePhoto() async throws {
    try await rig.start()
    _ = try await rig.write("A")
    rig.app.photoTaken(photo)
    try rig.attach().editNote("\u{7}")
    rig.app.onStopped()
    await rig.app.closed()
    try await rig.unlock()
    let incident = try await rig.incident()
    #expect(incident.state.evidence.map { rig.read($0.name) } == ["photo.jpg"])
    #expect(incident.state.evidence.map { rig.read($0.note) } == [""])
    try await end()
  }

  @Test func theNameOfAFileCannotLookLikeAnotherOne() async throws {
    let file = PickedFile(try rig.workshop.file("photo\u{202E}gpj.exe", photo), isBorrowed: true)
    let attach = try await attaching([file])
    #expect(attach.state.files.map { rig.read($0.name) } == ["photo[U+202E]gpj.exe"])
    try await end()
  }

  @Test func aNameThatIsNoTextKeepsNoFileOut() async throws {
    let name = "a%ED%A0%BD.jpg"
    let folder = rig.workshop.folder.absoluteString
    let url = try #require(URL(string: "\(folder)\(folder.hasSuffix("/") ? "" : "/")\(name)"))
    let attach = try await attaching([PickedFile(url, isBorrowed: true)])
    #expect(attach.state.files.count == 1)
    attach.save()
    await rig.until { !attach.state.busy }
    #expect(attach.state.files.first?.error != nil, "no such file is there")
    try await end()
  }

  @Test func backAttachesAPhotoThatLiesNowhereElse() async throws {
    let picked = PickedFile(try rig.workshop.file("picked.jpg", photo), isBorrowed: true)
    var attach = try await attaching([picked])
    #expect(rig.app.back())
    let incident = try await rig.incident()
    #expect(incident.state.evidence.isEmpty, "hers is still where she picked it")

    rig.app.filesPicked([picked])
    rig.app.photoTaken(photo)
    attach = try rig.attach()
    attach.editNote("есік алдында")
    #expect(rig.app.back())
    #expect(rig.app.back(), "once is enough")
    await rig.until { attach.state.error != nil || rig.app.screen.model !== attach }
    await rig.until { !incident.state.evidence.isEmpty }
    #expect(incident.state.evidence.map { rig.read($0.name) } == ["photo.jpg"])
    #expect(incident.state.evidence.map { rig.read($0.note) } == ["есік алдында"])
    #expect(incident.state.done == .of(.doneAttached, [.words("1")]))

    // One that she does not want she takes off the list.
    rig.app.photoTaken(photo)
    try rig.attach().remove("0")
    #expect(rig.app.back())
    #expect(rig.app.screen.model === incident)
    let left = FileManager.default.enumerator(
      at: rig.app.ports.folders.scratch,
      includingPropertiesForKeys: [.isRegularFileKey]
    )
    let photos = (left?.allObjects as? [URL] ?? []).filter { $0.pathExtension == "jpg" }
    #expect(photos.isEmpty, "no photo lies there in clear, attached or not")
    try await end()
    #expect(try await recorded() == 1)
  }

  @Test func aPhotoThatBackDidNotAttachStaysOnTheList() async throws {
    let attach = try await attaching([PickedFile(rig.workshop.path("nothing.jpg"))])
    #expect(rig.app.back())
    await rig.until { !attach.state.busy || rig.app.screen.model !== attach }
    #expect(rig.app.screen.model === attach)
    #expect(attach.state.files.first?.error == .of(.errorFileGone))
    try await end()
  }

  @Test func whatArrivesWhenItIsLockedIsTold() async throws {
    try await rig.start()
    _ = try await rig.write("A")
    let picked = try rig.workshop.file("picked.jpg", photo)
    let copied = try rig.app.scratchFile(named: "copied.jpg")
    for arrive: @MainActor () throws -> Void in [
      { rig.app.photoTaken(nil) }, { rig.app.pickingFailed() },
      { rig.app.filesPicked([PickedFile(picked, isBorrowed: true)]) },
      {
        try photo.write(to: copied)
        rig.app.filesPicked([PickedFile(copied)])
      },
    ] {
      try await end()
      try FileManager.default.createDirectory(at: copied.deletingLastPathComponent(), withIntermediateDirectories: true)
      try arrive()
      #expect(!rig.app.isOpen)
      #expect(FileManager.default.fileExists(atPath: picked.path), "hers stays where she picked it")
      let scratch = FileManager.default.enumerator(atPath: rig.app.ports.folders.scratch.path)
      #expect(scratch?.contains { "\($0)".hasSuffix(".jpg") } == false)
      try await rig.unlock()
      #expect(try await rig.incident().state.error == .of(.noticeNotAttached))
    }
    rig.app.back()
    #expect(try await rig.list().state.notices == [.of(.noticeNotAttached)])

    // She only thought better of it.
    try await end()
    rig.app.filesPicked([])
    try await rig.unlock()
    #expect(try await rig.list().state.notices.isEmpty)
    try await end()
  }

  @Test func aPhotoThatComesBackAfterALockWaitsForItsDiaryAndSaysSoToNobodyElse() async throws {
    try await rig.start()
    _ = try await rig.write("A")
    try await end()
    rig.app.photoTaken(photo)
    #expect(try rig.lock().state.notice == .of(.lockFinish))
    rig.app.onStopped()
    #expect(try rig.lock().state.notice == nil, "whoever comes next learns nothing")
    // Another process has no photo, and tells it.
    let next = try Rig(rig, way: rig.app.savedWay)
    try await next.unlock()
    #expect(try await next.incident().state.error == .of(.noticeNotAttached))
    next.app.lock()
    await next.app.closed()

    // Another diary is opened here, by whatever passphrase: it knows nothing of the photo.
    let (diary, aside) = (rig.app.ports.folders.diary, rig.workshop.path("aside"))
    try FileManager.default.moveItem(at: diary, to: aside)
    let other = try await OpenDiary.create(folder: diary, passphrase: rig.workshop.secret, cost: .floor)
    try await other.lock()
    try await rig.unlock()
    if case .attach = rig.app.screen { Issue.record("the photo of another diary") }
    try await end()
    try FileManager.default.removeItem(at: diary)
    try FileManager.default.moveItem(at: aside, to: diary)

    try await rig.unlock()
    await rig.until { [app = rig.app] in
      if case .attach(let model) = app.screen { model.state.notice != nil } else { false }
    }
    let attach = try rig.attach()
    #expect(attach.state.notice == .of(.attachWaited))
    #expect(attach.state.how.first { $0.chosen }?.code == "taken_in_app")
    attach.save()
    await rig.until { !attach.state.busy || rig.app.screen.model !== attach }
    #expect(rig.settings.get("lost") == nil)
    try await end()
    #expect(try await recorded() == 1)
  }

  @Test func aPictureIsShownFromMemoryAndGoneWhenSheLeavesItOrItLocks() async throws {
    let text = PickedFile(try rig.workshop.file("b.txt", Data("text".utf8)), isBorrowed: true)
    let attach = try await attaching([text])
    rig.app.photoTaken(photo)
    attach.save()
    await rig.until { !attach.state.busy || rig.app.screen.model !== attach }
    let incident = try await rig.incident()
    await rig.until { incident.state.evidence.count == 2 }
    let rows = incident.state.evidence
    #expect(rows.map(\.isPicture) == [false, true])
    incident.show(rows[1].id)
    let picture = try await rig.picture()
    let held = try #require(picture.state.bytes)
    #expect(Data(held.bytes) == photo && rig.read(picture.state.name) == "photo.jpg")
    #expect(rig.app.back())
    #expect(picture.state.bytes == nil)
    #expect(Data(held.bytes) == Data(count: photo.count), "overwritten, though somebody still holds it")
    incident.show(rows[0].id)
    #expect(try await rig.picture().state.error == .of(.pictureUnknown))
    rig.app.back()
    incident.show(rows[1].id)
    let locked = try await rig.picture()
    let shown = try #require(locked.state.bytes)
    try await end()
    #expect(locked.state.bytes == nil && shown.bytes.allSatisfy { $0 == 0 })
    try await rig.unlock()
    #expect(try await rig.incident().id == incident.id, "it does not come back by itself")
    try await end()
  }

  @Test func theScreenIsBusyUntilWhatIsStoppedHasEnded() async throws {
    let large = try rig.workshop.file("large", Data(repeating: 7, count: 32 << 20))
    let attach = try await attaching([PickedFile(large, isBorrowed: true)])
    attach.save()
    await rig.until { attach.state.progress != nil || !attach.state.busy }
    attach.stop()
    #expect(attach.state.busy, "a second work beside it would attach it twice")
    attach.save()
    await rig.until { !attach.state.busy || rig.app.screen.model !== attach }
    if attach.state.error != nil {
      #expect(attach.state.error == .of(.errorStopped))
      #expect(attach.state.files.count == 1 && attach.state.canSave)
    }
    let listed = attach.state.files.count
    try await end()
    #expect(try await recorded() + listed == 1, "it is attached, or still on the list")
  }

  @Test func whoLeavesWhileAFileIsFinishedLeavesItRecordedOrNotAtAll() async throws {
    let file = try rig.workshop.file("large", Data(repeating: 7, count: 4 << 20))
    let attach = try await attaching([PickedFile(file)])
    attach.save()
    await rig.until { attach.state.progress?.percent == 100 || rig.app.screen.model !== attach }
    attach.left()
    try await end()
    #expect(try await recorded() <= 1)
  }

  /// From nothing to an incident with files that wait.
  private func attaching(_ files: [PickedFile]) async throws -> AttachModel {
    try await rig.start()
    _ = try await rig.write("A")
    rig.app.filesPicked(files)
    return try rig.attach()
  }

  private func end() async throws {
    rig.app.lock()
    await rig.app.closed()
  }

  /// How many files the incident has, in a diary that is sound.
  private func recorded() async throws -> Int {
    let diary = try await OpenDiary.open(folder: rig.app.ports.folders.diary, passphrase: rig.workshop.secret)
    #expect(try await diary.check().sound)
    let count = try await diary.show("#1").evidence.count
    try await diary.lock()
    return count
  }
}
