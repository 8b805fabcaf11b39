package org.incidentdiary.app.ui

import android.content.Context
import android.view.View
import android.view.ViewGroup
import android.view.ViewGroup.LayoutParams.MATCH_PARENT
import android.view.ViewGroup.LayoutParams.WRAP_CONTENT
import android.widget.Button
import android.widget.CheckBox
import android.widget.ImageButton
import android.widget.ImageView
import android.widget.LinearLayout
import android.widget.TextView
import org.incidentdiary.app.R

/*
 * The few kinds of views there are. Looks come from styles.xml, words from the caller; nothing here decides anything.
 */

internal fun Context.size(id: Int): Int = resources.getDimensionPixelSize(id)

/** A column; its children are as wide as it is, [gap] apart. */
internal fun column(context: Context, gap: Int = R.dimen.space_3, fill: ViewGroup.() -> Unit = {}): LinearLayout =
    LinearLayout(context).apply {
        orientation = LinearLayout.VERTICAL
        showDividers = LinearLayout.SHOW_DIVIDER_MIDDLE
        dividerDrawable = Gap(context.size(gap))
        fill()
    }

internal fun row(context: Context, fill: LinearLayout.() -> Unit = {}): LinearLayout = LinearLayout(context).apply {
    orientation = LinearLayout.HORIZONTAL
    gravity = android.view.Gravity.CENTER_VERTICAL
    fill()
}

internal fun <V : View> ViewGroup.add(view: V, width: Int = MATCH_PARENT, height: Int = WRAP_CONTENT): V =
    view.also { addView(it, width, height) }

/** Adds a view that takes the room which the others of its row leave. */
internal fun <V : View> LinearLayout.addWide(view: V): V =
    view.also { addView(it, LinearLayout.LayoutParams(0, WRAP_CONTENT, 1f)) }

internal fun ViewGroup.column(gap: Int = R.dimen.space_3, fill: ViewGroup.() -> Unit = {}): LinearLayout =
    add(column(context, gap, fill))

internal fun ViewGroup.card(gap: Int = R.dimen.space_2, fill: ViewGroup.() -> Unit): LinearLayout = column(gap) {
    setBackgroundResource(R.drawable.card)
    val inside = context.size(R.dimen.space_4)
    setPadding(inside, inside, inside, inside)
    fill()
}

internal fun ViewGroup.text(style: Int, words: CharSequence = ""): TextView =
    add(TextView(context, null, 0, style)).apply { say(words) }

internal fun ViewGroup.button(style: Int, words: CharSequence = "", pressed: () -> Unit): Button =
    add(button(context, style, words, pressed))

internal fun button(context: Context, style: Int, words: CharSequence = "", pressed: () -> Unit): Button =
    Button(context, null, 0, style).apply {
        text = words
        setOnClickListener { pressed() }
    }

/** A button that shows a drawing; [name] is what a screen reader says. */
internal fun iconButton(context: Context, drawing: Int, name: CharSequence, pressed: () -> Unit): ImageButton =
    ImageButton(context, null, 0, R.style.IconButton).apply {
        setImageResource(drawing)
        contentDescription = name
        setOnClickListener { pressed() }
    }

internal fun icon(context: Context, drawing: Int): ImageView = ImageView(context).apply {
    setImageResource(drawing)
    importantForAccessibility = View.IMPORTANT_FOR_ACCESSIBILITY_NO
}

/** A choice that can be on or off; screen readers know it as a check box. It shows what the state says, not what was pressed. */
internal fun chip(context: Context, words: CharSequence, pressed: () -> Unit): CheckBox =
    CheckBox(context, null, 0, R.style.Chip).apply {
        text = words
        isSaveEnabled = false
        setOnClickListener {
            isChecked = !isChecked
            pressed()
        }
    }

internal fun View.showIf(shown: Boolean) {
    visibility = if (shown) View.VISIBLE else View.GONE
}

/** Shows the words, or nothing at all if there are none. */
internal fun TextView.say(words: CharSequence?) {
    text = words
    showIf(!words.isNullOrEmpty())
}
