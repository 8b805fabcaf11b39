import AppModel
import SwiftUI

/// Destroying the diary: what is lost, a word and the passphrase.
struct WipeView: View {
  let model: WipeModel
  let app: AppModel
  @Environment(\.strings) private var strings
  @State private var word = ""
  @State private var passphrase = ""

  var body: some View {
    Frame(title: .of(.wipeTitle), app: app) {
      Section { Notice(.of(.wipeHelp)) }
      Section {
        WordsField(label: .of(.wipeField, [.of(.wipeWord)]), lines: 1...1, text: $word)
        SecretField(label: .startPassphrase, text: $passphrase)
        Problem(phrase: model.state.error)
        Button {
          model.wipe(passphrase, typed: word, wanted: strings.read(.of(.wipeWord)))
          passphrase = ""
        } label: {
          Words(.wipeTitle)
        }
        .disabled(model.state.busy)
      }
    }
  }
}
