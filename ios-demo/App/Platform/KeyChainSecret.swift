import AppModel
import CryptoKit
import DiaryKit
import Foundation
import Security

/// A key of 32 random bytes in the key chain: on this device alone, readable only while it is unlocked, in no backup, and
/// gone when the device loses its passcode. It is read for each attempt and wiped after it.
struct KeyChainSecret: DeviceSecret {
  private static var item: [String: Any] {
    [
      kSecClass as String: kSecClassGenericPassword,
      kSecAttrService as String: "org.incidentdiary",
      kSecAttrAccount as String: "device_key",
      kSecAttrSynchronizable as String: false,
    ]
  }

  func make() throws(DiaryError) {
    var key = [UInt8](repeating: 0, count: 32)
    defer { key.withUnsafeMutableBytes { _ = memset_s($0.baseAddress, $0.count, 0, $0.count) } }
    guard SecRandomCopyBytes(kSecRandomDefault, key.count, &key) == errSecSuccess else {
      throw .DeviceKey(problem: .failed)
    }
    // An object that is wiped itself: a `Data` in the dictionary would be a copy.
    let kept = NSMutableData(bytes: key, length: key.count)
    defer { kept.resetBytes(in: NSRange(location: 0, length: kept.length)) }
    let attributes: [String: Any] = [
      kSecValueData as String: kept,
      kSecAttrAccessible as String: kSecAttrAccessibleWhenPasscodeSetThisDeviceOnly,
    ]
    let status = SecItemAdd(Self.item.merging(attributes) { _, new in new } as CFDictionary, nil)
    guard status == errSecSuccess || status == errSecDuplicateItem else {
      throw .DeviceKey(problem: .failed)
    }
  }

  func forget() { SecItemDelete(Self.item as CFDictionary) }

  func mac(over message: Data) throws(DiaryError) -> Secret {
    var query = Self.item
    query[kSecReturnData as String] = true
    query[kSecMatchLimit as String] = kSecMatchLimitOne
    var found: CFTypeRef?
    switch SecItemCopyMatching(query as CFDictionary, &found) {
    case errSecSuccess: break
    case errSecItemNotFound: throw noDeviceKey
    default: throw .DeviceKey(problem: .failed)
    }
    guard var key = found as? Data else { throw .DeviceKey(problem: .failed) }
    // Held by nobody else, it is wiped where it lies.
    found = nil
    defer { key.resetBytes(in: 0..<key.count) }
    var mac = Data(HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: key)))
    defer { mac.resetBytes(in: 0..<mac.count) }
    return Secret(mac)
  }
}
