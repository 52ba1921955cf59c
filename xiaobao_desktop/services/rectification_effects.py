"""A rectification that a complaint brought to light writes its number (整改编号) into that complaint."""

from __future__ import annotations

from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.domain.ledgers.complaint import LEDGER as COMPLAINT
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.transaction import Transaction

_NUMBER = "rectification_number"


def after_save(session: Session, changes: Transaction, before: Record | None, written: Record) -> None:
    """Fill 整改编号 of the complaint of a new rectification while it is empty; what was typed there stays."""
    source = written.values.get(COMPLAINT.key)
    if before is not None or not isinstance(source, int):
        return
    ledger = session.ledger(COMPLAINT.key)
    complaint = session.book.record(ledger, source)
    if complaint is not None and not complaint.values.get(_NUMBER):
        changes.update(ledger, Record({_NUMBER: written.number}, {}, source))
