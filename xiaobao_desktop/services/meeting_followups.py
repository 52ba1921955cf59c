"""列入计划: each resolution of a meeting that is still open becomes an item of the work plan, linked both ways."""

from __future__ import annotations

from xiaobao_desktop.domain.fields import Record, Values
from xiaobao_desktop.domain.ledgers.meeting import RESOLUTIONS
from xiaobao_desktop.domain.ledgers.plan import LEDGER as PLAN
from xiaobao_desktop.domain.ledgers.plan import RESOLUTION
from xiaobao_desktop.domain.ledgers.staff import LEDGER as STAFF
from xiaobao_desktop.services.followups import FollowUp, begin
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Condition, Query

_LONGEST = 14
"""Characters of a resolution that a button shows."""


def ways(session: Session, record: Record) -> tuple[FollowUp, ...]:
    """A way for each resolution that is not carried out and in no plan yet.

    One with a day by which it is to be done is saved at once; for others the form asks for the day.
    """
    planned = _planned(session, int(str(record.id)))
    rows = [row for row in record.children.get(RESOLUTIONS.key, ()) if not row.get("done")]
    return tuple(_way(session, record, row) for row in rows if row.get("id") not in planned)


def _way(session: Session, record: Record, row: Values) -> FollowUp:
    title = " ".join(str(row.get("resolution") or "").split())
    begun = begin(
        session,
        PLAN,
        {
            "title": title,
            "kind": RESOLUTION,
            "planned_on": row.get("due_on"),
            "department": row.get("department"),
            "owner": _person(session, str(row.get("owner") or "")),
            "meeting": record.id,
            "resolution": row.get("id"),
        },
    )
    short = title if len(title) <= _LONGEST else f"{title[:_LONGEST]}…"
    return FollowUp(f"列入计划：{short}", "calendar-plus", PLAN.key, begun, at_once=bool(row.get("due_on")))


def _planned(session: Session, meeting_id: int) -> frozenset[object]:
    """Ids of the resolutions of a meeting that stand in the plan."""
    where = (Condition("meeting", "eq", (meeting_id,)),)
    return frozenset(row["resolution"] for row in session.book.select(PLAN, Query(where=where), ("resolution",)))


def _person(session: Session, name: str) -> int | None:
    """The one of the staff with this name, None when nobody or several have it."""
    if not name:
        return None
    found = session.book.ids(STAFF, Query(where=(Condition("name", "eq", (name,)),)))
    return found[0] if len(found) == 1 else None
