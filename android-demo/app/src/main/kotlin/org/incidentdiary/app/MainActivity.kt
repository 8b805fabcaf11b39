package org.incidentdiary.app

import android.app.Activity
import android.content.Intent
import android.os.Bundle
import android.view.View
import android.view.ViewGroup.LayoutParams.MATCH_PARENT
import android.view.WindowManager
import android.widget.FrameLayout
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.MainScope
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch
import org.incidentdiary.app.platform.Requests
import org.incidentdiary.app.screens.Look
import org.incidentdiary.app.screens.Screen
import org.incidentdiary.app.screens.screenOf
import org.incidentdiary.app.ui.clearSecrets
import org.incidentdiary.app.ui.hideFromRecents
import org.incidentdiary.app.ui.keepClearOfBars
import org.incidentdiary.app.ui.keepFromContentCapture
import org.incidentdiary.app.ui.keepFromOtherServices
import org.incidentdiary.presentation.AppModel

/**
 * The one window. It shows the screen that the model names, and tells the model what the system tells it; the model outlives it.
 * What it saves holds ids only: what she types is sealed in the diary.
 */
class MainActivity : Activity() {
    private lateinit var model: AppModel
    private lateinit var root: FrameLayout
    private lateinit var requests: Requests
    private lateinit var look: Look
    private val scope: CoroutineScope = MainScope()
    private var shown: Screen<*>? = null
    private var drawing: Job? = null

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        window.setFlags(WindowManager.LayoutParams.FLAG_SECURE, WindowManager.LayoutParams.FLAG_SECURE)
        hideFromRecents()
        val process = application as DiaryApplication
        model = process.model(savedInstanceState?.ids().orEmpty())
        requests = Requests(this, model, process.capture, process.scope, process.io)
        root = FrameLayout(this).apply {
            setBackgroundResource(R.color.ground)
            importantForAutofill = View.IMPORTANT_FOR_AUTOFILL_NO_EXCLUDE_DESCENDANTS
            keepFromContentCapture()
            keepFromOtherServices()
            // A window of another app over this one could lead her hand.
            filterTouchesWhenObscured = true
        }
        setContentView(root)
        keepClearOfBars(window, root)
        look = Look(this, process.strings(this), model)
        scope.launch { model.screen.collect { show(screenOf(it, look)) } }
        scope.launch { model.effects.collect(requests::serve) }
    }

    override fun onStart() {
        super.onStart()
        model.onStarted()
    }

    override fun onStop() {
        super.onStop()
        // A turned phone stops the old window and starts the new one; she has not left.
        if (isChangingConfigurations) return
        model.onStopped()
        // What she has begun to type is nobody else's to finish.
        root.clearSecrets()
    }

    override fun onDestroy() {
        shown?.close()
        look.closeDialog()
        scope.cancel()
        super.onDestroy()
    }

    /** Whoever taps the icon while she is in the picker or the camera, which the system then clears away, may not be her. */
    override fun onNewIntent(intent: Intent?) {
        super.onNewIntent(intent)
        model.lock()
    }

    override fun onUserInteraction() = model.onUserActive()

    @Deprecated("The callback that replaces it needs API 33")
    override fun onBackPressed() {
        if (!model.back()) finish()
    }

    @Deprecated("Its replacement is not part of the framework")
    override fun onActivityResult(request: Int, result: Int, data: Intent?) {
        requests.answered(request, result, data)
    }

    override fun onSaveInstanceState(outState: Bundle) {
        super.onSaveInstanceState(outState)
        model.savedIds().forEach { (name, id) -> outState.putString(SAVED + name, id) }
    }

    private fun <S> show(screen: Screen<S>) {
        drawing?.cancel()
        look.closeDialog()
        shown?.close()
        shown = screen
        root.removeAllViews()
        root.addView(screen.view, MATCH_PARENT, MATCH_PARENT)
        drawing = scope.launch { screen.states.collect(screen::draw) }
    }

    private fun Bundle.ids(): Map<String, String> = keySet().filter { it.startsWith(SAVED) }
        .mapNotNull { name -> getString(name)?.let { name.removePrefix(SAVED) to it } }.toMap()

    private companion object {
        const val SAVED = "id."
    }
}
