import AppModel
import Foundation

/// Files of other apps, asked for as the system wants it: one that lies in a cloud is fetched first, and nobody changes it
/// while it is read.
struct CoordinatedFiles: FileLender {
  func lend(_ url: URL) async throws -> Loan {
    let asking = Asking()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { answer in
        // It waits for as long as the file is read, on a thread that nobody else needs.
        Thread.detachNewThread { asking.lend(url, to: answer) }
      }
    } onCancel: {
      asking.coordinator.cancel()
    }
  }
}

/// One coordinator for one file: it may be cancelled from anywhere.
private final class Asking: @unchecked Sendable {
  let coordinator = NSFileCoordinator()

  func lend(_ url: URL, to answer: CheckedContinuation<Loan, any Error>) {
    var failed: NSError?
    var isLent = false
    coordinator.coordinate(readingItemAt: url, options: [], error: &failed) { url in
      isLent = true
      let wasRead = DispatchSemaphore(value: 0)
      answer.resume(returning: Loan(url) { wasRead.signal() })
      wasRead.wait()
    }
    if !isLent { answer.resume(throwing: failed ?? CocoaError(.fileReadUnknown)) }
  }
}
