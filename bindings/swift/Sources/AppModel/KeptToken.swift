import DiaryKit
import Foundation

/// The token that tells an old copy which was put back; kept outside of the diary, and of no use to anybody else.
@MainActor
struct KeptToken {
  let settings: any Settings

  private static let older = Phrase.of(.noticeOlder)
  private static let forked = Phrase.of(.noticeForked)

  /// The token of the last time.
  var kept: Data { settings.get(Ports.token).flatMap { Data(base64Encoded: $0) } ?? Data() }

  /// What the token of the last time says about this diary.
  func notice(_ diary: OpenDiary) async throws -> Phrase? {
    switch try await diary.tokenStatus(kept) {
    case .older: Self.older
    case .forked: Self.forked
    case .unknown, .equal, .newer: nil
    }
  }

  /// Whether one of these notices is told, which a new token would not find again.
  func isTold(in notices: [Phrase]) -> Bool { notices.contains(Self.older) || notices.contains(Self.forked) }

  /// Keeps a token of the log as it is now, in place of `old`.
  func renew(_ diary: OpenDiary, replacing old: Data) async {
    guard let new = try? await diary.newToken(replacing: old) else { return }
    settings.set(Ports.token, new.base64EncodedString())
  }
}
