"""A small painted line of the year's months beside last year's; painted by hand, so that no chart library loads."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from xiaobao_desktop.ui import fonts, theme

HEIGHT, TOP, FOOT, LEFT, RIGHT = 122, 28, 20, 13, 38


class TrendLine(QWidget):
    """Head with the key, two lines over twelve months, the last values written at the right."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        self._year = 0
        self._now: tuple[int, ...] = ()
        self._before: tuple[int, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumHeight(theme.px(HEIGHT))

    def show_years(self, year: int, this_year: Sequence[int], last_year: Sequence[int]) -> None:
        """Show the months of ``year`` so far and those of the year before."""
        self._year, self._now, self._before = year, tuple(this_year), tuple(last_year)
        months = "，".join(f"{place}月{count}" for place, count in enumerate(self._now, start=1))
        self.setAccessibleName(f"{self._title}：{months}")
        self.update()

    def sizeHint(self) -> QSize:
        """As high as on the design sheet."""
        return QSize(theme.px(200), theme.px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint head, baseline, months and both lines."""
        if not self._now:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._head(painter)
        foot = self.height() - theme.px(FOOT)
        painter.setPen(QPen(theme.color("button_edge"), 1))
        # Up to the last point: the values behind it stand free.
        painter.drawLine(QPointF(theme.px(LEFT), foot + 0.5), QPointF(self._x(len(self._now) - 1), foot + 0.5))
        self._months(painter, foot)
        months = len(self._now)
        self._line(painter, self._before[:months], QPen(theme.color("last_year"), 1.2, Qt.PenStyle.DashLine))
        self._line(painter, self._now, QPen(theme.color("bar_hover"), 2.25))
        self._ends(painter, months)

    def _head(self, painter: QPainter) -> None:
        painter.setFont(fonts.font(fonts.SECOND))
        painter.setPen(theme.color("text2"))
        room = QRectF(0, 0, self.width(), theme.px(20))
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self._title)
        painter.setFont(fonts.font(fonts.HEADER))
        right = float(self.width())
        for year, token, dashed in ((self._year - 1, "last_year", True), (self._year, "bar_hover", False)):
            wide = painter.fontMetrics().horizontalAdvance(str(year))
            painter.setPen(theme.color("text2"))
            painter.drawText(QRectF(right - wide, 0, wide, theme.px(20)), Qt.AlignmentFlag.AlignVCenter, str(year))
            style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
            painter.setPen(QPen(theme.color(token), 1.2 if dashed else 2.25, style))
            middle = theme.px(20) / 2 + 1
            painter.drawLine(QPointF(right - wide - theme.px(18), middle), QPointF(right - wide - theme.px(7), middle))
            right -= wide + theme.px(32)

    def _months(self, painter: QPainter, foot: int) -> None:
        painter.setFont(fonts.font(8.5))
        painter.setPen(theme.color("text2"))
        last = len(self._now) - 1
        step = 1 if last < 5 else 2
        for place in range(last % step, last + 1, step):
            room = QRectF(self._x(place) - theme.px(20), foot, theme.px(40), theme.px(FOOT))
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, f"{place + 1}月")

    def _line(self, painter: QPainter, values: Sequence[int], pen: QPen) -> None:
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF([self._point(place, value) for place, value in enumerate(values)]))

    def _ends(self, painter: QPainter, months: int) -> None:
        """The value of this month at its point, and last year's under or over it."""
        now, before = self._now[-1], self._before[months - 1]
        point = self._point(months - 1, now)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("bar_hover"))
        painter.drawEllipse(point, theme.px(4), theme.px(4))
        here, there = self.end_heights()
        self._value(painter, now, QPointF(point.x(), here), theme.color("bar_hover"), medium=True)
        self._value(painter, before, QPointF(point.x(), there), theme.color("text2"), medium=False)

    def end_heights(self) -> tuple[float, float]:
        """Where the two values at the ends stand: this year's and last year's, apart, clear of head and months."""
        place = len(self._now) - 1
        now, before = self._now[-1], self._before[place]
        here, there = self._point(place, now).y(), self._point(place, before).y()
        apart = float(theme.px(15))
        if abs(there - here) >= apart:
            return here, there
        lowest = self.height() - theme.px(FOOT) - theme.px(4)
        upper = max(min(max(here, there), lowest) - apart, float(theme.px(TOP + 4)))
        return (upper, upper + apart) if before <= now else (upper + apart, upper)

    def _value(self, painter: QPainter, value: int, at: QPointF, ink: QColor, *, medium: bool) -> None:
        painter.setFont(fonts.font(fonts.BODY if medium else fonts.HEADER, medium=medium))
        painter.setPen(ink)
        room = QRectF(at.x() + theme.px(8), at.y() - theme.px(12), theme.px(RIGHT), theme.px(20))
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, str(value))

    def _x(self, place: int) -> float:
        left, right = theme.px(LEFT), self.width() - theme.px(RIGHT)
        return left + (right - left) * place / max(1, len(self._now) - 1)

    def _point(self, place: int, value: int) -> QPointF:
        most = max(*self._now, *self._before, 1)
        top, foot = theme.px(TOP + 4), self.height() - theme.px(FOOT)
        return QPointF(self._x(place), foot - (foot - top) * value / most)
