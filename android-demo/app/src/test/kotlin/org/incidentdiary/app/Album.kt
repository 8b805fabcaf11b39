package org.incidentdiary.app

import android.text.InputType
import android.view.View
import android.view.inputmethod.EditorInfo
import android.widget.EditText
import android.widget.ScrollView

/** Draws the screens of a tour, and collects what the walk finds on them. */
internal class Album(private val name: String, private val phone: Phone) {
    val found = mutableListOf<String>()
    private var stop = 0

    /** A picture of what is on the screen, and one of its end if it is longer; and what is wrong with either. */
    fun draw(screen: String) {
        stop += 1
        val title = "%s-%02d-%s".format(name, stop, screen)
        keep(title)
        val page = phone.all().filterIsInstance<ScrollView>().firstOrNull { it.canScrollVertically(1) } ?: return
        page.scrollTo(0, page.getChildAt(0).height)
        keep("$title-end")
        page.scrollTo(0, 0)
    }

    private fun keep(title: String) {
        phone.settle()
        val picture = phone.activity.picture()
        phone.activity.keep(picture, title)
        found += troubles(phone.activity, picture).map { "$title: $it" }
        found += phone.said().filter { "field." in it }.map { "$title: the name of a field instead of its words: $it" }
        found +=
            phone.all().filterIsInstance<EditText>().filterNot(::tellsNobody).map {
                "$title: a field that keyboard or system learn from"
            }
    }

    private fun tellsNobody(field: EditText): Boolean {
        val secret = field.inputType and InputType.TYPE_MASK_VARIATION == InputType.TYPE_TEXT_VARIATION_PASSWORD
        val quiet = field.inputType and InputType.TYPE_TEXT_FLAG_NO_SUGGESTIONS != 0
        val number = field.inputType and InputType.TYPE_MASK_CLASS == InputType.TYPE_CLASS_NUMBER
        return (secret || quiet || number) && !field.isSaveEnabled &&
            field.imeOptions and EditorInfo.IME_FLAG_NO_PERSONALIZED_LEARNING != 0 &&
            field.importantForAutofill == View.IMPORTANT_FOR_AUTOFILL_NO
    }
}
