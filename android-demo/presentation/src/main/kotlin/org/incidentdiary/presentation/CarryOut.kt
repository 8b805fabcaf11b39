package org.incidentdiary.presentation

import org.incidentdiary.core.Diary
import org.incidentdiary.core.DiaryException
import java.io.File
import java.io.IOException

/**
 * Makes a file in the app's own storage, and copies it to the place that she chose when it is whole. Whatever happens,
 * nothing stays here, and nothing half-written there.
 */
internal suspend fun <T> OpenDiary.carryOut(
    name: String,
    target: ContentTarget,
    make: (diary: Diary, file: File, stillWanted: () -> Boolean) -> T,
): T {
    var complete = false
    val file = File(ports.scratch, name)
    try {
        val made = longCall { diary, stillWanted ->
            ports.scratch.mkdirs()
            file.delete()
            val made = make(diary, file, stillWanted)
            if (!stillWanted()) throw DiaryException.Cancelled()
            copyTo(file, target)
            made
        }
        complete = true
        return made
    } finally {
        file.delete()
        if (!complete) target.discard()
    }
}

/** Copies a file to where she chose. The diary's own errors and those of the place are told apart. */
private fun copyTo(file: File, target: ContentTarget) {
    try {
        target.open().use { out -> file.inputStream().use { it.copyTo(out) } }
    } catch (_: IOException) {
        throw UnwritableTarget()
    } catch (_: SecurityException) {
        throw UnwritableTarget()
    }
}
