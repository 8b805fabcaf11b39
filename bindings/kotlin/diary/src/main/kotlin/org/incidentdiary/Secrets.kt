package org.incidentdiary

import java.nio.Buffer
import java.nio.ByteBuffer
import java.nio.CharBuffer
import java.nio.charset.CharacterCodingException

/** A passphrase that is not Unicode text: half of a surrogate pair. */
public class NotTextException : IllegalArgumentException("this is not valid text")

/**
 * Lends [block] the UTF-8 bytes of [secret], and wipes both, also when [block] throws. The block must not keep them.
 *
 * The library reads from the start of a buffer, as many bytes as remain, so only a direct buffer at position 0 gives it
 * the bytes that are meant. The functions here are the one place that makes such buffers.
 *
 * @throws NotTextException if it holds half of a surrogate pair.
 * @throws LibraryException if library and bindings do not belong together.
 */
public fun <T> lend(secret: CharArray, block: (ByteBuffer) -> T): T {
    val bytes = ByteBuffer.allocateDirect(Math.multiplyExact(secret.size, BYTES_PER_CHAR))
    try {
        ensureLibrary()
        encode(CharBuffer.wrap(secret), bytes)
        return block(bytes)
    } finally {
        bytes.wipe()
        secret.fill('\u0000')
    }
}

/**
 * Lends [block] a copy of [secret] that the library can read, and wipes both, also when [block] throws.
 *
 * @throws LibraryException if library and bindings do not belong together.
 */
public fun <T> lend(secret: ByteArray, block: (ByteBuffer) -> T): T {
    val bytes = ByteBuffer.allocateDirect(secret.size)
    try {
        ensureLibrary()
        bytes.put(secret).toRead()
        return block(bytes)
    } finally {
        bytes.wipe()
        secret.fill(0)
    }
}

/** Lends [block] two secrets as [lend] does one; both are wiped whatever happens. */
internal fun <T> lendBoth(one: CharArray, other: CharArray, block: (ByteBuffer, ByteBuffer) -> T): T = try {
    lend(one) { first -> lend(other) { second -> block(first, second) } }
} finally {
    other.fill('\u0000')
}

/** Lends [block] the UTF-8 bytes of a text that is no secret of its own but hers: the copy is wiped, the text stays. */
internal fun <T> lendText(text: String, block: (ByteBuffer) -> T): T {
    val bytes = ByteBuffer.allocateDirect(Math.multiplyExact(text.length, BYTES_PER_CHAR))
    try {
        ensureLibrary()
        encode(CharBuffer.wrap(text), bytes)
        return block(bytes)
    } finally {
        bytes.wipe()
    }
}

private fun encode(text: CharBuffer, bytes: ByteBuffer) {
    val encoder = Charsets.UTF_8.newEncoder()
    try {
        encoder.encode(text, bytes, true).let { if (!it.isUnderflow) it.throwException() }
    } catch (_: CharacterCodingException) {
        throw NotTextException()
    }
    bytes.toRead()
}

// Called on a Buffer: those of a ByteBuffer itself came with Android 9.

internal fun Buffer.toRead() {
    flip()
}

internal fun Buffer.empty() {
    clear()
}

internal fun ByteBuffer.wipe() {
    empty()
    while (hasRemaining()) put(0)
}

/** The most UTF-8 bytes that one UTF-16 unit can need: a surrogate pair is two units and four bytes. */
private const val BYTES_PER_CHAR = 3
