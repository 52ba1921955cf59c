"""Records with a last day as rows of the workbench, for ledgers whose due day is a column."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from xiaobao_desktop.domain.fields import Ledger
from xiaobao_desktop.domain.todo import DueItem
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import OWN, Condition, Query

EARLIEST = "0001-01-01"
"""Before every day: what is late is due as well."""


def due_rows(
    session: Session,
    ledger: Ledger,
    until: date,
    *,
    day: str,
    unit: str,
    kind: str = "",
    where: Sequence[Condition] = (),
) -> list[DueItem]:
    """The records due by a day, in order of their last day.

    Args:
        session: the open book.
        ledger: whose records.
        until: last day that counts; everything late counts too.
        day: key of the field with the last day.
        unit: key of the TEXT field naming who has to act.
        kind: how the matter is called; by default as the ledger.
        where: which records are still open.
    """
    span = Condition(day, "between", (EARLIEST, until.isoformat()))
    subject = ledger.title[0]
    query = Query(where=(OWN, *where, span), order=((day, False), ("number", False)))
    return [
        DueItem(
            ledger=ledger.key,
            record_id=int(str(row["id"])),
            number=str(row["number"]),
            kind=kind or ledger.label,
            subject=str(row[subject] or ""),
            unit=str(row[unit] or ""),
            due_on=date.fromisoformat(str(row[day])),
            icon=ledger.icon,
        )
        for row in session.book.select(ledger, query, (subject, unit, day))
    ]


def waiting(session: Session, ledger: Ledger, day: str, where: Sequence[Condition]) -> tuple[int, bool]:
    """How many records of the book itself are still open, and whether one of them is late today.

    Args:
        session: the open book.
        ledger: whose records.
        day: key of the field with the last day; open records without one count, but are never late.
        where: which records are still open.
    """
    today = session.today().isoformat()
    rows = session.book.select(ledger, Query(where=(OWN, *where)), (day,))
    return len(rows), any("" < str(row[day] or "") < today for row in rows)
