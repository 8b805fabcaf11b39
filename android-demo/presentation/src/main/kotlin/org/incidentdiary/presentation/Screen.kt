package org.incidentdiary.presentation

/** What is in front of her, and the model behind it. */
public sealed interface Screen {
    /** There is no diary yet. */
    public class FirstStart internal constructor(public val model: FirstStartModel) : Screen

    /** The diary is locked. */
    public class Lock internal constructor(public val model: LockModel) : Screen

    /** The incidents. */
    public class List internal constructor(public val model: ListModel) : Screen

    /** Writing one down, or adding to it. */
    public class Form internal constructor(public val model: FormModel) : Screen

    /** One incident. */
    public class Incident internal constructor(public val model: IncidentModel) : Screen

    /** Looking at a picture of it. */
    public class OnePicture internal constructor(public val model: PictureModel) : Screen

    /** Attaching files to it. */
    public class Attach internal constructor(public val model: AttachModel) : Screen

    /** Handing over. */
    public class Export internal constructor(public val model: ExportModel) : Screen

    /** The code of the log. */
    public class Fingerprint internal constructor(public val model: FingerprintModel) : Screen

    /** Settings. */
    public class Settings internal constructor(public val model: SettingsModel) : Screen

    /** Destroying the diary. */
    public class Wipe internal constructor(public val model: WipeModel) : Screen

    /** The backup. */
    public class Backup internal constructor(public val model: BackupModel) : Screen

    /** Her passphrase. */
    public class Keys internal constructor(public val model: KeysModel) : Screen
}

/** The model behind it. */
internal val Screen.behind: Any
    get() = when (this) {
        is Screen.FirstStart -> model
        is Screen.Lock -> model
        is Screen.List -> model
        is Screen.Form -> model
        is Screen.Incident -> model
        is Screen.OnePicture -> model
        is Screen.Attach -> model
        is Screen.Export -> model
        is Screen.Fingerprint -> model
        is Screen.Settings -> model
        is Screen.Keys -> model
        is Screen.Backup -> model
        is Screen.Wipe -> model
    }

/** It goes away: what it was doing ends, and what it held is wiped. */
internal fun Screen.left(): Unit = when (this) {
    is Screen.Form -> model.left()
    is Screen.OnePicture -> model.left()
    is Screen.Attach -> model.left()
    is Screen.Export -> model.left()
    is Screen.Settings -> model.left()
    is Screen.Backup -> model.left()
    is Screen.Keys -> model.left()
    is Screen.Incident -> model.left()
    else -> Unit
}

/** Says what went wrong, where it has a place for that; the list has its notices. */
internal fun Screen.trouble(text: Text): Unit = when (this) {
    is Screen.FirstStart -> model.trouble(text)
    is Screen.Lock -> model.trouble(text)
    is Screen.Form -> model.trouble(text)
    is Screen.Incident -> model.trouble(text)
    is Screen.Export -> model.trouble(text)
    is Screen.Settings -> model.trouble(text)
    is Screen.Backup -> model.trouble(text)
    is Screen.Keys -> model.trouble(text)
    else -> Unit
}

/** It is in front again. */
internal fun Screen.refresh(): Unit = when (this) {
    is Screen.List -> model.refresh()
    is Screen.Incident -> model.refresh()
    else -> Unit
}

/** A screen of the open diary by what it is about: ids only, so that it can be kept outside of the diary. */
internal sealed interface Route {
    data object Incidents : Route

    data class Form(val about: String?) : Route

    data class OneIncident(val id: String) : Route

    data class OnePicture(val incident: String, val item: String) : Route

    data class Attach(val id: String) : Route

    data object Export : Route

    data object Fingerprint : Route

    data object Settings : Route

    data object Keys : Route

    data object Backup : Route

    data object Wipe : Route

    companion object {
        /**
         * How a way is kept: `list;incident:123-k7q2`. Files that were picked are not kept, so attaching is left out,
         * and a picture is not brought back by itself.
         */
        fun encode(way: List<Route>): String = way.mapNotNull {
            when (it) {
                is Incidents -> "list"
                is Form -> if (it.about == null) "form" else "form:${it.about}"
                is OneIncident -> "incident:${it.id}"
                is OnePicture, is Attach, is Wipe -> null
                is Export -> "export"
                is Fingerprint -> "code"
                is Settings -> "settings"
                is Keys -> "keys"
                is Backup -> "backup"
            }
        }.joinToString(";")

        /** The way back in; the list alone for anything that is no way. */
        fun decode(text: String?): List<Route> {
            val way = text.orEmpty().split(';').map { step ->
                val id = step.substringAfter(':', "").takeIf { ID.matches(it) }
                when (step.substringBefore(':')) {
                    "list" -> Incidents
                    "form" -> if (':' in step && id == null) return START else Form(id)
                    "incident" -> OneIncident(id ?: return START)
                    "export" -> Export
                    "code" -> Fingerprint
                    "settings" -> Settings
                    "keys" -> Keys
                    "backup" -> Backup
                    else -> return START
                }
            }
            return if (way.first() == Incidents) way else START
        }

        val START: List<Route> = listOf(Incidents)
        private val ID = Regex("[0-9]{1,8}-[0-9a-z]{4}")
    }
}
