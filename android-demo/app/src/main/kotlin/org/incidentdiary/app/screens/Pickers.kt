package org.incidentdiary.app.screens

import android.app.DatePickerDialog
import android.app.Dialog
import android.app.TimePickerDialog
import android.content.Context
import android.text.format.DateFormat
import android.view.WindowManager
import java.time.DateTimeException
import java.time.LocalDate
import java.time.LocalTime

/** Lets her pick a day; [answer] gets `2026-10-03`. */
internal fun pickDate(context: Context, value: String, answer: (String) -> Unit) {
    val start = parsed(value, LocalDate::parse) ?: LocalDate.now()
    show(
        DatePickerDialog(
            context,
            { _, year, month, day -> answer(LocalDate.of(year, month + 1, day).toString()) },
            start.year,
            start.monthValue - 1,
            start.dayOfMonth,
        ),
    )
}

/** Lets her pick a time of day; [answer] gets `21:15`. */
internal fun pickTime(context: Context, value: String, answer: (String) -> Unit) {
    val start = parsed(value, LocalTime::parse) ?: LocalTime.now()
    show(
        TimePickerDialog(
            context,
            { _, hour, minute -> answer(LocalTime.of(hour, minute).toString()) },
            start.hour,
            start.minute,
            DateFormat.is24HourFormat(context),
        ),
    )
}

/** A dialog has a window of its own, which knows nothing of the flags of the one below it. */
private fun show(dialog: Dialog) {
    dialog.window?.addFlags(WindowManager.LayoutParams.FLAG_SECURE)
    dialog.show()
}

private fun <T> parsed(value: String, parse: (CharSequence) -> T): T? = try {
    parse(value)
} catch (_: DateTimeException) {
    null
}
