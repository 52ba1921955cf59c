"""This month's complaints on the workbench: the figures beside last month's, and the trend of the year.

The worker reads them after the window is up; apart from ``complaint_todo``, so that the start need not load statistics.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from xiaobao_desktop.domain.fields import Value
from xiaobao_desktop.domain.ledgers.complaint import LEDGER
from xiaobao_desktop.domain.period import Period, month
from xiaobao_desktop.domain.statistics import CaseRow, Figures, Method, figures
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import OWN, Condition, Query

_FIGURE_KEYS = ("received_on", "closed_on", "answered_on", "due_on", "nature")


@dataclass(frozen=True)
class MonthView:
    """This month beside the same days of the last month, and the year's trend.

    Attributes:
        span: from the first of the month to today.
        now: figures of ``span``.
        before: figures of the same days of the last month.
        year: the year of ``this_year``.
        this_year: received in each month from January to this month.
        last_year: received in each of the twelve months of the year before.
    """

    span: Period
    now: Figures
    before: Figures
    year: int
    this_year: tuple[int, ...]
    last_year: tuple[int, ...]


def month_view(session: Session, today: date) -> MonthView:
    """The month so far and the trend of the year; only complaints count, not 咨询 and 建议.

    Those of other books (汇总) come when their month is over: here the book's own work is looked at.
    """
    span, before = _month_so_far(today), _same_days_last_month(today)
    rows = _rows_touching(session, Period(before.first, span.last))
    method = Method()
    this_year, last_year = _per_month(session, today.year, today), _per_month(session, today.year - 1, today)
    return MonthView(
        span=span,
        now=figures(rows, span, span.last, method),
        before=figures(rows, before, before.last, method),
        year=today.year,
        this_year=this_year[: today.month],
        last_year=last_year,
    )


def _month_so_far(today: date) -> Period:
    return Period(today.replace(day=1), today)


def _same_days_last_month(today: date) -> Period:
    whole = month(today.year, today.month).before()
    return Period(whole.first, whole.first.replace(day=min(today.day, whole.last.day)))


def _rows_touching(session: Session, span: Period) -> list[CaseRow]:
    """Complaints received or ended in a span, with what the headline figures need."""
    ends: tuple[Value, ...] = (span.first.isoformat(), span.last.isoformat())
    found = {
        row["id"]: row
        for key in ("received_on", "closed_on")
        for row in session.book.select(LEDGER, Query(where=(OWN, Condition(key, "between", ends))), _FIGURE_KEYS)
    }
    return [_case_row(row) for row in found.values() if row["received_on"]]


def _case_row(row: dict[str, Value]) -> CaseRow:
    received, closed, answered, due_on = (_day(row[key]) for key in _FIGURE_KEYS[:4])
    assert received is not None
    nature = str(row["nature"] or "complaint")
    return CaseRow(int(str(row["id"])), received, closed, answered, due_on, nature=nature)


def _per_month(session: Session, year: int, today: date) -> tuple[int, ...]:
    days = (f"{year}-01-01", min(date(year, 12, 31), today).isoformat())
    natures = Condition("nature", "in", (*Method().natures, None))
    where = (OWN, Condition("received_on", "between", days), natures)
    counted = session.book.distinct(LEDGER, "received_on", Query(where=where))
    return _by_month((str(day), number) for day, number in counted)


def _by_month(days: Iterable[tuple[str, int]]) -> tuple[int, ...]:
    counts = [0] * 12
    for day, number in days:
        counts[int(day[5:7]) - 1] += number
    return tuple(counts)


def _day(value: Value) -> date | None:
    return date.fromisoformat(str(value)) if value else None
