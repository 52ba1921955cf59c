"""复核页 of a report: looked at and printed by itself, never with the report."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from xiaobao_desktop.domain.ledgers.filing import LEDGER as FILING
from xiaobao_desktop.services import reporting
from xiaobao_desktop.services.reporting import Built
from xiaobao_desktop.ui.dialogs.paper_dialog import SavingDialog


class CheckPageDialog(SavingDialog):
    """Shows a check page that was built; it is drawn beside the window."""

    def __init__(self, built: Built, parent: QWidget | None = None) -> None:
        super().__init__("复核页", built.file_name, FILING.key, None, parent)
        self.built = built
        self.draw(lambda: self.content("pdf"))

    def content(self, file_format: str) -> bytes:
        """The bytes of the page."""
        return reporting.render(self.built, file_format)
