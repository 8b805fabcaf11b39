import DiaryKit
import Foundation

/// A file on its way out: made in the app's own storage, and offered when it is whole. Whatever comes of it, nothing of it
/// stays here.
@MainActor
final class OutgoingFile {
  private let app: AppModel
  private let session: Session
  private var making: Task<Void, Never>?
  /// What is made, while she chooses where a copy of it goes.
  private var offered: URL?
  private var ended: (Phrase) -> Void = { _ in }

  init(_ app: AppModel, _ session: Session) {
    self.app = app
    self.session = session
  }

  /// Makes the file, lets her choose where a copy goes, and then hands on what `make` gave. `ended` is told what to say
  /// if it came to nothing, and not before it has ended.
  func begin<Made: Sendable>(
    named name: String,
    ended: @escaping @MainActor (Phrase) -> Void,
    done: @escaping @MainActor (Made) -> Void,
    make: @escaping @MainActor (URL) async throws -> Made
  ) {
    self.ended = ended
    making = session.work(ended, stopped: { ended(.of(.errorStopped)) }, isLong: true) { [weak self] in
      guard let self else { return }
      let file = try app.scratchFile(named: name)
      let made: Made
      do {
        made = try await make(file)
        try Task.checkCancellation()
      } catch {
        // It may have been finished while she stopped it, or left.
        try? FileManager.default.removeItem(at: file)
        throw error
      }
      offered = file
      app.askToSave(file) { [weak self] saved in
        guard let self, offered == file else { return }
        forget()
        if saved { done(made) } else { ended(.of(.errorStopped)) }
      }
    }
  }

  /// Stops the work; the screen is busy until it has ended.
  func stop() {
    making?.cancel()
    guard offered != nil else { return }
    forget()
    ended(.of(.errorStopped))
  }

  /// The screen was left: nobody is told any more.
  func left() {
    making?.cancel()
    forget()
  }

  private func forget() {
    if let offered { try? FileManager.default.removeItem(at: offered) }
    offered = nil
  }
}
