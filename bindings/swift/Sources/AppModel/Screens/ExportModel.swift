import DiaryKit
import Foundation
import Observation

/// Hands over: she chooses, sees exactly what would leave, gives the passphrase again and chooses a place. The file is
/// written and checked in the app's own storage first, so that nothing half-written ever lies outside.
@MainActor @Observable
public final class ExportModel {
  /// What the screen shows.
  public private(set) var state = ExportState()

  @ObservationIgnored private let app: AppModel
  @ObservationIgnored private let session: Session
  @ObservationIgnored private var chosen = ExportChoices()
  /// What she chose lies in the diary too.
  @ObservationIgnored private var kept = false
  /// The evidence items that leave otherwise than she chose for all.
  @ObservationIgnored private var other: [String] = []
  @ObservationIgnored private let look = ExportLook()
  @ObservationIgnored private var known: [KnownPerson] = []
  /// Incidents and files that she left out.
  @ObservationIgnored private var without: [String] = []
  @ObservationIgnored private var looking: Task<Void, Never>?
  @ObservationIgnored private let file: OutgoingFile
  /// What the preview shows, and nothing else leaves.
  @ObservationIgnored private var previewed: Meant?

  private struct Meant {
    let selection: ExportSelection
    let form: ExportForm
    let recipients: [String]
  }

  /// Fields that can be kept back in every incident; the words of an incident and its time are what it is.
  private static let withheld = [
    "place", "people", "verbatim", "shown_as", "children_present", "refusal", "harm", "response", "danger", "reports",
    "orders", "evidence",
  ]

  /// What no other says comes first: nothing that she does not know of leaves with a picture.
  private static let choices: [(code: String, label: TextKey)] = [
    ("copies", .exportFilesCopies), ("all", .exportFilesAll), ("none", .exportFilesNone),
  ]

  init(_ app: AppModel, _ session: Session) {
    self.app = app
    self.session = session
    file = OutgoingFile(app, session)
    show()
    session.work({ [weak self] in self?.failed($0) }) { [weak self, session] in
      let known = try await session.diary.people()
      self?.begin(known, try await session.kept(ExportChoices.draft))
    }
  }

  private func begin(_ people: [KnownPerson], _ text: String?) {
    known = people
    if let text, !kept {
      kept = true
      if chosen == ExportChoices() { chosen = ExportChoices(decoding: text) }
      state.audience = chosen.audience
    }
    show()
  }

  // MARK: Choosing

  /// Only what happened from that day on.
  public func chooseFrom(_ day: Day?) { choose { $0.from = day } }

  /// Only what happened until that day.
  public func chooseTo(_ day: Day?) { choose { $0.to = day } }

  /// Only incidents with one of these behaviours; the same again takes it out.
  public func chooseBehaviour(_ code: String) { choose { $0.behaviours = $0.behaviours.toggled(code) } }

  /// Only incidents with one of these people; the same again takes the person out.
  public func choosePerson(_ key: String) { choose { $0.people = $0.people.toggled(key) } }

  /// The language of the report.
  public func chooseLanguage(_ code: String) {
    guard mayChoose else { return }
    chosen.language = code
    chose()
  }

  /// How the files go along: as `copies` without metadata, `all` as they are, or `none`.
  public func chooseFiles(_ code: String) {
    guard mayChoose, Self.choices.contains(where: { $0.code == code }) else { return }
    chosen.files = code
    other = []
    chose()
  }

  /// In which form it leaves: `zip` and `age` encrypted, `plain` not, `report` the report alone.
  public func chooseForm(_ code: String) {
    guard mayChoose, let form = ExportForm(rawValue: code) else { return }
    chosen.form = form
    chose()
  }

  /// A field that is named and not shown, in every incident; the same again shows it.
  public func chooseWithheld(_ field: String) {
    guard mayChoose, Self.withheld.contains(field) else { return }
    chosen.withheld = chosen.withheld.toggled(field)
    chose()
  }

  /// The keys of whoever may open it, `age1...`.
  public func editRecipients(_ text: String) {
    app.onUserActive()
    guard mayChoose else { return }
    chosen.recipients = text
    state.recipients = text
  }

  /// To whom and for what.
  public func editAudience(_ text: String) {
    app.onUserActive()
    guard mayChoose else { return }
    chosen.audience = text
    state.audience = text
  }

  // MARK: Step by step

  /// Shows exactly what would leave.
  public func preview() {
    if state.step == .select { preview(without: without, other: other) }
  }

  private func preview(without: [String], other: [String]) {
    guard !state.busy else { return }
    let keys = ExportForm.recipients(in: chosen.recipients)
    if chosen.form == .age && keys == nil { return failed(.of(.errorRecipient)) }
    state.busy = true
    state.error = nil
    looking = session.work({ [weak self] in self?.failed($0) }, isLong: true) { [weak self] in
      guard let self else { return }
      var selection = self.selection(without: without, originals: originals(other, of: look.staying(without: without)))
      var preview = try await lookUp(selection)
      // A file of an incident that came in again may leave otherwise than what was asked of those that were known.
      let wanted = originals(other, of: look.staying(without: without))
      if wanted != selection.originals {
        selection = self.selection(without: without, originals: wanted)
        preview = try await lookUp(selection)
      }
      try Task.checkCancellation()
      self.without = without
      self.other = other
      previewed = Meant(selection: selection, form: chosen.form, recipients: keys ?? [])
      state.step = .preview
      state.busy = false
      state.progress = nil
      state.preview = look.state(preview, selection)
    }
  }

  private func lookUp(_ selection: ExportSelection) async throws -> ExportPreview {
    let text = Phrase.of(.exportLooking)
    // Only the copies of recordings take so long that it is told.
    let tell: ProgressHandler = { [weak self] progress in Task { @MainActor in self?.tell(text, progress) } }
    let diary = session.diary
    let preview =
      chosen.form == .report
      ? try await diary.previewReport(selection, progress: tell) : try await diary.preview(selection, progress: tell)
    try await look.learn(preview, from: diary)
    return preview
  }

  /// Leaves an incident out of the preview, or takes it in again.
  public func toggleIncident(_ id: String) {
    if state.step == .preview { preview(without: without.toggled(id), other: other) }
  }

  /// Lets a file leave as it is, or not; what it does instead is in the preview then.
  public func toggleOriginal(_ item: String) {
    if state.step == .preview, look.knows(item) { preview(without: without, other: other.toggled(item)) }
  }

  /// Leaves out what is damaged.
  public func goOnWithout() {
    if state.step == .preview { preview(without: without + look.damaged, other: other) }
  }

  /// She has looked at it and goes on.
  public func accept() {
    guard state.step == .preview, !state.busy, look.damaged.isEmpty else { return }
    state.step = .passphrase
    state.error = nil
  }

  /// Takes the passphrase, writes and checks the file, and lets her choose where a copy goes. The view empties its field.
  public func choosePlace(_ passphrase: String) {
    guard state.step == .passphrase, !state.busy, let previewed else { return }
    let (first, second) = (Secret(passphrase), Secret(passphrase))
    state.busy = true
    state.error = nil
    file.begin(
      named: session.today + previewed.form.ending,
      ended: { [weak self] in self?.failed($0) },
      done: { [weak self] made in self?.done(made.bundle, made.opener) },
      make: { [weak self, session] file in
        defer { second.wipe() }
        // A wrong one is told at once, and on the screen where it was typed.
        try await session.diary.confirm(first)
        try Task.checkCancellation()
        let text = Phrase.of(.exportWriting)
        self?.state.step = .writing
        self?.state.progress = ProgressState(text: text, percent: nil)
        return try await previewed.form.write(
          previewed.selection,
          of: session.diary,
          to: file,
          recipients: previewed.recipients,
          passphrase: second
        ) { [weak self] progress in Task { @MainActor in self?.tell(text, progress) } }
      }
    )
  }

  /// Stops the work; the screen is busy until it has ended, and then nothing of the file is left here.
  public func stop() {
    guard state.step != .passphrase, state.step != .writing else { return file.stop() }
    looking?.cancel()
    if state.busy { failed(.of(.errorStopped)) }
  }

  /// One step back. False if there is none.
  func back() -> Bool {
    switch state.step {
    case .select where state.busy: looking?.cancel()
    case .select, .done: return false
    case .preview:
      looking?.cancel()
      state.step = .select
    case .passphrase where state.busy, .writing:
      stop()
      return true
    case .passphrase: state.step = .preview
    }
    state.busy = false
    state.progress = nil
    state.error = nil
    return true
  }

  /// What is to be kept of her choice when it is locked before it was handed over.
  func unkept() -> KeptDraft? {
    let untouched = chosen == ExportChoices() && !kept
    return state.step == .done || untouched ? nil : KeptDraft(form: ExportChoices.draft, text: chosen.encoded())
  }

  /// The app cannot be seen, and may be ended.
  func keepNow() {
    guard let draft = unkept() else { return }
    kept = true
    session.work({ _ in }) { [session] in try await session.diary.keep(draft) }
  }

  /// Something went wrong on the way here.
  func trouble(_ phrase: Phrase) { state.error = phrase }

  /// The screen was left.
  func left() {
    looking?.cancel()
    file.left()
    if !state.opener.isEmpty { app.codeShown(false, in: session) }
    state.opener = []
    forgetKept()
  }

  /// What she chose was for this once, unless it is being locked: then it is for the next time.
  private func forgetKept() {
    guard kept else { return }
    session.work({ _ in }) { [session] in
      try Task.checkCancellation()
      try await session.diary.discardDraft(form: ExportChoices.draft)
    }
  }

  private func tell(_ text: Phrase, _ progress: WorkProgress) {
    guard state.busy else { return }
    state.progress = ProgressState(text: text, percent: percent(progress))
  }

  private func done(_ bundle: ExportedBundle, _ opener: String?) {
    state.step = .done
    forgetKept()
    state.opener = opener?.split(separator: "-").map(String.init) ?? []
    if !state.opener.isEmpty { app.codeShown(true, in: session) }
    state.busy = false
    state.progress = nil
    state.result = numbered([
      (.of(.exportIncidents), some(bundle.incidents, of: bundle.inLog)),
      (.of(.exportSize), sizePhrase(bundle.bytes)),
      (.of(.exportCode), .words(bundle.fingerprint)),
      (.of(.exportFileSha256), grouped(bundle.sha256)),
    ])
    for code in state.result.suffix(2).indices { state.result[code].canCopy = true }
  }

  private func failed(_ phrase: Phrase) {
    if state.step == .writing { state.step = .preview }
    state.busy = false
    state.progress = nil
    state.error = phrase
  }

  // MARK: What is shown

  /// What she chose holds still while it is looked up, and from the preview on.
  private var mayChoose: Bool { state.step == .select && !state.busy }

  /// What is asked of the files that would leave: of one that stays nothing may be asked.
  private func originals(_ other: [String], of files: [String]) -> Originals {
    // With the report alone no file goes along.
    if chosen.form == .report { return .hashesOnly }
    let otherwise = files.filter { other.contains($0) }
    if chosen.files == "all" {
      return otherwise.isEmpty ? .all : .chosen(items: files.filter { !other.contains($0) }.sorted())
    }
    return otherwise.isEmpty ? .hashesOnly : .chosen(items: otherwise.sorted())
  }

  private func selection(without: [String], originals: Originals) -> ExportSelection {
    ExportSelection(
      language: chosen.language,
      originals: originals,
      from: chosen.filter.from?.written,
      to: chosen.filter.to?.written,
      behaviours: chosen.filter.behaviours,
      people: chosen.filter.people,
      without: without,
      withhold: chosen.withheld.map { WithheldField(field: $0) },
      audience: chosen.audience.allSatisfy(\.isWhitespace) ? nil : chosen.audience,
      copies: chosen.files != "none"
    )
  }

  private func choose(_ change: (inout Filter) -> Void) {
    guard mayChoose else { return }
    change(&chosen.filter)
    other = []
    chose()
  }

  private func chose() {
    state.error = nil
    show()
  }

  private func show() {
    let names: [(String, TextKey)] = [("kk", .exportLanguageKk), ("ru", .exportLanguageRu), ("en", .exportLanguageEn)]
    state.filter = chosen.filter.state(session, known)
    state.languages = names.map { Choice(code: $0, label: .of($1), chosen: $0 == chosen.language) }
    state.files = Self.choices.map { Choice(code: $0.code, label: .of($0.label), chosen: $0.code == chosen.files) }
    state.forms = ExportForm.allCases.map {
      Choice(code: $0.rawValue, label: .of($0.label), chosen: $0 == chosen.form)
    }
    state.formHelp = .of(chosen.form.help)
    state.recipients = chosen.recipients
    state.asksRecipients = chosen.form == .age
    state.withheld = Self.withheld.map {
      Choice(code: $0, label: .label("field.\($0)"), chosen: chosen.withheld.contains($0))
    }
  }
}
