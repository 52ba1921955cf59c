"""Narrow rows of policies, meetings, reviews, rectifications, inspections and plan for reports, names resolved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from xiaobao_desktop.domain.fields import Ledger, Value, Values
from xiaobao_desktop.domain.governance import (
    Governance,
    InspectionRow,
    MeetingRow,
    People,
    PlanRow,
    PolicyRow,
    Resolution,
    ReviewRow,
)
from xiaobao_desktop.domain.ledgers import inspection, meeting, plan, policy, rectification, review
from xiaobao_desktop.domain.rectification_statistics import RectificationRow
from xiaobao_desktop.services import listing, organisation, policy_todo
from xiaobao_desktop.services.organisation import Member
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import OWN, Query

FULL_TIME = "full"
"""Duty of those who do this work with no other work."""


def governance(session: Session, as_of: date) -> Governance:
    """What reports tell of the book besides complaints and activities, seen on a day; rows are read once a change."""
    known = session.once("governance", lambda: _read(session))
    wanted = session.rules.catalog.list(policy.CATEGORIES).items
    return replace(
        known,
        wanted=sum(bool(item.active and item.extra.get("wanted")) for item in wanted),
        missing=policy_todo.missing_categories(session, as_of),
        people=_people(session),
    )


def _read(session: Session) -> Governance:
    conclusions = session.rules.catalog.list("review_conclusion").items
    return Governance(
        policies=_policies(session),
        meetings=_meetings(session),
        reviews=_reviews(session),
        rectifications=_rectifications(session),
        inspections=_inspections(session),
        plans=_plans(session),
        review_conclusions={item.id: item.name for item in conclusions},
    )


def _people(session: Session) -> People:
    found = organisation.read(session)
    roles = {member.role for member in found.members}
    by_role = {role: tuple(_titled(item) for item in found.with_role(role)) for role in roles}
    duties = [str(session.rules.catalog.list("consumer_duty").label(FULL_TIME))]
    full = sum(item.role in duties for item in found.officers)
    leader, deputy, member = (
        session.rules.catalog.list("group_post").label(key) for key in ("leader", "deputy", "member")
    )
    return People(
        group=found.group,
        leaders=by_role.get(leader, ()),
        deputies=by_role.get(deputy, ()),
        members=by_role.get(member, ()),
        executive=found.executive,
        department=found.department,
        full=full,
        part=len(found.officers) - full,
    )


def _titled(member: Member) -> str:
    return f"{member.name}（{member.post}）" if member.post else member.name


def _policies(session: Session) -> tuple[PolicyRow, ...]:
    keys = (
        "name",
        "level",
        "categories",
        "change",
        "dated_on",
        "issued_on",
        "in_force_on",
        "repealed_on",
        "review_due_on",
        "document_number",
        "version",
        "approved_by",
        "department",
    )
    return tuple(
        PolicyRow(
            id=_id(row),
            name=_text(row, "name").strip("《》"),
            external=row["level"] == policy.EXTERNAL,
            categories=_several(row["categories"]),
            change=_text(row, "change"),
            dated_on=_day(row["dated_on"]),
            repealed_on=_day(row["repealed_on"]),
            values=row,
        )
        for row in _select(session, policy.LEDGER, keys, "dated_on")
    )


def _meetings(session: Session) -> tuple[MeetingRow, ...]:
    ledger = meeting.LEDGER
    rows = _select(session, ledger, ("held_on", "kind", "title", "topics", "chair", "minutes_number"), "held_on")
    children = session.book.child_rows(ledger, meeting.RESOLUTIONS, [_id(row) for row in rows])
    name = _namer(session, ledger)
    return tuple(
        MeetingRow(
            id=_id(row),
            held_on=day,
            kind=_text(row, "kind"),
            kind_name=name(row, "kind"),
            title=_text(row, "title"),
            topics=tuple(line.strip() for line in _text(row, "topics").splitlines() if line.strip()),
            chair=_text(row, "chair"),
            minutes=_text(row, "minutes_number"),
            resolutions=tuple(_resolution(item) for item in children.get(_id(row), ())),
        )
        for row, day in _dated(rows, "held_on")
    )


def _resolution(row: Values) -> Resolution:
    return Resolution(
        words=_text(row, "resolution"),
        department=_text(row, "department"),
        owner=_text(row, "owner"),
        due_on=_day(row.get("due_on")),
        done=bool(row.get("done")),
        done_on=_day(row.get("done_on")),
        outcome=_text(row, "outcome"),
    )


def _reviews(session: Session) -> tuple[ReviewRow, ...]:
    ledger = review.LEDGER
    keys = ("received_on", "title", "kind", "finished_on", "conclusion", "adopted")
    name = _namer(session, ledger)
    kinds = session.rules.catalog.list(ledger.field("kind").options).items
    assessed = {item.id for item in kinds if item.extra.get("assessed")}
    return tuple(
        ReviewRow(
            id=_id(row),
            received_on=day,
            title=_text(row, "title"),
            kind_name=name(row, "kind"),
            finished_on=_day(row["finished_on"]),
            conclusion=_text(row, "conclusion"),
            adopted=_text(row, "adopted"),
            assessed=row["kind"] in assessed,
        )
        for row, day in _dated(_select(session, ledger, keys, "received_on"), "received_on")
    )


def _rectifications(session: Session) -> tuple[RectificationRow, ...]:
    ledger = rectification.LEDGER
    keys = (
        "found_on",
        "source",
        "problem",
        "measure",
        "department",
        "owner",
        "planned_on",
        "finished_on",
        "verified_on",
        "verdict",
        "verifier",
        "accountability",
        inspection.LEDGER.key,
        "item",
    )
    name = _namer(session, ledger)
    return tuple(
        RectificationRow(
            id=_id(row),
            found_on=day,
            number=_text(row, "number"),
            source=_text(row, "source"),
            source_name=name(row, "source"),
            problem=_text(row, "problem"),
            measure=_text(row, "measure"),
            department=_text(row, "department"),
            owner=name(row, "owner"),
            planned_on=_day(row["planned_on"]),
            finished_on=_day(row["finished_on"]),
            verified_on=_day(row["verified_on"]),
            verdict=_text(row, "verdict"),
            verifier=name(row, "verifier"),
            accountability=_text(row, "accountability"),
            inspection=_number(row[inspection.LEDGER.key]),
            item=_text(row, "item"),
        )
        for row, day in _dated(_select(session, ledger, keys, "found_on"), "found_on")
    )


def _inspections(session: Session) -> tuple[InspectionRow, ...]:
    keys = ("begun_on", "name", "checklist", "finished_on", "findings", "sampled", "failed")
    return tuple(
        InspectionRow(
            id=_id(row),
            begun_on=day,
            name=_text(row, "name"),
            checklist=_text(row, "checklist"),
            source=source_of(session, _text(row, "checklist")),
            finished_on=_day(row["finished_on"]),
            findings=_number(row["findings"]),
            sampled=_number(row["sampled"]),
            failed=_number(row["failed"]),
        )
        for row, day in _dated(_select(session, inspection.LEDGER, keys, "begun_on"), "begun_on")
    )


def source_of(session: Session, checklist: str) -> str:
    """Id of the source under which findings of a checklist become rectifications."""
    found = session.rules.checklist(checklist) if checklist else None
    return found.finding_source if found else rectification.SELF_CHECK


def _plans(session: Session) -> tuple[PlanRow, ...]:
    keys = ("title", "kind", "planned_on", "finished_on", "state")
    return tuple(
        PlanRow(_id(row), _text(row, "title"), _text(row, "kind"), day, _day(row["finished_on"]), _text(row, "state"))
        for row, day in _dated(_select(session, plan.LEDGER, keys, "planned_on"), "planned_on")
    )


def _select(session: Session, ledger: Ledger, keys: Sequence[str], by: str) -> list[dict[str, Value]]:
    """The bank's own records of a ledger in order of a day."""
    query = Query(where=(OWN,), order=((by, False), ("number", False)))
    return session.book.select(ledger, query, tuple(keys))


def _dated(rows: Iterable[dict[str, Value]], key: str) -> list[tuple[dict[str, Value], date]]:
    """The rows that have a day, each with it."""
    return [(row, day) for row in rows if (day := _day(row[key])) is not None]


def _namer(session: Session, ledger: Ledger) -> Callable[[Mapping[str, Value], str], str]:
    """Gives the text of a field as printed."""
    return lambda row, key: listing.display(session, ledger.field(key), row[key])


def _id(row: Mapping[str, Value]) -> int:
    return int(str(row["id"]))


def _text(row: Mapping[str, Value], key: str) -> str:
    return str(row.get(key) or "").strip()


def _number(value: Value) -> int | None:
    return value if isinstance(value, int) else None


def _day(value: Value) -> date | None:
    return date.fromisoformat(str(value)) if value else None


def _several(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()
