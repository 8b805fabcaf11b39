package org.incidentdiary.presentation

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.receiveAsFlow
import kotlinx.coroutines.launch
import org.incidentdiary.core.Diary

/**
 * The whole app behind its Views: which screen is in front, when the diary locks, and what the system is asked to do.
 *
 * One object for the process; it outlives every window. All of it is called on the thread of [scope]. [saved] is what
 * [savedIds] gave before the process ended: after the next unlock she is where she was.
 */
public class AppModel(
    internal val ports: Ports,
    private val scope: CoroutineScope,
    saved: Map<String, String> = emptyMap(),
) {
    /** The unlocked diary. */
    internal var open: OpenDiary? = null
        private set
    private var way = Way()
    private var wayBack: List<Route> = Route.decode(saved[WAY])

    /** Forms that were recorded or thrown away while it was being locked: she does not come back to them. */
    @Volatile
    private var ended: List<Route> = emptyList()
    private var closing: Job? = null
    private var target: ((ContentTarget?) -> Unit)? = null

    /** What she is told when the diary is open next. */
    internal val untold = Untold(ports.settings)
    internal val token = KeptToken(ports.settings)

    /** A photo that came back when it was locked already: it waits for the diary to be opened. */
    internal val late = LatePhotos()
    private var asked: Asked? = null
    private val effectQueue = Channel<Effect>(Channel.UNLIMITED)
    private val autoLock = AutoLock(scope, ports.elapsed, { idleMinutes(ports.settings) * MINUTE }) { lock() }
    private val current: MutableStateFlow<Screen>

    /**
     * How often she has left the app, or the screen went dark. Opening takes a second, and an app that was left may sleep
     * in the middle of it: whoever wakes it must not find it open.
     */
    internal var departures: Int = 0
        private set

    /** What is in front of her. */
    public val screen: StateFlow<Screen>

    /** What the system is asked to do; each is given out once. */
    public val effects: Flow<Effect> = effectQueue.receiveAsFlow()

    init {
        // What a killed process left on its way out, or did not finish.
        ports.emptyScratch()
        ports.finishWipe()
        ports.leftovers().forEach { it.deleteRecursively() }
        runCatching { ports.finishRestore() }
        // It was announced, and the process ended before the diary was made.
        if (!ports.vault.exists()) ports.codeUnconfirmed = false
        current = MutableStateFlow(closedScreen(null))
        screen = current.asStateFlow()
        scope.launch { ports.libraryTrouble()?.let { current.value.trouble(it) } }
    }

    /** Where she is, in ids only: all that may be kept outside of the diary. */
    public fun savedIds(): Map<String, String> =
        mapOf(WAY to Route.encode(if (open == null) wayBack - ended else way.routes))

    /** What is in front of her in the unlocked diary. */
    internal val route: Route get() = way.routes.last()

    /** The window can be seen. */
    internal val isVisible: Boolean get() = autoLock.visible

    // --- Where she goes ---

    /** One step back. False if there is none: then the app is left. */
    public fun back(): Boolean {
        when (val top = current.value) {
            is Screen.FirstStart -> return top.model.back()
            is Screen.Lock -> return top.model.back()
            is Screen.Form -> if (top.model.back()) return true
            is Screen.Attach -> if (top.model.back()) return true
            is Screen.Export -> if (top.model.back()) return true
            is Screen.Keys -> if (top.model.back()) return true
            else -> Unit
        }
        if (!way.canGoBack) return false
        leaveTop()
        current.value.refresh()
        return true
    }

    /** Locks, and leaves for the system's start screen. What she typed is kept. */
    public fun quickExit() {
        lock()
        wayBack = Route.START
        effectQueue.trySend(Effect.Leave)
    }

    /** Locks. What she typed is kept, sealed. */
    public fun lock() {
        lock(null)
    }

    internal fun openForm(about: String? = null) = go(Route.Form(about))

    internal fun openIncident(id: String) = go(Route.OneIncident(id))

    internal fun openPicture(incident: String, item: String) = go(Route.OnePicture(incident, item))

    internal fun openAttach(id: String) = go(Route.Attach(id))

    /** To the export. */
    public fun openExport(): Unit = go(Route.Export)

    /** To the code of the log. */
    public fun openFingerprint(): Unit = go(Route.Fingerprint)

    /** To the settings. */
    public fun openSettings(): Unit = go(Route.Settings)

    /** To the backup. */
    public fun openBackup(): Unit = go(Route.Backup)

    /** To destroying the diary. */
    public fun openWipe(): Unit = go(Route.Wipe)

    /** To her passphrase. */
    public fun openKeys(): Unit = go(Route.Keys)

    // --- What the system tells ---

    /** The window can be seen. */
    public fun onStarted(): Unit = autoLock.started()

    /** The window cannot be seen any more. Not to be called when it is only made anew, as by a rotation. */
    public fun onStopped() {
        departures += 1
        way.stopped()
        (current.value as? Screen.Lock)?.model?.left()
        autoLock.stopped()
    }

    /** The device went dark. */
    public fun onScreenOff() {
        departures += 1
        autoLock.screenOff()
    }

    /** She touched the screen or typed. */
    public fun onUserActive(): Unit = autoLock.touched()

    /** The app is about to start a picker or the camera. */
    public fun openedOwnPicker(): Unit = autoLock.openedOwnPicker()

    /** The picker or the camera is gone, with or without an answer. Before the answer is given. */
    public fun ownPickerReturned(): Unit = autoLock.ownPickerReturned()

    /** What the picker or the camera was opened for, as soon as it answers: she may ask again before the answer has come. */
    public fun takeAsked(): Asked? = asked.also { asked = null }

    /** She picked these files; none if none arrived. Not to be called if she thought better of it. */
    public fun filesPicked(files: List<ContentSource>, asked: Asked? = takeAsked()): Unit =
        received(files, asked, how = "")

    /** She took this photo; null if none arrived. Not to be called if she thought better of it. */
    public fun photoTaken(photo: ContentSource?, asked: Asked? = takeAsked()): Unit =
        received(listOfNotNull(photo), asked, how = TAKEN_IN_APP)

    internal fun lastIncident(): String? =
        (if (open == null) wayBack else way.routes).filterIsInstance<Route.OneIncident>().lastOrNull()?.id

    /** She chose where a file goes; null if she thought better of it. */
    public fun targetChosen(chosen: ContentTarget?) {
        val wanted = target
        target = null
        if (wanted == null || open == null) chosen?.let { giveUp(it) } else wanted(chosen)
    }

    /** Nothing is written there. */
    internal fun giveUp(target: ContentTarget) {
        scope.launch(ports.io) { target.giveUp() }
    }

    /** The phone has no program in which a place can be chosen. */
    public fun noPlaceToChoose() {
        targetChosen(null)
        current.value.trouble(TextKey.ERROR_NO_PLACE.text())
    }

    /** Asks the system; for files or a photo [about] this incident. */
    internal fun ask(effect: Effect, about: String? = null) {
        if (about != null) asked = Asked(about, open)
        effectQueue.trySend(effect)
    }

    internal fun askForTarget(name: String, mediaType: String, chosen: (ContentTarget?) -> Unit) {
        target = chosen
        ask(Effect.CreateDocument(name, mediaType))
    }

    // --- Opening and locking ---

    /**
     * The diary was opened or made: [notices] are said on top of the list, and what was [left] in it where she is. If she has
     * left since she asked for it ([askedAfter] so many departures), it is locked at once.
     */
    internal fun unlocked(
        diary: Diary,
        askedAfter: Int,
        notices: List<Text> = emptyList(),
        left: Untold.Left = Untold.Left(),
    ) {
        val session = CoroutineScope(scope.coroutineContext + SupervisorJob(scope.coroutineContext[Job]))
        val opened = OpenDiary(diary, session, ports, autoLock::works) { lock(errorText(it)) }
        open = opened
        way = Way()
        if (!left.isHere) {
            wayBack = Route.START
            untold.holdBack()
        }
        wayBack -= ended
        untold.notices = (untold.notices + notices).distinct()
        val attached = TextKey.DONE_ATTACHED.text(untold.carried).takeIf { untold.carried > 0 }
        val done = listOfNotNull(untold.recorded, attached)
        // A photo that waits is no loss.
        val missed = left.kinds.filter { it != Untold.Kind.LOST || late.incident == null }
        val troubles = missed.map { it.text.text() }
        val told = untold.notices + done + troubles
        wayBack.forEach { way.go(it, it.screen(this, opened, told)) }
        autoLock.unlocked()
        if (askedAfter != departures) return lock(null)
        showTop()
        (current.value as? Screen.Incident)?.model?.say(done.inLines())
        troubles.inLines()?.let(current.value::trouble)
        missed.forEach(untold::remove)
        untold.told()
        takeIn(opened)
    }

    /** What was left in the diary that is being opened. */
    internal fun leftIn(diary: Diary): Untold.Left = untold.of(diary, lastIncident())

    /** The diary was destroyed: nothing here tells of it any more, and the next one begins anew. */
    internal fun wiped(opened: OpenDiary) {
        if (open === opened) {
            open = null
            way.left()
            way = Way()
            target = null
            autoLock.locked()
            opened.scope.cancel()
            opened.diary.close()
        }
        wayBack = Route.START
        untold.holdBack()
        asked = null
        late.forget()
        ports.finishWipe()
        ports.emptyScratch()
        current.value = closedScreen(null)
    }

    /** The diary cannot be opened, and she picked a backup of it. */
    internal fun restoreFrom(files: List<ContentSource>) {
        val start = FirstStartModel(this, ports, scope, replaced = true)
        start.backupPicked(files)
        current.value = Screen.FirstStart(start)
    }

    /** A backup was made a diary again, which she opens like any other. */
    internal fun restored() {
        ports.finishRestore()
        notRestored()
    }

    /** She thought better of it. */
    internal fun notRestored() {
        current.value = closedScreen(null)
    }

    /** Waits until the diary that was open before has let its files go. */
    internal suspend fun closed() {
        closing?.join()
    }

    /** The diary was made, and its recovery code is on the screen; [askedAfter] as in [unlocked]. */
    internal fun made(askedAfter: Int) {
        autoLock.unlocked(showsCode = true)
        // Nobody else may find the code: at the next unlock she is told that it was not confirmed.
        if (askedAfter != departures) lock(null)
    }

    /** A new recovery code is on the screen, until it is confirmed. */
    internal fun codeShown(opened: OpenDiary, shown: Boolean) {
        if (open === opened) autoLock.unlocked(showsCode = shown)
    }

    private fun lock(reason: Text?) {
        (current.value as? Screen.FirstStart)?.model?.takeMade()?.let { made ->
            autoLock.locked()
            close(made)
            current.value = closedScreen(null)
        }
        val opened = open ?: return
        val left = way
        // What was not told must be found again, also by another process.
        // What is attached is carried through, and told by itself.
        val cut = opened.isWorking && left.attaching.isEmpty()
        val renewToken = untold.notices.none(token::tellsIt)
        open = null
        way = Way()
        wayBack = Route.decode(Route.encode(left.routes))
        left.locked()
        target = null
        autoLock.locked()
        current.value = closedScreen(reason)
        opened.scope.cancel()
        ended = emptyList()
        close(opened.diary, renewToken, opened::finished) {
            if (cut) untold.add(Untold.Kind.WORK)
            left.forms.filter { it.ended }.forEach {
                ended += it.route
                it.recorded?.let(untold::record)
            }
            if (!left.keep()) untold.add(Untold.Kind.FORM)
            left.attaching.forEach { carryThrough(it) }
        }
    }

    /** A photo lies nowhere else, and the moment it shows is over. */
    private suspend fun carryThrough(attach: AttachModel) {
        val through = attach.carryThrough()
        untold.carried += through.attached
        if (through.lost) untold.add(Untold.Kind.LOST)
        if (!through.noteKept) untold.add(Untold.Kind.FORM)
    }

    private fun close(
        diary: Diary,
        renewToken: Boolean = true,
        finished: suspend () -> Unit = {},
        first: suspend () -> Unit = {},
    ) {
        closing = scope.launch(ports.io + NonCancellable) {
            // Each for itself: whatever fails, the keys are wiped. What is just being recorded belongs to the diary,
            // and may be the first thing that is.
            runCatching { finished() }
            untold.leave(diary)
            runCatching { first() }
            if (renewToken) runCatching { token.renew(diary) }
            runCatching { diary.lock() }
            diary.close()
            ports.emptyScratch()
        }
    }

    private fun closedScreen(reason: Text?): Screen =
        if (ports.vault.exists()) {
            Screen.Lock(LockModel(this, ports, scope, reason))
        } else {
            Screen.FirstStart(FirstStartModel(this, ports, scope))
        }

    // --- The way ---

    private fun go(route: Route) {
        // A touch that comes too late locks.
        autoLock.touched()
        val opened = open ?: return
        way.go(route, route.screen(this, opened))
        current.value = way.top
    }

    /** Leaves a screen that is done, for the one below it or for another one. */
    internal fun leave(screen: Any, instead: Route? = null, said: Text? = null) {
        if (!way.canGoBack || way.top.behind !== screen) return
        leaveTop()
        if (instead != null && way.routes.last() != instead) go(instead) else current.value.refresh()
        (current.value as? Screen.Incident)?.model?.say(said)
    }

    private fun leaveTop() {
        way.back()
        showTop()
    }

    private fun showTop() {
        current.value = way.top
        if (current.value is Screen.List) untold.seen()
    }

    private companion object {
        const val WAY = "way"
        const val MINUTE = 60_000L
    }
}
