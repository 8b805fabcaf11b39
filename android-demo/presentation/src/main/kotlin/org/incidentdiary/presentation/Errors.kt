package org.incidentdiary.presentation

import org.incidentdiary.LibraryException
import org.incidentdiary.NotTextException
import org.incidentdiary.core.BackupProblem
import org.incidentdiary.core.DeviceKeyProblem
import org.incidentdiary.core.DiaryException
import org.incidentdiary.core.FieldRule
import org.incidentdiary.core.FormatLimit
import org.incidentdiary.core.StampProblem
import org.incidentdiary.core.TimeRule
import java.io.IOException
import java.nio.charset.CharacterCodingException

/** What she is told of an error: a calm sentence with what to do. Nothing of the error's own text is ever shown. */
internal fun errorText(error: Throwable): Text = when (error) {
    is DiaryException -> diaryErrorKey(error).text()
    is LibraryException -> TextKey.ERROR_LIBRARY.text()
    is NotTextException, is CharacterCodingException -> TextKey.FIELD_TEXT.text()
    is UnreadableSource -> TextKey.ERROR_FILE_UNREADABLE.text()
    is UnwritableTarget, is IOException, is SecurityException -> TextKey.ERROR_TARGET.text()
    else -> TextKey.ERROR_DEFECT.text()
}

/** What she is told of a diary that does not open: nothing of it can be read. */
internal fun openingErrorText(error: Throwable): Text = when (error) {
    is DiaryException.ForeignDatabase, is DiaryException.CellsMissing, is DiaryException.Damaged ->
        TextKey.ERROR_DIARY_DAMAGED.text()
    else -> errorText(error)
}

/** The file that she picked cannot be read. */
internal class UnreadableSource : IOException()

/** The place that she chose takes no copy. */
internal class UnwritableTarget : IOException()

private fun diaryErrorKey(error: DiaryException): TextKey = when (error) {
    is DiaryException.Locked -> TextKey.ERROR_LOCKED
    is DiaryException.CalledFromCallback -> TextKey.ERROR_BUSY
    is DiaryException.Cancelled -> TextKey.ERROR_STOPPED
    is DiaryException.Callback, is DiaryException.Defect -> TextKey.ERROR_DEFECT
    is DiaryException.WriterClosed -> TextKey.ERROR_STOPPED
    is DiaryException.PassphraseNotText -> TextKey.ERROR_PASSPHRASE_TEXT
    is DiaryException.PassphraseEmpty -> TextKey.ERROR_PASSPHRASE_EMPTY
    is DiaryException.PassphraseTooLong -> TextKey.ERROR_PASSPHRASE_LONG
    is DiaryException.PassphraseWeak -> TextKey.PASSPHRASE_WEAK
    is DiaryException.PassphraseUnusable -> TextKey.ERROR_PASSPHRASE_UNUSABLE
    is DiaryException.RecoveryCodeForm -> TextKey.ERROR_CODE_FORM
    is DiaryException.RecoveryCodeMistyped -> TextKey.ERROR_CODE_MISTYPED
    is DiaryException.WrongRecoveryCode -> TextKey.ERROR_CODE_OTHER
    is DiaryException.DeviceKey -> when (error.problem) {
        DeviceKeyProblem.MISSING -> TextKey.ERROR_DEVICE_KEY_MISSING
        DeviceKeyProblem.FAILED, DeviceKeyProblem.WRONG_LENGTH -> TextKey.ERROR_DEVICE_KEY_FAILED
    }
    is DiaryException.NotAVault -> TextKey.ERROR_NOT_A_VAULT
    is DiaryException.TargetExists -> TextKey.ERROR_EXISTS
    is DiaryException.NewerFormat -> TextKey.ERROR_NEWER
    is DiaryException.DamagedKeyFile, is DiaryException.KdfOutOfRange -> TextKey.ERROR_KEY_FILE
    is DiaryException.OutOfMemory -> TextKey.ERROR_MEMORY
    is DiaryException.WrongPassphrase -> TextKey.ERROR_PASSPHRASE_WRONG
    is DiaryException.PassphraseInUse -> TextKey.ERROR_PASSPHRASE_USED
    is DiaryException.InUse -> TextKey.ERROR_IN_USE
    is DiaryException.ForeignDatabase, is DiaryException.CellsMissing -> TextKey.ERROR_DAMAGED
    is DiaryException.Damaged -> TextKey.ERROR_DAMAGED
    is DiaryException.OldKeyFile -> TextKey.ERROR_OLD_KEY_FILE
    is DiaryException.Full -> when (error.limit) {
        FormatLimit.DRAFTS -> TextKey.ERROR_FULL_DRAFTS
        FormatLimit.DOOMED_FILES -> TextKey.ERROR_FULL_FILES
        FormatLimit.ENTRIES, FormatLimit.CELLS, FormatLimit.ENTRY_SIZE -> TextKey.ERROR_FULL
    }
    is DiaryException.Closed -> TextKey.ERROR_CLOSED
    is DiaryException.NoRandomness -> TextKey.ERROR_RANDOMNESS
    is DiaryException.DiskFull -> TextKey.ERROR_DISK_FULL
    is DiaryException.ReadOnly -> TextKey.ERROR_READ_ONLY
    is DiaryException.Storage -> TextKey.ERROR_STORAGE
    is DiaryException.InvalidField -> fieldErrorKey(error.rule)
    is DiaryException.InvalidTime -> timeErrorKey(error.rule)
    is DiaryException.CannotBeWithheld,
    is DiaryException.InvalidId,
    is DiaryException.InvalidCursor,
    is DiaryException.InvalidLimit,
    is DiaryException.InvalidDraftName,
    is DiaryException.InvalidDraft,
    is DiaryException.UnknownLanguage,
    is DiaryException.NotABundle,
    is DiaryException.EncryptedBundle,
    -> TextKey.ERROR_INPUT
    is DiaryException.Backup -> backupErrorKey(error.problem)
    is DiaryException.InvalidFingerprint -> TextKey.ERROR_CODE_LOG
    is DiaryException.NotFound, is DiaryException.NotAnIncident, is DiaryException.NotAnItem -> TextKey.ERROR_NOT_FOUND
    is DiaryException.Erased -> TextKey.ERROR_ERASED
    is DiaryException.AlreadyWithdrawn -> TextKey.ERROR_WITHDRAWN
    is DiaryException.TooManyItems -> TextKey.ERROR_MANY_FILES
    is DiaryException.EmptySelection -> TextKey.ERROR_SELECTION
    is DiaryException.NotChosen -> TextKey.ERROR_NOT_CHOSEN
    is DiaryException.DatesReversed -> TextKey.FIELD_ORDER
    is DiaryException.BundleTooLarge -> TextKey.ERROR_BUNDLE_LARGE
    is DiaryException.BundleNotSound -> TextKey.ERROR_BUNDLE_UNSOUND
    is DiaryException.InvalidRecipient -> TextKey.ERROR_RECIPIENT
    is DiaryException.RecipientCount -> TextKey.ERROR_RECIPIENTS
    is DiaryException.TimeStamp -> stampErrorKey(error.problem)
    is DiaryException.FileNotFound, is DiaryException.FileVanished -> TextKey.ERROR_FILE_GONE
    is DiaryException.NotAFile -> TextKey.ERROR_FILE_KIND
    is DiaryException.FileEmpty -> TextKey.ERROR_FILE_EMPTY
    is DiaryException.FileTooLarge -> TextKey.ERROR_FILE_LARGE
    is DiaryException.FileChanged -> TextKey.ERROR_FILE_CHANGED
    is DiaryException.FileUnreadable -> TextKey.ERROR_FILE_UNREADABLE
    is DiaryException.EvidenceDamaged -> TextKey.ERROR_EVIDENCE_DAMAGED
}

private fun backupErrorKey(problem: BackupProblem): TextKey = when (problem) {
    is BackupProblem.NotABackup -> TextKey.BACKUP_NONE
    is BackupProblem.NewerFormat -> TextKey.BACKUP_NEWER
    is BackupProblem.DamagedKeys,
    is BackupProblem.Truncated,
    is BackupProblem.DamagedChunk,
    is BackupProblem.Malformed,
    is BackupProblem.DamagedFile,
    -> TextKey.BACKUP_DAMAGED
    is BackupProblem.FileChanged -> TextKey.BACKUP_CHANGED
    is BackupProblem.NotReadBack -> TextKey.BACKUP_UNSOUND
    is BackupProblem.InsideVault, is BackupProblem.ForeignFolder -> TextKey.ERROR_TARGET
}

private fun stampErrorKey(problem: StampProblem): TextKey = when (problem) {
    is StampProblem.TooLarge,
    is StampProblem.NotAnAnswer,
    is StampProblem.OtherRequest,
    is StampProblem.OtherNumber,
    -> TextKey.ERROR_STAMP
    is StampProblem.Refused -> TextKey.ERROR_STAMP_REFUSED
    is StampProblem.NoCertificate,
    is StampProblem.UnknownAlgorithm,
    is StampProblem.WrongSignature,
    -> TextKey.ERROR_STAMP_UNCHECKED
    is StampProblem.WrongChain -> TextKey.ERROR_STAMP_CHAIN
    is StampProblem.KeptAlready -> TextKey.ERROR_STAMP_KEPT
    is StampProblem.OffClock -> TextKey.ERROR_STAMP_CLOCK
}

/** What she is told beside the field. */
internal fun fieldErrorText(rule: FieldRule): Text = when (rule) {
    is FieldRule.OutOfRange -> TextKey.FIELD_NUMBER.text(rule.least, rule.most)
    else -> fieldErrorKey(rule).text()
}

private fun fieldErrorKey(rule: FieldRule): TextKey = when (rule) {
    is FieldRule.Missing, is FieldRule.Needed, is FieldRule.Empty -> TextKey.FIELD_MISSING
    is FieldRule.NoChange -> TextKey.FORM_NOTHING_CHANGED
    is FieldRule.Twice, is FieldRule.SameKey -> TextKey.FIELD_SAME
    is FieldRule.NotText, is FieldRule.Control -> TextKey.FIELD_TEXT
    is FieldRule.TooLong, is FieldRule.TooLarge -> TextKey.FIELD_TOO_LONG
    is FieldRule.TooMany -> TextKey.FIELD_TOO_MANY
    is FieldRule.WrongTime -> timeErrorKey(rule.rule)
    is FieldRule.UnknownField,
    is FieldRule.WrongKind,
    is FieldRule.CannotBeNull,
    is FieldRule.UnknownCode,
    is FieldRule.OutOfRange,
    is FieldRule.WrongForm,
    is FieldRule.NotFirstDay,
    is FieldRule.TimeOfUnknown,
    is FieldRule.NeverLeaves,
    -> TextKey.FIELD_CHECK
}

private fun timeErrorKey(rule: TimeRule): TextKey =
    if (rule == TimeRule.REVERSED) TextKey.FIELD_ORDER else TextKey.FIELD_TIME
