"""Preview of 本周待办 with the button that prints it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from xiaobao_desktop.services import todo_print
from xiaobao_desktop.services.leaving import WayOut
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.dialogs.pdf_dialog import PdfDialog


class TodoSheetDialog(PdfDialog):
    """The sheet is read at once and drawn by the worker."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        self.sheet = todo_print.build(session, session.today())
        super().__init__(WayOut(session, "本周待办"), "本周待办", self.sheet.file_name, "workbench", parent)
        sheet = self.sheet
        self.draw(lambda: todo_print.render(sheet))
