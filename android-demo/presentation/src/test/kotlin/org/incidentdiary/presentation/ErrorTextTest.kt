package org.incidentdiary.presentation

import org.incidentdiary.LibraryException
import org.incidentdiary.NotTextException
import org.incidentdiary.core.DiaryException
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource
import java.io.IOException
import java.lang.reflect.Modifier
import java.nio.charset.CharacterCodingException
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue

/** Whatever goes wrong, she is told a calm sentence of ours in her language, and nothing of the error's own text. */
class ErrorTextTest {
    @ParameterizedTest
    @ValueSource(strings = ["en", "kk", "ru"])
    fun `each error is a calm sentence`(language: String) {
        for (error in ofLibrary + others) {
            val beside = (error as? DiaryException.InvalidField)?.let { fieldErrorText(it.rule) }
            for (text in listOfNotNull(errorText(error), openingErrorText(error), beside)) {
                val said = text.inLanguage(language)
                assertTrue(said.length > 6 && said.endsWith("."), "$text: $said")
                assertFalse(said.any { it in "!%$" } || CANARY in said, "$text: $said")
                assertEquals("", NAMES.replace(said, "").filter(foreign(language)), "$text: $said")
            }
        }
    }

    @Test
    fun `all errors of the library are found`() {
        val kinds = ofLibrary.map { it::class }.toSet()
        assertTrue(kinds.size > 60, "$kinds")
        assertTrue(ofLibrary.size > kinds.size + 40, "with what each can hold: ${ofLibrary.size}")
    }

    private val ofLibrary: List<Throwable> = values(DiaryException::class.java).map { it as Throwable }

    private val others: List<Throwable> =
        listOf(LibraryException::class.java, NotTextException::class.java).flatMap(::values).map { it as Throwable } +
            listOf(UnreadableSource(), UnwritableTarget(), CharacterCodingException()) +
            listOf(IOException(CANARY), SecurityException(CANARY), IllegalStateException(CANARY))

    /** Every value of a type: each kind of it, with everything that it can hold; of texts and numbers one. */
    private fun values(type: Class<*>): List<Any> = when {
        type.isEnum -> type.enumConstants.toList()
        type == String::class.java -> listOf(CANARY)
        type == Long::class.java -> listOf(7L)
        type == Int::class.java -> listOf(7)
        type == Short::class.java -> listOf(7.toShort())
        type == Byte::class.java -> listOf(7.toByte())
        Modifier.isAbstract(type.modifiers) -> type.declaredClasses.filter { it.superclass == type }.flatMap(::values)
        else -> type.declaredFields.firstOrNull { it.name == "INSTANCE" }?.let { listOf(it.get(null)) } ?: made(type)
    }

    private fun made(kind: Class<*>): List<Any> {
        val whole = kind.declaredConstructors.filter { !it.isSynthetic }.maxBy { it.parameterCount }
        whole.isAccessible = true
        val held = whole.parameterTypes.fold(listOf(listOf<Any>())) { before, type ->
            before.flatMap { values(type).map { value -> it + value } }
        }
        return held.map { whole.newInstance(*it.toTypedArray()) }
    }

    private fun foreign(language: String): (Char) -> Boolean = { letter ->
        letter.isLetter() && (letter.code < 0x250) != (language == "en")
    }

    private companion object {
        const val CANARY = "канарейка"

        /** Of a file's ending and of a kind of address, the same in every language. */
        val NAMES = Regex("\\.backup|\\bage\\b")
    }
}
