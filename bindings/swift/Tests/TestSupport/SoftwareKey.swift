import AppModel
import DiaryKit
import Foundation

/// A key in software: some function of the message that nobody computes who does not know the key. A real one is HMAC.
public final class SoftwareKey: DeviceSecret, @unchecked Sendable {
  private let guardian = NSLock()
  private var key: UInt8?

  public init(_ key: UInt8? = nil) { self.key = key }

  /// The device forgets it, as after its lock screen was taken away.
  public func forget() { guardian.withLock { key = nil } }

  /// As the library asks for it.
  public var kept: KeptKey { KeptKey { [self] in try mac(over: $0) } }

  /// Each byte with the key mixed in.
  public func mac(over message: Data) throws(DiaryError) -> Secret {
    guard let key = guardian.withLock({ self.key }) else { throw noDeviceKey }
    return Secret(message.map { $0 ^ key })
  }

  /// Makes one if there is none.
  public func make() {
    guardian.withLock { key = key ?? 9 }
  }
}
