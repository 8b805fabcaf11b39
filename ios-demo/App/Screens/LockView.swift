import AppModel
import SwiftUI

/// The locked diary.
struct LockView: View {
  let model: LockModel
  let app: AppModel
  @State private var passphrase = ""
  @State private var code = ""
  @State private var new = ""
  @State private var again = ""

  var body: some View {
    NavigationStack {
      Form {
        if model.state.recovering { recovering } else { opening }
        if let wait = model.state.waitText { Words(wait) }
        Problem(phrase: model.state.error)
        if let notice = model.state.notice { Notice(notice) }
      }
      .buttonStyle(.borderless)
    }
  }

  private var opening: some View {
    Section {
      SecretField(label: .lockTitle, text: $passphrase)
      Button {
        model.unlock(passphrase)
        passphrase = ""
      } label: {
        Words(model.state.busy ? .lockOpening : .lockOpen)
      }
      .disabled(model.state.busy || model.state.wait > 0)
      Button(action: model.forgot) { Words(.lockForgot) }
      if model.state.damaged {
        Button(action: model.pickBackup) { Words(.backupRestore) }.disabled(model.state.busy)
      }
    }
  }

  private var recovering: some View {
    Section {
      SecretField(label: .recoverCode, text: $code)
      SecretField(label: .recoverNew, text: $new)
      SecretField(label: .startPassphraseAgain, text: $again)
      Button {
        model.recover(code: code, new: new, again: again)
        (code, new, again) = ("", "", "")
      } label: {
        Words(model.state.busy ? .lockOpening : .recoverOpen)
      }
      .disabled(model.state.busy || model.state.wait > 0)
      Button {
        app.back()
      } label: {
        Words(.actionBack)
      }
    } header: {
      Words(.recoverTitle)
    } footer: {
      Words(.recoverHelp)
    }
  }
}
