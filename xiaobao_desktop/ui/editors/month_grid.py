"""A month to pick a day from, drawn in the window's own look; it hangs below a date field and takes no keyboard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from xiaobao_desktop.domain.period import months_later
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.widgets.buttons import GHOST, button, icon_button
from xiaobao_desktop.ui.widgets.choice_popup import PopupFrame
from xiaobao_desktop.ui.widgets.labels import label

WEEKDAYS = "一二三四五六日"
_CELL, _COLUMNS, _ROWS = 34, 7, 7
_WEEKEND = 5


class _Days(QWidget):
    """The days of one month under a line of weekday names."""

    clicked = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.first, self.chosen, self.today = date(2000, 1, 1), date(2000, 1, 1), date(2000, 1, 1)
        self.setFixedSize(theme.px(_CELL) * _COLUMNS, theme.px(_CELL) * _ROWS)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_month(self, chosen: date, today: date) -> None:
        """Draw the month of ``chosen``."""
        self.chosen, self.today = chosen, today
        first = chosen.replace(day=1)
        self.first = first - timedelta(days=first.weekday())
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click takes a day."""
        day = self._day_at(event.position())
        if day is not None and event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit(day)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Weekday names, then six weeks."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = theme.px(_CELL)
        painter.setFont(fonts.font(fonts.HEADER))
        painter.setPen(theme.color("text2"))
        for column, name in enumerate(WEEKDAYS):
            painter.drawText(QRect(column * side, 0, side, side), Qt.AlignmentFlag.AlignCenter, name)
        painter.setFont(fonts.font())
        for number in range(_COLUMNS * (_ROWS - 1)):
            box = QRect(number % _COLUMNS * side, (number // _COLUMNS + 1) * side, side, side)
            self._draw_day(painter, box, self.first + timedelta(days=number))
        painter.end()

    def _draw_day(self, painter: QPainter, box: QRect, day: date) -> None:
        ink = "text" if day.month == self.chosen.month else "text3"
        disc = QRectF(box).adjusted(3, 3, -3, -3)
        if day == self.chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent"))
            painter.drawRoundedRect(disc, theme.px(6), theme.px(6))
            ink = "on_accent"
        elif day == self.today:
            painter.setPen(QPen(theme.color("accent"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(disc, theme.px(6), theme.px(6))
            ink = "link"
        elif day.weekday() >= _WEEKEND and ink == "text":
            ink = "text2"
        painter.setPen(theme.color(ink))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(day.day))

    def _day_at(self, place: QPointF) -> date | None:
        side = theme.px(_CELL)
        column, row = int(place.x()) // side, int(place.y()) // side - 1
        inside = 0 <= column < _COLUMNS and 0 <= row < _ROWS - 1
        return self.first + timedelta(days=row * _COLUMNS + column) if inside else None


class MonthPopup(PopupFrame):
    """A month below a date field; ``picked`` carries the day clicked."""

    picked = Signal(object)

    def __init__(self, anchor: QWidget, today: Callable[[], date]) -> None:
        """Make the month of the field ``anchor``; ``today`` is asked each time it opens."""
        super().__init__(anchor)
        self._today = today
        self._days = _Days(self)
        self._days.clicked.connect(self.picked)
        self._title = label("", fonts.CARD_TITLE, medium=True)
        head = QHBoxLayout()
        head.setContentsMargins(theme.px(8), 0, 0, 0)
        head.addWidget(self._title, 1)
        for name, tip, months in (("chevron-left", "上个月", -1), ("chevron-right", "下个月", 1)):
            arrow = icon_button(name, tip)
            arrow.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            arrow.clicked.connect(lambda _checked=False, by=months: self.step_months(by))
            head.addWidget(arrow)
        now = button("今天", GHOST)
        now.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        now.clicked.connect(lambda: self.picked.emit(self._today()))
        head.addWidget(now)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(8), theme.px(8), theme.px(8), theme.px(8))
        column.addLayout(head)
        column.addWidget(self._days)

    @property
    def day(self) -> date:
        """The day stood on."""
        return self._days.chosen

    def open_at(self, day: date) -> None:
        """Open standing on ``day``."""
        self._stand_on(day)
        wanted = self.sizeHint()
        edges = self.contentsMargins()
        self.open_below(wanted.width() - edges.left() * 2, wanted.height() - edges.top() * 2, wanted.height())

    def step(self, days: int) -> None:
        """Go some days on or back."""
        self._stand_on(self.day + timedelta(days=days))

    def step_months(self, months: int) -> None:
        """Go some months on or back, to the same day or the last one of a shorter month."""
        self._stand_on(months_later(self.day, months))

    def _stand_on(self, day: date) -> None:
        self._days.show_month(day, self._today())
        self._title.setText(f"{day.year}年{day.month}月")
