"""What policies put on the workbench: reviews that are due, and systems that the bank has to have and has not."""

from __future__ import annotations

from datetime import date

from xiaobao_desktop.domain.ledgers.policy import CURRENT, LEDGER, uncovered
from xiaobao_desktop.domain.todo import DueItem
from xiaobao_desktop.services.due_rows import due_rows
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import OWN, Condition, Query

KEPT = Condition("state", "eq", (CURRENT,))
"""Policies without a day of repeal."""
_KEYS = ("level", "categories", "issued_on", "in_force_on", "repealed_on", "review_due_on")


def due(session: Session, until: date) -> list[DueItem]:
    """Policies whose review is due by ``until``."""
    return due_rows(
        session, LEDGER, until, day="review_due_on", unit="department", kind=f"{LEDGER.label}评估", where=(KEPT,)
    )


def missing_categories(session: Session, day: date) -> tuple[str, ...]:
    """The categories of PBOC order 5 (2020), article 8, that no policy of the bank serves on a day."""
    rows = session.book.select(LEDGER, Query(where=(OWN,)), _KEYS)
    return uncovered(rows, day.isoformat(), session.rules)


def gap_words(session: Session, day: date) -> str:
    """The missing categories as a sentence, "" where none is missing or no policy was ever registered."""
    missing = missing_categories(session, day) if session.book.count(LEDGER, Query(where=(OWN,))) else ()
    return f"{'、'.join(missing)}尚无有效制度" if missing else ""
