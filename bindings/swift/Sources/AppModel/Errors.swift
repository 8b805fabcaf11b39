import DiaryKit
import Foundation

/// What she is told of an error: a calm sentence with what to do. Nothing of the error's own text is ever shown.
func errorPhrase(_ error: any Error) -> Phrase {
  switch error {
  case DiaryError.InvalidField(_, let rule): fieldErrorPhrase(rule)
  case let error as DiaryError: .of(errorKey(error))
  case is CocoaError: .of(.errorTarget)
  case is NotShown: .of(.pictureUnknown)
  default: .of(.errorDefect)
  }
}

/// What she is told where the diary does not open: of one that is damaged nothing can be read then.
func openingPhrase(_ error: any Error) -> Phrase {
  switch error {
  case DiaryError.ForeignDatabase, DiaryError.CellsMissing, DiaryError.Damaged: .of(.errorDiaryDamaged)
  default: errorPhrase(error)
  }
}

/// What she is told beside the field.
func fieldErrorPhrase(_ rule: FieldRule) -> Phrase {
  if case .outOfRange(let least, let most) = rule {
    return .of(.fieldNumber, [.words(String(least)), .words(String(most))])
  }
  return .of(fieldErrorKey(rule))
}

/// One sentence for each case: a new case does not compile until it has one.
private func errorKey(_ error: DiaryError) -> TextKey {
  switch error {
  case .Locked: .errorLocked
  case .CalledFromCallback: .errorBusy
  case .Cancelled, .WriterClosed: .errorStopped
  case .Callback, .Defect: .errorDefect
  case .PassphraseNotText: .errorPassphraseText
  case .PassphraseEmpty: .errorPassphraseEmpty
  case .PassphraseTooLong: .errorPassphraseLong
  case .PassphraseUnusable: .errorPassphraseUnusable
  case .PassphraseWeak: .passphraseWeak
  case .RecoveryCodeForm: .errorCodeForm
  case .RecoveryCodeMistyped: .errorCodeMistyped
  case .WrongRecoveryCode: .errorCodeOther
  case .DeviceKey(problem: .missing): .errorDeviceKeyMissing
  case .DeviceKey: .errorDeviceKeyFailed
  case .NotAVault: .errorNotAVault
  case .TargetExists: .errorExists
  case .NewerFormat: .errorNewer
  case .DamagedKeyFile, .KdfOutOfRange: .errorKeyFile
  case .OutOfMemory: .errorMemory
  case .WrongPassphrase: .errorPassphraseWrong
  case .PassphraseInUse: .errorPassphraseUsed
  case .InUse: .errorInUse
  case .ForeignDatabase, .CellsMissing, .Damaged: .errorDamaged
  case .OldKeyFile: .errorOldKeyFile
  case .Full(limit: .drafts): .errorFullDrafts
  case .Full(limit: .doomedFiles): .errorFullFiles
  case .Full: .errorFull
  case .Closed: .errorClosed
  case .NoRandomness: .errorRandomness
  case .DiskFull: .errorDiskFull
  case .ReadOnly: .errorReadOnly
  case .Storage: .errorStorage
  case .InvalidField(_, let rule): fieldErrorKey(rule)
  case .InvalidTime(let rule): timeErrorKey(rule)
  case .CannotBeWithheld, .InvalidId, .InvalidCursor, .InvalidLimit, .InvalidDraftName, .InvalidDraft,
    .UnknownLanguage, .NotABundle, .EncryptedBundle:
    .errorInput
  case .Backup(let problem): backupErrorKey(problem)
  case .InvalidFingerprint: .errorCodeLog
  case .NotFound, .NotAnIncident, .NotAnItem: .errorNotFound
  case .Erased: .errorErased
  case .AlreadyWithdrawn: .errorWithdrawn
  case .TooManyItems: .errorManyFiles
  case .EmptySelection: .errorSelection
  case .NotChosen: .errorNotChosen
  case .DatesReversed: .fieldOrder
  case .BundleTooLarge: .errorBundleLarge
  case .BundleNotSound: .errorBundleUnsound
  case .InvalidRecipient: .errorRecipient
  case .RecipientCount: .errorRecipients
  case .TimeStamp(let problem): stampErrorKey(problem)
  case .FileNotFound, .FileVanished: .errorFileGone
  case .NotAFile: .errorFileKind
  case .FileEmpty: .errorFileEmpty
  case .FileTooLarge: .errorFileLarge
  case .FileChanged: .errorFileChanged
  case .FileUnreadable: .errorFileUnreadable
  case .EvidenceDamaged: .errorEvidenceDamaged
  }
}

private func backupErrorKey(_ problem: BackupProblem) -> TextKey {
  switch problem {
  case .notABackup: .backupNone
  case .newerFormat: .backupNewer
  case .damagedKeys, .truncated, .damagedChunk, .malformed, .damagedFile: .backupDamaged
  case .fileChanged: .backupChanged
  case .notReadBack: .backupUnsound
  case .insideVault, .foreignFolder: .errorTarget
  }
}

private func stampErrorKey(_ problem: StampProblem) -> TextKey {
  switch problem {
  case .tooLarge, .notAnAnswer, .otherRequest, .otherNumber: .errorStamp
  case .refused: .errorStampRefused
  case .noCertificate, .unknownAlgorithm, .wrongSignature: .errorStampUnchecked
  case .wrongChain: .errorStampChain
  case .keptAlready: .errorStampKept
  case .offClock: .errorStampClock
  }
}

private func fieldErrorKey(_ rule: FieldRule) -> TextKey {
  switch rule {
  case .missing, .needed, .empty: .fieldMissing
  case .noChange: .formNothingChanged
  case .twice, .sameKey: .fieldSame
  case .notText, .control: .fieldText
  case .tooLong, .tooLarge: .fieldTooLong
  case .tooMany: .fieldTooMany
  case .wrongTime(let rule): timeErrorKey(rule)
  case .unknownField, .wrongKind, .cannotBeNull, .unknownCode, .outOfRange, .wrongForm, .notFirstDay,
    .timeOfUnknown, .neverLeaves:
    .fieldCheck
  }
}

private func timeErrorKey(_ rule: TimeRule) -> TextKey {
  rule == .reversed ? .fieldOrder : .fieldTime
}
