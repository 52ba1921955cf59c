"""Taking the last operation back from the window: asks when many records are touched, tells refusals."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import undo
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.bus import bus

_MANY = 20
_LONGEST = 28
_EDITORS = (QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox)


def status_words(session: Session) -> str:
    """Words for the status bar: what Ctrl+Z would take back, "" for nothing."""
    name = undo.last_operation(session)
    if name is None:
        return ""
    short = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
    return f"可撤销：{short}（Ctrl+Z）"


def is_typing() -> bool:
    """Whether an editor has the keyboard: its own undo comes first."""
    return isinstance(QApplication.focusWidget(), _EDITORS)


def undo_last(session: Session, parent: QWidget) -> str:
    """Take the last operation back and announce what changed; its name, "" when nothing was taken back."""
    from xiaobao_desktop.ui.dialogs.error_dialog import show_user_error

    try:
        found = undo.look(session)
        if found is None:
            return ""
        if found.records > _MANY and not _many_allowed(session, found, parent):
            return ""
        done = undo.undo(session)
    except UserError as error:
        show_user_error(error, parent)
        return ""
    bus().announce(done.changed)
    return done.name


def _many_allowed(session: Session, found: undo.Undoable, parent: QWidget) -> bool:
    """Ask before many records change, and back the book up first; whether to go on."""
    from xiaobao_desktop.services import backup_places
    from xiaobao_desktop.ui.dialogs.confirm import confirm
    from xiaobao_desktop.ui.dialogs.waiting import wait_for

    if not confirm(
        parent,
        title=f"撤销“{found.name}”？",
        text=f"这一步改动了 {found.records} 条记录，会一起改回去：新增的移到回收站，修改的恢复原样。历史都保留。"
        "撤销前先自动备份。",
        yes="全部撤销",
        danger=True,
    ):
        return False
    try:
        wait_for("撤销前正在备份…", lambda _progress: backup_places.backup_here(session), parent)
    except UserError as error:
        return confirm(parent, "备份没有做成，仍然撤销？", error.message, yes="不备份，撤销", danger=True)
    return True
