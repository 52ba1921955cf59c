"""A label above an input with help or an error below it, for the few hand-made forms (first start, settings)."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.widgets.cards import FieldError, mark_wrong
from xiaobao_desktop.ui.widgets.labels import label


class LabelledField(QWidget):
    """A label above an input, with a sentence below it that turns into the error when there is one."""

    def __init__(
        self,
        title: str,
        editor: QWidget,
        *,
        required: bool = False,
        help_text: str = "",
        beside: QWidget | None = None,
    ) -> None:
        """Put them together; ``beside`` is a button at the right of the input."""
        super().__init__()
        self.editor = editor
        self.problem = FieldError()
        self.right = label("", fonts.SECOND, tone="2")
        self._help = label(help_text, fonts.SECOND, tone="2", wrap=True)
        editor.setAccessibleName(title)
        head = QHBoxLayout()
        head.setSpacing(theme.px(4))
        name = label(title, tone="2")
        name.setBuddy(editor)
        head.addWidget(name)
        if required:
            head.addWidget(label("*", tone="red", medium=True))
        head.addStretch(1)
        head.addWidget(self.right)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(4))
        column.addLayout(head)
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        row.addWidget(editor, 1)
        if beside is not None:
            row.addWidget(beside)
        column.addLayout(row, 1)
        column.addWidget(self._help)
        self._help.setVisible(bool(help_text))
        column.addWidget(self.problem)

    def complain(self, reason: str) -> None:
        """Show what is wrong ("" = nothing)."""
        mark_wrong(self.editor, bool(reason))
        self.problem.say(reason)
        self._help.setVisible(bool(self._help.text()) and not reason)


def at_left(control: QWidget) -> QWidget:
    """A control of its own width at the left of a row that takes the whole width."""
    box = QWidget()
    box.setFocusProxy(control)
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(control)
    row.addStretch(1)
    return box
