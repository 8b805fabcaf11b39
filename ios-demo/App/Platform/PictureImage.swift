import AppModel
import ImageIO
import SwiftUI

/// Makes an image of bytes, upright and sampled down to the size of the screen, and shows it.
struct PictureImage: View {
  let bytes: Data
  let model: PictureModel
  @State private var image: CGImage?

  var body: some View {
    Group {
      if let image {
        Image(decorative: image, scale: 1).resizable().scaledToFit().privacySensitive()
      }
    }
    .task {
      image = Self.image(of: bytes)
      if image == nil { model.cannotBeShown() }
    }
  }

  private static func image(of bytes: Data) -> CGImage? {
    let screen = UIScreen.main.nativeBounds
    let options: [CFString: Any] = [
      kCGImageSourceCreateThumbnailFromImageAlways: true,
      kCGImageSourceCreateThumbnailWithTransform: true,
      kCGImageSourceThumbnailMaxPixelSize: max(screen.width, screen.height),
    ]
    let unkept = [kCGImageSourceShouldCache: false] as CFDictionary
    guard let source = CGImageSourceCreateWithData(bytes as CFData, unkept) else { return nil }
    return CGImageSourceCreateThumbnailAtIndex(source, 0, options as CFDictionary)
  }
}
