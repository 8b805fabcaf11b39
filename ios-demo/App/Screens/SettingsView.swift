import AppModel
import SwiftUI

/// Settings, and the check of the whole diary.
struct SettingsView: View {
  let model: SettingsModel
  let app: AppModel

  var body: some View {
    Frame(title: .of(.settingsTitle), app: app) {
      Section {
        ChoicesView(choices: model.state.idle, choose: model.chooseIdle)
      } header: {
        Words(.settingsIdle)
      } footer: {
        Words(.settingsLeaving)
      }
      Section {
        Button(action: model.check) { Words(.settingsCheck) }.disabled(model.state.busy)
        WorkView(progress: model.state.progress, stop: model.stop)
        if let checked = model.state.checked { Notice(checked) }
        ForEach(model.state.findings) { LineView(line: $0) }
        Problem(phrase: model.state.error)
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
}
