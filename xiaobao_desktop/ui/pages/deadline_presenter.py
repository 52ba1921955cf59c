"""Lists of things to be done by a planned day: what is open, by that day; what is late, in red, as of today."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from xiaobao_desktop.domain.fields import Record, Values
from xiaobao_desktop.services import listing
from xiaobao_desktop.ui.models.cells import Cell
from xiaobao_desktop.ui.models.query import OWN, Condition, Query
from xiaobao_desktop.ui.pages.ledger_presenter import Head, Presenter, Tab

_STATE = "state"


class DeadlinePresenter(Presenter):
    """The presenter of a ledger with ``state`` and ``planned_on``; its subclass says which states are open.

    Attributes:
        open_tab: words of the tab of what is still to be done.
        unfinished: the condition of that tab.
        running: the condition under which the planned day still counts.
        state_on: the state as it is told on a day.
    """

    needed_keys = (_STATE, "planned_on")
    open_tab = "未完成"
    unfinished: Condition
    running: Condition
    state_on: Callable[[Values, str], str]

    def tabs(self) -> tuple[Tab, ...]:
        """What is to be done, by the planned day, before the usual tabs."""
        return (Tab("open", self.open_tab, (self.unfinished,), (("planned_on", False),)), *super().tabs())

    def cell(self, key: str, row: Values) -> Cell:
        """The state as of today."""
        if key != _STATE:
            return super().cell(key, row)
        head = self._told(row)
        return Cell(head.text, "pill", head.tone)

    def head(self, record: Record) -> Head:
        """The state as of today."""
        return self._told(record.values)

    def status(self, query: Query, ids: Sequence[int]) -> str:
        """How many, and how many of the whole ledger are late."""
        late = self._late()
        words = super().status(query, ids)
        return f"{words}·逾期 {late}" if late else words

    def badge(self) -> tuple[int, bool]:
        """What is still to be done; a red dot when one of it is late."""
        waiting = listing.count(self.session, self.ledger, Query(where=(OWN, self.unfinished)))
        return waiting, self._late() > 0

    def _late(self) -> int:
        yesterday = self.session.today() - timedelta(days=1)
        late = Condition("planned_on", "between", ("0001-01-01", yesterday.isoformat()))
        return listing.count(self.session, self.ledger, Query(where=(OWN, self.running, late)))

    def _told(self, values: Values) -> Head:
        state = type(self).state_on(values, self.session.today().isoformat())
        choice = self.session.rules.catalog.list(self.ledger.field(_STATE).options).get(state)
        return Head(choice.name, choice.extra.get("tone", "grey")) if choice else Head()
