import DiaryCore
import Foundation

/// An evidence item whose bytes come by chunks, sealed as they come. Nothing is recorded before `finish`; without it
/// nothing stays.
public actor EvidenceWriter {
  private let library: ItemWriter
  private let queue = LibraryQueue(label: "org.incidentdiary.writer")

  /// The actor's own thread.
  public nonisolated var unownedExecutor: UnownedSerialExecutor { queue.asUnownedSerialExecutor() }

  init(_ library: ItemWriter) {
    self.library = library
  }

  /// Adds the next bytes. Chunks of any size; 64 KiB to 1 MiB cost the least.
  public func write(_ bytes: Data) throws(DiaryError) {
    try typed { try library.write(bytes: bytes) }
  }

  /// Records the item; done means on the disk. `name` and `modified` are what its source says.
  public func finish(
    name: String,
    modified: Date? = nil,
    as attachment: Attachment = Attachment()
  ) throws(DiaryError) -> EvidenceItem {
    let milliseconds = modified.flatMap { Int64(exactly: ($0.timeIntervalSince1970 * 1000).rounded()) }
    return try typed { try library.finish(name: name, modifiedUnixMs: milliseconds, attachment: attachment) }
  }

  /// Gives it up; nothing stays. Repeating it does nothing.
  public func discard() throws(DiaryError) {
    try typed { try library.discard() }
  }
}
