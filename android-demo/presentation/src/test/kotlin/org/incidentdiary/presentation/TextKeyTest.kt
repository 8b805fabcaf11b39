package org.incidentdiary.presentation

import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource
import java.io.File
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue

class TextKeyTest {
    @ParameterizedTest
    @ValueSource(strings = ["en", "kk", "ru"])
    fun `no text is missing and none is there for nothing`(language: String) {
        assertEquals(TextKey.entries.map { it.resource }.toSet(), Resources(language).texts.keys)
    }

    @ParameterizedTest
    @ValueSource(strings = ["kk", "ru"])
    fun `a translation takes the same arguments as the English text`(language: String) {
        val english = Resources("en").texts
        for ((name, text) in Resources(language).texts) {
            assertEquals(arguments(english.getValue(name)), arguments(text), name)
            assertTrue(text.isNotBlank(), name)
        }
    }

    @Test
    fun `a Kazakh text has Kazakh letters and a Russian one has none`() {
        val kazakh = Regex("[ӘәҒғҚқҢңӨөҰұҮүҺһІі]")
        val long = Resources("kk").texts.filterValues { it.length > 40 }
        assertEquals(emptyMap(), long.filterValues { !kazakh.containsMatchIn(it) })
        assertEquals(emptyMap(), Resources("ru").texts.filterValues { kazakh.containsMatchIn(it) })
    }

    @Test
    fun `no text is kept that neither shell says`() {
        val folders = listOf("src/main", "../app/src/main", "../../ios-demo/App", "../../bindings/swift/Sources")
        val sources = folders.flatMap { folder ->
            File(folder).walk().filter { it.extension == "kt" || it.extension == "swift" }
                // Lists of all of them say none.
                .filter { it.name !in setOf("TextKey.kt", "TextKey.swift", "OwnLabels.swift") }.map { it.readText() }
        }
        val said = Regex("\\.([A-Za-z0-9_]+)").let { name ->
            sources.flatMap { name.findAll(it).map { found -> found.groupValues[1] } }.toSet()
        }
        // Those of the months are found by how they begin, the language by its resource.
        val kept = TextKey.entries.filter { !it.name.startsWith("MONTH") }
        assertEquals(emptyList(), kept.filter { it.name !in said && it.swiftName !in said })
    }

    private val TextKey.swiftName: String
        get() = resource.split('_').reduce { name, part -> name + part.replaceFirstChar { it.uppercase() } }

    @Test
    fun `an argument is never read as a pattern`() {
        val strings = object : Strings {
            override fun text(key: TextKey) = "%1\$s and %2\$s"

            override fun label(path: String) = path
        }
        assertEquals("%2\$s and b", TextKey.TIME_SPAN.text(Text.Words("%2\$s"), "b").read(strings))
    }

    private fun arguments(text: String) = Regex("%[1-9]\\\$s").findAll(text).map { it.value }.toSortedSet()
}
