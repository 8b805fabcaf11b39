package org.incidentdiary

import org.incidentdiary.core.Diary
import org.incidentdiary.core.Incident
import org.incidentdiary.core.KeyCost
import org.incidentdiary.core.Occurred
import java.io.File
import java.nio.file.Files

internal const val PASSPHRASE = "қар жауды таң атты құс ұшты"

/** A folder that is removed when the JVM ends. */
internal fun scratch(): File = Files.createTempDirectory("diary").toFile().also { folder ->
    Runtime.getRuntime().addShutdownHook(Thread { folder.deleteRecursively() })
}

/** A new diary at the lowest cost that is allowed. */
internal fun newDiary(folder: File): Diary = createDiary(folder, PASSPHRASE.toCharArray(), KeyCost.FLOOR)

internal fun incident(narrative: String = "Ол тағы келді 🐈", from: String? = "2026-10-03T21:15+05:00") = Incident(
    occurred = Occurred(from = from, precision = if (from == null) "unknown" else null),
    narrative = narrative,
)

internal fun File.filled(bytes: ByteArray): File = apply { writeBytes(bytes) }
