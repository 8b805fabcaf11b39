package org.incidentdiary.app.ui

import android.app.Activity
import android.os.Build
import android.view.View
import android.widget.TextView

/** Calls what the oldest Android of the app lacks, and looks at its version first: the check against API 26 leaves it out. */
@Retention(AnnotationRetention.BINARY)
@Target(AnnotationTarget.FUNCTION)
internal annotation class Newer

/** A heading for screen readers; before API 28 there is no such thing. */
@Newer
internal fun TextView.markAsHeading() {
    if (Build.VERSION.SDK_INT >= 28) isAccessibilityHeading = true
}

/** What a screen reader says when this comes; before API 28 it says the first words. */
@Newer
internal fun View.namePane(words: CharSequence) {
    if (Build.VERSION.SDK_INT >= 28) accessibilityPaneTitle = words
}

/** Nothing of it goes to what the system learns from screens; before API 30 there is no such thing to ask for. */
@Newer
internal fun View.keepFromContentCapture() {
    if (Build.VERSION.SDK_INT >= 30) {
        importantForContentCapture = View.IMPORTANT_FOR_CONTENT_CAPTURE_NO_EXCLUDE_DESCENDANTS
    }
}

/**
 * Services that say of themselves that they help people with disabilities read it; others, such as a program that watches her
 * phone, do not. Before API 34 there is no such thing to ask for.
 */
@Newer
internal fun View.keepFromOtherServices() {
    if (Build.VERSION.SDK_INT >= 34) setAccessibilityDataSensitive(View.ACCESSIBILITY_DATA_SENSITIVE_YES)
}

/** No picture in the list of recent apps; before API 33 FLAG_SECURE alone sees to that. */
@Newer
internal fun Activity.hideFromRecents() {
    if (Build.VERSION.SDK_INT >= 33) setRecentsScreenshotEnabled(false)
}
