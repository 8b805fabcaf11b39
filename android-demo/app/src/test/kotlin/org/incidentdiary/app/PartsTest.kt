package org.incidentdiary.app

import android.widget.EditText
import android.widget.LinearLayout
import org.incidentdiary.app.screens.FieldEvents
import org.incidentdiary.app.screens.FieldsPart
import org.incidentdiary.app.screens.Look
import org.incidentdiary.app.screens.ProgressPart
import org.incidentdiary.presentation.FieldState
import org.incidentdiary.presentation.Text
import org.junit.Assert.assertEquals
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config

/** Parts of screens in states that are over before a test could press anything. */
@RunWith(RobolectricTestRunner::class)
@Config(application = TestApplication::class, qualifiers = "ru-w360dp-h780dp-xhdpi")
class PartsTest {
    private val phone = Phone()
    private val look = Look(phone.activity, phone.app.strings(phone.activity), phone.app.model(emptyMap()))
    private val parent = LinearLayout(phone.activity)

    @Test
    fun theScreenStaysOnWhileWorkRuns() {
        val part = ProgressPart(look, parent)
        for (busy in listOf(true, false)) {
            part.show(null, busy)
            assertEquals(busy, parent.getChildAt(0).keepScreenOn)
        }
    }

    @Test
    fun nothingCanBeTypedWhileAFormIsRecorded() {
        val part = FieldsPart(look, parent, NoEvents)
        for (enabled in listOf(true, false)) {
            part.show(listOf(FieldState("narrative", FieldState.Kind.TEXT, Text.Label("field.narrative"))), enabled)
            assertEquals(enabled, visible(parent).filterIsInstance<EditText>().single().isEnabled)
        }
    }

    private object NoEvents : FieldEvents {
        override fun typed(path: String, text: String) = Unit

        override fun chosen(path: String, code: String) = Unit

        override fun added(path: String) = Unit

        override fun removed(path: String) = Unit
    }
}
