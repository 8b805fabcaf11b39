package org.incidentdiary.presentation

import kotlinx.coroutines.test.runTest
import org.incidentdiary.core.KeyCost
import org.incidentdiary.createDiary
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.io.IOException
import java.io.InputStream
import java.security.MessageDigest
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertTrue

class AttachModelTest {
    @TempDir
    lateinit var folder: File

    @Test
    fun `the name of a file cannot look like another one`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.write("А")
        rig.app.filesPicked(listOf(Picked("photo\u202Egpj.exe", byteArrayOf(1))))
        val attach = rig.on<Screen.Attach>().model
        assertEquals("photo[U+202E]gpj.exe", attach.state.value.files.single().name.inLanguage("ru"))
        attach.save()
        val evidence = rig.on<Screen.Incident>().model.state.value.evidence
        assertEquals("photo[U+202E]gpj.exe", evidence.single().name.inLanguage("ru"))
    }

    @Test
    fun `a name with half of a surrogate pair is shown and attached`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.write("А")
        rig.app.filesPicked(listOf(Picked("a\uD83D.jpg", byteArrayOf(1))))
        val attach = rig.on<Screen.Attach>().model
        assertEquals("a?.jpg", attach.state.value.files.single().name.inLanguage("ru"))
        attach.save()
        val evidence = rig.on<Screen.Incident>().model.state.value.evidence
        assertEquals("a?.jpg", evidence.single().name.inLanguage("ru"))
    }

    @Test
    fun `a file that cannot be read says so, those before it are attached, and it can be taken off`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.write("x")
        val broken = object : InputStream() {
            override fun read(): Int = throw IOException("/storage/emulated/0/DCIM")
        }
        rig.app.filesPicked(
            listOf(
                Picked("good.bin", byteArrayOf(1)),
                Picked("broken.bin", byteArrayOf(2)) { broken },
                Picked("empty.bin", ByteArray(0)),
            ),
        )
        val attach = rig.on<Screen.Attach>().model
        attach.save()
        rig.settle()
        assertEquals(TextKey.ERROR_FILE_UNREADABLE.text(), attach.state.value.files.first().error)
        attach.remove(attach.state.value.files.first().id)
        assertNull(attach.state.value.files.first().error)
        attach.save()
        rig.settle()
        assertEquals(TextKey.ERROR_FILE_EMPTY.text(), attach.state.value.error)
        attach.remove(attach.state.value.files.first().id)
        assertFalse(attach.state.value.canSave)
        rig.app.back()
        assertEquals(1, rig.on<Screen.Incident>().model.state.value.evidence.size)
        assertEquals(1, File(rig.ports.vault, "evidence").list().orEmpty().size, "what was broken off leaves nothing")
    }

    @Test
    fun `a second touch takes off no other file, and what lies nowhere else says so`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.write("x")
        rig.app.photoTaken(Photo(ByteArray(9) { 1 }))
        rig.app.filesPicked(listOf(Picked("a.bin", byteArrayOf(1)), Picked("b.bin", byteArrayOf(2))))
        val attach = rig.on<Screen.Attach>().model
        assertEquals(listOf(true, false, false), attach.state.value.files.map { it.onlyHere })
        val first = attach.state.value.files.first().id
        repeat(2) { attach.remove(first) }
        assertEquals(listOf("a.bin", "b.bin"), attach.state.value.files.map { it.name.inLanguage("en") })
    }

    @Test
    fun `files that come back after a lock are not taken`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.write("x")
        rig.app.lock()
        rig.app.filesPicked(listOf(Picked("a.bin", byteArrayOf(1))))
        assertIs<Screen.Lock>(rig.app.screen.value)
        rig.unlock()
        val incident = rig.on<Screen.Incident>().model.state.value
        assertEquals(emptyList(), incident.evidence)
        assertEquals(TextKey.NOTICE_NOT_ATTACHED.text(), incident.error)
    }

    @Test
    fun `a photo that comes back after a lock waits for its diary, and says so to nobody else`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.write("x")
        rig.app.lock()
        rig.settle()
        val photo = Photo(ByteArray(9) { 1 })
        val sha256 = sha256(photo.content)
        rig.app.photoTaken(photo)
        assertEquals(TextKey.LOCK_FINISH.text(), rig.on<Screen.Lock>().model.state.value.notice)
        rig.app.onStopped()
        assertNull(rig.on<Screen.Lock>().model.state.value.notice, "whoever comes next learns nothing")

        // Another diary is opened here, by whatever passphrase: it knows nothing of the photo.
        val aside = File(folder, "aside").also { rig.ports.vault.renameTo(it) }
        createDiary(rig.ports.vault, Rig.PASSPHRASE.toCharArray(), KeyCost.FLOOR).use { it.lock() }
        rig.unlock()
        assertFalse(rig.app.screen.value is Screen.Attach)
        rig.app.lock()
        rig.settle()
        rig.ports.vault.deleteRecursively()
        aside.renameTo(rig.ports.vault)

        rig.unlock()
        val attach = rig.on<Screen.Attach>().model
        assertEquals(TextKey.ATTACH_WAITED.text(), attach.state.value.notice)
        assertEquals("taken_in_app", attach.state.value.how.single { it.chosen }.code)
        attach.save()
        val incident = rig.on<Screen.Incident>().model.state.value
        assertEquals(listOf(sha256), incident.evidence.map { it.sha256.inLanguage("en").replace(" ", "") })
        assertNull(incident.error)
        assertTrue(photo.content.all { it == 0.toByte() })
        assertEquals(emptyMap(), rig.settings.values.filterKeys { it == "lost" })
    }

    @Test
    fun `a photo that waits when the process ends is told by the next one`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.write("x")
        rig.app.lock()
        rig.settle()
        rig.app.photoTaken(Photo(ByteArray(9) { 1 }))
        val next = Rig(this, folder, rig.app.savedIds(), rig.settings)
        assertNull(next.on<Screen.Lock>().model.state.value.notice)
        next.unlock()
        assertEquals(TextKey.NOTICE_NOT_ATTACHED.text(), next.on<Screen.Incident>().model.state.value.error)
    }

    @Test
    fun `a photo that fails once is attached bit for bit by the second attempt, and then overwritten`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.write("x")
        val photo = Photo(ByteArray(600_000) { (it * 31 + 7).toByte() }, failures = 1)
        val sha256 = sha256(photo.content)
        rig.app.photoTaken(photo)
        val attach = rig.on<Screen.Attach>().model
        attach.save()
        rig.settle()
        assertEquals(TextKey.ERROR_FILE_UNREADABLE.text(), attach.state.value.error)
        attach.save()
        val item = rig.on<Screen.Incident>().model.state.value.evidence.single()
        assertEquals(sha256, item.sha256.inLanguage("en").replace(" ", ""))
        assertTrue(photo.content.all { it == 0.toByte() })
    }

    @Test
    fun `a photo that waits when it locks is attached and then overwritten, and she is told after the next unlock`() =
        runTest {
            val rig = Rig(this, folder)
            rig.firstStart()
            rig.write("x")
            val photos = List(2) { Photo(ByteArray(9) { 1 }) }
            val sha256 = sha256(photos[1].content)
            rig.app.photoTaken(photos[0])
            rig.on<Screen.Attach>().model.run { remove(state.value.files.single().id) }
            rig.app.photoTaken(photos[1])
            rig.app.filesPicked(listOf(Picked("a.bin", byteArrayOf(2))))
            rig.app.lock()
            rig.settle()
            for (photo in photos) assertTrue(photo.content.all { it == 0.toByte() })
            assertNull(rig.on<Screen.Lock>().model.state.value.error, "nothing of it is said to others")
            rig.unlock()
            val incident = rig.on<Screen.Incident>().model.state.value
            assertEquals(listOf(sha256), incident.evidence.map { it.sha256.inLanguage("en").replace(" ", "") })
            assertEquals(TextKey.DONE_ATTACHED.text(1), incident.done)
            assertEquals(TextKey.NOTICE_NOT_ATTACHED.text(), incident.error, "the picked file was not attached")
            rig.app.lock()
            rig.unlock()
            val again = rig.on<Screen.Incident>().model.state.value
            assertEquals(1, again.evidence.size)
            assertEquals(listOf(null, null), listOf(again.done, again.error), "it is told once")
        }

    @Test
    fun `a photo is attached once when it locks meanwhile, and leaving at once keeps it too`() = runTest {
        for ((name, leaves) in mapOf<String, (AppModel) -> Unit>(
            "stopped" to { it.onStopped() },
            "exit" to { it.quickExit() },
        )) {
            val rig = Rig(this, File(folder, name).apply { mkdir() })
            rig.firstStart()
            val id = rig.write("x").id
            val photo = Photo(ByteArray(600_000) { 1 })
            rig.app.photoTaken(photo)
            rig.on<Screen.Attach>().model.save()
            leaves(rig.app)
            rig.settle()
            assertTrue(photo.content.all { it == 0.toByte() })
            rig.unlock()
            rig.app.openIncident(id)
            assertEquals(1, rig.on<Screen.Incident>().model.state.value.evidence.size)
        }
    }

    @Test
    fun `a photo that cannot be attached when it locks is overwritten, and she is told to take it again`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.write("x")
        val photo = Photo(ByteArray(9) { 1 }, failures = 1)
        rig.app.photoTaken(photo)
        rig.app.lock()
        rig.settle()
        assertTrue(photo.content.all { it == 0.toByte() })
        rig.unlock()
        val incident = rig.on<Screen.Incident>().model.state.value
        assertEquals(emptyList(), incident.evidence)
        assertNull(incident.done)
        assertEquals(TextKey.NOTICE_NOT_ATTACHED.text(), incident.error)
    }

    @Test
    fun `a note that cannot be recorded does not cost the photo when it locks`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.write("x")
        rig.app.photoTaken(Photo(ByteArray(9) { 1 }))
        rig.on<Screen.Attach>().model.editNote("\u0007")
        rig.app.lock()
        rig.unlock()
        val incident = rig.on<Screen.Incident>().model.state.value
        assertEquals(TextKey.DONE_ATTACHED.text(1), incident.done)
        assertEquals(1, incident.evidence.size)
    }

    @Test
    fun `going back attaches a photo, which lies nowhere else, and lets picked files go`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.write("x")
        rig.app.filesPicked(listOf(Picked("a.bin", byteArrayOf(2))))
        rig.on<Screen.Attach>()
        assertTrue(rig.app.back())
        assertEquals(emptyList(), rig.on<Screen.Incident>().model.state.value.evidence)

        val photo = Photo(ByteArray(9) { 1 }, failures = 1)
        val sha256 = sha256(photo.content)
        rig.app.filesPicked(listOf(Picked("a.bin", byteArrayOf(2))))
        rig.app.photoTaken(photo)
        assertTrue(rig.app.back())
        assertEquals(
            TextKey.ERROR_FILE_UNREADABLE.text(),
            rig.on<Screen.Attach>().model.state.value.error,
            "what could not be attached is not thrown away",
        )
        assertTrue(rig.app.back())
        assertTrue(rig.app.back(), "a second touch breaks nothing off")
        val incident = rig.on<Screen.Incident>().model.state.value
        assertEquals(listOf(sha256), incident.evidence.map { it.sha256.inLanguage("en").replace(" ", "") })
        assertEquals(TextKey.DONE_ATTACHED.text(1), incident.done)
        assertTrue(photo.content.all { it == 0.toByte() })
    }

    @Test
    fun `stopping at the last moment attaches the file that was read and keeps those after it waiting`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.write("x")
        lateinit var attach: AttachModel
        val stops = object : InputStream() {
            private var left = 1

            override fun read(): Int = error("by chunks")

            override fun read(b: ByteArray, off: Int, len: Int): Int = if (left-- >
                0
            ) {
                1
            } else {
                (-1).also { attach.stop() }
            }
        }
        rig.app.filesPicked(listOf(Picked("a", byteArrayOf(0)) { stops }, Picked("b", byteArrayOf(2))))
        attach = rig.on<Screen.Attach>().model
        attach.save()
        rig.settle()
        assertEquals(listOf("b"), attach.state.value.files.map { it.name.inLanguage("en") })
        assertEquals(TextKey.ERROR_STOPPED.text(), attach.state.value.error)
        assertFalse(attach.state.value.busy)
        attach.save()
        val names = rig.on<Screen.Incident>().model.state.value.evidence.map { it.name.inLanguage("en") }
        assertEquals(listOf("a", "b"), names, "each is there once")
    }

    @Test
    fun `no files open no screen, and she is told that nothing arrived`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.write("x")
        rig.app.filesPicked(emptyList())
        val incident = assertIs<Screen.Incident>(rig.app.screen.value).model
        assertEquals(TextKey.ERROR_NOTHING_ARRIVED.text(), incident.state.value.error)
        incident.editReason("y")
        incident.withdraw()
        rig.settle()
        rig.app.photoTaken(null)
        assertEquals(TextKey.ERROR_NOTHING_ARRIVED.text(), incident.state.value.error)
    }

    private fun sha256(content: ByteArray) =
        MessageDigest.getInstance("SHA-256").digest(content).joinToString("") { "%02x".format(it) }
}
