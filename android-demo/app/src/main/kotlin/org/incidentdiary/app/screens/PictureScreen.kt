package org.incidentdiary.app.screens

import android.view.Gravity
import android.view.View
import android.view.ViewGroup.LayoutParams.MATCH_PARENT
import android.view.ViewGroup.LayoutParams.WRAP_CONTENT
import android.widget.FrameLayout
import org.incidentdiary.app.R
import org.incidentdiary.app.platform.BitmapPicture
import org.incidentdiary.app.ui.ZoomView
import org.incidentdiary.app.ui.column
import org.incidentdiary.app.ui.showIf
import org.incidentdiary.app.ui.size
import org.incidentdiary.presentation.PictureModel
import org.incidentdiary.presentation.PictureState
import org.incidentdiary.presentation.TextKey

/** A picture of an incident, as large as the screen. */
internal class PictureScreen(
    private val look: Look,
    picture: PictureModel,
) : Screen<PictureState>(picture.state) {
    private val page = look.page(TextKey.INCIDENT_FILES)
    private val image = ZoomView(look.context)
    private val said = column(look.context, R.dimen.space_4) {
        val side = context.size(R.dimen.page_side)
        setPadding(side, side, side, side)
    }
    private val error = said.trouble(look)
    private val progress = ProgressPart(look, said)

    init {
        page.fill(
            FrameLayout(look.context).apply {
                addView(image, MATCH_PARENT, MATCH_PARENT)
                addView(said, FrameLayout.LayoutParams(MATCH_PARENT, WRAP_CONTENT, Gravity.TOP))
            },
        )
    }

    override val view: View get() = page

    override fun draw(state: PictureState) {
        state.name?.let {
            page.title(look.words(it))
            image.contentDescription = look.words(it)
        }
        image.show((state.picture as? BitmapPicture)?.bitmap)
        image.showIf(state.picture != null)
        error.show(state.error)
        progress.show(null, state.loading)
    }

    override fun close() = image.show(null)
}
