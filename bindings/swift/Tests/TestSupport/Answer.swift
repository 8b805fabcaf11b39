import DiaryKit

/// A listener of the generated protocol, which may do what the handler of an actor cannot.
public final class Answer: ProgressListener {
  private let answer: @Sendable () throws -> Bool

  public init(_ answer: @escaping @Sendable () throws -> Bool) { self.answer = answer }

  public func advance(done: UInt64, total: UInt64) throws -> Bool { try answer() }
}
