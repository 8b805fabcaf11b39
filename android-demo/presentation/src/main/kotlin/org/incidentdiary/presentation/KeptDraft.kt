package org.incidentdiary.presentation

import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import org.incidentdiary.core.Diary
import org.incidentdiary.core.DiaryException
import org.incidentdiary.draftText
import org.incidentdiary.saveDraft

/** What was kept under a name; nothing, if the place of all drafts is [damaged], and the next one that is kept begins it anew. */
internal class Kept(val text: String?, val damaged: Boolean = false)

/** What was typed must not keep her from what is recorded. */
internal fun Diary.keptDraft(name: String): Kept = try {
    Kept(draftText(name))
} catch (_: DiaryException.Damaged) {
    Kept(null, damaged = true)
}

/**
 * What is typed beside the form, kept as a draft, sealed, whenever its screen or the app is left. [typed] is what there is of it
 * now, empty if nothing.
 */
internal class KeptDraft(private val opened: OpenDiary, private val name: String, private val typed: () -> String) {
    private var kept = ""

    /** Reading, keeping and using it up, one after the other: what comes late would bring words back. */
    private val turn = Mutex()

    /** Gives [offer] what was kept, if anything. */
    suspend fun read(offer: (String) -> Unit): Unit = turn.withLock {
        kept = opened.call { it.draftText(name) } ?: return@withLock
        offer(kept)
    }

    /** Keeps what is typed, as it is when its turn comes. */
    suspend fun keep(): Unit = turn.withLock {
        val now = typed()
        if (now == kept) return@withLock
        opened.finish { if (now.isEmpty()) it.discardDraft(name) else it.saveDraft(name, now) }
        kept = now
    }

    /** Does [work] with what is typed. It calls the other function once nothing of that may stay. */
    suspend fun <T> use(work: (Diary, used: () -> Unit) -> T): T = turn.withLock {
        opened.call { diary ->
            work(diary) {
                diary.discardDraft(name)
                kept = ""
            }
        }
    }
}
