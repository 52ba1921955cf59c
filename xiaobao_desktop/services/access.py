"""Access to unmasked personal data, on record: who, when, how much, why."""

from __future__ import annotations

from xiaobao_desktop.domain.fields import Ledger
from xiaobao_desktop.services.session import Session


def reveal(session: Session, ledger: Ledger, records: int, reason: str) -> None:
    """Write into the audit log that personal data of a ledger was shown unmasked.

    Args:
        session: the open book.
        ledger: whose records.
        records: how many.
        reason: why, in the person's words.
    """
    with session.book.transaction(f"查看{ledger.label}完整信息", session.user, session.now()) as log:
        log.note(ledger.key, None, {"records": records, "reason": reason})


def reveal_one(session: Session, ledger: Ledger, record_id: int, label: str) -> None:
    """Write into the audit log that one field of one record was shown unmasked; no reason is asked for one's work."""
    with session.book.transaction(f"查看{label}", session.user, session.now()) as log:
        log.note(ledger.key, record_id, {"field": label})
