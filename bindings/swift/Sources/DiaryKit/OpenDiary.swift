import DiaryCore
import Foundation

/// An open diary: an actor over the library's one object.
///
/// Short calls run one after the other on a thread of their own. What can take long (opening, attaching, exporting,
/// checking) runs beside them, tells its progress, and stops when the task that asked for it is cancelled. Every call
/// fails with a `DiaryError`, which holds none of her words.
///
/// ```swift
/// let diary = try await OpenDiary.open(folder: folder, passphrase: Secret(typed))
/// let recorded = try await diary.add(Incident(occurred: Occurred(from: "2026-10-03"), narrative: words))
/// try await diary.lock()
/// ```
public actor OpenDiary {
  let library: Diary
  private let queue = LibraryQueue(label: "org.incidentdiary.library")

  /// The actor's own thread: no call of the library holds one of those that all Swift tasks share.
  public nonisolated var unownedExecutor: UnownedSerialExecutor { queue.asUnownedSerialExecutor() }

  init(_ library: Diary) {
    self.library = library
  }

  // MARK: Opening and locking

  /// Makes a vault with an empty diary in a folder that does not exist yet. `takeRecoveryCode()` then gives the
  /// recovery code, once. A passphrase that is guessed easily is refused unless `allowWeak`.
  public static func create(
    folder: URL,
    passphrase: Secret,
    cost: KeyCost = .measured,
    allowWeak: Bool = false
  ) async throws(DiaryError) -> OpenDiary {
    try await aside {
      let library = try passphrase.spend {
        try Diary.create(folder: folder.path, passphrase: $0, cost: cost, allowWeak: allowWeak)
      }
      return OpenDiary(library)
    }
  }

  /// Opens a diary; it takes about a second, on purpose. `device` is needed if the passphrase is bound to this device, and
  /// changes nothing if it is not; it is asked again whenever the passphrase is.
  public static func open(
    folder: URL,
    passphrase: Secret,
    device: (any DeviceKey)? = nil
  ) async throws(DiaryError) -> OpenDiary {
    try await aside {
      OpenDiary(try passphrase.spend { try Diary.open(folder: folder.path, passphrase: $0, device: device) })
    }
  }

  /// Opens a diary with its recovery code and sets a new passphrase. With `replaceCode` a new code takes the place of
  /// the old one, and `takeRecoveryCode()` gives it, once.
  public static func recover(
    folder: URL,
    code: Secret,
    newPassphrase: Secret,
    replaceCode: Bool = false,
    allowWeak: Bool = false
  ) async throws(DiaryError) -> OpenDiary {
    try await aside {
      let library = try code.spend { code in
        try newPassphrase.spend { passphrase in
          try Diary.recover(
            folder: folder.path,
            code: code,
            newPassphrase: passphrase,
            replaceCode: replaceCode,
            allowWeak: allowWeak
          )
        }
      }
      return OpenDiary(library)
    }
  }

  /// The recovery code that was made with this diary, to be written on paper. Given once.
  public func takeRecoveryCode() throws(DiaryError) -> String? {
    try typed { try library.takeRecoveryCode() }
  }

  /// Locks the diary: stops running work, waits for it, wipes keys and words. It does not wait for calls that have not
  /// begun; they fail with `Locked`. Repeating it does nothing.
  public nonisolated func lock() async throws(DiaryError) {
    try await aside { [library] in try library.lock() }
  }

  /// Whether it is locked, or about to be.
  public nonisolated var isLocked: Bool {
    (try? library.isLocked()) ?? true
  }

  /// Asks for the passphrase again, at the full cost of an attempt.
  public nonisolated func confirm(_ passphrase: Secret) async throws(DiaryError) {
    try await aside { [library] in try passphrase.spend { try library.confirm(passphrase: $0) } }
  }

  /// Sets a new passphrase, given the one that holds now. The recovery code stays, and so does the key: if somebody knew
  /// the old passphrase, `rotate`.
  public nonisolated func changePassphrase(
    from old: Secret,
    to new: Secret,
    allowWeak: Bool = false
  ) async throws(DiaryError) {
    try await aside { [library] in
      try old.spend { old in
        try new.spend { new in
          try library.changePassphrase(passphrase: old, newPassphrase: new, allowWeak: allowWeak)
        }
      }
    }
  }

  /// For when somebody knew the passphrase: seals the diary anew under another key, with a new passphrase, and gives a new
  /// recovery code, to be written on paper; it is given here and nowhere else. Whoever keeps an old copy of the folder can
  /// still read that copy. Needs room for one more copy of the text while it runs.
  public nonisolated func rotate(
    from old: Secret,
    to new: Secret,
    allowWeak: Bool = false,
    progress: ProgressHandler? = nil
  ) async throws(DiaryError) -> String {
    try await long(progress) { [library] relay in
      try old.spend { old in
        try new.spend { new in
          try library.rotate(passphrase: old, newPassphrase: new, listener: relay, allowWeak: allowWeak)
        }
      }
    }
  }

  /// Whether a change of keys had been cut short before the diary was opened; the new secrets hold. If it was a
  /// rotation, its recovery code was never shown: rotate again.
  public func keyChangeWasFinished() throws(DiaryError) -> Bool {
    try typed { try library.keyChangeWasFinished() }
  }

  /// Moves what was written into its final place: to be called when nothing was written for two seconds.
  public func rest() throws(DiaryError) {
    try typed { try library.rest() }
  }

  /// How the key file is now.
  public func keyFile() throws(DiaryError) -> KeyFile {
    try typed { try library.keyFile() }
  }

  // MARK: Writing

  /// Records an incident; done means on the disk.
  public func add(_ incident: Incident) throws(DiaryError) -> RecordedIncident {
    try typed { try library.add(incident: incident) }
  }

  /// Adds to an incident or corrects it. The old words stay and both are shown.
  public func amend(_ incident: String, with patch: IncidentPatch, reason: String) throws(DiaryError)
    -> RecordedIncident
  {
    try typed { try library.amend(incident: incident, patch: patch, reason: reason) }
  }

  /// Withdraws an incident. Its words stay and are marked.
  public func withdraw(_ incident: String, reason: String) throws(DiaryError) -> RecordedIncident {
    try typed { try library.withdraw(incident: incident, reason: reason) }
  }

  /// Destroys the words of an incident with everything about it, or one evidence item. Its place in the log stays.
  public func erase(_ incidentOrItem: String) throws(DiaryError) -> ErasedCount {
    try typed { try library.erase(incidentOrItem: incidentOrItem) }
  }

  /// Attaches a file to an incident, bit for bit as it is. While it is read, other calls go on.
  public nonisolated func attach(
    _ file: URL,
    to incident: String,
    as attachment: Attachment = Attachment(),
    progress: ProgressHandler? = nil
  ) async throws(DiaryError) -> EvidenceItem {
    try await long(progress) { [library] relay in
      try library.attach(incident: incident, path: file.path, attachment: attachment, listener: relay)
    }
  }

  /// Begins an evidence item whose bytes come by chunks.
  public func beginItem(for incident: String) throws(DiaryError) -> EvidenceWriter {
    EvidenceWriter(try typed { try library.beginItem(incident: incident) })
  }

  /// Keeps what a form holds, sealed and without an entry in the log. `form` is 1 to 32 small letters, digits, `-` or
  /// `_`; all drafts together hold 256 KiB.
  public func saveDraft(_ text: Data, form: String) throws(DiaryError) {
    try typed { try library.saveDraft(form: form, text: text) }
  }

  /// What a form held when it was left.
  public func draft(form: String) throws(DiaryError) -> Data? {
    try typed { try library.draft(form: form) }
  }

  /// Forgets what a form held.
  public func discardDraft(form: String) throws(DiaryError) {
    try typed { try library.discardDraft(form: form) }
  }

  // MARK: Reading

  /// A page of incidents, newest recorded first.
  public func list(_ query: ListQuery = ListQuery()) throws(DiaryError) -> IncidentPage {
    try typed { try library.list(query: query) }
  }

  /// One incident with everything about it; every entry is checked on the way.
  public func show(_ incident: String) throws(DiaryError) -> IncidentDetail {
    try typed { try library.show(incident: incident) }
  }

  /// The people by the keys that she gave them, sorted by name; those without a name at the end.
  public func people() throws(DiaryError) -> [KnownPerson] {
    try typed { try library.people() }
  }

  /// Writes the original of an evidence item to a file that does not exist yet, bit for bit.
  public nonisolated func extract(
    _ item: String,
    to file: URL,
    progress: ProgressHandler? = nil
  ) async throws(DiaryError) {
    try await long(progress) { [library] relay in
      try library.extract(item: item, out: file.path, listener: relay)
    }
  }

  /// Bytes of the original of an evidence item from `offset` on, to be looked at without a file: `most` of them, at most
  /// 1 MiB, fewer before its end, none after it. To be wiped after use.
  public func readItem(_ item: String, from offset: UInt64, atMost most: UInt32) throws(DiaryError) -> Data {
    try typed { try library.readItem(item: item, offset: offset, most: most) }
  }

  // MARK: Checking

  /// Reads everything and compares it with whoever points to it. What is damaged is a finding.
  public nonisolated func check(progress: ProgressHandler? = nil) async throws(DiaryError) -> CheckReport {
    try await long(progress) { [library] relay in try library.check(listener: relay) }
  }

  /// The code of the log as it is now, to be written down or told to somebody. Asking twice gives the same code.
  public func fingerprint() throws(DiaryError) -> String {
    try typed { try library.fingerprint() }
  }

  /// Whether a code that was given out earlier is of this log, so that it begins with all that the code covers.
  public func isAncestor(_ fingerprint: String) throws(DiaryError) -> Bool {
    try typed { try library.isAncestor(fingerprint: fingerprint) }
  }

  /// The request for a time stamp over the log as it is now (RFC 3161, the bytes of a `.tsq` file): 69 bytes that say
  /// nothing but a hash. Anybody may send it to a time-stamping authority. Asking twice gives the same.
  public func stampRequest() throws(DiaryError) -> Data {
    try typed { try library.stampRequest() }
  }

  /// Checks the answer of an authority to a request of this diary (the bytes of a `.tsr` file), and keeps it in the log,
  /// from where every later bundle carries it. `chain` holds the certificates between its signer and the authority's
  /// root, PEM. Whether that root is to be trusted is not checked here.
  public func acceptStamp(
    _ answer: Data,
    chain: Data? = nil,
    offClock: OffClock = .refuse
  ) throws(DiaryError) -> AcceptedStamp {
    try typed { try library.acceptStamp(answer: answer, chain: chain, offClock: offClock) }
  }

  /// Names the container, 32 hexadecimal digits, for whoever keeps its token.
  public func containerID() throws(DiaryError) -> String {
    try typed { try library.containerId() }
  }

  /// Compares the log with a token that was kept outside; bytes that are no token say nothing.
  public func tokenStatus(_ token: Data) throws(DiaryError) -> TokenStatus {
    try typed { try library.tokenStatus(token: token) }
  }

  /// A token of the log as it is now, to be kept in place of `old`, which may be empty.
  public func newToken(replacing old: Data) throws(DiaryError) -> Data {
    try typed { try library.newToken(old: old) }
  }
}
