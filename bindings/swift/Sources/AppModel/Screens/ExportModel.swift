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
  @ObservationIgnored private var filter = Filter()
  @ObservationIgnored private var language = "ru"
  @ObservationIgnored private var originals = "none"
  @ObservationIgnored private var known: [KnownPerson] = []
  @ObservationIgnored private var without: [String] = []
  @ObservationIgnored private var numbers: [String: UInt32] = [:]
  @ObservationIgnored private var running: Task<Void, Never>?
  @ObservationIgnored private var file: URL?

  init(_ app: AppModel, _ session: Session) {
    self.app = app
    self.session = session
    show()
    session.work({ [weak self] in self?.failed($0) }) { [weak self, session] in
      let known = try await session.diary.people()
      self?.known = known
      self?.show()
    }
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
    language = code
    show()
  }

  /// Whether the files go along: `none` or `all`.
  public func chooseOriginals(_ code: String) {
    originals = code
    show()
  }

  /// To whom and for what.
  public func editAudience(_ text: String) {
    app.onUserActive()
    state.audience = text
  }

  // MARK: Step by step

  /// Shows exactly what would leave.
  public func preview() {
    guard !state.busy else { return }
    state.busy = true
    state.error = nil
    running = session.work({ [weak self] in self?.failed($0) }) { [weak self] in
      guard let self else { return }
      let preview = try await session.diary.preview(selection)
      for incident in preview.incidents where numbers[incident.id] == nil {
        numbers[incident.id] = try await session.diary.show(incident.id).number
      }
      try Task.checkCancellation()
      state.step = .preview
      state.busy = false
      state.preview = shown(preview)
    }
  }

  /// Leaves an incident out of the preview, or takes it in again.
  public func toggleIncident(_ id: String) {
    guard !state.busy else { return }
    without = without.toggled(id)
    preview()
  }

  /// She has looked at it and goes on.
  public func accept() {
    guard state.step == .preview, !state.busy else { return }
    state.step = .passphrase
    state.error = nil
  }

  /// Takes the passphrase, writes and checks the file, and lets her choose where a copy goes. The view empties its field.
  public func choosePlace(_ passphrase: String) {
    guard state.step == .passphrase, !state.busy else { return }
    let (first, second) = (Secret(passphrase), Secret(passphrase))
    state.busy = true
    state.error = nil
    running = session.work({ [weak self] in self?.failed($0) }) { [weak self] in
      defer { second.wipe() }
      guard let self else { return }
      // A wrong one is told at once, and on the screen where it was typed.
      try await session.diary.confirm(first)
      try Task.checkCancellation()
      try await write(second)
    }
  }

  /// Stops the work; nothing is left behind.
  public func stop() {
    running?.cancel()
    forget()
    state.step = .preview
    state.busy = false
    state.progress = nil
    state.error = .of(.errorStopped)
  }

  /// One step back. False if there is none.
  func back() -> Bool {
    switch state.step {
    case .select, .done: return false
    case .preview: state.step = .select
    case .passphrase: state.step = .preview
    case .writing:
      stop()
      return true
    }
    running?.cancel()
    state.busy = false
    state.error = nil
    return true
  }

  /// The screen was left.
  func left() {
    running?.cancel()
    forget()
  }

  private func write(_ passphrase: Secret) async throws {
    let text = Phrase.of(.exportWriting)
    state.step = .writing
    state.progress = ProgressState(text: text, percent: nil)
    let file = try app.scratchFile(named: fileName)
    self.file = file
    let bundle = try await session.diary.export(selection, to: file, passphrase: passphrase) { [weak self] progress in
      Task { @MainActor in self?.tell(text, progress) }
    }
    try Task.checkCancellation()
    app.askToSave(file) { [weak self] saved in
      guard let self else { return }
      forget()
      if saved { done(bundle) } else { stop() }
    }
  }

  private func tell(_ text: Phrase, _ progress: WorkProgress) {
    guard state.step == .writing else { return }
    state.progress = ProgressState(text: text, percent: percent(progress))
  }

  private func done(_ bundle: ExportedBundle) {
    state.step = .done
    state.busy = false
    state.progress = nil
    state.result = numbered([
      (.of(.exportIncidents), of(bundle.incidents, bundle.inLog)),
      (.of(.exportSize), sizePhrase(bundle.bytes)),
      (.of(.exportCode), .words(bundle.fingerprint)),
      (.of(.exportFileSha256), grouped(bundle.sha256)),
    ])
  }

  /// The file on its way out is removed; the bundle that she saved is a copy.
  private func forget() {
    if let file { try? FileManager.default.removeItem(at: file) }
    file = nil
  }

  private func failed(_ phrase: Phrase) {
    forget()
    if state.step == .writing { state.step = .preview }
    state.busy = false
    state.progress = nil
    state.error = phrase
  }

  // MARK: What is shown

  private func shown(_ preview: ExportPreview) -> PreviewState {
    let files = preview.files.compactMap { file -> (label: Phrase, value: Phrase)? in
      file.path.range(of: "evidence/").map { (.words(String(file.path[$0.upperBound...])), sizePhrase(file.bytes)) }
    }
    var summary: [(label: Phrase, value: Phrase)] = [
      (.of(.exportIncidents), of(UInt64(preview.incidents.count), preview.inLog)),
      (.of(.exportLeftOut), .words(String(preview.leftOut))),
    ]
    if preview.unknownTime > 0 { summary.append((.of(.exportUnknownTime), .words(String(preview.unknownTime)))) }
    let left = without.map {
      PreviewRow(id: $0, number: number($0), fields: .of(.exportLeft), leavesOut: nil, included: false)
    }
    return PreviewState(
      summary: numbered(summary),
      incidents: preview.incidents.map(row) + left,
      files: numbered(files)
    )
  }

  private func row(_ incident: PreviewIncident) -> PreviewRow {
    let withheld = incident.withheld.map { Phrase.label("field.\($0)") }
    return PreviewRow(
      id: incident.id,
      number: number(incident.id),
      fields: .row(incident.fields.map { .label("field.\($0)") }),
      leavesOut: withheld.isEmpty ? nil : .of(.exportWithheld, [.row(withheld)]),
      included: true
    )
  }

  private func number(_ id: String) -> Phrase {
    .of(.listNumber, [.words(numbers[id].map { String($0) } ?? "")])
  }

  private func of(_ some: UInt64, _ all: UInt64) -> Phrase {
    .of(.exportOf, [.words(String(some)), .words(String(all))])
  }

  private var selection: ExportSelection {
    ExportSelection(
      language: language,
      originals: originals == "all" ? .all : .hashesOnly,
      from: filter.from?.written,
      to: filter.to?.written,
      behaviours: filter.behaviours,
      people: filter.people,
      without: without,
      audience: state.audience.allSatisfy(\.isWhitespace) ? nil : state.audience
    )
  }

  private func choose(_ change: (inout Filter) -> Void) {
    change(&filter)
    show()
  }

  private func show() {
    let names: [(String, TextKey)] = [("kk", .exportLanguageKk), ("ru", .exportLanguageRu), ("en", .exportLanguageEn)]
    state.filter = filter.state(session, known)
    state.languages = names.map { Choice(code: $0, label: .of($1), chosen: $0 == language) }
    state.originals = [
      Choice(code: "none", label: .of(.exportOriginalsNone), chosen: originals == "none"),
      Choice(code: "all", label: .of(.exportOriginalsAll), chosen: originals == "all"),
    ]
    state.error = nil
  }

  /// A name that says nothing but the day.
  private var fileName: String {
    "\(Moment(session.ports.now(), in: session.ports.zone()).day.written).zip"
  }
}
