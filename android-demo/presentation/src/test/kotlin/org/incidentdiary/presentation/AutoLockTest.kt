package org.incidentdiary.presentation

import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.io.TempDir
import java.io.File
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertIs

/** The clock of the lock, by itself and behind the picker of the system. */
class AutoLockTest {
    @TempDir
    lateinit var folder: File

    @Test
    fun `a timer that slept with the device is made up for when she returns`() = runTest {
        var elapsed = 0L
        var locked = 0
        lateinit var lock: AutoLock
        lock = AutoLock(backgroundScope, { elapsed }, { 5 * MINUTE }) {
            locked += 1
            lock.locked()
        }
        lock.unlocked()
        lock.openedOwnPicker()
        lock.stopped()
        elapsed = 10 * MINUTE
        lock.started()
        assertEquals(1, locked)
        lock.started()
        lock.stopped()
        assertEquals(1, locked)
    }

    @Test
    fun `the touch that the system tells of as its picker comes up makes the wait no longer`() = runTest {
        val rig = Rig(this, folder)
        rig.settings.set("idle_minutes", "10")
        rig.firstStart()
        rig.app.openedOwnPicker()
        rig.app.onUserActive()
        rig.app.onStopped()
        rig.pass(4 * MINUTE)
        assertIs<Screen.Lock>(rig.app.screen.value)
    }

    private companion object {
        const val MINUTE = 60_000L
    }
}
