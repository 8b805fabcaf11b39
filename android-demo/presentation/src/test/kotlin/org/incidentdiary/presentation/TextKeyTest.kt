package org.incidentdiary.presentation

import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource
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
    fun `an argument is never read as a pattern`() {
        val strings = object : Strings {
            override fun text(key: TextKey) = "%1\$s and %2\$s"

            override fun label(path: String) = path
        }
        assertEquals("%2\$s and b", TextKey.TIME_SPAN.text(Text.Words("%2\$s"), "b").read(strings))
    }

    private fun arguments(text: String) = Regex("%[1-9]\\\$s").findAll(text).map { it.value }.toSortedSet()
}
