package org.incidentdiary.app.ui

import android.content.Context
import android.view.View
import android.view.ViewGroup
import kotlin.math.max

/** Lays its children out like words: from the start of the line, in rows as high as the highest. */
internal class FlowLayout(context: Context, private val gap: Int) : ViewGroup(context) {
    override fun onMeasure(widthMeasureSpec: Int, heightMeasureSpec: Int) {
        val width = MeasureSpec.getSize(widthMeasureSpec)
        val child = MeasureSpec.makeMeasureSpec(width - paddingLeft - paddingRight, MeasureSpec.AT_MOST)
        for (view in shown()) view.measure(child, MeasureSpec.makeMeasureSpec(0, MeasureSpec.UNSPECIFIED))
        setMeasuredDimension(width, arrange(width) { _, _, _ -> })
    }

    override fun onLayout(changed: Boolean, left: Int, top: Int, right: Int, bottom: Int) {
        val width = right - left
        arrange(width) { view, x, y ->
            val start = if (layoutDirection == LAYOUT_DIRECTION_RTL) width - x - view.measuredWidth else x
            view.layout(start, y, start + view.measuredWidth, y + view.measuredHeight)
        }
    }

    /** Calls [place] with each view and its corner, and returns the height of all rows. */
    private fun arrange(width: Int, place: (View, Int, Int) -> Unit): Int {
        var x = paddingLeft
        var y = paddingTop
        var row = 0
        for (view in shown()) {
            if (x > paddingLeft && x + view.measuredWidth > width - paddingRight) {
                x = paddingLeft
                y += row + gap
                row = 0
            }
            place(view, x, y)
            x += view.measuredWidth + gap
            row = max(row, view.measuredHeight)
        }
        return y + row + paddingBottom
    }

    private fun shown(): List<View> = (0 until childCount).map(::getChildAt).filter { it.visibility != GONE }
}
