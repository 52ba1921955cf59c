"""Editor for a time of day: reads 14:20, 14：20, 1420, 14.20, 14点20分, 9点; keeps HH:MM."""

from __future__ import annotations

import re

from PySide6.QtWidgets import QLineEdit, QWidget

from xiaobao_desktop.domain.dates import tidy
from xiaobao_desktop.domain.fields import Field, Value
from xiaobao_desktop.ui.editors.base import Editor

_FORMS = (
    re.compile(r"(?P<half>上午|下午|晚上)?(?P<hour>\d{1,2})[:.点时](?:(?P<minute>\d{1,2})分?)?"),
    re.compile(r"(?P<half>上午|下午|晚上)?(?P<hour>\d{1,2})(?P<minute>\d\d)"),
)


def read_time(text: str) -> tuple[str | None, str]:
    """Read a time of day.

    Returns:
        (``HH:MM``, "") or (None, Chinese sentence); (None, "") for an empty text.
    """
    tidied = tidy(text).replace(" ", "")
    if not tidied:
        return None, ""
    for form in _FORMS:
        if match := form.fullmatch(tidied):
            hour, minute = int(match["hour"]), int(match["minute"] or 0)
            if match["half"] in ("下午", "晚上") and hour < 12:
                hour += 12
            if hour > 23:
                return None, f"“{text.strip()}”不是时间：没有 {hour} 时"
            if minute > 59:
                return None, f"“{text.strip()}”不是时间：没有 {minute} 分"
            return f"{hour:02d}:{minute:02d}", ""
    return None, f"“{text.strip()[:20]}”不是时间，请写成 14:20"


class TimeEditor(Editor):
    """A time of day, empty or HH:MM."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.line = QLineEdit()
        self.line.setMaxLength(20)
        self.line.setPlaceholderText(field.hint)
        self.line.textEdited.connect(lambda _text: self.edited.emit())
        self.use(self.line)

    def value(self) -> Value:
        """HH:MM, None for nothing."""
        return read_time(self.line.text())[0]

    def set_value(self, value: Value) -> None:
        """Show a time."""
        self.line.setText("" if value is None else str(value))

    def problem(self) -> str:
        """Why the text is no time."""
        return read_time(self.line.text())[1]

    def leaving(self) -> None:
        """Write the time as HH:MM."""
        value = self.value()
        if isinstance(value, str):
            self.line.setText(value)
