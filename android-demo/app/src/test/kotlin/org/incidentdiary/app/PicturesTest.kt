package org.incidentdiary.app

import org.junit.Assert.assertEquals
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode

/**
 * Every screen, drawn for real, by day in Russian and by night in Kazakh with letters of twice the size, and with such letters in
 * English by day.
 */
@RunWith(RobolectricTestRunner::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
@Config(application = TestApplication::class)
class PicturesTest {
    @Test
    @Config(qualifiers = "ru-w360dp-h780dp-xhdpi")
    fun russianDay() = tour("ru-day")

    @Test
    @Config(qualifiers = "kk-w360dp-h780dp-night-xhdpi", fontScale = 2f)
    fun kazakhNightLarge() = tour("kk-night-large")

    @Test
    @Config(qualifiers = "en-w360dp-h780dp-xhdpi", fontScale = 2f)
    fun englishDayLarge() = tour("en-day-large")
}

/** The other combinations, drawn with PICTURES=all. */
@RunWith(RobolectricTestRunner::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
@Config(application = TestApplication::class)
class AllPicturesTest {
    @Test
    @Config(qualifiers = "kk-w360dp-h780dp-xhdpi")
    fun kazakhDay() = tour("kk-day")

    @Test
    @Config(qualifiers = "kk-w360dp-h780dp-night-xhdpi")
    fun kazakhNight() = tour("kk-night")

    @Test
    @Config(qualifiers = "kk-w360dp-h780dp-xhdpi", fontScale = 2f)
    fun kazakhDayLarge() = tour("kk-day-large")

    @Test
    @Config(qualifiers = "ru-w360dp-h780dp-night-xhdpi")
    fun russianNight() = tour("ru-night")

    @Test
    @Config(qualifiers = "ru-w360dp-h780dp-xhdpi", fontScale = 2f)
    fun russianDayLarge() = tour("ru-day-large")

    @Test
    @Config(qualifiers = "ru-w360dp-h780dp-night-xhdpi", fontScale = 2f)
    fun russianNightLarge() = tour("ru-night-large")

    @Test
    @Config(qualifiers = "en-w360dp-h780dp-xhdpi")
    fun englishDay() = tour("en-day")

    @Test
    @Config(qualifiers = "en-w360dp-h780dp-night-xhdpi")
    fun englishNight() = tour("en-night")

    @Test
    @Config(qualifiers = "en-w360dp-h780dp-night-xhdpi", fontScale = 2f)
    fun englishNightLarge() = tour("en-night-large")

    @Test
    @Config(qualifiers = "ru-w800dp-h360dp-land-xhdpi")
    fun russianOnItsSide() = tour("ru-land")
}

private fun tour(name: String) {
    val phone = Phone()
    val album = Album(name, phone)
    Tour(phone, album::draw).go()
    assertEquals("", album.found.joinToString("\n"))
}
