"""The question before a backup replaces the present book: which file, what happens to the old book, whose password."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QVBoxLayout, QWidget

from xiaobao_desktop.ui import fonts, help_key, theme
from xiaobao_desktop.ui.dialogs.confirm import ConfirmDialog
from xiaobao_desktop.ui.widgets.cards import FieldError, mark_wrong
from xiaobao_desktop.ui.widgets.labels import label
from xiaobao_desktop.ui.widgets.password_field import PasswordField

BACKUP_KINDS = "小保备份 (*.xbbak)"
"""What the dialog for choosing a file offers."""
_REPLACING = (
    "备份之后登记的内容不在里面。现在的账簿不会删除，整本移到一旁，在“数据”的“另存的旧账簿…”里看得到；"
    "备份先查验完好，才替换。"
)
_MAKING = "账簿将放在：{place}\n备份先查验完好，才恢复；备份文件不会改动。"


class RestoreDialog(ConfirmDialog):
    """Asks for the password of the backup (where it has one); ``secret`` is what was typed, None for demo books."""

    def __init__(
        self, file: Path, *, needs_password: bool, new_place: Path | None = None, parent: QWidget | None = None
    ) -> None:
        """Make the dialog.

        Args:
            file: the backup.
            needs_password: whether its book has one.
            new_place: folder of the book to be, where none is replaced.
            parent: owner.
        """
        self._needs_password = needs_password
        self.password = PasswordField("备份时的密码")
        self.problem = FieldError()
        extra = QWidget()
        column = QVBoxLayout(extra)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(4))
        column.addWidget(label("备份时的密码（或恢复密钥）", tone="2"))
        column.addWidget(self.password)
        column.addWidget(self.problem)
        column.addWidget(label("后来改过密码的，请用做备份那天的密码。", fonts.SECOND, tone="2", wrap=True))
        super().__init__(
            "用这个备份替换现在的账簿？" if new_place is None else "在这台电脑上恢复这个备份？",
            f"备份文件：{file.name}\n{_REPLACING if new_place is None else _MAKING.format(place=new_place)}",
            yes="恢复这个备份",
            danger=new_place is None,
            extra=extra if needs_password else None,
            parent=parent,
        )
        help_key.bind(self, "backup")
        if needs_password:
            # Whoever has typed the password means it: Enter must not take the way back.
            self.yes_button.setDefault(True)
            self.password.setFocus()
            self.password.textEdited.connect(lambda _text: self._complain(""))

    @property
    def secret(self) -> str | None:
        """What was typed; None where no password is needed."""
        return self.password.text() if self._needs_password else None

    def accept(self) -> None:
        """Go on when a password was typed."""
        if self._needs_password and not self.password.text():
            self._complain("请输入备份时的密码")
            return
        super().accept()

    def _complain(self, reason: str) -> None:
        mark_wrong(self.password, bool(reason))
        self.problem.say(reason)
        self.fit()
