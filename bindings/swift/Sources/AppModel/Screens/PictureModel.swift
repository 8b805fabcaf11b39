import DiaryKit
import Foundation
import Observation

/// One picture of an incident, looked at here: read from the sealed file into memory, and into no file.
@MainActor @Observable
public final class PictureModel {
  /// What the screen shows.
  public private(set) var state = PictureState()

  @ObservationIgnored private let session: Session
  @ObservationIgnored private var loading: Task<Void, Never>?

  /// A file that is larger is not looked at here.
  static let most: UInt64 = 64 << 20

  init(_ session: Session, incident: String, item: String) {
    self.session = session
    loading = session.work({ [weak self] in self?.failed($0) }) { [weak self, session] in
      let file = try await session.diary.show(incident).evidence.first { $0.id == item }
      self?.state.name = file.map { fileName($0.name) }
      guard let file, isPicture(file), file.bytes <= Self.most else { throw NotShown() }
      try await self?.read(file)
    }
  }

  /// The system makes no picture of these bytes.
  public func cannotBeShown() { failed(.of(.pictureUnknown)) }

  /// The screen was left.
  func left() {
    loading?.cancel()
    forget()
  }

  private func read(_ file: EvidenceItem) async throws {
    var bytes = Data(capacity: Int(file.bytes))
    do {
      while UInt64(bytes.count) < file.bytes {
        var part = try await session.diary.readItem(file.id, from: UInt64(bytes.count), atMost: 1 << 20)
        defer { part.resetBytes(in: 0..<part.count) }
        try Task.checkCancellation()
        guard !part.isEmpty else { throw NotShown() }
        bytes.append(part)
      }
    } catch {
      // Half of a picture would look like what was recorded.
      bytes.resetBytes(in: 0..<bytes.count)
      throw error
    }
    state.loading = false
    state.bytes = bytes
  }

  private func failed(_ phrase: Phrase) {
    forget()
    state.loading = false
    state.error = phrase
  }

  private func forget() {
    guard var bytes = state.bytes else { return }
    // Two holders would make it a copy that is overwritten.
    state.bytes = nil
    bytes.resetBytes(in: 0..<bytes.count)
  }
}

/// It is no picture that can be shown here.
struct NotShown: Error {}
