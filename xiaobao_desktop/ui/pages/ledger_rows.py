"""The child rows of an opened record, such as the attendees of a training: a line of counts and the rows."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from xiaobao_desktop.domain.fields import ChildTable, Field, Kind, Ledger, Record, Values
from xiaobao_desktop.services import listing, roster
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.widgets.buttons import LINK, button
from xiaobao_desktop.ui.widgets.labels import label

FIRST = 6
"""Rows shown before all are asked for."""


class ChildRows(QWidget):
    """The rows of one child table."""

    def __init__(self, session: Session, table: ChildTable, rows: tuple[Values, ...]) -> None:
        super().__init__()
        self._session, self._table, self._rows = session, table, rows
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.px(10))
        self._grid.setVerticalSpacing(theme.px(4))
        self.more: QPushButton | None = None
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(theme.px(6))
        whole.addLayout(self._head())
        whole.addLayout(self._grid)
        self._fill(rows[:FIRST])

    def show_all(self) -> None:
        """Show every row."""
        if self.more is not None:
            self.more.hide()
            self.more = None
        self._fill(self._rows)

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.px(6))
        row.addWidget(label(self._table.label, medium=True, tone="2"))
        row.addWidget(label(self._counts(), fonts.SECOND, tone="2"))
        row.addStretch(1)
        if len(self._rows) > FIRST:
            self.more = button(f"全部 {len(self._rows)} {self._unit()}", LINK)
            self.more.clicked.connect(self.show_all)
            row.addWidget(self.more)
        return row

    def _counts(self) -> str:
        words = [f"{len(self._rows)} {self._unit()}"]
        ticks = [item for item in self._table.fields if item.kind is Kind.YES_NO]
        words += [f"{item.label} {sum(bool(row.get(item.key)) for row in self._rows)}" for item in ticks]
        return "·".join(words)

    def _unit(self) -> str:
        link = roster.link_field(self._table)
        return next((item.unit for item in self._session.ledgers if link and item.key == link.options), "条")

    def _fill(self, rows: tuple[Values, ...]) -> None:
        for place in reversed(range(self._grid.count())):
            item = self._grid.takeAt(place)
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        if roster.link_field(self._table) is None:
            for number, row in enumerate(rows):
                self._grid.addWidget(self._told(row), number, 0)
            return
        for number, row in enumerate(rows):
            for column, field in enumerate(self._table.fields):
                self._grid.addWidget(self._cell(field, row), number, column, Qt.AlignmentFlag.AlignTop)
        self._grid.setColumnStretch(len(self._table.fields) - 1, 1)

    def _told(self, row: Values) -> QWidget:
        """A row that stands for itself: its words over the line, all else below them."""
        main = next(item for item in self._table.fields if item.kind in (Kind.TEXT, Kind.LONG_TEXT))
        texts = {item.key: listing.display(self._session, item, row.get(item.key)) for item in self._table.fields}
        rest = [
            (item.label if row.get(item.key) else f"未{item.label.removeprefix('已')}")
            if item.kind is Kind.YES_NO
            else f"{item.label} {texts[item.key]}"
            for item in self._table.fields
            if item is not main and (item.kind is Kind.YES_NO or texts[item.key])
        ]
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, theme.px(2), 0, theme.px(4))
        column.setSpacing(theme.px(2))
        column.addWidget(label(texts[main.key], wrap=True))
        if rest:
            column.addWidget(label("·".join(rest), fonts.SECOND, tone="2", wrap=True))
        return box

    def _cell(self, field: Field, row: Values) -> QLabel:
        text = listing.display(self._session, field, row.get(field.key))
        if field.kind is Kind.YES_NO:
            text = field.label if row.get(field.key) else f"未{field.label}"
        made = label(text, tone="" if field.kind is Kind.LINK else "2")
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        return made


def child_blocks(session: Session, ledger: Ledger, record: Record) -> list[QWidget]:
    """The rows of the tables that the form edits as tables; nothing where there are none."""
    found: list[QWidget] = []
    for table in ledger.children:
        rows = record.children.get(table.key, ())
        if table.edited == "table" and rows:
            found.append(ChildRows(session, table, tuple(rows)))
    return found
