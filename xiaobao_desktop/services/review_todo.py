"""What reviews put on the workbench: those not finished, by the day they are wanted."""

from __future__ import annotations

from datetime import date

from xiaobao_desktop.domain.ledgers.review import LEDGER, PENDING
from xiaobao_desktop.domain.todo import DueItem
from xiaobao_desktop.services.due_rows import due_rows
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Condition

OPEN = Condition("state", "eq", (PENDING,))


def due(session: Session, until: date) -> list[DueItem]:
    """Reviews wanted by ``until`` and not finished; late ones included."""
    return due_rows(session, LEDGER, until, day="due_on", unit="department", where=(OPEN,))
