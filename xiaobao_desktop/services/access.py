"""Access to unmasked personal data, on record: who, when, how much, why."""

from __future__ import annotations

from xiaobao_desktop.domain.fields import Kind, Ledger, Record, Values
from xiaobao_desktop.domain.masking import OPEN, Hider, hider, is_masked
from xiaobao_desktop.services.session import Session

SHOWN_OPENED = (Kind.PERSON_NAME, Kind.PHONE)
"""Shown in the opened record without a click (the officer's daily work); all other personal data stays masked."""
USERS = "users"
"""Stands in the log for the users of the book; also the setting that holds them (``domain.roles.to_text``)."""


def reveal(session: Session, ledger: Ledger, records: int, reason: str) -> None:
    """Write into the audit log that personal data of a ledger was shown unmasked.

    Args:
        session: the open book.
        ledger: whose records.
        records: how many.
        reason: why, in the person's words.
    """
    with session.book.noting(f"查看{ledger.label}完整信息", session.user, session.now()) as log:
        log.note(ledger.key, None, {"records": records, "reason": reason})


def reveal_one(session: Session, ledger: Ledger, record_id: int, label: str) -> None:
    """Write into the audit log that one field of one record was shown unmasked; no reason is asked for one's work."""
    with session.book.noting(f"查看{label}", session.user, session.now()) as log:
        log.note(ledger.key, record_id, {"field": label})


def hiding(session: Session, ledger: Ledger, values: Values) -> Hider:
    """What stars the person of an opened record in words about it, for a reader; an officer reads them as written."""
    return OPEN if session.role.may_change else hider(ledger, values)


def looked_at(ledger: Ledger) -> str:
    """The operation of :func:`opened`."""
    return f"查看{ledger.label}"


def opened(session: Session, ledger: Ledger, record: Record) -> None:
    """Write into the audit log that an opened record showed its officer name and phone; once while the book is open.

    A reader sees them masked, and each click on one is written down by :func:`reveal_one`.
    """
    shown = (item for item in ledger.fields if item.kind in SHOWN_OPENED and is_masked(item))
    filled = [item for item in shown if record.values.get(item.key)]
    if not session.role.may_change or record.id is None or not filled or not session.first_look(ledger.key, record.id):
        return
    with session.book.noting(looked_at(ledger), session.user, session.now()) as log:
        log.note(ledger.key, record.id, {"fields": [item.label for item in filled]})
