package org.incidentdiary.presentation

/** The screens of the open diary, one above the other; the last one is in front of her. */
internal class Way {
    private val steps = mutableListOf<Pair<Route, Screen>>()
    private val screens: List<Screen> get() = steps.map { it.second }

    /** What they are about. */
    val routes: List<Route> get() = steps.map { it.first }

    /** The screen in front. */
    val top: Screen get() = steps.last().second

    /** There is a screen below it. */
    val canGoBack: Boolean get() = steps.size > 1

    /** What is typed, or was. */
    val forms: List<FormModel> get() = screens.mapNotNull { (it as? Screen.Form)?.model }

    /** Where files wait to be attached. */
    val attaching: List<AttachModel> get() = screens.mapNotNull { (it as? Screen.Attach)?.model }

    fun go(route: Route, screen: Screen) {
        steps += route to screen
    }

    /** The screen in front goes away. */
    fun back() = steps.removeAt(steps.lastIndex).second.left()

    /** The app cannot be seen, and may be ended: what is typed is kept. */
    fun stopped() = screens.forEach {
        when (it) {
            is Screen.Form -> it.model.left()
            is Screen.Export -> it.model.stopped()
            is Screen.Incident -> it.model.stopped()
            is Screen.Attach -> it.model.stopped()
            else -> Unit
        }
    }

    /** All go away with the diary that was destroyed. */
    fun left() = screens.forEach { it.left() }

    /**
     * The diary is about to lock. What waits is wiped, such as a passphrase for an export; what [keep] keeps and what is
     * [attaching] is carried through before.
     */
    fun locked() = screens.filter { it !is Screen.Form && it !is Screen.Attach }.forEach { it.left() }

    /** Keeps what is typed, each for itself. Whether all her words are kept: what is chosen for an export can be chosen again. */
    suspend fun keep(): Boolean {
        val kept = screens.map { screen ->
            val done = runCatching {
                when (screen) {
                    is Screen.Form -> screen.model.keep()
                    is Screen.Incident -> screen.model.keep()
                    is Screen.Export -> screen.model.keep()
                    else -> Unit
                }
            }
            done.isSuccess || screen is Screen.Export
        }
        return kept.all { it }
    }
}

/** A new screen for this step; only the list says the [notices]. */
internal fun Route.screen(app: AppModel, opened: OpenDiary, notices: List<Text> = emptyList()): Screen = when (this) {
    is Route.Incidents -> Screen.List(ListModel(app, opened, notices))
    is Route.Form -> Screen.Form(FormModel(app, opened, about))
    is Route.OneIncident -> Screen.Incident(IncidentModel(app, opened, id))
    is Route.OnePicture -> Screen.OnePicture(PictureModel(opened, incident, item))
    is Route.Attach -> Screen.Attach(AttachModel(app, opened, id))
    is Route.Export -> Screen.Export(ExportModel(app, opened))
    is Route.Fingerprint -> Screen.Fingerprint(FingerprintModel(app, opened))
    is Route.Settings -> Screen.Settings(SettingsModel(opened))
    is Route.Keys -> Screen.Keys(KeysModel(app, opened))
    is Route.Backup -> Screen.Backup(BackupModel(app, opened))
    is Route.Wipe -> Screen.Wipe(WipeModel(app, opened))
}
