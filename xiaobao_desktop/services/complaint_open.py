"""The complaints that are not closed, for whoever takes them over."""

from __future__ import annotations

from collections.abc import Mapping

from xiaobao_desktop.domain.fields import Value
from xiaobao_desktop.domain.ledgers.complaint import LEDGER
from xiaobao_desktop.reports.handover import OpenCase
from xiaobao_desktop.services import listing
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import OWN, Condition, Query

_KEYS = ("complainant", "received_on", "due_on", "state", "branch", "department")


def open_cases(session: Session) -> tuple[OpenCase, ...]:
    """Every complaint of the book's own without a closing day, the earliest received first; names masked."""
    ledger = session.ledger(LEDGER.key)
    query = Query(where=(OWN, Condition("closed_on", "empty")), order=(("received_on", False), ("number", False)))

    def shown(row: Mapping[str, Value], key: str) -> str:
        return listing.display(session, ledger.field(key), row[key])

    return tuple(
        OpenCase(
            number=str(row["number"]),
            person=shown(row, "complainant"),
            received=shown(row, "received_on"),
            due=shown(row, "due_on") or "—",
            state=shown(row, "state"),
            unit=shown(row, "branch") or shown(row, "department"),
        )
        for row in session.book.select(ledger, query, _KEYS)
    )
