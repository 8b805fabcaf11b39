import AppModel
import SwiftUI

/// The frame of a screen of the open diary: the way back, the lock, and the way out at once.
struct Frame<Content: View>: View {
  let title: Phrase
  let app: AppModel
  var isFirst = false
  @ViewBuilder let content: Content
  @Environment(\.strings) private var strings

  var body: some View {
    NavigationStack {
      Form { content }
        .buttonStyle(.borderless)
        .navigationTitle(strings.read(title))
        .navigationBarTitleDisplayMode(.inline)
        .toolbar {
          if !isFirst {
            ToolbarItem(placement: .topBarLeading) {
              button(.actionBack, "chevron.left") { app.back() }
            }
          }
          ToolbarItem(placement: .topBarTrailing) { button(.actionLock, "lock", app.lock) }
          ToolbarItem(placement: .topBarTrailing) {
            button(.actionQuickExit, "xmark", app.quickExit)
          }
        }
    }
  }

  private func button(_ key: TextKey, _ image: String, _ action: @escaping @MainActor () -> Void)
    -> some View
  {
    Button(action: action) {
      Label {
        Words(key)
      } icon: {
        Image(systemName: image)
      }
    }
  }
}
