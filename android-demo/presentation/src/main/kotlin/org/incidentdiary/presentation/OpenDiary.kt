package org.incidentdiary.presentation

import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.isActive
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import org.incidentdiary.core.CodeList
import org.incidentdiary.core.Diary
import org.incidentdiary.core.DiaryException
import org.incidentdiary.core.codeLists
import kotlin.coroutines.CoroutineContext

/** The unlocked diary, as long as it is unlocked: [scope] ends with it, and with it all work on its behalf. */
internal class OpenDiary(
    val diary: Diary,
    val scope: CoroutineScope,
    val ports: Ports,
    /** Long work begins, or the last of it has ended. */
    private val works: (Boolean) -> Unit,
    /** An error after which the diary cannot be used as it is: it is locked. */
    private val broken: (Throwable) -> Unit,
) {
    private val unfinished = mutableListOf<Job>()
    private var running = 0

    /** Work is under way for which she waits. */
    val isWorking: Boolean get() = running > 0

    /** The closed lists of codes, by name. */
    val codes: Map<String, List<String>> = codeLists().associate { list: CodeList -> list.name to list.codes }

    /** Codes as choices, with the chosen ones marked. */
    fun choices(list: String, chosen: Collection<String>): List<Choice> =
        codes[list].orEmpty().map { Choice(it, Text.Label("$list.$it"), it in chosen) }

    /** One call of the library, away from the main thread. */
    suspend fun <T> call(work: (Diary) -> T): T = withContext(ports.io) { work(diary) }

    /**
     * As [finish], for long work: it is told whether anybody still waits for it. What was done before it heard that is
     * done, and whoever called learns of it.
     */
    suspend fun <T> longCall(work: (Diary, stillWanted: () -> Boolean) -> T): T {
        val context: CoroutineContext = currentCoroutineContext()
        return finish { diary ->
            context.ensureActive()
            work(diary) { context.isActive }
        }
    }

    /** As [call], for what must be carried through whatever happens to the screen: the diary waits for it to lock. */
    suspend fun <T> finish(work: (Diary) -> T): T =
        // Two steps: a change of threads alone would throw the answer away if somebody has stopped waiting for it.
        withContext(NonCancellable) { withContext(ports.io) { work(diary) } }

    /** Work that is carried through as a whole, also while it waits for its turn; it begins at once. */
    fun finishing(failed: (Text) -> Unit, block: suspend () -> Unit) {
        unfinished.removeAll { it.isCompleted }
        unfinished += work(failed, CoroutineStart.UNDISPATCHED) { withContext(NonCancellable) { block() } }
    }

    /** Waits for what must be carried through. */
    suspend fun finished() = unfinished.joinAll()

    /** Work for which she waits and touches nothing: the diary waits with her, and does not lock by itself. */
    suspend fun <T> working(block: suspend () -> T): T {
        running += 1
        if (running == 1) works(true)
        try {
            return block()
        } finally {
            running -= 1
            if (running == 0 && scope.isActive) works(false)
        }
    }

    /**
     * Such work that she can stop, begun at once: what it was given is always wiped. [failed] is told that it was stopped
     * when it has ended, and not at all if it was carried through.
     */
    fun stoppable(failed: (Text) -> Unit, block: suspend () -> Unit): Job = work(failed, CoroutineStart.UNDISPATCHED) {
        try {
            working(block)
        } catch (stopped: CancellationException) {
            failed(TextKey.ERROR_STOPPED.text())
            throw stopped
        }
    }

    /** Work for a screen; [failed] is given what to say of an error. */
    fun work(
        failed: (Text) -> Unit,
        start: CoroutineStart = CoroutineStart.DEFAULT,
        block: suspend () -> Unit,
    ): Job = scope.launch(start = start) {
        try {
            block()
        } catch (stopped: CancellationException) {
            throw stopped
        } catch (error: Exception) {
            if (error.endsTheSession()) broken(error) else failed(errorText(error))
        }
    }
}

/** After these the library takes no more calls. */
internal fun Throwable.endsTheSession() =
    this is DiaryException.Locked || this is DiaryException.Closed || this is DiaryException.Defect
