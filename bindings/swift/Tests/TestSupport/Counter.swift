/// Counts, and can be waited for.
@MainActor
public final class Counter {
  public private(set) var value = 0
  private var waiting: [(Int, CheckedContinuation<Void, Never>)] = []

  public init() {}

  public func add() {
    value += 1
    let reached = waiting.filter { $0.0 <= value }
    waiting.removeAll { $0.0 <= value }
    for (_, wake) in reached { wake.resume() }
  }

  /// Comes back when the count is at least that; a test with a time limit fails otherwise.
  public func reaches(_ count: Int) async {
    if value >= count { return }
    await withCheckedContinuation { waiting.append((count, $0)) }
  }
}
