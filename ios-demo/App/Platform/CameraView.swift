import AppModel
import SwiftUI
import UIKit

/// The system's camera inside the app: the photo goes into the app's own protected folder, never into the gallery.
struct CameraView: UIViewControllerRepresentable {
  let app: AppModel
  let done: @MainActor (PickedFile?) -> Void

  func makeUIViewController(context: Context) -> UIImagePickerController {
    let camera = UIImagePickerController()
    if UIImagePickerController.isSourceTypeAvailable(.camera) { camera.sourceType = .camera }
    camera.delegate = context.coordinator
    return camera
  }

  func updateUIViewController(_ camera: UIImagePickerController, context: Context) {}

  func makeCoordinator() -> Coordinator { Coordinator(app: app, done: done) }

  /// Hears what was taken.
  @MainActor
  final class Coordinator: NSObject, UIImagePickerControllerDelegate, UINavigationControllerDelegate
  {
    private let app: AppModel
    private let done: @MainActor (PickedFile?) -> Void

    init(app: AppModel, done: @escaping @MainActor (PickedFile?) -> Void) {
      self.app = app
      self.done = done
    }

    func imagePickerController(
      _ picker: UIImagePickerController,
      didFinishPickingMediaWithInfo info: [UIImagePickerController.InfoKey: Any]
    ) {
      done(photo(info[.originalImage] as? UIImage))
    }

    func imagePickerControllerDidCancel(_ picker: UIImagePickerController) { done(nil) }

    private func photo(_ image: UIImage?) -> PickedFile? {
      guard let bytes = image?.jpegData(compressionQuality: 0.95),
        let file = try? app.scratchFile(named: "photo.jpg"),
        (try? bytes.write(to: file, options: .completeFileProtection)) != nil
      else { return nil }
      return PickedFile(file)
    }
  }
}
