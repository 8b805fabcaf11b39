package org.incidentdiary

import com.sun.jna.Callback
import com.sun.jna.Native
import org.incidentdiary.core.uniffiEnsureInitialized

/** The library and these bindings do not belong together, or the library cannot be loaded: install the app again. */
public class LibraryException internal constructor() : RuntimeException("the library does not fit its bindings")

/**
 * Makes sure that the library is there and that these bindings were made from it. Every helper of this package does so
 * first; who calls generated functions without a helper calls this before. Nothing else asks: with other bindings,
 * uniffi 0.32.2 reads wrong bytes without a word.
 *
 * @throws LibraryException if it is not so; every later call fails in the same way.
 */
public fun ensureLibrary() {
    if (!Fit.ok) throw LibraryException()
}

private object Fit {
    /** The cause is dropped: it names paths, and nobody who sees it can do more about it. */
    val ok: Boolean = try {
        uniffiEnsureInitialized()
        keepQuiet()
        true
    } catch (_: LinkageError) {
        false
    } catch (_: RuntimeException) {
        false
    }

    /**
     * JNA prints what a callback throws beyond an `Exception`, and the generated code lets that through. The library has its
     * answer all the same; callbacks of others are told as before.
     */
    private fun keepQuiet() {
        val before = Native.getCallbackExceptionHandler()
        Native.setCallbackExceptionHandler { callback: Callback, error: Throwable ->
            if (!callback.javaClass.name.startsWith(BINDINGS)) before.uncaughtException(callback, error)
        }
    }

    private const val BINDINGS = "org.incidentdiary.core."
}
