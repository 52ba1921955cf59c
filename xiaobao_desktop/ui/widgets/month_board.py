"""A month as a sheet of days with what is due on each; arrows go by day, PageUp and PageDown by month."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from xiaobao_desktop.domain.period import months_later
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.models.due_days import DAYS_OF_WEEK, WEEKDAYS, DueDay, MonthSheet
from xiaobao_desktop.ui.widgets.painting import draw_line_text, draw_pill, fill_round, pill_width

HEAD, LINE, PAD = 26, 20, 6
"""Pixels of the design sheet: the line of weekdays, a line in a day, its edge."""
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -DAYS_OF_WEEK, Qt.Key.Key_Down: DAYS_OF_WEEK}
_MONTHS = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}


class MonthBoard(QWidget):
    """Paints a :class:`MonthSheet`.

    Signals:
        moved: the day stood on changed; it may lie in another month.
        opened: Enter, or a click on a day with items; carries the day.
    """

    moved = Signal(object)
    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sheet: MonthSheet | None = None
        self.day = self.today = date(2000, 1, 1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_sheet(self, sheet: MonthSheet, day: date, today: date) -> None:
        """Show a month, standing on ``day``."""
        self.sheet, self.day, self.today = sheet, day, today
        entry = sheet.of(day)
        self.setAccessibleName(entry.spoken(today) if entry else "到期日历")
        self.update()

    def step_months(self, months: int) -> None:
        """Go some months on or back, to the same day or the last one of a shorter month."""
        self._stand_on(months_later(self.day, months))

    def sizeHint(self) -> QSize:
        """Takes the room there is."""
        return QSize(theme.px(600), theme.px(360))

    def minimumSizeHint(self) -> QSize:
        """A day number and its mark have to fit."""
        return QSize(theme.px(DAYS_OF_WEEK * 56), theme.px(HEAD + 6 * (LINE + 4)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk by day and month; Home and End go to the ends of the month; Enter opens the day."""
        key = Qt.Key(event.key())
        if key in _STEPS:
            self._stand_on(self.day + timedelta(days=_STEPS[key]))
        elif key in _MONTHS:
            self.step_months(_MONTHS[key])
        elif key == Qt.Key.Key_Home:
            self._stand_on(self.day.replace(day=1))
        elif key == Qt.Key.Key_End:
            self._stand_on(self.day.replace(day=calendar.monthrange(self.day.year, self.day.month)[1]))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit(self.day)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click stands on a day."""
        entry = self._entry_at(event.position())
        if entry is not None and event.button() == Qt.MouseButton.LeftButton:
            self._stand_on(entry.day)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a day with items opens it."""
        entry = self._entry_at(event.position())
        if entry is not None and entry.items and entry.day == self.day:
            self.opened.emit(self.day)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Weekdays, then the weeks."""
        if self.sheet is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(fonts.font(fonts.HEADER))
        for column, name in enumerate(WEEKDAYS):
            box = self._box(column, 0)
            head = QRect(box.left(), 0, box.width(), theme.px(HEAD))
            draw_line_text(painter, head.adjusted(theme.px(PAD), 0, 0, 0), f"周{name}", theme.color("text2"))
        for place, entry in enumerate(self.sheet.days):
            self._draw_day(painter, self._box(place % DAYS_OF_WEEK, place // DAYS_OF_WEEK), entry)
        painter.end()

    def _box(self, column: int, row: int) -> QRect:
        """Where a day stands; the pixels are shared out so that no gap is left at the edges."""
        weeks = len(self.sheet.days) // DAYS_OF_WEEK if self.sheet else 1
        top, height = theme.px(HEAD), self.height() - theme.px(HEAD)
        left, right = (self.width() * part // DAYS_OF_WEEK for part in (column, column + 1))
        upper, lower = (top + height * part // weeks for part in (row, row + 1))
        return QRect(left, upper, right - left, lower - upper)

    def _draw_day(self, painter: QPainter, box: QRect, entry: DueDay) -> None:
        inside = self.sheet is not None and entry.day.month == self.sheet.first.month
        if not entry.works:
            painter.fillRect(box, theme.color("alt"))
        painter.fillRect(QRect(box.left(), box.top(), box.width(), 1), theme.color("line"))
        if entry.day == self.day:
            edge = QRectF(box).adjusted(1.5, 2.5, -1.5, -1.5)
            fill_round(painter, edge, theme.color("tint"), theme.px(4))
            if self.hasFocus():
                painter.setPen(QPen(theme.color("accent"), 2))
                painter.drawRoundedRect(edge, theme.px(4), theme.px(4))
        room = box.adjusted(theme.px(PAD), theme.px(3), -theme.px(PAD), -theme.px(2))
        taken = self._draw_number(painter, room, entry, inside=inside)
        line = QRect(room.left() + taken, room.top(), room.width() - taken, theme.px(LINE))
        low = room.height() < theme.px(2 * LINE + 2)
        if entry.items and low:
            self._draw_mark(painter, line, entry, right=True)
            return
        painter.setFont(fonts.font(fonts.HEADER))
        ink = theme.color("text2" if entry.works else "red_text")
        draw_line_text(painter, line, entry.note, ink, Qt.AlignmentFlag.AlignRight)
        if entry.items:
            self._draw_items(painter, room, entry)

    def _draw_number(self, painter: QPainter, room: QRect, entry: DueDay, *, inside: bool) -> int:
        """Paint the number of the day; how much of the line it takes."""
        line = QRect(room.left(), room.top(), room.width(), theme.px(LINE))
        painter.setFont(fonts.font(medium=inside))
        text = str(entry.day.day) if entry.day.day > 1 else f"{entry.day.month}月1日"
        width = painter.fontMetrics().horizontalAdvance(text)
        ink = "text" if inside else "text3"
        if entry.day == self.today:
            disc = QRectF(line.left() - theme.px(3), line.top(), width + theme.px(6), line.height())
            fill_round(painter, disc, theme.color("accent"), theme.px(4))
            ink = "on_accent"
        draw_line_text(painter, line, text, theme.color(ink))
        return width + theme.px(8)

    def _draw_mark(self, painter: QPainter, area: QRect, entry: DueDay, *, right: bool = False) -> None:
        """How many items and how urgent."""
        words = entry.words if pill_width(entry.words) <= area.width() else entry.brief
        draw_pill(painter, area, words, entry.tone, right=right, solid=entry.solid)

    def _draw_items(self, painter: QPainter, room: QRect, entry: DueDay) -> None:
        """The mark, and under it the subjects as far as there is room."""
        mark = QRect(room.left(), room.top() + theme.px(LINE), room.width(), theme.px(LINE + 2))
        self._draw_mark(painter, mark, entry)
        painter.setFont(fonts.font(fonts.HEADER))
        top = mark.bottom() + theme.px(1)
        for item in entry.items:
            line = QRect(room.left(), top, room.width(), theme.px(LINE - 3))
            if line.bottom() > room.bottom():
                return
            draw_line_text(painter, line, item.subject, theme.color("text2"))
            top += line.height()

    def _entry_at(self, place: QPointF) -> DueDay | None:
        for number, entry in enumerate(self.sheet.days if self.sheet else ()):
            if self._box(number % DAYS_OF_WEEK, number // DAYS_OF_WEEK).contains(place.toPoint()):
                return entry
        return None

    def _stand_on(self, day: date) -> None:
        if day != self.day:
            self.day = day
            self.moved.emit(day)
            self.update()
