"""Which records lack attachments they should have: photos, sign-in sheets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from xiaobao_desktop.domain.fields import Evidence, Ledger
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Condition, Query


def wanted(ledger: Ledger) -> tuple[Evidence, ...]:
    """The kinds of attachments that every record of a ledger should have."""
    return tuple(kind for kind in ledger.evidence if kind.wanted)


def missing(session: Session, ledger: Ledger, ids: Sequence[int]) -> dict[int, tuple[Evidence, ...]]:
    """What the given records lack, by id in their order; complete ones are left out."""
    kinds = wanted(ledger)
    if not kinds:
        return {}
    have = session.book.attachment_kinds(ledger, ids)
    found = {
        record_id: tuple(kind for kind in kinds if kind.key not in have.get(record_id, frozenset()))
        for record_id in ids
    }
    return {record_id: lacking for record_id, lacking in found.items() if lacking}


def missing_evidence(
    session: Session, ledger: Ledger, period: Period, as_of: date | None = None
) -> dict[int, tuple[Evidence, ...]]:
    """What the records of a period lack, by id in order of their days; planned ones after ``as_of`` are left out."""
    if not ledger.dated_by:
        return {}
    last = min(period.last, as_of) if as_of else period.last
    dated = Condition(ledger.dated_by, "between", (period.first.isoformat(), last.isoformat()))
    ids = session.book.ids(ledger, Query(where=(dated,), order=((ledger.dated_by, False), ("number", False))))
    return missing(session, ledger, ids)
