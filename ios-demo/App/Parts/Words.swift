import AppModel
import SwiftUI

extension EnvironmentValues {
  /// The words of the language that the system prefers.
  var strings: Strings {
    get { self[StringsKey.self] }
    set { self[StringsKey.self] = newValue }
  }
}

private struct StringsKey: EnvironmentKey {
  static let defaultValue = Strings(.en)
}

/// The words of a phrase.
struct Words: View {
  @Environment(\.strings) private var strings
  private let phrase: Phrase

  init(_ phrase: Phrase) { self.phrase = phrase }

  init(_ key: TextKey) { phrase = .of(key) }

  var body: some View { Text(strings.read(phrase)) }
}

/// A name and what stands under it.
struct LineView: View {
  let line: Line

  var body: some View {
    VStack(alignment: .leading, spacing: 4) {
      Words(line.label).font(.subheadline).foregroundStyle(.secondary)
      if line.canCopy { Words(line.value).textSelection(.enabled) } else { Words(line.value) }
    }
    .accessibilityElement(children: .combine)
  }
}

/// Something that she should know.
struct Notice: View {
  private let phrase: Phrase

  init(_ phrase: Phrase) { self.phrase = phrase }

  var body: some View {
    Label {
      Words(phrase)
    } icon: {
      Image(systemName: "info.circle")
    }
  }
}

/// Which of the words above a lawyer has yet to check.
struct Legal: View {
  private let phrase: Phrase?

  init(_ phrase: Phrase?) { self.phrase = phrase }

  var body: some View {
    if let phrase { Words(phrase).font(.footnote).foregroundStyle(.secondary) }
  }
}

/// What went wrong, in words for her. `RootView` has it spoken.
struct Problem: View {
  let phrase: Phrase?

  var body: some View {
    if let phrase {
      Label {
        Words(phrase)
      } icon: {
        Image(systemName: "exclamationmark.circle")
      }
      .foregroundStyle(.red)
    }
  }
}

/// How far long work is, and the way to stop it.
struct WorkView: View {
  let progress: ProgressState?
  let stop: () -> Void

  var body: some View {
    if let progress {
      VStack(alignment: .leading) {
        ProgressView(value: progress.percent.map { Double($0) / 100 }) { Words(progress.text) }
        Button(action: stop) { Words(.actionStop) }
      }
    }
  }
}

/// Any of some choices, each with its mark.
struct ChoicesView: View {
  let choices: [Choice]
  let choose: (String) -> Void

  var body: some View {
    ForEach(choices) { choice in
      Button {
        choose(choice.code)
      } label: {
        HStack {
          Words(choice.label)
          Spacer()
          if choice.chosen { Image(systemName: "checkmark") }
        }
        .contentShape(Rectangle())
      }
      .buttonStyle(.plain)
      .accessibilityAddTraits(choice.chosen ? .isSelected : [])
    }
  }
}
