"""What several reports read from the book in the same way: trainings and events, what is due next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from xiaobao_desktop.domain.fields import Value
from xiaobao_desktop.domain.ledgers.complaint import LEDGER as COMPLAINT
from xiaobao_desktop.domain.ledgers.training import GROUP_COUNTS
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.domain.statistics import CaseRow, Cases, Method, countable, figures
from xiaobao_desktop.reports.periodic import DueItem
from xiaobao_desktop.reports.periodic_activities import Activities
from xiaobao_desktop.services.due_next import due_next
from xiaobao_desktop.services.origins import OWN_LABEL
from xiaobao_desktop.services.outreach_statistics import outreach_rows
from xiaobao_desktop.services.report_kind import Request
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.services.training_statistics import training_rows


def activities(session: Session) -> Activities:
    """The trainings and events of the book; read once for each change."""
    return session.once("activities", lambda: _activities(session))


def _activities(session: Session) -> Activities:
    groups = session.rules.catalog.list("staff_group")
    return Activities(
        trainings=training_rows(session),
        events=outreach_rows(session),
        groups={group: groups.label(group) for group in GROUP_COUNTS},
    )


def due_items(
    session: Session, rows: Sequence[CaseRow], period: Period, as_of: date, method: Method
) -> tuple[DueItem, ...]:
    """The open cases and what else is due in the period after this one, by day."""
    coming = period.after()
    counted = Cases.of(countable(rows, replace(method, merge_repeats=False)))
    waiting = counted.open_before(as_of + timedelta(days=1))
    last = min(period.last, as_of)
    # Who has been told waits for no answer any more.
    own = [row for row in waiting if row.origin in ("", OWN_LABEL)]  # others are answered elsewhere
    running = [row for row in own if row.received_on <= last and not row.told]
    open_rows = [row for row in running if row.due_on and row.due_on in coming]
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
    # Of one day, cases come first.
    return tuple(sorted([*items, *due_next(session, period, as_of)], key=lambda item: item.day))


def closing_ways(session: Session, rows: Sequence[CaseRow], request: Request) -> list[tuple[str, int]]:
    """In which ways the cases of the period ended, each with how many, in the order of the list; 未填写 left out."""
    closed = figures(rows, request.period, request.as_of, request.method).closed
    field = COMPLAINT.field("closing_way")
    counts = Counter(
        str(row[field.key]) for row in session.book.rows(COMPLAINT, closed.ids, (field.key,)) if row[field.key]
    )
    return [(item.name, counts[item.id]) for item in session.rules.catalog.list(field.options).items if counts[item.id]]


def compensations(session: Session, rows: Sequence[CaseRow], request: Request, span: Period | None = None) -> list[int]:
    """What was paid, in fen, for each case that had a compensation.

    Args:
        session: the open book.
        rows: every complaint.
        request: what is asked for.
        span: when the cases were received; by default from 1 January to the end of the period.
    """
    received = figures(rows, span or request.period.year_to_date(), request.as_of, request.method).received
    found = session.book.rows(COMPLAINT, received.ids, ("compensation",))
    return [int(str(row["compensation"])) for row in found if row["compensation"]]
