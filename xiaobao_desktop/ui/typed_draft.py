"""What is typed in a dialog or a page of the settings: kept as a draft in the book, there again after a crash.

Forms of records have a draft of their own (``pages/record_form_draft.py``). Passwords are never kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, runtime_checkable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import drafts
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import theme
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.editors import Editor
from xiaobao_desktop.ui.pages.record_form_draft import moment_words, retype, unread
from xiaobao_desktop.ui.widgets.banner import Banner
from xiaobao_desktop.ui.widgets.labels import set_shown
from xiaobao_desktop.ui.widgets.segmented import Segmented

EVERY_MS = 2_000
"""How often a dialog is looked at while it stands there."""

State = Mapping[str, Any]
"""JSON values by name."""


@runtime_checkable
class Typing(Protocol):
    """Whatever can tell what is typed in it, and be typed into again."""

    def state(self) -> State:
        """What is typed now."""

    def show_state(self, state: State) -> None:
        """Show what was typed; names that are missing stay as they are."""


class Parts:
    """The stock fields of a dialog by name."""

    def __init__(self, parts: Mapping[str, QWidget], shown: Callable[[], object] = lambda: None) -> None:
        """Take fields; ``shown`` is called when something was put into them."""
        self._parts, self._shown = dict(parts), shown

    def state(self) -> State:
        """What stands in the fields."""
        return {name: _read(part) for name, part in self._parts.items()}

    def show_state(self, state: State) -> None:
        """Put it back."""
        for name, kept in state.items():
            if name in self._parts:
                _write(self._parts[name], kept)
        self._shown()


class TypedDraft(QObject):
    """Watches over one dialog or panel, from :meth:`begin` until it is saved or given up.

    Attributes:
        banner: tells that a draft was restored; its link gives it up. It stands in a box that is hidden without it.
    """

    def __init__(
        self,
        owner: QWidget,
        session: Session,
        typing: Typing,
        column: QVBoxLayout | None = None,
        *,
        given_up: Callable[[], object] = lambda: None,
    ) -> None:
        """Make the parts.

        Args:
            owner: the dialog or panel; the draft of a dialog goes when it is answered.
            session: the open book.
            typing: tells what is typed.
            column: the banner stands at its head; by default the layout of the owner.
            given_up: called when the officer gave up what was restored.
        """
        super().__init__(owner)
        self._owner, self._session, self._typing, self._given_up = owner, session, typing, given_up
        self._place = self._title = ""
        self._start: State = {}
        self._kept: State = {}
        self.banner = Banner("blue", "history")
        self.banner.add_action("放弃草稿").clicked.connect(self.give_up)
        self._box = QWidget()
        self._stand_in(column if column is not None else owner.layout())
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self._look)
        bus().locking.connect(self.keep)
        if isinstance(owner, QDialog):
            owner.finished.connect(lambda _result: self.forget())

    def begin(self, place: str, title: str) -> bool:
        """From here on what differs is kept; True when something was restored.

        What was typed since an earlier call was saved or given up.

        Args:
            place: names the dialog and what it is about; unlike any other.
            title: what the officer calls it: 报送事项“季度报告”.
        """
        if self._place:
            self._drop()
        self._place, self._title = place, title
        self._start = self._kept = self._typing.state()
        self._tell("")
        self._timer.start()
        if self._session.book.closed:
            return False
        found = drafts.typed(self._session, place)
        if found is None:
            return False
        self._typing.show_state(found.state)
        self._kept = self._typing.state()
        if self._kept == self._start:
            self._drop()
            return False
        when = moment_words(found.saved_at, self._session.now())
        self._tell("上次没有保存的内容已恢复", f"草稿自动保存于 {when}，请核对后接着做。")
        return True

    def keep(self) -> None:
        """Keep what is typed now; what stands as it began needs no draft."""
        if not self._place or self._session.book.closed:
            return
        now = self._typing.state()
        if now == self._kept:
            return
        changed = {name: value for name, value in now.items() if value != self._start.get(name)}
        try:
            if changed:
                drafts.keep_typed(self._session, self._place, self._title, changed)
            else:
                drafts.drop_typed(self._session, self._place)
        except UserError:
            # The disk is full: saving will say so; the next look tries again.
            return
        self._kept = now

    def forget(self) -> None:
        """What was typed was saved or given up; nothing more is kept until :meth:`begin`."""
        self._timer.stop()
        self._tell("")
        if self._place:
            self._drop()
        self._place = ""

    def give_up(self) -> None:
        """Show the dialog as it began."""
        self._typing.show_state(self._start)
        self._kept = self._start
        self._tell("")
        self._drop()
        self._given_up()

    def _look(self) -> None:
        if self._owner.isVisible():
            self.keep()

    def _drop(self) -> None:
        if self._session.book.closed:
            return
        try:
            drafts.drop_typed(self._session, self._place)
        except UserError:
            # It is offered once more; nothing is lost by that.
            return

    def _stand_in(self, column: object) -> None:
        assert isinstance(column, QVBoxLayout)
        inner = QVBoxLayout(self._box)
        # A dialog has no margin of its own; the column of a panel has.
        edge = theme.px(12) if isinstance(self._owner, QDialog) else 0
        inner.setContentsMargins(edge, edge, edge, 0)
        inner.addWidget(self.banner)
        set_shown(self._box, shown=False)
        column.insertWidget(0, self._box)

    def _tell(self, title: str, detail: str = "") -> None:
        self.banner.tell("blue", "history", title, detail)
        set_shown(self._box, shown=bool(title))


def _read(part: QWidget) -> Any:
    if isinstance(part, Typing):
        return part.state()
    if isinstance(part, Editor):
        value = part.value()
        return {"value": list(value) if isinstance(value, tuple) else value, "text": unread(part)}
    if isinstance(part, QLineEdit):
        return part.text()
    if isinstance(part, QPlainTextEdit):
        return part.toPlainText()
    if isinstance(part, QCheckBox):
        return part.isChecked()
    if isinstance(part, Segmented):
        return part.current()
    assert isinstance(part, QComboBox)
    return part.currentText() if part.isEditable() else part.currentData()


def _write(part: QWidget, kept: Any) -> None:
    if isinstance(part, Typing):
        part.show_state(kept)
    elif isinstance(part, Editor):
        value = kept["value"]
        part.set_value(tuple(value) if isinstance(value, list) else value)
        if kept["text"]:
            retype(part, kept["text"])
    elif isinstance(part, QLineEdit):
        part.setText(kept)
    elif isinstance(part, QPlainTextEdit):
        part.setPlainText(kept)
    elif isinstance(part, QCheckBox):
        part.setChecked(kept)
    elif isinstance(part, Segmented):
        part.choose(kept)
    elif isinstance(part, QComboBox):
        _choose(part, kept)


def _choose(part: QComboBox, kept: Any) -> None:
    if part.isEditable():
        part.setEditText(kept)
    elif (place := part.findData(kept)) >= 0:
        part.setCurrentIndex(place)
