package org.incidentdiary.app.platform

import android.annotation.SuppressLint
import android.content.Context
import org.incidentdiary.presentation.Settings

/** Settings in a file of the app's own storage, which no backup and no transfer takes along. */
internal class DeviceSettings(context: Context) : Settings {
    private val file = context.getSharedPreferences("settings", Context.MODE_PRIVATE)

    override fun get(name: String): String? = file.getString(name, null)

    // Waits for the disk: the token against an old copy has to be there before the app may be killed.
    @SuppressLint("ApplySharedPref")
    override fun set(name: String, value: String?) {
        file.edit().putString(name, value).commit()
    }
}
