import AppModel
import SwiftUI

/// What she leaves behind when she leaves at once: a plain surface that says nothing of a diary. A touch leads on; to
/// VoiceOver it has the name of the home screen.
struct AwayView: View {
  let app: AppModel
  @Environment(\.strings) private var strings

  var body: some View {
    Button(action: app.comeBack) {
      Color(.systemBackground).ignoresSafeArea()
    }
    .buttonStyle(.plain)
    .accessibilityLabel(strings.text(.appName))
  }
}
