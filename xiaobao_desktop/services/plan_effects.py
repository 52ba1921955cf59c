"""A plan item that came from a resolution of a meeting ticks that resolution off when it is done, or opens it again."""

from __future__ import annotations

from dataclasses import replace

from xiaobao_desktop.domain.fields import Record, Value, Values
from xiaobao_desktop.domain.ledgers import meeting
from xiaobao_desktop.domain.ledgers.plan import DONE, MEETING, PLACE
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.transaction import Transaction


def after_save(session: Session, changes: Transaction, before: Record | None, written: Record) -> None:
    """Write 落实情况 of the resolution anew when the item was finished, or is so no longer."""
    source, place = written.values.get(MEETING), written.values.get(PLACE)
    done = written.values.get("state") == DONE
    was_done = before is not None and before.values.get("state") == DONE
    if not isinstance(source, int) or not (done or was_done):
        return
    ledger = session.ledger(meeting.LEDGER.key)
    record = session.book.record(ledger, source)
    if record is None:
        return
    rows = record.children.get(meeting.RESOLUTIONS.key, ())
    changed = tuple(_settled(row, written.values, done=done) if row.get("id") == place else row for row in rows)
    if changed != tuple(rows):
        whole = replace(record, children={**record.children, meeting.RESOLUTIONS.key: changed})
        changes.update(ledger, ledger.complete(record, whole, session.rules))


def _settled(row: Values, plan: Values, *, done: bool) -> Values:
    """The resolution carried out on the day the item was finished, or open again; words of the minutes stay."""
    if not done:
        return {**row, "done": False, "done_on": None}
    told: Value = row.get("outcome") or plan.get("progress") or f"{plan.get('title')}，已完成"
    return {**row, "done": True, "done_on": plan.get("finished_on"), "outcome": " ".join(str(told).split())}
