import DiaryKit
import Foundation
import TestSupport
import Testing

@testable import AppModel

@Suite("Errors as sentences")
struct ErrorTextTests {
  @Test func noneIsForgotten() {
    // One of each enum that an error holds: of all the others nobody keeps a list.
    let met = Set(errors)
    #expect(met.count == errors.count && met.count > 110)
    #expect(met.isSuperset(of: [.Locked, .NotChosen(id: ""), .Backup(problem: .foreignFolder), .Full(limit: .cells)]))
    #expect(
      met.isSuperset(of: [.DeviceKey(problem: .wrongLength), .TimeStamp(problem: .tooLarge), .Damaged(part: .tree)])
    )
    #expect(
      met.isSuperset(of: [.InvalidTime(rule: .skipped), .InvalidField(path: "", rule: .wrongTime(rule: .offset))])
    )
    #expect(met.isSuperset(of: [.PassphraseWeak(weakness: .known), .EvidenceDamaged(damage: .hash)]))
  }

  @Test(arguments: Language.allCases)
  func eachHasACalmSentence(_ language: Language) {
    let strings = Strings(language)
    for error in errors {
      for words in [errorPhrase(error), openingPhrase(error)].map(strings.read) {
        #expect(words.count > 6 && words.hasSuffix("."), "\(error)")
        #expect(!words.contains { "!%{}_".contains($0) } && !words.contains("  "), "\(error)")
        // Names aside, no English: neither a text that was not translated, nor the library's own.
        let english = words.split { !$0.isASCII || !$0.isLetter }.filter { !["age", "backup"].contains($0) }
        #expect(language == .en || english.isEmpty, "\(error)")
      }
    }
  }

  @Test func anErrorOfAnotherKindTellsNothing() {
    struct Other: Error { let text = "құпия" }
    #expect(errorPhrase(Other()) == .of(.errorDefect))
    #expect(errorPhrase(CocoaError(.fileWriteOutOfSpace)) == .of(.errorTarget))
  }

  @Test func ofADiaryThatDoesNotOpenNothingIsSaidToBeReadable() {
    let damaged = errors.filter(tellsOfDamage)
    #expect(damaged.count >= 7)
    for error in damaged { #expect(openingPhrase(error) != .of(.errorDamaged), "\(error)") }
    #expect(openingPhrase(DiaryError.Damaged(part: .head)) == .of(.errorDiaryDamaged))
    #expect(errorPhrase(DiaryError.Damaged(part: .head)) == .of(.errorDamaged), "in one that is open the rest can be")
  }

  private let errors: [DiaryError] = every(FfiConverterTypeDiaryError.read)
}
