package org.incidentdiary.app.ui

import android.graphics.Canvas
import android.graphics.ColorFilter
import android.graphics.PixelFormat
import android.graphics.drawable.Drawable

/** Empty room between the children of a column: a divider without a line. */
internal class Gap(private val height: Int) : Drawable() {
    override fun getIntrinsicHeight(): Int = height

    override fun draw(canvas: Canvas) = Unit

    override fun setAlpha(alpha: Int) = Unit

    override fun setColorFilter(colorFilter: ColorFilter?) = Unit

    @Deprecated("Asked for by old systems only")
    override fun getOpacity(): Int = PixelFormat.TRANSPARENT
}
