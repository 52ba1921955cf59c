"""卷宗: the whole case as one PDF, put together beside the window; cover and index also as Word."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from xiaobao_desktop.services import complaint_dossier
from xiaobao_desktop.services.complaint_dossier import Dossier, DossierInput
from xiaobao_desktop.services.leaving import WayOut
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.dialogs.paper_dialog import SavingDialog
from xiaobao_desktop.ui.tasks import Progress, Task, tasks

_Made = tuple[DossierInput, Dossier]


class _Cancelled(Exception):
    """The dialog was closed: nobody waits for the dossier any more."""


class DossierDialog(SavingDialog):
    """Shows the dossier of one case; closing it stops the work."""

    def __init__(self, session: Session, record_id: int, way: WayOut, parent: QWidget | None = None) -> None:
        super().__init__(way, complaint_dossier.TITLE, complaint_dossier.TITLE, "papers", parent)
        self.word_button.setText(" 封面和目录 Word")
        self.word_button.setAccessibleName("封面和目录 Word")
        self.made: _Made | None = None
        self._enable(on=False)
        self.words.setText("正在整理…")

        def work(progress: Progress) -> _Made:
            found = complaint_dossier.read(session, record_id)

            def told(place: int, title: str) -> None:
                if progress.cancelled:
                    raise _Cancelled
                progress.step(place, len(found.parts), title)

            return found, complaint_dossier.build(found, told)

        self._task: Task = tasks().run(work, self._show_dossier, self.failed, self)
        self._task.stepped.connect(lambda done, total, title: self.words.setText(f"{done + 1}/{total} {title}…"))

    def content(self, file_format: str) -> bytes:
        """The whole dossier as ``pdf``, cover and index as ``docx``."""
        assert self.made is not None
        found, dossier = self.made
        return dossier.pdf if file_format == "pdf" else complaint_dossier.word(found, dossier.front)

    def reject(self) -> None:
        """Close; work under way is not wanted any more."""
        if self.made is None:
            self._task.cancel()
        super().reject()

    def _show_dossier(self, made: _Made) -> None:
        self.made = made
        found, dossier = made
        self.file_name = found.file_name
        self._show(dossier.pdf)
        self.advise(dossier.faults)
        self.words.setText(f"{len(dossier.entries)} 件，{dossier.pages} 页")
