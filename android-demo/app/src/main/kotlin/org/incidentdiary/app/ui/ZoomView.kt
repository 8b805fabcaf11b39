package org.incidentdiary.app.ui

import android.annotation.SuppressLint
import android.content.Context
import android.graphics.Bitmap
import android.graphics.Canvas
import android.graphics.Matrix
import android.graphics.Paint
import android.view.GestureDetector
import android.view.MotionEvent
import android.view.ScaleGestureDetector
import android.view.View
import kotlin.math.min

/** Shows a picture whole; two fingers or a double tap make it larger, and one finger moves it then. */
internal class ZoomView(context: Context) : View(context) {
    private val place = Matrix()
    private val paint = Paint(Paint.FILTER_BITMAP_FLAG)
    private var bitmap: Bitmap? = null
    private var zoom = 1f
    private var left = 0f
    private var top = 0f

    private val pinch = ScaleGestureDetector(
        context,
        object : ScaleGestureDetector.SimpleOnScaleGestureListener() {
            override fun onScale(detector: ScaleGestureDetector): Boolean {
                zoomTo(zoom * detector.scaleFactor, detector.focusX, detector.focusY)
                return true
            }
        },
    )
    private val drag = GestureDetector(
        context,
        object : GestureDetector.SimpleOnGestureListener() {
            override fun onDown(event: MotionEvent): Boolean = true

            override fun onScroll(from: MotionEvent?, to: MotionEvent, across: Float, down: Float): Boolean {
                left -= across
                top -= down
                settle()
                return true
            }

            override fun onDoubleTap(event: MotionEvent): Boolean {
                zoomTo(if (zoom > 1f) 1f else TAPPED, event.x, event.y)
                return true
            }
        },
    )

    /** Shows a picture from its beginning, or none. */
    fun show(picture: Bitmap?) {
        if (picture === bitmap) return
        bitmap = picture
        zoom = 1f
        settle()
    }

    // A screen reader has nothing to press here: it says the name, and larger is of no use to it.
    @SuppressLint("ClickableViewAccessibility")
    override fun onTouchEvent(event: MotionEvent): Boolean {
        pinch.onTouchEvent(event)
        drag.onTouchEvent(event)
        return true
    }

    override fun onSizeChanged(width: Int, height: Int, oldWidth: Int, oldHeight: Int) = settle()

    override fun onDraw(canvas: Canvas) {
        bitmap?.let { canvas.drawBitmap(it, place, paint) }
    }

    private fun zoomTo(wanted: Float, x: Float, y: Float) {
        val before = zoom
        zoom = wanted.coerceIn(1f, LARGEST)
        left = x - (x - left) * zoom / before
        top = y - (y - top) * zoom / before
        settle()
    }

    /** Keeps the picture in the middle where it is smaller than the view, and at its edges where it is larger. */
    private fun settle() {
        val shown = bitmap
        if (shown != null && width > 0 && height > 0) {
            val scale = min(width.toFloat() / shown.width, height.toFloat() / shown.height) * zoom
            left = within(left, width - shown.width * scale)
            top = within(top, height - shown.height * scale)
            place.setScale(scale, scale)
            place.postTranslate(left, top)
        }
        invalidate()
    }

    private fun within(at: Float, spare: Float): Float = if (spare >= 0) spare / 2 else at.coerceIn(spare, 0f)

    private companion object {
        const val TAPPED = 3f
        const val LARGEST = 8f
    }
}
