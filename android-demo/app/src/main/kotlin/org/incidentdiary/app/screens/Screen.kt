package org.incidentdiary.app.screens

import android.app.Dialog
import android.content.Context
import android.view.View
import android.view.WindowManager
import kotlinx.coroutines.flow.StateFlow
import org.incidentdiary.app.R
import org.incidentdiary.app.ui.Page
import org.incidentdiary.app.ui.SecretField
import org.incidentdiary.app.ui.iconButton
import org.incidentdiary.presentation.AppModel
import org.incidentdiary.presentation.Strings
import org.incidentdiary.presentation.Text
import org.incidentdiary.presentation.TextKey
import org.incidentdiary.presentation.read

/** One screen: draws every state it is given, and hands what she does to its model. */
internal abstract class Screen<S>(val states: StateFlow<S>) {
    abstract val view: View

    abstract fun draw(state: S)

    /** Called when the screen goes away: what is typed into it and belongs to nobody is wiped. */
    open fun close() = Unit
}

/** What every screen is drawn with. */
internal class Look(val context: Context, val strings: Strings, val model: AppModel) {
    private var dialog: Dialog? = null

    /** Opens a dialog. It has a window of its own, which knows nothing of the flags of the one below it. */
    fun open(dialog: Dialog) {
        closeDialog()
        this.dialog = dialog
        dialog.window?.run {
            addFlags(WindowManager.LayoutParams.FLAG_SECURE)
            decorView.filterTouchesWhenObscured = true
        }
        dialog.show()
    }

    /** A dialog goes with its screen: over the locked diary it would still show what was chosen in it. */
    fun closeDialog() {
        dialog?.dismiss()
        dialog = null
    }

    /** The words of a text; none for none. */
    fun words(text: Text?): String = text?.read(strings).orEmpty()

    fun words(key: TextKey): String = strings.text(key)

    /** A field for a secret. */
    fun secret(label: TextKey): SecretField = SecretField(
        context,
        words(label),
        words(TextKey.ACTION_SHOW_PASSPHRASE),
        words(TextKey.ACTION_HIDE_PASSPHRASE),
    )

    /** An empty page with the way back, and, once the diary is open, the lock and the way out at once. */
    fun page(title: TextKey, back: Boolean = true, open: Boolean = true): Page = Page(context).apply {
        title(words(title))
        if (back) atStart(iconButton(context, R.drawable.ic_back, words(TextKey.ACTION_BACK)) { model.back() })
        if (open) atEnd(iconButton(context, R.drawable.ic_lock, words(TextKey.ACTION_LOCK)) { model.lock() })
        atEnd(iconButton(context, R.drawable.ic_exit, words(TextKey.ACTION_QUICK_EXIT)) { model.quickExit() })
    }
}
