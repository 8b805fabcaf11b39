import DiaryKit

/// The unlocked diary, as long as it is unlocked. All work on its behalf ends with it.
@MainActor
final class Session {
  let diary: OpenDiary
  let ports: Ports

  /// The closed lists of codes, by name.
  let codes: [String: [String]]

  /// An error after which the diary cannot be used as it is: it is locked.
  private let broken: @MainActor (Phrase) -> Void
  /// Told when long work begins where none went on, and when the last of it has ended.
  private let working: @MainActor (Bool) -> Void
  private var longTasks = 0 {
    didSet { if !ended, (oldValue == 0) != (longTasks == 0) { working(longTasks > 0) } }
  }
  /// What she began and did not finish cannot be read, going by the last time that it was asked for.
  private(set) var draftsDamaged = false
  private var tasks: [Int: Task<Void, Never>] = [:]
  private var last = 0
  private var ended = false

  init(
    _ diary: OpenDiary,
    ports: Ports,
    working: @escaping @MainActor (Bool) -> Void = { _ in },
    broken: @escaping @MainActor (Phrase) -> Void
  ) {
    self.diary = diary
    self.ports = ports
    self.working = working
    self.broken = broken
    let lists = (try? codeLists()) ?? []
    codes = Dictionary(lists.map { ($0.name, $0.codes) }) { first, _ in first }
  }

  /// Codes as choices, with the chosen ones marked.
  func choices(_ list: String, _ chosen: some Collection<String>) -> [Choice] {
    (codes[list] ?? []).map { Choice(code: $0, label: .label("\(list).\($0)"), chosen: chosen.contains($0)) }
  }

  /// Work for a screen; `failed` is given what to say of an error. What was cancelled says nothing, unless `stopped` is
  /// given: that is called when the cancelled work has come to its end, and not before. While work goes on that is long she
  /// waits, and has nothing to touch.
  @discardableResult
  func work(
    _ failed: @escaping @MainActor (Phrase) -> Void,
    stopped: (@MainActor () -> Void)? = nil,
    isLong: Bool = false,
    _ block: @escaping @MainActor () async throws -> Void
  ) -> Task<Void, Never> {
    last += 1
    let id = last
    guard !ended else { return Task {} }
    if isLong { longTasks += 1 }
    let task = Task { [weak self] in
      do {
        try await block()
      } catch {
        self?.report(error, failed, stopped)
      }
      self?.tasks[id] = nil
      if isLong { self?.longTasks -= 1 }
    }
    tasks[id] = task
    return task
  }

  /// The text that was kept under this name. Where nothing that was kept can be read there is none, and she is told.
  func kept(_ form: String) async throws -> String? {
    do {
      let text = try await diary.kept(form)
      draftsDamaged = false
      return text
    } catch {
      guard case DiaryError.Damaged(part: .drafts) = error else { throw error }
      draftsDamaged = true
      return nil
    }
  }

  /// Today, for the name of a file that says nothing else.
  var today: String { ports.today.written }

  /// The moment that is so far from now.
  func after(_ duration: Duration) -> Duration {
    ports.time.elapsed + duration
  }

  /// Waits for that moment.
  func wait(until moment: Duration) async throws {
    try await ports.time.wait(until: moment)
    try Task.checkCancellation()
  }

  /// Nothing goes on any more.
  func end() {
    ended = true
    for task in tasks.values { task.cancel() }
    tasks = [:]
  }

  private func report(
    _ error: any Error,
    _ failed: @MainActor (Phrase) -> Void,
    _ stopped: (@MainActor () -> Void)?
  ) {
    guard !ended else { return }
    if Task.isCancelled {
      stopped?()
      return
    }
    switch error {
    case DiaryError.Locked, DiaryError.Closed, DiaryError.Defect: broken(errorPhrase(error))
    default: failed(errorPhrase(error))
    }
  }
}
