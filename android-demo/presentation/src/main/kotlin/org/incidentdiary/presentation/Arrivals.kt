package org.incidentdiary.presentation

/** For which incident of which diary she was sent to the picker or the camera. */
public class Asked internal constructor(internal val incident: String, internal val opened: OpenDiary?)

// What comes from the picker or the camera, and where it goes.

internal fun AppModel.received(files: List<ContentSource>, asked: Asked?, how: String) {
    (screen.value as? Screen.FirstStart)?.let { return it.model.backupPicked(files) }
    (screen.value as? Screen.Lock)?.let { if (it.model.state.value.damaged) return it.model.backupPicked(files) }
    val about = if (asked == null) lastIncident() else asked.incident
    val here = asked == null || asked.opened === open
    // It may take its time to come, and she is elsewhere by then.
    if (open != null && here && about != null && attach(about, files, how)) return
    // It was locked meanwhile. Told by another process too, if this one ends before it is taken in.
    untold.add(Untold.Kind.LOST)
    if (!late.keep(files, about)) return
    if (isVisible) (screen.value as? Screen.Lock)?.model?.somethingWaits()
    open?.let { takeIn(it) }
}

/** Photos that waited for the diary go where they belong, if this is the diary that they belong to. */
internal fun AppModel.takeIn(opened: OpenDiary) {
    val incident = late.incident ?: return
    opened.work({}) {
        // Not of this diary: nothing is said of them in another one.
        opened.call { it.show(incident) }
        if (open !== opened) return@work
        val photos = late.take()
        if (attach(incident, photos, TAKEN_IN_APP, TextKey.ATTACH_WAITED.text())) {
            untold.remove(Untold.Kind.LOST)
        } else {
            late.keep(photos, incident)
        }
    }
}

/** Brings the incident to the front and the files to it, or tells there that none came. False if it was locked. */
private fun AppModel.attach(id: String, files: List<ContentSource>, how: String, notice: Text? = null): Boolean {
    if (route !in setOf(Route.OneIncident(id), Route.Attach(id))) openIncident(id)
    if (files.isNotEmpty() && screen.value is Screen.Incident) openAttach(id)
    val top = screen.value
    if (top is Screen.Incident) top.model.trouble(TextKey.ERROR_NOTHING_ARRIVED.text())
    if (top is Screen.Attach && files.isNotEmpty()) top.model.add(files, how, notice)
    return open != null
}

internal const val TAKEN_IN_APP = "taken_in_app"
