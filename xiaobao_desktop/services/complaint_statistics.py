"""Statistics of a period for screen and command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from xiaobao_desktop.domain.fields import Value
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.domain.numbers import percent, share
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.domain.statistics import (
    DIMENSIONS,
    CaseRow,
    Figures,
    Group,
    Method,
    breakdown,
    countable,
    days_to_close,
    figures,
    in_period,
)
from xiaobao_desktop.services import origins
from xiaobao_desktop.services.complaint_as_of import case_rows_at
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import OWN, Query


@dataclass(frozen=True)
class Statistics:
    """Exact figures of a period with the records behind them.

    Attributes:
        figures: headline figures.
        total: what counts under the 口径 (by received or closed date).
        closed: how many of ``total`` had ended on the day of view.
        dimensions: groups by dimension, 未填写 included, each adding up to ``total``; by 来源机构 only where there are
            records of other books.
        days: counts by days from receipt to end.
    """

    method: Method
    figures: Figures
    total: int
    closed: int
    dimensions: dict[str, tuple[Group, ...]]
    days: dict[str, int]


def orders(session: Session) -> dict[str, tuple[str, ...]]:
    """The names of each dimension in their official order: sources, top categories, causes, channels, branches."""
    catalog = session.rules.catalog
    branches = session.book.rows(ledger("branch"), _active_branches(session), ("name",))
    return {
        "source": tuple(item.name for item in catalog.list("source").items if item.active),
        "channel": tuple(code.name for code in catalog.tree("A").codes if not _has_children(session, "A", code.key)),
        "category": tuple(code.name for code in catalog.tree("B").roots()),
        "cause": tuple(code.name for code in catalog.tree("C").roots()),
        "branch": tuple(str(row["name"]) for row in branches),
        **({"origin": tuple(origins.name(session, sign) for sign in origins.signs(session))} if session.banks else {}),
    }


def statistics(session: Session, period: Period, as_of: date | None = None, method: Method | None = None) -> Statistics:
    """Statistics of a period.

    Args:
        session: the open book.
        period: the period counted.
        as_of: day of view; by default the last day of the period.
        method: 口径; by default received date, complaints only, repeats counted.
    """
    day = as_of or period.last
    return summarise(case_rows_at(session, day), orders(session), period, day, method or Method())


def summarise(
    rows: Sequence[CaseRow], order: dict[str, tuple[str, ...]], period: Period, as_of: date, method: Method
) -> Statistics:
    """Statistics from rows that were read before."""
    chosen = in_period(countable(rows, method), period, as_of, method)
    return Statistics(
        method=method,
        figures=figures(rows, period, as_of, method),
        total=len(chosen),
        closed=sum(row.closed_by(as_of) for row in chosen),
        dimensions={
            name: breakdown(chosen, name, order.get(name, ()))
            for name in DIMENSIONS
            if name != origins.FIELD.key or name in order
        },
        days=days_to_close(chosen, as_of),
    )


def as_json(result: Statistics) -> dict[str, object]:
    """Statistics as the command line prints them: percentages as text, exact and rounded half up to two digits."""
    found = result.figures
    opening, received, closed, ending = found.balance
    return {
        "period": found.period.code,
        "as_of": found.as_of.isoformat(),
        "basis": result.method.basis,
        "merge_repeats": result.method.merge_repeats,
        "total": result.total,
        "closed": result.closed,
        "closed_rate": percent(share(result.closed, result.total)),
        "closed_in_period": found.closed.count,
        "in_time": found.closed_in_time.count,
        "in_time_rate": percent(found.in_time_rate),
        "satisfaction_rate": percent(found.satisfaction_rate),
        "balance": {"opening": opening, "received": received, "closed": closed, "ending": ending, "ok": found.balanced},
        "dimensions": {
            name: {
                group.name: {"count": group.count, "percent": percent(share(group.count, result.total))}
                for group in groups
            }
            for name, groups in result.dimensions.items()
        },
        "days_to_close": result.days,
    }


def _active_branches(session: Session) -> list[int]:
    return session.book.ids(ledger("branch"), Query(where=(OWN,), order=(("number", False),)))


def _has_children(session: Session, tree: str, key: str) -> bool:
    return any(code.parent == key for code in session.rules.catalog.tree(tree).codes)


def department_names(session: Session) -> frozenset[str]:
    """Names of the head-office departments among the branches."""
    return frozenset(str(row["name"]) for row in _branch_rows(session) if row["kind"] == "department")


def outlet_count(session: Session) -> int:
    """Number of outlets in use."""
    return sum(1 for row in _branch_rows(session) if row["kind"] != "department" and row["active"])


def _branch_rows(session: Session) -> list[dict[str, Value]]:
    return session.book.rows(ledger("branch"), _active_branches(session), ("name", "kind", "active"))
