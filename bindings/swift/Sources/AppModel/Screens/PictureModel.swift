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
    let count = Int(file.bytes)
    let bytes = PictureBytes(count: count)
    var read = 0
    while read < count {
      var part = try await session.diary.readItem(file.id, from: UInt64(read), atMost: 1 << 20)
      defer { part.resetBytes(in: 0..<part.count) }
      try Task.checkCancellation()
      // Half of a picture would look like what was recorded.
      guard !part.isEmpty, part.count <= count - read else { throw NotShown() }
      bytes.write(part, at: read)
      read += part.count
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
    state.bytes?.wipe()
    state.bytes = nil
  }
}

/// It is no picture that can be shown here.
struct NotShown: Error {}
