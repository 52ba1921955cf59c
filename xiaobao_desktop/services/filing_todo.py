"""What filings put on the workbench: papers that are to be sent and were not yet."""

from __future__ import annotations

from datetime import date

from xiaobao_desktop.domain.ledgers.filing import LEDGER, PENDING
from xiaobao_desktop.domain.todo import DueItem
from xiaobao_desktop.services.due_rows import due_rows
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Condition

OPEN = Condition("state", "eq", (PENDING,))


def due(session: Session, until: date) -> list[DueItem]:
    """Papers due by ``until`` and not sent; late ones included."""
    return due_rows(session, LEDGER, until, day="due_on", unit="addressee", where=(OPEN,))
