import DiaryKit
import Foundation
import Observation

/// Destroys the whole diary on this phone, for which she types a word and the passphrase.
@MainActor @Observable
public final class WipeModel {
  /// What the screen shows.
  public private(set) var state = WipeState()

  @ObservationIgnored private let app: AppModel
  @ObservationIgnored private let session: Session

  init(_ app: AppModel, _ session: Session) {
    self.app = app
    self.session = session
  }

  /// Destroys it if she typed the word that was wanted. A wrong passphrase destroys nothing. The view empties its fields.
  public func wipe(_ passphrase: String, typed: String, wanted: String) {
    guard !state.busy else { return }
    guard typed.trimmingCharacters(in: .whitespaces).lowercased() == wanted.lowercased() else {
      state.error = .of(.wipeWordDiffers)
      return
    }
    let (confirmed, passphrase) = (Secret(passphrase), Secret(passphrase))
    state = WipeState(busy: true)
    // Not the session's: it is carried through whatever happens to the screen.
    Task { [app, session] in
      do {
        // A wrong one ends here. After this whatever fails is finished at the next start.
        try await session.diary.confirm(confirmed)
        session.ports.beginWipe()
        _ = try? await session.diary.wipe(confirmedBy: passphrase)
        app.wiped(session)
      } catch {
        passphrase.wipe()
        state = WipeState(error: errorPhrase(error))
      }
    }
  }
}
