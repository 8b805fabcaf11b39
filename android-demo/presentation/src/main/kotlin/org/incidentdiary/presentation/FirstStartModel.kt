package org.incidentdiary.presentation

import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Job
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.isActive
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import org.incidentdiary.core.Diary
import org.incidentdiary.core.DiaryException
import org.incidentdiary.core.SecretKind
import org.incidentdiary.createDiary
import org.incidentdiary.presentation.FirstStartState.Step
import java.io.File
import java.io.IOException
import org.incidentdiary.restore as restoreDiary

/**
 * Makes a diary: a word about it, a passphrase, the recovery code once, and a look at whether it was written down. Or of a
 * backup, also where a damaged diary is [replaced].
 */
public class FirstStartModel internal constructor(
    private val app: AppModel,
    private val ports: Ports,
    private val scope: CoroutineScope,
    private val replaced: Boolean = false,
) {
    private val current = MutableStateFlow(FirstStartState())
    private var made: Diary? = null
    private var code: NewCode? = null
    private var backup: ContentSource? = null
    private var restoring: Job? = null

    /** What the screen shows. */
    public val state: StateFlow<FirstStartState> = current.asStateFlow()

    /** She has read the first screen. */
    public fun begin() {
        current.update { it.copy(step = Step.PASSPHRASE, error = null) }
    }

    /** Lets her pick a backup to make the diary of. */
    public fun pickBackup() {
        if (!current.value.busy) app.ask(Effect.PickFiles)
    }

    internal fun trouble(text: Text) = current.update { it.copy(error = text) }

    internal fun backupPicked(files: List<ContentSource>) {
        if (current.value.busy || current.value.step !in setOf(Step.WELCOME, Step.RESTORE)) {
            files.forEach { it.forget() }
            return
        }
        backup = files.firstOrNull()
        val missing = TextKey.ERROR_NOTHING_ARRIVED.text().takeIf { files.isEmpty() }
        current.value = FirstStartState(if (backup == null) Step.WELCOME else Step.RESTORE, error = missing)
    }

    /** She takes the recovery code instead of the passphrase, or the other way round. */
    public fun useCode(code: Boolean) {
        current.update { it.copy(usingCode = code, error = null) }
    }

    /** Makes the diary of the backup, with the passphrase or the recovery code of its time, which is wiped. */
    public fun restore(secret: CharArray) {
        val source = backup
        if (source == null || current.value.busy) return secret.fill('\u0000')
        val kind = if (current.value.usingCode) SecretKind.RECOVERY_CODE else SecretKind.PASSPHRASE
        val text = TextKey.EXPORT_WRITING.text()
        current.update { it.copy(busy = true, error = null, progress = Progress(text, null)) }
        restoring = scope.launch(start = CoroutineStart.UNDISPATCHED) {
            val file = File(ports.scratch, "backup")
            try {
                val running = currentCoroutineContext()
                val report = withContext(ports.io) {
                    source.copyTo(file)
                    restoreDiary(file, ports.restored, secret, kind) { done, total ->
                        current.update { it.copy(progress = Progress(text, percent(done, total))) }
                        running.isActive
                    }
                }
                if (report.restored) app.restored() else failed(TextKey.BACKUP_DAMAGED.text())
            } catch (stopped: CancellationException) {
                // It may have been finished before it heard of that.
                when {
                    !ports.restored.exists() -> failed(TextKey.ERROR_STOPPED.text())
                    else -> runCatching { app.restored() }.onFailure { failed(errorText(it)) }
                }
                throw stopped
            } catch (error: Exception) {
                failed(errorText(error))
            } finally {
                secret.fill('\u0000')
                file.delete()
            }
        }
    }

    /** Stops the work; nothing is left behind. */
    public fun stop() {
        restoring?.cancel()
    }

    private fun failed(text: Text) = current.update { it.copy(busy = false, progress = null, error = text) }

    /** Makes the diary. Both are wiped. */
    public fun create(passphrase: CharArray, again: CharArray) {
        val same = passphrase.contentEquals(again)
        again.fill('\u0000')
        if (!same || current.value.busy) {
            passphrase.fill('\u0000')
            if (!same) current.update { it.copy(error = TextKey.PASSPHRASES_DIFFER.text()) }
            return
        }
        current.update { it.copy(busy = true, error = null) }
        val departures = app.departures
        // Begun at once, so that what was typed is wiped whatever happens.
        scope.launch(start = CoroutineStart.UNDISPATCHED) {
            try {
                val diary = NewCode.making(ports) {
                    withContext(ports.io) { createDiary(ports.vault, passphrase, ports.keyCost) }
                }
                val shown = NewCode(diary.takeRecoveryCode().orEmpty(), ports)
                made = diary
                code = shown
                current.value = FirstStartState(Step.CODE, code = shown.groups)
                app.made(departures)
            } catch (error: Exception) {
                current.update { it.copy(busy = false, error = errorText(error)) }
            } finally {
                passphrase.fill('\u0000')
            }
        }
    }

    /** She has written the code down. */
    public fun codeWritten() {
        if (current.value.step != Step.CODE) return
        code?.let { current.value = FirstStartState(Step.CONFIRM, question = it.written()) }
    }

    /** She typed the group of the code that she was asked for; it is wiped. */
    public fun confirm(group: CharArray) {
        val diary = made ?: return group.fill('\u0000')
        if (code?.confirm(group) != true) {
            current.update { it.copy(error = TextKey.START_CONFIRM_WRONG.text()) }
            return
        }
        takeMade()
        app.unlocked(diary, app.departures)
    }

    /** One step back, to see the code once more. */
    internal fun back(): Boolean = when (current.value.step) {
        Step.CONFIRM -> {
            current.value = FirstStartState(Step.CODE, code = code?.groups.orEmpty())
            true
        }
        Step.PASSPHRASE, Step.RESTORE -> {
            when {
                current.value.busy -> Unit
                replaced -> app.notRestored()
                else -> current.value = FirstStartState()
            }
            true
        }
        Step.WELCOME, Step.CODE -> false
    }

    /** The diary that was made, if its code was not confirmed; it is given up here, and so is the code. */
    internal fun takeMade(): Diary? = made.also {
        made = null
        code = null
    }
}

/** Copies what she picked into the app's own storage, where the library can read it. */
private fun ContentSource.copyTo(file: File) {
    try {
        file.parentFile?.mkdirs()
        AttachModel.Source(this).use { from -> file.outputStream().use { from.copyTo(it) } }
    } catch (unreadable: UnreadableSource) {
        throw unreadable
    } catch (_: IOException) {
        // What the app cannot write into its own storage has no room there.
        throw DiaryException.DiskFull()
    }
}
