import DiaryKit
import Foundation

/// What was told of progress, and a wait for the first.
public final class Told: @unchecked Sendable {
  private let guardian = NSLock()
  private let happened = Happened()
  private var steps: [WorkProgress] = []

  public init() {}

  public var all: [WorkProgress] { guardian.withLock { steps } }

  public func add(_ step: WorkProgress) {
    guardian.withLock { steps.append(step) }
    happened.tell()
  }

  public func first() async { await happened.first() }
}

/// Something happened, and one task may wait for it.
public final class Happened: @unchecked Sendable {
  private let guardian = NSLock()
  private var done = false
  private var waiting: CheckedContinuation<Void, Never>?

  public init() {}

  public func tell() {
    let wake = guardian.withLock {
      done = true
      defer { waiting = nil }
      return waiting
    }
    wake?.resume()
  }

  public func first() async {
    await withCheckedContinuation { wake in
      let now = guardian.withLock {
        if !done { waiting = wake }
        return done
      }
      if now { wake.resume() }
    }
  }
}

/// Does something the first time that it is asked, and tells whether it did.
public final class Once: @unchecked Sendable {
  private let guardian = NSLock()
  private var act: (() -> Void)?

  public init(_ act: @escaping () -> Void) { self.act = act }

  public func callAsFunction() {
    let act = guardian.withLock {
      defer { self.act = nil }
      return self.act
    }
    act?()
  }
}
