"""复核页 of a report: looked at and printed by itself, never with the report."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from xiaobao_desktop.domain.ledgers.filing import LEDGER as FILING
from xiaobao_desktop.services import reporting
from xiaobao_desktop.services.leaving import WayOut
from xiaobao_desktop.services.reporting import Built
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.dialogs.paper_dialog import SavingDialog


class CheckPageDialog(SavingDialog):
    """Shows a check page that was built; it is drawn beside the window."""

    def __init__(self, session: Session, built: Built, parent: QWidget | None = None) -> None:
        way = WayOut(session, f"{built.title}复核页")
        super().__init__(way, "复核页", built.file_name, FILING.key, parent)
        self.built = built
        self.draw(lambda: self.content("pdf"))

    def content(self, file_format: str) -> bytes:
        """The bytes of the page."""
        return reporting.render(self.built, file_format)
