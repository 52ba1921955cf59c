"""What meetings put on the workbench: resolutions still open, unless a plan item carries them already."""

from __future__ import annotations

from datetime import date

from xiaobao_desktop.domain.fields import Values
from xiaobao_desktop.domain.ledgers.meeting import LEDGER, OPEN, RESOLUTIONS
from xiaobao_desktop.domain.ledgers.plan import LEDGER as PLAN
from xiaobao_desktop.domain.todo import DueItem
from xiaobao_desktop.services.due_rows import EARLIEST
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import OWN, Condition, Query

STILL_OPEN = Condition("state", "eq", (OPEN,))


def due(session: Session, until: date) -> list[DueItem]:
    """Open resolutions due by ``until``, each a row that opens its meeting."""
    days = Condition("due_on", "between", (EARLIEST, until.isoformat()))
    meetings = session.book.ids(LEDGER, Query(where=(OWN, STILL_OPEN, days)))
    planned = _planned(session) if meetings else set()
    found = []
    for meeting_id in meetings:
        record = session.book.record(LEDGER, meeting_id)
        for row in record.children.get(RESOLUTIONS.key, ()) if record else ():
            wanted = not row.get("done") and "" < str(row.get("due_on") or "") <= until.isoformat()
            if wanted and record is not None and (meeting_id, row.get("id")) not in planned:
                found.append(_item(meeting_id, str(record.number), row))
    return sorted(found, key=lambda item: (item.due_on, item.number))


def _planned(session: Session) -> set[tuple[object, object]]:
    """(meeting, resolution) of every plan item that carries one."""
    rows = session.book.select(PLAN, Query(where=(Condition("meeting", "not_empty"),)), ("meeting", "resolution"))
    return {(row["meeting"], row["resolution"]) for row in rows}


def _item(meeting_id: int, number: str, row: Values) -> DueItem:
    return DueItem(
        ledger=LEDGER.key,
        record_id=meeting_id,
        number=number,
        kind="会议决议",
        subject=str(row.get("resolution") or ""),
        unit=str(row.get("department") or row.get("owner") or ""),
        due_on=date.fromisoformat(str(row["due_on"])),
        icon=LEDGER.icon,
    )
