import DiaryKit
import Foundation
import Observation

/// Writes an incident down, or adds to one. What is typed is kept, sealed in the diary, a second after the last letter and
/// whenever the form or the app is left; saving or throwing away ends that.
@MainActor @Observable
public final class FormModel {
  /// What the screen shows.
  public private(set) var state: FormState

  @ObservationIgnored private let app: AppModel
  @ObservationIgnored private let session: Session
  @ObservationIgnored private let about: String?
  @ObservationIgnored private let form: String
  @ObservationIgnored private var before = FormValues()
  @ObservationIgnored private var values = FormValues()
  @ObservationIgnored private var errors: [String: Phrase] = [:]
  @ObservationIgnored private var kept = ""
  /// It was recorded or thrown away: nothing of it is kept any more.
  @ObservationIgnored private(set) var ended = false
  /// What is said of a new incident that was recorded.
  @ObservationIgnored private(set) var recorded: Phrase?
  /// She was told that what she typed is not kept, and may leave all the same.
  @ObservationIgnored private var warned = false
  @ObservationIgnored private var keeping: Task<Void, Never>?
  @ObservationIgnored private var finishing: Task<Void, Never>?

  /// The name of the draft of a new incident.
  static let new = "new"
  private static let reason = "reason"

  init(_ app: AppModel, _ session: Session, about: String?) {
    self.app = app
    self.session = session
    self.about = about
    form = about.map { "amend-\($0)" } ?? Self.new
    state = FormState(title: .of(about == nil ? .formTitleNew : .formTitleAmend), amending: about != nil, busy: true)
    session.work({ [weak self] in self?.failed($0) }) { [weak self] in try await self?.begin() }
  }

  // MARK: What she does

  /// She typed into a field, or chose a day (`2026-10-03`) or a time (`21:15`); an empty text takes it out.
  public func edit(_ path: String, _ text: String) {
    guard !state.busy, values[path] != text else { return }
    values.write(path, text, in: session.ports.zone())
    changed(path)
  }

  /// She chose a code; the same again takes it out.
  public func choose(_ path: String, _ code: String) {
    guard !state.busy else { return }
    var chosen = values.codes(path)
    if let at = chosen.firstIndex(of: code) {
      chosen.remove(at: at)
    } else if field(at: path)?.kind == .someOf {
      chosen.append(code)
    } else {
      chosen = [code]
    }
    values[path] = chosen.joined(separator: " ")
    changed(path)
  }

  /// Adds an element to the list with this path.
  public func add(_ path: String) {
    guard !state.busy else { return }
    values.add(path)
    changed(path)
  }

  /// Takes the element away that has this path, such as `people[1]`.
  public func remove(_ element: String) {
    guard !state.busy, let bracket = element.lastIndex(of: "["),
      let at = Int(element[bracket...].dropFirst().dropLast())
    else { return }
    values.remove(String(element[..<bracket]), at)
    changed(element)
  }

  /// Unfolds the rest of the fields, or folds it.
  public func toggleMore() { state.moreOpen.toggle() }

  /// Records it.
  public func save() {
    guard !state.busy else { return }
    values = FormFields.compact(values)
    state.busy = true
    state.error = nil
    keeping?.cancel()
    finishing = session.work({ [weak self] in self?.failed($0) }) { [self] in
      do {
        try await record()
      } catch DiaryError.InvalidField(let path, let rule) {
        mark(path, rule)
      }
    }
  }

  /// Throws away what was typed, after she was asked.
  public func discard() {
    guard !state.busy else { return }
    state.busy = true
    state.error = nil
    ended = true
    keeping?.cancel()
    finishing = session.work({ [weak self] in self?.failed($0) }) { [self] in
      do {
        try await session.diary.discardDraft(form: form)
      } catch {
        // What she typed is hers again.
        ended = false
        throw error
      }
      app.leave(self)
    }
  }

  // MARK: What the app asks

  /// One step back, when what she typed is kept. Where it cannot be, she is told once and stays. What is being recorded is on
  /// the disk in a moment; a form opened meanwhile would show it as unfinished. False if nothing keeps her here.
  func back() -> Bool {
    if state.busy { return true }
    if warned || unkept() == nil { return false }
    state.busy = true
    state.error = nil
    keeping?.cancel()
    finishing = session.work({ [weak self] in self?.notKept($0) }) { [self] in
      try await keep()
      state.busy = false
      app.leave(self)
    }
    return true
  }

  /// Something went wrong on the way here.
  func trouble(_ phrase: Phrase) { state.error = phrase }

  /// What is typed and not yet kept.
  func unkept() -> KeptDraft? {
    let text = values.encoded()
    // An untouched form leaves nothing; one that was emptied again takes the place of what was kept.
    let untouched = values == before && kept.isEmpty
    return !ended && text != kept && !untouched ? KeptDraft(form: form, text: text) : nil
  }

  /// Comes back when it is recorded or thrown away, if that was asked for.
  func settled() async { await finishing?.value }

  /// Keeps what is typed, unless it is recorded or thrown away by then.
  func keepNow() {
    session.work({ _ in }) { [self] in
      await settled()
      try await keep()
    }
  }

  /// The form was left.
  func left() {
    keeping?.cancel()
    keepNow()
  }

  // MARK: Work

  private func begin() async throws {
    if let about {
      before = try await session.diary.show(about).incident.map(FormValues.init) ?? FormValues()
    } else {
      before = fresh()
    }
    let draft = try await session.kept(form)
    values = draft.map(FormValues.init(decoding:)) ?? before
    kept = draft == nil ? "" : values.encoded()
    state.busy = false
    state.kept = draft != nil
    if session.draftsDamaged, state.error == nil { state.error = .of(.noticeDraftsDamaged) }
    show()
  }

  private func record() async throws {
    let zone = session.ports.zone()
    guard let about else {
      let added = try await session.diary.add(values.incident(in: zone))
      // From here on it is recorded, whatever becomes of the draft.
      ended = true
      recorded = .of(.doneSaved, [.words(String(added.number))])
      try? await session.diary.discardDraft(form: form)
      app.leave(self, instead: .incident(added.id), said: recorded)
      return
    }
    var (old, new) = (before, values)
    let reason = new[Self.reason]
    old[Self.reason] = ""
    new[Self.reason] = ""
    guard let patch = new.patch(from: old, in: zone) else {
      return failed(.of(.formNothingChanged))
    }
    _ = try await session.diary.amend(about, with: patch, reason: reason)
    ended = true
    await SavedBackup.outdate(in: session.diary)
    try? await session.diary.discardDraft(form: form)
    app.leave(self)
  }

  private func changed(_ path: String) {
    app.onUserActive()
    warned = false
    errors[path] = nil
    state.error = nil
    state.kept = false
    show()
    keeping?.cancel()
    let then = session.after(.seconds(1))
    keeping = session.work({ [weak self] in self?.failed($0) }) { [weak self, session] in
      try await session.wait(until: then)
      try await self?.keep()
    }
  }

  private func keep() async throws {
    // From here on `discardDraft` comes after it.
    if let draft = unkept() {
      try await session.diary.keep(draft)
      kept = draft.text ?? ""
    }
    state.kept = !kept.isEmpty && kept == values.encoded()
  }

  /// Shows what is wrong beside the field, and opens the fold that it lies in.
  private func mark(_ path: String, _ rule: FieldRule) {
    show()
    let fields = state.fields + state.more
    // The whole incident has an empty path, and so has the heading of a group.
    let named = fields.filter { !$0.path.isEmpty && path.hasPrefix($0.path) }
    let at = named.first { $0.path == path } ?? named.first
    let phrase = fieldErrorPhrase(rule)
    errors = at.map { [$0.path: phrase] } ?? [:]
    if let at, !state.fields.contains(where: { $0.path == at.path }) { state.moreOpen = true }
    state.busy = false
    state.error = at == nil ? phrase : .of(.fieldCheck)
    show()
  }

  private func notKept(_ phrase: Phrase) {
    warned = true
    failed(Self.notKeptPhrase(phrase))
  }

  /// What is too long to be kept can still be saved; whatever else it is, free space is the way out.
  static func notKeptPhrase(_ phrase: Phrase) -> Phrase {
    phrase == .of(.errorFullDrafts) ? phrase : .of(.formNotKept)
  }

  private func failed(_ phrase: Phrase) {
    state.busy = false
    state.error = phrase
  }

  // MARK: Fields

  private func show() {
    let reason = FormFields.Spec(path: Self.reason, kind: .text, label: .of(.formReason), hint: .formReasonHint)
    let short = (about == nil ? [] : [reason]) + FormFields.short
    state.fields = short.map { field($0, $0.path) }
    state.more = FormFields.more.enumerated().flatMap { folded($1, number: $0) }
  }

  private func folded(_ part: FormFields.Part, number: Int) -> [FieldState] {
    switch part {
    case .group(let label, let specs):
      return [FieldState(path: "", kind: .group, label: label, number: number)] + specs.map { field($0, $0.path) }
    case .many(let list, let label, let specs):
      let elements = (0..<values.count(list)).flatMap { at in
        let element = "\(list)[\(at)]"
        return specs.enumerated().map { first, spec in
          var shown = field(spec, spec.path.isEmpty ? element : "\(element).\(spec.path)")
          if first == 0 {
            shown.heading = .of(.formElement, [label, .words(String(at + 1))])
            shown.element = element
          }
          return shown
        }
      }
      return elements + [FieldState(path: list, kind: .add, label: .of(.formAdd, [label]))]
    }
  }

  private func field(_ spec: FormFields.Spec, _ path: String) -> FieldState {
    let value = values[path]
    return FieldState(
      path: path,
      kind: spec.kind,
      label: spec.label,
      hint: spec.hint.map { .of($0) },
      value: value,
      shown: spec.kind == .date ? Day(value).map(dayPhrase) ?? .words(value) : .words(value),
      choices: spec.codes.map { session.choices($0, values.codes(path)) } ?? [],
      error: errors[path]
    )
  }

  private func field(at path: String) -> FieldState? {
    (state.fields + state.more).first { $0.path == path }
  }

  /// A new form begins with now, as "about": she changes it if it was another day.
  private func fresh() -> FormValues {
    let now = Moment(session.ports.now(), in: session.ports.zone())
    var values = FormValues()
    values["occurred.from"] = now.day.written
    values["occurred.from.time"] = now.clock?.written ?? ""
    values["occurred.precision"] = "about"
    return values
  }
}
