import AppModel
import SwiftUI

/// Writing an incident down, or adding to one.
struct FormView: View {
  let model: FormModel
  let app: AppModel
  @State private var asking = false

  var body: some View {
    Frame(title: model.state.title, app: app) {
      Section {
        ForEach(model.state.fields) { FieldView(field: $0, model: model, app: app) }
      } footer: {
        if model.state.amending { Words(.formOldWordsStay) }
      }
      .disabled(model.state.busy)
      Section {
        Button(action: model.toggleMore) { Words(model.state.moreOpen ? .formLess : .formMore) }
        if model.state.moreOpen {
          ForEach(model.state.more) { FieldView(field: $0, model: model, app: app) }
        }
      }
      .disabled(model.state.busy)
      Section {
        Problem(phrase: model.state.error)
        if model.state.kept { Words(.formKept).foregroundStyle(.secondary) }
        Button(action: model.save) { Words(.formSave) }.disabled(model.state.busy)
        Button(role: .destructive) {
          asking = true
        } label: {
          Words(.formDiscard)
        }
      }
    }
    .confirmationDialog("", isPresented: $asking) {
      Button(role: .destructive, action: model.discard) { Words(.formDiscard) }
    } message: {
      Words(.formDiscardQuestion)
    }
  }
}

/// One field, by how it is filled in.
private struct FieldView: View {
  let field: FieldState
  let model: FormModel
  let app: AppModel

  var body: some View {
    VStack(alignment: .leading, spacing: 4) {
      if let heading = field.heading {
        HStack {
          Words(heading).font(.headline)
          Spacer()
          if let element = field.element {
            Button {
              model.remove(element)
            } label: {
              Words(.actionRemove)
            }
          }
        }
      }
      input
      if let hint = field.hint { Words(hint).font(.footnote).foregroundStyle(.secondary) }
      Legal(field.legal)
      Problem(phrase: field.error)
    }
  }

  @ViewBuilder private var input: some View {
    switch field.kind {
    case .line: WordsField(label: field.label, text: text)
    case .text: WordsField(label: field.label, lines: 3...12, text: text)
    case .number: WordsField(label: field.label, text: text).keyboardType(.numberPad)
    case .time: WordsField(label: field.label, text: text).keyboardType(.numbersAndPunctuation)
    case .date:
      DayField(app: app, label: field.label, shown: field.shown, day: Day(field.value)) {
        model.edit(field.path, $0?.written ?? "")
      }
    case .oneOf, .someOf:
      DisclosureGroup {
        ChoicesView(choices: field.choices) { model.choose(field.path, $0) }
      } label: {
        VStack(alignment: .leading) {
          Words(field.label)
          Words(field.chosen).font(.footnote).foregroundStyle(.secondary)
        }
      }
    case .add:
      Button {
        model.add(field.path)
      } label: {
        Words(field.label)
      }
    case .group: Words(field.label).font(.headline)
    }
  }

  private var text: Binding<String> {
    Binding { @MainActor in
      field.value
    } set: { @MainActor in
      model.edit(field.path, $0)
    }
  }
}
