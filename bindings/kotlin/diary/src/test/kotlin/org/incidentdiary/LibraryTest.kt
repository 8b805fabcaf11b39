package org.incidentdiary

import com.sun.jna.Platform
import org.incidentdiary.core.Attachment
import org.incidentdiary.core.DiaryException
import org.incidentdiary.core.ExportSelection
import org.incidentdiary.core.IncidentPatch
import org.incidentdiary.core.KeyCost
import org.incidentdiary.core.ListQuery
import org.incidentdiary.core.Originals
import org.incidentdiary.core.ProgressListener
import org.incidentdiary.core.verifyBundle
import org.junit.jupiter.api.Assumptions.assumeTrue
import org.junit.jupiter.api.Test
import java.io.File
import java.lang.reflect.Modifier
import java.util.concurrent.TimeUnit
import kotlin.test.assertEquals

/** What a program of its own says: with libraries that do not fit, and of words that must not be printed. */
class LibraryTest {
    private val folder = scratch()

    @Test
    fun `the library of these bindings fits`() = ensureLibrary()

    @Test
    fun `a library that is missing or foreign is refused before anything is called`() {
        assertEquals("refused, and again\n", child("fit", folder))
        File(folder, System.mapLibraryName("diary_ffi")).writeText("no library")
        assertEquals("refused, and again\n", child("fit", folder))
    }

    @Test
    fun `a library of another version is refused before anything is called`() {
        assumeTrue(Platform.isLinux(), "needs cc, as the build of the library does")
        // It has every function of ours, and answers nothing to the question which one it is.
        val names = listOf("IntegrityCheckingUniffiLib", "UniffiLib").flatMap { natives("org.incidentdiary.core.$it") }
        val source = File(folder, "stale.c")
        source.writeText(
            names.toSet().joinToString("\n") { name ->
                val answer = if (name.endsWith("uniffi_contract_version")) CONTRACT else 0
                "int $name(void) { return $answer; }"
            },
        )
        val library = File(folder, System.mapLibraryName("diary_ffi"))
        library.delete()
        val cc = ProcessBuilder("cc", "-shared", "-fPIC", "-o", library.path, source.path).inheritIO().start()
        assertEquals(0, cc.waitFor())
        assertEquals("refused, and again\n", child("fit", folder))
    }

    @Test
    fun `nothing of her words, of a callback's error or of a path is printed`() {
        val printed = child("words", File(System.getProperty("jna.library.path")))
        val errors = "Callback Callback Cancelled NotAVault InvalidField InvalidId WrongPassphrase FileNotFound " +
            "TargetExists InvalidRecipient Backup DeviceKey DeviceKey"
        assertEquals("$errors\n", printed)
    }

    private fun natives(name: String): List<String> =
        Class.forName(name).declaredMethods.filter { Modifier.isNative(it.modifiers) }.map { it.name }

    /** Everything that a JVM prints, on both outputs. */
    private fun child(what: String, libraries: File): String {
        val java = File(System.getProperty("java.home"), "bin/java").path
        val command = listOf(
            java,
            "-XX:TieredStopAtLevel=1",
            "-Djna.nosys=true",
            "-Djna.library.path=${libraries.path}",
            "-cp",
            System.getProperty("surefire.test.class.path") ?: System.getProperty("java.class.path"),
            "org.incidentdiary.LibraryTestKt",
            what,
            folder.path,
        )
        val out = File(folder, "printed")
        val process = ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out).start()
        check(process.waitFor(2, TimeUnit.MINUTES)) { "it did not end" }
        return out.readText()
    }

    private companion object {
        /** Of uniffi 0.32: with another number the first question is enough. */
        const val CONTRACT = 30
    }
}

/** The other program: says in one word how each thing ended. */
internal object Child {
    private const val CANARY = "канарейка"

    fun fit(): String {
        fun refused() = runCatching { ensureLibrary() }.exceptionOrNull() is LibraryException
        return if (refused() && refused()) "refused, and again" else "taken"
    }

    /** The whole way with the same word in everything that is hers; then all that may be refused of it. */
    fun words(folder: File): String {
        fun typed() = "$PASSPHRASE $CANARY".toCharArray()
        val diary = createDiary(File(folder, "$CANARY vault"), typed(), KeyCost.FLOOR)
        val code = checkNotNull(diary.takeRecoveryCode())
        val id = diary.add(incident(CANARY)).id
        diary.amend(id, IncidentPatch(privateNote = CANARY), CANARY)
        diary.saveDraft("new", CANARY)
        val photo = File(folder, "$CANARY.jpg").filled(ByteArray(100))
        val item = diary.attach(id, photo.path, Attachment(note = CANARY), listener { _, _ -> true }).id
        check(diary.list(ListQuery(search = CANARY)).incidents.size == 1)
        val bundle = File(folder, "$CANARY.zip")
        val selection = ExportSelection("ru", Originals.All, audience = CANARY)
        diary.export(selection, bundle, typed())
        check(verifyBundle(bundle.path, null, null).sound)
        diary.backup(File(folder, "$CANARY.idback"))
        return listOf(
            { diary.check(listener { _, _ -> error(CANARY) }) },
            // What does not go through a helper of ours: undeclared, and more than an exception.
            { diary.check(throwing(IllegalStateException("$CANARY \uD83D"))) },
            { diary.check(throwing(AssertionError(CANARY))) },
            { openDiary(File(folder, CANARY), CANARY.toCharArray()) },
            { diary.add(incident("$CANARY\u0000")) },
            { diary.show(CANARY) },
            { diary.confirm("$CANARY $CANARY".toCharArray()) },
            { diary.attach(id, File(folder, "no $CANARY").path, Attachment(), null) },
            { diary.extract(item, bundle.path, null) },
            { diary.exportToRecipients(selection, File(folder, "x"), listOf(CANARY), typed()) },
            { mustBeBackup(photo) },
            { diary.bind(typed(), code.toCharArray(), deviceKey { error(CANARY) }) },
            { diary.bind(typed(), code.toCharArray(), deviceKey { throw AssertionError(CANARY) }) },
        ).joinToString(" ") { work ->
            val error = runCatching { work() }.exceptionOrNull() as DiaryException
            // As an uncaught one would be printed.
            if (CANARY in error.stackTraceToString()) "leaked" else error::class.simpleName.orEmpty()
        }
    }

    private fun throwing(error: Throwable) = object : ProgressListener {
        override fun advance(done: ULong, total: ULong): Boolean = throw error
    }
}

internal fun main(args: Array<String>) {
    println(if (args[0] == "fit") Child.fit() else Child.words(File(args[1])))
}
