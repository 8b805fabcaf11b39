package org.incidentdiary.presentation

import java.time.DateTimeException
import java.time.Instant
import java.time.LocalDate
import java.time.LocalTime
import java.time.OffsetDateTime
import java.time.ZoneId
import java.time.ZoneOffset
import java.time.ZonedDateTime
import java.time.format.DateTimeFormatter

/** A claimed time as the library writes it: a date, or a date and a time, with the offset it was written with. */
internal data class Moment(val date: LocalDate, val time: LocalTime?, val offset: ZoneOffset?) {
    /** The form that the library reads. */
    fun written(): String = when {
        time == null -> date.toString()
        else -> "${date}T$time${offset?.id.orEmpty()}"
    }

    /** Its offset, if it has one, is that of the zone at that time. */
    fun isUsual(zone: ZoneId): Boolean = time == null || offset == null ||
        zone.rules.getOffset(OffsetDateTime.of(date, time, offset).toInstant()) == offset

    companion object {
        /** Reads `2026-10-03` and RFC 3339, seconds and offset optional; null for anything else. */
        fun read(text: String): Moment? = try {
            val zone = OFFSET.find(text.drop(DATE_LENGTH))?.value
            val local = text.removeSuffix(zone.orEmpty())
            val parts = local.split('T', limit = 2)
            Moment(LocalDate.parse(parts[0]), parts.getOrNull(1)?.let(LocalTime::parse), zone?.let(ZoneOffset::of))
        } catch (_: DateTimeException) {
            null
        }

        private const val DATE_LENGTH = 10
        private val OFFSET = Regex("(Z|[+-][0-9]{2}:[0-9]{2})$")
    }
}

/**
 * When it happened, as precisely as she knows it. The offset stands beside a time only where it is not that of the
 * device at that time; no time is ever moved to another zone.
 */
internal fun occurredText(from: String?, to: String?, precision: String?, words: String?, zone: ZoneId): Text {
    val start = from?.let { Moment.read(it) } ?: return words?.let { Text.Words(it) } ?: TextKey.TIME_UNKNOWN.text()
    val first = start.known(precision, zone)
    val end = to?.let { Moment.read(it) }
    val span = when {
        end == null -> first
        end.date == start.date && end.time != null -> TextKey.TIME_SPAN.text(first, HOURS.format(end.time))
        else -> TextKey.TIME_SPAN.text(first, end.known(precision, zone))
    }
    return if (precision == "about") TextKey.TIME_ABOUT.text(span) else span
}

/** When an entry was written, by the clock of the device. */
internal fun writtenText(unixMs: Long, offsetSeconds: Int, zone: ZoneId): Text {
    val offset = ZoneOffset.ofTotalSeconds(offsetSeconds)
    val at = Instant.ofEpochMilli(unixMs).atOffset(offset)
    return Moment(at.toLocalDate(), at.toLocalTime(), offset).known("exact", zone)
}

/** A date as she reads it. */
internal fun dateText(date: LocalDate): Text =
    TextKey.DATE.text(date.dayOfMonth, MONTHS[date.monthValue - 1].text(), date.year)

/** The time by the clock of the device, where she is. */
public fun AppModel.now(): ZonedDateTime = ports.now().atZone(ports.zone())

/** A size as she reads it. */
internal fun sizeText(bytes: Long): Text = when {
    bytes < KIB -> TextKey.SIZE_BYTES.text(bytes)
    bytes < MIB -> TextKey.SIZE_KIB.text((bytes + KIB / 2) / KIB)
    else -> TextKey.SIZE_MIB.text((bytes + MIB / 2) / MIB)
}

/** The offset that the zone had at that time, and not the one of today. */
internal fun offsetAt(date: LocalDate, time: LocalTime, zone: ZoneId): ZoneOffset =
    zone.rules.getOffset(date.atTime(time))

private fun Moment.known(precision: String?, zone: ZoneId): Text = when {
    precision == "year" -> TextKey.DATE_YEAR.text(date.year)
    precision == "month" -> TextKey.DATE_MONTH.text(MONTHS_ALONE[date.monthValue - 1].text(), date.year)
    precision == "day" || time == null -> dateText(date)
    else -> {
        val plain = TextKey.DATE_TIME.text(dateText(date), HOURS.format(time))
        when (val other = offset.takeUnless { isUsual(zone) }) {
            null -> plain
            ZoneOffset.UTC -> TextKey.TIME_OFFSET.text(plain, "+00:00")
            else -> TextKey.TIME_OFFSET.text(plain, other.id)
        }
    }
}

private val HOURS = DateTimeFormatter.ofPattern("HH:mm")
private val MONTHS = TextKey.entries.filter { it.name.startsWith("MONTH_") }
private val MONTHS_ALONE = TextKey.entries.filter { it.name.startsWith("MONTHALONE_") }
private const val KIB = 1024L
private const val MIB = 1024L * 1024L
