import AppModel
import Foundation
import Security

/// Small settings in the key chain: on this device alone, readable only while it is unlocked, in no backup. If it refuses,
/// a setting is as good as none: nothing that she wrote depends on it.
struct KeyChain: Settings {
  private let service = "org.incidentdiary"

  func get(_ name: String) -> String? {
    var query = item(name)
    query[kSecReturnData as String] = true
    query[kSecMatchLimit as String] = kSecMatchLimitOne
    var found: CFTypeRef?
    guard SecItemCopyMatching(query as CFDictionary, &found) == errSecSuccess else { return nil }
    return (found as? Data).flatMap { String(data: $0, encoding: .utf8) }
  }

  func set(_ name: String, _ value: String?) {
    guard let value else {
      SecItemDelete(item(name) as CFDictionary)
      return
    }
    let attributes: [String: Any] = [
      kSecValueData as String: Data(value.utf8),
      kSecAttrAccessible as String: kSecAttrAccessibleWhenUnlockedThisDeviceOnly,
    ]
    if SecItemUpdate(item(name) as CFDictionary, attributes as CFDictionary) == errSecItemNotFound {
      SecItemAdd(item(name).merging(attributes) { _, new in new } as CFDictionary, nil)
    }
  }

  private func item(_ name: String) -> [String: Any] {
    [
      kSecClass as String: kSecClassGenericPassword,
      kSecAttrService as String: service,
      kSecAttrAccount as String: name,
      kSecAttrSynchronizable as String: false,
    ]
  }
}
