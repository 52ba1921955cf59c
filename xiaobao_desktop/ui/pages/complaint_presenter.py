"""How complaints show themselves: term of each case, tabs by progress, open and overdue counted, timeline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from xiaobao_desktop.domain.fields import Record, Values
from xiaobao_desktop.services import complaint_todo, listing
from xiaobao_desktop.ui.models.cells import Cell
from xiaobao_desktop.ui.models.query import OWN, Condition, Query
from xiaobao_desktop.ui.pages.ledger_presenter import CreateWay, DetailActions, PaperWay, Presenter, Tab, days_between

if TYPE_CHECKING:
    from xiaobao_desktop.services.leaving import WayOut

SOON_DAYS = 3
"""From this many days on the term is shown in amber (look sheet)."""

_OPEN = Condition("closed_on", "empty")
_RUNNING = Condition("paused_on", "empty")
_BY_TERM = (("due_on", False),)
Conditions = tuple[Condition, ...]
Order = tuple[tuple[str, bool], ...]

_SHORT_LABELS = {"received_on": "收到", "branch": "网点", "category": "业务类别"}
"""Column headers where the label of the form is too long for a column."""


class ComplaintPresenter(Presenter):
    """The presenter of complaints."""

    needed_keys = ("received_on", "closed_on", "paused_on", "due_on", "state", "origin")
    takes_steps = True

    def create_ways(self) -> tuple[CreateWay, ...]:
        """A ticket of another system, pasted."""
        return (CreateWay("粘贴工单", "clipboard-paste", "Ctrl+Shift+V", self._paste),)

    def paper_ways(self) -> tuple[PaperWay, ...]:
        """The fields for the regulator's system, and the whole case for an inspector."""
        return (
            PaperWay("回填…", "回填", "copy", self._back_fill),
            PaperWay("卷宗（封面、目录、全部材料）…", "卷宗", "file-text", self._dossier),
        )

    def tabs(self) -> tuple[Tab, ...]:
        """在办 (own cases), 今年, 全部; the first two by term, so that what is overdue comes first."""
        return (
            Tab("open", "在办", (OWN, _OPEN), _BY_TERM),
            Tab("year", "今年", (self.this_year(),), _BY_TERM),
            Tab("all", "全部"),
        )

    def label(self, key: str) -> str:
        """Short headers."""
        return _SHORT_LABELS.get(key) or super().label(key)

    def ids(self, query: Query) -> list[int]:
        """By term: running cases by their last day, then paused ones, then closed ones, the latest first."""
        if not query.order or query.order[0][0] != "due_on":
            return super().ids(query)
        groups: tuple[tuple[Conditions, Order], ...] = (
            ((_OPEN, _RUNNING), (("due_on", False), ("number", False))),
            ((_OPEN, Condition("paused_on", "not_empty")), (("paused_on", False), ("number", False))),
            ((Condition("closed_on", "not_empty"),), (("closed_on", True), ("number", True))),
        )
        found = self._listed(query, groups)
        return found[::-1] if query.order[0][1] else found

    def _listed(self, query: Query, groups: Sequence[tuple[Conditions, Order]]) -> list[int]:
        """The ids of the groups one after the other; the text is searched once and not for each group."""
        fit = set(super().ids(Query(where=query.where, search=query.search))) if query.search else None
        return [
            record_id
            for where, order in groups
            for record_id in super(ComplaintPresenter, self).ids(Query(where=(*query.where, *where), order=order))
            if fit is None or record_id in fit
        ]

    def right(self, key: str) -> bool:
        """The term stands at the right edge."""
        return key == "due_on" or super().right(key)

    def cell(self, key: str, row: Values) -> Cell:
        """The term in words; all else as declared."""
        return self.term(row) if key == "due_on" else super().cell(key, row)

    def term(self, row: Values) -> Cell:
        """How long a case has left, has waited or took, on the day of today."""
        today = self.session.today()
        received, closed, paused, due, state, origin = (str(row.get(key) or "") for key in self.needed_keys)
        if closed:
            used = days_between(received, today) - days_between(closed, today) if received else 0
            return Cell(f"用时 {used} 天", "quiet", right=True)
        if origin:
            return Cell("对方在办", "quiet", right=True)
        if paused:
            return Cell(f"暂停 {days_between(paused, today)} 天", "quiet", right=True)
        known = self.session.rules.catalog.list("complaint_state").get(state)
        if known is not None and known.extra.get("term") == "met":
            return Cell("已告知", "quiet", right=True)
        if not due:
            return Cell("", right=True)
        left = -days_between(due, today)
        if left < 0:
            return Cell(f"逾期 {-left} 天", "solid", "red", right=True)
        if left == 0:
            return Cell("今天", "pill", "amber", right=True)
        soon = left <= SOON_DAYS
        return Cell(f"剩 {left} 天", "strong" if soon else "text", "amber" if soon else "", right=True)

    def status(self, query: Query, ids: Sequence[int]) -> str:
        """Total, and how many of them are open and overdue."""
        opened, overdue = (self._count(query, ids, more) for more in ((OWN, _OPEN), self._overdue()))
        words = [super().status(query, ids), f"在办 {opened}"]
        return "·".join([*words, f"逾期 {overdue}"] if overdue else words)

    def badge(self) -> tuple[int, bool]:
        """Open cases; a red dot when one of them is overdue."""
        opened, overdue = (self._count(Query(), (), more) for more in ((OWN, _OPEN), self._overdue()))
        return opened, overdue > 0

    def leading_facts(self) -> tuple[str, ...]:
        """Who, what, why, where, how much, and what is asked for."""
        return ("complainant", "phone", "category", "cause", "channel", "branch", "amount", "content", "request")

    def top_blocks(self, record: Record, actions: DetailActions) -> list[QWidget]:
        """What is due, by when, and why; whether it looks like a complaint told before."""
        from xiaobao_desktop.ui.pages import complaint_detail, complaint_relations

        due = complaint_detail.due_blocks(self.session, record)
        return [*due, *complaint_relations.suspicion_blocks(self.session, record, actions)]

    def related_blocks(self, record: Record, actions: DetailActions) -> list[QWidget]:
        """The complaints that belong to it."""
        from xiaobao_desktop.ui.pages import complaint_relations

        return complaint_relations.relation_blocks(self.session, record, actions)

    def middle_blocks(self, record: Record, actions: DetailActions) -> list[QWidget]:
        """The timeline of steps."""
        from xiaobao_desktop.ui.pages import complaint_detail

        return complaint_detail.timeline_blocks(self.session, self.ledger, record, actions)

    def _paste(self, window: QWidget) -> Record | None:
        from xiaobao_desktop.ui.dialogs import paste_ticket

        return paste_ticket.ask(self.session, self.ledger, window)

    def _back_fill(self, record_id: int, window: QWidget, _way: WayOut) -> None:
        from xiaobao_desktop.ui.dialogs.back_fill import BackFillDialog

        BackFillDialog(self.session, record_id, window).exec()

    def _dossier(self, record_id: int, window: QWidget, way: WayOut) -> None:
        from xiaobao_desktop.ui.dialogs.dossier_dialog import DossierDialog

        DossierDialog(self.session, record_id, way, window).exec()

    def _overdue(self) -> Conditions:
        yesterday = self.session.today() - timedelta(days=1)
        running = complaint_todo.unanswered(self.session)
        return (OWN, _OPEN, _RUNNING, running, Condition("due_on", "between", ("0001-01-01", yesterday.isoformat())))

    def _count(self, query: Query, ids: Sequence[int], more: Conditions) -> int:
        """How many of a result (``ids`` of ``query``) also fulfil ``more``; a text is not searched again."""
        narrowed = Query(where=(*query.where, *more))
        if not query.search:
            return listing.count(self.session, self.ledger, narrowed)
        return len(set(ids).intersection(listing.ids(self.session, self.ledger, narrowed))) if ids else 0


PRESENTER = ComplaintPresenter
