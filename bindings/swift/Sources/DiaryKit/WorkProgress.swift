import DiaryCore
import Foundation

/// How far long work has come.
public struct WorkProgress: Equatable, Sendable {
  /// Done of the whole, mostly bytes.
  public let done: UInt64
  /// The whole; zero if it is not known yet.
  public let total: UInt64

  /// From nothing (0) to all (1).
  public var fraction: Double {
    total == 0 ? 0 : min(1, Double(done) / Double(total))
  }
}

/// Is told how far long work has come, on the library's thread, at most every 100 milliseconds or 1 MiB.
///
/// It must not call the diary: that is refused with `CalledFromCallback`.
public typealias ProgressHandler = @Sendable (WorkProgress) -> Void

/// Passes progress on, and stops the work when the task that asked for it is cancelled.
final class ProgressRelay: ProgressListener, @unchecked Sendable {
  private let handler: ProgressHandler?
  private let guardian = NSLock()
  private var cancelled = false

  init(_ handler: ProgressHandler?) {
    self.handler = handler
  }

  func cancel() {
    guardian.withLock { cancelled = true }
  }

  func advance(done: UInt64, total: UInt64) throws -> Bool {
    if guardian.withLock({ cancelled }) { return false }
    handler?(WorkProgress(done: done, total: total))
    return !guardian.withLock { cancelled }
  }
}
