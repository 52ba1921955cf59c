"""A question before something that is not easily undone: what will happen, and a button that names the verb."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QWidget

from xiaobao_desktop.ui import theme
from xiaobao_desktop.ui.dialogs import framed
from xiaobao_desktop.ui.widgets import buttons
from xiaobao_desktop.ui.widgets.cards import icon_disc
from xiaobao_desktop.ui.widgets.labels import label


class ConfirmDialog(QDialog):
    """Title, explanation, an optional input below, and two buttons with verbs; Esc is always the harmless one."""

    def __init__(
        self,
        title: str,
        text: str,
        *,
        yes: str,
        no: str = "取消",
        danger: bool = False,
        extra: QWidget | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """Make the dialog.

        Args:
            title: the question in a few words.
            text: what will happen and what stays safe.
            yes: verb of the action.
            no: verb of the way back.
            danger: the action deletes or replaces something; its button is red and not the default.
            extra: a widget between text and buttons, such as a password field.
            parent: owner.
        """
        super().__init__(parent)
        self.setWindowTitle("小保")
        self.setFixedWidth(theme.px(480))
        self.yes_button = buttons.button(yes, buttons.DANGER if danger else buttons.PRIMARY)
        self.no_button = buttons.button(no)
        disc = icon_disc("triangle-alert", "amber") if danger else icon_disc("circle-question-mark", "blue")
        words = (label(title, 12, medium=True, wrap=True), label(text, tone="2", wrap=True))
        framed.lay_out(self, disc, words, (self.no_button, self.yes_button), extra)
        self.yes_button.clicked.connect(self.accept)
        self.no_button.clicked.connect(self.reject)
        default = self.no_button if danger else self.yes_button
        default.setDefault(True)
        if extra is None:
            default.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        """Take the height that the wrapped words need."""
        super().showEvent(event)
        self.fit()

    def fit(self) -> None:
        """Be as high as the contents need; to be called when a sentence appears or goes."""
        framed.fit(self)


def confirm(parent: QWidget | None, title: str, text: str, *, yes: str, no: str = "取消", danger: bool = False) -> bool:
    """Ask, and return whether the officer chose ``yes``; arguments as for :class:`ConfirmDialog`."""
    dialog = ConfirmDialog(title, text, yes=yes, no=no, danger=danger, parent=parent)
    chosen = dialog.exec() == QDialog.DialogCode.Accepted
    dialog.deleteLater()
    return chosen
