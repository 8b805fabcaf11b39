package org.incidentdiary.app

import android.view.View
import android.widget.CompoundButton
import android.widget.TextView
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNotSame
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config

/** Every screen, and its window made anew, as the system does when the theme, the language or the size of letters changes. */
@RunWith(RobolectricTestRunner::class)
@Config(application = TestApplication::class, qualifiers = "ru-w360dp-h780dp-xhdpi")
class EveryScreenTest {
    @Test
    fun isTheSameInANewWindow() {
        val phone = Phone()
        val changed = mutableListOf<String>()
        var screens = 0
        Tour(phone) { screen ->
            screens += 1
            if (screen in FOLDED) return@Tour
            val window = phone.activity
            val shown = phone.all().mapNotNull(::shown)
            phone.window.recreate()
            phone.settle()
            assertNotSame(screen, window, phone.activity)
            val again = phone.all().mapNotNull(::shown)
            if (again != shown) changed += "$screen: without ${shown - again}, with ${again - shown}"
        }.go()
        assertEquals("", changed.joinToString("\n"))
        assertEquals(37, screens)
    }

    /** What a person sees or hears of a view. */
    private fun shown(view: View): String? {
        val words = (view as? TextView)?.text?.ifEmpty { null } ?: view.contentDescription ?: return null
        val marked = (view as? CompoundButton)?.isChecked ?: view.isSelected
        return "$words, enabled ${view.isEnabled}, marked $marked"
    }

    private companion object {
        /** A menu or a question lies open, which a new window folds again: nothing that is to be kept was typed into it. */
        val FOLDED = setOf("copy-asked", "erase-asked", "filter", "menu", "keys", "keys-bound", "keys-code")
    }
}
