import AppModel
import PhotosUI
import SwiftUI
import UniformTypeIdentifiers

/// The system's picker for her photos and videos, for which the app needs no permission: the file as it lies there, copied into the app's
/// own folder.
struct PhotosView: UIViewControllerRepresentable {
  /// What she was sent out for. It is asked when she answers: copying takes its time, and the sheet may be gone by then.
  let asked: @MainActor () -> Asked?
  /// A path for a copy with this name; `nil` if there can be none.
  let scratch: @MainActor (String) -> URL?
  let done: @MainActor (Outcome, Asked?) -> Void

  /// How it ended.
  enum Outcome {
    /// She thought better of it.
    case nothing
    /// The copies.
    case photos([URL])
    /// One of them could not be had: then none is, and she chooses again.
    case failed
  }

  func makeUIViewController(context: Context) -> PHPickerViewController {
    var configuration = PHPickerConfiguration()
    configuration.selectionLimit = 0
    // Bit for bit, and not made anew for another app.
    configuration.preferredAssetRepresentationMode = .current
    let picker = PHPickerViewController(configuration: configuration)
    picker.delegate = context.coordinator
    return picker
  }

  func updateUIViewController(_ picker: PHPickerViewController, context: Context) {}

  func makeCoordinator() -> Coordinator { Coordinator(self) }

  /// Hears what she chose. The picker stays until all is copied.
  @MainActor
  final class Coordinator: NSObject, PHPickerViewControllerDelegate {
    private let view: PhotosView
    private var isCopying = false

    init(_ view: PhotosView) { self.view = view }

    func picker(_ picker: PHPickerViewController, didFinishPicking results: [PHPickerResult]) {
      guard !results.isEmpty else { return view.done(.nothing, nil) }
      guard !isCopying else { return }
      isCopying = true
      let asked = view.asked()
      Task {
        var copies: [URL] = []
        for result in results {
          if let copy = await copy(result.itemProvider) { copies.append(copy) }
        }
        if copies.count < results.count {
          for copy in copies { try? FileManager.default.removeItem(at: copy) }
          view.done(.failed, asked)
        } else {
          view.done(.photos(copies), asked)
        }
      }
    }

    /// The file is there only until the system's answer ends.
    private func copy(_ item: NSItemProvider) async -> URL? {
      let types = [UTType.image, .movie].map(\.identifier)
      guard let type = types.first(where: item.hasItemConformingToTypeIdentifier),
        let place = view.scratch(item.suggestedName ?? "")
      else { return nil }
      return await withCheckedContinuation { answer in
        _ = item.loadFileRepresentation(forTypeIdentifier: type) { file, _ in
          // Only here its name has its ending.
          let copy = file.map {
            place.deletingLastPathComponent().appending(path: $0.lastPathComponent)
          }
          guard let file, let copy, (try? FileManager.default.copyItem(at: file, to: copy)) != nil
          else {
            return answer.resume(returning: nil)
          }
          answer.resume(returning: copy)
        }
      }
    }
  }
}
