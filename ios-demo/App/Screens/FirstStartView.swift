import AppModel
import SwiftUI

/// Making a diary, step by step.
struct FirstStartView: View {
  let model: FirstStartModel
  let app: AppModel
  @State private var passphrase = ""
  @State private var again = ""

  var body: some View {
    NavigationStack {
      Form {
        switch model.state.step {
        case .welcome: welcome
        case .passphrase: choosing
        case .code: CodeSection(groups: model.state.code, written: model.codeWritten)
        case .confirm:
          ConfirmSection(question: model.state.question, confirm: model.confirm) { app.back() }
        case .restore: restore
        }
        Problem(phrase: model.state.error)
      }
      .buttonStyle(.borderless)
    }
  }

  private var welcome: some View {
    Section {
      Words(.startTitle).font(.title2)
      Words(.startWhat)
      Words(.startLimits)
      Button(action: model.begin) { Words(.startBegin) }
      Button(action: model.pickBackup) { Words(.backupRestore) }
    }
  }

  private var choosing: some View {
    Section {
      SecretField(label: .startPassphrase, text: $passphrase)
      SecretField(label: .startPassphraseAgain, text: $again)
      Button {
        model.create(passphrase: passphrase, again: again)
        passphrase = ""
        again = ""
      } label: {
        Words(model.state.busy ? .startMaking : .startMake)
      }
      .disabled(model.state.busy)
      Button {
        (passphrase, again) = ("", "")
        app.back()
      } label: {
        Words(.actionBack)
      }
      .disabled(model.state.busy)
    } header: {
      Words(.startPassphraseTitle)
    } footer: {
      Words(.startPassphraseHelp)
    }
  }

  private var restore: some View {
    Section {
      SecretField(label: model.state.usingCode ? .recoverCode : .startPassphrase, text: $passphrase)
      Button {
        passphrase = ""
        model.useCode(!model.state.usingCode)
      } label: {
        Words(model.state.usingCode ? .backupUsePassphrase : .lockForgot)
      }
      .disabled(model.state.busy)
      WorkView(progress: model.state.progress, stop: model.stop)
      Button {
        model.restore(passphrase)
        passphrase = ""
      } label: {
        Words(.backupRestoreMake)
      }
      .disabled(model.state.busy)
      Button {
        app.back()
      } label: {
        Words(.actionCancel)
      }
    } header: {
      Words(.backupTitle)
    } footer: {
      Words(.backupRestoreHelp)
    }
  }
}
