package org.incidentdiary.presentation

import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.util.concurrent.TimeUnit
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNull

/** A library that is not that of the app is told as soon as the app starts, and ends nothing. */
class OtherLibraryTest {
    @TempDir
    lateinit var folder: File

    @Test
    fun `with the library of the app nothing is said`() = runTest {
        val rig = Rig(this, folder)
        assertNull(rig.on<Screen.FirstStart>().model.state.value.error)
    }

    @Test
    fun `another one is told on both closed screens, which wait for nothing`() {
        val told = "at once null, then Of(ERROR_LIBRARY), with a passphrase Of(ERROR_LIBRARY)\n"
        assertEquals("FirstStart: ${told}Lock: $told", child())
    }

    /** What a JVM prints that has no library; a foreign one is refused in the same way. */
    private fun child(): String {
        val none = File(folder, "none").apply { mkdirs() }
        val command = listOf(
            File(System.getProperty("java.home"), "bin/java").path,
            "-XX:TieredStopAtLevel=1",
            "-Djna.nosys=true",
            "-Djna.library.path=$none",
            "-cp",
            System.getProperty("surefire.test.class.path") ?: System.getProperty("java.class.path"),
            "org.incidentdiary.presentation.OtherLibraryTestKt",
            folder.path,
        )
        val out = File(folder, "printed")
        val process = ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out).start()
        check(process.waitFor(2, TimeUnit.MINUTES)) { "it did not end" }
        return out.readText()
    }
}

internal fun main(args: Array<String>) = runTest {
    val folder = File(args[0])
    fun passphrase() = Rig.PASSPHRASE.toCharArray()
    val first = Rig(this, File(folder, "new"))
    val start = (first.app.screen.value as Screen.FirstStart).model
    print("FirstStart: at once ${start.state.value.error}, then ")
    first.settle()
    print("${start.state.value.error}, with a passphrase ")
    start.begin()
    start.create(passphrase(), passphrase())
    first.settle()
    println(start.state.value.error)

    File(folder, "old/vault").mkdirs()
    val second = Rig(this, File(folder, "old"))
    val lock = (second.app.screen.value as Screen.Lock).model
    print("Lock: at once ${lock.state.value.error}, then ")
    second.settle()
    print("${lock.state.value.error}, with a passphrase ")
    second.unlock()
    println(lock.state.value.error)
}
