import DiaryKit

/// The screens of the open diary, one above the other; the last one is in front of her.
@MainActor
struct Way {
  private(set) var routes: [Route] = []
  private(set) var screens: [Screen] = []

  init() {}

  /// The same way again, with a screen for each step.
  init(_ routes: [Route], screen: (Route) -> Screen) {
    self.routes = routes
    screens = routes.map(screen)
  }

  var canGoBack: Bool { screens.count >= 2 }

  mutating func go(_ route: Route, _ screen: Screen) {
    routes.append(route)
    screens.append(screen)
  }

  /// The screen that was in front.
  mutating func back() -> Screen? {
    _ = routes.popLast()
    return screens.popLast()
  }

  /// The way that leads back here, without what was recorded or thrown away.
  var leadingBack: [Route] {
    let left = zip(routes, screens).filter { if case .form(let model) = $1 { !model.ended } else { true } }
    return Route.decode(Route.encode(left.map(\.0)))
  }

  /// What a form that was recorded says of it.
  var recorded: Phrase? {
    screens.reversed().lazy.compactMap { if case .form(let model) = $0 { model.recorded } else { nil } }.first
  }

  /// The files that she is about to attach, if there are any.
  var attach: AttachModel? {
    screens.reversed().lazy.compactMap { if case .attach(let model) = $0 { model } else { nil } }.first
  }

  /// The app cannot be seen, and may be ended: what is typed is kept.
  func stopped() {
    for screen in screens {
      switch screen {
      case .form(let model): model.keepNow()
      case .incident(let model): model.keepNow()
      case .attach(let model): model.keepNow()
      case .export(let model): model.keepNow()
      default: break
      }
    }
  }

  /// All go away with the diary that was destroyed.
  func left() {
    for screen in screens { screen.left() }
  }

  /// The diary is about to lock. What waits is given up; the form and the files are carried through first.
  func locked() {
    for screen in screens {
      switch screen {
      case .form, .attach: break
      default: screen.left()
      }
    }
  }

  /// Comes back when what cannot be given up has ended. A form that is just being recorded is carried through, or she would
  /// find it again and record it twice; and so is erasing, or what she typed about the incident would stay.
  func settled() async {
    for screen in screens {
      switch screen {
      case .form(let model): await model.settled()
      case .incident(let model): await model.settled()
      case .keys(let model): await model.settled()
      default: break
      }
    }
  }

  /// Keeps what she began and is to find again, each for itself. False if words that she typed could not be kept: what she
  /// chose for a hand-over is soon chosen again.
  func keep(in diary: OpenDiary) async -> Bool {
    var all = true
    for screen in screens {
      switch screen {
      case .form(let model): all = await diary.keeps(model.unkept()) && all
      case .incident(let model): all = await diary.keeps(model.unkept()) && all
      case .export(let model): _ = await diary.keeps(model.unkept())
      default: break
      }
    }
    return all
  }
}

extension Route {
  /// A new screen for this step, with a model behind it; only the list says the notices.
  @MainActor
  func screen(_ app: AppModel, _ session: Session, _ notices: [Phrase]) -> Screen {
    switch self {
    case .incidents: .list(ListModel(app, session, notices))
    case .form(let about): .form(FormModel(app, session, about: about))
    case .incident(let id): .incident(IncidentModel(app, session, id))
    case .picture(let item, let incident): .picture(PictureModel(session, incident: incident, item: item))
    case .attach(let id): .attach(AttachModel(app, session, incident: id))
    case .export: .export(ExportModel(app, session))
    case .fingerprint: .fingerprint(FingerprintModel(app, session))
    case .settings: .settings(SettingsModel(session))
    case .keys: .keys(KeysModel(app, session))
    case .backup: .backup(BackupModel(app, session))
    case .wipe: .wipe(WipeModel(app, session))
    }
  }
}
