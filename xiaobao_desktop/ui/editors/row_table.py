"""Editor of child rows that stand for themselves (resolutions, progress): typed one a line, edited in the table."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QLineEdit

from xiaobao_desktop.domain.fields import ChildTable, Kind, Values
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import theme
from xiaobao_desktop.ui.editors.child_rows import ChildRowsEditor

_WIDTHS = {Kind.YES_NO: 64, Kind.DATE: 100, Kind.PERSON_NAME: 76, Kind.INTEGER: 72}
_WIDTH = 104
"""Pixels of the design sheet: of a column by its kind, and of any other that does not take the rest."""
_TEXTS = (Kind.TEXT, Kind.LONG_TEXT)


class RowLine(QLineEdit):
    """Where the words of the next row are typed; ``done`` is sent by Enter."""

    done = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter adds the row and does not reach the form."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.done.emit()
            return
        super().keyPressEvent(event)


class RowTableEditor(ChildRowsEditor):
    """The rows of one child table that links to nothing."""

    line: RowLine

    def __init__(self, session: Session, table: ChildTable) -> None:
        super().__init__(session, table, RowLine(), "条", "还没有")
        self._main = next(item for item in table.fields if item.kind in _TEXTS)
        self.line.setPlaceholderText(f"写一条{self._main.label}，Enter 添加")
        self.line.done.connect(self._take)
        self._set_widths()
        tools = QHBoxLayout()
        tools.setSpacing(theme.px(8))
        tools.addWidget(self.line, 1)
        tools.addWidget(self.remove_button)
        self._arrange(tools)

    def set_rows(self, rows: Sequence[Values]) -> None:
        """Show rows; ``edited`` is not sent."""
        self.line.clear()
        super().set_rows(rows)

    def add(self, texts: Sequence[str]) -> int:
        """Add a row for each text that is not blank; returns how many."""
        start = self._row_start(self._record)
        words = [text.strip() for text in texts if text.strip()]
        self.model.add([{**start, self._main.key: text} for text in words])
        if words:
            self.view.scrollToBottom()
            self._changed()
        return len(words)

    def paste(self) -> None:
        """Add a row for each line of the clipboard; columns apart by tabs fill the fields in their order."""
        lines = [line for line in QGuiApplication.clipboard().text().replace("\r", "\n").split("\n") if line.strip()]
        if not lines:
            self._say("剪贴板里没有文字。先在 Excel 里复制几行，再按 Ctrl+V", "amber")
            return
        for line in lines:
            cells = line.split("\t")
            if len(cells) == 1:
                self.add(cells)
                continue
            place = self.model.rowCount()
            self.model.add([self._row_start(self._record)])
            for column, text in enumerate(cells[: self.model.columnCount()]):
                self.model.take_text(place, column, text.strip())
        self._say(f"已添加 {len(lines)} 条", "green")
        self._changed()

    def _set_widths(self) -> None:
        """The widest of the texts take the rest, all else has the width of its kind."""
        head = self.view.horizontalHeader()
        widest = max(item.span for item in self.table.fields if item.kind in _TEXTS)
        for column, item in enumerate(self.table.fields):
            if item.kind in _TEXTS and item.span == widest:
                head.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
            else:
                head.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
                self.view.setColumnWidth(column, theme.px(_WIDTHS.get(item.kind, _WIDTH)))

    def _take(self) -> None:
        """Enter: add what was typed; without anything go on."""
        if self.add([self.line.text()]):
            self.line.clear()
            self._say("")
        else:
            self.advance.emit()
