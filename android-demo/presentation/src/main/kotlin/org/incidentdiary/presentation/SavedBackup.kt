package org.incidentdiary.presentation

import org.incidentdiary.core.Diary
import org.incidentdiary.saveDraft

/** The last backup, as a draft keeps it: sealed, so that nobody else learns of it. */
internal class SavedBackup(
    /** The number of the newest incident in it; 0 if there was no backup. */
    val newest: UInt,
    /** Something was added to an incident since, or changed. */
    val isOlder: Boolean = false,
) {
    /** As `12`, or `12+` if it is older than what is recorded. */
    fun keep(diary: Diary): Unit = diary.saveDraft(DRAFT, "$newest${if (isOlder) OLDER else ""}")

    companion object {
        private const val DRAFT = "backup"
        private const val OLDER = "+"

        /** Null if nobody knows. */
        fun last(diary: Diary): SavedBackup? {
            val kept = diary.keptDraft(DRAFT)
            val text = kept.text.orEmpty()
            val saved = SavedBackup(text.removeSuffix(OLDER).toUIntOrNull() ?: 0u, text.endsWith(OLDER))
            return saved.takeUnless { kept.damaged }
        }

        /** What is written over may be the last one: none counts until the next one is there. */
        fun forget(diary: Diary): Unit = SavedBackup(0u).keep(diary)

        /** Something that the last backup has not was just recorded, besides a new incident, which has a number. */
        fun outdate(diary: Diary) {
            runCatching {
                last(diary)?.takeIf { it.newest > 0u && !it.isOlder }?.let { SavedBackup(it.newest, true).keep(diary) }
            }
        }
    }
}
