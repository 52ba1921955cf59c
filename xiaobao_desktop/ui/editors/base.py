"""What every field editor is: a control that shows a value, gives it back, and says when it cannot be read."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from xiaobao_desktop.domain.fields import Field, Value
from xiaobao_desktop.ui.widgets.cards import mark_wrong
from xiaobao_desktop.ui.widgets.picker_line import PickerLine, alt_digit

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Editor(QWidget):
    """The editor of one field.

    Signals:
        edited: what is typed or chosen has changed.
        left: the keyboard went elsewhere; now is the time to say what is wrong.
        advance: Enter asks for the next field.
    """

    edited = Signal()
    left = Signal()
    advance = Signal()

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self._control: QWidget = self
        self._enter_advances = True

    def value(self) -> Value:
        """The value, None for nothing; what cannot be read counts as nothing and has a :meth:`problem`."""
        raise NotImplementedError

    def set_value(self, value: Value) -> None:
        """Show a value; ``edited`` is not sent."""
        raise NotImplementedError

    def problem(self) -> str:
        """The Chinese sentence for a text that cannot be read; empty when all is well."""
        return ""

    @property
    def control(self) -> QWidget:
        """The widget that has the keyboard."""
        return self._control

    def mark(self, wrong: bool) -> None:
        """Put the red border round the control, or take it away."""
        mark_wrong(self._control, wrong)

    def use(self, control: QWidget, *, enter_advances: bool = True) -> None:
        """Make ``control`` fill the editor and have its keyboard.

        Args:
            control: the stock widget or picker.
            enter_advances: False when the control itself says when Enter asks for the next field.
        """
        self._control, self._enter_advances = control, enter_advances
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(control)
        control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        control.setAccessibleName(self.field.label)
        control.setAccessibleDescription(self.field.help or self.field.hint)
        control.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter goes on; losing the keyboard is told; the wheel never changes a value that has no keyboard."""
        kind = event.type()
        if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if self._is_enter(event):
                self.advance.emit()
                return True
            if alt_digit(event) is not None and not isinstance(self._control, PickerLine):
                # Alt+1–9 picks from lists; in a field without one it must not type the digit.
                event.ignore()
                return True
        if kind == QEvent.Type.FocusOut and isinstance(event, QFocusEvent):
            if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
                self.leaving()
                self.left.emit()
        elif kind == QEvent.Type.Wheel and not self._control.hasFocus():
            event.ignore()
            return True
        return False

    def leaving(self) -> None:
        """Tidy what was typed; runs before ``left`` is sent."""

    def _is_enter(self, event: QKeyEvent) -> bool:
        if not self._enter_advances or event.key() not in _ENTER:
            return False
        return event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
