/// Time that nobody can set: it also goes on while the device sleeps.
public protocol DeviceTime: Sendable {
  /// Time since some fixed moment.
  var elapsed: Duration { get }
  /// Comes back when that much time has passed since the same moment; throws when its task is cancelled.
  func wait(until moment: Duration) async throws
}

/// The device's own time.
public struct SystemTime: DeviceTime {
  private let start = ContinuousClock.now

  /// Counts from now.
  public init() {}

  /// Time since it was made.
  public var elapsed: Duration { start.duration(to: .now) }

  /// Sleeps.
  public func wait(until moment: Duration) async throws {
    try await ContinuousClock().sleep(until: start.advanced(by: moment))
  }
}

/// Decides when the diary is locked by itself: at once when she leaves the app or the screen goes dark, and after a time
/// in which she touched nothing. While she is in the picker or the camera that the app opened for her it waits, but not
/// for ever. The same patience holds while the recovery code is on the screen: a screen that goes dark while she writes
/// it down must not take it away.
@MainActor
final class AutoLock {
  /// As long as she may stay in a picker or the camera: enough for a photo and a search.
  static let pickerLimit = Duration.seconds(180)

  private enum Watch: Equatable {
    case off
    case idle(patient: Bool)
    case picker(away: Bool)
  }

  private let time: any DeviceTime
  private let idleLimit: @MainActor () -> Duration
  private let lock: @MainActor () -> Void
  private var watch = Watch.off
  private var deadline = Duration.zero
  private var timer: Task<Void, Never>?

  init(time: any DeviceTime, idleLimit: @escaping @MainActor () -> Duration, lock: @escaping @MainActor () -> Void) {
    self.time = time
    self.idleLimit = idleLimit
    self.lock = lock
  }

  /// The diary was opened; patient while its recovery code is shown.
  func unlocked(patient: Bool = false) {
    lock(after: idleLimit(), as: .idle(patient: patient))
  }

  /// The diary was locked, by whomever.
  func locked() {
    timer?.cancel()
    watch = .off
  }

  /// She touched the screen, or typed.
  func touched() {
    guard case .idle = watch, !overdue() else { return }
    lock(after: idleLimit(), as: watch)
  }

  /// The app is about to open a picker or the camera.
  func openedOwnPicker() {
    guard watch != .off else { return }
    lock(after: Self.pickerLimit, as: .picker(away: false))
  }

  /// The picker or the camera answered. If she has left the app meanwhile, this locks.
  func ownPickerReturned() {
    guard case .picker(let away) = watch, !overdue() else { return }
    if away { fire() } else { lock(after: idleLimit(), as: .idle(patient: false)) }
  }

  /// The app is in front again. Timers sleep with the device, so the deadline is looked at first.
  func started() {
    guard watch != .off, !overdue() else { return }
    switch watch {
    case .picker: watch = .picker(away: false)
    case .idle, .off: lock(after: idleLimit(), as: watch)
    }
  }

  /// The app is not in front any more.
  func stopped() {
    switch watch {
    case .off: return
    case .picker: watch = .picker(away: true)
    case .idle(patient: true): lock(after: Self.pickerLimit, as: watch)
    case .idle(patient: false): fire()
    }
  }

  /// The device went dark: a picker is no exception.
  func screenOff() {
    switch watch {
    case .off: return
    case .idle(patient: true): lock(after: Self.pickerLimit, as: watch)
    case .idle(patient: false), .picker: fire()
    }
  }

  private func overdue() -> Bool {
    guard time.elapsed >= deadline else { return false }
    fire()
    return true
  }

  private func fire() {
    locked()
    lock()
  }

  private func lock(after duration: Duration, as watch: Watch) {
    timer?.cancel()
    self.watch = watch
    let deadline = time.elapsed + duration
    self.deadline = deadline
    timer = Task { [weak self, time] in
      guard (try? await time.wait(until: deadline)) != nil, !Task.isCancelled else { return }
      self?.fire()
    }
  }
}
