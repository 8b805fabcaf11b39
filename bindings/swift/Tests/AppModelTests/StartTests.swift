import Foundation
import TestSupport
import Testing

@testable import AppModel

@MainActor @Suite("The start")
struct StartTests {
  /// `bindings/swift/test` runs this one over a library of another version, too: it must not come to its end there.
  @Test func theAppBeginsWithACallOfTheLibrary() throws {
    let workshop = try Workshop()
    let folders = Folders(below: workshop.path("app"))
    let app = AppModel(
      ports: Ports(folders: folders, settings: MapSettings(), protection: PlainFolders(), device: SoftwareKey())
    )
    #expect(!app.isOpen)
  }
}
