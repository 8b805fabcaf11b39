package org.incidentdiary.presentation

import kotlinx.coroutines.Job
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import org.incidentdiary.attachStream
import org.incidentdiary.core.Attachment
import org.incidentdiary.core.Diary
import java.io.FilterInputStream
import java.io.IOException
import java.io.InputStream

/** Attaches picked files to an incident, one after the other, straight from where they lie into the sealed file. */
public class AttachModel internal constructor(
    private val app: AppModel,
    private val opened: OpenDiary,
    private val incident: String,
) {
    private val current = MutableStateFlow(AttachState(how = opened.choices("how", emptySet())))

    /** What is not attached yet, in its order, each under an id of its own. */
    private val waiting = linkedMapOf<String, ContentSource>()
    private var added = 0
    private var how = ""

    /** How they came here as far as the app knows: nothing that she chose. */
    private var given = ""
    private val draft = KeptDraft(opened, draft(incident), ::typed)

    /** What she typed is recorded with the files. */
    @Volatile
    private var used = false
    private var saving: Job? = null

    /** What the screen shows. */
    public val state: StateFlow<AttachState> = current.asStateFlow()

    init {
        opened.work({}) { draft.read(::offer) }
    }

    /** Takes a file off the list; what lies nowhere else, after she was asked. */
    public fun remove(id: String) {
        if (current.value.busy) return
        waiting.remove(id)?.forget()
        show()
    }

    /** How she came by the files; the same again takes it out. */
    public fun chooseHow(code: String) {
        how = if (how == code) "" else code
        show()
    }

    /** She typed a note. */
    public fun editNote(text: String) {
        app.onUserActive()
        current.update { it.copy(note = text) }
    }

    /** Attaches them. What could not be attached stays on the list and says why. */
    public fun save() {
        if (current.value.busy || waiting.isEmpty()) return
        current.update { it.copy(busy = true, error = null) }
        saving = opened.stoppable(::failed) {
            val attachment = attachment()
            val total = waiting.size
            var done = 0
            while (waiting.isNotEmpty()) {
                currentCoroutineContext().ensureActive()
                val (id, source) = waiting.entries.first()
                opened.longCall { diary, stillWanted ->
                    attach(diary, source, attachment) { read ->
                        tell(done, total, source, read)
                        stillWanted()
                    }
                }
                // It is attached, whether she has stopped meanwhile or not.
                waiting.remove(id)
                source.forget()
                done += 1
                show()
            }
            used = true
            app.leave(this, said = TextKey.DONE_ATTACHED.text(done))
        }
    }

    /** Stops; a file that was not finished leaves nothing behind, and those before it are attached. */
    public fun stop() {
        saving?.cancel()
    }

    internal fun add(files: List<ContentSource>, how: String, notice: Text? = null) {
        if (how.isNotEmpty()) {
            this.how = how
            given = how
        }
        for (file in files) waiting["${added++}"] = file
        if (notice != null) current.update { it.copy(notice = notice) }
        show()
    }

    /**
     * True if she cannot go back yet: what was taken in the app lies nowhere else, so it is attached first, and she goes
     * back when it is. Files that she picked are still where she picked them.
     */
    internal fun back(): Boolean {
        val picked = waiting.filterValues { !it.onlyInMemory }
        if (picked.size == waiting.size) return false
        if (current.value.busy) return true
        for (id in picked.keys) waiting.remove(id)?.forget()
        show()
        save()
        return true
    }

    /** The app cannot be seen, and may be ended. */
    internal fun stopped() = opened.finishing({}) { draft.keep() }

    /** The screen was left. */
    internal fun left() {
        stopped()
        val lost = waiting.values.toList()
        waiting.clear()
        val running = saving
        if (running == null) lost.forEach { it.forget() }
        running?.invokeOnCompletion { lost.forEach { it.forget() } }
        running?.cancel()
    }

    /**
     * The diary is about to lock: attaches what lies nowhere else, and forgets all. How many were attached, whether
     * others waited, and whether the note is kept.
     */
    internal suspend fun carryThrough(): Carried {
        saving?.cancelAndJoin()
        // A note that cannot be recorded must not cost the photo.
        val attempts = attachment().let { listOf(it, it.copy(note = null)).distinct() }
        var attached = 0
        var noted = 0
        for (source in waiting.values) {
            val done = attempts.takeIf { source.onlyInMemory }.orEmpty().indexOfFirst { attachment ->
                runCatching { opened.finish { attach(it, source, attachment) { true } } }.isSuccess
            }
            if (done >= 0) attached += 1
            if (done == 0) noted += 1
            source.forget()
        }
        if (noted > 0 && noted == waiting.size) used = true
        val kept = runCatching { draft.keep() }.isSuccess
        return Carried(attached, lost = attached < waiting.size, kept).also { waiting.clear() }
    }

    internal class Carried(val attached: Int, val lost: Boolean, val noteKept: Boolean)

    private fun typed(): String {
        val chosen = if (how == given) "" else how
        val typed = mapOf(HOW to chosen, NOTE to current.value.note).filterValues { it.isNotBlank() }
        return if (used) "" else FormValues(typed).encode()
    }

    private fun offer(kept: String) {
        val values = FormValues.decode(kept)
        how = how.ifEmpty { values[HOW] }
        current.update { if (it.note.isEmpty()) it.copy(note = values[NOTE]) else it }
        show()
    }

    private fun attachment() =
        Attachment(how.takeIf { it.isNotEmpty() }, current.value.note.takeIf { it.isNotBlank() })

    private fun attach(diary: Diary, source: ContentSource, attachment: Attachment, progress: (ULong) -> Boolean) {
        Source(source).use {
            diary.attachStream(incident, source.text, source.modified?.toEpochMilli(), attachment, it, progress)
        }
        SavedBackup.outdate(diary)
    }

    private fun tell(done: Int, total: Int, source: ContentSource, read: ULong) {
        val text = TextKey.ATTACH_PROGRESS.text(done + 1, total)
        val percent = source.bytes?.takeIf { it > 0 }?.let { percent(read, it.toULong()) }
        current.update { it.copy(progress = Progress(text, percent)) }
    }

    private fun show() = current.update { state ->
        state.copy(
            files = waiting.map { (id, file) ->
                FileRow(id, fileName(file.text), file.bytes?.let(::sizeText), file.onlyInMemory)
            },
            how = opened.choices("how", setOf(how)),
            canSave = waiting.isNotEmpty() && !state.busy,
        )
    }

    private fun failed(text: Text) {
        current.update { state ->
            val files = state.files.mapIndexed { at, file -> if (at == 0) file.copy(error = text) else file }
            state.copy(busy = false, progress = null, error = text, files = files, canSave = files.isNotEmpty())
        }
    }

    /** Its name as text: other apps may give half of a surrogate pair. */
    private val ContentSource.text: String get() = name.encodeToByteArray().decodeToString()

    internal companion object {
        private const val HOW = "how"
        private const val NOTE = "note"

        /** The draft with the note for the files of this incident, and with how she got them. */
        fun draft(incident: String): String = "attach-$incident"
    }

    /** What the other app does wrong is told as a file that cannot be read. */
    internal class Source(source: ContentSource) : FilterInputStream(opened(source)) {
        override fun read(b: ByteArray, off: Int, len: Int): Int = readable { super.read(b, off, len) }

        private companion object {
            fun opened(source: ContentSource): InputStream = readable { source.open() }

            fun <T> readable(read: () -> T): T = try {
                read()
            } catch (_: IOException) {
                throw UnreadableSource()
            } catch (_: SecurityException) {
                throw UnreadableSource()
            }
        }
    }
}
