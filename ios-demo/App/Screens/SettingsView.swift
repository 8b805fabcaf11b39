import AppModel
import SwiftUI

/// Settings, and the check of the whole diary.
struct SettingsView: View {
  let model: SettingsModel
  let app: AppModel
  @State private var passphrase = ""

  var body: some View {
    Frame(title: .of(.settingsTitle), app: app) {
      Section {
        ChoicesView(choices: model.state.idle, choose: model.chooseIdle)
      } header: {
        Words(.settingsIdle)
      } footer: {
        Words(.settingsLeaving)
      }
      if let longer = model.state.longer { confirm(longer) }
      Section {
        Button(action: model.check) { Words(.settingsCheck) }.disabled(model.state.busy)
        WorkView(progress: model.state.progress, stop: model.stop)
        if let checked = model.state.checked { Notice(checked) }
        ForEach(model.state.findings) { LineView(line: $0) }
        Problem(phrase: model.state.error)
      }
      Section {
        Button(action: app.openBackup) { Words(.backupTitle) }.disabled(model.state.busy)
        Button(action: app.openKeys) { Words(.keysTitle) }.disabled(model.state.busy)
        Button(action: app.openWipe) { Words(.wipeTitle) }.disabled(model.state.busy)
      }
      Section {
        HStack {
          Words(.settingsVersion)
          Spacer()
          Words(model.state.version).foregroundStyle(.secondary)
        }
      }
    }
  }

  private func confirm(_ longer: Phrase) -> some View {
    Section {
      Words(longer)
      SecretField(label: .startPassphrase, text: $passphrase)
      Button {
        model.confirmIdle(passphrase)
        passphrase = ""
      } label: {
        Words(.actionContinue)
      }
      .disabled(model.state.busy)
      Button {
        passphrase = ""
        model.keepIdle()
      } label: {
        Words(.actionCancel)
      }
    }
  }
}
