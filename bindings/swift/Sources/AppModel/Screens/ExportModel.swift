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
  @ObservationIgnored private var files = "copies"
  /// The evidence items that leave otherwise than `files` says.
  @ObservationIgnored private var other: [String] = []
  @ObservationIgnored private var items: [String: (file: EvidenceItem, number: UInt32)] = [:]
  @ObservationIgnored private var known: [KnownPerson] = []
  @ObservationIgnored private var without: [String] = []
  @ObservationIgnored private var numbers: [String: UInt32] = [:]
  @ObservationIgnored private var running: Task<Void, Never>?
  /// What is written, while she chooses where a copy of it goes.
  @ObservationIgnored private var offered: URL?
  /// What the preview shows, and nothing else leaves.
  @ObservationIgnored private var previewed: ExportSelection?

  /// What no other says comes first: nothing that she does not know of leaves with a picture.
  private static let choices: [(code: String, label: TextKey)] = [
    ("copies", .exportFilesCopies), ("all", .exportFilesAll), ("none", .exportFilesNone),
  ]

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
    guard mayChoose else { return }
    language = code
    show()
  }

  /// How the files go along: as `copies` without metadata, `all` as they are, or `none`.
  public func chooseFiles(_ code: String) {
    guard mayChoose, Self.choices.contains(where: { $0.code == code }) else { return }
    files = code
    other = []
    show()
  }

  /// To whom and for what.
  public func editAudience(_ text: String) {
    app.onUserActive()
    if mayChoose { state.audience = text }
  }

  // MARK: Step by step

  /// Shows exactly what would leave.
  public func preview() {
    if state.step == .select { preview(without: without, other: other) }
  }

  private func preview(without: [String], other: [String]) {
    guard !state.busy else { return }
    let selection = selection(without: without, other: other)
    state.busy = true
    state.error = nil
    running = session.work({ [weak self] in self?.failed($0) }) { [weak self] in
      guard let self else { return }
      let preview = try await session.diary.preview(selection)
      for incident in preview.incidents where numbers[incident.id] == nil {
        let detail = try await session.diary.show(incident.id)
        numbers[incident.id] = detail.number
        for file in detail.evidence { items[file.id] = (file, detail.number) }
      }
      try Task.checkCancellation()
      self.without = without
      self.other = other
      previewed = selection
      state.step = .preview
      state.busy = false
      state.preview = shown(preview)
    }
  }

  /// Leaves an incident out of the preview, or takes it in again.
  public func toggleIncident(_ id: String) {
    if state.step == .preview { preview(without: without.toggled(id), other: other) }
  }

  /// Lets a file leave as it is, or not; what it does instead is in the preview then.
  public func toggleOriginal(_ item: String) {
    if state.step == .preview, items[item] != nil { preview(without: without, other: other.toggled(item)) }
  }

  /// She has looked at it and goes on.
  public func accept() {
    guard state.step == .preview, !state.busy else { return }
    state.step = .passphrase
    state.error = nil
  }

  /// Takes the passphrase, writes and checks the file, and lets her choose where a copy goes. The view empties its field.
  public func choosePlace(_ passphrase: String) {
    guard state.step == .passphrase, !state.busy, let previewed else { return }
    let (first, second) = (Secret(passphrase), Secret(passphrase))
    state.busy = true
    state.error = nil
    let stopped = { @MainActor [weak self] in self?.stopped() ?? () }
    running = session.work({ [weak self] in self?.failed($0) }, stopped: stopped) { [weak self] in
      defer { second.wipe() }
      guard let self else { return }
      // A wrong one is told at once, and on the screen where it was typed.
      try await session.diary.confirm(first)
      try Task.checkCancellation()
      try await write(previewed, second)
    }
  }

  /// Stops the work; the screen is busy until it has ended, and then nothing of the file is left here.
  public func stop() {
    running?.cancel()
    if offered != nil { stopped() }
  }

  /// One step back. False if there is none.
  func back() -> Bool {
    switch state.step {
    case .select where state.busy: running?.cancel()
    case .select, .done: return false
    case .preview:
      running?.cancel()
      state.step = .select
    case .passphrase where state.busy, .writing:
      stop()
      return true
    case .passphrase: state.step = .preview
    }
    state.busy = false
    state.error = nil
    return true
  }

  /// The screen was left.
  func left() {
    running?.cancel()
    forget()
  }

  private func write(_ selection: ExportSelection, _ passphrase: Secret) async throws {
    let text = Phrase.of(.exportWriting)
    state.step = .writing
    state.progress = ProgressState(text: text, percent: nil)
    let file = try app.scratchFile(named: "\(session.today).zip")
    let bundle: ExportedBundle
    do {
      bundle = try await session.diary.export(selection, to: file, passphrase: passphrase) { [weak self] progress in
        Task { @MainActor in self?.tell(text, progress) }
      }
      try Task.checkCancellation()
    } catch {
      // It may have been finished while she stopped it, or left.
      try? FileManager.default.removeItem(at: file)
      throw error
    }
    offered = file
    app.askToSave(file) { [weak self] saved in
      guard let self, offered == file else { return }
      forget()
      if saved { done(bundle) } else { stopped() }
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
    for code in state.result.suffix(2).indices { state.result[code].canCopy = true }
  }

  /// The file on its way out is removed; the bundle that she saved is a copy.
  private func forget() {
    if let offered { try? FileManager.default.removeItem(at: offered) }
    offered = nil
  }

  private func stopped() { failed(.of(.errorStopped)) }

  private func failed(_ phrase: Phrase) {
    forget()
    if state.step == .writing { state.step = .preview }
    state.busy = false
    state.progress = nil
    state.error = phrase
  }

  // MARK: What is shown

  private func shown(_ preview: ExportPreview) -> PreviewState {
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
      files: preview.evidence.map { leaving in
        items[leaving.item].map { leavingRow($0.file, of: $0.number, leaving.leaving) }
          ?? LeavingRow(id: leaving.item, name: .words(leaving.item))
      }
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

  /// What she chose holds still while it is looked up, and from the preview on.
  private var mayChoose: Bool { state.step == .select && !state.busy }

  private func originals(_ other: [String]) -> Originals {
    if files == "all" { return other.isEmpty ? .all : .chosen(items: items.keys.filter { !other.contains($0) }) }
    return other.isEmpty ? .hashesOnly : .chosen(items: other)
  }

  private func selection(without: [String], other: [String]) -> ExportSelection {
    ExportSelection(
      language: language,
      originals: originals(other),
      from: filter.from?.written,
      to: filter.to?.written,
      behaviours: filter.behaviours,
      people: filter.people,
      without: without,
      audience: state.audience.allSatisfy(\.isWhitespace) ? nil : state.audience,
      copies: files != "none"
    )
  }

  private func choose(_ change: (inout Filter) -> Void) {
    guard mayChoose else { return }
    change(&filter)
    other = []
    show()
  }

  private func show() {
    let names: [(String, TextKey)] = [("kk", .exportLanguageKk), ("ru", .exportLanguageRu), ("en", .exportLanguageEn)]
    state.filter = filter.state(session, known)
    state.languages = names.map { Choice(code: $0, label: .of($1), chosen: $0 == language) }
    state.files = Self.choices.map { Choice(code: $0.code, label: .of($0.label), chosen: $0.code == files) }
    state.error = nil
  }
}
