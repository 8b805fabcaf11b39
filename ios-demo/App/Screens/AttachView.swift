import AppModel
import SwiftUI

/// Files that she is about to attach.
struct AttachView: View {
  let model: AttachModel
  let app: AppModel
  /// What she was about to take off the list and has nowhere else.
  @State private var asking: String?

  var body: some View {
    Frame(title: .of(.attachTitle), app: app) {
      if let notice = model.state.notice { Section { Notice(notice) } }
      Section {
        ForEach(model.state.files) { file in
          HStack {
            VStack(alignment: .leading) {
              Words(file.name)
              if let size = file.size { Words(size).font(.footnote).foregroundStyle(.secondary) }
              Problem(phrase: file.error)
            }
            Spacer()
            Button {
              if file.onlyHere { asking = file.id } else { model.remove(file.id) }
            } label: {
              Words(.actionRemove)
            }
          }
        }
        Button(action: model.pickMore) { Words(.incidentAttachFile) }
        Button(action: model.attachFromPhotos) { Words(.incidentAttachFromPhotos) }
      } footer: {
        Words(.attachHelp)
      }
      Section {
        DisclosureGroup {
          ChoicesView(choices: model.state.how, choose: model.chooseHow)
        } label: {
          Words(.labelEvidenceHow)
        }
        WordsField(
          label: .of(.attachNote),
          lines: 1...4,
          text: Binding { @MainActor in
            model.state.note
          } set: { @MainActor in
            model.editNote($0)
          }
        )
      }
      Section {
        Problem(phrase: model.state.error)
        WorkView(progress: model.state.progress, stop: model.stop)
        Button(action: model.save) { Words(.attachSave) }.disabled(!model.state.canSave)
      }
    }
    .confirmationDialog("", isPresented: isAsking) {
      Button(role: .destructive) {
        if let asking { model.remove(asking) }
      } label: {
        Words(.actionRemove)
      }
    } message: {
      Words(.attachThrowAwayQuestion)
    }
  }

  private var isAsking: Binding<Bool> {
    Binding { @MainActor in
      asking != nil
    } set: { @MainActor in
      if !$0 { asking = nil }
    }
  }
}
