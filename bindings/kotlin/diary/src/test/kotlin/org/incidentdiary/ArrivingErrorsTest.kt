package org.incidentdiary

import org.incidentdiary.core.DiaryException
import org.incidentdiary.core.ExportSelection
import org.incidentdiary.core.Originals
import org.incidentdiary.core.verifyBundle
import java.io.File
import java.lang.reflect.Modifier
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNotSame

/** Each error, with each value that it can hold, goes into the library by a callback and arrives as what it is. */
class ArrivingErrorsTest {
    private var count = 0
    private val errors = values(DiaryException::class.java).map { it as DiaryException }

    @Test
    fun `each error arrives as the case that it is and with what it holds`() {
        for (error in errors) {
            val arrived = assertFailsWith<DiaryException> {
                verifyBundle(bundle.path, null, listener { _, _ -> throw error })
            }
            assertNotSame(error, arrived)
            assertEquals(held(error), held(arrived))
        }
    }

    @Test
    fun `no case is left out`() {
        val all = DiaryException::class.java.permittedSubclasses.toSet()
        assertEquals(all, errors.map { it.javaClass }.toSet())
        assertEquals(true, all.size > 60 && errors.size > all.size + 50, "${errors.size} of ${all.size} cases")
    }

    @Test
    fun `a defect that a callback tells of locks the diary`() {
        val diary = newDiary(File(folder, "locked"))
        val error = assertFailsWith<DiaryException.Defect> {
            diary.check(listener { _, _ -> throw DiaryException.Defect("a.kt:1") })
        }
        assertEquals("a.kt:1", error.place)
        assertFailsWith<DiaryException.Locked> { diary.people() }
    }

    /** Its case, and the values of its fields. */
    private fun held(error: DiaryException): List<Any?> =
        listOf(error.javaClass.name) + error.javaClass.declaredFields.filterNot { Modifier.isStatic(it.modifiers) }
            .map { field -> field.apply { isAccessible = true }.get(error) }

    /** Every value of a type: each case of it, with everything that it can hold; of texts and numbers another one each time. */
    private fun values(type: Class<*>): List<Any> = when {
        type.isEnum -> type.enumConstants.toList()
        type == String::class.java -> listOf("мәтін ${++count}")
        type == Long::class.java -> listOf(Long.MAX_VALUE - ++count)
        type == Int::class.java -> listOf(-++count)
        type == Byte::class.java -> listOf((200 + ++count % 50).toByte())
        Modifier.isAbstract(type.modifiers) -> type.permittedSubclasses.flatMap(::values)
        else -> type.declaredFields.firstOrNull { it.name == "INSTANCE" }?.let { listOf(it.get(null)) } ?: made(type)
    }

    private fun made(type: Class<*>): List<Any> {
        val whole = type.declaredConstructors.filter { !it.isSynthetic }.maxBy { it.parameterCount }
        whole.isAccessible = true
        val held = whole.parameterTypes.fold(listOf(listOf<Any>())) { before, next ->
            before.flatMap { some -> values(next).map { some + it } }
        }
        return held.map { whole.newInstance(*it.toTypedArray()) }
    }

    private companion object {
        val folder = scratch()
        val bundle = File(folder, "out.zip").also { file ->
            newDiary(File(folder, "vault")).use { diary ->
                diary.add(incident())
                diary.export(ExportSelection("ru", Originals.HashesOnly), file, PASSPHRASE.toCharArray())
            }
        }
    }
}
