"""What several reports read from the book in the same way: trainings and events, what is due next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from xiaobao_desktop.domain.fields import Value
from xiaobao_desktop.domain.ledgers.complaint import LEDGER as COMPLAINT
from xiaobao_desktop.domain.ledgers.training import GROUP_COUNTS
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.domain.statistics import CaseRow, Method, figures
from xiaobao_desktop.reports.periodic import DueItem
from xiaobao_desktop.reports.periodic_activities import Activities
from xiaobao_desktop.services.outreach_statistics import outreach_rows
from xiaobao_desktop.services.report_kind import Request
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.services.training_statistics import training_rows


def activities(session: Session) -> Activities:
    """The trainings and events of the book."""
    groups = session.rules.catalog.list("staff_group")
    return Activities(
        trainings=training_rows(session),
        events=outreach_rows(session),
        groups={group: groups.label(group) for group in GROUP_COUNTS},
    )


def due_items(
    session: Session, rows: list[CaseRow], period: Period, as_of: date, method: Method
) -> tuple[DueItem, ...]:
    """The open cases that are due in the period after this one, by day."""
    coming = period.after()
    open_rows = [
        row
        for row in rows
        if row.nature in method.natures
        and row.received_on <= as_of
        and not row.closed_by(as_of)
        and row.due_on is not None
        and row.due_on in coming
    ]
    details: dict[Value, dict[str, Value]] = {
        item["id"]: item
        for item in session.book.rows(COMPLAINT, [row.id for row in open_rows], ("department", "branch"))
    }
    branches = session.link_names("branch")
    items = []
    for row in sorted(open_rows, key=lambda item: (item.due_on or item.received_on, item.id)):
        detail = details[row.id]
        branch = detail["branch"]
        unit = str(detail["department"] or "") or (branches.get(branch, "") if isinstance(branch, int) else "")
        day = (row.due_on - row.received_on).days if row.due_on else 0
        items.append(DueItem(row.due_on or coming.first, f"{detail['number']}答复（第{day}日）", "投诉", unit, row.id))
    return tuple(items)


def compensations(session: Session, rows: Sequence[CaseRow], request: Request) -> list[int]:
    """What was paid, in fen, for each case received from 1 January to the end of the period that had a compensation."""
    received = figures(rows, request.period.year_to_date(), request.as_of, request.method).received
    found = session.book.rows(COMPLAINT, received.ids, ("compensation",))
    return [int(str(row["compensation"])) for row in found if row["compensation"]]
