import DiaryKit
import Foundation
import Testing

@testable import AppModel

@Suite("Errors as sentences")
struct ErrorTextTests {
  @Test(arguments: Language.allCases)
  func eachHasACalmSentence(_ language: Language) {
    let strings = Strings(language)
    for error in errors {
      let words = strings.read(errorPhrase(error))
      #expect(words.count > 8 && words.hasSuffix("."), "\(error)")
      #expect(!words.contains("!") && !words.contains("%"), "\(error)")
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

  private let errors: [DiaryError] = [
    .Locked, .CalledFromCallback, .Callback, .Cancelled, .WriterClosed, .Defect(place: "a"), .PassphraseNotText,
    .PassphraseEmpty, .PassphraseTooLong, .PassphraseUnusable, .PassphraseWeak(weakness: .known), .RecoveryCodeForm,
    .RecoveryCodeMistyped, .WrongRecoveryCode, .DeviceKey(problem: .missing), .DeviceKey(problem: .failed), .NotAVault,
    .TargetExists, .NewerFormat, .DamagedKeyFile, .KdfOutOfRange, .OutOfMemory,
    .WrongPassphrase, .PassphraseInUse, .InUse, .ForeignDatabase, .CellsMissing, .OldKeyFile, .Damaged(part: .head),
    .Full(limit: .entries), .Full(limit: .drafts), .Full(limit: .doomedFiles), .Closed, .NoRandomness, .DiskFull,
    .ReadOnly, .Storage, .InvalidField(path: "a", rule: .missing), .InvalidTime(rule: .wrongForm), .CannotBeWithheld,
    .InvalidId, .InvalidFingerprint, .InvalidCursor, .InvalidLimit, .InvalidDraftName, .InvalidDraft, .UnknownLanguage,
    .NotFound, .NotAnIncident, .NotAnItem, .Erased, .AlreadyWithdrawn, .TooManyItems, .EmptySelection,
    .NotChosen(id: "1-zzzz"), .DatesReversed, .BundleTooLarge, .BundleNotSound, .NotABundle, .EncryptedBundle,
    .FileNotFound, .NotAFile, .FileEmpty, .FileTooLarge, .FileChanged, .FileVanished, .FileUnreadable,
    .EvidenceDamaged(damage: .hash),
    .InvalidRecipient, .RecipientCount,
    .TimeStamp(problem: .notAnAnswer), .TimeStamp(problem: .refused(status: 2)), .TimeStamp(problem: .wrongSignature),
    .TimeStamp(problem: .wrongChain), .TimeStamp(problem: .keptAlready), .TimeStamp(problem: .offClock),
  ]
}
