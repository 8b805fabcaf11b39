package org.incidentdiary.presentation

import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.io.TempDir
import java.io.File
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertTrue

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

    @Test
    fun `while long work runs no time counts, but not for ever, and then her own time begins`() = runTest {
        var locked = 0
        val lock = AutoLock(backgroundScope, { currentTime }, { MINUTE }) { locked += 1 }
        lock.unlocked()
        lock.works(true)
        advanceTimeBy(20 * MINUTE)
        lock.touched()
        lock.works(false)
        advanceTimeBy(MINUTE - 1)
        assertEquals(0, locked)
        advanceTimeBy(2)
        assertEquals(1, locked)
    }

    @Test
    fun `work that never ends keeps it open for half an hour`() = runTest {
        var locked = 0
        val lock = AutoLock(backgroundScope, { currentTime }, { MINUTE }) { locked += 1 }
        lock.unlocked()
        lock.works(true)
        advanceTimeBy(30 * MINUTE - 1)
        assertEquals(0, locked)
        advanceTimeBy(2)
        assertEquals(1, locked)
    }

    @Test
    fun `the half hour is counted from her last touch`() = runTest {
        var locked = 0
        val lock = AutoLock(backgroundScope, { currentTime }, { MINUTE }) { locked += 1 }
        lock.unlocked()
        lock.works(true)
        advanceTimeBy(20 * MINUTE)
        lock.touched()
        advanceTimeBy(30 * MINUTE - 1)
        assertEquals(0, locked)
        advanceTimeBy(2)
        assertEquals(1, locked)
    }

    @Test
    fun `a backup that takes longer than her time is finished`() = runTest {
        var elapsed = 0L
        val rig = Rig(this, folder, clock = { elapsed })
        rig.firstStart()
        rig.app.openBackup()
        val backup = rig.on<Screen.Backup>().model
        backup.choosePlace()
        val slow = Place {
            elapsed = 20 * MINUTE
            rig.app.onUserActive()
        }
        rig.app.targetChosen(slow)
        rig.settle()
        assertIs<Screen.Backup>(rig.app.screen.value)
        assertTrue(backup.state.value.result.isNotEmpty())
    }

    @Test
    fun `the password of a file stays as long as a recovery code, until the screen is left`() = runTest {
        val rig = Rig(this, folder)
        rig.settings.set("idle_minutes", "1")
        rig.firstStart()
        rig.write("x")
        for (minutes in listOf(2, 1)) {
            rig.app.openExport()
            val export = rig.on<Screen.Export>().model
            export.preview()
            rig.settle()
            export.accept()
            export.choosePlace(Rig.PASSPHRASE.toCharArray())
            rig.settle()
            rig.app.targetChosen(Place())
            rig.settle()
            assertTrue(export.state.value.opener.isNotEmpty())
            if (minutes == 1) rig.app.back()
            rig.pass(minutes * MINUTE + 1)
            assertEquals(minutes == 1, rig.app.screen.value is Screen.Lock)
            rig.app.back()
        }
    }

    private companion object {
        const val MINUTE = 60_000L
    }
}
