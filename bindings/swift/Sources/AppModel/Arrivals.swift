import DiaryKit
import Foundation

/// For which incident of which diary she was sent to a picker or the camera.
public struct Asked {
  let incident: String
  weak var session: Session?
}

// What comes from a picker or the camera, and where it goes.
extension AppModel {
  /// For which incident she was sent out last: to be taken when the picker answers, if what it gives takes its time to come.
  /// She may be sent out for another one meanwhile.
  public func takeAsked() -> Asked? {
    defer { asked = nil }
    return asked
  }

  /// She picked these files, for what `takeAsked` gave; none if she thought better of it.
  public func filesPicked(_ files: [PickedFile], for asked: Asked? = nil) {
    guard !files.isEmpty else { return }
    if case .firstStart(let model) = screen { return model.backupPicked(files) }
    if case .lock(let model) = screen, model.state.damaged { return restore(from: files) }
    if let incident = incident(of: asked ?? takeAsked()) {
      return attachScreen(of: incident)?.add(files, how: "") ?? ()
    }
    // It was locked before they arrived.
    for file in files where !file.isBorrowed { try? FileManager.default.removeItem(at: file.url) }
    untold.add(.lost)
  }

  /// She took a photo: a JPEG, which goes into the app's own protected folder; `nil` if the camera could not give it.
  public func photoTaken(_ jpeg: Data?) {
    guard let jpeg else { return pickingFailed() }
    let asked = takeAsked()
    // Nothing of the photo is written where nobody takes it.
    guard let incident = incident(of: asked) else { return cameLate(jpeg, asked) }
    guard let file = photoFile(jpeg) else { return pickingFailed() }
    attachScreen(of: incident)?.add([file], how: takenInApp)
  }

  /// What she picked or took did not arrive, which is told where she waits for it, or at the next unlock.
  public func pickingFailed() {
    switch screen {
    case .firstStart(let model): return model.trouble(.of(.errorNothingArrived))
    case .lock(let model) where model.state.damaged: return model.trouble(.of(.errorNothingArrived))
    default: break
    }
    guard session != nil else { return untold.add(.lost) }
    screen.trouble(.of(.errorNothingArrived))
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

  /// Photos that waited for the diary go where they belong, if this is the diary that they belong to.
  func takeIn(_ session: Session) {
    guard let incident = late.incident else { return }
    session.work({ _ in }) { [weak self] in
      _ = try await session.diary.show(incident)
      guard let self, self.session === session, let attach = attachScreen(of: incident) else { return }
      untold.remove(.lost)
      let photos = late.take()
      let files = photos.compactMap { self.photoFile($0) }
      attach.add(files, how: takenInApp)
      if files.count < photos.count { pickingFailed() }
      attach.say(.of(.attachWaited))
    }
  }

  /// Told by another process too, if this one ends before the photo is taken in.
  private func cameLate(_ jpeg: Data, _ asked: Asked?) {
    untold.add(.lost)
    guard late.keep(jpeg, about: asked?.incident ?? lastIncident) else { return }
    if case .lock(let model) = screen { model.somethingWaits() }
    if let session { takeIn(session) }
  }

  private func photoFile(_ jpeg: Data) -> PickedFile? {
    guard let file = try? scratchFile(named: "photo.jpg"), (try? jpeg.write(to: file, options: protected)) != nil else {
      return nil
    }
    return PickedFile(file)
  }

  /// For which incident it is, wherever she is by now; `nil` if the diary that asked for it is locked.
  private func incident(of asked: Asked?) -> String? {
    guard let session, asked == nil || asked?.session === session else { return nil }
    return asked?.incident ?? lastIncident
  }

  private func attachScreen(of incident: String) -> AttachModel? {
    if case .attach(let model) = screen, model.incident == incident { return model }
    if case .incident(let model) = screen, model.id == incident {} else { openIncident(incident) }
    openAttach(incident)
    if case .attach(let model) = screen { return model } else { return nil }
  }
}

private let takenInApp = "taken_in_app"
#if canImport(Darwin)
  private let protected: Data.WritingOptions = .completeFileProtection
#else
  private let protected: Data.WritingOptions = []
#endif
