package org.incidentdiary.presentation

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch

/**
 * Decides when the diary is locked by itself: at once when she leaves the screen or it goes dark, and after a time in
 * which she touched nothing. While she is in the picker or the camera that the app opened for her it waits, but not
 * for ever; and as long, if her own time is shorter, while she copies a code or a password and has nothing to touch.
 * While long work runs, no time counts, but not for ever either.
 *
 * Timers sleep with the device, so every return is also measured by [elapsed].
 */
internal class AutoLock(
    private val scope: CoroutineScope,
    private val elapsed: () -> Long,
    private val idleLimit: () -> Long,
    private val lock: () -> Unit,
) {
    private var timer: Job? = null
    private var deadline: Long? = null
    private var inOwnPicker = false
    private var showsCode = false
    private var working = false

    /** The window can be seen. */
    var visible = true
        private set

    /** The diary was opened, or its recovery code is in front of her, or is not any more. */
    fun unlocked(showsCode: Boolean = false) {
        this.showsCode = showsCode
        lockWhenIdle()
    }

    /** Long work begins, or has ended: then her own time begins. */
    fun works(works: Boolean) {
        if (deadline == null || overdue()) return
        working = works
        if (!inOwnPicker) lockWhenIdle()
    }

    /** The diary was locked, by whomever. */
    fun locked() {
        timer?.cancel()
        timer = null
        deadline = null
        inOwnPicker = false
        showsCode = false
        working = false
    }

    /** She touched the screen, or typed. */
    fun touched() {
        if (deadline == null || !visible || overdue()) return
        // The system also tells of a touch when the picker comes up in front of the app.
        if (!inOwnPicker) lockWhenIdle()
    }

    /** The app is about to open a picker or the camera. */
    fun openedOwnPicker() {
        if (deadline == null) return
        inOwnPicker = true
        lockAfter(PICKER_LIMIT)
    }

    /** The picker or the camera answered. */
    fun ownPickerReturned() {
        if (!inOwnPicker) return
        inOwnPicker = false
        if (!overdue()) lockWhenIdle()
    }

    /** The screen of the app can be seen. */
    fun started() {
        visible = true
        // A picker that was left without an answer does not keep the diary open.
        inOwnPicker = false
        if (deadline != null && !overdue()) lockWhenIdle()
    }

    /** The screen of the app cannot be seen any more. */
    fun stopped() {
        visible = false
        if (deadline != null && !inOwnPicker) lock()
    }

    /** The device went dark. */
    fun screenOff() {
        if (deadline != null) lock()
    }

    private fun overdue(): Boolean {
        val end = deadline ?: return false
        if (elapsed() < end) return false
        lock()
        return true
    }

    private fun lockWhenIdle() {
        val idle = if (showsCode) maxOf(idleLimit(), PICKER_LIMIT) else idleLimit()
        lockAfter(if (working) WORK_LIMIT else idle)
    }

    private fun lockAfter(milliseconds: Long) {
        timer?.cancel()
        deadline = elapsed() + milliseconds
        timer = scope.launch {
            delay(milliseconds)
            lock()
        }
    }
}

/** As long as she may stay in a picker or the camera: 3 minutes, enough for a photo, a search, or a code on paper. */
internal const val PICKER_LIMIT: Long = 180_000

/** As long as work may go on without a touch: 30 minutes, enough for the backup of a large diary on a slow phone. */
internal const val WORK_LIMIT: Long = 1_800_000
