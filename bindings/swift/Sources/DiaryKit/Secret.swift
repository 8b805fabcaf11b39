import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// A passphrase or a recovery code, in memory of its own that is overwritten as soon as it was used.
///
/// It can be used once: whoever takes it wipes it. What a text field or a keyboard keeps is outside of its reach, so
/// a shell empties the field as well.
public final class Secret: @unchecked Sendable {
  private let bytes: UnsafeMutableRawBufferPointer
  private let guardian = NSLock()

  /// Copies the UTF-8 bytes of a text. The text itself stays where it is: let go of it at once.
  public convenience init(_ text: String) {
    self.init(text.utf8)
  }

  /// Copies bytes, as from a key chain. Overwrite the source as soon as this is done.
  public init(_ source: some Collection<UInt8>) {
    bytes = .allocate(byteCount: source.count, alignment: 1)
    bytes.copyBytes(from: source)
  }

  deinit {
    Self.overwrite(bytes)
    bytes.deallocate()
  }

  /// Whether nothing is in it: it was empty from the start, or it was used.
  public var isEmpty: Bool {
    guardian.withLock { bytes.allSatisfy { $0 == 0 } }
  }

  /// Overwrites it now.
  public func wipe() {
    guardian.withLock { Self.overwrite(bytes) }
  }

  /// Lends the bytes without a copy, and overwrites them afterwards, also when `body` throws. `body` must not keep
  /// them.
  func spend<Value>(_ body: (Data) throws -> Value) rethrows -> Value {
    try guardian.withLock {
      defer { Self.overwrite(bytes) }
      guard let address = bytes.baseAddress, !bytes.isEmpty else { return try body(Data()) }
      return try body(Data(bytesNoCopy: address, count: bytes.count, deallocator: .none))
    }
  }

  /// A plain loop over memory that is freed next may be left out by the compiler; these calls may not.
  package static func overwrite(_ bytes: UnsafeMutableRawBufferPointer) {
    guard let address = bytes.baseAddress else { return }
    #if canImport(Darwin)
      memset_s(address, bytes.count, 0, bytes.count)
    #else
      explicit_bzero(address, bytes.count)
    #endif
  }
}
