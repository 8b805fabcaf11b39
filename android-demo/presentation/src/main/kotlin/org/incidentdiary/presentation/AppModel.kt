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
import org.incidentdiary.core.KeyFile

/**
 * The whole app behind its Views: which screen is in front, when the diary locks, and what the system is asked to do.
 *
 * One object for the process; it outlives every window. All of it is called on the thread of [scope]. [saved] is what
 * [savedIds] gave before the process ended: after the next unlock she is where she was.
 */
public class AppModel(
    private val ports: Ports,
    private val scope: CoroutineScope,
    saved: Map<String, String> = emptyMap(),
) {
    private var open: OpenDiary? = null
    private var way = Way()
    private var wayBack: List<Route> = Route.decode(saved[WAY])
    private var closing: Job? = null
    private var target: ((ContentTarget?) -> Unit)? = null

    /** Files waited to be attached when it was locked: she is told after the next unlock, and nobody before. */
    private var lost: Boolean
        get() = ports.settings.get(LOST) != null
        set(value) {
            if (value != lost) ports.settings.set(LOST, YES.takeIf { value })
        }

    /** So many photos were attached when it was locked. Told like [lost]. */
    @Volatile
    private var carried = 0

    /** What the diary said of itself when it was opened, until the list with it was in front of her. */
    private var untold: List<Text> = emptyList()
    internal val token = KeptToken(ports.settings)

    /** A photo that came back when it was locked already: it waits for the diary to be opened. */
    private val late = LatePhotos()
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
        emptyScratch()
        ports.finishWipe()
        ports.leftovers().forEach { it.deleteRecursively() }
        runCatching { ports.finishRestore() }
        // It was announced, and the process ended before the diary was made.
        if (!ports.vault.exists()) ports.codeUnconfirmed = false
        current = MutableStateFlow(closedScreen(null))
        screen = current.asStateFlow()
    }

    /** Where she is, in ids only: all that may be kept outside of the diary. */
    public fun savedIds(): Map<String, String> =
        mapOf(WAY to Route.encode(if (open == null) wayBack else way.routes))

    // --- Where she goes ---

    /** One step back. False if there is none: then the app is left. */
    public fun back(): Boolean {
        when (val top = current.value) {
            is Screen.FirstStart -> return top.model.back()
            is Screen.Lock -> return top.model.back()
            // What is being recorded is on the disk in a moment; a form opened meanwhile would show it as unfinished.
            is Screen.Form -> if (top.model.state.value.busy) return true
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

    /** She picked these files; none if none arrived. Not to be called if she thought better of it. */
    public fun filesPicked(files: List<ContentSource>): Unit = received(files, how = "")

    /** She took this photo; null if none arrived. Not to be called if she thought better of it. */
    public fun photoTaken(photo: ContentSource?): Unit = received(listOfNotNull(photo), how = TAKEN_IN_APP)

    private fun received(files: List<ContentSource>, how: String) {
        (current.value as? Screen.FirstStart)?.let { return it.model.backupPicked(files) }
        (current.value as? Screen.Lock)?.let { if (it.model.state.value.damaged) return it.model.backupPicked(files) }
        val incident = (current.value as? Screen.Incident)?.model
        if (files.isEmpty()) {
            incident?.trouble(TextKey.ERROR_NOTHING_ARRIVED.text())
            // The process was ended behind the camera, or it was locked: what she took is told when she can hear of it.
            if (open == null) lost = true
            return
        }
        incident?.let { openAttach(it.id) }
        val attach = (current.value as? Screen.Attach)?.model
        if (attach != null) return attach.add(files, how)
        // It was locked meanwhile. Told by another process too, if this one ends before it is taken in.
        lost = true
        if (late.keep(files, wayBack)) (current.value as? Screen.Lock)?.model?.somethingWaits()
    }

    /** Photos that waited for the diary go where they belong, if this is the diary that they belong to. */
    private fun takeIn(opened: OpenDiary) {
        val incident = late.incident ?: return
        opened.work({}) {
            // Not of this diary: nothing is said of them in another one.
            opened.call { it.show(incident) }
            if (open !== opened) return@work
            lost = false
            val photos = late.take()
            if ((current.value as? Screen.Incident)?.model?.id != incident) openIncident(incident)
            openAttach(incident)
            val attach = (current.value as? Screen.Attach)?.model
            attach?.add(photos, TAKEN_IN_APP, TextKey.ATTACH_WAITED.text()) ?: photos.forEach { it.forget() }
        }
    }

    /** She chose where a file goes; null if she thought better of it. */
    public fun targetChosen(chosen: ContentTarget?) {
        val wanted = target
        target = null
        if (wanted == null || open == null) chosen?.discard() else wanted(chosen)
    }

    internal fun ask(effect: Effect) {
        effectQueue.trySend(effect)
    }

    internal fun askForTarget(name: String, mediaType: String, chosen: (ContentTarget?) -> Unit) {
        target = chosen
        ask(Effect.CreateDocument(name, mediaType))
    }

    // --- Opening and locking ---

    /**
     * The diary was opened or made: [notices] are said on top of the list. If she has left since she asked for it
     * ([askedAfter] so many departures), it is locked at once.
     */
    internal fun unlocked(diary: Diary, askedAfter: Int, notices: List<Text> = emptyList()) {
        val session = CoroutineScope(scope.coroutineContext + SupervisorJob(scope.coroutineContext[Job]))
        val opened = OpenDiary(diary, session, ports) { lock(errorText(it)) }
        open = opened
        way = Way()
        val left = askedAfter != departures
        untold = (untold + notices).distinct()
        val done = TextKey.DONE_ATTACHED.text(carried).takeIf { carried > 0 }
        val notAttached = TextKey.NOTICE_NOT_ATTACHED.text().takeIf { lost && late.incident == null }
        val told = untold + listOfNotNull(done, notAttached)
        wayBack.forEach { way.go(it, it.screen(this, opened, told)) }
        autoLock.unlocked()
        if (left) return lock(null)
        showTop()
        (current.value as? Screen.Incident)?.model?.let {
            it.say(done)
            notAttached?.let(it::trouble)
        }
        if (late.incident == null) lost = false
        carried = 0
        takeIn(opened)
    }

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
        untold = emptyList()
        carried = 0
        late.forget()
        ports.finishWipe()
        emptyScratch()
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
            close(made) {}
            current.value = closedScreen(null)
        }
        val opened = open ?: return
        val left = way
        // What was not told must be found again, also by another process.
        val renewToken = untold.none(token::tellsIt)
        open = null
        way = Way()
        wayBack = Route.decode(Route.encode(left.routes))
        left.locked()
        target = null
        autoLock.locked()
        current.value = closedScreen(reason)
        opened.scope.cancel()
        close(opened.diary, renewToken) {
            opened.finished()
            left.keep()
            left.attaching.forEach { carryThrough(it) }
        }
    }

    /** A photo lies nowhere else, and the moment it shows is over. */
    private suspend fun carryThrough(attach: AttachModel) {
        val through = attach.carryThrough()
        carried += through.attached
        if (through.lost) lost = true
    }

    private fun close(diary: Diary, renewToken: Boolean = true, first: suspend () -> Unit) {
        closing = scope.launch(ports.io + NonCancellable) {
            // Each for itself: whatever fails, the keys are wiped.
            runCatching { first() }
            if (renewToken) runCatching { token.renew(diary) }
            runCatching { diary.lock() }
            diary.close()
            emptyScratch()
        }
    }

    /**
     * What she should know of the key file. Opening mends it, and after that only this tells of it, until the list with it
     * was in front of her.
     */
    internal fun keyFileNotice(diary: Diary): Text? {
        val now = diary.keyFile()
        if (now == KeyFile.MENDED) ports.settings.set(MENDED, YES)
        val told = if (now == KeyFile.WHOLE && ports.settings.get(MENDED) != null) KeyFile.MENDED else now
        return keyFileKey(told)?.text()
    }

    private fun emptyScratch() {
        ports.scratch.listFiles()?.forEach { it.deleteRecursively() }
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
        // She has taken back what she chose herself.
        lost = false
        showTop()
    }

    private fun showTop() {
        current.value = way.top
        if (current.value is Screen.List) {
            untold = emptyList()
            if (ports.settings.get(MENDED) != null) ports.settings.set(MENDED, null)
        }
    }

    private companion object {
        const val WAY = "way"
        const val LOST = Ports.LOST
        const val MENDED = Ports.MENDED
        const val YES = "yes"
        const val TAKEN_IN_APP = "taken_in_app"
        const val MINUTE = 60_000L
    }
}
