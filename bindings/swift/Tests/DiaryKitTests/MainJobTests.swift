import DiaryKit
import Foundation
import TestSupport
import Testing

@Suite("The whole main job")
struct MainJobTests {
  private let workshop: Workshop

  init() throws { workshop = try Workshop() }

  @Test func makeWriteAttachSearchExportVerifyLock() async throws {
    let diary = try await workshop.diary()
    let code = try #require(try await diary.takeRecoveryCode())
    #expect(code.split(separator: "-").map(\.count) == Array(repeating: 4, count: 8))
    #expect(try await diary.takeRecoveryCode() == nil)

    // The same words in everything that is hers: `test` looks for them in all that was printed.
    let canary = Workshop.canary
    let words = "Ол тағы да кіреберісте күтіп тұрды. 🐈 «Всё равно найду» \(canary)"
    let recorded = try await diary.add(fullIncident(words))
    #expect(recorded.number == 1)
    let item = try await diary.attach(
      workshop.file("\(canary).jpg", photo),
      to: recorded.id,
      as: Attachment(how: "received", note: canary)
    )
    #expect(item.name == "\(canary).jpg")
    #expect(item.mediaType == "image/jpeg")
    #expect(item.bytes == UInt64(photo.count))

    _ = try await diary.amend(recorded.id, with: IncidentPatch(privateNote: canary), reason: canary)
    try await diary.saveDraft(Data(canary.utf8), form: "incident")
    #expect(try await diary.list(ListQuery(search: "КІРЕБЕРІС")).incidents.map(\.id) == [recorded.id])
    #expect(try await diary.list(ListQuery(search: "жоқ сөз")).incidents.isEmpty)

    let fingerprint = try await diary.fingerprint()
    let selection = ExportSelection(language: "kk", originals: .all, audience: canary)
    let preview = try await diary.preview(selection)
    #expect(preview.incidents.map(\.id) == [recorded.id])
    #expect(preview.incidents.first?.fields.contains("private_note") == false)
    let bundle = workshop.path("\(canary).zip")
    let exported = try await diary.export(selection, to: bundle, passphrase: workshop.secret)
    #expect(exported.incidents == 1)

    let verified = try Program.diary(["verify", bundle.path, "--fingerprint", fingerprint, "--json"])
    #expect(verified.status == 0)
    let verdict = try #require(try JSONSerialization.jsonObject(with: verified.output) as? [String: Any])
    #expect(verdict["sound"] as? Bool == true)
    #expect(verdict["anchor"] as? String == "fingerprint")
    #expect((verdict["covered"] as? [String])?.contains(recorded.id) == true)
    // For the checks with programs of others: tests/independent.
    if let folder = ProcessInfo.processInfo.environment["DIARY_BUNDLES"] {
      try Data(contentsOf: bundle).write(to: URL(fileURLWithPath: folder).appendingPathComponent("swift.zip"))
    }
    let ours = try await verify(bundle: bundle, fingerprint: fingerprint)
    #expect(ours.sound && ours.anchored)
    #expect(try await render(bundle: bundle)?.keys.sorted() == ["incidents.csv", "report.html", "report.pdf"])

    try await diary.lock()
    #expect(diary.isLocked)
    #expect(await failure { try await diary.list() } == .Locked)

    let again = try await OpenDiary.open(folder: workshop.path("diary"), passphrase: workshop.secret)
    #expect(try await again.show(recorded.id).incident?.narrative == words)
    #expect(try await again.isAncestor(fingerprint))
    try await again.lock()
  }

  @Test func aBundleHoldsWhatThePreviewSaid() async throws {
    let diary = try await workshop.diary()
    let shown = try await diary.add(fullIncident("A")).id
    let hidden = try await diary.add(plain("қалады")).id
    _ = try await diary.attach(workshop.file("a.jpg", photo), to: shown)
    let selection = ExportSelection(
      language: "ru",
      originals: .all,
      incidents: [shown],
      withhold: [WithheldField(field: "people[0].contact")]
    )
    let preview = try await diary.preview(selection)
    #expect(preview.incidents.map(\.id) == [shown])
    #expect(preview.incidents.first?.withheld == ["people[0].contact"])
    #expect(preview.files.contains { $0.path.hasSuffix(".jpg") })
    #expect(preview.leftOut == 1)

    let told = Told()
    let bundle = workshop.path("b.zip")
    let exported = try await diary.export(selection, to: bundle, passphrase: workshop.secret) { told.add($0) }
    #expect(!told.all.isEmpty)
    #expect(try exported.bytes == UInt64(Data(contentsOf: bundle).count))
    #expect(exported.incidents == 1 && exported.inLog == 2)
    let verdict = try await verify(bundle: bundle, fingerprint: exported.fingerprint)
    #expect(verdict.sound && verdict.anchored)
    #expect(verdict.covered.contains(shown) && !verdict.covered.contains(hidden))

    var bytes = try Data(contentsOf: bundle)
    bytes[bytes.count / 2] ^= 1
    try bytes.write(to: bundle)
    let tampered = try? await verify(bundle: bundle)
    #expect(tampered?.sound != true, "a flipped byte is noticed")
    try await diary.lock()
  }

  @Test func everyFieldComesBackAsItWent() async throws {
    let diary = try await workshop.diary()
    let incident = fullIncident("Күні бойы хабарлама.")
    let recorded = try await diary.add(incident)
    let detail = try await diary.show("#1")
    #expect(detail.id == recorded.id)
    #expect(detail.incident == incident)
    try await diary.lock()
  }

  @Test func amendWithdrawErase() async throws {
    let diary = try await workshop.diary()
    let id = try await diary.add(fullIncident("A")).id
    let patch = IncidentPatch(narrative: "B", takenAway: ["place", "private_note"])
    _ = try await diary.amend(id, with: patch, reason: "есіме түсті")
    var detail = try await diary.show(id)
    #expect(detail.incident?.narrative == "B")
    #expect(detail.incident?.place == nil)
    #expect(detail.incident?.privateNote == nil)
    #expect(detail.firstWritten == fullIncident("A"))
    #expect(detail.history.map(\.kind) == ["amendment"])
    #expect(detail.history.first?.reason == "есіме түсті")
    #expect(detail.history.first?.changes?.narrative == "B")

    _ = try await diary.withdraw(id, reason: "қате")
    #expect(try await diary.show(id).withdrawn)
    #expect(await failure { try await diary.withdraw(id, reason: "тағы") } == .AlreadyWithdrawn)

    #expect(try await diary.erase(id).entries == 3)
    detail = try await diary.show(id)
    #expect(detail.erased && detail.incident == nil && detail.firstWritten == nil)
    #expect(await failure { try await diary.amend(id, with: patch, reason: "C") } == .Erased)
    #expect(try await diary.check().sound)
    try await diary.lock()
  }

  @Test func draftsAreKeptSealedUntilTheyAreThrownAway() async throws {
    let diary = try await workshop.diary()
    let typed = Data("жартылай жазылған".utf8)
    try await diary.saveDraft(typed, form: "incident")
    try await diary.lock()
    let again = try await OpenDiary.open(folder: workshop.path("diary"), passphrase: workshop.secret)
    #expect(try await again.draft(form: "incident") == typed)
    try await again.discardDraft(form: "incident")
    #expect(try await again.draft(form: "incident") == nil)
    try await again.rest()
    #expect(try await again.keyFile() == .whole)
    try await again.lock()
    for file in workshop.names(in: "diary") {
      let bytes = try? Data(contentsOf: workshop.path("diary/\(file)"))
      #expect(bytes?.range(of: typed) == nil, "\(file)")
    }
  }

  @Test func anOldCopyPutBackIsTold() async throws {
    let diary = try await workshop.diary()
    let name = try await diary.containerID()
    #expect(name.count == 32)
    let first = try await diary.newToken(replacing: Data())
    #expect(try await diary.tokenStatus(first) == .equal)
    try await diary.lock()
    try FileManager.default.copyItem(at: workshop.path("diary"), to: workshop.path("old"))

    let newer = try await OpenDiary.open(folder: workshop.path("diary"), passphrase: workshop.secret)
    _ = try await newer.add(plain("A"))
    #expect(try await newer.tokenStatus(first) == .newer)
    let second = try await newer.newToken(replacing: first)
    try await newer.lock()

    let old = try await OpenDiary.open(folder: workshop.path("old"), passphrase: workshop.secret)
    #expect(try await old.tokenStatus(second) == .older)
    #expect(try await old.tokenStatus(Data("no token".utf8)) == .unknown)
    try await old.lock()
  }

  @Test func whatNeedsNoDiary() async throws {
    #expect(try libraryVersion().isEmpty == false)
    let lists = try codeLists()
    #expect(lists.first { $0.name == "people.role" }?.codes.first == "perpetrator")
    for language in ["kk", "ru", "en"] {
      let labels = try labels(language: language)
      for list in lists {
        for code in list.codes { #expect(labels["\(list.name).\(code)"]?.isEmpty == false, "\(list.name).\(code)") }
      }
    }
    for kind in [SchemaKind.incident, .amendment, .bundle] {
      let document = try JSONSerialization.jsonObject(with: Data(schema(kind: kind).utf8))
      #expect((document as? [String: Any])?["$schema"] != nil)
    }
  }

  @Test func peopleAreKnownByTheirKeys() async throws {
    let diary = try await workshop.diary()
    for _ in 0..<2 { _ = try await diary.add(fullIncident("A")) }
    let people = try await diary.people()
    #expect(people.map(\.key) == ["p1"])
    #expect(people.first?.incidents == 2)
    #expect(try await diary.list(ListQuery(person: "p1")).incidents.count == 2)
    #expect(try await diary.list(ListQuery(behaviour: "gifts")).incidents.isEmpty)
    #expect(try await diary.list(ListQuery(from: "2026-10-04")).incidents.isEmpty)
    try await diary.lock()
  }
}
