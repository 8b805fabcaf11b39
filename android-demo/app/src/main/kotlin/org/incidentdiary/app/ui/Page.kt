package org.incidentdiary.app.ui

import android.content.Context
import android.view.Gravity
import android.view.View
import android.view.ViewGroup
import android.widget.FrameLayout
import android.widget.LinearLayout
import android.widget.ScrollView
import android.widget.TextView
import org.incidentdiary.app.R
import kotlin.math.min

/**
 * How every screen is built: a bar with its title and what can always be done, a column that scrolls, and below it, always in reach,
 * the one thing the screen is for.
 */
internal class Page(context: Context) : LinearLayout(context) {
    private val bar = row(context)
    private val start = row(context)
    private val title = TextView(context, null, 0, R.style.Text_Title)
    private val end = row(context)
    private val middle = FrameLayout(context)
    private val bottom = Narrow(context)

    /** The scrolling column. */
    val column: LinearLayout = column(context, R.dimen.space_4)

    /** What stays in reach below it. */
    val actions: LinearLayout = column(context, R.dimen.space_2)

    init {
        orientation = VERTICAL
        setBackgroundColor(context.getColor(R.color.ground))
        val side = context.size(R.dimen.page_side)
        val edge = context.size(R.dimen.space_1)
        bar.minimumHeight = context.size(R.dimen.bar)
        bar.setPadding(edge, edge, edge, edge)
        bar.add(start, ViewGroup.LayoutParams.WRAP_CONTENT)
        title.setPadding(side - edge, 0, context.size(R.dimen.space_2), 0)
        title.markAsHeading()
        bar.addWide(title)
        bar.add(end, ViewGroup.LayoutParams.WRAP_CONTENT)
        add(bar)
        addView(middle, LayoutParams(ViewGroup.LayoutParams.MATCH_PARENT, 0, 1f))
        column.setPadding(side, context.size(R.dimen.space_2), side, context.size(R.dimen.space_5))
        actions.setPadding(side, context.size(R.dimen.space_2), side, context.size(R.dimen.space_3))
        bottom.add(actions)
        add(bottom)
        scroll()
    }

    /** The usual middle: the column, scrolling. */
    fun scroll() = fill(
        ScrollView(context).apply {
            isFillViewport = true
            clipToPadding = false
            add(Narrow(context).apply { add(column) })
        },
    )

    /** Another middle, a list for example. */
    fun fill(view: View) {
        middle.removeAllViews()
        middle.addView(view, ViewGroup.LayoutParams.MATCH_PARENT, ViewGroup.LayoutParams.MATCH_PARENT)
    }

    fun title(words: CharSequence) {
        title.text = words
        namePane(words)
    }

    /** The way back, at the start of the bar. */
    fun atStart(view: View) {
        start.removeAllViews()
        start.addView(view)
        title.setPadding(context.size(R.dimen.space_1), 0, context.size(R.dimen.space_2), 0)
    }

    fun atEnd(view: View) = end.addView(view)
}

/** Keeps its one child at a width that can be read, in the middle of a wide screen. */
internal class Narrow(context: Context) : FrameLayout(context) {
    override fun onMeasure(widthMeasureSpec: Int, heightMeasureSpec: Int) {
        val width = MeasureSpec.getSize(widthMeasureSpec)
        val spare = width - min(width, context.size(R.dimen.page_width))
        setPadding(spare / 2, 0, spare / 2, 0)
        super.onMeasure(widthMeasureSpec, heightMeasureSpec)
    }

    override fun generateDefaultLayoutParams(): LayoutParams =
        LayoutParams(ViewGroup.LayoutParams.MATCH_PARENT, ViewGroup.LayoutParams.WRAP_CONTENT, Gravity.TOP)
}
