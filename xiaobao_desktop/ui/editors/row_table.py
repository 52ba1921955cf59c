"""Editor of child rows that stand for themselves (resolutions, progress): typed one a line, edited in the table."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QLineEdit, QVBoxLayout, QWidget

from xiaobao_desktop.domain.fields import EMPTY, ChildTable, Kind, Values
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.delegates.child_cell import ChildCellDelegate
from xiaobao_desktop.ui.editors.child_view import HEAD, MOST_ROWS, ROW, ChildView
from xiaobao_desktop.ui.models.child_model import ChildModel
from xiaobao_desktop.ui.widgets.buttons import button
from xiaobao_desktop.ui.widgets.labels import label, set_tone

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


class RowTableEditor(QWidget):
    """The rows of one child table that links to nothing.

    Signals:
        edited: a row was added, changed or taken away.
        advance: Enter in the empty line asks for what comes next.
    """

    edited = Signal()
    advance = Signal()

    def __init__(self, session: Session, table: ChildTable) -> None:
        super().__init__()
        self._session, self.table = session, table
        self._main = next(item for item in table.fields if item.kind in _TEXTS)
        self._record: Values = EMPTY
        self.model = ChildModel(session, table)
        self.line = RowLine()
        self.view = ChildView(self.model)
        self.remove_button = button("移除所选", icon="trash-2")
        self.count = label("", fonts.SECOND, tone="2")
        self.message = label("", fonts.SECOND, tone="2", wrap=True)
        self._build()
        self._connect()
        self._changed(tell=False)

    @property
    def rows(self) -> tuple[Values, ...]:
        """The rows as they go into the record."""
        return self.model.rows

    def set_rows(self, rows: Sequence[Values]) -> None:
        """Show rows; ``edited`` is not sent."""
        self.model.set_rows(rows)
        self.line.clear()
        self._say("")
        self._changed(tell=False)

    def belong_to(self, values: Values) -> None:
        """Say what the record holds now: rows added from now on begin by it."""
        self._record = values

    def controls(self) -> tuple[QWidget, ...]:
        """What the Tab key visits, in order."""
        return (self.line, self.remove_button, self.view)

    def add(self, texts: Sequence[str]) -> int:
        """Add a row for each text that is not blank; returns how many."""
        start = self.table.row_start(self._record, self._session.today().isoformat())
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
            self.model.add([self.table.row_start(self._record, self._session.today().isoformat())])
            for column, text in enumerate(cells[: self.model.columnCount()]):
                self.model.take_text(place, column, text.strip())
        self._say(f"已添加 {len(lines)} 条", "green")
        self._changed()

    def remove_selected(self) -> None:
        """Take the selected rows away."""
        places = {index.row() for index in self.view.selectionModel().selectedIndexes()}
        if places:
            self.model.remove(places)
            self._say(f"已移除 {len(places)} 条")
            self._changed()

    # Making.

    def _build(self) -> None:
        self.line.setPlaceholderText(f"写一条{self._main.label}，Enter 添加")
        self.line.setAccessibleName(f"添加{self.table.label}")
        self.view.setItemDelegate(ChildCellDelegate(self._session, self.model, self.view))
        self.view.setAccessibleName(self.table.label)
        self._set_widths()
        tools = QHBoxLayout()
        tools.setSpacing(theme.px(8))
        tools.addWidget(self.line, 1)
        tools.addWidget(self.remove_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(theme.px(8))
        whole.addLayout(tools)
        whole.addWidget(self.message)
        whole.addWidget(self.view)

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

    def _connect(self) -> None:
        self.line.done.connect(self._take)
        self.remove_button.clicked.connect(self.remove_selected)
        self.model.dataChanged.connect(lambda *_cells: self._changed())
        self.view.removed.connect(self.remove_selected)
        pasted = QShortcut(QKeySequence.StandardKey.Paste, self.view)
        pasted.setContext(Qt.ShortcutContext.WidgetShortcut)
        pasted.activated.connect(self.paste)

    # What happens.

    def _take(self) -> None:
        """Enter: add what was typed; without anything go on."""
        if self.add([self.line.text()]):
            self.line.clear()
            self._say("")
        else:
            self.advance.emit()

    def _changed(self, *, tell: bool = True) -> None:
        rows = self.model.rows
        words = [f"{len(rows)} 条"] if rows else ["还没有"]
        ticks = [item for item in self.table.fields if item.kind is Kind.YES_NO]
        words += [f"{item.label} {sum(bool(row.get(item.key)) for row in rows)}" for item in ticks if rows]
        self.count.setText("·".join(words))
        self.view.setVisible(bool(rows))
        self.view.setFixedHeight(theme.px(HEAD + ROW * min(MOST_ROWS, max(1, len(rows))) + 2))
        self.remove_button.setEnabled(bool(rows))
        if tell:
            self.edited.emit()

    def _say(self, words: str, tone: str = "2") -> None:
        self.message.setText(words)
        self.message.setVisible(bool(words))
        set_tone(self.message, tone)
