"""Editor for yes or no: a tick box with the field's name beside it."""

from __future__ import annotations

from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QCheckBox, QWidget

from xiaobao_desktop.domain.fields import Field, Value
from xiaobao_desktop.ui import theme
from xiaobao_desktop.ui.editors.base import Editor


class _Box(QCheckBox):
    """A tick box that lets the wheel pass."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The page scrolls."""
        event.ignore()


class YesNoEditor(Editor):
    """Ticked is yes; an empty value stays empty until the box is touched."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._start: Value = None
        self.box = _Box(field.label)
        self.box.setMinimumHeight(theme.px(32))
        self.box.clicked.connect(lambda _checked: self.edited.emit())
        self.use(self.box)

    def value(self) -> Value:
        """True or False; None when it was empty and is not ticked."""
        if self.box.isChecked():
            return True
        return None if self._start is None else False

    def set_value(self, value: Value) -> None:
        """Show a value."""
        self._start = value if isinstance(value, bool) else None
        self.box.setChecked(bool(value))

    def mark(self, wrong: bool) -> None:
        """A tick box has no border to turn red; the sentence below it says it all."""
