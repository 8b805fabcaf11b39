import DiaryCore
import Foundation

/// A key that the device keeps and never gives out, such as one of the key chain that leaves no device. A passphrase that
/// is bound to it opens the diary on this device only; the recovery code opens it anywhere.
///
/// `compute` gives the 32 bytes of a MAC over its 32 bytes, such as HMAC-SHA-256: the same for the same message as long
/// as the key exists. It throws `noDeviceKey` if the device has no such key any more. Any other error means that the key
/// cannot be used now, and nothing of it is kept. It cannot call the diary, which waits for it.
public final class KeptKey: DeviceKey {
  private let compute: @Sendable (_ message: Data) throws -> Secret

  /// A key that is asked by this closure.
  public init(_ compute: @escaping @Sendable (_ message: Data) throws -> Secret) {
    self.compute = compute
  }

  /// Gives the library its answer, which is wiped, and so is the question.
  public func mac(message: Data, answer: DeviceAnswer) throws {
    // The bytes are this call's own, whoever else holds the value: a change of it would wipe a copy.
    defer { message.withUnsafeBytes { Secret.overwrite(UnsafeMutableRawBufferPointer(mutating: $0)) } }
    try compute(message).spend { try answer.give(mac: $0) }
  }
}

/// What a `KeptKey` throws if this device does not have the key: the recovery code opens the diary then.
public let noDeviceKey = DiaryError.DeviceKey(problem: .missing)

extension OpenDiary {
  /// Whether the passphrase that opened it is bound to a device.
  public func isBound() throws(DiaryError) -> Bool {
    try typed { try library.isBound() }
  }

  /// Binds the passphrase to this device: from now on it opens the diary with this key only. The recovery code is never
  /// bound, and is asked for so that it is at hand. A passphrase that is set later is not bound.
  public nonisolated func bind(
    _ passphrase: Secret,
    code: Secret,
    to device: any DeviceKey
  ) async throws(DiaryError) {
    try await aside { [library] in
      try passphrase.spend { passphrase in
        try code.spend { try library.bind(passphrase: passphrase, recoveryCode: $0, device: device) }
      }
    }
  }

  /// Takes the device out of the passphrase again. `WrongPassphrase` if it is not bound to this key.
  public nonisolated func unbind(_ passphrase: Secret, from device: any DeviceKey) async throws(DiaryError) {
    try await aside { [library] in
      try passphrase.spend { try library.unbind(passphrase: $0, device: device) }
    }
  }
}
