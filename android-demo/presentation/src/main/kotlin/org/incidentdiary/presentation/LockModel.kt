package org.incidentdiary.presentation

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import org.incidentdiary.core.Diary
import org.incidentdiary.core.DiaryException
import org.incidentdiary.openDiary
import org.incidentdiary.recoverDiary

/**
 * Opens the diary with the passphrase, or with the recovery code. After some wrong ones it makes the next one wait; it
 * never destroys anything.
 */
public class LockModel internal constructor(
    private val app: AppModel,
    private val ports: Ports,
    private val scope: CoroutineScope,
    reason: Text?,
) {
    private val current = MutableStateFlow(LockState(error = reason))
    private var wrong = 0

    /** What the screen shows. */
    public val state: StateFlow<LockState> = current.asStateFlow()

    /** Opens the diary; the passphrase is wiped. */
    public fun unlock(passphrase: CharArray) {
        attempt(passphrase) { openDiary(ports.vault, passphrase, ports.openingKey()) }
    }

    /** She wants to use the recovery code. */
    public fun forgot() {
        current.update { it.copy(recovering = true, error = null) }
    }

    /** Opens the diary with the recovery code and sets a new passphrase; all are wiped. */
    public fun recover(code: CharArray, new: CharArray, again: CharArray) {
        val same = new.contentEquals(again)
        again.fill('\u0000')
        if (!same) {
            code.fill('\u0000')
            new.fill('\u0000')
            current.update { it.copy(error = TextKey.PASSPHRASES_DIFFER.text()) }
            return
        }
        attempt(code, new) {
            recoverDiary(ports.vault, code, new).also {
                // A code that opens was written down rightly; a passphrase that is set later is not bound.
                ports.codeUnconfirmed = false
                ports.setBound(false)
            }
        }
    }

    /** Lets her pick a backup, where what is here cannot be opened any more. */
    public fun pickBackup() {
        if (current.value.damaged && !current.value.busy) app.ask(Effect.PickFiles)
    }

    /** Something waits for the diary to be opened. */
    internal fun somethingWaits() = current.update { it.copy(notice = TextKey.LOCK_FINISH.text()) }

    /** She has left: whoever comes next learns nothing of it. */
    internal fun left() = current.update { it.copy(notice = null) }

    internal fun trouble(text: Text) = current.update { it.copy(error = text) }

    internal fun backupPicked(files: List<ContentSource>) = when {
        files.isEmpty() -> current.update { it.copy(error = TextKey.ERROR_NOTHING_ARRIVED.text()) }
        else -> app.restoreFrom(files)
    }

    internal fun back(): Boolean {
        if (!current.value.recovering) return false
        current.update { it.copy(recovering = false, error = null) }
        return true
    }

    private fun attempt(vararg secrets: CharArray, open: () -> Diary) {
        if (current.value.busy || current.value.wait > 0) {
            secrets.forEach { it.fill('\u0000') }
            return
        }
        current.update { it.copy(busy = true, error = null) }
        val departures = app.departures
        // Begun at once, so that what was typed is wiped whatever happens.
        scope.launch(start = CoroutineStart.UNDISPATCHED) {
            try {
                app.closed()
                val notices = mutableListOf<Text>()
                var left = Untold.Left(isHere = false)
                val diary = withContext(ports.io) {
                    open().also { diary ->
                        // An open diary is never left alone because something about it cannot be said.
                        runCatching { left = app.leftIn(diary) }
                        runCatching { notices += noticesOf(diary) }
                    }
                }
                app.unlocked(diary, departures, notices, left)
            } catch (error: Exception) {
                val isWrong = error is DiaryException.WrongPassphrase
                // Who left in the middle of a change was not told how it ended.
                val told = if (isWrong) TextKey.LOCK_WRONG.text() else openingErrorText(error)
                current.update { it.copy(busy = false, error = told, damaged = error.tellsOfDamage()) }
                if (isWrong) slowDown()
            } finally {
                secrets.forEach { it.fill('\u0000') }
            }
        }
    }

    private fun noticesOf(diary: Diary): List<Text> = listOfNotNull(
        app.token.notice(diary),
        app.untold.keyFileNotice(diary),
    )

    /** Five are free; then 5, 10, 20 seconds and so on, a minute at most. */
    private suspend fun slowDown() {
        wrong += 1
        if (wrong < FREE) return
        var seconds = (FIRST_WAIT shl (wrong - FREE).coerceAtMost(DOUBLINGS)).coerceAtMost(LONGEST_WAIT)
        while (seconds > 0) {
            current.update { it.copy(wait = seconds) }
            delay(SECOND)
            seconds -= 1
        }
        current.update { it.copy(wait = 0) }
    }

    private companion object {
        const val FREE = 5
        const val FIRST_WAIT = 5
        const val DOUBLINGS = 4
        const val LONGEST_WAIT = 60
        const val SECOND = 1000L
    }
}

/** No passphrase opens what is here. */
private fun Exception.tellsOfDamage() = when (this) {
    is DiaryException.DamagedKeyFile,
    is DiaryException.KdfOutOfRange,
    is DiaryException.NotAVault,
    is DiaryException.ForeignDatabase,
    is DiaryException.CellsMissing,
    is DiaryException.OldKeyFile,
    is DiaryException.Damaged,
    -> true
    else -> false
}
