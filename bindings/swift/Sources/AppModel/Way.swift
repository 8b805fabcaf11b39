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

  /// The form on the way, if there is one.
  var form: FormModel? {
    screens.reversed().lazy.compactMap { if case .form(let model) = $0 { model } else { nil } }.first
  }

  /// The files that she is about to attach, if there are any.
  var attach: AttachModel? {
    screens.reversed().lazy.compactMap { if case .attach(let model) = $0 { model } else { nil } }.first
  }

  /// Her passphrase, if she is there.
  var keys: KeysModel? {
    screens.reversed().lazy.compactMap { if case .keys(let model) = $0 { model } else { nil } }.first
  }

  /// What she began elsewhere and is to find again: why she withdraws, and what she chose to hand over.
  func unkept() -> [KeptDraft] {
    screens.compactMap { screen in
      switch screen {
      case .incident(let model): model.unkept()
      case .export(let model): model.unkept()
      default: nil
      }
    }
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
    case .fingerprint: .fingerprint(FingerprintModel(session))
    case .settings: .settings(SettingsModel(session))
    case .keys: .keys(KeysModel(app, session))
    case .backup: .backup(BackupModel(app, session))
    case .wipe: .wipe(WipeModel(app, session))
    }
  }
}
