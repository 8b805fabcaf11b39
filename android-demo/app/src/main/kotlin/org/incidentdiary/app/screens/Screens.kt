package org.incidentdiary.app.screens

import org.incidentdiary.presentation.Screen as Place

/** The view of each screen that the model can name. */
internal fun screenOf(screen: Place, look: Look): Screen<*> = when (screen) {
    is Place.FirstStart -> FirstStartScreen(look, screen.model)
    is Place.Lock -> LockScreen(look, screen.model)
    is Place.List -> ListScreen(look, screen.model)
    is Place.Form -> FormScreen(look, screen.model)
    is Place.Incident -> IncidentScreen(look, screen.model)
    is Place.OnePicture -> PictureScreen(look, screen.model)
    is Place.Attach -> AttachScreen(look, screen.model)
    is Place.Export -> ExportScreen(look, screen.model)
    is Place.Fingerprint -> FingerprintScreen(look, screen.model)
    is Place.Settings -> SettingsScreen(look, screen.model)
    is Place.Wipe -> WipeScreen(look, screen.model)
    is Place.Backup -> BackupScreen(look, screen.model)
    is Place.Keys -> KeysScreen(look, screen.model)
}
