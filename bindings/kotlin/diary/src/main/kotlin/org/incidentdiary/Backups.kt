package org.incidentdiary

import org.incidentdiary.core.BackupReport
import org.incidentdiary.core.Diary
import org.incidentdiary.core.KeyCost
import org.incidentdiary.core.RestoredWithSecond
import org.incidentdiary.core.SecretKind
import org.incidentdiary.core.TwoRecoveryCodes
import org.incidentdiary.core.WrittenBackup
import org.incidentdiary.core.readBackup
import org.incidentdiary.core.restoreBackup
import org.incidentdiary.core.restoreWithSecond
import java.io.File

/** Writes the whole vault into one sealed file that does not exist yet. [progress] as in [listener]. */
public fun Diary.backup(out: File, progress: ((done: ULong, total: ULong) -> Boolean)? = null): WrittenBackup =
    backup(out.path, progress?.let(::listener))

/**
 * Adds a backup to a folder, absent, empty, or with backups of this vault: the log anew, and the evidence files that
 * are not there yet. [restore] takes the folder, and the newest backup in it. [progress] as in [listener].
 */
public fun Diary.backupToFolder(
    folder: File,
    progress: ((done: ULong, total: ULong) -> Boolean)? = null,
): WrittenBackup = backupToFolder(folder.path, progress?.let(::listener))

/**
 * Makes a vault in a folder, absent or empty, from a backup, and wipes the secret: a passphrase or a recovery code that
 * was valid when it was made. A damaged backup is not restored: the findings say where. [progress] as in [listener].
 */
public fun restore(
    backup: File,
    folder: File,
    secret: CharArray,
    kind: SecretKind = SecretKind.PASSPHRASE,
    progress: ((done: ULong, total: ULong) -> Boolean)? = null,
): BackupReport = lend(secret) { restoreBackup(backup.path, folder.path, it, kind, progress?.let(::listener)) }

/** The file of a backup: [path] itself, or in a folder of [backupToFolder] the newest one. Needs no secret. */
public fun backupAt(path: File): File {
    ensureLibrary()
    return File(org.incidentdiary.core.backupAt(path.path))
}

/**
 * Looks whether [path], or the newest file in a folder, is a backup that this version can open, before a secret is asked
 * for: `Backup` says what it is instead. Whether it is whole, [examine] tells.
 */
public fun mustBeBackup(path: File) {
    ensureLibrary()
    org.incidentdiary.core.mustBeBackup(path.path)
}

/** Reads and proves everything in a backup, writes nothing, and wipes the secret, as [restore] takes it. */
public fun examine(
    backup: File,
    secret: CharArray,
    kind: SecretKind = SecretKind.PASSPHRASE,
    progress: ((done: ULong, total: ULong) -> Boolean)? = null,
): BackupReport = lend(secret) { readBackup(backup.path, it, kind, progress?.let(::listener)) }

/**
 * Makes a vault in a folder, absent or empty, of what can still be read of a damaged backup, or of the folder of a
 * damaged vault, which is not touched; wipes the secret, as [restore] takes it. The findings name what is lost, and so
 * does an entry of the new log, for good. [progress] as in [listener].
 */
public fun salvage(
    source: File,
    folder: File,
    secret: CharArray,
    kind: SecretKind = SecretKind.PASSPHRASE,
    progress: ((done: ULong, total: ULong) -> Boolean)? = null,
): BackupReport = lend(secret) {
    org.incidentdiary.core.salvage(source.path, folder.path, it, kind, progress?.let(::listener))
}

/**
 * As [createDiary], with a second, empty diary in the same vault, which opens with [second]. Nothing in the vault says
 * that there are two. The first one is open then; [Diary.takeRecoveryCode] and [Diary.takeSecondRecoveryCode] give the
 * codes, once each. Both passphrases are wiped. What it is good for, and what it is not, says SECURITY.md.
 */
public fun createDiary(
    folder: File,
    passphrase: CharArray,
    second: CharArray,
    cost: KeyCost = KeyCost.MEASURED,
    allowWeak: Boolean = false,
): Diary = lendBoth(passphrase, second) { own, other ->
    Diary.createWithSecond(folder.path, own, other, cost, allowWeak)
}

/**
 * Copies this diary into a new vault in a folder that does not exist yet, together with a second, empty one, and wipes
 * both passphrases. The one of this diary opens the copy too, where it is not bound to a device. The recovery codes are
 * given here and nowhere else. This vault is not touched. [progress] as in [listener].
 */
public fun Diary.copy(
    folder: File,
    passphrase: CharArray,
    second: CharArray,
    cost: KeyCost = KeyCost.MEASURED,
    allowWeak: Boolean = false,
    progress: ((done: ULong, total: ULong) -> Boolean)? = null,
): TwoRecoveryCodes = lendBoth(passphrase, second) { own, other ->
    copyWithSecond(folder.path, own, other, cost, progress?.let(::listener), allowWeak)
}

/**
 * Makes a vault in a folder, absent or empty, of the diary in a backup that [passphrase] opens, together with a second,
 * empty one; wipes both passphrases. If the backup holds another diary, that one is not restored. [progress] as in
 * [listener].
 */
public fun restore(
    backup: File,
    folder: File,
    passphrase: CharArray,
    second: CharArray,
    cost: KeyCost = KeyCost.MEASURED,
    allowWeak: Boolean = false,
    progress: ((done: ULong, total: ULong) -> Boolean)? = null,
): RestoredWithSecond = lendBoth(passphrase, second) { own, other ->
    restoreWithSecond(backup.path, folder.path, own, other, cost, progress?.let(::listener), allowWeak)
}
