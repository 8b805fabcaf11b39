import AppModel
import SwiftUI
import UIKit
import UniformTypeIdentifiers

/// The screen that is in front, and what the system is asked to show over it.
struct RootView: View {
  let app: AppModel
  @Environment(\.strings) private var strings
  @State private var picking = false
  @State private var choosing = false
  @State private var photographing = false
  @State private var saving: Outgoing?

  var body: some View {
    screen
      .tint(.accentColor)
      .environment(\.touched, app.onUserActive)
      .simultaneousGesture(DragGesture(minimumDistance: 0).onChanged { _ in app.onUserActive() })
      .onChange(of: app.effect) { _, effect in take(effect) }
      .fileImporter(
        isPresented: $picking, allowedContentTypes: [.item], allowsMultipleSelection: true
      ) { result in
        app.ownPickerReturned()
        switch result {
        case .success(let files): app.filesPicked(files.map { PickedFile($0, isBorrowed: true) })
        case .failure: app.pickingFailed()
        }
      }
      .fullScreenCover(isPresented: $photographing) {
        CameraView { outcome in
          photographing = false
          app.ownPickerReturned()
          if case .photo(let jpeg) = outcome { app.photoTaken(jpeg) }
        }
      }
      .sheet(isPresented: $choosing, onDismiss: app.ownPickerReturned) {
        PhotosView(asked: app.takeAsked, scratch: { try? app.scratchFile(named: $0) }) {
          photos, asked in
          choosing = false
          app.ownPickerReturned()
          switch photos {
          case .nothing: break
          case .photos(let files):
            app.filesPicked(files.map { PickedFile($0, isCopy: true) }, for: asked)
          case .failed: app.pickingFailed()
          }
        }
      }
      .sheet(item: $saving, onDismiss: gone) { outgoing in
        SaveView(file: outgoing.file) { done in
          saved(done)
          saving = nil
        }
      }
      .onChange(of: picking) { _, open in if !open { app.ownPickerReturned() } }
      .onChange(of: app.spoken) { _, phrase in
        // Nothing else tells who does not see the screen.
        guard let phrase else { return }
        UIAccessibility.post(notification: .announcement, argument: strings.read(phrase))
      }
      .onChange(of: app.isOpen) { _, open in if !open { close() } }
  }

  @ViewBuilder private var screen: some View {
    if app.isAway { AwayView(app: app) } else { shown }
  }

  @ViewBuilder private var shown: some View {
    switch app.screen {
    case .starting, .firstStart: firstStart
    case .lock(let model): LockView(model: model, app: app)
    case .list(let model): ListView(model: model, app: app)
    case .form(let model): FormView(model: model, app: app)
    case .incident(let model): IncidentView(model: model, app: app)
    case .picture(let model):
      PictureView(model: model, app: app) { PictureImage(bytes: $0, model: model) }
    case .attach(let model): AttachView(model: model, app: app)
    case .export(let model): ExportView(model: model, app: app)
    case .fingerprint(let model): FingerprintView(model: model, app: app)
    case .settings(let model): SettingsView(model: model, app: app)
    case .wipe(let model): WipeView(model: model, app: app)
    case .backup(let model): BackupView(model: model, app: app)
    case .keys(let model): KeysView(model: model, app: app)
    }
  }

  @ViewBuilder private var firstStart: some View {
    if case .firstStart(let model) = app.screen { FirstStartView(model: model, app: app) }
  }

  /// She may have swept the sheet away; if she chose something, that is told first.
  private func gone() {
    Task { saved(false) }
  }

  /// Told once; that the sheet is gone afterwards says nothing more.
  private func saved(_ done: Bool) {
    app.ownPickerReturned()
    app.fileSaved(done)
  }

  /// The diary was locked: nothing of the system's stays over it.
  private func close() {
    picking = false
    choosing = false
    photographing = false
    saving = nil
  }

  private func take(_ effect: Effect?) {
    guard let effect else { return }
    app.effectTaken()
    switch effect {
    case .pickFiles:
      app.openedOwnPicker()
      picking = true
    case .pickPhotos:
      app.openedOwnPicker()
      choosing = true
    case .takePhoto:
      guard CameraView.isThere else { return app.pickingFailed() }
      app.openedOwnPicker()
      photographing = true
    case .saveFile(let file):
      app.openedOwnPicker()
      saving = Outgoing(file: file)
    }
  }
}

/// A file on its way out.
private struct Outgoing: Identifiable {
  let file: URL
  var id: URL { file }
}
