"""Meetings: those with resolutions still open, what is late beside the navigation."""

from __future__ import annotations

from xiaobao_desktop.domain.fields import Values
from xiaobao_desktop.services import due_rows
from xiaobao_desktop.services.meeting_todo import STILL_OPEN
from xiaobao_desktop.ui.models.cells import Cell
from xiaobao_desktop.ui.pages.ledger_presenter import Presenter, Tab

_BY_TERM = (("due_on", False), ("held_on", True))


class MeetingPresenter(Presenter):
    """As for any ledger, with a tab of what is still to be carried out."""

    def tabs(self) -> tuple[Tab, ...]:
        """决议未落实, by the first day due, after the usual tabs."""
        return (*super().tabs(), Tab("open", "决议未落实", (STILL_OPEN,), _BY_TERM))

    def cell(self, key: str, row: Values) -> Cell:
        """A number of open resolutions stands out; none is left blank."""
        usual = super().cell(key, row)
        if key == "open_count":
            return Cell(usual.text, "strong", "amber", right=True) if row.get(key) else Cell("", right=True)
        if key == "resolution_count" and not row.get(key):
            return Cell("", right=True)
        return usual

    def badge(self) -> tuple[int, bool]:
        """Meetings with open resolutions; a red dot when one of them is late."""
        return due_rows.waiting(self.session, self.ledger, "due_on", (STILL_OPEN,))


PRESENTER = MeetingPresenter
