package org.incidentdiary

import org.incidentdiary.core.Attachment
import org.incidentdiary.core.DiaryException
import org.incidentdiary.core.ListQuery
import java.io.ByteArrayInputStream
import java.io.File
import java.util.concurrent.Callable
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executors
import java.util.concurrent.Future
import java.util.concurrent.TimeUnit
import kotlin.test.AfterTest
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertTrue

/** Many threads, locking in the middle of work, and callbacks. A deadlock shows as a test that ends by its limit. */
class ThreadsTest {
    private val folder = scratch()
    private val diary = newDiary(File(folder, "vault"))
    private val pool = Executors.newFixedThreadPool(8)

    @AfterTest
    fun end() {
        pool.shutdownNow()
        diary.lock()
    }

    @Test
    fun `eight threads write and read, and nothing is lost`() {
        val work = (0 until 8).map { thread ->
            run {
                repeat(5) { diary.add(incident("нить $thread запись $it")) }
                diary.list(ListQuery(limit = 5u)).incidents.size
            }
        }
        assertEquals(List(8) { 5 }, work.map { it.result() })
        val all = diary.list(ListQuery(limit = 200u)).incidents
        assertEquals((1u..40u).toList(), all.map { it.number }.sorted())
    }

    @Test
    fun `a lock stops running work, and every later call says so`() {
        val id = diary.add(incident()).id
        diary.attachStream(id, "a", null, Attachment(), Counting(24L shl 20))
        val started = CountDownLatch(1)
        val writer = diary.beginItem(id)
        val check = run {
            diary.check(
                listener { _, _ ->
                    started.countDown()
                    true
                },
            )
        }
        assertTrue(started.await(1, TimeUnit.MINUTES))
        diary.lock()
        diary.lock()
        assertTrue(check.failure() is DiaryException)
        assertFailsWith<DiaryException.Locked> { diary.people() }
        assertFailsWith<DiaryException.Locked> { lend(ByteArray(1)) { writer.write(it) } }
        assertFailsWith<DiaryException.Locked> { writer.finish("a", null, Attachment()) }
        openDiary(File(folder, "vault"), PASSPHRASE.toCharArray()).lock()
    }

    @Test
    fun `a lock from a callback takes effect when the work ends`() {
        assertFailsWith<DiaryException> {
            diary.check(
                listener { _, _ ->
                    diary.lock()
                    true
                },
            )
        }
        assertTrue(diary.isLocked())
        assertFailsWith<DiaryException.Locked> { diary.people() }
    }

    @Test
    fun `other calls go on while a file is being written`() {
        val id = diary.add(incident()).id
        val reading = CountDownLatch(1)
        val goOn = CountDownLatch(1)
        val attach = run {
            diary.attachStream(id, "a", null, Attachment(), ByteArrayInputStream(ByteArray(600_000))) {
                reading.countDown()
                goOn.await(1, TimeUnit.MINUTES)
            }
        }
        assertTrue(reading.await(1, TimeUnit.MINUTES))
        assertEquals(1, diary.list(ListQuery()).incidents.size)
        goOn.countDown()
        assertEquals(600_000uL, attach.result().bytes)
    }

    @Test
    fun `a source that fails, and one that is given up, leave nothing behind`() {
        val id = diary.add(incident()).id
        val source = object : java.io.InputStream() {
            override fun read(): Int = throw java.io.IOException("gone")
        }
        assertFailsWith<java.io.IOException> { diary.attachStream(id, "a", null, Attachment(), source) }
        assertFailsWith<DiaryException.Cancelled> {
            diary.attachStream(id, "a", null, Attachment(), Counting(1L shl 20)) { false }
        }
        diary.rest()
        assertEquals(emptyList(), diary.show(id).evidence)
        assertEquals(emptyList(), File(folder, "vault/evidence").list().orEmpty().toList())
    }

    @Test
    fun `calls on a closed object fail`() {
        val closed = newDiary(File(folder, "closed"))
        closed.close()
        assertFailsWith<IllegalStateException> { closed.people() }
        closed.close()
    }

    private fun <T> run(work: () -> T): Future<T> = pool.submit(Callable { work() })

    private fun <T> Future<T>.result(): T = get(2, TimeUnit.MINUTES)

    private fun Future<*>.failure(): Throwable? = runCatching { result() }.exceptionOrNull()?.cause.also {
        assertIs<Throwable>(it)
    }
}
