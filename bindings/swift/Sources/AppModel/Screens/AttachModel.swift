import DiaryKit
import Foundation
import Observation

/// Attaches picked files to an incident, one after the other, straight from where they lie into the sealed file.
@MainActor @Observable
public final class AttachModel {
  /// What the screen shows.
  public private(set) var state: AttachState

  @ObservationIgnored private let app: AppModel
  @ObservationIgnored private let session: Session
  @ObservationIgnored let incident: String
  /// What is not attached yet, in its order, each under an id of its own.
  @ObservationIgnored private var waiting: [(id: String, file: PickedFile)] = []
  @ObservationIgnored private var added = 0
  @ObservationIgnored private var how = ""
  /// The way of acquiring that the app itself knows: hers is kept, this one is not.
  @ObservationIgnored private var given = ""
  /// She typed or chose something here, or took it out: from then on what was kept is as it is here.
  @ObservationIgnored private var typed = false
  @ObservationIgnored private var saving: Task<Void, Never>?

  init(_ app: AppModel, _ session: Session, incident: String) {
    self.app = app
    self.session = session
    self.incident = incident
    state = AttachState(how: session.choices("how", []))
    session.work({ [weak self] in self?.failed($0) }) { [weak self, session] in
      if let kept = try await session.kept(Self.draft(of: incident)) { self?.offer(FormValues(decoding: kept)) }
    }
  }

  /// The draft that her note on files of this incident is kept as, until they are attached.
  static func draft(of incident: String) -> String { "attach-\(incident)" }

  /// Lets her pick more.
  public func pickMore() { app.ask(.pickFiles, about: incident) }

  /// Lets her choose from her photos.
  public func attachFromPhotos() { app.ask(.pickPhotos, about: incident) }

  /// Takes a file off the list; what lies nowhere else, after she was asked.
  public func remove(_ id: String) {
    guard !state.busy, let at = waiting.firstIndex(where: { $0.id == id }) else { return }
    forget(waiting.remove(at: at).file)
    show()
  }

  /// How she came by the files; the same again takes it out.
  public func chooseHow(_ code: String) {
    how = how == code ? "" : code
    given = ""
    typed = true
    show()
  }

  /// She typed a note.
  public func editNote(_ text: String) {
    app.onUserActive()
    typed = true
    state.note = text
  }

  /// Attaches them. What could not be attached stays on the list and says why.
  public func save() {
    guard !state.busy, !waiting.isEmpty else { return }
    state.busy = true
    state.canSave = false
    state.error = nil
    saving = session.work(
      { [weak self] in self?.failed($0) },
      stopped: { [weak self] in self?.stopped() },
      isLong: true,
      { [weak self] in try await self?.attachAll() }
    )
  }

  /// Stops; a file that was not finished leaves nothing behind. The screen is busy until the work has ended: a second
  /// one beside it would attach files twice, or none.
  public func stop() { saving?.cancel() }

  func add(_ files: [PickedFile], how: String) {
    if !how.isEmpty { (self.how, given) = (how, how) }
    for file in files {
      waiting.append((String(added), file))
      added += 1
    }
    show()
  }

  /// One step back. A photo taken in the app lies nowhere else: it is attached first, and the screen is left when that is
  /// done. One that she does not want she takes off the list. False if nothing keeps her here.
  func back() -> Bool {
    guard waiting.contains(where: \.file.onlyHere) else { return false }
    if !state.busy {
      for (_, file) in waiting where !file.onlyHere { forget(file) }
      waiting.removeAll { !$0.file.onlyHere }
      save()
    }
    return true
  }

  /// How the files came here.
  func say(_ phrase: Phrase) { state.notice = phrase }

  /// Something went wrong before a file got here.
  func trouble(_ phrase: Phrase) { state.error = phrase }

  /// The screen was left.
  func left() {
    let (files, running) = (waiting, saving)
    saving?.cancel()
    waiting = []
    keepNow()
    Task {
      await running?.value
      for (_, file) in files { forget(file) }
    }
  }

  /// Her note and how she came by the files: kept, sealed, until they are attached.
  func unkept() -> KeptDraft? {
    guard typed else { return nil }
    var values = FormValues()
    values["how"] = how == given ? "" : how
    values["note"] = attachment.note ?? ""
    return KeptDraft(form: Self.draft(of: incident), text: values == FormValues() ? nil : values.encoded())
  }

  /// The app cannot be seen, and may be ended.
  func keepNow() {
    session.work({ _ in }) { [self] in try await keep() }
  }

  /// The diary is about to lock: attaches what was taken in the app, because it lies nowhere else. Files that she picked
  /// are still where she picked them. Gives how many were attached, whether others waited, and whether her words are kept.
  func carryThrough() async -> (attached: Int, lost: Bool, kept: Bool) {
    // Before anything that takes long.
    let kept = await session.diary.keeps(unkept())
    saving?.cancel()
    await saving?.value
    // A note that cannot be recorded must not cost the photo.
    let attempts = [attachment, Attachment(how: attachment.how)]
    var (attached, noted) = (0, 0)
    for (_, file) in waiting where file.onlyHere {
      for (number, attempt) in attempts.enumerated() {
        guard (try? await session.diary.attach(file.url, to: incident, as: attempt)) != nil else { continue }
        attached += 1
        if number == 0 { noted += 1 }
        break
      }
      forget(file)
    }
    if attached > 0 { await SavedBackup.outdate(in: session.diary) }
    defer { waiting = [] }
    let used = !waiting.isEmpty && noted == waiting.count
    if used { await forgetTyped() }
    return (attached, attached < waiting.count, kept || used)
  }

  private func keep() async throws {
    if let draft = unkept() { try await session.diary.keep(draft) }
  }

  /// It is recorded with the files. What cannot be forgotten now must not look as if they were not attached.
  private func forgetTyped() async {
    (state.note, how, given, typed) = ("", "", "", true)
    try? await keep()
  }

  /// What she typed the last time, as far as she has not typed anew.
  private func offer(_ values: FormValues) {
    guard !typed else { return }
    state.note = values["note"]
    if how.isEmpty { how = values["how"] }
    show()
  }

  /// The app's own file is needed no more; what she picked stays where it is.
  private func forget(_ file: PickedFile) {
    if !file.isBorrowed { try? FileManager.default.removeItem(at: file.url) }
  }

  private var attachment: Attachment {
    Attachment(how: how.isEmpty ? nil : how, note: state.note.allSatisfy(\.isWhitespace) ? nil : state.note)
  }

  private func attachAll() async throws {
    let attachment = attachment
    let total = waiting.count
    var done = 0
    while let (id, file) = waiting.first {
      let text = Phrase.of(.attachProgress, [.words(String(done + 1)), .words(String(total))])
      // It may have to be fetched first.
      state.progress = ProgressState(text: text, percent: nil)
      _ = try await file.lent(by: session.ports.lender) { url in
        try await session.diary.attach(url, to: incident, as: attachment) { [weak self] progress in
          Task { @MainActor in self?.tell(text, progress) }
        }
      }
      // A file that was recorded while she stopped it, or left, is recorded all the same.
      waiting.removeAll { $0.id == id }
      if done == 0 { await SavedBackup.outdate(in: session.diary) }
      forget(file)
      done += 1
      show()
      if !waiting.isEmpty { try Task.checkCancellation() }
    }
    await forgetTyped()
    app.leave(self, said: .of(.doneAttached, [.words(String(done))]))
  }

  private func tell(_ text: Phrase, _ progress: WorkProgress) {
    guard state.busy else { return }
    state.progress = ProgressState(text: text, percent: percent(progress))
  }

  private func show() {
    state.files = waiting.map {
      FileRow(id: $0, name: fileName($1.name), size: $1.bytes.map(sizePhrase), onlyHere: $1.onlyHere)
    }
    state.how = session.choices("how", [how])
    state.canSave = !waiting.isEmpty && !state.busy
  }

  private func stopped() {
    state.busy = false
    state.progress = nil
    state.error = .of(.errorStopped)
    show()
  }

  private func failed(_ phrase: Phrase) {
    state.busy = false
    state.progress = nil
    state.error = phrase
    show()
    if !state.files.isEmpty { state.files[0].error = phrase }
  }
}
