import AppModel
import SwiftUI

/// One incident: what was written, its files, and what came after.
struct IncidentView: View {
  let model: IncidentModel
  let app: AppModel
  @State private var withdrawing = false
  @State private var erasing = false
  @State private var passphrase = ""

  var body: some View {
    Frame(title: model.state.title, app: app) {
      Section {
        ForEach(model.state.notices, id: \.description) { Notice($0) }
        if let done = model.state.done { Notice(done) }
        Problem(phrase: model.state.error)
        WorkView(progress: model.state.progress, stop: model.stop)
      }
      Section { ForEach(model.state.times) { LineView(line: $0) } }
      Section {
        ForEach(model.state.lines) { LineView(line: $0) }
      } footer: {
        Legal(model.state.legal)
      }
      Section {
        ForEach(model.state.evidence) { item in
          FileView(item: item, model: model)
        }
        if model.state.canAmend {
          Button(action: model.attachFiles) { Words(.incidentAttachFile) }
          Button(action: model.attachFromPhotos) { Words(.incidentAttachFromPhotos) }
          Button(action: model.takePhoto) { Words(.incidentAttachPhoto) }
        }
      } header: {
        Words(.incidentFiles)
      }
      if !model.state.first.isEmpty {
        Section {
          ForEach(model.state.first) { LineView(line: $0) }
        } header: {
          Words(.incidentFirst)
        }
      }
      Section {
        ForEach(model.state.history) { LineView(line: $0) }
      } header: {
        Words(.incidentHistory)
      }
      Section { actions }
    }
  }

  @ViewBuilder private var actions: some View {
    if model.state.canAmend { Button(action: model.amend) { Words(.incidentAmend) } }
    if model.state.canWithdraw {
      DisclosureGroup(isExpanded: $withdrawing) {
        Words(.incidentWithdrawHelp)
        WordsField(
          label: .of(.incidentReason),
          lines: 1...4,
          text: Binding { @MainActor in
            model.state.reason
          } set: { @MainActor in
            model.editReason($0)
          }
        )
        Button(action: model.withdraw) {
          Words(.incidentWithdraw)
        }
      } label: {
        Words(.incidentWithdraw)
      }
    }
    if model.state.canErase {
      DisclosureGroup(isExpanded: $erasing) {
        Words(.incidentEraseHelp)
        SecretField(label: .startPassphrase, text: $passphrase)
        Button(role: .destructive) {
          model.erase(passphrase)
          passphrase = ""
        } label: {
          Words(.incidentErase)
        }
        .disabled(model.state.busy)
      } label: {
        Words(.incidentErase)
      }
    }
  }
}

/// A file of an incident.
private struct FileView: View {
  let item: EvidenceRow
  let model: IncidentModel
  @State private var passphrase = ""

  var body: some View {
    DisclosureGroup {
      if let note = item.note { Words(note) }
      Words(item.sha256).font(.footnote.monospaced()).textSelection(.enabled)
      if item.isPicture {
        Button {
          model.show(item.id)
        } label: {
          Words(.incidentShowFile)
        }
      }
      Words(.incidentCopyWarning).font(.footnote)
      SecretField(label: .exportPassphrase, text: $passphrase)
      Button {
        model.saveCopy(item.id, passphrase)
        passphrase = ""
      } label: {
        Words(.incidentSaveFile)
      }
      .disabled(model.state.busy)
    } label: {
      VStack(alignment: .leading) {
        Words(item.name)
        Words(item.about).font(.footnote).foregroundStyle(.secondary)
      }
    }
  }
}
