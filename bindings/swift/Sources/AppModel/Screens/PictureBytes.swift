import DiaryKit
import Foundation

/// The bytes of a picture in one place of memory, which is overwritten when she leaves it, whoever still holds it then.
public final class PictureBytes: Equatable, @unchecked Sendable {
  private let memory: UnsafeMutableRawBufferPointer

  init(count: Int) {
    memory = .allocate(byteCount: count, alignment: 1)
    wipe()
  }

  deinit {
    wipe()
    memory.deallocate()
  }

  /// Where they lie, for as long as somebody holds this.
  public var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(memory) }

  /// The same memory.
  public static func == (one: PictureBytes, other: PictureBytes) -> Bool { one === other }

  func write(_ part: Data, at offset: Int) {
    UnsafeMutableRawBufferPointer(rebasing: memory[offset...]).copyBytes(from: part)
  }

  func wipe() { Secret.overwrite(memory) }
}
