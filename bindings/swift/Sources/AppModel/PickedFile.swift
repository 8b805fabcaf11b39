import DiaryKit
import Foundation

/// A file that she picked, or a photo just taken.
public struct PickedFile: Equatable, Sendable {
  /// Where it can be read.
  public let url: URL
  /// It belongs to another app, which must be asked for each reading.
  public let isBorrowed: Bool
  /// It is the app's own copy of what lies elsewhere too.
  public let isCopy: Bool

  /// A file of the app's own scratch folder, or one that the system lends.
  public init(_ url: URL, isBorrowed: Bool = false, isCopy: Bool = false) {
    self.url = url
    self.isBorrowed = isBorrowed
    self.isCopy = isCopy
  }

  /// It lies nowhere else.
  var onlyHere: Bool { !isBorrowed && !isCopy }

  /// The name of the file, as the other app gives it.
  var name: String { url.lastPathComponent }

  /// Its size in bytes, if the system says so.
  var bytes: UInt64? {
    lent { (try? url.resourceValues(forKeys: [.fileSizeKey]).fileSize).flatMap { UInt64(exactly: $0) } }
  }

  /// Reads it, with the other app's leave for as long as it takes.
  func lent<Value>(_ work: () throws -> Value) rethrows -> Value {
    let given = beginLoan()
    defer { if given { endLoan() } }
    return try work()
  }

  /// As `lent`, for work that takes long, and with the file as `lender` gives it.
  @MainActor
  func lent<Value: Sendable>(
    by lender: any FileLender,
    _ work: @MainActor (URL) async throws -> Value
  ) async throws -> Value {
    guard isBorrowed else { return try await work(url) }
    let given = beginLoan()
    defer { if given { endLoan() } }
    guard let loan = try? await lender.lend(url) else { throw DiaryError.FileUnreadable }
    defer { loan.end() }
    return try await work(loan.url)
  }

  private func beginLoan() -> Bool {
    #if canImport(Darwin)
      isBorrowed && url.startAccessingSecurityScopedResource()
    #else
      false
    #endif
  }

  private func endLoan() {
    #if canImport(Darwin)
      url.stopAccessingSecurityScopedResource()
    #endif
  }
}

/// How files of other apps are read.
public protocol FileLender: Sendable {
  /// Asks for a file that she picked. It may have to be fetched first, as from a cloud, and holds still until the loan ends.
  func lend(_ url: URL) async throws -> Loan
}

/// A file of another app, as long as it is read.
public struct Loan: Sendable {
  /// Where it is to be read.
  public let url: URL
  /// To be called once, when it was read.
  public let end: @Sendable () -> Void

  /// What was lent, and how it is given back.
  public init(_ url: URL, end: @escaping @Sendable () -> Void) {
    self.url = url
    self.end = end
  }
}

/// Files that lie here, and that nobody has to be asked for.
public struct PlainFiles: FileLender {
  /// They need nothing.
  public init() {}

  /// As it lies there.
  public func lend(_ url: URL) async throws -> Loan { Loan(url) {} }
}
