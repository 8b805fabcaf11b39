import AppModel
import SwiftUI

/// A field for a passphrase or a code: never shown, never learned, emptied as soon as it was used. What she began to type
/// when she left is nobody else's to finish.
struct SecretField: View {
  @Environment(\.strings) private var strings
  @Environment(\.scenePhase) private var phase
  let label: TextKey
  @Binding var text: String

  var body: some View {
    SecureField(strings.text(label), text: $text)
      .textContentType(.none)
      .autocorrectionDisabled()
      .textInputAutocapitalization(.never)
      .privacySensitive()
      .onChange(of: phase) { _, now in if now == .background { text = "" } }
  }
}

/// A field for words: no suggestions, no spelling service.
struct WordsField: View {
  @Environment(\.strings) private var strings
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
  }
}

/// A day that may be left open.
struct DayField: View {
  let label: TextKey
  let shown: Phrase
  let day: Day?
  let choose: (Day?) -> Void

  var body: some View {
    HStack {
      Words(label)
      Spacer()
      Words(shown).foregroundStyle(.secondary)
      DatePicker(selection: date, displayedComponents: .date) { EmptyView() }.labelsHidden()
      if day != nil { ClearButton { choose(nil) } }
    }
  }

  private var date: Binding<Date> {
    Binding {
      day?.asDate ?? Date()
    } set: {
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

extension Day {
  /// Noon of that day, for the system's picker.
  var asDate: Date {
    Calendar(identifier: .gregorian).date(
      from: DateComponents(year: year, month: month, day: day, hour: 12)) ?? Date()
  }

  /// The day that the system's picker shows.
  init?(asDate date: Date) {
    let parts = Calendar(identifier: .gregorian).dateComponents([.year, .month, .day], from: date)
    self.init(year: parts.year ?? 0, month: parts.month ?? 0, day: parts.day ?? 0)
  }
}
