package org.incidentdiary.presentation

import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.withContext
import org.incidentdiary.core.Diary
import org.incidentdiary.core.DiaryException
import java.io.File
import java.io.IOException

/**
 * Makes a file in the app's own storage, and copies it to the place that she chose when it is whole. Whatever happens,
 * nothing stays here, and nothing half-written there. What is [replaced] is heard of before it is gone.
 */
internal suspend fun <T> OpenDiary.carryOut(
    name: String,
    target: ContentTarget,
    replaced: (Diary) -> Unit = {},
    make: (diary: Diary, file: File, stillWanted: () -> Boolean) -> T,
): T {
    var complete = false
    var begun = false
    val file = File(ports.scratch, name)
    try {
        val made = longCall { diary, stillWanted ->
            ports.scratch.mkdirs()
            file.delete()
            val made = make(diary, file, stillWanted)
            if (!stillWanted()) throw DiaryException.Cancelled()
            if (!target.isEmpty()) replaced(diary)
            copyTo(file, target, stillWanted) { begun = true }
            made
        }
        complete = true
        return made
    } finally {
        file.delete()
        if (!complete) withContext(NonCancellable + ports.io) { target.giveUp(begun) }
    }
}

/**
 * Nothing more is written to it: what was begun is removed, and so is a file that was made for it. An older one that nothing
 * was written to stays as it is.
 */
internal fun ContentTarget.giveUp(begun: Boolean = false) {
    if (begun || isEmpty()) delete()
}

/**
 * Copies a file to where she chose, as long as she wants it: no more of it flows after she stopped, or it was locked. The
 * diary's own errors and those of the place are told apart.
 */
private fun copyTo(file: File, target: ContentTarget, stillWanted: () -> Boolean, begun: () -> Unit) {
    try {
        target.open().use { out ->
            begun()
            file.inputStream().use { from ->
                val block = ByteArray(BLOCK)
                while (true) {
                    if (!stillWanted()) throw DiaryException.Cancelled()
                    val count = from.read(block)
                    if (count < 0) break
                    out.write(block, 0, count)
                }
            }
        }
    } catch (_: IOException) {
        throw UnwritableTarget()
    } catch (_: SecurityException) {
        throw UnwritableTarget()
    }
}

private const val BLOCK = 64 * 1024
