// Not Apple's Security, CryptoKit and Foundation. The names that some of `Platform` uses of them, with bodies that do nothing:
// so much of it can be checked without Apple's SDK.

import Foundation

typealias CFDictionary = [String: Any]
typealias CFTypeRef = AnyObject
typealias OSStatus = Int32

let kSecClass = ""
let kSecClassGenericPassword = ""
let kSecAttrService = ""
let kSecAttrAccount = ""
let kSecAttrSynchronizable = ""
let kSecAttrAccessible = ""
let kSecAttrAccessibleWhenUnlockedThisDeviceOnly = ""
let kSecAttrAccessibleWhenPasscodeSetThisDeviceOnly = ""
let kSecValueData = ""
let kSecReturnData = ""
let kSecMatchLimit = ""
let kSecMatchLimitOne = ""
let kSecRandomDefault = 0
let errSecSuccess: OSStatus = 0
let errSecItemNotFound: OSStatus = 1
let errSecDuplicateItem: OSStatus = 2

func SecItemCopyMatching(_ query: CFDictionary, _ result: UnsafeMutablePointer<CFTypeRef?>?) -> OSStatus { 0 }
@discardableResult
func SecItemAdd(_ attributes: CFDictionary, _ result: UnsafeMutablePointer<CFTypeRef?>?) -> OSStatus { 0 }
@discardableResult
func SecItemUpdate(_ query: CFDictionary, _ attributes: CFDictionary) -> OSStatus { 0 }
@discardableResult
func SecItemDelete(_ query: CFDictionary) -> OSStatus { 0 }
func SecRandomCopyBytes(_ random: Int, _ count: Int, _ bytes: UnsafeMutableRawPointer) -> Int32 { 0 }
func memset_s(_ start: UnsafeMutableRawPointer?, _ most: Int, _ byte: Int32, _ count: Int) -> Int32 { 0 }

final class NSFileCoordinator {
  struct ReadingOptions: OptionSet, Sendable {
    let rawValue: Int
    init(rawValue: Int) { self.rawValue = rawValue }
  }
  init() {}
  func coordinate(
    readingItemAt url: URL, options: ReadingOptions, error: UnsafeMutablePointer<NSError?>?, byAccessor: (URL) -> Void
  ) {}
  func cancel() {}
}

struct SHA256 {}
struct SymmetricKey {
  init(data: Data) {}
}
struct HMAC<Hash> {
  static func authenticationCode(for data: Data, using key: SymmetricKey) -> [UInt8] { [] }
}
