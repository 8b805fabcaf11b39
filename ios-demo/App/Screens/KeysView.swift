import AppModel
import SwiftUI

/// Her passphrase: another one, and whether it opens the diary on this phone only. And a new recovery code.
struct KeysView: View {
  let model: KeysModel
  let app: AppModel
  @State private var passphrase = ""
  @State private var new = ""
  @State private var again = ""
  @State private var code = ""

  var body: some View {
    Frame(title: .of(.keysTitle), app: app) {
      if let done = model.state.done { Section { Notice(done) } }
      Section {
        Problem(phrase: model.state.error)
        WorkView(progress: model.state.progress, stop: model.stop)
      }
      switch model.state.step {
      case .keys: keys
      case .code: CodeSection(groups: model.state.code, written: model.codeWritten)
      case .confirm:
        ConfirmSection(question: model.state.question, confirm: model.confirm) { app.back() }
      }
    }
  }

  @ViewBuilder private var keys: some View {
    change
    newCode
    if model.state.bound { bound } else { unbound }
  }

  private var newCode: some View {
    Section {
      DisclosureGroup {
        SecretField(label: .keysNow, text: $passphrase)
        SecretField(label: .recoverNew, text: $new)
        SecretField(label: .startPassphraseAgain, text: $again)
        act(.keysCode) { model.makeCode(passphrase, new: new, again: again) }
      } label: {
        Words(.keysCode)
      }
    } footer: {
      Words(.keysCodeHelp)
    }
  }

  private var change: some View {
    Section {
      DisclosureGroup {
        SecretField(label: .keysNow, text: $passphrase)
        SecretField(label: .recoverNew, text: $new)
        SecretField(label: .startPassphraseAgain, text: $again)
        act(.keysChange) { model.change(passphrase, to: new, again: again) }
      } label: {
        Words(.keysChange)
      }
    } footer: {
      Words(.keysChangeHelp)
    }
  }

  private var unbound: some View {
    Section {
      DisclosureGroup {
        SecretField(label: .startPassphrase, text: $passphrase)
        SecretField(label: .recoverCode, text: $code)
        act(.keysBind) { model.bind(passphrase: passphrase, code: code) }
      } label: {
        Words(.keysBind)
      }
    } footer: {
      help
    }
  }

  private var bound: some View {
    Section {
      DisclosureGroup {
        SecretField(label: .startPassphrase, text: $passphrase)
        act(.keysUnbind) { model.unbind(passphrase: passphrase) }
      } label: {
        Words(.keysUnbind)
      }
    } footer: {
      help
    }
  }

  private var help: some View {
    VStack(alignment: .leading) {
      Words(.keysBindHelp)
      Words(.keysBindPasscode)
    }
  }

  private func act(_ name: TextKey, _ act: @escaping () -> Void) -> some View {
    Button {
      act()
      (passphrase, new, again, code) = ("", "", "", "")
    } label: {
      Words(name)
    }
    .disabled(model.state.busy)
  }
}
