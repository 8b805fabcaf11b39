package org.incidentdiary.app.screens

import android.view.View
import android.view.ViewGroup
import android.widget.CheckBox
import android.widget.LinearLayout
import android.widget.ProgressBar
import android.widget.TextView
import org.incidentdiary.app.R
import org.incidentdiary.app.ui.Changed
import org.incidentdiary.app.ui.Field
import org.incidentdiary.app.ui.FlowLayout
import org.incidentdiary.app.ui.add
import org.incidentdiary.app.ui.button
import org.incidentdiary.app.ui.card
import org.incidentdiary.app.ui.chip
import org.incidentdiary.app.ui.column
import org.incidentdiary.app.ui.say
import org.incidentdiary.app.ui.showIf
import org.incidentdiary.app.ui.size
import org.incidentdiary.app.ui.text
import org.incidentdiary.presentation.Choice
import org.incidentdiary.presentation.Line
import org.incidentdiary.presentation.Progress
import org.incidentdiary.presentation.Text
import org.incidentdiary.presentation.TextKey

/** Says what went wrong, or what was done; screen readers read it out when it comes. */
internal class Message(private val look: Look, parent: ViewGroup, style: Int) {
    private val view: TextView = parent.text(style).apply {
        accessibilityLiveRegion =
            View.ACCESSIBILITY_LIVE_REGION_POLITE
    }

    init {
        view.say(null)
    }

    fun show(text: Text?) {
        val words = look.words(text)
        if (view.text.toString() != words) view.say(words)
    }
}

internal fun ViewGroup.trouble(look: Look) = Message(look, this, R.style.Text_Caution)

internal fun ViewGroup.notice(look: Look) = Message(look, this, R.style.Text_Notice)

/** Which of the words above a lawyer has yet to check. */
internal fun ViewGroup.legal(look: Look) = Message(look, this, R.style.Text_Small)

/** A button that first says what will happen, and wants to be pressed again below it; [fields] are asked for there. */
internal class Confirmed(
    look: Look,
    parent: ViewGroup,
    name: TextKey,
    help: TextKey,
    fields: List<Field>,
    act: () -> Unit,
) {
    private val first = parent.button(R.style.Button_Plain, look.words(name)) { open(true) }
    private val panel: LinearLayout = parent.card(R.dimen.space_3) {
        text(R.style.Text_Body, look.words(help))
        for (field in fields) add(field)
        button(R.style.Button_Caution, look.words(name)) {
            open(false)
            act()
        }
        button(R.style.Button_Plain, look.words(TextKey.ACTION_CANCEL)) {
            fields.forEach { it.clear() }
            open(false)
        }
    }
    private var allowed = false

    init {
        open(false)
    }

    /** [begun]: something was typed into it before, so it is open when it comes. */
    fun show(allowed: Boolean, enabled: Boolean, begun: Boolean = false) {
        val comes = allowed && !this.allowed
        this.allowed = allowed
        first.isEnabled = enabled
        if ((comes && begun) || !allowed) {
            open(allowed)
        } else if (panel.visibility != View.VISIBLE) {
            first.showIf(true)
        }
    }

    private fun open(open: Boolean) {
        panel.showIf(open)
        first.showIf(allowed && !open)
    }
}

internal fun ViewGroup.confirmed(look: Look, name: TextKey, help: TextKey, vararg fields: Field, act: () -> Unit) =
    Confirmed(look, this, name, help, fields.toList(), act)

/** Long work: what it is, and how far. */
internal class ProgressPart(private val look: Look, parent: ViewGroup) {
    private val part: LinearLayout = parent.column(R.dimen.space_2)
    private val words: TextView = part.text(R.style.Text_Small)
    private val bar = part.add(
        ProgressBar(part.context, null, 0, android.R.style.Widget_Material_ProgressBar_Horizontal),
    )

    fun show(progress: Progress?, busy: Boolean = progress != null) {
        part.showIf(busy)
        // A screen that goes dark by itself would lock, and break it off.
        part.keepScreenOn = busy
        words.say(progress?.let { look.words(it.text) })
        val percent = progress?.percent
        bar.isIndeterminate = percent == null
        bar.progress = percent ?: 0
    }
}

/** Things to choose from, as chips. Of a long list only the first few and the chosen are shown until she asks for all. */
internal class ChoicesPart(
    private val look: Look,
    parent: ViewGroup,
    private val all: CharSequence? = null,
    private val chosen: (String) -> Unit,
) {
    val view = FlowLayout(look.context, look.context.size(R.dimen.space_2))
    private var open = false
    private var latest: List<Choice> = emptyList()
    private val drawn = Changed<List<Choice>> { draw() }

    init {
        parent.add(view)
    }

    fun show(choices: List<Choice>) {
        latest = choices
        drawn.show(choices)
    }

    private fun draw() {
        val folded = all != null && !open && latest.size > FIRST + 2
        val shown = if (folded) latest.filterIndexed { at, choice -> at < FIRST || choice.chosen } else latest
        val kept = (0 until view.childCount).map(view::getChildAt).associateBy { it.tag as String }
        val chips = shown.map { choice ->
            val chip = kept[choice.code] as? CheckBox ?: chip(choice)
            chip.apply { isChecked = choice.chosen }
        }
        view.arrange(if (folded) chips + (kept[MORE] ?: more()) else chips)
    }

    private fun chip(choice: Choice) = chip(view.context, look.words(choice.label)) { chosen(choice.code) }.apply {
        tag =
            choice.code
    }

    private fun more(): View = button(view.context, R.style.Button_Plain, all ?: "") {
        open = true
        draw()
    }.also { it.tag = MORE }

    private companion object {
        const val FIRST = 8
        const val MORE = "+"
    }
}

/** Makes [wanted] the children, moving only what is elsewhere: what has the focus keeps it. */
internal fun ViewGroup.arrange(wanted: List<View>) {
    for (at in childCount - 1 downTo 0) if (getChildAt(at) !in wanted) removeViewAt(at)
    wanted.forEachIndexed { at, view ->
        if (getChildAt(at) === view) return@forEachIndexed
        (view.parent as? ViewGroup)?.removeView(view)
        addView(view, at)
    }
}

/** Names and what stands under them. */
internal class LinesPart(look: Look, parent: ViewGroup) {
    private val part = parent.column(R.dimen.space_3)
    private val drawn = Changed<List<Line>> { lines ->
        part.removeAllViews()
        for (line in lines) {
            part.column(R.dimen.space_1) {
                text(R.style.Text_Label, look.words(line.label))
                text(R.style.Text_Body, look.words(line.value))
            }
        }
    }

    fun show(lines: List<Line>) {
        part.showIf(lines.isNotEmpty())
        drawn.show(lines)
    }
}
