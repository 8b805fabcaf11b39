import AppModel
import SwiftUI

/// The backup: what it is, and the one that was just written.
struct BackupView: View {
  let model: BackupModel
  let app: AppModel

  var body: some View {
    Frame(title: .of(.backupTitle), app: app) {
      Section {
        Words(.backupHelp)
        if model.state.bound { Notice(.of(.backupBound)) }
      }
      Section {
        Problem(phrase: model.state.error)
        WorkView(progress: model.state.progress, stop: model.stop)
        Button(action: model.choosePlace) { Words(.backupMake) }.disabled(model.state.busy)
      } footer: {
        if model.state.busy { Words(.exportStay) }
      }
      if !model.state.result.isEmpty {
        Section {
          ForEach(model.state.result) { LineView(line: $0) }
          Problem(phrase: model.state.unreadable)
        } header: {
          Words(.backupDone)
        }
      }
    }
  }
}
