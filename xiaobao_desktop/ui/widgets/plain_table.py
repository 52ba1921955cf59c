"""A short read-only table of the settings: whole rows are chosen, nothing is edited in place."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from xiaobao_desktop.ui import theme

LINE, MOST = 32, 8
"""Height of a row on the design sheet; rows shown before the table scrolls."""


class PlainTable(QTableWidget):
    """Read-only rows; Enter or a double click acts on the chosen one, Tab goes on to the buttons."""

    def __init__(self, name: str, heads: Sequence[str], stretched: int, opened: Callable[[], None]) -> None:
        """Make an empty table.

        Args:
            name: what it holds, for screen readers.
            heads: titles of the columns.
            stretched: the column that takes the rest of the width.
            opened: what Enter or a double click does.
        """
        super().__init__(0, len(heads))
        self._opened = opened
        self.setAccessibleName(name)
        self.setHorizontalHeaderLabels(list(heads))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setProperty("look", "plain")
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.px(LINE))
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(stretched, QHeaderView.ResizeMode.Stretch)
        self.doubleClicked.connect(lambda _index: opened())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter acts on the chosen row."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentRow() >= 0:
            self._opened()
        else:
            super().keyPressEvent(event)

    def fill(self, rows: Sequence[Sequence[str]], faded: Sequence[bool], least: int = 1) -> None:
        """Show rows, with room for at least ``least`` of them; faded ones no longer hold. The chosen row stays."""
        chosen = max(0, self.currentRow())
        self.setRowCount(len(rows))
        for place, texts in enumerate(rows):
            for column, words in enumerate(texts):
                item = QTableWidgetItem(words)
                item.setToolTip(words)
                item.setForeground(theme.color("text3" if faded[place] else "text"))
                self.setItem(place, column, item)
        if rows:
            self.selectRow(min(chosen, len(rows) - 1))
        self.setFixedHeight(theme.px(LINE * (min(max(len(rows), least), MOST) + 1)) + 2)
