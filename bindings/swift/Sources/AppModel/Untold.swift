import DiaryKit
import Foundation

/// What she is to be told when the diary is open next, and nobody before. What was left in one diary is said in no other one of
/// the same folder: it is kept under a mark that only its own diary can read.
@MainActor
final class Untold {
  /// What is told by another process too, if this one ends before.
  enum Kind: CaseIterable {
    /// Files waited to be attached when it was locked.
    case lost
    /// What was typed last could not be kept.
    case form
    /// Long work was cut off.
    case work

    var setting: String {
      switch self {
      case .lost: Ports.lost
      case .form: Ports.formNotKept
      case .work: Ports.workStopped
      }
    }

    var text: Phrase {
      switch self {
      case .lost: .of(.noticeNotAttached)
      case .form: .of(.noticeFormNotKept)
      case .work: .of(.noticeWorkStopped)
      }
    }
  }

  /// What was left in the diary that was opened, if it was this one that was locked last.
  struct Left {
    var isHere = true
    var kinds: [Kind] = []
  }

  /// What the diary said of itself when it was opened, until the list with it was in front of her.
  var notices: [Phrase] = []
  /// So many photos were attached when it was locked.
  var carried = 0
  /// What is said of an incident that was recorded when it was locked.
  var recorded: Phrase?
  /// What is said of both.
  var done: [Phrase] {
    [recorded, carried > 0 ? .of(.doneAttached, [.words(String(carried))]) : nil].compactMap { $0 }
  }

  private let settings: any Settings
  /// Of the diary that was locked last; `nil` if this process locked none, or if nothing is written in it.
  private var mark: Data?
  private static let yes = "yes"

  init(_ settings: any Settings) { self.settings = settings }

  func add(_ kind: Kind) { settings.set(kind.setting, mark?.base64EncodedString() ?? Self.yes) }

  func remove(_ kind: Kind) {
    if settings.get(kind.setting) != nil { settings.set(kind.setting, nil) }
  }

  /// The diary is about to lock. A token of a log with nothing in it says nothing. What was `recorded` is said of no diary that
  /// nobody would know again.
  func leave(_ diary: OpenDiary, recorded: Phrase?) async {
    let isEmpty = (try? await diary.list(ListQuery(limit: 1)).incidents.isEmpty) ?? true
    mark = isEmpty ? nil : try? await diary.newToken(replacing: Data())
    if mark != nil, let recorded { self.recorded = recorded }
  }

  /// What was left in this diary, of which the way back leads to `incident`.
  func left(in diary: OpenDiary, at incident: String?) async -> Left {
    var left = Left()
    if let mark {
      left.isHere = await belongs(mark, to: diary)
    } else if let incident {
      left.isHere = await knows(incident, diary)
    }
    for kind in Kind.allCases {
      guard let kept = settings.get(kind.setting) else { continue }
      if kept == Self.yes {
        left.kinds.append(kind)
      } else if let mark = Data(base64Encoded: kept), await belongs(mark, to: diary) {
        left.kinds.append(kind)
      }
    }
    return left
  }

  /// Another diary was opened than the one that was locked last: nothing is said of that one.
  func holdBack() {
    notices = []
    doneTold()
  }

  /// She was told what was done.
  func doneTold() { (carried, recorded) = (0, nil) }

  /// The diary was destroyed.
  func forget() {
    holdBack()
    mark = nil
  }

  /// What she should know of the key file. Opening mends it, and after that only this tells of it, until the list with it
  /// was in front of her.
  func keyFileNotice(_ diary: OpenDiary) async throws -> Phrase? {
    let now = try await diary.keyFile()
    if now == .mended { settings.set(Ports.mended, Self.yes) }
    return keyFilePhrase(now == .whole && settings.get(Ports.mended) != nil ? .mended : now)
  }

  /// The list with the notices is in front of her.
  func seen() {
    notices = []
    if settings.get(Ports.mended) != nil { settings.set(Ports.mended, nil) }
  }

  private func belongs(_ mark: Data, to diary: OpenDiary) async -> Bool {
    let status = (try? await diary.tokenStatus(mark)) ?? .unknown
    return status != .unknown
  }

  private func knows(_ incident: String, _ diary: OpenDiary) async -> Bool {
    do {
      _ = try await diary.show(incident)
    } catch DiaryError.NotFound {
      return false
    } catch {}
    return true
  }
}
