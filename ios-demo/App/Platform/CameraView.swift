import SwiftUI
import UIKit

/// The system's camera inside the app: the photo goes to the model, never into the gallery.
struct CameraView: UIViewControllerRepresentable {
  let done: @MainActor (Outcome) -> Void

  /// There is a camera. Without one the picker would show the gallery, and a picture of it would count as taken here.
  static var isThere: Bool { UIImagePickerController.isSourceTypeAvailable(.camera) }

  /// How it ended.
  enum Outcome {
    /// She thought better of it.
    case nothing
    /// A JPEG; `nil` if the camera gave none.
    case photo(Data?)
  }

  func makeUIViewController(context: Context) -> UIImagePickerController {
    let camera = UIImagePickerController()
    if Self.isThere { camera.sourceType = .camera }
    camera.delegate = context.coordinator
    return camera
  }

  func updateUIViewController(_ camera: UIImagePickerController, context: Context) {}

  func makeCoordinator() -> Coordinator { Coordinator(done: done) }

  /// Hears what was taken.
  @MainActor
  final class Coordinator: NSObject, UIImagePickerControllerDelegate, UINavigationControllerDelegate
  {
    private let done: @MainActor (Outcome) -> Void

    init(done: @escaping @MainActor (Outcome) -> Void) { self.done = done }

    func imagePickerController(
      _ picker: UIImagePickerController,
      didFinishPickingMediaWithInfo info: [UIImagePickerController.InfoKey: Any]
    ) {
      done(.photo((info[.originalImage] as? UIImage)?.jpegData(compressionQuality: 0.95)))
    }

    func imagePickerControllerDidCancel(_ picker: UIImagePickerController) { done(.nothing) }
  }
}
