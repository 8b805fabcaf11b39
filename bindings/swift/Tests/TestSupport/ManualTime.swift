import AppModel
import Foundation

/// Time that stands still until a test moves it: no test waits, and none depends on how fast a machine is.
public final class ManualTime: DeviceTime, @unchecked Sendable {
  private struct Sleeper {
    let deadline: Duration
    let wake: CheckedContinuation<Void, any Error>
  }

  private let guardian = NSLock()
  private var now = Duration.zero
  private var sleepers: [UUID: Sleeper] = [:]

  public init() {}

  public var elapsed: Duration { guardian.withLock { now } }

  public func wait(until moment: Duration) async throws {
    let id = UUID()
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { wake in
        let due = guardian.withLock {
          if Task.isCancelled || moment <= now { return true }
          sleepers[id] = Sleeper(deadline: moment, wake: wake)
          return false
        }
        if due { wake.resume() }
      }
      try Task.checkCancellation()
    } onCancel: {
      guardian.withLock { sleepers.removeValue(forKey: id) }?.wake.resume(throwing: CancellationError())
    }
  }

  /// Moves time on, and wakes whoever waited for it. They run when the test waits for what they do.
  public func advance(by duration: Duration) {
    let due = guardian.withLock {
      now += duration
      let due = sleepers.filter { $0.value.deadline <= now }
      for id in due.keys { sleepers.removeValue(forKey: id) }
      return due.values
    }
    for sleeper in due { sleeper.wake.resume() }
  }

  /// Moves time on as a sleeping device does: nothing runs meanwhile, and nobody is woken.
  public func sleepThrough(_ duration: Duration) {
    guardian.withLock { now += duration }
  }
}
