"""Where an export goes: the sticks that are plugged in, or any folder."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from xiaobao_desktop import paths
from xiaobao_desktop.services import exporting
from xiaobao_desktop.ui import theme
from xiaobao_desktop.ui.widgets.buttons import button, icon_button
from xiaobao_desktop.ui.widgets.period_selector import QuietCombo

_GIGABYTE = 1024**3


class PlacePicker(QWidget):
    """A list of sticks with their free room, a button to look again, and one for another folder."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = QuietCombo(self)
        self.list.setAccessibleName("写到哪里")
        self.again_button = icon_button("refresh-cw", "再找一次 U 盘", edged=True)
        self.folder_button = button("选文件夹…", icon="folder-open")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(8))
        row.addWidget(self.list, 1)
        row.addWidget(self.again_button)
        row.addWidget(self.folder_button)
        self.setFocusProxy(self.list)
        self.again_button.clicked.connect(self.look)
        self.folder_button.clicked.connect(self.choose)
        self.list.currentIndexChanged.connect(lambda _place: self.changed.emit())
        self.look()

    @property
    def folder(self) -> Path | None:
        """The chosen folder, None while no stick is there and none was chosen."""
        kept = self.list.currentData()
        return Path(str(kept)) if kept else None

    def look(self) -> None:
        """Look for sticks; a folder that was chosen stays in the list."""
        chosen = self.folder
        self.list.clear()
        drives = exporting.drives()
        for drive in drives:
            room = f"剩 {drive.free / _GIGABYTE:.1f} GB" if drive.free else "读不出剩余空间"
            self.list.addItem(f"{drive.name}，{room}", str(drive.path))
        if not drives:
            self.list.addItem("没有找到 U 盘，插好后点右边再找，或选文件夹", "")
        if chosen is not None and chosen not in {drive.path for drive in drives}:
            self.take(chosen)
        self.changed.emit()

    def take(self, folder: Path) -> None:
        """Choose a folder, which is put into the list."""
        at = self.list.findData(str(folder))
        if at < 0:
            self.list.addItem(str(folder), str(folder))
            at = self.list.count() - 1
        self.list.setCurrentIndex(at)

    def choose(self) -> None:
        """Ask for a folder."""
        start = self.folder or paths.documents_dir()
        chosen = QFileDialog.getExistingDirectory(self, "导出到哪个文件夹", str(start))
        if chosen:
            self.take(Path(chosen))
