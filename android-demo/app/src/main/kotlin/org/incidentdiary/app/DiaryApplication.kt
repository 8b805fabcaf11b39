package org.incidentdiary.app

import android.annotation.SuppressLint
import android.app.Application
import android.content.BroadcastReceiver
import android.content.Context
import android.content.Intent
import android.content.IntentFilter
import android.os.SystemClock
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.MainScope
import org.incidentdiary.app.platform.BitmapReader
import org.incidentdiary.app.platform.Capture
import org.incidentdiary.app.platform.DeviceSettings
import org.incidentdiary.app.platform.KeystoreSecret
import org.incidentdiary.presentation.AppModel
import org.incidentdiary.presentation.Ports
import org.incidentdiary.presentation.Reader
import org.incidentdiary.presentation.Strings
import org.incidentdiary.presentation.TextKey
import java.io.File
import java.time.Instant
import java.time.ZoneId

/** The process: one model, which outlives every window. */
open class DiaryApplication : Application() {
    /** None before the first window. */
    protected var model: AppModel? = null

    private val screenOff = object : BroadcastReceiver() {
        override fun onReceive(context: Context, intent: Intent) {
            model?.onScreenOff()
        }
    }

    /** Work that outlives a window. */
    val scope: CoroutineScope = MainScope()

    /** Where what may take its time is waited for. */
    open val io: CoroutineDispatcher = Dispatchers.IO

    /** The photo that is being taken. */
    internal open val capture: Capture by lazy { Capture(DeviceSettings(this)) }

    /** The model; [saved] counts only where the process has just begun. */
    fun model(saved: Map<String, String>): AppModel = model ?: AppModel(ports(), scope, saved).also { model = it }

    override fun onCreate() {
        super.onCreate()
        // As long as the model: the system may destroy the window behind the camera. Only the system can send this one.
        registerReceiver(screenOff, IntentFilter(Intent.ACTION_SCREEN_OFF))
    }

    /** The words of the language that [context] has. */
    fun strings(context: Context): Strings {
        // By name, so that presentation needs no Android; a test shows that none is missing.
        @SuppressLint("DiscouragedApi")
        val ids = TextKey.entries.map { context.resources.getIdentifier(it.resource, "string", context.packageName) }
        return Reader { context.getString(ids[it.ordinal]) }
    }

    protected open fun ports(): Ports = Ports(
        vault = File(noBackupFilesDir, "diary"),
        scratch = File(cacheDir, "out").apply { mkdirs() },
        settings = DeviceSettings(this),
        device = KeystoreSecret(),
        now = Instant::now,
        zone = ZoneId::systemDefault,
        elapsed = SystemClock::elapsedRealtime,
        io = io,
        pictures = BitmapReader(resources.displayMetrics.run { maxOf(widthPixels, heightPixels) }),
    )
}
