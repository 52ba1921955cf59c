"""One field of a form: label and marks above, editor, and below it the error or the help sentence."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from xiaobao_desktop.domain.fields import Field, Grade, Kind
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.editors import Editor
from xiaobao_desktop.ui.widgets.cards import FieldError
from xiaobao_desktop.ui.widgets.labels import label, set_shown

STAGES: Final = {Grade.TO_CLOSE: "办结前", Grade.TO_FILE: "报送前"}
"""Until when fields of the later grades must be filled."""


class FieldCell(QWidget):
    """Label, editor and sentence of one field, aligned at the top."""

    def __init__(self, editor: Editor, *, required: bool | None = None) -> None:
        """Lay out ``editor``; ``required`` overrules the field's grade (a step kind says for itself)."""
        super().__init__()
        self.editor = editor
        self.field: Field = editor.field
        self.required = self.field.grade is Grade.TO_SAVE if required is None else required
        self._error = FieldError(self)
        self._help = label(self.field.help, fonts.HEADER, tone="3", wrap=True)
        set_shown(self._help, shown=bool(self.field.help))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(2))
        column.addLayout(self._head())
        column.addWidget(editor)
        column.addWidget(self._error)
        column.addWidget(self._help)

    def say(self, error: str) -> None:
        """Show what is wrong, or with an empty text the help again."""
        if error == self.error:
            return
        self._error.say(error)
        self.editor.mark(bool(error))
        self._help.setVisible(bool(self.field.help) and not error)
        self.editor.control.setAccessibleDescription(error or self.field.help or self.field.hint)

    @property
    def error(self) -> str:
        """What is said to be wrong at present."""
        return self._error.text

    def drop_head(self) -> None:
        """Give up the empty line above a tick box, in a row where no other field has a label."""
        self._title.hide()

    def _head(self) -> QHBoxLayout:
        """The line above the editor; a tick box carries its label itself and leaves the line empty."""
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(4))
        beside = self.field.kind is Kind.YES_NO
        title = self._title = label("" if beside else self.field.label, tone="2")
        title.setMinimumHeight(theme.px(20))
        title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        if not beside:
            title.setBuddy(self.editor.control)
        row.addWidget(title)
        if self.required:
            star = label("*", medium=True, tone="red")
            star.setAccessibleName("必填")
            row.addWidget(star)
        row.addStretch(1)
        if not self.required and not beside and (stage := STAGES.get(self.field.grade)):
            row.addWidget(label(stage, fonts.HEADER, tone="3"), 0, Qt.AlignmentFlag.AlignBottom)
        return row
