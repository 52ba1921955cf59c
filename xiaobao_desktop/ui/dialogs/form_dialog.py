"""A dialog that is filled in and saved: a title over fields that scroll, 取消 and 保存 below a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from PySide6.QtWidgets import QDialog, QLayout, QVBoxLayout, QWidget

from xiaobao_desktop.errors import UserError
from xiaobao_desktop.ui import fonts, help_key, theme
from xiaobao_desktop.ui.dialogs.error_dialog import show_user_error
from xiaobao_desktop.ui.dialogs.form_foot import over_foot, save_foot
from xiaobao_desktop.ui.dialogs.leave import may_leave
from xiaobao_desktop.ui.widgets.cards import scrolling
from xiaobao_desktop.ui.widgets.labels import label

Kept = TypeVar("Kept")


class FormDialog(QDialog, Generic[Kept]):
    """The frame and what all such dialogs do; each makes its fields and ends its making with ``_lay_out``.

    Attributes:
        what: what is filled in, as the question before leaving names it.
        changed: what was kept or changed; None until it was.
        content: what scrolls.
    """

    what = ""
    changed: Kept | None

    def __init__(self, topic: str, parent: QWidget | None = None) -> None:
        """Make it; ``topic`` is what F1 explains."""
        super().__init__(parent)
        help_key.bind(self, topic)
        self.changed = None
        self.content = QWidget()

    def save(self) -> None:
        """保存: keep what is entered and close, or say what is wrong."""
        raise NotImplementedError

    def is_touched(self) -> bool:
        """Whether something typed would be lost by leaving."""
        raise NotImplementedError

    def reject(self) -> None:
        """Ask when something typed would be lost."""
        if may_leave([self.what] if self.is_touched() else [], self):
            super().reject()

    def _keep(self, put: Callable[[], Kept]) -> None:
        """Do what keeps it and close; an error of the officer's world is told and leaves the dialog open."""
        try:
            self.changed = put()
        except UserError as error:
            show_user_error(error, self)
            return
        self.accept()

    def _lay_out(self, title: str, parts: Sequence[QWidget | QLayout], heading: str = "") -> None:
        """Fill the dialog.

        Args:
            title: of the window.
            parts: below each other.
            heading: large above them; the title by default.
        """
        self.setWindowTitle(title)
        column = QVBoxLayout(self.content)
        edge = theme.px(20)
        column.setContentsMargins(edge, theme.px(16), edge, theme.px(16))
        column.setSpacing(theme.px(12))
        column.addWidget(label(heading or title, fonts.PAGE_TITLE, medium=True))
        for part in parts:
            if isinstance(part, QWidget):
                column.addWidget(part)
            else:
                column.addLayout(part)
        column.addStretch(1)
        foot, self.save_button = save_foot(self, self.save)
        over_foot(self, scrolling(self.content, self), foot)
