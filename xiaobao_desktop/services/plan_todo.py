"""What the work plan puts on the workbench: items that are to be done and are not."""

from __future__ import annotations

from datetime import date

from xiaobao_desktop.domain.ledgers.plan import IN_PROGRESS, LEDGER, NOT_STARTED
from xiaobao_desktop.domain.todo import DueItem
from xiaobao_desktop.services.due_rows import due_rows
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Condition

OPEN = Condition("state", "in", (NOT_STARTED, IN_PROGRESS))
"""Those whose planned day still counts."""


def due(session: Session, until: date) -> list[DueItem]:
    """Items planned for a day by ``until`` and neither done nor called off; late ones included."""
    return due_rows(session, LEDGER, until, day="planned_on", unit="department", where=(OPEN,))
