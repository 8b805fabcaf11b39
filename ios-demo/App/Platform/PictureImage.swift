import AppModel
import ImageIO
import SwiftUI
import UIKit

/// Makes an image of bytes, upright and sampled down to the size of the screen, and shows it.
struct PictureImage: View {
  let bytes: PictureBytes
  let model: PictureModel
  @State private var image: CGImage?

  /// So many pixels no camera of a phone makes, and a file that claims them could take all memory.
  private static let huge = 400_000_000

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

  private static func image(of bytes: PictureBytes) -> CGImage? {
    let screen = UIScreen.main.nativeBounds
    let options: [CFString: Any] = [
      kCGImageSourceCreateThumbnailFromImageAlways: true,
      kCGImageSourceCreateThumbnailWithTransform: true,
      kCGImageSourceShouldCacheImmediately: true,
      kCGImageSourceThumbnailMaxPixelSize: max(screen.width, screen.height),
    ]
    let unkept = [kCGImageSourceShouldCache: false] as CFDictionary
    guard let provider = provider(of: bytes),
      let source = CGImageSourceCreateWithDataProvider(provider, unkept),
      isOfThisWorld(source, unkept)
    else { return nil }
    return CGImageSourceCreateThumbnailAtIndex(source, 0, options as CFDictionary)
  }

  /// Reads them where they lie, so that there is no copy which nobody overwrites, and holds them as long as it reads. On no
  /// actor: the system lets go of them on a thread of its own.
  private nonisolated static func provider(of bytes: PictureBytes) -> CGDataProvider? {
    guard let start = bytes.bytes.baseAddress else { return nil }
    let held = Unmanaged.passRetained(bytes)
    return CGDataProvider(dataInfo: held.toOpaque(), data: start, size: bytes.bytes.count) {
      held, _, _ in
      if let held { Unmanaged<PictureBytes>.fromOpaque(held).release() }
    }
  }

  /// Looks at the size that it claims before anything of that size is made.
  private static func isOfThisWorld(_ source: CGImageSource, _ unkept: CFDictionary) -> Bool {
    let facts = CGImageSourceCopyPropertiesAtIndex(source, 0, unkept) as? [CFString: Any]
    guard let width = facts?[kCGImagePropertyPixelWidth] as? Int,
      let height = facts?[kCGImagePropertyPixelHeight] as? Int, width > 0, height > 0
    else { return false }
    let (pixels, tooMany) = width.multipliedReportingOverflow(by: height)
    return !tooMany && pixels <= huge
  }
}
