package org.incidentdiary.presentation

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch

/**
 * Decides when the diary is locked by itself: at once when she leaves the screen or it goes dark, and after a time in
 * which she touched nothing. While she is in the picker or the camera that the app opened for her it waits, but not
 * for ever. The same patience holds while the recovery code is on the screen: a screen that goes dark while she writes it
 * down must not take it away.
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
    private var visible = true
    private var patient = false

    /** The diary was opened; [patient] while its recovery code is shown. */
    fun unlocked(patient: Boolean = false) {
        this.patient = patient
        lockAfter(idleLimit())
    }

    /** The diary was locked, by whomever. */
    fun locked() {
        timer?.cancel()
        timer = null
        deadline = null
        inOwnPicker = false
        patient = false
    }

    /** She touched the screen, or typed. */
    fun touched() {
        if (deadline == null || !visible || overdue()) return
        // The system also tells of a touch when the picker comes up in front of the app.
        if (!inOwnPicker) lockAfter(idleLimit())
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
        if (!overdue()) lockAfter(idleLimit())
    }

    /** The screen of the app can be seen. */
    fun started() {
        visible = true
        // A picker that was left without an answer does not keep the diary open.
        inOwnPicker = false
        if (deadline != null && !overdue()) lockAfter(idleLimit())
    }

    /** The screen of the app cannot be seen any more. */
    fun stopped() {
        visible = false
        when {
            deadline == null || inOwnPicker -> Unit
            patient -> lockAfter(PICKER_LIMIT)
            else -> lock()
        }
    }

    /** The device went dark. */
    fun screenOff() {
        when {
            deadline == null -> Unit
            patient -> lockAfter(PICKER_LIMIT)
            else -> lock()
        }
    }

    private fun overdue(): Boolean {
        val end = deadline ?: return false
        if (elapsed() < end) return false
        lock()
        return true
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

/** As long as she may stay in a picker or the camera: 3 minutes, enough for a photo and a search. */
internal const val PICKER_LIMIT: Long = 180_000
