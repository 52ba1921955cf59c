"""The list of a ledger: filter row, table, what to say when it is empty. Knows tab, search, filters and order."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QPalette, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from xiaobao_desktop.domain.fields import Ledger
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import custom_fields, list_export, listing, origins
from xiaobao_desktop.services.saved_filters import SavedFilter
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import rights, state, theme
from xiaobao_desktop.ui.dialogs.error_dialog import show_user_error
from xiaobao_desktop.ui.models import saved
from xiaobao_desktop.ui.models.columns import ColumnLayout
from xiaobao_desktop.ui.models.filters import Filter
from xiaobao_desktop.ui.models.ledger_model import LedgerModel
from xiaobao_desktop.ui.models.query import Condition, Query
from xiaobao_desktop.ui.pages.ledger_presenter import NUMBER, CreateWay, Presenter, Tab
from xiaobao_desktop.ui.widgets.buttons import GHOST, PRIMARY, button, icon_button
from xiaobao_desktop.ui.widgets.chips import ChipRow
from xiaobao_desktop.ui.widgets.columns_panel import ColumnsPanel
from xiaobao_desktop.ui.widgets.empty_state import EmptyState
from xiaobao_desktop.ui.widgets.filter_panel import FilterPanel
from xiaobao_desktop.ui.widgets.ledger_header import header_width
from xiaobao_desktop.ui.widgets.ledger_table import LedgerTable
from xiaobao_desktop.ui.widgets.saved_filters_panel import SavedFiltersPanel

PICKED = "id"
"""Key of the chip for records that another page picked out."""
TITLE_LIMIT = 30
"""At most this many characters of words on that chip."""
STRETCH_LIMIT = 360
"""On wide screens columns are added before the stretch column passes this many pixels."""


class LedgerList(QWidget):
    """The list.

    Signals:
        opened: id of a record to open (Enter, double click).
        picked: id of the record that was clicked.
        moved: id of the record that became current by keyboard.
        status_changed: words about the list and the selection.
        tab_wanted: key of another tab, when the chip that belongs to a tab was taken off.
        way_asked: a record is to be begun in another way; carries its CreateWay.
        create_asked: the button of the empty list was pressed.
        import_asked: the officer wants to import instead of typing.
        search_cleared: the search was taken off together with the filters.
        saved_chosen: a named filter (``SavedFilter``) was chosen; the page shows it with ``show_saved``.
        export_asked: the list is to be written into a file.
        paste_asked: a block on the clipboard is to become records.
    """

    opened = Signal(int)
    picked = Signal(int)
    moved = Signal(int)
    status_changed = Signal(str)
    tab_wanted = Signal(str)
    way_asked = Signal(object)
    create_asked = Signal()
    import_asked = Signal()
    search_cleared = Signal()
    saved_chosen = Signal(object)
    export_asked = Signal()
    paste_asked = Signal()

    def __init__(self, session: Session, ledger: Ledger, presenter: Presenter) -> None:
        super().__init__()
        self._session, self._ledger, self._presenter = session, ledger, presenter
        self._state = state.state_for(session.directory)
        self._tabs = presenter.tabs()
        self._tab: Tab = self._tabs[0]
        self._search = ""
        self._filters: dict[str, Filter] = {}
        self._picked: Filter | None = None
        self._order: dict[str, tuple[tuple[str, bool], ...]] = {}
        self._status = ""
        self.may_import = True
        """Whether an empty list offers to import."""
        self._empty: EmptyState | None = None
        self._resized_unseen = False
        self.model = LedgerModel(session, ledger, presenter)
        columns = origins.columns(session, ledger)
        self.columns = ColumnLayout(ledger, columns, self._state, lambda key: header_width(presenter.label(key)))
        self.table = LedgerTable(self.model)
        self.table.setAccessibleName(f"{ledger.label}列表")
        self.chips = ChipRow([(key, presenter.label(key)) for key in self._filter_keys()], [(PICKED, "来自")])
        self._build()
        self._connect()
        self._read_order()

    @property
    def query(self) -> Query:
        """What the list shows now."""
        return self._query()

    def status_text(self) -> str:
        """Words about the list and the selection."""
        selection = self._presenter.selection(self.selected_ids())
        return f"{self._status}　　{selection}" if selection else self._status

    def show_tab(self, key: str) -> None:
        """Show another tab; an unknown key shows the first."""
        self._tab = next((tab for tab in self._tabs if tab.key == key), self._tabs[0])
        self.refresh(keep=False)

    def search(self, text: str) -> None:
        """Show only records that hold all the words."""
        self._search = text
        self.refresh(keep=False)

    def set_filter(self, key: str, chosen: Filter | None) -> None:
        """Set or take off the filter on a field."""
        if chosen is None:
            self._filters.pop(key, None)
        else:
            self._filters[key] = chosen
        self.refresh(keep=False)

    def show_ids(self, ids: Sequence[int], title: str) -> str:
        """Show only these records, with a chip that says where they come from; returns the key of the tab for it.

        Search and filters are taken off, so that every record shows.
        """
        self._tab = self._tabs[-1]
        self._search = ""
        self._filters.clear()
        words = title if len(title) <= TITLE_LIMIT else f"{title[: TITLE_LIMIT - 1]}…"
        self._picked = Filter(PICKED, Condition(PICKED, "in", tuple(ids)), words)
        self.refresh(keep=False)
        return self._tab.key

    def present(self) -> SavedFilter:
        """What the list shows now, to be kept under a name."""
        chosen = self._order.get(self._tab.key)
        parts = saved.remember(self._session, self._ledger, self._filters.values())
        return SavedFilter("", self._tab.key, self._search, chosen[0] if chosen else None, parts)

    def show_saved(self, wanted: SavedFilter) -> str:
        """Show a named filter; returns the key of its tab (the first when its own is gone)."""
        self._tab = next((tab for tab in self._tabs if tab.key == wanted.tab), self._tabs[0])
        self._search = wanted.search
        self._picked = None
        self._filters = saved.revive(self._session, self._ledger, wanted.parts)
        self._order.pop(self._tab.key, None)
        if wanted.order is not None and wanted.order[0] in self._sortable():
            self._order[self._tab.key] = self._presenter.order(*wanted.order)
        self._keep_order()
        self.refresh(keep=False)
        return self._tab.key

    def clear_filters(self) -> None:
        """Take off all filters; tab and search stay."""
        self._filters.clear()
        self._picked = None
        self.refresh(keep=False)

    def sort(self, key: str, descending: bool | None = None) -> None:
        """Sort by a column; without a direction a sorted column goes up, down, and back to the usual order."""
        now = self.order()[0] if self.order() else ("", False)
        chosen = self._order.get(self._tab.key)
        if descending is None and chosen and now == (key, True):
            self._order.pop(self._tab.key)
        else:
            down = descending if descending is not None else (now == (key, False))
            self._order[self._tab.key] = self._presenter.order(key, down)
        self._keep_order()
        self.refresh(keep=True)

    def order(self) -> tuple[tuple[str, bool], ...]:
        """The order in force: chosen by the officer, else of the tab, else of the ledger."""
        return self._order.get(self._tab.key) or self._tab.order or self._ledger.sort or ((NUMBER, True),)

    def refresh(self, *, keep: bool = True) -> None:
        """Read the list again; the current record stays current while it is in the result.

        Args:
            keep: also keep the place of the scroll bar.
        """
        current, place = self.current_id(), self.table.verticalScrollBar().value()
        self._show_columns()
        self.model.ask(self._query())
        self._status = self._presenter.status(self.model.query, self.model.ids)
        row = self.model.row_of(current) if current else -1
        if row >= 0:
            self.table.select_row(row)
        if keep:
            self.table.verticalScrollBar().setValue(place)
        self._tell_chips()
        self._tell_header()
        self._show_empty()
        self.status_changed.emit(self.status_text())

    def current_id(self) -> int | None:
        """Id of the current record, None for none."""
        row = self.table.currentIndex().row()
        return self.model.record_id(row) if 0 <= row < len(self.model.ids) else None

    def select(self, record_id: int) -> bool:
        """Make a record current; False when it is not in the list."""
        row = self.model.row_of(record_id)
        if row < 0:
            return False
        self.table.select_row(row)
        return True

    def step(self, by: int) -> int | None:
        """Go ``by`` rows down (negative: up) and return the record there, None at the ends."""
        row = self.table.currentIndex().row() + by
        if not 0 <= row < len(self.model.ids):
            return None
        self.table.select_row(row)
        return self.model.record_id(row)

    # Making

    def _build(self) -> None:
        theme.surface(self)
        kept = button("常用筛选", GHOST, icon="bookmark")
        kept.clicked.connect(lambda: self._open_saved(kept))
        self.chips.tools.addWidget(kept)
        out = icon_button("file-output", "导出这个列表（Ctrl+E）")
        out.clicked.connect(self.export_asked.emit)
        rights.restrict(self._session, out)
        self.chips.tools.addWidget(out)
        tools = icon_button("columns-3", "显示哪些列")
        tools.clicked.connect(lambda: self._open_columns(tools))
        self.chips.tools.addWidget(tools)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.chips)
        column.addWidget(self.table, 1)
        theme.surface(self.table.viewport(), QPalette.ColorRole.Base)
        self.set_compact()

    def set_compact(self) -> None:
        """Take the row height from the settings."""
        self.table.set_compact(compact=self._session.settings.row_height == "compact")

    def _connect(self) -> None:
        self.table.opened.connect(lambda row: self.opened.emit(self.model.record_id(row)))
        self.table.picked.connect(lambda row: self.picked.emit(self.model.record_id(row)))
        self.table.filter_asked.connect(self._open_header_panel)
        self.table.pasted.connect(self.paste_asked.emit)
        self.table.copy_asked.connect(self._copy)
        self.table.resized.connect(self._resized)
        self.table.header.sort_asked.connect(lambda place: self.sort(self.model.columns[place]))
        self.table.header.menu_asked.connect(self._open_header_panel)
        self.table.header.sectionResized.connect(self._pulled)
        self.table.header.sectionMoved.connect(lambda *_places: QTimer.singleShot(0, self._take_order))
        self.table.selectionModel().selectionChanged.connect(lambda *_parts: self._selection_changed())
        self.chips.asked.connect(self._open_filter)
        self.chips.removed.connect(self._remove_chip)
        self.chips.cleared.connect(self.clear_filters)

    # Query

    def _query(self, without: str = "") -> Query:
        fields = {key for key in self._filters if key != without}
        where = [condition for condition in self._tab.where if condition.field not in self._filters]
        where += [self._filters[key].condition for key in self._filters if key in fields]
        where += [self._picked.condition] if self._picked is not None else []
        order = self.order()
        return Query(where=tuple(where), search=self._search, order=order)

    def _read_order(self) -> None:
        kept: dict[str, object] = self._state.get_for("sort", self._ledger.key, {})
        known = self._sortable()
        for tab, entry in kept.items():
            if isinstance(entry, list) and len(entry) == 2 and entry[0] in known:
                self._order[tab] = self._presenter.order(str(entry[0]), bool(entry[1]))

    def _sortable(self) -> set[str]:
        return {NUMBER, *self.columns.keys}

    def _keep_order(self) -> None:
        self._state.put_for("sort", self._ledger.key, {tab: list(order[0]) for tab, order in self._order.items()})

    # Columns

    def _show_columns(self) -> None:
        shown = self.columns.shown()
        room = self.table.viewport().width()
        more = self.columns.added(room, theme.px(STRETCH_LIMIT), long_dates=self._long_dates())
        less = () if more else self.columns.dropped(room, self._never_dropped(), long_dates=self._long_dates())
        if more or less:
            shown = tuple(key for key in self.columns.keys if (key in shown or key in more) and key not in less)
        if self.model.columns != (NUMBER, *shown):
            self.model.show_columns(shown)
            self._reset_header_order()
        self._fit()

    def _never_dropped(self) -> set[str]:
        """What tells how a record stands, what the list is sorted by, and what the officer added to it herself."""
        told = {key for key in self.columns.keys if self._presenter.tells_state(key)}
        own = {item.key for item in custom_fields.own_fields(self._session, self._ledger.key)}
        return told | own | {key for key, _down in self.order()}

    def _fit(self) -> None:
        long_dates = self._long_dates()
        self.table.fit(lambda key: self.columns.width(key, long_dates=long_dates), self.columns.stretch())

    def _long_dates(self) -> bool:
        """Whether dates of other years may occur, which are written in full."""
        return not any(part.field == self._ledger.dated_by for part in self._tab.where)

    def _reset_header_order(self) -> None:
        header = self.table.header
        header.blockSignals(True)
        for place in range(header.count()):
            header.moveSection(header.visualIndex(place), place)
        header.blockSignals(False)

    def showEvent(self, event: QShowEvent) -> None:
        """A size that was taken just before the program locked is followed now."""
        super().showEvent(event)
        if self._resized_unseen:
            self._resized()

    def _resized(self) -> None:
        self._resized_unseen = self._session.book.closed
        if self._resized_unseen:
            return
        current = self.current_id()
        self._show_columns()
        self._tell_header()
        if current is not None and self.current_id() is None:
            self.select(current)
        if self._empty is not None:
            self._empty.setGeometry(self.table.viewport().rect())

    def _pulled(self, place: int, _old: int, new: int) -> None:
        key = self.model.columns[place]
        if key != self.columns.stretch():
            self.columns.set_width(key, new)
        QTimer.singleShot(0, self, self._fit)

    def _take_order(self) -> None:
        header = self.table.header
        keys = [self.model.columns[header.logicalIndex(place)] for place in range(header.count())]
        self.columns.set_order([key for key in keys if key != NUMBER])
        self.refresh()

    def _open_columns(self, anchor: QWidget) -> None:
        panel = ColumnsPanel(self.window(), self._presenter, self.columns)
        panel.changed.connect(self.refresh)
        panel.open_below(anchor, panel.list)

    # Filters

    def _open_saved(self, anchor: QWidget) -> None:
        panel = SavedFiltersPanel(self.window(), self._session, self._ledger, self.present(), self._present_words())
        panel.chosen.connect(self.saved_chosen.emit)
        panel.open_below(anchor, panel.first_focus)

    def _present_words(self) -> str:
        """Filters, search and chosen order in words, "" for none of them."""
        words = [f"{self._presenter.label(key)}：{one.words}" for key, one in self._filters.items()]
        if self._search:
            words.append(f"搜索“{self._search}”")
        chosen = self._order.get(self._tab.key)
        if chosen:
            words.append(f"按{self._presenter.label(chosen[0][0])}{'从大到小' if chosen[0][1] else '从小到大'}")
        return "；".join([f"{self._tab.label}", *words]) if words else ""

    def _filter_keys(self) -> tuple[str, ...]:
        """Declared filters first, then every other column that can be filtered."""
        others = (column.key for column in self._ledger.columns)
        origin = [origins.FIELD.key] if self._session.banks else []
        return tuple(dict.fromkeys([*origin, *self._ledger.filters, *others]))

    def _open_filter(self, key: str, anchor: QWidget) -> None:
        if key == PICKED:
            self._remove_chip(key)
            return
        panel = self._panel(key, with_sort=False)
        panel.open_below(anchor, panel.first_focus)

    def _open_header_panel(self, place: int) -> None:
        key = self.model.columns[place]
        if key == NUMBER:
            return
        panel = self._panel(key, with_sort=True)
        panel.sorted_by.connect(lambda descending: self.sort(key, descending))
        panel.open_below(self.table.header, panel.first_focus, at=self.table.header.section_rect(place))

    def _panel(self, key: str, *, with_sort: bool) -> FilterPanel:
        item, current = self._presenter.field(key), self._filters.get(key)
        panel = FilterPanel(
            self.window(), self._presenter, item, self._query(without=key), current, with_sort=with_sort
        )
        panel.changed.connect(lambda chosen: self.set_filter(key, chosen))
        return panel

    def _remove_chip(self, key: str) -> None:
        if key == PICKED:
            self._picked = None
            self.refresh(keep=False)
        elif key in self._filters:
            self.set_filter(key, None)
        else:
            self.tab_wanted.emit(self._tabs[-1].key)

    def _tell_chips(self) -> None:
        words = {key: chosen.words for key, chosen in self._filters.items()}
        for condition in self._tab.where:
            if condition.field == self._ledger.dated_by and condition.field not in words:
                words[condition.field] = f"{self._session.today().year}年"
        if self._picked is not None:
            words[PICKED] = self._picked.words
        self.chips.tell(words, clearable=bool(self._filters or self._picked))

    def _tell_header(self) -> None:
        places = {key: place for place, key in enumerate(self.model.columns)}
        key, descending = self.order()[0]
        self.table.header.tell(
            sorted_by=(places.get(key, -1), descending),
            filtered={place for name, place in places.items() if name in self._filters},
            right={place for name, place in places.items() if self._presenter.right(name)},
            menus=set(places.values()) - {0},
        )

    # Empty

    def _show_empty(self) -> None:
        if self._empty is not None:
            self._empty.deleteLater()
            self._empty = None
        if self.model.ids:
            return
        narrowed = bool(self._filters or self._search or self._picked)
        self._empty = self._nothing_found() if narrowed else self._nothing_there()
        self._empty.setParent(self.table.viewport())
        self._empty.setGeometry(self.table.viewport().rect())
        self._empty.show()

    def _nothing_found(self) -> EmptyState:
        clear = button("清除条件")
        clear.clicked.connect(self._clear_everything)
        elsewhere = "再按一次 Ctrl+F，到所有台账里找" if self._search else ""
        return EmptyState("", "没有符合的记录", elsewhere, buttons=[clear])

    def _nothing_there(self) -> EmptyState:
        create = button(self._ledger.create_action, PRIMARY, icon="plus", shortcut="Ctrl+N")
        create.clicked.connect(self.create_asked.emit)
        buttons = [create]
        if self.may_import:
            fetch = button("从 Excel 导入", icon="file-input")
            fetch.clicked.connect(self.import_asked.emit)
            buttons.append(fetch)
        for way in self._presenter.create_ways():
            if way.at_first:
                other = button(way.label, icon=way.icon)
                other.clicked.connect(partial(self._ask_way, way))
                buttons.append(other)
        total, name = listing.count(self._session, self._ledger, Query()), self._ledger.label
        rights.restrict(self._session, *buttons)
        title, why = f"还没有{name}记录", "可以一条一条登记，也可以把原来的表格整本导入。"
        if total:
            title = f"{self._tab.label}没有{name}记录"
            why = f"换到“{self._tabs[-1].label}”可以看到 {total} {self._ledger.unit}。"
        return EmptyState(self._ledger.icon, title, why, buttons)

    def _ask_way(self, way: CreateWay, _checked: bool = False) -> None:
        self.way_asked.emit(way)

    def _clear_everything(self) -> None:
        self._filters.clear()
        self._picked = None
        self._search = ""
        self.refresh(keep=False)
        self.search_cleared.emit()

    # Selection

    def _copy(self) -> None:
        """Put the selected rows on the clipboard, once that is written down."""
        count = len(self.table.selected_rows())
        if not count:
            return
        try:
            list_export.copied(self._session, self._ledger, count)
        except UserError as error:
            show_user_error(error, self.window())
            return
        self.table.copy_rows()

    def _selection_changed(self) -> None:
        self.status_changed.emit(self.status_text())
        current = self.current_id()
        if current is not None:
            self.moved.emit(current)

    def narrowed_words(self) -> str:
        """Filters, search and chosen order in words, "" for none of them."""
        return self._present_words()

    def selected_ids(self) -> Sequence[int]:
        """Ids of the selected records in list order."""
        return [self.model.record_id(row) for row in self.table.selected_rows()]
