"""Policies as they stand today: in use, to come, review due, repealed; what the bank has to have and has not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from xiaobao_desktop.domain.fields import Record, Values
from xiaobao_desktop.domain.ledgers.policy import Standing, standing
from xiaobao_desktop.services import due_rows, policy_todo
from xiaobao_desktop.ui.models.cells import Cell
from xiaobao_desktop.ui.models.query import Condition, Query
from xiaobao_desktop.ui.pages.ledger_presenter import Head, Presenter, Tab, days_between

_TONES = {
    Standing.TO_COME: "blue",
    Standing.IN_FORCE: "green",
    Standing.REVIEW_DUE: "amber",
    Standing.REPEALED: "grey",
}
_SOON_DAYS = 30
"""So many days ahead a review is shown in amber."""
_KEYS = ("issued_on", "in_force_on", "repealed_on", "review_due_on")


class PolicyPresenter(Presenter):
    """As for any ledger, with the state of the day."""

    needed_keys = _KEYS

    def tabs(self) -> tuple[Tab, ...]:
        """在用, 该评估, 已废止, 全部."""
        today = self.session.today()
        # One that ends on a later day is in use until then, though its day of repeal is on record.
        kept = Condition("repealed_on", "from_or_empty", ((today + timedelta(days=1)).isoformat(),))
        ended = Condition("repealed_on", "between", (None, today.isoformat()))
        due = Condition("review_due_on", "between", (None, today.isoformat()))
        return (
            Tab("kept", "在用", (kept,)),
            Tab("due", "该评估", (policy_todo.KEPT, due), (("review_due_on", False),)),
            Tab("repealed", "已废止", (ended,), (("repealed_on", True),)),
            Tab("all", "全部"),
        )

    def cell(self, key: str, row: Values) -> Cell:
        """The state of today as a pill; a review that is due or near in amber or red."""
        if key == "state":
            found = standing(row, self.session.today().isoformat())
            return Cell(found.value, "pill", _TONES[found])
        usual = super().cell(key, row)
        if key == "review_due_on" and usual.text and not row.get("repealed_on"):
            left = -days_between(str(row[key]), self.session.today())
            tone = "red" if left < 0 else "amber" if left <= _SOON_DAYS else ""
            return Cell(usual.text, "strong" if tone else usual.look, tone)
        return usual

    def head(self, record: Record) -> Head:
        """The state of today."""
        found = standing(record.values, self.session.today().isoformat())
        return Head(found.value, _TONES[found])

    def status(self, query: Query, ids: Sequence[int]) -> str:
        """Total, and the systems of order 5, article 8, for which there is none in force."""
        words = super().status(query, ids)
        missing = policy_todo.gap_words(self.session, self.session.today())
        return f"{words}·{missing}（5 号令第 8 条）" if missing else words

    def badge(self) -> tuple[int, bool]:
        """Reviews that are due; a red dot when one is late."""
        due = Condition("review_due_on", "between", (None, self.session.today().isoformat()))
        return due_rows.waiting(self.session, self.ledger, "review_due_on", (policy_todo.KEPT, due))


PRESENTER = PolicyPresenter
