import AppModel
import SwiftUI

/// A new recovery code, shown once: in groups, to be written on paper.
struct CodeSection: View {
  let groups: [String]
  let written: () -> Void

  var body: some View {
    Section {
      // Two groups may be equal, and each must be on her paper.
      ForEach(Array(groups.enumerated()), id: \.offset) {
        Text($0.element).font(.title3.monospaced()).privacySensitive()
      }
      Button(action: written) { Words(.startCodeWritten) }
    } header: {
      Words(.startCodeTitle)
    } footer: {
      Words(.startCodeHelp)
    }
  }
}

/// Asks for one group of it, from her paper.
struct ConfirmSection: View {
  let question: Phrase?
  let confirm: (String) -> Void
  let back: () -> Void
  @State private var group = ""

  var body: some View {
    Section {
      if let question { Words(question) }
      SecretField(label: .recoverCode, text: $group)
      Button {
        confirm(group)
        group = ""
      } label: {
        Words(.actionContinue)
      }
      Button(action: back) { Words(.startConfirmBack) }
    } header: {
      Words(.startConfirmTitle)
    }
  }
}
