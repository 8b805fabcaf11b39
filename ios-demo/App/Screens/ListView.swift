import AppModel
import SwiftUI

/// The incidents, newest recorded first.
struct ListView: View {
  let model: ListModel
  let app: AppModel
  @State private var choosing = false

  var body: some View {
    Frame(title: .of(.listTitle), app: app, isFirst: true) {
      Section {
        WordsField(
          label: .of(.listSearch),
          text: Binding { @MainActor in
            model.state.search
          } set: { @MainActor in
            model.search($0)
          })
        DisclosureGroup(isExpanded: $choosing) {
          filter
        } label: {
          Words(.listFilter)
        }
        if model.state.filter.active { Button(action: model.clear) { Words(.listFilterClear) } }
        Button(action: model.write) {
          Label {
            Words(.listNew)
          } icon: {
            Image(systemName: "plus")
          }
        }
      }
      Section {
        ForEach(model.state.notices, id: \.description) { Notice($0) }
        if model.state.unfinished {
          Notice(.of(.noticeUnfinished))
          Button(action: model.write) { Words(.noticeContinue) }
        }
        if let code = model.state.code {
          Notice(code)
          Button(action: model.keys) { Words(.keysTitle) }
        }
        if let backup = model.state.backup {
          Notice(backup)
          Button(action: model.backup) { Words(.backupTitle) }
        }
        Problem(phrase: model.state.error)
      }
      Section {
        ForEach(model.state.rows) { row in
          Button {
            model.open(row.id)
          } label: {
            RowView(row: row)
          }
          .buttonStyle(.plain)
        }
        if model.state.hasMore { Button(action: model.more) { Words(.listMore) } }
        if let empty = model.state.empty { Words(empty).foregroundStyle(.secondary) }
      } footer: {
        Legal(model.state.legal)
      }
      Section {
        Button(action: app.openExport) { Words(.exportTitle) }
        Button(action: app.openFingerprint) { Words(.codeTitle) }
        Button(action: app.openSettings) { Words(.settingsTitle) }
      }
    }
  }

  @ViewBuilder private var filter: some View {
    let state = model.state.filter
    DayField(
      app: app, label: .of(.filterFrom), shown: state.fromText, day: state.from,
      choose: model.chooseFrom)
    DayField(
      app: app, label: .of(.filterTo), shown: state.toText, day: state.to, choose: model.chooseTo)
    DisclosureGroup {
      ChoicesView(choices: state.behaviours, choose: model.chooseBehaviour)
    } label: {
      Words(.filterBehaviour)
    }
    Legal(state.legal)
    DisclosureGroup {
      ChoicesView(choices: state.people, choose: model.choosePerson)
    } label: {
      Words(.filterPerson)
    }
  }
}

/// One line of the list.
private struct RowView: View {
  let row: IncidentRow

  var body: some View {
    VStack(alignment: .leading, spacing: 4) {
      HStack {
        Words(row.number)
        Words(row.occurred)
      }
      .font(.subheadline)
      .foregroundStyle(.secondary)
      Words(row.title).lineLimit(2).opacity(row.faded ? 0.6 : 1)
      Words(.row(row.behaviours)).font(.footnote)
      if let evidence = row.evidence { Words(evidence).font(.footnote) }
      Words(.row(row.marks)).font(.footnote).foregroundStyle(.secondary)
    }
    .frame(maxWidth: .infinity, alignment: .leading)
    .contentShape(Rectangle())
    .accessibilityElement(children: .combine)
  }
}
