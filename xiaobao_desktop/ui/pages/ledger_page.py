"""The page of any ledger: list, opened record beside it, form over both. Everything follows from the declaration."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from xiaobao_desktop.domain.fields import Ledger, Record
from xiaobao_desktop.domain.masking import is_masked
from xiaobao_desktop.services import access, copying, listing, records, recycle_bin, relations, undo
from xiaobao_desktop.services.saved_filters import SavedFilter
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import rights, state, theme, undoing
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.dialogs.error_dialog import carried_out
from xiaobao_desktop.ui.models.query import Query
from xiaobao_desktop.ui.pages import ledger_exchange, ledger_papers
from xiaobao_desktop.ui.pages.ledger_bar import LedgerBar
from xiaobao_desktop.ui.pages.ledger_detail import WIDE_FROM, WIDE_WIDTH, WIDTH, RecordDetail
from xiaobao_desktop.ui.pages.ledger_list import LedgerList
from xiaobao_desktop.ui.pages.ledger_presenter import CreateWay, presenter_for
from xiaobao_desktop.ui.pages.page import DATA as DATA
from xiaobao_desktop.ui.pages.page import Page
from xiaobao_desktop.ui.widgets.labels import hairline
from xiaobao_desktop.ui.widgets.toast import Toast

if TYPE_CHECKING:
    from xiaobao_desktop.ui.pages.record_form import RecordForm

_DELETED = "这一条会移到回收站，历史和编号都保留，可以恢复。"
REVEALED_MS = 5 * 60 * 1000
"""How long F9 shows personal data (safety rules of the product)."""


class LedgerPage(Page):
    """The page of one ledger.

    Args (constructor):
        session: the open book.
        ledger: what is shown.
        embedded: without the title, for a place that has one already.
    """

    def __init__(
        self, session: Session, ledger: Ledger, parent: QWidget | None = None, *, embedded: bool = False
    ) -> None:
        super().__init__(parent)
        self.session, self.ledger = session, ledger
        self.presenter = presenter_for(session, ledger)
        self._state = state.state_for(session.directory)
        self._narrow = False
        self._stale = True
        self.list = LedgerList(session, ledger, self.presenter)
        self.detail = RecordDetail(session, ledger, self.presenter)
        self.bar = LedgerBar(session, ledger, self.presenter, embedded=embedded)
        self.switch, self.tabs, self.search_box = self.bar.switch, self.bar.tabs, self.bar.search_box
        self.create_button, self.ways = self.bar.create_button, self.bar.ways
        self.list.may_import = not embedded
        self._form: RecordForm | None = None
        self._build()
        # Not on the list alone: on a narrow window the opened record hides the list.
        self.toast = Toast(self._beside)
        self.shown_note = Toast(self._beside, over=self.toast)
        self._hide_again = QTimer(self)
        self._hide_again.setSingleShot(True)
        self._hide_again.setInterval(REVEALED_MS)
        self._hide_again.timeout.connect(lambda: self._reveal(revealed=False))
        self._connect()
        self._start_tab()

    # What the window asks

    def status_text(self) -> str:
        """Words about list and selection."""
        return "" if self._form is not None else self.list.status_text()

    def focus_main(self) -> None:
        """The list, so that the arrow keys work at once."""
        (self._form or self.list.table).setFocus(Qt.FocusReason.OtherFocusReason)

    def has_switch_focus(self) -> bool:
        """Whether one walks through the ledgers of the group with the arrow keys."""
        return self.switch is not None and self.switch.has_keyboard()

    def focus_switch(self) -> None:
        """Walk on through the ledgers of the group, unless a form covers them."""
        if self.switch is not None and self._form is None:
            self.switch.take_keyboard()
        else:
            self.focus_main()

    def focus_search(self) -> bool:
        """Go to the search field, unless a form is open."""
        if self._form is not None:
            return False
        self.search_box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search_box.selectAll()
        return True

    def create_record(self) -> bool:
        """Open an empty form."""
        if self._form is None:
            self._open_form(None).restore_draft()
        return True

    def begin(self, way: CreateWay) -> None:
        """Begin a record in another way; the form opens with what is known already, nothing is saved yet."""
        if self._form is None and (begun := way.begin(self.window())) is not None:
            self._open_form(None).prefill(begun.values)

    def begin_record(self, begun: Record) -> None:
        """Open the form with what is known of a new record and what it comes from; nothing is saved yet."""
        if self._form is None:
            self._open_form(None).begin(begun)

    def help_topic(self) -> str:
        """The form, or the opened record of a ledger with steps."""
        if self._form is not None:
            return f"{self.ledger.key}.form"
        return "steps" if self.presenter.takes_steps and not self.detail.isHidden() else ""

    def may_leave(self) -> bool:
        """Ask the open form; the page itself has nothing to lose."""
        return self._form is None or self._form.may_close()

    def leave_form(self) -> bool:
        """Close an open form, after asking when something would be lost; False when the officer stays in it."""
        if self._form is not None:
            self._form.cancel()
        return self._form is None

    @property
    def editing(self) -> bool:
        """Whether a form is open."""
        return self._form is not None

    def has_unsaved(self) -> bool:
        """Whether the open form differs from what is saved."""
        return self._form is not None and self._form.dirty

    def set_narrow(self, *, narrow: bool) -> None:
        """Let the opened record cover the list."""
        self._narrow = narrow
        self._arrange()

    def open_record(self, record_id: int) -> None:
        """Show a record: in its row where the list has it, and in the panel."""
        self.refresh_if_stale()
        self.list.select(record_id)
        self._open_detail(record_id)

    def show_ids(self, ids: Sequence[int], title: str) -> None:
        """Show only these records in the list; ``title`` says where they come from."""
        self.detail.hide()
        self._arrange()
        self._stale = False
        self._count_tabs()
        self.search_box.forget()
        self.tabs.choose(self.list.show_ids(ids, title))
        self.list.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh_if_stale(self) -> None:
        """Read the list when something changed since it was last read."""
        if self._stale:
            self._stale = False
            self._count_tabs()
            self.list.refresh()

    # Making

    def _build(self) -> None:
        self._beside = QWidget()
        beside = QHBoxLayout(self._beside)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(0)
        self._line = hairline(vertical=True)
        beside.addWidget(self.list, 1)
        beside.addWidget(self._line)
        beside.addWidget(self.detail)
        self.detail.hide()
        self._line.hide()
        main = QWidget()
        column = QVBoxLayout(main)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(hairline())
        column.addWidget(self._beside, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(main)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)

    def _connect(self) -> None:
        if self.switch is not None:
            # Queued: after an arrow key Qt gives the keyboard to the part chosen, which must not be hidden by then.
            self.switch.chosen.connect(self._switch_ledger, Qt.ConnectionType.QueuedConnection)
        self.tabs.chosen.connect(self._tab_pressed)
        self.search_box.searched.connect(self._search)
        self.search_box.entered.connect(self._enter_found)
        self.create_button.clicked.connect(self.create_record)
        for way, pressed in self.ways.items():
            pressed.clicked.connect(lambda _checked=False, way=way: self.begin(way))
            keys = QShortcut(QKeySequence(way.shortcut), self)
            keys.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            keys.activated.connect(lambda way=way: self.begin(way))
            rights.restrict(self.session, keys)
        self.list.opened.connect(self._open_and_focus)
        self.list.picked.connect(self._picked)
        self.list.moved.connect(self._follow)
        self.list.status_changed.connect(lambda _text: self.status_changed.emit(self.status_text()))
        self.list.tab_wanted.connect(self._choose_tab)
        self.list.create_asked.connect(self.create_record)
        self.list.way_asked.connect(self.begin)
        self.list.import_asked.connect(lambda: self.page_asked.emit(DATA))
        self.list.search_cleared.connect(self._clear_search)
        self.list.saved_chosen.connect(self._show_saved)
        out = QShortcut(QKeySequence("Ctrl+E"), self)
        out.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        rights.restrict(self.session, out)
        for asked in (out.activated, self.list.export_asked):
            asked.connect(lambda: ledger_exchange.export_list(self))
        self.list.paste_asked.connect(lambda: ledger_exchange.paste(self))
        self.detail.closed.connect(self.close_detail)
        self.detail.stepped.connect(self._step)
        self.detail.edit_asked.connect(self._edit)
        self.detail.step_asked.connect(self._open_step)
        self.detail.delete_asked.connect(self._delete)
        self.detail.history_asked.connect(self._show_history)
        self.detail.paper_asked.connect(lambda key: ledger_papers.show_paper(self, key))
        self.detail.way_asked.connect(lambda way: ledger_papers.show_way(self, way))
        self.detail.copy_asked.connect(self._copy)
        self.detail.told.connect(self.tell_undoable)
        self.detail.other_asked.connect(self._open_other)
        bus().changed.connect(self._news)
        bus().settings_changed.connect(self._settings_changed)
        bus().locking.connect(lambda: self._reveal(revealed=False))

    # Tabs

    def _switch_ledger(self, key: str) -> None:
        """Go to another ledger of the group; this page keeps showing its own."""
        self.page_asked.emit(key)
        if self.switch is not None:
            self.switch.settle()

    def _start_tab(self) -> None:
        keys = [tab.key for tab in self.presenter.tabs()]
        usual = "year" if "year" in keys else keys[0]
        kept = self._state.get_for("tab", self.ledger.key, usual)
        key = kept if kept in keys else usual
        self.tabs.choose(key)
        self.tabs.setVisible(len(keys) > 1)
        self.list.show_tab(key)
        self._count_tabs()
        self._stale = False

    def _choose_tab(self, key: str) -> None:
        self.tabs.choose(key)
        self._state.put_for("tab", self.ledger.key, key)
        self.list.show_tab(key)

    def _tab_pressed(self, key: str) -> None:
        self._uncover()
        self._choose_tab(key)

    def _search(self, text: str) -> None:
        if text:
            self._uncover()
        self.list.search(text)

    def _enter_found(self) -> None:
        """Stand on the first record found: an opened one that the list no longer has gives way to it."""
        if self.list.isVisible() and self.list.model.ids:
            self.list.table.select_row(max(0, self.list.table.currentIndex().row()))
            self.list.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _uncover(self) -> None:
        """On a narrow window the opened record hides the list: put it away when she asks for the list."""
        if self._narrow and not self.detail.isHidden():
            self.detail.hide()
            self._arrange()

    def _show_saved(self, wanted: SavedFilter) -> None:
        """Bring tab and search field in line with a named filter, and show it."""
        self.search_box.show_text(wanted.search)
        key = self.list.show_saved(wanted)
        self.tabs.choose(key)
        self._state.put_for("tab", self.ledger.key, key)
        self.list.table.setFocus()

    def _count_tabs(self) -> None:
        for tab in self.presenter.tabs():
            self.tabs.set_count(tab.key, listing.count(self.session, self.ledger, Query(where=tab.where)))

    def _clear_search(self) -> None:
        self.search_box.forget()

    # Detail

    def close_detail(self) -> None:
        """Close the opened record; the list gets the focus."""
        self.detail.hide()
        self._arrange()
        self.list.table.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes the opened record; F9 shows or hides personal data in the list."""
        if event.key() == Qt.Key.Key_Escape and not self.detail.isHidden():
            self.close_detail()
            return
        if event.key() == Qt.Key.Key_F9 and self._form is None and any(is_masked(item) for item in self.ledger.fields):
            self._reveal(revealed=not self.presenter.revealed)
            return
        super().keyPressEvent(event)

    def _picked(self, record_id: int) -> None:
        if not self._narrow:
            self._open_detail(record_id)

    def _follow(self, record_id: int) -> None:
        shown = self.detail.record.id if self.detail.record else None
        if not self.detail.isHidden() and not self._narrow and shown != record_id:
            self._open_detail(record_id)

    def _open_and_focus(self, record_id: int) -> None:
        self._open_detail(record_id)
        self.detail.focus_first()

    def _open_detail(self, record_id: int) -> None:
        if not self._guard(lambda: self.detail.show_record(record_id)):
            return
        self.detail.show()
        self._arrange()

    def _open_other(self, record_id: int) -> None:
        """Show a record that the opened one speaks of, in its row where the list has it."""
        self.list.select(record_id)
        self._open_and_focus(record_id)

    def _step(self, by: int) -> None:
        record_id = self.list.step(by)
        if record_id is not None:
            self._open_detail(record_id)

    def _arrange(self) -> None:
        """Place list and detail for the width there is."""
        opened = not self.detail.isHidden()
        self.list.setVisible(not (opened and self._narrow))
        self._line.setVisible(opened and not self._narrow)
        if self._narrow:
            self.detail.setMinimumWidth(0)
            self.detail.setMaximumWidth(16777215)
        else:
            wide = self.window().width() >= theme.px(WIDE_FROM)
            self.detail.setFixedWidth(theme.px(WIDE_WIDTH if wide else WIDTH))

    def _reveal(self, *, revealed: bool) -> None:
        """Show personal data of this list for five minutes, which is written into the audit log, or hide it again."""
        if revealed:
            count = len(self.list.model.ids)
            if not self._guard(lambda: access.reveal(self.session, self.ledger, count, "列表 F9")):
                return
            self._hide_again.start()
            words = "本页个人信息已显示，5 分钟后自动遮盖"
            self.shown_note.tell(words, "立即遮盖", lambda: self._reveal(revealed=False))
        else:
            self.shown_note.go()
            self._hide_again.stop()
        self.presenter.revealed = revealed
        self.list.table.viewport().update()

    # Form, steps, deletion

    def _edit(self) -> None:
        if self.detail.record is not None:
            self._open_form(self.detail.record).restore_draft()

    def _fill_gaps(self) -> bool:
        """Open the form of the opened record at its first gap; False when there is no record to open."""
        self._edit()
        if self._form is not None:
            self._form.next_lack()
        return self._form is not None

    def _copy(self) -> None:
        """Begin a new record with the values of the opened one."""
        record = self.detail.record
        if record is not None and record.id is not None and self._form is None:
            self._open_form(None).prefill(copying.copy_of(self.session, self.ledger, record.id).values)

    def _open_form(self, record: Record | None) -> RecordForm:
        from xiaobao_desktop.ui.pages.record_form import RecordForm

        self.session.require(f"填写{self.ledger.label}")
        form = RecordForm(self.session, self.ledger, record, self)
        form.saved.connect(self._saved)
        note = Toast(form.body)
        form.saved_more.connect(lambda saved: note.tell(f"已保存 {saved.record.number}"))
        form.cancelled.connect(self._close_form)
        self._form = form
        self._stack.addWidget(form)
        self._stack.setCurrentWidget(form)
        form.focus_first()
        self.status_changed.emit("")
        return form

    def _close_form(self) -> None:
        form, self._form = self._form, None
        if form is not None:
            self._stack.removeWidget(form)
            form.deleteLater()
        self.refresh_if_stale()
        self.list.table.setFocus()
        self.status_changed.emit(self.status_text())

    def _saved(self, saved: records.Saved) -> None:
        """Go back to the list and show the record."""
        self._close_form()
        if saved.record.id is not None:
            self.open_record(saved.record.id)
            if self.presenter.takes_steps:
                # What comes next for a case is a step: Enter records it.
                self.detail.focus_first()
        self.tell_undoable(f"已保存 {saved.record.number}")

    def _open_step(self, index: int | None) -> None:
        from xiaobao_desktop.ui.dialogs.step_dialog import StepDialog

        record = self.detail.record
        if record is None or record.id is None:
            return
        dialog = StepDialog(self.session, self.ledger, record, self.window(), index=index)
        if dialog.exec():
            bus().announce(((self.ledger.key, record.id),))
            self.tell_undoable(f"{record.number} {dialog.told}")
            if dialog.gaps.form_wanted and self._fill_gaps():
                return
            # The button that had the focus was made anew with the record.
            self.detail.focus_first()

    def _delete(self) -> None:
        from xiaobao_desktop.ui.dialogs.confirm import confirm

        record = self.detail.record
        if record is None or record.id is None:
            return
        number, record_id = record.number or "", record.id
        if not confirm(
            self.window(),
            title=f"删除 {number}？",
            text=_DELETED + relations.what_refers(self.session, self.ledger, record),
            yes="删除",
            danger=True,
        ):
            return
        self.detail.hide()
        self._arrange()
        if self._guard(lambda: bus().announce(records.delete(self.session, self.ledger, record_id))):
            self.toast.tell(f"已删除 {number}", "撤销", lambda: self._restore(record_id))

    def tell_undoable(self, words: str) -> None:
        """Tell what was done; its 撤销 takes back this operation and no later one."""
        name = undo.last_operation(self.session)
        if name is None:
            self.toast.tell(words)
        else:
            self.toast.tell(words, "撤销", lambda: self._undo(name))

    def _undo(self, name: str) -> None:
        if undo.last_operation(self.session) == name and undoing.undo_last(self.session, self.window()):
            self.toast.tell(f"已撤销：{name}")

    def _restore(self, record_id: int) -> None:
        if self._guard(lambda: bus().announce(records.restore(self.session, self.ledger, record_id))):
            self.open_record(record_id)

    def _show_history(self) -> None:
        from xiaobao_desktop.ui.pages.ledger_history import HistoryDialog

        if self.detail.record is not None:
            HistoryDialog(self.session, self.ledger, self.detail.record, self.window()).exec()

    def print_page(self) -> bool:
        """Print a paper of the opened record."""
        if self._form is not None or self.detail.isHidden() or self.detail.record is None:
            return False
        return self.detail.ask_paper()

    def _guard(self, act: Callable[[], None]) -> bool:
        return carried_out(act, self.window())

    # News

    def _news(self, _changed: object) -> None:
        """Read again: other ledgers count too, because their names are shown here."""
        self._stale = True
        if self.isVisible():
            self._refresh_all()

    def _settings_changed(self) -> None:
        self.list.set_compact()
        self._news(None)

    def _refresh_all(self) -> None:
        self.refresh_if_stale()
        record = self.detail.record
        if self.detail.isHidden() or record is None or record.id is None:
            return
        if recycle_bin.holds(self.session, self.ledger, record.id):
            self.detail.hide()
            self._arrange()
        else:
            self._open_detail(record.id)

    def showEvent(self, event: QShowEvent) -> None:
        """Show the present state of the book."""
        super().showEvent(event)
        if self._stale:
            self._refresh_all()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the detail the width for this window."""
        super().resizeEvent(event)
        self._arrange()
