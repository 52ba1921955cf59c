"""Editors for whole numbers and money. Money is exact: yuan as text, fen as integer, no floating point."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from xiaobao_desktop.domain.dates import read_number, tidy
from xiaobao_desktop.domain.fields import Field, Value
from xiaobao_desktop.domain.numbers import plain_decimal, yuan
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.editors.base import Editor
from xiaobao_desktop.ui.widgets.painting import draw_line_text

_LARGEST = 10**15
_LONGEST = 40


class _UnitLine(QLineEdit):
    """A line edit with its unit painted at the right end."""

    def __init__(self, unit: str) -> None:
        super().__init__()
        self._unit = unit
        self.setMaxLength(_LONGEST)
        self.setInputMethodHints(Qt.InputMethodHint.ImhPreferNumbers)
        if unit:
            self.setTextMargins(0, 0, theme.px(20), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line edit, then the unit."""
        super().paintEvent(event)
        if not self._unit:
            return
        painter = QPainter(self)
        painter.setFont(fonts.font(fonts.SECOND))
        area = QRect(0, 0, self.width() - theme.px(10), self.height())
        draw_line_text(painter, area, self._unit, theme.color("text2"), Qt.AlignmentFlag.AlignRight)
        painter.end()


class IntegerEditor(Editor):
    """A whole number; full-width digits and thousands marks are read."""

    unit = ""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.line = _UnitLine(self.unit)
        self.line.setPlaceholderText(field.hint)
        self.line.textEdited.connect(lambda _text: self.edited.emit())
        self.use(self.line)

    def value(self) -> Value:
        """The number, None for nothing or what is no number."""
        number = self._read()
        return number if isinstance(number, int) else None

    def set_value(self, value: Value) -> None:
        """Show a number."""
        self.line.setText(self.shown(value) if isinstance(value, int) else "" if value is None else str(value))

    def problem(self) -> str:
        """What keeps the text from being a number."""
        number = self._read()
        return number if isinstance(number, str) else ""

    def leaving(self) -> None:
        """Write the number in the usual way."""
        number = self._read()
        if isinstance(number, int) and self.line.text() != self.shown(number):
            self.line.setText(self.shown(number))

    def shown(self, value: int) -> str:
        """A number as written in the field."""
        return str(value)

    def exact(self, number: int | Decimal) -> int | None:
        """The number in the unit that is kept; None when it would have to be rounded."""
        return int(number) if number == int(number) else None

    def unfit(self, text: str) -> str:
        """The sentence for a number that would have to be rounded."""
        return f"“{text}”不是整数，{self.field.label}请填整数"

    def _read(self) -> int | str | None:
        """The number kept, a Chinese sentence when there is none to read, None for nothing."""
        text = tidy(self.line.text())
        reading = read_number(text)
        if reading.is_empty:
            return None
        if reading.value is None:
            return reading.problem
        exact = self.exact(reading.value)
        if exact is None:
            return self.unfit(text)
        return exact if abs(exact) < _LARGEST else f"“{text}”太大，请核对"


class MoneyEditor(IntegerEditor):
    """An amount typed in yuan (120, 1,200.50, 3.5万), kept in fen."""

    unit = "元"

    def shown(self, value: int) -> str:
        """Yuan with two decimals and thousands marks."""
        return yuan(value)

    def exact(self, number: int | Decimal) -> int | None:
        """Fen; None for parts of a fen."""
        fen = Decimal(number).scaleb(2)
        return int(fen) if fen == fen.to_integral_value() else None

    def unfit(self, text: str) -> str:
        """Amounts have two decimals."""
        return f"“{text}”多于两位小数，金额最多到分"


class DecimalEditor(MoneyEditor):
    """A number of at most two decimals (学时 1.5), kept in hundredths."""

    unit = ""

    def shown(self, value: int) -> str:
        """As short as it can be written."""
        return plain_decimal(value)

    def unfit(self, text: str) -> str:
        """Two decimals at most."""
        return f"“{text}”多于两位小数，{self.field.label}最多两位小数"
