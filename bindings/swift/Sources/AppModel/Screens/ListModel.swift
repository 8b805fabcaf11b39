import DiaryKit
import Foundation
import Observation

/// The incidents, newest recorded first, searched and chosen from.
@MainActor @Observable
public final class ListModel {
  /// What the screen shows.
  public private(set) var state: ListState

  @ObservationIgnored private let app: AppModel
  @ObservationIgnored private let session: Session
  @ObservationIgnored private let notices: [Phrase]
  @ObservationIgnored private var search = ""
  @ObservationIgnored private var filter = Filter()
  @ObservationIgnored private var known: [KnownPerson] = []
  @ObservationIgnored private var next: String?
  @ObservationIgnored private var unknownTime: UInt32 = 0
  @ObservationIgnored private var loading: Task<Void, Never>?
  @ObservationIgnored private var loadingMore = false

  init(_ app: AppModel, _ session: Session, _ notices: [Phrase]) {
    self.app = app
    self.session = session
    self.notices = notices
    state = ListState(notices: notices)
    refresh()
  }

  /// She typed into the search field.
  public func search(_ text: String) {
    guard text != search else { return }
    app.onUserActive()
    search = text
    load(after: .milliseconds(300))
  }

  /// Only what happened from that day on.
  public func chooseFrom(_ day: Day?) { choose { $0.from = day } }

  /// Only what happened until that day.
  public func chooseTo(_ day: Day?) { choose { $0.to = day } }

  /// Only incidents with this behaviour; the same again takes it out.
  public func chooseBehaviour(_ code: String) { choose { $0.behaviours = $0.behaviours == [code] ? [] : [code] } }

  /// Only incidents with this person; the same again takes the person out.
  public func choosePerson(_ key: String) { choose { $0.people = $0.people == [key] ? [] : [key] } }

  /// Shows all again.
  public func clear() {
    search = ""
    choose { $0 = Filter() }
  }

  /// The end of the list is near.
  public func more() {
    guard let cursor = next, !state.loading, !loadingMore else { return }
    loadingMore = true
    loading = session.work({ [weak self] in self?.failed($0) }) { [weak self] in
      guard let self else { return }
      let page = try await session.diary.list(query(after: cursor))
      try Task.checkCancellation()
      show(page, state.rows + page.incidents.map(row))
    }
  }

  /// Opens an incident.
  public func open(_ id: String) { app.openIncident(id) }

  /// To the backup.
  public func backup() { app.openBackup() }

  /// To a new recovery code.
  public func keys() { app.openKeys() }

  /// Opens the form for a new one, with what was not finished.
  public func write() { app.openForm() }

  func refresh() { load(after: .zero) }

  private func choose(_ change: (inout Filter) -> Void) {
    change(&filter)
    load(after: .zero)
  }

  private func load(after pause: Duration) {
    loading?.cancel()
    loadingMore = false
    state.loading = true
    state.error = nil
    state.search = search
    state.filter = filter.state(session, known)
    let then = session.after(pause)
    loading = session.work({ [weak self] in self?.failed($0) }) { [weak self] in
      guard let self else { return }
      if pause > .zero { try await session.wait(until: then) }
      let known = try await session.diary.people()
      let page = try await session.diary.list(query(after: nil))
      let unfinished = try await session.kept(FormModel.new) != nil
      let saved = try await SavedBackup.last(in: session)
      // A newer search may have begun meanwhile.
      try Task.checkCancellation()
      self.known = known
      unknownTime = 0
      show(page, page.incidents.map(row))
      state.unfinished = unfinished
      state.code = session.ports.codeUnconfirmed ? .of(.noticeCode) : nil
      // Of a list that is chosen from, nobody knows which is the newest.
      if !isChosen, let saved, let newest = page.incidents.first?.number { state.backup = backupNotice(newest, saved) }
      state.filter = filter.state(session, known)
    }
  }

  private func show(_ page: IncidentPage, _ rows: [IncidentRow]) {
    next = page.next
    loadingMore = false
    unknownTime += page.unknownTime
    state.rows = rows
    state.loading = false
    state.hasMore = next != nil
    state.empty = rows.isEmpty ? .of(isChosen ? .listNothingFound : .listEmpty) : nil
    state.notices = notices
    if session.draftsDamaged { state.notices.append(.of(.noticeDraftsDamaged)) }
    if unknownTime > 0 { state.notices.append(.of(.noticeUnknownTime, [.words(String(unknownTime))])) }
  }

  private var isChosen: Bool { !search.allSatisfy(\.isWhitespace) || filter.isActive }

  /// Five incidents since the last backup are worth a word.
  private func backupNotice(_ newest: UInt32, _ saved: SavedBackup) -> Phrase? {
    if saved.newest == 0 { return .of(.backupNever) }
    if newest >= saved.newest + 5 { return .of(.backupSince, [.words(String(newest - saved.newest))]) }
    return saved.isOlder || newest > saved.newest ? .of(.backupOlder) : nil
  }

  private func query(after: String?) -> ListQuery {
    ListQuery(
      search: search.allSatisfy(\.isWhitespace) ? nil : search,
      from: filter.from?.written,
      to: filter.to?.written,
      behaviour: filter.behaviours.first,
      person: filter.people.first,
      after: after
    )
  }

  private func row(_ line: IncidentSummary) -> IncidentRow {
    var marks: [Phrase] = []
    if line.amended { marks.append(.of(.markAmended)) }
    if line.withdrawn { marks.append(.of(.markWithdrawn)) }
    if line.erased { marks.append(.of(.markErased)) }
    if line.damaged { marks.append(.of(.markDamaged)) }
    let words = shortened(line.title)
    let title: Phrase =
      if line.erased { .of(.incidentErased) } else if line.damaged { .of(.incidentDamaged) } else { .words(words) }
    return IncidentRow(
      id: line.id,
      number: .of(.listNumber, [.words(String(line.number))]),
      title: title,
      occurred: line.occurred.map { occurredPhrase($0, in: session.ports.zone()) } ?? .of(.timeUnknown),
      behaviours: line.behaviours.map { .label("behaviours.\($0)") },
      evidence: line.evidence == 0 ? nil : .of(.listFiles, [.words(String(line.evidence))]),
      marks: marks,
      faded: line.erased || line.damaged
    )
  }

  private func failed(_ phrase: Phrase) {
    loadingMore = false
    state.loading = false
    state.error = phrase
  }
}

/// The library gives at most 80 characters of the first line: then it goes on.
private func shortened(_ title: String) -> String { title.unicodeScalars.count >= 80 ? title + "…" : title }
