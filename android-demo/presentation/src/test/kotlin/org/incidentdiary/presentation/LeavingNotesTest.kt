package org.incidentdiary.presentation

import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.io.TempDir
import java.io.File
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNotNull

/** What leaves beside a file is shown before it leaves. */
class LeavingNotesTest {
    @TempDir
    lateinit var folder: File

    @Test
    fun `her note and how she got a file are shown, unless the files stay`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.write("x")
        rig.app.filesPicked(listOf(Picked("a.bin", byteArrayOf(1))))
        rig.on<Screen.Attach>().model.run {
            chooseHow("screenshot")
            editNote("с лестницы")
            save()
        }
        rig.on<Screen.Incident>()
        rig.app.openExport()
        val export = rig.on<Screen.Export>().model

        fun shown(): List<String> {
            export.preview()
            rig.settle()
            return assertNotNull(export.state.value.preview).files.single().lines
                .map { "${it.label.inLanguage("en")}: ${it.value.inLanguage("en")}" }
        }
        assertEquals(listOf("How you got it: picture of a screen", "Note: с лестницы"), shown())
        rig.app.back()
        export.chooseWithheld("evidence")
        assertEquals(emptyList(), shown())
    }
}
