package org.incidentdiary.presentation

import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.TestFactory
import java.io.File
import java.lang.reflect.Modifier
import java.lang.reflect.ParameterizedType
import java.lang.reflect.Type
import java.lang.reflect.WildcardType
import java.time.LocalDate
import java.time.LocalTime
import java.time.ZoneOffset
import kotlin.test.assertFalse
import kotlin.test.assertTrue

/** What a state prints ends in crash reports and logs: nothing that she typed, no code, no passphrase. */
class RedactionTest {
    @TestFactory
    fun `nothing that a state holds is printed by it`(): List<DynamicTest> {
        val states = dataClasses()
        assertTrue(states.size > 25, "they are found by themselves: ${states.size}")
        return states.map { kind ->
            DynamicTest.dynamicTest(kind.simpleName) {
                val printed = made(kind).toString()
                assertFalse(CANARY in printed, printed)
            }
        }
    }

    /** Those that name places by ids and fixed names, which are kept outside of the diary anyway. */
    private val ids = setOf("Label", "Form", "OneIncident", "OnePicture", "Attach")

    private fun dataClasses(): List<Class<*>> {
        val folder = File(AppModel::class.java.protectionDomain.codeSource.location.toURI())
        return folder.walk().filter { it.extension == "class" }
            .map { Class.forName(it.relativeTo(folder).path.removeSuffix(".class").replace('/', '.')) }
            .filter { kind -> kind.declaredMethods.any { it.name == "component1" } && kind.simpleName !in ids }.toList()
    }

    /** One with the canary in every place that can hold a text. */
    private fun made(type: Type): Any? = when (type) {
        String::class.java -> CANARY
        Int::class.java, Int::class.javaObjectType -> 0
        Long::class.java -> 0L
        Boolean::class.java -> false
        LocalDate::class.java -> LocalDate.EPOCH
        LocalTime::class.java -> LocalTime.MIN
        ZoneOffset::class.java -> ZoneOffset.UTC
        Any::class.java -> CANARY
        Text::class.java -> Text.Words(CANARY)
        Picture::class.java -> object : Picture {
            override fun forget() = Unit
        }
        is WildcardType -> made(type.upperBounds.single())
        is ParameterizedType -> type.actualTypeArguments.map(::made).let { inside ->
            when (type.rawType) {
                List::class.java -> inside
                Set::class.java -> inside.toSet()
                Map::class.java -> mapOf(inside[0] to inside[1])
                else -> error("what is $type?")
            }
        }
        is Class<*> -> type.enumConstants?.first() ?: instance(type)
        else -> error("what is $type?")
    }

    private fun instance(kind: Class<*>): Any {
        val whole = kind.declaredConstructors.filter { !it.isSynthetic }.maxBy { it.parameterCount }
        whole.isAccessible = true
        val names = kind.declaredFields.filter { !Modifier.isStatic(it.modifiers) }.map { it.name }
        val values = whole.genericParameterTypes.zip(names) { type, name ->
            // An id, the name of a field or of a kind of file says nothing of hers.
            if (name in setOf("id", "path", "element", "between", "mediaType")) "id" else made(type)
        }
        return whole.newInstance(*values.toTypedArray())
    }

    private companion object {
        const val CANARY = "канарейка"
    }
}
