package org.incidentdiary

import com.sun.jna.Native
import org.incidentdiary.core.Attachment
import org.incidentdiary.core.Diary
import org.incidentdiary.core.Incident
import org.incidentdiary.core.KeyCost
import org.incidentdiary.core.ListQuery
import org.incidentdiary.core.Occurred
import org.incidentdiary.core.libraryVersion
import org.incidentdiary.core.uniffiEnsureInitialized
import java.lang.management.ManagementFactory
import java.nio.ByteBuffer
import java.nio.file.Files
import java.nio.file.Path

/** As many as bindings/benches/direct.rs writes. */
private const val INCIDENTS = 2_000
private const val BENCH_PASSPHRASE = "four words and some more"
private const val NARRATIVE = "Ол тағы да кіреберісте күтіп тұрды, содан кейін телефон соқты."
private const val MIB = 1 shl 20
private const val EVIDENCE = 64 * MIB
private const val CHUNK = 256 * 1024
private val thread = ManagementFactory.getThreadMXBean()

/**
 * What the calls of `bindings/bench` cost from Kotlin: `NAME MICROSECONDS` lines, the best of several runs each. It is
 * time of the processor, so that neither the disk nor other programs count.
 */
public fun main() {
    // Loading JNA is not ours, with all that it does for its first library; loading our library is.
    thread.currentThreadCpuTime
    told("jna", best(1) { AnotherLibrary.load() })
    told("start", best(1) { uniffiEnsureInitialized() })
    told("empty", best(20_000) { libraryVersion() })

    val folder = Files.createTempDirectory("diary-bench")
    try {
        val vault = folder.resolve("vault").toString()
        val diary = Diary.create(vault, passphrase(), KeyCost.FLOOR)
        val incident = Incident(Occurred(from = "2026-10-03T21:15+05:00"), NARRATIVE)
        told("add", best(INCIDENTS) { diary.add(incident) })
        told("durable", median(INCIDENTS) { diary.add(incident) })
        diary.lock()
        var opened: Diary? = null
        told("open", best(5, { opened?.lock() }) { opened = Diary.open(vault, passphrase()) })
        val again = checkNotNull(opened)
        told("page", best(5_000) { again.list(ListQuery()) })
        evidence(again, folder)
        again.lock()
    } finally {
        folder.toFile().deleteRecursively()
    }
}

private fun evidence(
    diary: Diary,
    folder: Path,
) {
    val bytes = ByteArray(EVIDENCE)
    var round = 0

    // Other bytes each time: the same ones would be stored once.
    fun fresh() = bytes.fill((++round).toByte(), 0, MIB)
    val file = folder.resolve("evidence.bin")
    told(
        "path",
        best(3, {
            fresh()
            Files.write(file, bytes)
        }) {
            diary.attach("#1", file.toString(), Attachment(), null)
        },
    )
    val buffer = ByteBuffer.allocateDirect(CHUNK)
    told(
        "chunks",
        best(3, { fresh() }) {
            val writer = diary.beginItem("#1")
            for (at in 0 until EVIDENCE step CHUNK) {
                buffer.clear()
                buffer.put(bytes, at, CHUNK).flip()
                writer.write(buffer)
            }
            writer.finish("evidence.bin", null, Attachment())
        },
    )
}

private fun passphrase(): ByteBuffer {
    val bytes = BENCH_PASSPHRASE.toByteArray()
    return ByteBuffer.allocateDirect(bytes.size).put(bytes).flip()
}

private fun best(
    runs: Int,
    prepare: () -> Unit = {},
    work: () -> Unit,
): Double =
    (1..runs).minOf {
        prepare()
        val start = thread.currentThreadCpuTime
        work()
        (thread.currentThreadCpuTime - start) / 1e3
    }

/** As she has it: with the disk, and what else the machine does, of which the median leaves out the most. */
private fun median(
    runs: Int,
    work: () -> Unit,
): Double =
    List(runs) {
        val start = System.nanoTime()
        work()
        (System.nanoTime() - start) / 1e3
    }.sorted()[runs / 2]

/** One function of a library that every system has. */
private object AnotherLibrary {
    init {
        Native.register(AnotherLibrary::class.java, "c")
    }

    fun load() = Unit

    external fun getpid(): Int
}

private fun told(
    name: String,
    microseconds: Double,
) = println("$name %.1f".format(java.util.Locale.ROOT, microseconds))
