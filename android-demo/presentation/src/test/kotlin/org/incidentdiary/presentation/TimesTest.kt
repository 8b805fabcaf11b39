package org.incidentdiary.presentation

import java.time.ZoneId
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNull

class TimesTest {
    private val almaty = ZoneId.of("Asia/Almaty")

    @Test
    fun `times in three languages`() {
        val text = occurredText("2026-10-03T21:15+05:00", "2026-10-03T22:00+05:00", "about", null, almaty)
        assertEquals("шамамен 2026 ж. 3 қазан, 21:15 – 22:00", text.inLanguage("kk"))
        assertEquals("около 3 октября 2026, 21:15 – 22:00", text.inLanguage("ru"))
        assertEquals("about 3 October 2026, 21:15 – 22:00", text.inLanguage("en"))
        val days = occurredText("2026-01-31", "2026-02-02", "day", null, almaty)
        assertEquals("31 января 2026 – 2 февраля 2026", days.inLanguage("ru"))
        assertEquals("после новостей", occurredText(null, null, "unknown", "после новостей", almaty).inLanguage("ru"))
    }

    @Test
    fun `an offset is shown where it is not the usual one, and no time is moved`() {
        val usual = occurredText("2024-02-10T10:00+06:00", null, "exact", null, almaty)
        assertEquals("10 февраля 2024, 10:00", usual.inLanguage("ru"), "Almaty was at +06:00 then")
        val other = occurredText("2026-02-10T10:00:30Z", null, "exact", null, almaty)
        assertEquals("10 февраля 2026, 10:00 (UTC+00:00)", other.inLanguage("ru"))
        val written = writtenText(1_791_044_130_000, 3 * 3600, almaty)
        assertEquals("3 октября 2026, 19:15 (UTC+03:00)", written.inLanguage("ru"))
    }

    @Test
    fun `what is no time is null or stands as it is`() {
        for (text in listOf("", "yesterday", "2026-13-01", "2026-10-03T25:00", "T10:00")) assertNull(Moment.read(text))
        assertEquals("2026-10-03T21:15:59+05:00", Moment.read("2026-10-03T21:15:59+05:00")?.written())
        assertEquals("2026-10-03", Moment.read("2026-10-03")?.written())
    }

    @Test
    fun `sizes are rounded to what she can use`() {
        val sizes = listOf(0L, 1023L, 1024L, 1_500_000L, 16L shl 30).map { sizeText(it).inLanguage("ru") }
        assertEquals(listOf("0 байт", "1023 байт", "1 КБ", "1 МБ", "16384 МБ"), sizes)
    }
}
