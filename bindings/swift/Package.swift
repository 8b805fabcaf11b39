// swift-tools-version: 6.0
import PackageDescription

// On Linux the library comes from `target/`, through the linker's flags (`./test` gives them); on Apple's systems
// `bindings/package ios` puts the XCFramework beside this file. The generated sources are never committed: `./prepare`.
#if os(Linux)
  let library = Target.systemLibrary(name: "DiaryCoreFFI", path: "Sources/DiaryCoreFFI")
#else
  let library = Target.binaryTarget(name: "DiaryCoreFFI", path: "DiaryCoreFFI.xcframework")
#endif

let ours: [SwiftSetting] = [.swiftLanguageMode(.v6)]

let package = Package(
  name: "Diary",
  defaultLocalization: "en",
  platforms: [.iOS(.v17), .macOS(.v14)],
  products: [
    .library(name: "DiaryKit", targets: ["DiaryKit"]),
    .library(name: "AppModel", targets: ["AppModel"]),
  ],
  targets: [
    library,
    // Generated, and nothing else. Language mode 5, as its generator tests it.
    .target(
      name: "DiaryCore",
      dependencies: ["DiaryCoreFFI"],
      swiftSettings: [.swiftLanguageMode(.v5)],
      linkerSettings: [.linkedLibrary("diary_ffi", .when(platforms: [.linux]))]
    ),
    .target(name: "DiaryKit", dependencies: ["DiaryCore"], swiftSettings: ours),
    .target(name: "AppModel", dependencies: ["DiaryKit"], resources: [.process("Resources")], swiftSettings: ours),
    .target(name: "TestSupport", dependencies: ["AppModel"], path: "Tests/TestSupport", swiftSettings: ours),
    .testTarget(name: "DiaryKitTests", dependencies: ["DiaryKit", "TestSupport"], swiftSettings: ours),
    .testTarget(name: "AppModelTests", dependencies: ["AppModel", "TestSupport"], swiftSettings: ours),
  ]
)
