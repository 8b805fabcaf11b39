package org.incidentdiary.presentation

import org.w3c.dom.Element
import java.io.File
import javax.xml.parsers.DocumentBuilderFactory

/** The texts as the app reads them, from the resource files. */
internal class Resources(language: String) {
    val texts: Map<String, String>

    init {
        val folder = if (language == "en") "values" else "values-$language"
        val file = File("src/main/res/$folder/strings.xml")
        val strings = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(
            file,
        ).getElementsByTagName("string")
        val found = (0 until strings.length).map { strings.item(it) as Element }
        texts = found.associate { it.getAttribute("name") to unescape(it.textContent) }
        check(texts.size == found.size) { "a name stands twice in $file" }
    }

    /** As aapt2 does. */
    private fun unescape(text: String) = text.replace("\\'", "'").replace("\\\"", "\"")

    companion object {
        val LANGUAGES = listOf("en", "kk", "ru")
    }
}
