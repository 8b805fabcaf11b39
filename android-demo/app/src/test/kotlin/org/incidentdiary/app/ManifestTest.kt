package org.incidentdiary.app

import android.content.pm.ApplicationInfo
import android.content.pm.PackageManager
import org.incidentdiary.presentation.TextKey
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config
import java.io.File
import javax.xml.parsers.DocumentBuilderFactory

/** What the system is told about the app. */
@RunWith(RobolectricTestRunner::class)
@Config(application = TestApplication::class)
class ManifestTest {
    private val app = RuntimeEnvironment.getApplication()

    @Suppress("DEPRECATION")
    private val told = app.packageManager.getPackageInfo(
        app.packageName,
        PackageManager.GET_PERMISSIONS or PackageManager.GET_ACTIVITIES or PackageManager.GET_PROVIDERS or
            PackageManager.GET_SERVICES or PackageManager.GET_RECEIVERS,
    )

    @Test
    fun asksForNoPermission() {
        assertEquals(emptyList<String>(), told.requestedPermissions?.toList().orEmpty())
    }

    @Test
    fun isInNoBackupAndNoTransfer() {
        assertEquals(0, checkNotNull(told.applicationInfo).flags and ApplicationInfo.FLAG_ALLOW_BACKUP)
        val manifest = File("src/main/AndroidManifest.xml").readText()
        assertTrue("android:dataExtractionRules=\"@xml/data_extraction_rules\"" in manifest)
        val rules = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(
            File("src/main/res/xml/data_extraction_rules.xml"),
        )
        for (way in listOf("cloud-backup", "device-transfer")) {
            val excluded = (
                rules.getElementsByTagName(
                    way,
                ).item(0) as org.w3c.dom.Element
                ).getElementsByTagName("exclude")
            val domains = (0 until excluded.length).map {
                excluded.item(it).attributes.getNamedItem("domain").nodeValue
            }.toSet()
            assertEquals(way, DOMAINS, domains)
        }
        assertFalse("nothing is included", rules.getElementsByTagName("include").length > 0)
    }

    @Test
    fun onlyTheStartCanBeCalledByOthers() {
        assertEquals(
            listOf(MainActivity::class.java.name),
            told.activities.orEmpty().filter {
                it.exported
            }.map { it.name },
        )
        assertEquals("no other app's task can take it in", null, told.activities.orEmpty().single().taskAffinity)
        assertFalse(told.providers.orEmpty().any { it.exported })
        assertEquals(0, told.services.orEmpty().size + told.receivers.orEmpty().size)
    }

    @Test
    @Config(qualifiers = "kk")
    fun everyTextIsThereInKazakh() = everyText("kk")

    @Test
    @Config(qualifiers = "ru")
    fun everyTextIsThereInRussian() = everyText("ru")

    @Test
    @Config(qualifiers = "en")
    fun everyTextIsThereInEnglish() = everyText("en")

    private fun everyText(language: String) {
        val strings = (app as DiaryApplication).strings(app)
        assertEquals(language, strings.text(TextKey.LANGUAGE))
        for (key in TextKey.entries) assertTrue(key.name, strings.text(key).isNotBlank())
    }

    private companion object {
        val DOMAINS = setOf(
            "root", "file", "database", "sharedpref", "external",
            "device_root", "device_file", "device_database", "device_sharedpref",
        )
    }
}
