import AppModel
import SwiftUI

/// The code of the log, and the check of an earlier one.
struct FingerprintView: View {
  let model: FingerprintModel
  let app: AppModel
  @State private var earlier = ""

  var body: some View {
    Frame(title: .of(.codeTitle), app: app) {
      Section {
        if let code = model.state.code {
          Text(code).font(.title3.monospaced()).textSelection(.enabled)
        }
      } footer: {
        Words(.codeHelp)
      }
      Section {
        WordsField(label: .of(.codeCheck), text: $earlier)
        Button {
          model.check(earlier)
        } label: {
          Words(.codeCheck)
        }
        .disabled(model.state.busy)
        if let answer = model.state.answer { Notice(answer) }
        Problem(phrase: model.state.error)
      }
    }
  }
}
