import DiaryKit
import Foundation
import Observation

/// The whole app behind its views: which screen is in front, when the diary locks, and what the system is asked to do.
///
/// One object for the process. `way` is what `savedWay` gave before the process ended: after the next unlock she is where
/// she was.
@MainActor @Observable
public final class AppModel {
  /// What is in front of her.
  public private(set) var screen: Screen
  /// What the system is asked to do; `nil` when it was done.
  public private(set) var effect: Effect?
  /// The app is not in front: nothing of the diary may be seen, not even in the list of apps.
  public private(set) var isCovered = false
  /// She left at once: what is in front says nothing, not even that something is locked, until she comes back.
  public private(set) var isAway = false

  /// What is said aloud where she does not see it; nothing while the app is covered.
  public var spoken: Phrase? { isCovered || isAway ? nil : Phrase.lines(screen.spoken) }

  /// Long work goes on in the open diary.
  public private(set) var isWorking = false

  /// She copies a code by hand.
  public var showsCode: Bool { screen.showsCode }

  /// The screen must not go dark by itself, which would lock, and lose the code, or end what she waits for.
  public var keepsScreenOn: Bool { showsCode || isWorking || screen.restores }

  @ObservationIgnored let ports: Ports
  @ObservationIgnored var session: Session?
  @ObservationIgnored private var way = Way()
  @ObservationIgnored private var wayBack: [Route]
  @ObservationIgnored private var closing: Task<Void, Never>?
  @ObservationIgnored private var saved: (@MainActor (Bool) -> Void)?
  /// What she is told when the diary is open next.
  @ObservationIgnored let untold: Untold
  /// A photo that came back when it was locked already: it waits for the diary to be opened.
  @ObservationIgnored var late = LatePhotos()
  /// For which incident of which diary she was sent to a picker or the camera.
  @ObservationIgnored var asked: Asked?
  @ObservationIgnored private var autoLock: AutoLock?
  /// How often she has left the app, or the device went dark. Opening takes a second, and an app that was left may sleep in the middle of it:
  /// whoever wakes it must not find it open.
  @ObservationIgnored private(set) var departures = 0

  /// Begins with the locked diary, or with the first start where there is none.
  public init(ports: Ports, way: String = "") {
    // A library that is not that of the bindings ends the process at its first call: here, and not when she has typed.
    _ = try? libraryVersion()
    self.ports = ports
    untold = Untold(ports.settings)
    wayBack = Route.decode(way)
    // What a killed process left on its way.
    ports.folders.emptyScratch()
    ports.finishWipe()
    for folder in ports.folders.leftovers { try? FileManager.default.removeItem(at: folder) }
    try? ports.finishRestore()
    // It was announced, and the process ended before the diary was made.
    if !ports.folders.hasDiary, ports.codeUnconfirmed { ports.codeUnconfirmed = false }
    screen = .starting
    screen = closedScreen(nil)
    let idle = { @MainActor in Duration.seconds(60 * idleMinutes(ports.settings)) }
    autoLock = AutoLock(time: ports.time, idleLimit: idle) { [weak self] in self?.lock() }
  }

  /// Where she is, in ids only: all that may be kept outside of the diary.
  public var savedWay: String {
    Route.encode(session == nil ? wayBack : way.routes)
  }

  /// The day that it is for her: what a field for a day begins with.
  public var today: Day { ports.today }

  /// The diary is unlocked.
  public var isOpen: Bool {
    switch screen {
    case .starting, .firstStart, .lock: false
    default: true
    }
  }

  // MARK: Where she goes

  /// One step back. False if there is none.
  @discardableResult
  public func back() -> Bool {
    switch screen {
    case .firstStart(let model): return model.back()
    case .lock(let model): return model.back()
    case .form(let model): if model.back() { return true }
    case .attach(let model): if model.back() { return true }
    case .export(let model): if model.back() { return true }
    case .keys(let model): if model.back() { return true }
    default: break
    }
    guard way.canGoBack else { return false }
    leaveTop()
    refreshTop()
    return true
  }

  /// Locks, and shows nothing of the diary. What she typed is kept.
  public func quickExit() {
    lock()
    wayBack = Route.start
    isAway = true
  }

  /// She touched the plain cover that she left behind.
  public func comeBack() { isAway = false }

  /// Locks. What she typed is kept, sealed.
  public func lock() {
    lock(because: nil)
  }

  func openForm(about: String? = nil) { go(.form(about: about)) }

  func openIncident(_ id: String) { go(.incident(id)) }

  func openPicture(_ item: String, of incident: String) { go(.picture(item, of: incident)) }

  func openAttach(_ id: String) { go(.attach(id)) }

  /// To the export.
  public func openExport() { go(.export) }

  /// To the code of the log.
  public func openFingerprint() { go(.fingerprint) }

  /// To the settings.
  public func openSettings() { go(.settings) }

  /// To the backup.
  public func openBackup() { go(.backup) }

  /// To destroying the diary.
  public func openWipe() { go(.wipe) }

  /// To her passphrase.
  public func openKeys() { go(.keys) }

  // MARK: What the system tells

  /// The app is in front.
  public func onStarted() {
    isCovered = false
    autoLock?.started()
  }

  /// The app is about to leave the front, or something lies over it: it is covered before the system takes its picture.
  public func onInactive() {
    isCovered = true
    way.stopped()
  }

  /// The app is not in front any more.
  public func onStopped() {
    departures += 1
    isCovered = true
    way.stopped()
    if case .lock(let model) = screen { model.left() }
    autoLock?.stopped()
  }

  /// The device went dark, or was locked.
  public func onScreenOff() {
    departures += 1
    autoLock?.screenOff()
  }

  /// She touched the screen or typed.
  public func onUserActive() { autoLock?.touched() }

  /// The app is about to show a picker or the camera.
  public func openedOwnPicker() { autoLock?.openedOwnPicker() }

  /// The picker or the camera is gone, with or without an answer. Before the answer is given.
  public func ownPickerReturned() { autoLock?.ownPickerReturned() }

  /// The system does what it was asked to.
  public func effectTaken() { effect = nil }

  /// The file was copied where she wanted it, or she thought better of it.
  public func fileSaved(_ done: Bool) {
    let wanted = saved
    saved = nil
    wanted?(done)
  }

  /// For files or a photo about this incident.
  func ask(_ effect: Effect, about incident: String? = nil) {
    if let incident { asked = Asked(incident: incident, session: session) }
    self.effect = effect
  }

  func askToSave(_ file: URL, done: @escaping @MainActor (Bool) -> Void) {
    saved = done
    effect = .saveFile(file)
  }

  // MARK: Opening and locking

  /// The diary was opened or made: notices are said on top of the list, and what was left in it where she is. If she has left the
  /// app since she asked for it (`departures` then), it is locked at once.
  func unlocked(
    _ diary: OpenDiary,
    notices: [Phrase] = [],
    left: Untold.Left = Untold.Left(),
    askedAfter departures: Int
  ) {
    let session = Session(diary, ports: ports, working: { [weak self] in self?.works($0) }) { [weak self] in
      self?.lock(because: $0)
    }
    self.session = session
    autoLock?.unlocked()
    if !left.isHere {
      wayBack = Route.start
      untold.holdBack()
    }
    untold.notices = notices + untold.notices.filter { !notices.contains($0) }
    let done = untold.done
    // A photo that waits is no loss.
    let missed = left.kinds.filter { $0 != .lost || late.incident == nil }
    let told = untold.notices + done + missed.map(\.text)
    way = Way(wayBack) { $0.screen(self, session, told) }
    guard departures == self.departures else { return lock() }
    if let top = way.screens.last { screen = top }
    if case .list = screen { untold.seen() }
    if let done = Phrase.lines(done), case .incident(let model) = screen { model.say(done) }
    if let trouble = Phrase.lines(missed.map(\.text)) { screen.trouble(trouble) }
    for kind in missed { untold.remove(kind) }
    untold.doneTold()
    takeIn(session)
  }

  /// What was left in the diary that is being opened.
  func left(in diary: OpenDiary) async -> Untold.Left { await untold.left(in: diary, at: lastIncident) }

  /// The incident that she was at last.
  var lastIncident: String? {
    let routes = session == nil ? wayBack : way.routes
    return routes.reversed().lazy.compactMap { if case .incident(let id) = $0 { id } else { nil } }.first
  }

  /// The diary was destroyed: nothing here tells of it any more, and the next one begins anew.
  func wiped(_ session: Session) {
    if self.session === session {
      self.session = nil
      way.left()
      way = Way()
      saved = nil
      effect = nil
      autoLock?.locked()
      session.end()
    }
    wayBack = Route.start
    untold.forget()
    asked = nil
    late.forget()
    ports.finishWipe()
    ports.folders.emptyScratch()
    screen = closedScreen(nil)
  }

  /// A backup was made a diary again: she opens it like any other.
  func restored() throws {
    try ports.finishRestore()
    screen = closedScreen(nil)
  }

  /// The diary cannot be opened, and she picked a backup of it.
  func restore(from files: [PickedFile]) {
    let start = FirstStartModel(self, replaced: true)
    start.backupPicked(files)
    screen = .firstStart(start)
  }

  /// She thought better of it.
  func notRestored() { screen = closedScreen(nil) }

  /// The diary was made, and its recovery code is on the screen.
  func made() { autoLock?.unlocked(showsCode: true) }

  /// A new recovery code is on the screen, until it is confirmed.
  func codeShown(_ shown: Bool, in session: Session) {
    if self.session === session { autoLock?.unlocked(showsCode: shown) }
  }

  /// Waits until the diary that was open before has let its files go. The app asks the system for that much time.
  public func closed() async { await closing?.value }

  /// The token of the last time.
  var token: KeptToken { KeptToken(settings: ports.settings) }

  private func lock(because reason: Phrase?) {
    if case .firstStart(let model) = screen, let made = model.takeMade() {
      autoLock?.locked()
      close(made)
      screen = closedScreen(nil)
    }
    guard let session else { return }
    let way = way
    // What becomes of files that wait is told by itself.
    let cut = isWorking && way.attach == nil
    self.session = nil
    isWorking = false
    wayBack = way.leadingBack
    way.locked()
    self.way = Way()
    saved = nil
    effect = nil
    autoLock?.locked()
    screen = closedScreen(reason)
    session.end()
    close(session.diary, carrying: way, cut: cut)
  }

  private func close(_ diary: OpenDiary, carrying way: Way = Way(), cut: Bool = false) {
    // What the old token tells must be found again, also by another process, until she has seen it.
    let toldByToken = token.isTold(in: untold.notices)
    closing = Task { [weak self, ports, untold, token, old = token.kept, back = way.leadingBack] in
      // Each for itself: whatever fails, the keys are wiped.
      await way.settled()
      // To what was recorded or thrown away nothing leads back, and what it would have said is said at the next unlock.
      if let self, wayBack == back { wayBack = way.leadingBack }
      await untold.leave(diary, recorded: way.recorded)
      if cut { untold.add(.work) }
      var kept = await way.keep(in: diary)
      // A photo taken in the app lies nowhere else, and the moment it shows is over.
      if let through = await way.attach?.carryThrough() {
        untold.carried += through.attached
        if through.lost { untold.add(.lost) }
        kept = kept && through.kept
      }
      if !kept { untold.add(.form) }
      if !toldByToken { await token.renew(diary, replacing: old) }
      try? await diary.lock()
      ports.folders.emptyScratch()
    }
  }

  private func works(_ works: Bool) {
    isWorking = works
    autoLock?.works(works)
  }

  private func closedScreen(_ reason: Phrase?) -> Screen {
    ports.folders.hasDiary ? .lock(LockModel(self, reason)) : .firstStart(FirstStartModel(self))
  }

  // MARK: The way

  private func go(_ route: Route) {
    guard let session else { return }
    autoLock?.touched()
    // A touch that came too late has locked it.
    guard self.session != nil else { return }
    let next = route.screen(self, session, [])
    way.go(route, next)
    screen = next
  }

  /// Leaves a screen that is done, for the one below it or for another one.
  func leave(_ model: AnyObject, instead: Route? = nil, said: Phrase? = nil) {
    guard way.canGoBack, way.screens.last?.model === model else { return }
    leaveTop()
    if let instead, way.routes.last != instead { go(instead) } else { refreshTop() }
    if let said, case .incident(let model) = screen { model.say(said) }
  }

  private func leaveTop() {
    way.back()?.left()
    if let top = way.screens.last { screen = top }
  }

  private func refreshTop() {
    switch screen {
    case .list(let model):
      untold.seen()
      model.refresh()
    case .incident(let model): model.refresh()
    default: break
    }
  }
}
