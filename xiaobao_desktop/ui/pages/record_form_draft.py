"""The draft of a form: kept within two seconds of a keystroke, restored when the form is opened again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from xiaobao_desktop.domain.fields import Ledger, Value
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import drafts, records
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.editors import Editor
from xiaobao_desktop.ui.pages.record_form_cell import FieldCell
from xiaobao_desktop.ui.pages.record_form_state import Entry, Tables
from xiaobao_desktop.ui.widgets.banner import Banner
from xiaobao_desktop.ui.widgets.labels import label

KEPT_AFTER_MS = 1_500
"""From the first keystroke that is not kept yet; with the writing it stays below two seconds."""


class FormDraft(QObject):
    """Watches over one form.

    Attributes:
        note: words for the head of the form: when the draft was kept.
        banner: tells that a draft was restored; its link gives it up.
    """

    def __init__(self, session: Session, ledger: Ledger, form: QWidget, given_up: Callable[[], None]) -> None:
        """Make the parts; ``given_up`` shows the record as it was before the draft."""
        super().__init__(form)
        self._session, self._ledger = session, ledger
        self._id: int | None = None
        self._entry: Entry | None = None
        self._cells: Mapping[str, FieldCell] = {}
        self._tables: Tables = {}
        self._moment: dict[str, Value] = {}
        self._given_up = given_up
        self.note = label("", fonts.SECOND, tone="2")
        self.banner = Banner("blue", "history")
        self.banner.add_action("放弃草稿").clicked.connect(self.give_up)
        self._timer = QTimer(self, singleShot=True, interval=KEPT_AFTER_MS)
        self._timer.timeout.connect(self.keep)
        bus().locking.connect(self.flush)

    def watch(self, entry: Entry, cells: Mapping[str, FieldCell], tables: Tables) -> None:
        """The form shows a record from its start: an older draft of it is no longer this form's."""
        self._timer.stop()
        self._entry, self._cells, self._tables = entry, cells, tables
        self._id = None
        # A new record begins with the moment at which its form was opened: after a crash it must still be that one.
        began = records.begins_with_moment(self._ledger) if entry.record.id is None else ()
        self._moment = {key: cells[key].editor.value() for key in began if key in cells}
        self.note.clear()
        self.banner.tell("blue", "history", "")

    def touch(self) -> None:
        """Something was typed: it is kept soon, however long the typing goes on."""
        if not self._timer.isActive():
            self._timer.start()

    def keep(self) -> None:
        """Keep what is typed now; a form set back to its start needs no draft."""
        self._timer.stop()
        entry = self._entry
        if entry is None or self._session.book.closed:
            return
        keys, tables = entry.changed_keys(), entry.changed_tables()
        if not self._typed(keys) and not tables:
            self.drop()
            return
        values = {key: self._cells[key].editor.value() for key in (*self._moment, *keys)}
        rows = {key: self._tables[key].rows for key in tables}
        texts = {key: text for key in keys if (text := unread(self._cells[key].editor))}
        try:
            self._id = drafts.keep(
                self._session, self._ledger, entry.record.id, values, rows, texts=texts, draft_id=self._id
            )
        except UserError as error:
            self.note.setText("草稿没有保存")
            self.note.setToolTip(error.message)
            return
        self.note.setText(f"草稿已自动保存 {self._session.now():%H:%M}")
        self.note.setToolTip("")

    def flush(self) -> None:
        """Keep at once what is still waiting to be kept."""
        if self._timer.isActive():
            self.keep()

    def restore(self) -> bool:
        """Show the pending draft of the record over it, as if typed; False when there is none."""
        assert self._entry is not None
        found = drafts.pending(self._session, self._ledger, self._entry.record.id)
        if found is None:
            return False
        for key, value in found.values.items():
            if key in self._cells:
                self._cells[key].editor.set_value(value)
        for key, text in found.texts.items():
            if key in self._cells:
                retype(self._cells[key].editor, text)
        for key, rows in found.children.items():
            if key in self._tables:
                self._tables[key].set_rows(rows)
        self._id = found.id
        self._moment |= {key: found.values[key] for key in self._moment if key in found.values}
        if not self._typed(self._entry.changed_keys()) and not self._entry.changed_tables():
            self.drop()
            return False
        when = moment_words(found.saved_at, self._session.now())
        self.banner.tell("blue", "history", "上次没有保存的内容已恢复", f"草稿自动保存于 {when}，核对后点“保存”。")
        return True

    def drop(self) -> None:
        """The draft is not needed any more: its content was saved or given up."""
        self._timer.stop()
        if self._id is not None:
            drafts.drop(self._session, self._id)
        self._id = None
        self.note.clear()
        self.banner.tell("blue", "history", "")

    def _typed(self, keys: Sequence[str]) -> list[str]:
        """Those of the changed fields that differ from the moment at which the form was opened first."""
        return [
            key
            for key in keys
            if key not in self._moment
            or (editor := self._cells[key].editor).problem()
            or editor.value() != self._moment[key]
        ]

    def give_up(self) -> None:
        """Forget the draft and show the record as it is in the book."""
        self.drop()
        self._given_up()


def unread(editor: Editor) -> str:
    """A text that has no value because it cannot be read, such as half a date; "" for any other."""
    control = editor.control
    if not editor.problem():
        return ""
    if isinstance(control, QPlainTextEdit):
        return control.toPlainText()
    return control.text() if isinstance(control, QLineEdit) else ""


def retype(editor: Editor, text: str) -> None:
    """Show a text that cannot be read, as it was typed."""
    control = editor.control
    if isinstance(control, QPlainTextEdit):
        control.setPlainText(text)
    elif isinstance(control, QLineEdit):
        control.setText(text)


def moment_words(then: datetime, now: datetime) -> str:
    """When a draft was kept: the time, with the day when it was another one."""
    return f"{then:%H:%M}" if then.date() == now.date() else f"{then:%m-%d %H:%M}"
