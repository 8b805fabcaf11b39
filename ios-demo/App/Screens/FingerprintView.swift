import AppModel
import SwiftUI

/// The code of the log, and the check of an earlier one.
struct FingerprintView: View {
  let model: FingerprintModel
  let app: AppModel

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
        WordsField(
          label: .of(.codeCheck),
          text: Binding { @MainActor in
            model.state.earlier
          } set: { @MainActor in
            model.editEarlier($0)
          }
        )
        Button {
          model.check()
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
