@_exported import DiaryCore
import Dispatch

/// One call of the library, with the only error that it may have. What else the generated code could throw is a defect
/// of the boundary itself, and nothing of its text is kept.
func typed<Value>(_ call: () throws -> Value) throws(DiaryError) -> Value {
  do {
    return try call()
  } catch let error as DiaryError {
    throw error
  } catch {
    throw DiaryError.Defect(place: "bindings/swift")
  }
}

/// A call that may take long, on a thread that no Swift task shares.
func aside<Value: Sendable>(_ call: @escaping @Sendable () throws -> Value) async throws(DiaryError) -> Value {
  let outcome: Result<Value, DiaryError> = await withCheckedContinuation { done in
    DispatchQueue.global(qos: .userInitiated).async {
      do throws(DiaryError) {
        done.resume(returning: .success(try typed(call)))
      } catch {
        done.resume(returning: .failure(error))
      }
    }
  }
  return try outcome.get()
}

/// As `aside`, with progress; it stops when the task that asked for it is cancelled.
func long<Value: Sendable>(
  _ progress: ProgressHandler?,
  _ call: @escaping @Sendable (ProgressRelay) throws -> Value
) async throws(DiaryError) -> Value {
  let relay = ProgressRelay(progress)
  let outcome: Result<Value, DiaryError> = await withTaskCancellationHandler {
    do throws(DiaryError) {
      return .success(try await aside { try call(relay) })
    } catch {
      return .failure(error)
    }
  } onCancel: {
    relay.cancel()
  }
  return try outcome.get()
}
