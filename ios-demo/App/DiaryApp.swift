import AppModel
import SwiftUI
import UIKit

/// The app: one model for the process, one window. What it shows and does is in `AppModel`; here it is only drawn.
@main
struct DiaryApp: App {
  @UIApplicationDelegateAdaptor(Delegate.self) private var delegate
  @Environment(\.scenePhase) private var phase
  @State private var app = Delegate.makeModel()
  private let strings = Strings(Language(preferred: Locale.preferredLanguages))

  var body: some Scene {
    WindowGroup {
      RootView(app: app)
        .environment(\.strings, strings)
        .onReceive(
          NotificationCenter.default.publisher(
            for: UIApplication.protectedDataWillBecomeUnavailableNotification)
        ) { _ in
          app.onScreenOff()
        }
    }
    .onChange(of: phase) { _, now in
      switch now {
      case .active: app.onStarted()
      case .background:
        app.onStopped()
        delegate.finish(app)
      default: app.onInactive()
      }
      delegate.cover(app.isCovered)
    }
    .onChange(of: app.keepsScreenOn) { _, keeps in
      UIApplication.shared.isIdleTimerDisabled = keeps
    }
  }
}

/// What only the system's own delegate can do.
@MainActor
final class Delegate: NSObject, UIApplicationDelegate {
  private var window: UIWindow?

  /// No keyboard of another maker: it could keep what she types.
  func application(
    _ application: UIApplication,
    shouldAllowExtensionPointIdentifier point: UIApplication.ExtensionPointIdentifier
  ) -> Bool {
    point != .keyboard
  }

  static func makeModel() -> AppModel {
    let protection = DataProtection()
    let folder = URL.applicationSupportDirectory
    try? protection.protect(folder: folder)
    let ports = Ports(
      folders: Folders(below: folder), settings: KeyChain(), protection: protection,
      device: KeyChainSecret(), lender: CoordinatedFiles())
    // Where she was is not kept for the next process: what lies outside of the diary says nothing of its use.
    return AppModel(ports: ports)
  }

  /// Asks the system for the time that locking takes.
  func finish(_ app: AppModel) {
    let system = UIApplication.shared
    var task = UIBackgroundTaskIdentifier.invalid
    task = system.beginBackgroundTask { system.endBackgroundTask(task) }
    Task {
      await app.closed()
      system.endBackgroundTask(task)
    }
  }

  /// Puts a plain window over everything, pickers too, before the system takes its picture for the list of apps.
  func cover(_ covered: Bool) {
    guard covered else {
      // Without this the system may keep it in front.
      window?.isHidden = true
      window = nil
      return
    }
    let scene = UIApplication.shared.connectedScenes.compactMap { $0 as? UIWindowScene }.first
    guard window == nil, let scene else { return }
    let cover = UIWindow(windowScene: scene)
    cover.windowLevel = .alert + 1
    cover.rootViewController = UIHostingController(
      rootView: Color(.systemBackground).ignoresSafeArea())
    cover.isHidden = false
    window = cover
  }
}
