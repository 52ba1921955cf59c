"""The register of filings: what is due and late beside the navigation, what changed since in the detail."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.domain.ledgers.filing import PENDING
from xiaobao_desktop.services import listing
from xiaobao_desktop.ui.models.query import OWN, Condition, Query
from xiaobao_desktop.ui.pages.ledger_presenter import CreateWay, DetailActions, Presenter, Tab

_PENDING = Condition("state", "eq", (PENDING,))


class FilingPresenter(Presenter):
    """As for any ledger, with a tab of what is still to be sent, and 此后变动 in the detail."""

    def create_ways(self) -> tuple[CreateWay, ...]:
        """The whole year's plan at once."""
        return (CreateWay("生成本年报送计划", "calendar-plus", "Ctrl+Shift+G", self._plan, at_first=True),)

    def tabs(self) -> tuple[Tab, ...]:
        """待报, by the day due, before the usual tabs."""
        return (*super().tabs(), Tab("pending", "待报", (_PENDING,), (("due_on", False),)))

    def badge(self) -> tuple[int, bool]:
        """What is still to be sent; a red dot when one of it is late."""
        waiting = listing.count(self.session, self.ledger, Query(where=(OWN, _PENDING)))
        today = self.session.today().isoformat()
        ids = listing.ids(self.session, self.ledger, Query(where=(OWN, _PENDING, Condition("due_on", "not_empty"))))
        rows = self.session.book.rows(self.ledger, ids, ("due_on",))
        return waiting, any(str(row["due_on"]) < today for row in rows)

    def _plan(self, window: QWidget) -> Record | None:
        """Add what is owed this year; there is no form to open."""
        from xiaobao_desktop.ui.dialogs.year_plan import YearPlanDialog

        dialog = YearPlanDialog(self.session, window)
        dialog.exec()
        dialog.deleteLater()
        return None

    def middle_blocks(self, record: Record, actions: DetailActions) -> list[QWidget]:
        """What changed since it went out, read beside the window."""
        from xiaobao_desktop.ui.pages.filing_detail import ChangedSince

        return [ChangedSince(self.session, record.id or 0)] if record.values.get("filed_on") else []


PRESENTER = FilingPresenter
