import DiaryKit

/// A recovery code that was just made: shown once, and confirmed when she has typed one group of it from her paper.
@MainActor
final class NewCode {
  /// The code, to be copied by hand.
  let groups: [String]
  private let ports: Ports
  private var asked = 0

  init(_ code: String, ports: Ports) {
    groups = code.split(separator: "-").map(String.init)
    self.ports = ports
  }

  /// A code that `make` makes counts as not confirmed before it is there, so that none can be lost in silence.
  static func making<Made: Sendable>(_ ports: Ports, _ make: () async throws -> Made) async throws -> Made {
    let before = ports.codeUnconfirmed
    ports.codeUnconfirmed = true
    do {
      return try await make()
    } catch {
      switch error {
      // After these two nobody knows which code holds.
      case DiaryError.Closed, DiaryError.Defect: break
      default: ports.codeUnconfirmed = before
      }
      throw error
    }
  }

  /// She has written it down: which group she is asked for.
  func written() -> Phrase {
    asked = groups.isEmpty ? 0 : Int(ports.time.elapsed.components.seconds) % groups.count
    return .of(.startConfirmQuestion, [.words(String(asked + 1))])
  }

  /// Whether she typed that group.
  func confirm(_ group: String) -> Bool {
    guard groups.indices.contains(asked), folded(group) == folded(groups[asked]) else { return false }
    ports.codeUnconfirmed = false
    return true
  }

  /// As the library reads a code: small letters are large ones, O is 0, I and L are 1.
  private func folded(_ text: String) -> String {
    String(
      text.uppercased().filter { $0.isLetter || $0.isNumber }.map { letter in
        switch letter {
        case "O": "0"
        case "I", "L": "1"
        default: letter
        }
      }
    )
  }
}
