"""The backups there are, in both places, to choose the one to go back to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from xiaobao_desktop.domain.period import chinese_date
from xiaobao_desktop.services import backup_places
from xiaobao_desktop.services.backup_places import ListedBackup
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, help_key, theme
from xiaobao_desktop.ui.dialogs.backup_restore import BACKUP_KINDS
from xiaobao_desktop.ui.dialogs.error_dialog import show_bug
from xiaobao_desktop.ui.tasks import tasks
from xiaobao_desktop.ui.widgets import buttons
from xiaobao_desktop.ui.widgets.labels import hairline, label
from xiaobao_desktop.ui.widgets.plain_table import PlainTable

WIDTH, HEIGHT = 680, 480
_HEADS = ("做备份的时间", "类型", "记录", "大小", "放在")
_ANY_HEIGHT = 1 << 20
_NUMBERS = (2, 3)
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_MEGABYTE = 1024 * 1024


class RestoreListDialog(QDialog):
    """Accepted with ``file``: the chosen backup, or another file that the officer looked for."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        help_key.bind(self, "backup")
        self.setWindowTitle("从备份恢复")
        theme.surface(self)
        self.resize(theme.px(WIDTH), theme.px(HEIGHT))
        self.session = session
        self.file: Path | None = None
        self.backups: Sequence[ListedBackup] = ()
        self.looking = True
        self.words = label("正在查找备份…", tone="2", wrap=True)
        self.table = PlainTable("备份", _HEADS, len(_HEADS) - 1, self.accept)
        self.other_button = buttons.button("另选文件…", buttons.GHOST, icon="folder-open")
        self.cancel_button = buttons.button("取消")
        self.restore_button = buttons.button("恢复选中的…", buttons.PRIMARY)
        self._build()
        self.restore_button.setEnabled(False)
        self.restore_button.clicked.connect(self.accept)
        self.cancel_button.clicked.connect(self.reject)
        self.other_button.clicked.connect(self._ask_other)
        self.table.itemSelectionChanged.connect(lambda: self.restore_button.setEnabled(self._chosen() is not None))
        tasks().run(
            lambda _progress: backup_places.listed(session),
            self.show_backups,
            lambda error: show_bug(error, parent=self),
            self,
        )

    def show_backups(self, found: Sequence[ListedBackup]) -> None:
        """List the backups, the newest first and chosen."""
        self.looking = False
        self.backups = found
        if found:
            self.words.setText(f"共 {len(found)} 份，新的在前。越早的备份，之后登记的内容不在里面。")
        else:
            self.words.setText("没有找到备份。备份在别的 U 盘或文件夹里的，请插好后点“另选文件…”。")
        self.table.fill([_cells(item) for item in found], [False] * len(found))
        self._align()
        if found:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def accept(self) -> None:
        """Take the chosen backup."""
        chosen = self._chosen()
        if chosen is not None:
            self.choose(chosen.path)

    def choose(self, file: Path) -> None:
        """Take this file."""
        self.file = file
        super().accept()

    def _chosen(self) -> ListedBackup | None:
        rows = {index.row() for index in self.table.selectedIndexes()}
        return self.backups[rows.pop()] if len(rows) == 1 else None

    def _align(self) -> None:
        """Numbers at the right; the table takes the room of the dialog, not that of its rows."""
        for column in _NUMBERS:
            for row in range(self.table.rowCount()):
                item = self.table.item(row, column)
                if item is not None:
                    item.setTextAlignment(_RIGHT)
        self.table.setMinimumHeight(0)
        self.table.setMaximumHeight(_ANY_HEIGHT)

    def _ask_other(self) -> None:
        start = backup_places.chosen_folder(self.session) or backup_places.own_folder(self.session)
        chosen, _kind = QFileDialog.getOpenFileName(self, "选择备份文件", str(start), BACKUP_KINDS)
        if chosen:
            self.choose(Path(chosen))

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QVBoxLayout()
        head.setContentsMargins(theme.px(20), theme.px(14), theme.px(20), theme.px(12))
        head.setSpacing(theme.px(4))
        head.addWidget(label("从备份恢复", fonts.PAGE_TITLE, medium=True))
        head.addWidget(self.words)
        column.addLayout(head)
        column.addWidget(hairline())
        column.addWidget(self.table, 1)
        column.addWidget(hairline())
        foot = QHBoxLayout()
        foot.setContentsMargins(theme.px(20), theme.px(10), theme.px(20), theme.px(10))
        foot.setSpacing(theme.px(8))
        foot.addWidget(self.other_button)
        foot.addStretch(1)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.restore_button)
        column.addLayout(foot)
        self.restore_button.setDefault(True)


def _cells(item: ListedBackup) -> tuple[str, ...]:
    when = f"{chinese_date(item.made_at.date())} {item.made_at:%H:%M}"
    return when, item.kind, f"{item.records} 条", size_words(item.size), item.place


def size_words(size: int) -> str:
    """Bytes in words: 640 KB, 3 MB."""
    return f"{max(1, round(size / 1024))} KB" if size < _MEGABYTE else f"{round(size / _MEGABYTE)} MB"
