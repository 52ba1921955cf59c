"""Asking for files to take in: the dialog begins where files were taken from last, at first among the documents.

Qt's own dialog would begin in the folder of the program, where an officer has nothing and must not save anything.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from xiaobao_desktop import paths

_last: Path | None = None
"""Folder of the files taken last while the program runs."""


def ask_files(parent: QWidget, title: str) -> list[Path]:
    """Let the officer choose files; empty when she gives up."""
    global _last
    names, _kind = QFileDialog.getOpenFileNames(parent, title, str(begin()))
    chosen = [Path(name) for name in names]
    if chosen:
        _last = chosen[0].parent
    return chosen


def begin() -> Path:
    """Where a dialog for files begins; a stick that is gone is not one to begin at."""
    return _last if _last is not None and _last.is_dir() else paths.documents_dir()
