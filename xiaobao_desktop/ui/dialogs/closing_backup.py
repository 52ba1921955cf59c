"""The small window after the program's window was closed: the last backup, and one for the stick when it is there.

Skipping it loses nothing: the book is whole, the backups made before stay, and the next start makes the missing one.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QProgressBar

from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import backup_places
from xiaobao_desktop.services.backups import BackupKind, Stop
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.errors import BackupStopped
from xiaobao_desktop.ui import theme
from xiaobao_desktop.ui.dialogs import framed
from xiaobao_desktop.ui.tasks import Progress, Task, tasks
from xiaobao_desktop.ui.widgets import buttons
from xiaobao_desktop.ui.widgets.cards import AppMark, Notice
from xiaobao_desktop.ui.widgets.labels import label

_WIDTH = 460


def back_up_at_end(session: Session) -> None:
    """Make the backups that are due when the program ends; returns at once when nothing changed."""
    if session.settings.demo or not session.role.may_change:
        return
    if not backup_places.changed(session) and not backup_places.second_lacks(session):
        return
    dialog = ClosingBackupDialog(session)
    dialog.exec()
    dialog.deleteLater()


class ClosingBackupDialog(QDialog):
    """正在备份…: closes by itself when there is nothing to ask or to tell."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._offered: Path | None = None
        self._task: Task | None = None
        self.setWindowTitle("小保")
        self.setFixedWidth(theme.px(_WIDTH))
        theme.surface(self)
        self.title = label("", 12, medium=True, wrap=True)
        self.words = label("", tone="2", wrap=True)
        self.notice = Notice("", "red", "circle-alert")
        self.progress = QProgressBar()
        self.progress.setRange(0, 0)
        self.skip_button = buttons.button("这次不备")
        self.yes_button = buttons.button("备份", buttons.PRIMARY)
        words = (self.title, self.words, self.notice, self.progress)
        framed.lay_out(self, AppMark(36), words, (self.skip_button, self.yes_button))
        self.skip_button.clicked.connect(self.reject)
        self.yes_button.clicked.connect(self.go_on)
        self._act: Callable[[], object] = self.close
        self._say("", "")
        self._own_backup()

    @property
    def working(self) -> bool:
        """Whether a backup is being made."""
        return self._task is not None

    def go_on(self) -> None:
        """What the blue button says: back up to the second place, or end."""
        self._act()

    def reject(self) -> None:
        """Give the backup up that is being made, and end."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        super().reject()

    def showEvent(self, event: QShowEvent) -> None:
        """Take the height that the words need, and the keyboard."""
        super().showEvent(event)
        self._fit()
        self.activateWindow()

    def _own_backup(self) -> None:
        self._say("正在备份…", "备份好就关闭，账簿已经保存好。点“这次不备”可以马上关闭，不会丢内容。", working=True)
        session = self.session

        def work(stop: Stop) -> tuple[str, Path | None]:
            reason = ""
            try:
                backup_places.back_up_if_changed(session, stop)
            except BackupStopped:
                raise
            except UserError as error:
                reason = error.message
            second = backup_places.second_place(session, session.today())
            return reason, second.folder if second.there and not second.current else None

        self._run(work, lambda made: self._own_made(*made))

    def _own_made(self, reason: str, folder: Path | None) -> None:
        """On to the second place; when there is no backup of our own, it is said first."""
        if reason:
            self._refused(reason, lambda: self._ask_second(folder))
        else:
            self._ask_second(folder)

    def _ask_second(self, folder: Path | None) -> None:
        """Offer the second place that can be reached and lacks something, or end."""
        if folder is None:
            self.accept()
            return
        self._offered = folder
        self._say("也备一份到这里？", f"台账有新内容，{folder} 现在可以用。电脑坏了、丢了，靠这一份恢复。")
        self._offer("备份", self._second_backup)

    def _second_backup(self) -> None:
        folder, session = self._offered, self.session
        assert folder is not None
        self._say("正在备份…", f"写到 {folder}，写完读回来核对。请不要拔出 U 盘。", working=True)
        self._run(
            lambda stop: backup_places.back_up_to_second(session, folder, BackupKind.BY_ITSELF, stop), self._second_made
        )

    def _second_made(self, file: Path) -> None:
        self._say("已备份并查验", f"放在 {file.parent}。是 U 盘的，现在可以安全拔出。")
        self._offer("关闭", self.accept, skip=False)

    def _failed(self, error: BaseException) -> None:
        """Say loudly what was not done."""
        if isinstance(error, BackupStopped):
            super().reject()
            return
        reason = error.message if isinstance(error, UserError) else f"程序出了错（{type(error).__name__}）。"
        self._refused(reason, self.accept)

    def _refused(self, reason: str, afterwards: Callable[[], object]) -> None:
        self._say("备份没有做成", "账簿本身已经保存好。")
        self.notice.set_text(reason)
        self._offer("知道了", afterwards, skip=False)
        self._fit()

    def _run(self, work: Callable[[Stop], object], done: Callable[[Any], None]) -> None:
        def carry_out(progress: Progress) -> object:
            return work(lambda: progress.cancelled)

        def ended(act: Callable[[], None]) -> None:
            self._task = None
            act()

        self._task = tasks().run(
            carry_out,
            lambda result: ended(lambda: done(result)),
            lambda error: ended(lambda: self._failed(error)),
            self,
        )

    def _say(self, title: str, words: str, *, working: bool = False) -> None:
        self.title.setText(title)
        self.words.setText(words)
        self.notice.set_text("")
        self.progress.setVisible(working)
        self.yes_button.setVisible(not working)
        self.skip_button.setVisible(True)
        self._fit()

    def _offer(self, words: str, act: Callable[[], object], *, skip: bool = True) -> None:
        self._act = act
        self.yes_button.setText(words)
        self.yes_button.setAccessibleName(words)
        self.skip_button.setVisible(skip)
        self.yes_button.setDefault(True)
        self.yes_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fit(self) -> None:
        """As high as the words need."""
        if self.isVisible():
            framed.fit(self)
