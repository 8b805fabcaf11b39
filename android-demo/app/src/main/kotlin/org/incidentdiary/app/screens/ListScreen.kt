package org.incidentdiary.app.screens

import android.content.Context
import android.view.View
import android.view.ViewGroup
import android.widget.AbsListView
import android.widget.BaseAdapter
import android.widget.LinearLayout
import android.widget.ListView
import org.incidentdiary.app.R
import org.incidentdiary.app.ui.Changed
import org.incidentdiary.app.ui.Field
import org.incidentdiary.app.ui.Narrow
import org.incidentdiary.app.ui.add
import org.incidentdiary.app.ui.addWide
import org.incidentdiary.app.ui.button
import org.incidentdiary.app.ui.card
import org.incidentdiary.app.ui.column
import org.incidentdiary.app.ui.iconButton
import org.incidentdiary.app.ui.row
import org.incidentdiary.app.ui.say
import org.incidentdiary.app.ui.showIf
import org.incidentdiary.app.ui.size
import org.incidentdiary.app.ui.text
import org.incidentdiary.presentation.IncidentRow
import org.incidentdiary.presentation.ListModel
import org.incidentdiary.presentation.ListState
import org.incidentdiary.presentation.Text
import org.incidentdiary.presentation.TextKey
import java.time.LocalDate

/** All incidents, newest recorded first; search and filters above them, writing down below. */
internal class ListScreen(private val look: Look, private val list: ListModel) : Screen<ListState>(list.state) {
    private val context: Context = look.context
    private val page = look.page(TextKey.LIST_TITLE, back = false)
    private val side = context.size(R.dimen.page_side)
    private val search = Field(context, "").apply {
        hint(look.words(TextKey.LIST_SEARCH))
        onTyped { list.search(it) }
    }
    private val header: LinearLayout = column(context, R.dimen.space_3).apply {
        setPadding(side, 0, side, context.size(R.dimen.space_3))
    }
    private val menu: LinearLayout = header.card(R.dimen.space_1) {
        button(R.style.Button_Plain, look.words(TextKey.EXPORT_TITLE)) { look.model.openExport() }
        button(R.style.Button_Plain, look.words(TextKey.CODE_TITLE)) { look.model.openFingerprint() }
        button(R.style.Button_Plain, look.words(TextKey.SETTINGS_TITLE)) { look.model.openSettings() }
    }
    private val error = header.trouble(look)
    private val notices = header.column(R.dimen.space_2)
    private val unfinished = header.column(R.dimen.space_2) {
        text(R.style.Text_Notice, look.words(TextKey.NOTICE_UNFINISHED))
        button(R.style.Button_Tonal, look.words(TextKey.NOTICE_CONTINUE)) { list.write() }
    }
    private val backup = header.notice(look)
    private val toBackup = header.button(R.style.Button_Tonal, look.words(TextKey.BACKUP_TITLE)) { list.backup() }
    private val code = header.notice(look)
    private val toKeys = header.button(R.style.Button_Tonal, look.words(TextKey.KEYS_CODE)) { list.keys() }
    private val filter = FilterPart(
        look,
        header,
        object : FilterEvents {
            override fun from(day: LocalDate?) = list.chooseFrom(day)

            override fun to(day: LocalDate?) = list.chooseTo(day)

            override fun behaviour(code: String) = list.chooseBehaviour(code)

            override fun person(code: String) = list.choosePerson(code)
        },
        list::clear,
    )
    private val progress = ProgressPart(look, header)
    private val empty = header.text(R.style.Text_Soft)
    private val rows = Rows()
    private val cards = ListView(context)
    private val footer: LinearLayout = column(context, R.dimen.space_3).apply {
        setPadding(side, 0, side, context.size(R.dimen.space_3))
    }
    private val legal = footer.legal(look)
    private var filterOpen = false
    private var menuOpen = false
    private var hasMore = false
    private val drawnNotices = Changed<List<Text>> { all ->
        notices.removeAllViews()
        notices.showIf(all.isNotEmpty())
        for (notice in all) notices.text(R.style.Text_Notice, look.words(notice))
    }

    init {
        page.atEnd(iconButton(context, R.drawable.ic_menu, look.words(TextKey.ACTION_MENU)) { fold(menu = !menuOpen) })
        val top = row(context) {
            setPadding(side, 0, context.size(R.dimen.space_2), context.size(R.dimen.space_3))
            gravity = android.view.Gravity.BOTTOM
            addWide(search)
            add(
                iconButton(context, R.drawable.ic_filter, look.words(TextKey.LIST_FILTER)) {
                    fold(filter = !filterOpen)
                },
                ViewGroup.LayoutParams.WRAP_CONTENT,
            )
        }
        cards.apply {
            divider = null
            isSaveEnabled = false
            itemsCanFocus = true
            setSelector(android.R.color.transparent)
            // It can be selected, or with a keyboard the list would begin below it, and the menu would open out of sight.
            addHeaderView(header, null, true)
            addFooterView(footer, null, false)
            adapter = rows
            setOnScrollListener(object : AbsListView.OnScrollListener {
                override fun onScrollStateChanged(view: AbsListView, state: Int) = Unit

                override fun onScroll(view: AbsListView, first: Int, shown: Int, total: Int) {
                    if (hasMore && first + shown >= total - NEAR_END) list.more()
                }
            })
        }
        page.fill(
            Narrow(context).apply {
                add(
                    column(context, R.dimen.space_1).apply {
                        add(top)
                        addView(cards, LinearLayout.LayoutParams(ViewGroup.LayoutParams.MATCH_PARENT, 0, 1f))
                    },
                    height = ViewGroup.LayoutParams.MATCH_PARENT,
                )
            },
        )
        page.actions.button(R.style.Button_Primary, look.words(TextKey.LIST_NEW)) { list.write() }
        fold()
    }

    override val view: View get() = page

    override fun draw(state: ListState) {
        hasMore = state.hasMore
        search.show(state.search)
        error.show(state.error)
        drawnNotices.show(state.notices)
        unfinished.showIf(state.unfinished)
        backup.show(state.backup)
        toBackup.showIf(state.backup != null)
        code.show(state.code)
        toKeys.showIf(state.code != null)
        filter.show(state.filter)
        progress.show(null, state.loading)
        empty.say(look.words(state.empty))
        rows.show(state.rows)
        legal.show(state.legal)
    }

    private fun fold(menu: Boolean = false, filter: Boolean = false) {
        menuOpen = menu
        filterOpen = filter
        this.menu.showIf(menu)
        this.filter.showIf(filter)
        cards.setSelection(0)
    }

    private inner class Rows : BaseAdapter() {
        private var rows: List<IncidentRow> = emptyList()
        private val drawn = Changed<List<IncidentRow>> {
            rows = it
            notifyDataSetChanged()
        }

        fun show(rows: List<IncidentRow>) = drawn.show(rows)

        override fun getCount(): Int = rows.size

        override fun getItem(at: Int): Any = rows[at]

        override fun getItemId(at: Int): Long = at.toLong()

        override fun getView(at: Int, old: View?, parent: ViewGroup): View {
            val card = old as? Card ?: Card()
            card.show(rows[at])
            return card
        }
    }

    /** One incident of the list. */
    private inner class Card : LinearLayout(context) {
        private val card: LinearLayout = card(R.dimen.space_1) { setBackgroundResource(R.drawable.card_pressable) }
        private val top = card.text(R.style.Text_Small)
        private val title = card.text(R.style.Text_Heading)
        private val what = card.text(R.style.Text_Small)
        private val marks = card.text(R.style.Text_Mark)

        init {
            orientation = VERTICAL
            setPadding(side, 0, side, context.size(R.dimen.space_3))
        }

        fun show(row: IncidentRow) {
            top.say(look.words(Text.Row(listOf(row.occurred, row.number), DOT)))
            title.say(look.words(row.title))
            title.setTextColor(context.getColor(if (row.faded) R.color.ink_soft else R.color.ink))
            what.say(look.words(Text.Row(row.behaviours)))
            marks.say(look.words(Text.Row(listOfNotNull(row.evidence) + row.marks, DOT)))
            card.setOnClickListener { list.open(row.id) }
        }
    }

    private companion object {
        const val NEAR_END = 5
        const val DOT = " · "
    }
}
