package org.incidentdiary.app

import android.graphics.Bitmap
import android.graphics.Color
import android.os.Build
import org.incidentdiary.app.platform.BitmapPicture
import org.incidentdiary.app.platform.BitmapReader
import org.incidentdiary.app.platform.sampleOf
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Assume.assumeTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode
import java.io.ByteArrayOutputStream
import java.nio.ByteBuffer

/** What becomes of the bytes of a file that she looks at. */
@RunWith(RobolectricTestRunner::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
@Config(application = TestApplication::class)
class BitmapReaderTest {
    @Test
    fun aPictureIsUprightHoweverTheCameraWasHeld() {
        assumeTrue("Robolectric's API 26 reads nothing of a JPEG, not even its width", Build.VERSION.SDK_INT > 26)
        // Red, then blue below it: where the first quarter of what was taken is looked for, in each of the eight ways.
        val corners = mapOf(
            1 to "RRBB",
            2 to "RRBB",
            3 to "BBRR",
            4 to "BBRR",
            5 to "RBRB",
            6 to "BRBR",
            7 to "BRBR",
            8 to "RBRB",
        )
        for ((orientation, wanted) in corners) {
            val picture = read(jpeg(orientation), 1000)!!
            val bitmap = picture.bitmap
            val size = bitmap.width to bitmap.height
            assertEquals("$orientation", if (orientation < 5) 120 to 80 else 80 to 120, size)
            val seen = listOf(1 to 1, 3 to 1, 1 to 3, 3 to 3).joinToString("") { (x, y) ->
                val colour = bitmap.getPixel(bitmap.width * x / 4, bitmap.height * y / 4)
                if (Color.red(colour) > Color.blue(colour)) "R" else "B"
            }
            assertEquals("$orientation", wanted, seen)
            picture.forget()
            assertEquals(0, bitmap.getPixel(20, 20))
        }
    }

    @Test
    fun aLargeOneIsSampledDownAndOneThatClaimsTooMuchIsNotRead() {
        assertEquals(30, read(jpeg(1), 20)!!.bitmap.width)
        assertEquals(1, sampleOf(1080, 2340, 2340))
        assertEquals(2, sampleOf(4000, 3000, 1600))
        for (side in listOf(1, 2340, 1_000_000)) {
            val sample = sampleOf(20_000, 15_000, side)!!
            assertTrue(20_000L * 15_000 / sample / sample <= 8L * 1024 * 1024)
        }
        assertNull(sampleOf(60_000, 60_000, 2340))
        assertNull(sampleOf(-1, -1, 2340))
        assertNull(read(png(60_000), 2340))
    }

    @Test
    fun whatIsNoPictureIsNotRead() {
        assertNull(read("%PDF-1.7".toByteArray(), 1000))
        assertNull(read(ByteArray(0), 1000))
        assertNull(read(jpeg(1).copyOf(30), 1000))
    }

    private fun read(bytes: ByteArray, side: Int) =
        BitmapReader(side).read { bytes.inputStream() } as BitmapPicture?

    /** 120 by 80 as the sensor saw it, with the tag that says how the camera was held. */
    private fun jpeg(orientation: Int): ByteArray {
        val bitmap = Bitmap.createBitmap(120, 80, Bitmap.Config.ARGB_8888)
        for (y in 0 until 80) for (x in 0 until 120) bitmap.setPixel(x, y, if (y < 40) Color.RED else Color.BLUE)
        val plain = ByteArrayOutputStream().also { bitmap.compress(Bitmap.CompressFormat.JPEG, 95, it) }.toByteArray()
        val tiff = ByteBuffer.allocate(26).put("MM".toByteArray()).putShort(42).putInt(8).putShort(1)
            .putShort(0x112).putShort(3).putInt(1).putShort(orientation.toShort()).putShort(0).putInt(0).array()
        val exif = ByteBuffer.allocate(36).putShort(0xFFE1.toShort()).putShort(34).put("Exif\u0000\u0000".toByteArray())
            .put(tiff).array()
        return plain.copyOf(2) + exif + plain.copyOfRange(2, plain.size)
    }

    /** The beginning of a PNG file that claims to be a square of [side] pixels. */
    private fun png(side: Int): ByteArray {
        val header = ByteBuffer.allocate(17).put("IHDR".toByteArray()).putInt(side).putInt(side).put(8).put(2).array()
        val check = java.util.zip.CRC32().apply { update(header) }.value.toInt()
        val signature = byteArrayOf(0x89.toByte(), 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A)
        return ByteBuffer.allocate(33).put(signature).putInt(13).put(header).putInt(check).array()
    }
}
