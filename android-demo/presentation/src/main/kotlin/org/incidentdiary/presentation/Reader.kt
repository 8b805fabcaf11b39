package org.incidentdiary.presentation

import org.incidentdiary.core.labels
import org.incidentdiary.ensureLibrary

/** The words of one language: those of the app from [texts], and the labels that the reports use from the library. */
public class Reader(private val texts: (TextKey) -> String) : Strings {
    /** `kk`, `ru` or `en`: the language that the system chose for the texts. */
    public val language: String = texts(TextKey.LANGUAGE)

    private val labels: Map<String, String> by lazy {
        ensureLibrary()
        labels(language)
    }

    override fun text(key: TextKey): String = texts(key)

    override fun label(path: String): String = labels[path] ?: path
}
