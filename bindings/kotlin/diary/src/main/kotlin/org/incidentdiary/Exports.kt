package org.incidentdiary

import org.incidentdiary.core.Diary
import org.incidentdiary.core.ExportSelection
import org.incidentdiary.core.ExportedBundle
import org.incidentdiary.core.SealedZip
import java.io.File

/** Writes a bundle to a file that does not exist yet, and wipes the passphrase. [progress] as in [listener]. */
public fun Diary.export(
    selection: ExportSelection,
    out: File,
    passphrase: CharArray,
    progress: ((done: ULong, total: ULong) -> Boolean)? = null,
): ExportedBundle = lend(passphrase) { export(selection, out.path, it, progress?.let(::listener)) }

/**
 * Writes the report alone to a PDF that does not exist yet, at most 10 MB, and wipes the passphrase. Nothing in it can
 * be checked without the bundle. [progress] as in [listener].
 */
public fun Diary.exportReport(
    selection: ExportSelection,
    out: File,
    passphrase: CharArray,
    progress: ((done: ULong, total: ULong) -> Boolean)? = null,
): ExportedBundle = lend(passphrase) { exportReport(selection, out.path, it, progress?.let(::listener)) }

/**
 * As [export], encrypted with age to 1 to 64 recipients, `age1...`, of whom each can open it alone. Nothing of it lies
 * on the disk in clear.
 */
public fun Diary.exportToRecipients(
    selection: ExportSelection,
    out: File,
    recipients: List<String>,
    passphrase: CharArray,
    progress: ((done: ULong, total: ULong) -> Boolean)? = null,
): ExportedBundle = lend(passphrase) {
    exportToRecipients(selection, out.path, recipients, it, progress?.let(::listener))
}

/**
 * As [export], encrypted with age and a passphrase for whoever gets it, which must not be the diary's own; both are
 * wiped. One that is guessed easily is refused unless [allowWeak].
 */
public fun Diary.exportWithPassphrase(
    selection: ExportSelection,
    out: File,
    bundlePassphrase: CharArray,
    passphrase: CharArray,
    allowWeak: Boolean = false,
    progress: ((done: ULong, total: ULong) -> Boolean)? = null,
): ExportedBundle = lendBoth(bundlePassphrase, passphrase) { given, own ->
    exportWithPassphrase(selection, out.path, given, own, progress?.let(::listener), allowWeak)
}

/**
 * As [export], as an AES-256 ZIP around `bundle.zip`, which 7-Zip and WinZip open, with a passphrase that is made for it.
 * [SealedZip.takePassphrase] gives that one, once, to be told to whoever gets the file, by another way than the file.
 * Close it then.
 */
public fun Diary.exportAsZip(
    selection: ExportSelection,
    out: File,
    passphrase: CharArray,
    progress: ((done: ULong, total: ULong) -> Boolean)? = null,
): SealedZip = lend(passphrase) { exportAsZip(selection, out.path, it, progress?.let(::listener)) }
