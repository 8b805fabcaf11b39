package org.incidentdiary.presentation

import org.incidentdiary.core.Diary
import org.incidentdiary.core.DiaryException
import org.incidentdiary.core.KeyFile
import org.incidentdiary.core.ListQuery
import org.incidentdiary.core.TokenStatus
import java.util.Base64

/**
 * What she is to be told when the diary is open next, and nobody before. What was left in one diary is said in no other one of
 * the same folder: it is kept under a mark that only its own diary can read.
 */
internal class Untold(private val settings: Settings) {
    /** What is told by another process too, if this one ends before. */
    enum class Kind(val setting: String, val text: TextKey) {
        /** Files waited to be attached when it was locked. */
        LOST(Ports.LOST, TextKey.NOTICE_NOT_ATTACHED),

        /** What was typed last could not be kept. */
        FORM(Ports.FORM_NOT_KEPT, TextKey.NOTICE_FORM_NOT_KEPT),

        /** Long work was cut off. */
        WORK(Ports.WORK_STOPPED, TextKey.NOTICE_WORK_STOPPED),
    }

    /** What was left in the diary that was opened, if it was this one that was locked last. */
    class Left(val isHere: Boolean = true, val kinds: List<Kind> = emptyList())

    /** What the diary said of itself when it was opened, until the list with it was in front of her. */
    var notices: List<Text> = emptyList()

    /** So many photos were attached when it was locked. */
    @Volatile
    var carried = 0

    /** What was recorded when it was locked. */
    @Volatile
    var recorded: Text? = null
        private set

    /** Of the diary that was locked last; null if this process locked none, or if nothing is written in it. */
    @Volatile
    private var mark: String? = null

    fun add(kind: Kind) = settings.set(kind.setting, mark ?: YES)

    fun remove(kind: Kind) {
        if (settings.get(kind.setting) != null) settings.set(kind.setting, null)
    }

    /** It was recorded when the diary locked. What has no mark would be said in another diary too. */
    fun record(said: Text) {
        if (mark != null) recorded = said
    }

    /** What was carried through was told. */
    fun told() {
        carried = 0
        recorded = null
    }

    /** The diary is about to lock. */
    fun leave(diary: Diary) {
        mark = runCatching { markOf(diary) }.getOrNull()
    }

    /** What was left in this diary, of which the way back leads to [incident]. */
    fun of(diary: Diary, incident: String?): Left = Left(
        isHere = mark?.let { it.isOf(diary) } ?: (incident == null || diary.knows(incident)),
        kinds = Kind.entries.filter { kind ->
            val left = settings.get(kind.setting)
            left == YES || left?.isOf(diary) == true
        },
    )

    /** Another diary was opened than the one that was locked last: nothing is said of that one. */
    fun holdBack() {
        notices = emptyList()
        told()
    }

    /**
     * What she should know of the key file. Opening mends it, and after that only this tells of it, until the list with it
     * was in front of her.
     */
    fun keyFileNotice(diary: Diary): Text? {
        val now = diary.keyFile()
        if (now == KeyFile.MENDED) settings.set(Ports.MENDED, YES)
        val told = if (now == KeyFile.WHOLE && settings.get(Ports.MENDED) != null) KeyFile.MENDED else now
        return keyFileKey(told)?.text()
    }

    /** The list with the [notices] is in front of her. */
    fun seen() {
        notices = emptyList()
        if (settings.get(Ports.MENDED) != null) settings.set(Ports.MENDED, null)
    }

    /** A token of a log with nothing in it says nothing. */
    private fun markOf(diary: Diary): String? = diary.newToken(ByteArray(0))
        .takeIf { diary.list(ListQuery(limit = 1u)).incidents.isNotEmpty() }?.let(Base64.getEncoder()::encodeToString)

    private fun String.isOf(diary: Diary): Boolean = try {
        diary.tokenStatus(Base64.getDecoder().decode(this)) != TokenStatus.UNKNOWN
    } catch (_: IllegalArgumentException) {
        false
    }

    private fun Diary.knows(incident: String): Boolean = try {
        show(incident)
        true
    } catch (_: DiaryException.NotFound) {
        false
    } catch (_: DiaryException) {
        true
    }

    private companion object {
        const val YES = "yes"
    }
}
