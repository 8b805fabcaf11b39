import DiaryKit
import Foundation
import Observation

/// One incident: what was written, its files, and what came after.
@MainActor @Observable
public final class IncidentModel {
  /// What the screen shows.
  public private(set) var state = IncidentState()

  @ObservationIgnored let id: String
  @ObservationIgnored private let app: AppModel
  @ObservationIgnored private let session: Session
  @ObservationIgnored private var names: [String: String] = [:]
  @ObservationIgnored private let file: OutgoingFile
  @ObservationIgnored private var draft: String { "withdraw-\(id)" }
  /// She typed a reason here, or took it out: from then on what was kept is as it is here.
  @ObservationIgnored private var typed = false
  @ObservationIgnored private var changing: Task<Void, Never>?

  init(_ app: AppModel, _ session: Session, _ id: String) {
    self.app = app
    self.session = session
    self.id = id
    file = OutgoingFile(app, session)
    refresh()
  }

  /// Opens the form to add to it or correct it.
  public func amend() { app.openForm(about: id) }

  /// Lets her pick files to attach.
  public func attachFiles() { app.ask(.pickFiles, about: id) }

  /// Lets her choose from her photos.
  public func attachFromPhotos() { app.ask(.pickPhotos, about: id) }

  /// Lets her take a photo to attach.
  public func takePhoto() { app.ask(.takePhoto, about: id) }

  /// She typed why she withdraws it.
  public func editReason(_ text: String) {
    app.onUserActive()
    typed = true
    state.reason = text
  }

  /// Withdraws it, for the reason that she typed; the words stay and are marked.
  public func withdraw() {
    change(.doneWithdrawn) { [weak self, id, draft, reason = state.reason] diary in
      _ = try await diary.withdraw(id, reason: reason)
      self?.forgetReason()
      await SavedBackup.outdate(in: diary)
      try await diary.discardDraft(form: draft)
    }
  }

  /// Destroys its words and files, after she gave the passphrase: whoever holds the open phone must not be able to. What
  /// was typed about it and not saved goes too. The view empties its field.
  public func erase(_ passphrase: String) {
    let passphrase = Secret(passphrase)
    change(.doneErased) { [weak self, id, draft] diary in
      try await diary.confirm(passphrase)
      // From here on leaving must not keep it.
      self?.forgetReason()
      try await diary.erase(id, with: ["amend-\(id)", AttachModel.draft(of: id), draft])
    }
  }

  /// Shows a picture here.
  public func show(_ item: String) { app.openPicture(item, of: id) }

  /// Saves a copy of a file where she chooses, after she gave the passphrase again: nothing leaves without it. The copy is
  /// not encrypted, which she was told. The view empties its field.
  public func saveCopy(_ item: String, _ passphrase: String) {
    let passphrase = Secret(passphrase)
    guard !state.busy, let name = names[item] else { return passphrase.wipe() }
    let text = Phrase.of(.attachCopying)
    begin()
    state.progress = ProgressState(text: text, percent: nil)
    file.begin(
      named: name,
      ended: { [weak self] in self?.failed($0) },
      done: { [weak self] in self?.copied() },
      make: { [weak self, session] file in
        try await session.diary.confirm(passphrase)
        try await session.diary.extract(item, to: file) { [weak self] progress in
          Task { @MainActor in self?.tell(text, progress) }
        }
      }
    )
  }

  /// Stops what takes long; the screen is busy until it has ended.
  public func stop() { file.stop() }

  /// She has seen what was said.
  public func seen() {
    state.done = nil
    state.error = nil
  }

  func say(_ phrase: Phrase) { state.done = phrase }

  /// Something went wrong on the way here.
  func trouble(_ phrase: Phrase) { state.error = phrase }

  /// The screen was left.
  func left() {
    file.left()
    keepNow()
  }

  /// Why she withdraws it: kept, sealed, until she has.
  func unkept() -> KeptDraft? {
    guard typed else { return nil }
    return KeptDraft(form: draft, text: state.reason.allSatisfy(\.isWhitespace) ? nil : state.reason)
  }

  /// The app cannot be seen, and may be ended. It is kept as it is when its turn comes: it may be used up by then.
  func keepNow() {
    guard typed else { return }
    session.work({ _ in }) { [self] in
      if let draft = unkept() { try await session.diary.keep(draft) }
    }
  }

  /// Comes back when it is withdrawn or erased, if that was asked for.
  func settled() async { await changing?.value }

  func refresh() {
    session.work({ [weak self] in self?.failed($0) }) { [weak self, session, id] in
      do {
        let detail = try await session.diary.show(id)
        self?.show(detail)
        guard let self, let kept = try await session.kept(draft), !typed else { return }
        state.reason = kept
      } catch DiaryError.Damaged {
        // What cannot be read can still be destroyed, for her safety.
        self?.failed(.of(.incidentDamaged))
        self?.state.canErase = true
      }
    }
  }

  private func forgetReason() { (state.reason, typed) = ("", true) }

  private func change(_ said: TextKey, _ work: @escaping @MainActor (OpenDiary) async throws -> Void) {
    guard !state.busy else { return }
    begin()
    changing = session.work({ [weak self] in self?.failed($0) }) { [weak self, session, id] in
      try await work(session.diary)
      self?.show(try await session.diary.show(id))
      self?.state.busy = false
      self?.state.done = .of(said)
    }
  }

  private func begin() {
    state.busy = true
    state.error = nil
    state.done = nil
  }

  private func tell(_ text: Phrase, _ progress: WorkProgress) {
    guard state.busy else { return }
    state.progress = ProgressState(text: text, percent: percent(progress))
  }

  private func copied() {
    state.busy = false
    state.progress = nil
    state.done = .of(.doneCopied)
  }

  func show(_ detail: IncidentDetail) {
    let zone = session.ports.zone()
    var times: [(label: Phrase, value: Phrase)] = []
    if let incident = detail.incident {
      times.append((.of(.incidentOccurred), occurredPhrase(incident.occurred, in: zone)))
    }
    if let written = detail.recordedAt { times.append((.of(.incidentWritten), writtenPhrase(written, in: zone))) }
    var notices: [Phrase] = []
    if detail.erased { notices.append(.of(.incidentErased)) }
    if detail.withdrawn { notices.append(.of(.incidentWithdrawn)) }
    if detail.lost > 0 { notices.append(.of(.incidentLost, [.words(String(detail.lost))])) }
    // Lost, in a diary that was saved from a damaged one: nothing can be added to words that nobody knows.
    let isReadable = detail.incident != nil
    names = Dictionary(detail.evidence.map { ($0.id, $0.name) }) { first, _ in first }
    state.loading = false
    state.title = .of(.incidentTitle, [.words(String(detail.number))])
    state.times = numbered(times)
    state.lines = detail.incident.map { linesOf($0, in: zone) } ?? []
    state.evidence = detail.evidence.map(evidenceRow)
    state.first = firstLines(detail, in: zone)
    state.history = numbered(detail.history.map { historyLine($0, in: zone) })
    state.notices = notices
    state.canAmend = isReadable
    state.canWithdraw = isReadable && !detail.withdrawn
    state.canErase = !detail.erased
  }

  private func failed(_ phrase: Phrase) {
    state.loading = false
    state.busy = false
    state.progress = nil
    state.error = phrase
  }
}
