package org.incidentdiary.app.platform

import android.app.Activity
import android.content.ActivityNotFoundException
import android.content.ClipData
import android.content.Intent
import android.provider.MediaStore
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import org.incidentdiary.presentation.AppModel
import org.incidentdiary.presentation.ContentSource
import org.incidentdiary.presentation.Effect
import org.incidentdiary.presentation.now

/**
 * Asks the system for what only it can do, and brings the answers to the model. What another app has to be asked for first, or the
 * photo that is still on its way, is waited for in [scope] and on [io]: never with the screen standing still.
 */
internal class Requests(
    private val activity: Activity,
    private val model: AppModel,
    private val capture: Capture,
    private val scope: CoroutineScope,
    private val io: CoroutineDispatcher,
) {
    fun serve(effect: Effect) = when (effect) {
        Effect.PickFiles -> ask(PICK, pick())
        Effect.TakePhoto -> ask(PHOTO, photo())
        is Effect.CreateDocument -> ask(CREATE, create(effect))
        Effect.Leave -> leave()
    }

    fun answered(request: Int, result: Int, data: Intent?) {
        model.ownPickerReturned()
        val done = result == Activity.RESULT_OK
        when (request) {
            PICK -> model.takeAsked().let { asked ->
                if (done) waiting({ picked(data) }) { model.filesPicked(it, asked) }
            }
            PHOTO -> model.takeAsked().let { asked ->
                if (done) waiting({ taken() }) { model.photoTaken(it, asked) } else capture.forget()
            }
            CREATE -> model.targetChosen(data?.data?.takeIf { done }?.let { ChosenFile(activity.contentResolver, it) })
        }
    }

    private fun <T> waiting(work: () -> T, then: (T) -> Unit) {
        scope.launch { then(withContext(io) { work() }) }
    }

    private fun ask(request: Int, intent: Intent) {
        model.openedOwnPicker()
        try {
            @Suppress("DEPRECATION")
            activity.startActivityForResult(intent, request)
        } catch (_: ActivityNotFoundException) {
            // Nothing can arrive, and she is told so.
            capture.forget()
            if (request != CREATE) return answered(request, Activity.RESULT_OK, null)
            model.ownPickerReturned()
            model.noPlaceToChoose()
        }
    }

    private fun pick() = Intent(Intent.ACTION_OPEN_DOCUMENT).addCategory(Intent.CATEGORY_OPENABLE).setType("*/*")
        .putExtra(Intent.EXTRA_ALLOW_MULTIPLE, true)

    private fun create(wanted: Effect.CreateDocument) = Intent(Intent.ACTION_CREATE_DOCUMENT)
        .addCategory(Intent.CATEGORY_OPENABLE).setType(wanted.mediaType).putExtra(Intent.EXTRA_TITLE, wanted.name)

    private fun photo(): Intent {
        val address = capture.begin()
        return Intent(MediaStore.ACTION_IMAGE_CAPTURE).putExtra(MediaStore.EXTRA_OUTPUT, address)
            .addFlags(Intent.FLAG_GRANT_WRITE_URI_PERMISSION)
            // The permission travels with the clip; the extra alone grants none.
            .apply { clipData = ClipData.newRawUri(null, address) }
    }

    private fun picked(data: Intent?): List<ContentSource> {
        val clip = data?.clipData
        val several = clip?.let { all -> (0 until all.itemCount).map { all.getItemAt(it).uri } }
        return (several ?: listOfNotNull(data?.data)).map { PickedFile(activity.contentResolver, it) }
    }

    private fun taken(): ContentSource? = capture.take()?.let { TakenPhoto(it, model.now().toInstant()) }

    /** To the phone's start screen, and nothing of the app stays in the list of recent ones. */
    private fun leave() {
        activity.startActivity(
            Intent(Intent.ACTION_MAIN).addCategory(Intent.CATEGORY_HOME).addFlags(Intent.FLAG_ACTIVITY_NEW_TASK),
        )
        activity.finishAndRemoveTask()
    }

    private companion object {
        const val PICK = 1
        const val PHOTO = 2
        const val CREATE = 3
    }
}
