import DiaryKit
import Foundation

/// What the app needs of the device, and gets from outside so that tests can fix it.
public struct Ports: Sendable {
  /// Where the diary and its files on their way lie.
  public var folders: Folders
  /// Small things that are not hers.
  public var settings: any Settings
  /// How the device protects files.
  public var protection: any FileProtection
  /// A key that never leaves the device.
  public var device: any DeviceSecret
  /// How files of other apps are read.
  public var lender: any FileLender
  /// Time that counts on while the device sleeps.
  public var time: any DeviceTime
  /// Time for her: when an incident happened, by the clock of the device.
  public var now: @Sendable () -> Date
  /// The zone of the device.
  public var zone: @Sendable () -> TimeZone
  /// What one attempt at the passphrase of a new diary costs.
  public var keyCost: KeyCost

  /// The device's own time and zone, unless others are given.
  public init(
    folders: Folders,
    settings: any Settings,
    protection: any FileProtection,
    device: any DeviceSecret,
    lender: any FileLender = PlainFiles(),
    time: any DeviceTime = SystemTime(),
    now: @escaping @Sendable () -> Date = { Date() },
    zone: @escaping @Sendable () -> TimeZone = { .current },
    keyCost: KeyCost = .measured
  ) {
    self.folders = folders
    self.settings = settings
    self.protection = protection
    self.device = device
    self.lender = lender
    self.time = time
    self.now = now
    self.zone = zone
    self.keyCost = keyCost
  }

  /// The device's key as the library asks for it.
  var key: KeptKey { KeptKey { [device] in try device.mac(over: $0) } }

  /// The day that it is for her.
  var today: Day { Moment(now(), in: zone()).day }

  /// The key to open with; none for a passphrase that was never bound, or a slip in it would be told as a key that is
  /// missing.
  var openingKey: KeptKey? {
    let isKnown = settings.get(Self.bound) != nil || (try? device.mac(over: Data(count: 32))) != nil
    return isKnown ? key : nil
  }

  /// Remembers that the passphrase is bound, for the day on which the device has forgotten its key.
  func setBound(_ bound: Bool) { settings.set(Self.bound, bound ? "yes" : nil) }

  /// A recovery code was made, and nobody has shown that it is on her paper.
  var codeUnconfirmed: Bool {
    get { settings.get(Self.code) != nil }
    nonmutating set { settings.set(Self.code, newValue ? "unconfirmed" : nil) }
  }

  /// Puts the diary that was made of a backup in its place, also if the process ended in the middle of it. A damaged one that
  /// was there is kept beside it, as sealed as it was: nobody knows what of it can still be saved.
  func finishRestore() throws {
    let files = FileManager.default
    guard files.fileExists(atPath: folders.restored.path) else { return }
    if folders.hasDiary { try files.moveItem(at: folders.diary, to: folders.aside) }
    try files.moveItem(at: folders.restored, to: folders.diary)
  }

  /// From now on the diary counts as destroyed, also if the process ends in the middle of it.
  func beginWipe() { settings.set(Self.wiping, "yes") }

  /// Removes what is left of a diary that was to be destroyed, and all that tells of it; what she set stays.
  func finishWipe() {
    guard settings.get(Self.wiping) != nil else { return }
    for folder in [folders.diary, folders.restored] + folders.damaged + folders.leftovers {
      try? FileManager.default.removeItem(at: folder)
    }
    device.forget()
    for name in [
      Self.bound, Self.token, Self.mended, Self.lost, Self.formNotKept, Self.workStopped, Self.code, Self.wiping,
    ] {
      settings.set(name, nil)
    }
  }

  static let token = "token"
  static let mended = "mended"
  static let lost = "lost"
  static let formNotKept = "form_not_kept"
  static let workStopped = "work_stopped"
  private static let code = "recovery_code"
  private static let wiping = "wiping"
  private static let bound = "bound"
}

/// Small settings outside of the diary, because they count before it is open: the key chain, on this device alone and in
/// no backup. Never anything that she wrote, and nothing that says that or when the diary was used, except the token
/// that notices an old copy put back.
public protocol Settings: Sendable {
  /// The value under a name; `nil` if there is none.
  func get(_ name: String) -> String?
  /// Keeps a value; `nil` takes it away. One that cannot be kept is as good as none.
  func set(_ name: String, _ value: String?)
}

/// How the device protects files.
public protocol FileProtection: Sendable {
  /// Makes the folder if it is not there, readable only while the device is unlocked, and out of every backup.
  func protect(folder: URL) throws
}

/// A key that the device keeps, never gives out and takes into no backup. She may bind her passphrase to it.
public protocol DeviceSecret: Sendable {
  /// Makes the key, if there is none.
  func make() throws(DiaryError)
  /// HMAC-SHA-256 over the message. Throws `noDeviceKey` if the device has no key, and `DeviceKey` with `failed` if it
  /// does not let it be used now.
  func mac(over message: Data) throws(DiaryError) -> Secret
  /// Destroys the key, if there is one.
  func forget()
}

/// The folders of the app.
public struct Folders: Equatable, Sendable {
  /// The encrypted diary. It does not exist before the first start.
  public let diary: URL
  /// For files on their way in or out; emptied at every start and lock.
  public let scratch: URL

  /// Below one folder that belongs to the app alone.
  public init(below folder: URL) {
    diary = folder.appending(path: "diary", directoryHint: .isDirectory)
    scratch = folder.appending(path: "scratch", directoryHint: .isDirectory)
  }

  /// Where a diary is made of a backup before it takes its place: it has this name when it is whole.
  var restored: URL { URL(filePath: diary.path + ".restored", directoryHint: .isDirectory) }

  /// Damaged diaries in whose place another one was put.
  var damaged: [URL] { beside { $0.hasPrefix(diary.lastPathComponent + Self.damagedMark) } }

  /// Folders of a making or restoring that was ended in the middle: the same passphrase may open what is in them.
  var leftovers: [URL] { beside { $0.hasPrefix(".") && $0.hasSuffix(".new") } }

  private func beside(_ isMeant: (String) -> Bool) -> [URL] {
    let all = try? FileManager.default.contentsOfDirectory(
      at: diary.deletingLastPathComponent(),
      includingPropertiesForKeys: nil
    )
    return (all ?? []).filter { isMeant($0.lastPathComponent) }
  }

  /// Where the next damaged one is kept.
  fileprivate var aside: URL {
    let taken = Set(damaged.map(\.lastPathComponent))
    let name = (1...).lazy.map { "\(diary.lastPathComponent)\(Self.damagedMark)\($0)" }.first { !taken.contains($0) }
    return diary.deletingLastPathComponent().appending(path: name ?? "", directoryHint: .isDirectory)
  }

  private static let damagedMark = ".damaged-"

  /// Whether a diary was made here.
  var hasDiary: Bool { FileManager.default.fileExists(atPath: diary.path) }

  /// Removes what was on its way.
  func emptyScratch() {
    let files = try? FileManager.default.contentsOfDirectory(at: scratch, includingPropertiesForKeys: nil)
    for file in files ?? [] { try? FileManager.default.removeItem(at: file) }
  }
}

/// What the app asks the system to do. The view does it and then calls the method that is named.
public enum Effect: Equatable, Sendable {
  /// Let her pick files; then `filesPicked`.
  case pickFiles
  /// Let her choose from her photos, and copy them into `scratchFile`; then `filesPicked`.
  case pickPhotos
  /// Let her take a photo; then `photoTaken`.
  case takePhoto
  /// Let her choose where this file goes, and copy it there; then `fileSaved`.
  case saveFile(URL)
}
