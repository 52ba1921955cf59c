"""What else is due in the period after a report: filings, rectifications and plan items, as they stood at its end."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from xiaobao_desktop.domain.fields import Ledger, Value
from xiaobao_desktop.domain.ledgers.filing import LEDGER as FILING
from xiaobao_desktop.domain.ledgers.plan import CANCELLED
from xiaobao_desktop.domain.ledgers.plan import LEDGER as PLAN
from xiaobao_desktop.domain.ledgers.rectification import LEDGER as RECTIFICATION
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.reports.periodic import DueItem
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import OWN, Condition, Query


class _Source(NamedTuple):
    """A ledger with last days: keys of the last day, of the day of doing, of who has to act, of what to leave out."""

    ledger: Ledger
    due: str
    done: str
    unit: str
    besides: str


_SOURCES = (
    _Source(FILING, "due_on", "filed_on", "", "period"),
    _Source(RECTIFICATION, "planned_on", "finished_on", "department", ""),
    _Source(PLAN, "planned_on", "finished_on", "department", "state"),
)


def due_next(session: Session, period: Period, as_of: date) -> list[DueItem]:
    """What is due in the period after ``period`` and was not done by ``as_of``.

    The filings of the period itself are left out: the report would name itself. What was called off is left out, too.
    """
    coming = period.after()
    left_out = {period.code, CANCELLED}
    found = []
    for source in _SOURCES:
        days = Condition(source.due, "between", (coming.first.isoformat(), coming.last.isoformat()))
        keys = tuple(key for key in (source.ledger.title[0], *source[1:]) if key)
        for row in session.book.select(source.ledger, Query(where=(OWN, days)), keys):
            done = str(row[source.done] or "")
            if (not done or done > as_of.isoformat()) and row.get(source.besides) not in left_out:
                found.append(_item(session, source, row))
    return found


def _item(session: Session, source: _Source, row: dict[str, Value]) -> DueItem:
    unit = str(row[source.unit] or "") if source.unit else session.settings.department
    what = " ".join(str(row[source.ledger.title[0]] or "").split()).rstrip("。；")
    return DueItem(date.fromisoformat(str(row[source.due])), what, source.ledger.label, unit)
