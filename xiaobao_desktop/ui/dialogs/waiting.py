"""A question's answer takes a moment: nothing else can be done until the worker is through."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QDialog, QProgressBar, QVBoxLayout, QWidget

from xiaobao_desktop.ui import theme
from xiaobao_desktop.ui.tasks import Progress, tasks
from xiaobao_desktop.ui.widgets.labels import label

_WIDTH = 380


class WaitingDialog(QDialog):
    """Says what is being done while the worker does it; cannot be closed before."""

    def __init__(self, words: str, work: Callable[[Progress], Any], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("小保")
        self.setFixedWidth(theme.px(_WIDTH))
        theme.surface(self)
        self.result_of_work: Any = None
        self.error: BaseException | None = None
        self._through = False
        column = QVBoxLayout(self)
        edge = theme.px(24)
        column.setContentsMargins(edge, edge, edge, edge)
        column.setSpacing(theme.px(12))
        column.addWidget(label(words, 12, medium=True, wrap=True))
        progress = QProgressBar()
        progress.setRange(0, 0)
        column.addWidget(progress)
        tasks().run(work, self._done, self._failed, self)

    def reject(self) -> None:
        """Only when the work is through."""
        if self._through:
            super().reject()

    def _done(self, result: Any) -> None:
        self._through = True
        self.result_of_work = result
        self.accept()

    def _failed(self, error: BaseException) -> None:
        self._through = True
        self.error = error
        self.reject()


def wait_for(words: str, work: Callable[[Progress], Any], parent: QWidget | None = None) -> Any:
    """The result of ``work``, done by the worker while a dialog says ``words``; what it raised is raised here."""
    dialog = WaitingDialog(words, work, parent)
    dialog.exec()
    error, result = dialog.error, dialog.result_of_work
    dialog.deleteLater()
    if error is not None:
        raise error
    return result
