package org.incidentdiary.app.ui

import android.os.Build
import android.view.View
import android.view.Window
import android.view.WindowInsets

/**
 * The one place that knows of bars, cut-outs and the keyboard: the window is drawn from edge to edge, and [root] keeps its content
 * clear of all of them. Before API 30 the system still does it by itself.
 */
@Newer
internal fun keepClearOfBars(window: Window, root: View) {
    if (Build.VERSION.SDK_INT < 30) return
    // From API 35 on this is so anyway, and the call says nothing new.
    @Suppress("DEPRECATION")
    window.setDecorFitsSystemWindows(false)
    root.setOnApplyWindowInsetsListener(::keepClear)
}

@Newer
private fun keepClear(view: View, insets: WindowInsets): WindowInsets {
    val taken = insets.getInsets(
        WindowInsets.Type.systemBars() or WindowInsets.Type.displayCutout() or WindowInsets.Type.ime(),
    )
    view.setPadding(taken.left, taken.top, taken.right, taken.bottom)
    return WindowInsets.CONSUMED
}
