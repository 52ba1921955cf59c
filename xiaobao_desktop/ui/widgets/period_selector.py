"""‹ 2026年10月 ›: choosing the period of a report by stepping or from a list."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from xiaobao_desktop.domain.period import Period, parse_period, period_of
from xiaobao_desktop.ui import theme
from xiaobao_desktop.ui.widgets import buttons

LISTED = 36
"""How many periods the list offers, the newest first."""


class QuietCombo(QComboBox):
    """A combo box that the mouse wheel does not change by chance."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()


class PeriodSelector(QWidget):
    """Steps through periods of one length; ``chosen`` carries the new :class:`Period`."""

    chosen = Signal(object)

    def __init__(self, today: date, months: int = 1, parent: QWidget | None = None) -> None:
        """Offer periods of ``months`` months up to the one that holds ``today``; the one before is chosen first."""
        super().__init__(parent)
        self._today = today
        self.previous_button = buttons.icon_button("chevron-left", "前一期")
        self.next_button = buttons.icon_button("chevron-right", "后一期")
        self.list = QuietCombo(self)
        self.list.setAccessibleName("期间")
        self.list.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.list.setMaxVisibleItems(12)
        self.list.setMinimumWidth(theme.px(128))
        self.list.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(2))
        row.addWidget(self.previous_button)
        row.addWidget(self.list)
        row.addWidget(self.next_button)
        QWidget.setTabOrder(self.previous_button, self.list)
        QWidget.setTabOrder(self.list, self.next_button)
        self.list.currentIndexChanged.connect(lambda _index: self._changed())
        self.previous_button.clicked.connect(lambda: self.list.setCurrentIndex(self.list.currentIndex() + 1))
        self.next_button.clicked.connect(lambda: self.list.setCurrentIndex(self.list.currentIndex() - 1))
        self.set_length(months)

    @property
    def period(self) -> Period:
        """The chosen period."""
        return parse_period(str(self.list.currentData()))

    def set_length(self, months: int) -> None:
        """Offer periods of another length (1, 3, 6 or 12 months)."""
        with QSignalBlocker(self.list):
            self.list.clear()
            period = period_of(self._today, months)
            for _place in range(LISTED if months == 1 else LISTED // 3):
                self.list.addItem(period.title, period.code)
                period = period.before()
            self.list.setCurrentIndex(1)
        self._show_ends()

    def choose(self, period: Period) -> None:
        """Turn to ``period``, which is added to the list when it lies further back."""
        at = self.list.findData(period.code)
        if at < 0:
            with QSignalBlocker(self.list):
                self.list.addItem(period.title, period.code)
            at = self.list.count() - 1
        self.list.setCurrentIndex(at)

    def _changed(self) -> None:
        self._show_ends()
        self.chosen.emit(self.period)

    def _show_ends(self) -> None:
        self.previous_button.setEnabled(self.list.currentIndex() < self.list.count() - 1)
        self.next_button.setEnabled(self.list.currentIndex() > 0)
