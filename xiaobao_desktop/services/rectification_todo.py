"""What rectifications put on the workbench: planned days, what waits to be verified, what has no proof or no plan."""

from __future__ import annotations

from datetime import date

from xiaobao_desktop.domain.ledgers.rectification import DONE, FINISHED, IN_PROGRESS, LEDGER, NOT_STARTED
from xiaobao_desktop.domain.todo import DueItem
from xiaobao_desktop.services.due_rows import due_rows
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import OWN, Condition, Query

OPEN = Condition("state", "in", (NOT_STARTED, IN_PROGRESS))
"""Those whose planned day still counts."""
_PROOF = "proof"


def due(session: Session, until: date) -> list[DueItem]:
    """Rectifications that are to be finished by ``until`` and are not; late ones included."""
    found = due_rows(session, LEDGER, until, day="planned_on", unit="department", where=(OPEN,))
    return [item._replace(subject=" ".join(item.subject.split())) for item in found]


def gaps(session: Session) -> list[tuple[str, tuple[int, ...]]]:
    """What is to be done about finished ones, and which have no planned day: words, and the records."""
    unit = LEDGER.unit
    waiting = _ids(session, Condition("state", "eq", (FINISHED,)))
    unplanned = _ids(session, OPEN, Condition("planned_on", "empty"))
    done = _ids(session, Condition("state", "in", (FINISHED, DONE)))
    have = session.book.attachment_kinds(LEDGER, done) if done else {}
    unproven = tuple(one for one in done if _PROOF not in have.get(one, frozenset()))
    found = (
        (f"{len(waiting)} {unit}已完成，待另一个人验证", waiting),
        (f"{len(unplanned)} {unit}没有定计划完成日", unplanned),
        (f"{len(unproven)} {unit}已完成的没有{LEDGER.evidence_kind(_PROOF).label}", unproven),
    )
    return [(words, ids) for words, ids in found if ids]


def _ids(session: Session, *where: Condition) -> tuple[int, ...]:
    return tuple(session.book.ids(LEDGER, Query(where=(OWN, *where), order=(("number", False),))))
