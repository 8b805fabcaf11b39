import SwiftUI
import UIKit

/// The system's sheet to choose where a copy of a file goes.
struct SaveView: UIViewControllerRepresentable {
  let file: URL
  let done: @MainActor (Bool) -> Void

  func makeUIViewController(context: Context) -> UIDocumentPickerViewController {
    let picker = UIDocumentPickerViewController(forExporting: [file], asCopy: true)
    picker.delegate = context.coordinator
    return picker
  }

  func updateUIViewController(_ picker: UIDocumentPickerViewController, context: Context) {}

  func makeCoordinator() -> Coordinator { Coordinator(done: done) }

  /// Hears what she chose.
  @MainActor
  final class Coordinator: NSObject, UIDocumentPickerDelegate {
    private let done: @MainActor (Bool) -> Void

    init(done: @escaping @MainActor (Bool) -> Void) { self.done = done }

    func documentPicker(
      _ controller: UIDocumentPickerViewController, didPickDocumentsAt urls: [URL]
    ) {
      done(!urls.isEmpty)
    }

    func documentPickerWasCancelled(_ controller: UIDocumentPickerViewController) { done(false) }
  }
}
