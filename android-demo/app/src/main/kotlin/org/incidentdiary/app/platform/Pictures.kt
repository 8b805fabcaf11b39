package org.incidentdiary.app.platform

import android.graphics.Bitmap
import android.graphics.BitmapFactory
import android.graphics.Canvas
import android.graphics.Matrix
import android.graphics.Paint
import android.media.ExifInterface
import org.incidentdiary.presentation.Picture
import org.incidentdiary.presentation.PictureReader
import java.io.IOException
import java.io.InputStream

/** Reads pictures with the decoders of the system, to about [side] pixels: as many as the longer side of the screen has. */
internal class BitmapReader(private val side: Int) : PictureReader {
    override fun read(open: () -> InputStream): Picture? = try {
        val size = BitmapFactory.Options().apply { inJustDecodeBounds = true }
        open().use { BitmapFactory.decodeStream(it, null, size) }
        val sample = sampleOf(size.outWidth, size.outHeight, side)
        val options = BitmapFactory.Options().apply {
            inSampleSize = sample ?: 1
            inMutable = true
        }
        val bitmap = if (sample == null) null else open().use { BitmapFactory.decodeStream(it, null, options) }
        bitmap?.let { BitmapPicture(upright(it, turning(size.outMimeType, open))) }
    } catch (_: OutOfMemoryError) {
        null
    }
}

/** A bitmap on its way to the screen. It is overwritten and not recycled: whoever still draws it draws nothing. */
internal class BitmapPicture(val bitmap: Bitmap) : Picture {
    override fun forget() = bitmap.eraseColor(0)
}

/**
 * Of how many pixels in a row one is taken: a power of two, so that about [side] are left of the longer side and no more than
 * [MOST_PIXELS] of all. Null for what is no picture, or more than any camera makes.
 */
internal fun sampleOf(width: Int, height: Int, side: Int): Int? {
    val pixels = width.toLong() * height
    if (width <= 0 || height <= 0 || pixels > HUGE) return null
    var sample = 1
    while (maxOf(width, height) / (sample * 2) >= side || pixels / (sample.toLong() * sample) > MOST_PIXELS) sample *= 2
    return sample
}

/** How a camera was held, as EXIF counts it. The system's decoder of HEIC turns by itself, that of the others never. */
private fun turning(mediaType: String?, open: () -> InputStream): Int = try {
    when (mediaType) {
        "image/heic", "image/heif", "image/avif" -> ExifInterface.ORIENTATION_NORMAL
        else -> open().use { ExifInterface(it) }
            .getAttributeInt(ExifInterface.TAG_ORIENTATION, ExifInterface.ORIENTATION_NORMAL)
    }
} catch (_: IOException) {
    ExifInterface.ORIENTATION_NORMAL
}

private fun upright(bitmap: Bitmap, orientation: Int): Bitmap {
    val matrix = Matrix()
    when (orientation) {
        ExifInterface.ORIENTATION_FLIP_HORIZONTAL, ExifInterface.ORIENTATION_FLIP_VERTICAL -> Unit
        ExifInterface.ORIENTATION_ROTATE_180 -> matrix.postRotate(180f)
        ExifInterface.ORIENTATION_ROTATE_90, ExifInterface.ORIENTATION_TRANSPOSE -> matrix.postRotate(90f)
        ExifInterface.ORIENTATION_ROTATE_270, ExifInterface.ORIENTATION_TRANSVERSE -> matrix.postRotate(270f)
        else -> return bitmap
    }
    when (orientation) {
        ExifInterface.ORIENTATION_FLIP_VERTICAL -> matrix.postScale(1f, -1f)
        ExifInterface.ORIENTATION_FLIP_HORIZONTAL,
        ExifInterface.ORIENTATION_TRANSPOSE,
        ExifInterface.ORIENTATION_TRANSVERSE,
        -> matrix.postScale(-1f, 1f)
    }
    val sideways = orientation >= ExifInterface.ORIENTATION_TRANSPOSE
    val width = if (sideways) bitmap.height else bitmap.width
    val height = if (sideways) bitmap.width else bitmap.height
    val turned = Bitmap.createBitmap(width, height, Bitmap.Config.ARGB_8888)
    // Turning about a corner leaves the picture beside the canvas.
    val frame = android.graphics.RectF(0f, 0f, bitmap.width.toFloat(), bitmap.height.toFloat())
    matrix.mapRect(frame)
    matrix.postTranslate(-frame.left, -frame.top)
    Canvas(turned).drawBitmap(bitmap, matrix, Paint(Paint.FILTER_BITMAP_FLAG))
    bitmap.eraseColor(0)
    bitmap.recycle()
    return turned
}

/** 32 MiB; a picture that is turned needs them twice. */
private const val MOST_PIXELS = 8L * 1024 * 1024

/** Twice what the largest cameras of phones take. A small file can claim to be far more. */
private const val HUGE = 400_000_000L
