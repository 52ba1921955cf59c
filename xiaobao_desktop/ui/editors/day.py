"""Editor for a day that may be empty: reads what people write (2026.3.5, 3月5日, 今天), shows the weekday beside it.

Alt+↓ or the icon opens a month; arrow keys, PageUp/PageDown, Enter and Esc work in it; the field keeps the keyboard.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from PySide6.QtCore import QEvent, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from xiaobao_desktop.domain.dates import DateHints, Reading, read_date, tidy
from xiaobao_desktop.domain.fields import Field, Value
from xiaobao_desktop.ui import icons, theme
from xiaobao_desktop.ui.editors.base import Editor
from xiaobao_desktop.ui.editors.month_grid import WEEKDAYS, MonthPopup
from xiaobao_desktop.ui.widgets.painting import draw_line_text

Today = Callable[[], date]
_NEAR = {"今天": 0, "今日": 0, "昨天": -1, "昨日": -1, "前天": -2, "明天": 1, "后天": 2}
_SHOWN = {0: "今天", -1: "昨天", 1: "明天"}


def read_day(text: str, today: date) -> Reading[date]:
    """Read a day typed in a form, where the reading is shown at once and so need not be asked about.

    A day without a year is of this year; two digits are a year of this century; "3/5/2026" stays a question.
    """
    word = tidy(text)
    if word in _NEAR:
        return Reading(today + timedelta(days=_NEAR[word]))
    return read_date(text, hints=DateHints(year=today.year, short_year=True))


def day_hint(day: date, today: date) -> str:
    """今天, 昨天, 明天 or the weekday."""
    return _SHOWN.get((day - today).days, f"周{WEEKDAYS[day.weekday()]}")


class _DayLine(QLineEdit):
    """The line edit of a day, with its month."""

    opened = Signal()

    def __init__(self, today: Today) -> None:
        super().__init__()
        self._today = today
        self.month = MonthPopup(self, today)
        self.month.picked.connect(self._take)
        self.setMaxLength(30)
        self.setTextMargins(0, 0, theme.px(22), 0)
        self.setInputMethodHints(Qt.InputMethodHint.ImhPreferNumbers)

    def reading(self) -> Reading[date]:
        """What the text says."""
        return read_day(self.text(), self._today())

    def write(self, day: date | None) -> None:
        """Show a day in the usual way."""
        self.setText(day.isoformat() if day else "")

    def event(self, event: QEvent) -> bool:
        """Keep keys of the open month from the shortcuts of the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self.month.isVisible():
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys of the month while it is open; Alt+↓ opens it."""
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if self.month.isVisible() and self._month_key(Qt.Key(event.key())):
            event.accept()
        elif event.key() == Qt.Key.Key_Down and alt:
            self.open_month()
            event.accept()
        else:
            super().keyPressEvent(event)
            if self.month.isVisible():
                self.month.dismiss()

    def _month_key(self, key: Qt.Key) -> bool:
        days = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}
        months = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
        if key in days:
            self.month.step(days[key])
        elif key in months:
            self.month.step_months(months[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(self.month.day)
        elif key == Qt.Key.Key_Escape:
            self.month.dismiss()
        else:
            return False
        return True

    def open_month(self) -> None:
        """Open the month of the day typed, or of today."""
        self.month.open_at(self.reading().value or self._today())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on the icon opens or closes the month."""
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and event.position().x() > self.width() - theme.px(32):
            if self.month.isVisible():
                self.month.dismiss()
            else:
                self.open_month()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Mark the whole text when the keyboard comes by Tab or Enter."""
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.MouseFocusReason:
            self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Close the month."""
        super().focusOutEvent(event)
        self.month.dismiss()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls the page, never the day."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The text, the weekday behind it, the icon at the right."""
        super().paintEvent(event)
        painter = QPainter(self)
        side = theme.px(16)
        box = QRectF(self.width() - side - theme.px(9), (self.height() - side) / 2, side, side)
        icons.draw(painter, box, "calendar", "text2")
        day = self.reading().value
        if day is not None and self.text().strip():
            left = theme.px(12) + self.fontMetrics().horizontalAdvance(self.text()) + theme.px(14)
            typed = self.text().strip() != day.isoformat()
            words = f"{day.isoformat()} {day_hint(day, self._today())}" if typed else day_hint(day, self._today())
            area = QRect(left, 0, int(box.left()) - left - theme.px(4), self.height())
            painter.setFont(self.font())
            if painter.fontMetrics().horizontalAdvance(words) <= area.width():
                draw_line_text(painter, area, words, theme.color("text3" if typed else "text2"))
        painter.end()

    def _take(self, day: date) -> None:
        self.write(day)
        self.month.dismiss()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.textEdited.emit(self.text())


class DateEditor(Editor):
    """A day, empty or ISO text."""

    def __init__(self, field: Field, today: Today, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.line = _DayLine(today)
        self.line.setPlaceholderText(field.hint)
        self.line.textEdited.connect(lambda _text: self.edited.emit())
        self.use(self.line)

    def value(self) -> Value:
        """ISO text, None for nothing or what cannot be read."""
        day = self.line.reading().value
        return day.isoformat() if day else None

    def set_value(self, value: Value) -> None:
        """Show a day."""
        self.line.setText("" if value is None else str(value))

    def problem(self) -> str:
        """Why the text is no day, or what must be asked about it."""
        reading = self.line.reading()
        return reading.problem or reading.ask

    def leaving(self) -> None:
        """Write the day in the usual way."""
        day = self.line.reading().value
        if day is not None:
            self.line.write(day)

    def _is_enter(self, event: QKeyEvent) -> bool:
        """Enter belongs to the month while that is open."""
        return not self.line.month.isVisible() and super()._is_enter(event)
