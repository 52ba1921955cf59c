"""What filings put on the workbench: papers that are to be sent and were not yet."""

from __future__ import annotations

from datetime import date

from xiaobao_desktop.domain.ledgers.filing import LEDGER, PENDING
from xiaobao_desktop.domain.todo import DueItem
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Condition, Query

_EARLIEST = "0001-01-01"


def due(session: Session, until: date) -> list[DueItem]:
    """Papers due by ``until`` and not sent; late ones included."""
    days = Condition("due_on", "between", (_EARLIEST, until.isoformat()))
    where = (Condition("state", "eq", (PENDING,)), days)
    rows = session.book.select(LEDGER, Query(where=where, order=(("due_on", False),)), ("title", "addressee", "due_on"))
    return [
        DueItem(
            ledger=LEDGER.key,
            record_id=int(str(row["id"])),
            number=str(row["number"]),
            kind=LEDGER.label,
            subject=str(row["title"] or ""),
            unit=str(row["addressee"] or ""),
            due_on=date.fromisoformat(str(row["due_on"])),
            icon=LEDGER.icon,
        )
        for row in rows
    ]
