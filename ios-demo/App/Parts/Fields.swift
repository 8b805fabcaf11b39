import AppModel
import SwiftUI

extension EnvironmentValues {
  /// Told when she types: the keyboard is another window, where no gesture sees it.
  var touched: @MainActor () -> Void {
    get { self[TouchedKey.self] }
    set { self[TouchedKey.self] = newValue }
  }
}

private struct TouchedKey: EnvironmentKey {
  static let defaultValue: @MainActor () -> Void = {}
}

/// A field for a passphrase or a code: never shown, never learned, emptied as soon as it was used. What she began to type
/// when she left is nobody else's to finish.
struct SecretField: View {
  @Environment(\.strings) private var strings
  @Environment(\.touched) private var touched
  @Environment(\.scenePhase) private var phase
  let label: TextKey
  @Binding var text: String

  var body: some View {
    SecureField(strings.text(label), text: $text)
      .textContentType(.none)
      .autocorrectionDisabled()
      .textInputAutocapitalization(.never)
      .privacySensitive()
      .onChange(of: text) { _, _ in touched() }
      .onChange(of: phase) { _, now in if now == .background { text = "" } }
  }
}

/// A field for words: no suggestions, no spelling service.
struct WordsField: View {
  @Environment(\.strings) private var strings
  @Environment(\.touched) private var touched
  let label: Phrase
  var lines = 1...1
  @Binding var text: String

  var body: some View {
    TextField(
      strings.read(label), text: $text, axis: lines.upperBound > 1 ? .vertical : .horizontal
    )
    .lineLimit(lines)
    .autocorrectionDisabled()
    .privacySensitive()
    .onChange(of: text) { _, _ in touched() }
  }
}

/// A day that may be left open. One that is not set shows none, or she would take it for the day that is recorded: the
/// first touch sets today, and from then on another one can be picked.
struct DayField: View {
  let app: AppModel
  let label: Phrase
  let shown: Phrase?
  let day: Day?
  let choose: (Day?) -> Void

  var body: some View {
    if let day {
      HStack {
        DatePicker(selection: date(day), displayedComponents: .date) { Words(label) }
        ClearButton { choose(nil) }
      }
    } else {
      Button {
        choose(app.today)
      } label: {
        HStack {
          Words(label)
          Spacer()
          if let shown { Words(shown).foregroundStyle(.secondary) }
          Image(systemName: "calendar")
        }
        .contentShape(Rectangle())
      }
      .buttonStyle(.plain)
    }
  }

  private func date(_ day: Day) -> Binding<Date> {
    Binding { @MainActor in
      day.asDate
    } set: { @MainActor in
      choose(Day(asDate: $0))
    }
  }
}

/// Takes out what was chosen.
struct ClearButton: View {
  let clear: () -> Void

  var body: some View {
    Button(action: clear) {
      Label {
        Words(.actionClear)
      } icon: {
        Image(systemName: "xmark.circle")
      }.labelStyle(.iconOnly)
    }
  }
}
