"""Files chosen in a dialog, kept until it is saved: a button, dropping, a chip for each that takes it out again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from xiaobao_desktop.services.attachments import size_text
from xiaobao_desktop.ui import fonts, icons, theme
from xiaobao_desktop.ui.widgets.ask_files import ask_files
from xiaobao_desktop.ui.widgets.buttons import button
from xiaobao_desktop.ui.widgets.file_chip import row_of
from xiaobao_desktop.ui.widgets.labels import label

_LONGEST = 24


class _Pick(QPushButton):
    """One chosen file; pressing it, or the Delete key, takes it out."""

    removed = Signal()

    def __init__(self, path: Path) -> None:
        name = path.name if len(path.name) <= _LONGEST else f"{path.stem[: _LONGEST - 8]}…{path.suffix}"
        super().__init__(f"{name}  {_size(path)} ")
        self.setProperty("look", "chip")
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.setAutoDefault(False)
        self.setAccessibleName(f"{path.name}，按 Delete 去掉")
        self.setToolTip(f"{path.name}\n点一下或按 Delete 去掉")
        icons.put(self, "x", "text2", icons.SMALL)
        self.clicked.connect(self.removed.emit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete and Enter take the file out."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.removed.emit()
        else:
            super().keyPressEvent(event)


class FilePicks(QWidget):
    """``paths`` are the files chosen so far; ``changed`` is sent when they become others."""

    changed = Signal()

    def __init__(self, words: str, hint: str) -> None:
        """Take the name of what is chosen, such as 凭证文件, and words beside the button."""
        super().__init__()
        self.paths: tuple[Path, ...] = ()
        self._words = words
        self.add_button = button("文件…", icon="paperclip")
        self.add_button.setAccessibleName(f"添加{words}")
        self.add_button.clicked.connect(self.choose)
        head = QHBoxLayout()
        head.setSpacing(theme.px(10))
        head.addWidget(self.add_button)
        head.addWidget(label(hint, fonts.SECOND, tone="2"), 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(6))
        self._column.addWidget(label(words, tone="2"))
        self._column.addLayout(head)
        self._chips: QWidget | None = None

    def choose(self) -> None:
        """Ask for files."""
        self.add(ask_files(self, f"选择{self._words}"))

    def add(self, paths: Sequence[Path]) -> None:
        """Take further files; those that are there already are not taken twice."""
        fresh = tuple(path for path in dict.fromkeys(paths) if path not in self.paths)
        if fresh:
            self._show((*self.paths, *fresh))

    def remove(self, path: Path) -> None:
        """Take a file out; the keyboard stays here."""
        place = self.paths.index(path)
        self._show(tuple(other for other in self.paths if other != path))
        chips = self.chips()
        target = chips[min(place, len(chips) - 1)] if chips else self.add_button
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def chips(self) -> list[QPushButton]:
        """The buttons that take files out, in their order."""
        return [] if self._chips is None else list(self._chips.findChildren(_Pick))

    def _show(self, paths: tuple[Path, ...]) -> None:
        self.paths = paths
        if self._chips is not None:
            self._column.removeWidget(self._chips)
            self._chips.hide()
            self._chips.deleteLater()
            self._chips = None
        if paths:
            made = []
            for path in paths:
                pick = _Pick(path)
                pick.removed.connect(partial(self.remove, path))
                made.append(pick)
            self._chips = row_of(made)
            self._column.addWidget(self._chips)
        self.changed.emit()


def _size(path: Path) -> str:
    try:
        return size_text(path.stat().st_size)
    except OSError:
        # Gone since it was chosen: saving tells so.
        return ""
