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
/// in which she touched nothing. A picker and the camera lie inside the app: while she is in one it waits longer, but not
/// for ever, and leaving the app is leaving it there too; and as long, if her own time is shorter, while she copies a
/// code and has nothing to touch. Long work may end before the time begins.
@MainActor
final class AutoLock {
  /// As long as she may stay in a picker or the camera: enough for a photo, a search, or a code on paper.
  static let pickerLimit = Duration.seconds(180)

  /// As long as work may keep the diary open without a touch: enough for a large backup.
  static let workLimit = Duration.seconds(1800)

  private enum Watch: Equatable {
    case off
    case idle(showsCode: Bool)
    case picker
  }

  private let time: any DeviceTime
  private let idleLimit: @MainActor () -> Duration
  private let lock: @MainActor () -> Void
  private var watch = Watch.off
  private var isWorking = false
  private var deadline = Duration.zero
  private var timer: Task<Void, Never>?

  init(time: any DeviceTime, idleLimit: @escaping @MainActor () -> Duration, lock: @escaping @MainActor () -> Void) {
    self.time = time
    self.idleLimit = idleLimit
    self.lock = lock
  }

  /// The diary was opened, or a code is in front of her, or is not any more.
  func unlocked(showsCode: Bool = false) { lockWhenIdle(showsCode: showsCode) }

  /// The diary was locked, by whomever.
  func locked() {
    timer?.cancel()
    watch = .off
    isWorking = false
  }

  /// Long work began, or has ended.
  func works(_ works: Bool) {
    isWorking = works
    touched()
  }

  /// She touched the screen, or typed.
  func touched() {
    guard case .idle(let showsCode) = watch, !overdue() else { return }
    lockWhenIdle(showsCode: showsCode)
  }

  /// The app is about to open a picker or the camera.
  func openedOwnPicker() {
    guard watch != .off else { return }
    lock(after: Self.pickerLimit, as: .picker)
  }

  /// The picker or the camera answered.
  func ownPickerReturned() {
    guard watch == .picker, !overdue() else { return }
    lockWhenIdle(showsCode: false)
  }

  /// The app is in front again. Timers sleep with the device, so the deadline is looked at first.
  func started() {
    guard watch != .off, !overdue() else { return }
    if case .idle(let showsCode) = watch { lockWhenIdle(showsCode: showsCode) }
  }

  /// The app is not in front any more.
  func stopped() {
    if watch != .off { fire() }
  }

  /// The device went dark.
  func screenOff() { stopped() }

  private func overdue() -> Bool {
    guard time.elapsed >= deadline else { return false }
    fire()
    return true
  }

  private func fire() {
    locked()
    lock()
  }

  private func lockWhenIdle(showsCode: Bool) {
    let limit = showsCode ? max(idleLimit(), Self.pickerLimit) : idleLimit()
    lock(after: isWorking ? Self.workLimit : limit, as: .idle(showsCode: showsCode))
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
