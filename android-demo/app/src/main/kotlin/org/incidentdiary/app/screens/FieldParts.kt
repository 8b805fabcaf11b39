package org.incidentdiary.app.screens

import android.content.Context
import android.text.InputType
import android.view.View
import android.view.ViewGroup
import android.widget.Button
import android.widget.LinearLayout
import android.widget.TextView
import org.incidentdiary.app.R
import org.incidentdiary.app.ui.Field
import org.incidentdiary.app.ui.add
import org.incidentdiary.app.ui.addWide
import org.incidentdiary.app.ui.button
import org.incidentdiary.app.ui.column
import org.incidentdiary.app.ui.iconButton
import org.incidentdiary.app.ui.markAsHeading
import org.incidentdiary.app.ui.row
import org.incidentdiary.app.ui.say
import org.incidentdiary.app.ui.showIf
import org.incidentdiary.app.ui.text
import org.incidentdiary.presentation.FieldState
import org.incidentdiary.presentation.FieldState.Kind
import org.incidentdiary.presentation.TextKey

/** What a field of the form tells of. */
internal interface FieldEvents {
    fun typed(path: String, text: String)

    fun chosen(path: String, code: String)

    fun added(path: String)

    fun removed(path: String)
}

/** Draws a list of fields and keeps the views of those that stay: the cursor and the keyboard stay with them. */
internal class FieldsPart(private val look: Look, private val parent: ViewGroup, private val events: FieldEvents) {
    private var parts: Map<String, FieldPart> = emptyMap()

    fun show(fields: List<FieldState>, enabled: Boolean) {
        parts = fields.associate { it.key to (parts[it.key] ?: part(look, it, events)) }
        parent.arrange(parts.values.map { it.view })
        for (field in fields) parts[field.key]?.draw(field)
        parent.enable(enabled)
        parent.showIf(fields.isNotEmpty())
    }
}

/** One field: the heading of its element, if one begins, then what the kind asks for. */
private abstract class FieldPart(protected val look: Look, first: FieldState, private val events: FieldEvents) {
    protected val context: Context = look.context
    val view: LinearLayout = column(context, R.dimen.space_2)
    private val heading: TextView
    private val headingRow: LinearLayout = view.add(row(context)).also { row ->
        heading = TextView(context, null, 0, R.style.Text_Heading).apply { markAsHeading() }
        row.addWide(heading)
        row.add(
            iconButton(context, R.drawable.ic_remove, look.words(TextKey.ACTION_REMOVE)) { events.removed(first.path) },
            ViewGroup.LayoutParams.WRAP_CONTENT,
        )
    }

    fun draw(field: FieldState) {
        heading.say(look.words(field.heading))
        headingRow.showIf(field.heading != null)
        show(field)
    }

    protected abstract fun show(field: FieldState)
}

private fun part(look: Look, field: FieldState, events: FieldEvents): FieldPart = when (field.kind) {
    Kind.LINE, Kind.TEXT, Kind.NUMBER -> TypedPart(look, field, events)
    Kind.DATE, Kind.TIME -> MomentPart(look, field, events)
    Kind.ONE_OF, Kind.SOME_OF -> ChoicePart(look, field, events)
    Kind.ADD -> AddPart(look, field, events)
    Kind.GROUP -> GroupPart(look, field, events)
}

private class TypedPart(look: Look, field: FieldState, events: FieldEvents) : FieldPart(look, field, events) {
    private val edit = view.add(Field(context, look.words(field.label), if (field.kind == Kind.TEXT) TEXT_LINES else 1))

    init {
        if (field.kind == Kind.NUMBER) edit.edit.inputType = InputType.TYPE_CLASS_NUMBER
        edit.hint(look.words(field.hint))
        edit.onTyped { events.typed(field.path, it) }
    }

    override fun show(field: FieldState) = edit.show(field.value, look.words(field.error))
}

private class MomentPart(look: Look, field: FieldState, events: FieldEvents) : FieldPart(look, field, events) {
    private val label = view.text(R.style.Text_Label, look.words(field.label))
    private var value = field.value
    private val line = view.add(row(context))
    private val button: Button = line.addWide(
        button(context, R.style.Button_Field) {
            val answer = { chosen: String -> events.typed(field.path, chosen) }
            if (field.kind == Kind.DATE) pickDate(look, value, answer) else pickTime(look, value, answer)
        },
    )
    private val clear = line.add(
        iconButton(context, R.drawable.ic_remove, look.words(TextKey.ACTION_REMOVE)) { events.typed(field.path, "") },
        ViewGroup.LayoutParams.WRAP_CONTENT,
    )
    private val trouble = view.trouble(look)

    override fun show(field: FieldState) {
        value = field.value
        val shown = look.words(field.shown ?: field.hint)
        button.text = shown
        button.contentDescription = "${label.text}, $shown"
        clear.showIf(field.value.isNotEmpty())
        trouble.show(field.error)
    }
}

private class ChoicePart(look: Look, field: FieldState, events: FieldEvents) : FieldPart(look, field, events) {
    init {
        view.text(R.style.Text_Label, look.words(field.label))
        view.text(R.style.Text_Small, look.words(field.hint))
    }

    private val choices = ChoicesPart(look, view, look.words(TextKey.ACTION_MORE)) { events.chosen(field.path, it) }
    private val legal = view.legal(look)
    private val trouble = view.trouble(look)

    override fun show(field: FieldState) {
        choices.show(field.choices)
        legal.show(field.legal)
        trouble.show(field.error)
    }
}

private class AddPart(look: Look, field: FieldState, events: FieldEvents) : FieldPart(look, field, events) {
    init {
        view.button(R.style.Button_Tonal, look.words(field.label)) { events.added(field.path) }
    }

    override fun show(field: FieldState) = Unit
}

private class GroupPart(look: Look, field: FieldState, events: FieldEvents) : FieldPart(look, field, events) {
    init {
        view.text(R.style.Text_Heading, look.words(field.label)).markAsHeading()
        view.setPadding(0, context.resources.getDimensionPixelSize(R.dimen.space_3), 0, 0)
    }

    private val legal = view.legal(look)

    override fun show(field: FieldState) = legal.show(field.legal)
}

/** What is typed while a form is recorded would be in no incident. */
private fun View.enable(enabled: Boolean) {
    isEnabled = enabled
    if (this is ViewGroup) for (at in 0 until childCount) getChildAt(at).enable(enabled)
}

private const val TEXT_LINES = 4
