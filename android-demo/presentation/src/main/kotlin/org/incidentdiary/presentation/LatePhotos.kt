package org.incidentdiary.presentation

/**
 * Photos that came back from the camera after the diary had locked. The moment they show is over, so they are kept, in memory
 * only and as they are, until the diary is opened that they belong to.
 */
internal class LatePhotos {
    private var photos: List<ContentSource> = emptyList()

    /** Where they belong; null if none wait. */
    var incident: String? = null
        private set

    /**
     * Keeps those of [files] that lie nowhere else, for the incident [about] which she was asked for them; the others are
     * still where she picked them. Whether any were kept.
     */
    fun keep(files: List<ContentSource>, about: String?): Boolean {
        val (kept, others) = files.partition { it.onlyInMemory && about != null }
        others.forEach { it.forget() }
        if (kept.isEmpty()) return false
        if (about != incident) forget()
        photos = photos + kept
        incident = about
        return true
    }

    /** The photos, which are then the caller's. */
    fun take(): List<ContentSource> = photos.also {
        photos = emptyList()
        incident = null
    }

    fun forget() = take().forEach { it.forget() }
}
