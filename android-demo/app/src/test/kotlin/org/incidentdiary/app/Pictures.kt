package org.incidentdiary.app

import android.app.Activity
import android.graphics.Bitmap
import android.graphics.Canvas
import android.graphics.Insets
import android.graphics.Paint
import android.os.Build
import android.view.WindowInsets
import org.robolectric.shadows.ShadowLooper
import java.io.File

/** Heights of the bars that Robolectric does not draw by itself, in dp. */
internal const val STATUS_BAR = 24
internal const val BUTTONS = 48

internal fun Activity.dp(count: Int): Int = (count * resources.displayMetrics.density).toInt()

/** Tells the window of a status bar and of a bar of buttons, as a phone does. */
internal fun Activity.giveBars() {
    if (Build.VERSION.SDK_INT >= 30) {
        val bars = Insets.of(0, dp(STATUS_BAR), 0, dp(BUTTONS))
        window.decorView.dispatchApplyWindowInsets(
            WindowInsets.Builder().setInsets(WindowInsets.Type.systemBars(), bars).build(),
        )
    }
    ShadowLooper.idleMainLooper()
}

/** The window as it is drawn, from its first to its last pixel. */
internal fun Activity.picture(): Bitmap {
    ShadowLooper.idleMainLooper()
    val view = window.decorView
    return Bitmap.createBitmap(view.width, view.height, Bitmap.Config.ARGB_8888).also { view.draw(Canvas(it)) }
}

/** Keeps the picture under `target/shots`, with the bars drawn over it: what lies under them is seen to lie there. */
internal fun Activity.keep(picture: Bitmap, name: String) {
    val shown = picture.copy(Bitmap.Config.ARGB_8888, true)
    if (Build.VERSION.SDK_INT >= 30) {
        val canvas = Canvas(shown)
        val grey = Paint().apply { color = 0x66808080 }
        canvas.drawRect(0f, 0f, shown.width.toFloat(), dp(STATUS_BAR).toFloat(), grey)
        canvas.drawRect(0f, (shown.height - dp(BUTTONS)).toFloat(), shown.width.toFloat(), shown.height.toFloat(), grey)
    }
    val folder = File(System.getProperty("shots") ?: "target/shots").apply { mkdirs() }
    File(folder, "$name-api${Build.VERSION.SDK_INT}.png").outputStream().use {
        shown.compress(Bitmap.CompressFormat.PNG, 100, it)
    }
}
