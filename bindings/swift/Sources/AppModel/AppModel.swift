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

  /// She copies a recovery code by hand: the screen must not go dark by itself, which would lock, and lose it.
  public var showsCode: Bool { screen.showsCode }

  @ObservationIgnored let ports: Ports
  @ObservationIgnored private var session: Session?
  @ObservationIgnored private var way = Way()
  @ObservationIgnored private var wayBack: [Route]
  @ObservationIgnored private var closing: Task<Void, Never>?
  @ObservationIgnored private var saved: (@MainActor (Bool) -> Void)?
  /// What she is told when she opens the diary again.
  @ObservationIgnored private var untold: [Phrase] = []
  /// What the diary said of itself when it was opened, until the list that says it was in front of her.
  @ObservationIgnored private var unseen: [Phrase] = []
  /// A photo that came back when it was locked already: it waits for the diary to be opened.
  @ObservationIgnored private var late = LatePhotos()
  @ObservationIgnored private var autoLock: AutoLock?
  /// How often she has left the app, or the device went dark. Opening takes a second, and an app that was left may sleep in the middle of it:
  /// whoever wakes it must not find it open.
  @ObservationIgnored private(set) var departures = 0

  private static let mended = Ports.mended
  private static let lost = Ports.lost
  private static let takenInApp = "taken_in_app"
  private static let notAttached = Phrase.of(.noticeNotAttached)
  #if canImport(Darwin)
    private static let protected: Data.WritingOptions = .completeFileProtection
  #else
    private static let protected: Data.WritingOptions = []
  #endif

  /// Begins with the locked diary, or with the first start where there is none.
  public init(ports: Ports, way: String = "") {
    self.ports = ports
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
    // What is being recorded is on the disk in a moment; a form opened meanwhile would show it as unfinished.
    case .form(let model): if model.state.busy { return true }
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

  /// She picked these files; none if she thought better of it.
  public func filesPicked(_ files: [PickedFile]) {
    take(files, how: "")
  }

  /// She took a photo: a JPEG, which goes into the app's own protected folder; `nil` if the camera could not give it.
  public func photoTaken(_ jpeg: Data?) {
    // Nothing of the photo is written where nobody takes it.
    guard session != nil else { return cameLate(jpeg) }
    do {
      guard let jpeg else { throw CocoaError(.fileReadUnknown) }
      let file = try scratchFile(named: "photo.jpg")
      try jpeg.write(to: file, options: Self.protected)
      take([PickedFile(file)], how: Self.takenInApp)
    } catch {
      pickingFailed()
    }
  }

  /// Told by another process too, if this one ends before the photo is taken in.
  private func cameLate(_ jpeg: Data?) {
    pickingFailed()
    guard case .lock(let model) = screen, let jpeg, late.keep(jpeg, wayBack) else { return }
    model.somethingWaits()
  }

  /// What she picked or took did not arrive, which is told where she waits for it, or at the next unlock.
  public func pickingFailed() {
    switch screen {
    case .firstStart(let model): return model.trouble(.of(.errorNothingArrived))
    case .lock(let model) where model.state.damaged: return model.trouble(.of(.errorNothingArrived))
    default: break
    }
    guard session != nil else { return tellLater(Self.notAttached) }
    switch screen {
    case .incident(let model): model.trouble(.of(.errorNothingArrived))
    case .attach(let model): model.trouble(.of(.errorNothingArrived))
    default: break
    }
  }

  /// The file was copied where she wanted it, or she thought better of it.
  public func fileSaved(_ done: Bool) {
    let wanted = saved
    saved = nil
    wanted?(done)
  }

  /// A path for a file on its way in, in a folder of its own so that it keeps its name.
  public func scratchFile(named name: String) throws -> URL {
    try ports.protection.protect(folder: ports.folders.scratch)
    let folder = ports.folders.scratch.appending(path: UUID().uuidString, directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    // A name is what another app says it is: data, never a path.
    let last = (name as NSString).lastPathComponent
    return folder.appending(path: ["", ".", "..", "/"].contains(last) ? "file" : last)
  }

  func ask(_ effect: Effect) { self.effect = effect }

  func askToSave(_ file: URL, done: @escaping @MainActor (Bool) -> Void) {
    saved = done
    effect = .saveFile(file)
  }

  private func take(_ files: [PickedFile], how: String) {
    guard !files.isEmpty else { return }
    if case .firstStart(let model) = screen { return model.backupPicked(files) }
    if case .lock(let model) = screen, model.state.damaged { return restore(from: files) }
    if case .incident(let model) = screen { openAttach(model.id) }
    if case .attach(let model) = screen { return model.add(files, how: how) }
    // It was locked before they arrived.
    for file in files where !file.isBorrowed { try? FileManager.default.removeItem(at: file.url) }
    tellLater(Self.notAttached)
  }

  private func tellLater(_ phrase: Phrase) {
    if !untold.contains(phrase) { untold.append(phrase) }
    // Another process tells it too.
    if phrase == Self.notAttached { ports.settings.set(Self.lost, "yes") }
  }

  // MARK: Opening and locking

  /// The diary was opened or made: notices are said on top of the list. If she has left the app since she asked for it
  /// (`departures` then), it is locked at once. Until she was on the list they are said again the next time.
  func unlocked(_ diary: OpenDiary, notices: [Phrase] = [], askedAfter departures: Int) {
    let session = Session(diary, ports: ports) { [weak self] in self?.lock(because: $0) }
    self.session = session
    if ports.settings.get(Self.lost) != nil { tellLater(Self.notAttached) }
    autoLock?.unlocked()
    unseen = notices + unseen.filter { !notices.contains($0) }
    // A photo that waits is no loss: nothing is said of it in a diary that it does not belong to.
    let waits = late.incident != nil
    let told = untold.filter { !waits || $0 != Self.notAttached }
    way = Way(wayBack) { $0.screen(self, session, unseen + told) }
    guard departures == self.departures else { return lock() }
    if let top = way.screens.last { screen = top }
    if case .list = screen { seen() }
    if case .incident(let model) = screen {
      for phrase in told { if phrase == Self.notAttached { model.trouble(phrase) } else { model.say(phrase) } }
    }
    untold = []
    if waits { takeIn(session) } else { nothingIsLost() }
  }

  /// Photos that waited for the diary go where they belong, if this is the diary that they belong to.
  private func takeIn(_ session: Session) {
    guard let incident = late.incident else { return }
    session.work({ _ in }) { [weak self] in
      _ = try await session.diary.show(incident)
      guard let self, self.session === session else { return }
      nothingIsLost()
      if case .incident(let model) = screen, model.id == incident {} else { openIncident(incident) }
      openAttach(incident)
      for photo in late.take() { photoTaken(photo) }
      if case .attach(let model) = screen { model.say(.of(.attachWaited)) }
    }
  }

  private func nothingIsLost() {
    if ports.settings.get(Self.lost) != nil { ports.settings.set(Self.lost, nil) }
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
    (untold, unseen) = ([], [])
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
    self.session = nil
    wayBack = Route.decode(Route.encode(way.routes))
    way.locked()
    self.way = Way()
    saved = nil
    effect = nil
    autoLock?.locked()
    screen = closedScreen(reason)
    session.end()
    close(session.diary, carrying: way)
  }

  private func close(_ diary: OpenDiary, carrying way: Way = Way()) {
    // What the old token tells must be found again, also by another process, until she has seen it.
    let toldByToken = token.isTold(in: unseen)
    closing = Task { [ports, token, old = token.kept] in
      // Each for itself: whatever fails, the keys are wiped.
      await way.settled()
      await way.keep(in: diary)
      // A photo taken in the app lies nowhere else, and the moment it shows is over.
      if let (attached, lost) = await way.attach?.carryThrough() {
        if attached > 0 { untold.append(.of(.doneAttached, [.words(String(attached))])) }
        if lost { tellLater(Self.notAttached) }
      }
      if !toldByToken { await token.renew(diary, replacing: old) }
      try? await diary.lock()
      ports.folders.emptyScratch()
    }
  }

  /// What she should know of the key file. Opening mends it, and after that only this tells of it, until the list that
  /// says it was in front of her.
  func keyFileNotice(_ diary: OpenDiary) async throws -> Phrase? {
    let now = try await diary.keyFile()
    if now == .mended { ports.settings.set(Self.mended, "yes") }
    return keyFilePhrase(now == .whole && ports.settings.get(Self.mended) != nil ? .mended : now)
  }

  /// The list with what the diary said of itself is in front of her.
  private func seen() {
    unseen = []
    if ports.settings.get(Self.mended) != nil { ports.settings.set(Self.mended, nil) }
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
      seen()
      model.refresh()
    case .incident(let model): model.refresh()
    default: break
    }
  }
}
