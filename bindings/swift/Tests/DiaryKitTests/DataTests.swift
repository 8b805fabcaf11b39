import DiaryKit
import Foundation
import TestSupport
import Testing

@Suite("What crosses the boundary")
struct DataTests {
  private let workshop: Workshop

  init() throws { workshop = try Workshop() }

  @Test func textOfEveryKindComesBackUnchanged() async throws {
    let diary = try await workshop.diary()
    let texts = [
      "Әғқңөұүһі ӘҒҚҢӨҰҮҺІ", "ёЁ — «»", "👩‍👧 🏳️‍🌈 🇰🇿", "e\u{301} é", "\u{FEFF}басында", "бір\nекі\r\nүш\t", "עברית العربية",
    ]
    for text in texts {
      let id = try await diary.add(plain(text)).id
      let read = try #require(try await diary.show(id).incident)
      #expect(Array(read.narrative.utf8) == Array(text.utf8))
    }
    try await diary.lock()
  }

  @Test func pagesOfFiftyShowEachIncidentOnce() async throws {
    let diary = try await workshop.diary()
    for number in 1...120 { _ = try await diary.add(plain("Оқиға \(number)")) }
    var seen: [UInt32] = []
    var sizes: [Int] = []
    var after: String?
    repeat {
      let page = try await diary.list(ListQuery(after: after))
      seen += page.incidents.map(\.number)
      sizes.append(page.incidents.count)
      after = page.next
    } while after != nil
    #expect(sizes == [50, 50, 20])
    #expect(seen == Array((1...120).reversed()))
    try await diary.lock()
  }

  @Test func sixtyFourMebibytesByChunks() async throws {
    let diary = try await workshop.diary()
    let id = try await diary.add(plain("A")).id
    let writer = try await diary.beginItem(for: id)
    var chunk = Data(repeating: 0, count: 256 << 10)
    for number in 0..<256 {
      chunk.withUnsafeMutableBytes { $0.storeBytes(of: UInt64(number), as: UInt64.self) }
      try await writer.write(chunk)
    }
    let item = try await writer.finish(name: "бейне.mp4", as: Attachment(how: "taken_in_app", note: "🎥"))
    #expect(item.bytes == 64 << 20)
    #expect(item.how == "taken_in_app" && item.note == "🎥" && !item.duplicate)

    let out = workshop.path("out")
    try await diary.extract(item.id, to: out)
    let read = try FileHandle(forReadingFrom: out)
    for number in 0..<256 {
      chunk.withUnsafeMutableBytes { $0.storeBytes(of: UInt64(number), as: UInt64.self) }
      #expect(try read.read(upToCount: chunk.count) == chunk)
    }
    #expect(try read.read(upToCount: 1) ?? Data() == Data())
    #expect(await failure { try await diary.extract(item.id, to: out) } == .TargetExists)
    let part = try await diary.readItem(item.id, from: 5, atMost: 2_000_000)
    let original = try Data(contentsOf: out)
    #expect(part == original.dropFirst(5).prefix(1 << 20))
    #expect(try await diary.readItem(item.id, from: item.bytes, atMost: 9).isEmpty)
    try await diary.lock()
  }

  @Test func chunksOfAnySizeMakeTheSameFile() async throws {
    let diary = try await workshop.diary()
    let id = try await diary.add(plain("A")).id
    let bytes = Data((0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
    let writer = try await diary.beginItem(for: id)
    var at = 0
    for size in [0, 1, 7, 65_535, 65_536, 65_537, bytes.count] where at < bytes.count {
      let end = min(at + size, bytes.count)
      // A slice does not begin at its buffer's start: the library must still get its own bytes.
      try await writer.write(bytes[at..<end])
      at = end
    }
    let item = try await writer.finish(name: "a")
    let file = try workshop.file("a", bytes)
    let whole = try await diary.attach(file, to: id)
    #expect(item.sha256 == whole.sha256 && whole.duplicate)
    try await diary.lock()
  }

  @Test func aSecretIsUsedUpByOneCall() async throws {
    let secret = workshop.secret
    #expect(secret.isEmpty == false)
    let diary = try await OpenDiary.create(folder: workshop.path("diary"), passphrase: secret, cost: .floor)
    #expect(secret.isEmpty)
    let wrong = Secret("басқа")
    #expect(await failure { try await diary.confirm(wrong) } == .WrongPassphrase)
    #expect(wrong.isEmpty, "also after an error")
    try await diary.lock()
    let unused = Secret("тұман")
    unused.wipe()
    #expect(unused.isEmpty)
  }
}
