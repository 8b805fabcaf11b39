package org.incidentdiary.app

import android.app.Activity
import android.graphics.Bitmap
import android.graphics.Rect
import android.os.Build
import android.text.StaticLayout
import android.view.View
import android.view.ViewGroup
import android.widget.AdapterView
import android.widget.EditText
import android.widget.TextView
import java.util.Locale
import kotlin.math.max
import kotlin.math.min
import kotlin.math.pow

private const val TOUCH_DP = 48
private const val CONTRAST = 4.5

/**
 * Walks over what is on the screen and names what a person with weak sight, a trembling hand or a screen reader would stumble over:
 * targets under 48 dp, controls without a name, weak contrast as measured in the picture, words that are cut off or torn apart.
 */
internal fun troubles(activity: Activity, picture: Bitmap, root: View = activity.window.decorView): List<String> =
    visible(root).flatMap { view -> troublesOf(activity, view, picture) }.toList()

internal fun visible(view: View): Sequence<View> = sequence {
    if (view.visibility != View.VISIBLE) return@sequence
    yield(view)
    if (view is ViewGroup) for (at in 0 until view.childCount) yieldAll(visible(view.getChildAt(at)))
}

private fun troublesOf(activity: Activity, view: View, picture: Bitmap): List<String> = buildList {
    val words = (view as? TextView)?.text?.toString().orEmpty()
    val what = "${view.javaClass.simpleName} '${words.ifEmpty { view.contentDescription ?: "" }.take(30)}'"
    val touch = activity.dp(TOUCH_DP)
    if (view.isClickable && (view.width < touch || view.height < touch)) {
        add("small: $what ${view.width}x${view.height} px, $touch wanted")
    }
    if (view.isClickable && view !is AdapterView<*> && nameOf(view, view.rootView).isBlank()) add("nameless: $what")
    if (view.isClickable && underBar(activity, view)) add("under a bar: $what")
    if (view is EditText && hintIsCut(view)) add("cut hint: $what ${view.hint}")
    if (view is TextView && words.isNotEmpty()) {
        if (view.isEnabled) contrastOf(view, picture)?.let { if (it < CONTRAST) add("contrast: $what ${format(it)}") }
        cut(view)?.let { add("$it: $what") }
    }
}

private fun underBar(activity: Activity, view: View): Boolean {
    if (Build.VERSION.SDK_INT < 30) return false
    val part = Rect()
    if (!view.getGlobalVisibleRect(part)) return false
    return part.top < activity.dp(STATUS_BAR) || part.bottom > activity.window.decorView.height - activity.dp(BUTTONS)
}

/** What a screen reader says: its own words, those of its label, or, for a group, those of its children. */
private fun nameOf(view: View, root: View): String {
    view.contentDescription?.let { return it.toString() }
    if (view is EditText) {
        return view.hint?.toString()?.takeIf { it.isNotBlank() }
            ?: visible(root).firstOrNull { view.id != View.NO_ID && it.labelFor == view.id }
                ?.let { (it as? TextView)?.text?.toString() }.orEmpty()
    }
    if (view is TextView) return view.text.toString()
    if (view is ViewGroup) {
        return (0 until view.childCount).joinToString(" ") {
            nameOf(view.getChildAt(it), root)
        }.trim()
    }
    return ""
}

/** The commonest colour in the view's part of the picture is the ground; the strongest contrast to it is the ink. */
private fun contrastOf(view: View, picture: Bitmap): Double? {
    val part = Rect()
    if (!view.getGlobalVisibleRect(part) || !part.intersect(0, 0, picture.width, picture.height)) return null
    // A sliver at the edge of a scrolled page holds no whole letter, and may be nothing but the room above it.
    val line = (view as TextView).run { totalPaddingTop + lineHeight }
    if (part.width() < min(view.width, 8) || part.height() < min(view.height, line)) return null
    val pixels = IntArray(part.width() * part.height())
    picture.getPixels(pixels, 0, part.width(), part.left, part.top, part.width(), part.height())
    val counts = pixels.toList().groupingBy { it }.eachCount()
    val ground = counts.maxBy { it.value }.key
    return counts.keys.maxOf { contrast(it, ground) }
}

internal fun contrast(one: Int, other: Int): Double {
    val (dark, light) = listOf(luminance(one), luminance(other)).sorted()
    return (light + 0.05) / (dark + 0.05)
}

/** Relative luminance as WCAG 2.2 defines it. */
private fun luminance(colour: Int): Double {
    fun channel(shift: Int): Double {
        val value = (colour shr shift and 255) / 255.0
        return if (value <= 0.04045) value / 12.92 else ((value + 0.055) / 1.055).pow(2.4)
    }
    return 0.2126 * channel(16) + 0.7152 * channel(8) + 0.0722 * channel(0)
}

private fun cut(view: TextView): String? {
    val layout = view.layout ?: return null
    val room = view.height - view.totalPaddingTop - view.totalPaddingBottom
    if (view !is EditText && layout.height > max(room, 0) + 1) return "cut off"
    for (line in 0 until layout.lineCount) {
        if (layout.getEllipsisCount(line) > 0) return "cut short"
        val end = layout.getLineEnd(line)
        val words = view.text
        if (view !is EditText && end in 1 until words.length && words[end - 1].isLetter() && words[end].isLetter()) {
            val word = words.substring(0, end).takeLastWhile { it > ' ' } + words.substring(end).takeWhile { it > ' ' }
            // Names of files and codes are no words.
            if (word.none { it == '_' || it == '.' || it.isDigit() }) return "torn word"
        }
    }
    return null
}

private fun hintIsCut(field: EditText): Boolean {
    val hint = field.hint?.toString() ?: return false
    if (field.text.isNotEmpty()) return false
    val width = field.width - field.totalPaddingLeft - field.totalPaddingRight
    val lines = StaticLayout.Builder.obtain(hint, 0, hint.length, field.paint, width).build().lineCount
    return lines * field.lineHeight > field.height + field.lineHeight / 2
}

private fun format(value: Double) = "%.2f".format(Locale.ROOT, value)
