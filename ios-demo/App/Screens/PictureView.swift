import AppModel
import SwiftUI

/// A picture of an incident. What makes an image of its bytes is the system's.
struct PictureView<Picture: View>: View {
  let model: PictureModel
  let app: AppModel
  @ViewBuilder let picture: (PictureBytes) -> Picture

  var body: some View {
    Frame(title: model.state.name ?? .of(.incidentFiles), app: app) {
      Section {
        Problem(phrase: model.state.error)
        if model.state.loading { ProgressView() }
        if let bytes = model.state.bytes { picture(bytes) }
      }
    }
  }
}
