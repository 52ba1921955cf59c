"""Which of several papers of a report is shown: which campaign, which ledger, which table."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from xiaobao_desktop.services.report_kind import Subject
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.widgets.labels import hairline, label, set_shown
from xiaobao_desktop.ui.widgets.period_selector import QuietCombo


class SubjectBar(QWidget):
    """A row above the preview with the choice; hidden for a report that is one paper. ``chosen``: another one."""

    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.list = QuietCombo(self)
        self.list.setAccessibleName("内容")
        self.list.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.list.setMaxVisibleItems(14)
        self.list.currentIndexChanged.connect(lambda _index: self.chosen.emit())
        row = QHBoxLayout()
        row.setContentsMargins(theme.px(14), theme.px(5), theme.px(14), theme.px(5))
        row.setSpacing(theme.px(8))
        row.addWidget(label("内容", fonts.SECOND, tone="2"))
        row.addWidget(self.list, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(hairline())
        self.hide()

    @property
    def key(self) -> str:
        """Key of the chosen subject, "" for none."""
        return str(self.list.currentData() or "")

    def offer(self, subjects: Sequence[Subject], chosen: str = "") -> None:
        """Show these subjects and choose one, without sending ``chosen``."""
        have = [(self.list.itemData(place), self.list.itemText(place)) for place in range(self.list.count())]
        with QSignalBlocker(self.list):
            if have != [(item.key, item.label) for item in subjects]:
                self.list.clear()
                for item in subjects:
                    self.list.addItem(item.label, item.key)
            self.list.setCurrentIndex(self.list.findData(chosen))
        set_shown(self, shown=bool(subjects))
