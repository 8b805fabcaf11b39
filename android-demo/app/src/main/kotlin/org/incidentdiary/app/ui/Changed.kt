package org.incidentdiary.app.ui

/** Draws a part of a screen anew only when its part of the state is another one than last time. */
internal class Changed<T : Any>(private val draw: (T) -> Unit) {
    private var last: T? = null

    fun show(value: T) {
        if (value == last) return
        last = value
        draw(value)
    }
}
