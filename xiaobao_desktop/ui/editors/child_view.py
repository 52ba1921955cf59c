"""The table in which child rows are looked at and edited."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from xiaobao_desktop.domain.fields import Kind
from xiaobao_desktop.ui import theme
from xiaobao_desktop.ui.models.child_model import ChildModel

ROW, HEAD, MOST_ROWS = 30, 32, 10
"""Pixels of the design sheet; more rows than these scroll."""
_WIDTHS = {Kind.YES_NO: 64, Kind.CHOICE: 150, Kind.LINK: 110}


class ChildView(QTableView):
    """Whole rows; Delete asks for their removal, Tab leaves the table."""

    removed = Signal()

    def __init__(self, model: ChildModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        side = self.verticalHeader()
        side.setDefaultSectionSize(theme.px(ROW))
        side.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        side.setMinimumWidth(theme.px(36))
        head = self.horizontalHeader()
        head.setFixedHeight(theme.px(HEAD))
        head.setHighlightSections(False)
        for column, item in enumerate(model.table.fields):
            if item.kind in _WIDTHS:
                self.setColumnWidth(column, theme.px(_WIDTHS[item.kind]))
            else:
                head.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete takes the selected rows away."""
        if event.key() == Qt.Key.Key_Delete and self.state() is not QAbstractItemView.State.EditingState:
            self.removed.emit()
            return
        super().keyPressEvent(event)
