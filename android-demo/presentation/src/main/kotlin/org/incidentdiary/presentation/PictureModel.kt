package org.incidentdiary.presentation

import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.isActive
import org.incidentdiary.ItemStream
import org.incidentdiary.core.EvidenceItem

/** One picture of an incident, looked at here: read from the sealed file into memory, and into no file. */
public class PictureModel internal constructor(
    private val opened: OpenDiary,
    private val incident: String,
    private val item: String,
) {
    private val current = MutableStateFlow(PictureState())

    /** What the screen shows. */
    public val state: StateFlow<PictureState> = current.asStateFlow()

    private val loading = opened.work(::failed) {
        val file = opened.call { diary -> diary.show(incident).evidence.firstOrNull { it.id == item } }
        current.value = PictureState(name = file?.let { fileName(it.name) })
        val picture = file?.let { read(it) }
        when {
            picture == null -> failed(TextKey.PICTURE_UNKNOWN.text())
            // She has left meanwhile, or it was locked.
            !currentCoroutineContext().isActive -> picture.forget()
            else -> current.value = current.value.copy(picture = picture, loading = false)
        }
    }

    internal fun left() {
        loading.cancel()
        val shown = current.value.picture
        current.value = current.value.copy(picture = null)
        shown?.forget()
    }

    /** Null if it is no picture that can be shown here. */
    private suspend fun read(file: EvidenceItem): Picture? = opened.longCall { diary, stillWanted ->
        val streams = mutableListOf<ItemStream>()
        val picture = opened.ports.pictures.read { ItemStream(diary, file.id, stillWanted).also { streams += it } }
        val failure = streams.firstNotNullOfOrNull { it.failure }
        // Half of a picture would look like what was recorded.
        if (failure != null) picture?.forget()
        if (failure != null && stillWanted()) throw failure
        picture.takeIf { failure == null }
    }

    private fun failed(text: Text) {
        current.value = current.value.copy(loading = false, error = text)
    }
}
