import DiaryKit
import Foundation
import TestSupport
import Testing

@Suite("Callbacks, cancelling and locking", .timeLimit(.minutes(60)))
struct CallbackTests {
  private let workshop: Workshop

  init() throws { workshop = try Workshop() }

  @Test func progressIsTold() async throws {
    let diary = try await workshop.diary()
    let id = try await diary.add(plain("A")).id
    let file = try workshop.file("large", Data(repeating: 7, count: 8 << 20))
    let told = Told()
    _ = try await diary.attach(file, to: id) { told.add($0) }
    let steps = told.all
    #expect(steps.count >= 2)
    #expect(steps.allSatisfy { $0.total == 8 << 20 && (0...1).contains($0.fraction) })
    #expect(zip(steps, steps.dropFirst()).allSatisfy { $0.done < $1.done })
    try await diary.lock()
  }

  @Test func aCancelledTaskLeavesNothing() async throws {
    let diary = try await workshop.diary()
    let id = try await diary.add(plain("A")).id
    let file = try workshop.file("large", Data(repeating: 7, count: 16 << 20))
    let task = Task {
      await failure {
        try await diary.attach(file, to: id) { _ in withUnsafeCurrentTask { $0?.cancel() } }
      }
    }
    task.cancel()
    #expect(await task.value == .Cancelled)
    #expect(try await diary.show(id).evidence.isEmpty)
    try await diary.rest()
    #expect(workshop.names(in: "diary/evidence").isEmpty)
    try await diary.lock()
  }

  /// What a handler of the generated protocol may do wrong: its error is passed on, another one becomes `Callback`, and
  /// nothing of its text is kept.
  @Test func errorsOfAListener() async throws {
    let diary = try Diary.create(
      folder: workshop.path("d").path,
      passphrase: Data(Workshop.passphrase.utf8),
      cost: .floor
    )
    let id = try diary.add(incident: plain("A")).id
    let file = try workshop.file("f", photo).path
    let attach = { (listener: ProgressListener) in
      await failure { try diary.attach(incident: id, path: file, attachment: Attachment(), listener: listener) }
    }
    #expect(await attach(Answer { throw DiaryError.NotFound }) == .NotFound)
    let text = Workshop.canary
    let undeclared = await attach(Answer { throw Foreign(text: text) })
    #expect(undeclared == .Callback)
    #expect(String(describing: undeclared).contains(text) == false)
    #expect(await attach(Answer { false }) == .Cancelled)
    let inside = Inside()
    let check = try diary.check(
      listener: Answer {
        inside.error = thrown { _ = try diary.list(query: ListQuery()) }; return true
      }
    )
    #expect(check.sound)
    #expect(inside.error == .CalledFromCallback)
    #expect(try diary.show(incident: id).evidence.isEmpty)

    let report = await failure {
      try diary.check(
        listener: Answer {
          try diary.lock()
          return true
        }
      )
    }
    #expect(report == .Cancelled)
    #expect(try diary.isLocked())
    #expect(await failure { try diary.list(query: ListQuery()) } == .Locked)
  }

  @Test func eightTasksAtOnce() async throws {
    let diary = try await workshop.diary()
    let numbers = try await withThrowingTaskGroup(of: [UInt32].self) { group in
      for task in 0..<8 {
        group.addTask {
          var numbers: [UInt32] = []
          for turn in 0..<10 {
            numbers.append(try await diary.add(plain("\(task)-\(turn) 🐈")).number)
            _ = try await diary.list(ListQuery(search: "\(task)-", limit: 5))
          }
          return numbers
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(numbers.sorted() == Array(1...80))
    #expect(try await diary.list(ListQuery(limit: 200)).incidents.count == 80)
    #expect(try await diary.check().sound)
    try await diary.lock()
  }

  @Test func otherCallsGoOnWhileAFileIsRead() async throws {
    let diary = try await workshop.diary()
    let id = try await diary.add(plain("A")).id
    let file = try workshop.file("large", Data(repeating: 7, count: 4 << 20))
    let reading = Happened()
    let goOn = DispatchSemaphore(value: 0)
    let hold = Once {
      reading.tell()
      goOn.wait()
    }
    let attaching = Task { try await diary.attach(file, to: id) { _ in hold() } }
    await reading.first()
    _ = try await diary.add(plain("B"))
    #expect(try await diary.list().incidents.count == 2)
    #expect(try await diary.show(id).evidence.isEmpty)
    goOn.signal()
    #expect(try await attaching.value.bytes == 4 << 20)
    try await diary.lock()
  }

  @Test func aCancelledCheckAndExportAreOver() async throws {
    let diary = try await workshop.diary()
    _ = try await diary.add(plain("A"))
    let bundle = workshop.path("b.zip")
    let checking = Task { await failure { try await diary.check() } }
    checking.cancel()
    let selection = ExportSelection(language: "ru", originals: .all)
    let exporting = Task {
      await failure { try await diary.export(selection, to: bundle, passphrase: workshop.secret) }
    }
    exporting.cancel()
    // What was over before it could be cancelled is whole.
    for ended in [await checking.value, await exporting.value] { #expect(ended == .Cancelled || ended == nil) }
    #expect(try await diary.check().sound)
    try await diary.lock()
  }

  @Test func aLockStopsWhatRuns() async throws {
    let diary = try await workshop.diary()
    let id = try await diary.add(plain("A")).id
    let file = try workshop.file("large", Data(repeating: 9, count: 64 << 20))
    let begun = Happened()
    let goOn = DispatchSemaphore(value: 0)
    let hold = Once {
      begun.tell()
      goOn.wait()
    }
    let attaching = Task { await failure { try await diary.attach(file, to: id) { _ in hold() } } }
    await begun.first()
    let added = Happened()
    let tasks = (0..<8).map { task in
      Task {
        var done: UInt32 = 0
        while await failure({ done = max(done, try await diary.add(plain("\(task)")).number) }) == nil {
          added.tell()
        }
        return done
      }
    }
    await added.first()
    let locking = Task { try await diary.lock() }
    // The file is in the middle until the lock has begun, however slow the machine is.
    while !diary.isLocked { await Task.yield() }
    goOn.signal()
    try await locking.value
    let stopped = await attaching.value
    #expect(stopped == .Cancelled || stopped == .Locked)
    var acknowledged: UInt32 = 1
    for task in tasks { acknowledged = max(acknowledged, await task.value) }

    let again = try await OpenDiary.open(folder: workshop.path("diary"), passphrase: workshop.secret)
    #expect(try await again.list(ListQuery(limit: 1)).incidents.first?.number == acknowledged, "nothing is lost")
    #expect(try await again.show(id).evidence.isEmpty)
    #expect(try await again.check().sound)
    try await again.lock()
  }
}

private final class Inside: @unchecked Sendable {
  var error: DiaryError?
}

private struct Foreign: Error {
  let text: String
}

private func thrown(_ call: () throws -> Void) -> DiaryError? {
  do { try call() } catch { return error as? DiaryError }
  return nil
}
