package org.incidentdiary.presentation

import org.incidentdiary.core.Diary
import org.incidentdiary.core.ExportSelection
import org.incidentdiary.core.ExportedBundle
import org.incidentdiary.export
import org.incidentdiary.exportAsZip
import org.incidentdiary.exportReport
import org.incidentdiary.exportToRecipients
import java.io.File

/** In which form it leaves: the whole bundle or the report alone, and what keeps others from reading it on the way. */
internal enum class ExportForm(
    val code: String,
    val label: TextKey,
    /** What she should know of it before she chooses it. */
    val help: TextKey,
    val ending: String,
    val mediaType: String,
) {
    ZIP("zip", TextKey.EXPORT_FORM_ZIP, TextKey.EXPORT_FORM_ZIP_HELP, ".zip", "application/zip"),
    AGE("age", TextKey.EXPORT_FORM_AGE, TextKey.EXPORT_FORM_AGE_HELP, ".zip.age", "application/octet-stream"),
    PLAIN("plain", TextKey.EXPORT_FORM_PLAIN, TextKey.EXPORT_NOT_ENCRYPTED, ".zip", "application/zip"),
    REPORT("report", TextKey.EXPORT_FORM_REPORT, TextKey.EXPORT_FORM_REPORT_HELP, ".pdf", "application/pdf"),
    ;

    /**
     * Writes it to a file that does not exist yet. [recipients] are for [AGE]; the [passphrase] is wiped. [progress] is
     * asked whether to go on.
     */
    fun write(
        diary: Diary,
        selection: ExportSelection,
        recipients: List<String>,
        file: File,
        passphrase: CharArray,
        progress: (done: ULong, total: ULong) -> Boolean,
    ): Written = when (this) {
        ZIP -> diary.exportAsZip(selection, file, passphrase, progress).use { Written(it.file(), it.takePassphrase()) }
        AGE -> Written(diary.exportToRecipients(selection, file, recipients, passphrase, progress))
        PLAIN -> Written(diary.export(selection, file, passphrase, progress))
        REPORT -> Written(diary.exportReport(selection, file, passphrase, progress))
    }

    companion object {
        /** Encrypted, unless she chooses otherwise: a file that leaves passes through many hands. */
        fun of(code: String): ExportForm = entries.firstOrNull { it.code == code } ?: ZIP
    }
}

/** A file that was written, and what opens it if that was made for it. */
internal class Written(val bundle: ExportedBundle, val opener: String? = null) {
    /** What it says of itself. */
    val lines: List<Line>
        get() = listOf(
            Line(TextKey.EXPORT_INCIDENTS.text(), TextKey.EXPORT_OF.text(bundle.incidents, bundle.inLog)),
            Line(TextKey.EXPORT_SIZE.text(), sizeText(bundle.bytes.toLong())),
            Line(TextKey.EXPORT_CODE.text(), codeText(bundle.fingerprint)),
            Line(TextKey.EXPORT_FILE_SHA256.text(), sha256Text(bundle.sha256)),
        )
}

/** The keys in what she typed, one after the other; null if one of them has not the form of a key. */
internal fun recipientsIn(typed: String): List<String>? =
    typed.trim().lowercase().split(Regex("[\\s,;]+")).takeIf { all -> all.all(RECIPIENT::matches) }

private val RECIPIENT = Regex("age1[0-9a-z]{58}")
