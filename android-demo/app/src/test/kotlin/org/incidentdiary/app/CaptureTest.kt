package org.incidentdiary.app

import org.incidentdiary.app.platform.Capture
import org.incidentdiary.presentation.Settings
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import java.io.InputStream
import java.util.concurrent.CountDownLatch
import kotlin.concurrent.thread

/** Some camera programs open the address more than once, and write to it once. */
@RunWith(RobolectricTestRunner::class)
@Config(application = TestApplication::class)
class CaptureTest {
    private val capture = Capture(InMemory())
    private val address = checkNotNull(capture.begin().lastPathSegment)

    @Test
    fun anEmptyOpeningThatEndsLastDropsNoPhoto() {
        val photo = Late(byteArrayOf(1, 2, 3)).apply { end() }
        val empty = Late(ByteArray(0))
        capture.receive(address, photo)
        photo.read.await()
        capture.receive(address, empty)
        soon(empty::end)
        assertEquals(listOf<Byte>(1, 2, 3), taken())
        assertNull("it is fetched once", capture.take())
    }

    @Test
    fun aPhotoIsWaitedForAlsoWhereALaterOpeningWasEmpty() {
        val photo = Late(byteArrayOf(1, 2, 3))
        capture.receive(address, photo)
        capture.receive(address, Late(ByteArray(0)).apply { end() })
        soon(photo::end)
        assertEquals(listOf<Byte>(1, 2, 3), taken())
    }

    @Test
    fun ofTwoPhotosTheLaterOneCountsWhicheverEndsFirst() {
        for (late in listOf(0, 1)) {
            val name = checkNotNull(capture.begin().lastPathSegment)
            val photos = listOf(Late(byteArrayOf(1)), Late(byteArrayOf(2)))
            photos.forEach { capture.receive(name, it) }
            photos[1 - late].run {
                end()
                read.await()
            }
            soon(photos[late]::end)
            assertEquals(listOf<Byte>(2), taken())
        }
    }

    private fun taken() = capture.take()?.flatMap { it.toList() }

    private fun soon(end: () -> Unit) = thread {
        Thread.sleep(200)
        end()
    }

    /** What an app writes, which begins when it is told to. */
    private class Late(private val content: ByteArray) : InputStream() {
        private val begun = CountDownLatch(1)
        private var at = 0

        /** It was read to its end. */
        val read = CountDownLatch(1)

        fun end() = begun.countDown()

        override fun read(): Int {
            begun.await()
            return if (at < content.size) content[at++].toInt() else -1
        }

        override fun close() = read.countDown()
    }

    private class InMemory : Settings {
        private val values = mutableMapOf<String, String>()

        override fun get(name: String): String? = values[name]

        override fun set(name: String, value: String?) {
            if (value == null) values -= name else values[name] = value
        }
    }
}
