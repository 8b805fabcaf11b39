package org.incidentdiary.app.screens

import android.app.DatePickerDialog
import android.app.TimePickerDialog
import android.text.format.DateFormat
import org.incidentdiary.presentation.now
import java.time.DateTimeException
import java.time.LocalDate
import java.time.LocalTime

/** Lets her pick a day; [answer] gets `2026-10-03`. */
internal fun pickDate(look: Look, value: String, answer: (String) -> Unit) {
    val start = parsed(value, LocalDate::parse) ?: look.model.now().toLocalDate()
    look.open(
        DatePickerDialog(
            look.context,
            { _, year, month, day -> answer(LocalDate.of(year, month + 1, day).toString()) },
            start.year,
            start.monthValue - 1,
            start.dayOfMonth,
        ),
    )
}

/** Lets her pick a time of day; [answer] gets `21:15`. */
internal fun pickTime(look: Look, value: String, answer: (String) -> Unit) {
    val start = parsed(value, LocalTime::parse) ?: look.model.now().toLocalTime()
    look.open(
        TimePickerDialog(
            look.context,
            { _, hour, minute -> answer(LocalTime.of(hour, minute).toString()) },
            start.hour,
            start.minute,
            DateFormat.is24HourFormat(look.context),
        ),
    )
}

private fun <T> parsed(value: String, parse: (CharSequence) -> T): T? = try {
    parse(value)
} catch (_: DateTimeException) {
    null
}
