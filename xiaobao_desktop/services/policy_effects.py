"""A policy that replaces an older one ends it: its 废止日期 is the day on which the new one comes into force."""

from __future__ import annotations

from dataclasses import replace

from xiaobao_desktop.domain.fields import Record, Values
from xiaobao_desktop.domain.ledgers.policy import LEDGER, begins_on
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.transaction import Transaction


def after_save(session: Session, changes: Transaction, before: Record | None, written: Record) -> None:
    """Write the day of repeal of the replaced policy while it has none, or while it has the one written here before."""
    source, day = written.values.get("replaces"), begins_on(written.values)
    old = session.book.record(LEDGER, source) if isinstance(source, int) and day else None
    if old is None or old.deleted or not _follows(old.values, before, source) or day < _begun(old.values):
        return
    if old.values.get("repealed_on") != day:
        whole = replace(old, values={**old.values, "repealed_on": day})
        changes.update(LEDGER, LEDGER.complete(old, whole, session.rules))


def _follows(old: Values, before: Record | None, source: object) -> bool:
    """Whether the day of repeal is free, or came from the new policy; one that the officer entered stays."""
    ended = old.get("repealed_on")
    was: Values = before.values if before is not None else {}
    return not ended or (was.get("replaces") == source and begins_on(was) == ended)


def _begun(old: Values) -> str:
    """The first day the old policy can end on."""
    return max(str(old.get(key) or "") for key in ("issued_on", "in_force_on"))
