"""An input field for passwords with an eye to show them, and what to say about a new password."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QWidget

from xiaobao_desktop.services import credentials
from xiaobao_desktop.services.books import PASSWORD_LENGTH
from xiaobao_desktop.ui import icons

_LONG = 12


class PasswordField(QLineEdit):
    """Dots instead of letters; the eye at the right shows them while it is switched on."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """Make the field; ``name`` is its accessible name."""
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoAutoUppercase
            | Qt.InputMethodHint.ImhNoPredictiveText
        )
        self.eye = QAction(self)
        self.eye.setCheckable(True)
        self.eye.toggled.connect(self.show_letters)
        self.addAction(self.eye, QLineEdit.ActionPosition.TrailingPosition)
        self.show_letters(False)

    def show_letters(self, shown: bool) -> None:
        """Show or hide what was typed."""
        self.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self.eye.setText("隐藏" if shown else "显示")
        self.eye.setToolTip("隐藏密码" if shown else "显示密码")
        icons.put(self.eye, "eye" if shown else "eye-off")


def password_problem(password: str, again: str) -> str:
    """Why a new password cannot be taken yet, as a Chinese sentence; "" when it can."""
    weakness = credentials.password_weakness(password)
    if weakness:
        return weakness
    if not again:
        return "请把密码再填一遍"
    if password != again:
        return "两次填的密码不一样"
    return ""


def password_advice(password: str) -> str:
    """A sentence on how good a password is, "" while it is too short to tell."""
    if len(password) < PASSWORD_LENGTH:
        return ""
    if password.isdigit():
        return "可以用，但全是数字容易猜到；加几个字母会好得多"
    if len(password) >= _LONG:
        return "很好，够长，不容易猜到"
    return f"可以用；到 {_LONG} 位以上更稳妥"
