"""A new record from an existing one: the same matter again, without what belongs to the old record alone."""

from __future__ import annotations

from xiaobao_desktop.domain.fields import Ledger, Record
from xiaobao_desktop.services.records import blank, get
from xiaobao_desktop.services.session import Session


def copy_of(session: Session, ledger: Ledger, record_id: int) -> Record:
    """A record to be entered with the values of another; nothing is written.

    Left out: number, child rows, derived fields, and what the ledger declares as belonging to one record alone. The
    date of the ledger is today.

    Raises:
        RecordMissing: no such record.
    """
    source = get(session, ledger, record_id)
    left_out = {*ledger.not_copied, *(item.key for item in ledger.fields if item.derived or not item.entered)}
    left_out |= {item.time_field for item in ledger.fields if item.key in left_out and item.time_field}
    start = blank(session, ledger)
    left_out |= {ledger.dated_by}
    copied = {key: value for key, value in source.values.items() if key not in left_out and value is not None}
    return Record({**start.values, **copied})
