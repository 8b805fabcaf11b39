import DiaryKit
import Foundation

/// A folder that lives as long as a test, and diaries in it. Every diary is the real library's, at the least cost of a
/// passphrase that it allows.
public final class Workshop: Sendable {
  /// The folder.
  public let folder: URL

  public init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "diary-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// A path in the folder.
  public func path(_ name: String) -> URL { folder.appending(path: name) }

  /// The passphrase of every diary here.
  public static let passphrase = "тұманды таң 🌫️ кәрі алма"

  /// Words that no log and no error may hold; `test` looks for them in everything that was printed.
  public static let canary = "құпия канарейка"

  /// A new one of the same words each time, because one is used up by a call.
  public var secret: Secret { Secret(Self.passphrase) }

  /// A new, empty diary.
  public func diary(_ name: String = "diary") async throws -> OpenDiary {
    try await OpenDiary.create(folder: path(name), passphrase: secret, cost: .floor)
  }

  /// A file with these bytes.
  public func file(_ name: String, _ bytes: Data) throws -> URL {
    try bytes.write(to: path(name))
    return path(name)
  }

  /// What lies in a folder, in order; empty if it is not there.
  public func names(in name: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path(name).path)) ?? []).sorted()
  }
}

/// Another program, run to its end.
public struct Program: Sendable {
  /// What it printed.
  public let output: Data
  /// Its exit status.
  public let status: Int32

  /// The command line of the project; its name in the environment is `DIARY_PROGRAM`.
  public static func diary(_ arguments: [String]) throws -> Program {
    guard let path = ProcessInfo.processInfo.environment["DIARY_PROGRAM"] else { throw NotThere() }
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Program(output: output, status: process.terminationStatus)
  }

  /// The program was not built, or is not named.
  public struct NotThere: Error {}
}

/// An incident with nothing but what is needed.
public func plain(_ narrative: String, on day: String = "2026-10-03") -> Incident {
  Incident(occurred: Occurred(from: day), narrative: narrative)
}

/// The smallest JPEG that is one: its first bytes decide.
public let photo = Data([0xFF, 0xD8, 0xFF, 0xE0, 0, 16] + Array("JFIF".utf8) + [0, 1, 1, 0, 0, 1, 0, 1, 0, 0])

/// The error that a call ends with; `nil` if it ends well.
public func failure<Value>(_ call: () async throws -> Value) async -> DiaryError? {
  do {
    _ = try await call()
    return nil
  } catch {
    return error as? DiaryError
  }
}
