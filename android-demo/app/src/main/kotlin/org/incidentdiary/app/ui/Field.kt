package org.incidentdiary.app.ui

import android.app.Activity
import android.content.Context
import android.text.Editable
import android.text.InputType
import android.text.TextWatcher
import android.text.method.PasswordTransformationMethod
import android.view.View
import android.view.ViewGroup
import android.view.ViewGroup.LayoutParams.WRAP_CONTENT
import android.view.inputmethod.EditorInfo
import android.view.textclassifier.TextClassifier
import android.widget.EditText
import android.widget.LinearLayout
import android.widget.TextView
import org.incidentdiary.app.R

/**
 * A labelled field. The keyboard is asked not to learn, the system not to fill in, not to classify, and not to keep what is typed
 * in the saved state: that is the business of the sealed drafts.
 */
internal open class Field(
    context: Context,
    label: CharSequence,
    lines: Int = 1,
    val edit: EditText = EditText(context, null, 0, R.style.Field),
) : LinearLayout(context) {
    private val name = TextView(context, null, 0, R.style.Text_Label)
    private val trouble = TextView(context, null, 0, R.style.Text_Caution)
    private var muted = false

    init {
        orientation = VERTICAL
        showDividers = SHOW_DIVIDER_MIDDLE
        dividerDrawable = Gap(context.size(R.dimen.space_1))
        label(label)
        edit.id = View.generateViewId()
        name.labelFor = edit.id
        edit.inputType = PLAIN or if (lines > 1) InputType.TYPE_TEXT_FLAG_MULTI_LINE else 0
        edit.minLines = lines
        // One line by the keyboard's key, but as many as large letters need.
        edit.setHorizontallyScrolling(false)
        if (lines == 1) edit.maxLines = MOST_LINES
        if (lines > 1) edit.gravity = android.view.Gravity.TOP or android.view.Gravity.START
        edit.imeOptions = EditorInfo.IME_FLAG_NO_PERSONALIZED_LEARNING or EditorInfo.IME_FLAG_NO_EXTRACT_UI
        edit.isSaveEnabled = false
        edit.importantForAutofill = View.IMPORTANT_FOR_AUTOFILL_NO
        edit.setTextClassifier(TextClassifier.NO_OP)
        // What comes from a keyboard on the screen is no touch to the system.
        onText { (context as? Activity)?.onUserInteraction() }
        add(name)
        add(edit)
        add(trouble).showIf(false)
    }

    /** Calls [changed] with every text that she types; not with those that [show] puts there. */
    fun onTyped(changed: (String) -> Unit): Field = apply { onText { changed(it.toString()) } }

    private fun onText(changed: (Editable) -> Unit) {
        edit.addTextChangedListener(object : TextWatcher {
            override fun afterTextChanged(text: Editable) {
                if (!muted) changed(text)
            }

            override fun beforeTextChanged(text: CharSequence, start: Int, count: Int, after: Int) = Unit

            override fun onTextChanged(text: CharSequence, start: Int, before: Int, count: Int) = Unit
        })
    }

    /** Shows [text] unless it is there already: the cursor stays where she writes. */
    fun show(text: String, error: CharSequence? = null) {
        if (!edit.text.contentEquals(text)) {
            muted = true
            edit.setText(text)
            edit.setSelection(edit.text.length)
            muted = false
        }
        showError(error)
    }

    /** Takes away what she typed, as if she had done it. */
    open fun clear() = edit.text.clear()

    /** The words above it; without any, the hint is its name. */
    fun label(words: CharSequence) = name.say(words)

    /** Calls [done] when she presses the keyboard's own key for it. */
    fun onDone(done: () -> Unit) {
        edit.imeOptions = edit.imeOptions or EditorInfo.IME_ACTION_DONE
        edit.setOnEditorActionListener { _, action, _ ->
            (action == EditorInfo.IME_ACTION_DONE).also { if (it) done() }
        }
    }

    fun hint(words: CharSequence) {
        edit.hint = words.ifEmpty { null }
    }

    fun showError(error: CharSequence?) = trouble.say(error)

    private companion object {
        const val MOST_LINES = 4
        const val PLAIN = InputType.TYPE_CLASS_TEXT or InputType.TYPE_TEXT_FLAG_NO_SUGGESTIONS or
            InputType.TYPE_TEXT_FLAG_CAP_SENTENCES
    }
}

/** A field for a secret: dots unless she asks to see it, no copying, and what is typed leaves it only once. */
internal class SecretField(
    context: Context,
    label: CharSequence,
    show: CharSequence,
    hide: CharSequence,
) : Field(context, label, edit = UncopiedText(context)) {
    private val reveal: TextView = button(context, R.style.Button_Small, show) { reveal(!revealed) }
    private val showWords = show
    private val hideWords = hide
    private var revealed = false

    init {
        edit.isLongClickable = false
        add(reveal, WRAP_CONTENT)
        reveal(false)
    }

    /** What was typed; the field is empty afterwards. The caller wipes it. */
    fun take(): CharArray {
        val typed = edit.text
        val secret = CharArray(typed.length)
        typed.getChars(0, typed.length, secret, 0)
        clear()
        return secret
    }

    override fun clear() {
        val typed = edit.text
        // Overwritten before it is dropped: the Editable keeps its array.
        for (at in typed.indices) typed.replace(at, at + 1, "\u0000")
        typed.clear()
        reveal(false)
    }

    private fun reveal(on: Boolean) {
        revealed = on
        // The visible variant would bring suggestions back: they are refused by name.
        edit.inputType = if (on) SHOWN else HIDDEN
        edit.transformationMethod = if (on) Shown else PasswordTransformationMethod.getInstance()
        edit.typeface = android.graphics.Typeface.DEFAULT
        edit.setSelection(edit.text.length)
        reveal.text = if (on) hideWords else showWords
    }

    private companion object {
        const val HIDDEN = InputType.TYPE_CLASS_TEXT or InputType.TYPE_TEXT_VARIATION_PASSWORD
        const val SHOWN = InputType.TYPE_CLASS_TEXT or InputType.TYPE_TEXT_VARIATION_VISIBLE_PASSWORD or
            InputType.TYPE_TEXT_FLAG_NO_SUGGESTIONS
    }
}

/** Empties every secret field of the screen. */
internal fun ViewGroup.clearSecrets() {
    for (at in 0 until childCount) {
        val child = getChildAt(at)
        if (child is SecretField) child.clear() else (child as? ViewGroup)?.clearSecrets()
    }
}

/**
 * A password that can be read. To the system it stays one: it offers nothing that would hand the text to the clipboard or to
 * another app, neither in the floating toolbar nor to services (TextView.canCopy, canShare and canProcessText ask for this).
 */
private object Shown : PasswordTransformationMethod() {
    override fun getTransformation(source: CharSequence, view: View): CharSequence = source
}

/** What is typed here can be read while it is shown, but not taken to the clipboard, shared or dragged, by whatever way. */
private class UncopiedText(context: Context) : EditText(context, null, 0, R.style.Field) {
    // Menu, keys and screen readers all come through here.
    override fun onTextContextMenuItem(id: Int): Boolean = id in PASTING && super.onTextContextMenuItem(id)

    private companion object {
        val PASTING = setOf(android.R.id.paste, android.R.id.pasteAsPlainText, android.R.id.selectAll)
    }
}
