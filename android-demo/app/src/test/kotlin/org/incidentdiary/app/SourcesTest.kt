package org.incidentdiary.app

import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import java.io.File

/** Of what the Views show, nothing is their own: the words come from presentation, and so does the time. */
class SourcesTest {
    @Test
    fun noViewHasWordsOfItsOwn() {
        val views = lines { it.parentFile.name in setOf("screens", "ui") }
        assertTrue("they are found", views.size > 1000)
        assertEquals("", views.filter { (_, line) -> words(line) }.joinToString("\n"))
    }

    @Test
    fun nothingReadsTheClockButTheProcessForItsPorts() {
        val found = lines { it.name != "DiaryApplication.kt" }.filter { (_, line) -> CLOCK.containsMatchIn(line) }
        assertEquals("", found.joinToString("\n"))
    }

    @Test
    fun bothAreSeen() {
        assertTrue(words("view.text = \"Lock\""))
        assertTrue(words("say(\"\${count} жазба\")"))
        assertFalse(words("say(\"\${look.words(name)}, \$shown\\n\") // \"a word\""))
        assertTrue(CLOCK.containsMatchIn("LocalDate.now()"))
        assertFalse(CLOCK.containsMatchIn("model.now()"))
    }

    private fun lines(chosen: (File) -> Boolean): List<Pair<String, String>> =
        File("src/main/kotlin").walk().filter { it.extension == "kt" && chosen(it) }
            .flatMap { file -> file.readLines().map { file.name to it.trim() } }.toList()

    /** A text between quotation marks with a letter in it; what an annotation says is for the compiler. */
    private fun words(line: String): Boolean {
        if (line.startsWith("@") || line.startsWith("*") || line.startsWith("/")) return false
        val code = FILLED.replace(line, "").substringBefore("// ")
        return TEXT.findAll(code).any { text -> text.value.any { it.isLetter() } }
    }

    private companion object {
        val FILLED = Regex("\\$\\{[^}]*\\}|\\$\\w+|\\\\.")
        val TEXT = Regex("\"[^\"]*\"")
        val CLOCK = Regex(
            "\\b[A-Z]\\w*(\\.|::)now\\b|currentTimeMillis|nanoTime|elapsedRealtime|uptimeMillis|" +
                "Calendar\\.getInstance|\\bDate\\(\\)|Clock\\.system",
        )
    }
}
