import DiaryKit
import Foundation
import TestSupport
import Testing

/// Every error that there is goes into the library, thrown by the listener of real work, and comes out again as what the work
/// fails with. `EveryErrorTests` shows that the library means the same by them, as far as it can be brought to it.
@Suite("Each error crosses the boundary as it is")
struct CarriedErrorTests {
  private let workshop: Workshop

  init() throws { workshop = try Workshop() }

  @Test func eachComesBackWithAllThatItCarries() async throws {
    // As the length of a text no case has this number; all that follows differs, so that no two things carried are the same.
    let filler = Data([0, 0, 0, 100] + (0..<200).map { 33 + $0 % 90 })
    var errors = every(filler: filler, FfiConverterTypeDiaryError.read)
    #expect(errors.count == every(FfiConverterTypeDiaryError.read).count)
    // Of the filler a number of one byte is zero.
    errors.append(.TimeStamp(problem: .refused(status: 5)))
    let bundle = workshop.path("bundle.zip")
    let diary = try await workshop.diary()
    _ = try await diary.add(plain("A"))
    let hashes = ExportSelection(language: "ru", originals: .hashesOnly)
    _ = try await diary.export(hashes, to: bundle, passphrase: workshop.secret)
    try await diary.lock()
    // Work without a diary, because a defect locks one.
    let verified = { (listener: Answer?) in try verifyBundle(path: bundle.path, fingerprint: nil, listener: listener) }
    for error in errors {
      let arrived = await failure { try verified(Answer { throw error }) }
      #expect(arrived == error)
    }
    #expect(try verified(nil).sound)
  }
}
