import AppModel
import SwiftUI

/// Handing over: choose, look at exactly what leaves, give the passphrase again, choose a place.
struct ExportView: View {
  let model: ExportModel
  let app: AppModel
  @State private var passphrase = ""

  var body: some View {
    Frame(title: .of(.exportTitle), app: app) {
      switch model.state.step {
      case .select: select
      case .preview: preview
      case .passphrase: confirm
      case .writing: writing
      case .done: done
      }
      Section { Problem(phrase: model.state.error) }
    }
  }

  @ViewBuilder private var select: some View {
    let filter = model.state.filter
    Section {
      DayField(
        app: app, label: .of(.filterFrom), shown: filter.fromText, day: filter.from,
        choose: model.chooseFrom)
      DayField(
        app: app, label: .of(.filterTo), shown: filter.toText, day: filter.to,
        choose: model.chooseTo)
      DisclosureGroup {
        ChoicesView(choices: filter.behaviours, choose: model.chooseBehaviour)
      } label: {
        Words(.filterBehaviour)
      }
      Legal(filter.legal)
      DisclosureGroup {
        ChoicesView(choices: filter.people, choose: model.choosePerson)
      } label: {
        Words(.filterPerson)
      }
    } header: {
      Words(.exportSelect)
    }
    Section {
      ChoicesView(choices: model.state.languages, choose: model.chooseLanguage)
    } header: {
      Words(.exportLanguage)
    }
    Section {
      ChoicesView(choices: model.state.files, choose: model.chooseFiles)
    } header: {
      Words(.exportFiles)
    } footer: {
      Words(.exportFilesHelp)
    }
    Section {
      DisclosureGroup {
        ChoicesView(choices: model.state.withheld, choose: model.chooseWithheld)
      } label: {
        Words(.exportWithhold)
      }
      Legal(model.state.legal)
    } footer: {
      Words(.exportWithholdHelp)
    }
    Section {
      ChoicesView(choices: model.state.forms, choose: model.chooseForm)
      if model.state.asksRecipients {
        WordsField(
          label: .of(.exportRecipients),
          lines: 1...4,
          text: Binding { @MainActor in
            model.state.recipients
          } set: { @MainActor in
            model.editRecipients($0)
          }
        )
      }
    } header: {
      Words(.exportForm)
    } footer: {
      Words(model.state.formHelp)
    }
    Section {
      WordsField(
        label: .of(.exportAudience),
        lines: 1...3,
        text: Binding { @MainActor in
          model.state.audience
        } set: { @MainActor in
          model.editAudience($0)
        }
      )
      WorkView(progress: model.state.progress, stop: model.stop)
      Button(action: model.preview) { Words(.exportPreview) }.disabled(model.state.busy)
    } footer: {
      Words(.exportPrivate)
    }
  }

  @ViewBuilder private var preview: some View {
    if let shown = model.state.preview {
      Section {
        ForEach(shown.summary) { LineView(line: $0) }
      } header: {
        Words(.exportPreviewTitle)
      }
      if let damaged = shown.damaged {
        Section {
          Notice(damaged)
          Button(action: model.goOnWithout) { Words(.exportGoOn) }.disabled(model.state.busy)
        }
      }
      Section {
        ForEach(shown.incidents) { row in
          VStack(alignment: .leading) {
            Words(row.number).font(.headline)
            Words(row.fields).font(.footnote)
            if let leavesOut = row.leavesOut { Words(leavesOut).font(.footnote) }
            Button {
              model.toggleIncident(row.id)
            } label: {
              Words(row.included ? .exportLeaveOut : .exportInclude)
            }
          }
        }
      } footer: {
        Legal(shown.legal)
      }
      Section {
        ForEach(shown.files) { row in
          VStack(alignment: .leading) {
            Words(row.name).font(.headline)
            if let about = row.about { Words(about).font(.footnote) }
            ForEach(row.lines) { LineView(line: $0) }
            if let leaving = row.leaving {
              if row.isOriginal { Notice(leaving) } else { Words(leaving) }
            }
            if let change = row.change {
              Button {
                model.toggleOriginal(row.id)
              } label: {
                Words(change)
              }
            }
          }
        }
      } header: {
        Words(.exportFiles)
      }
      Section {
        WorkView(progress: model.state.progress, stop: model.stop)
        Button(action: model.accept) { Words(.actionContinue) }
          .disabled(model.state.busy || shown.damaged != nil)
      } footer: {
        Words(.exportPrivate)
      }
    }
  }

  private var confirm: some View {
    Section {
      SecretField(label: .exportPassphrase, text: $passphrase)
      Button {
        model.choosePlace(passphrase)
        passphrase = ""
      } label: {
        Words(.exportChoosePlace)
      }
      .disabled(model.state.busy)
    } footer: {
      Words(model.state.formHelp)
    }
  }

  private var writing: some View {
    Section {
      WorkView(progress: model.state.progress, stop: model.stop)
    } footer: {
      Words(.exportStay)
    }
  }

  @ViewBuilder private var done: some View {
    if let opener = model.state.openerText {
      Section {
        Words(opener).font(.footnote.monospaced()).privacySensitive()
      } header: {
        Words(.exportOpener)
      } footer: {
        Words(.exportOpenerHelp)
      }
    }
    Section {
      ForEach(model.state.result) { LineView(line: $0) }
    } header: {
      Words(.exportDone)
    } footer: {
      if model.state.opener.isEmpty { Words(model.state.formHelp) }
    }
  }
}
