"""What the officer judged about two complaints: a repetition, merged, linked, one group, or nothing of the kind.

A judgement is a child row of one of the two (of the later one for a repetition) and, for a merger, the link 并入 with
the step 并案 that ends the later case. Both records stay; statistics count a merged or repeated one once where the
method says so. Each judgement is one operation of the history and can be taken back as any other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from xiaobao_desktop.domain import case
from xiaobao_desktop.domain.fields import Ledger, Record, Value, Values
from xiaobao_desktop.domain.ledgers.complaint import LEDGER, RELATIONS, STEPS
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import listing, records
from xiaobao_desktop.services.records import Saved, get
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Condition, Query

REPEAT, LINKED, DIFFERENT, GROUP, APART = "repeat", "linked", "different", "group", "apart"
"""Ids of the choice list ``relation``: a repetition, linked, none; one group, none."""
_ABOUT_GROUPS = frozenset({GROUP, APART})
_DENIED = frozenset({DIFFERENT, APART})
MERGED_INTO, MERGED_HERE = "merged_into", "merged_here"
"""Further relations, which the link 并入 says: this one went into the other, the other into this one."""
_WORDS = {MERGED_INTO: "并入", MERGED_HERE: "已并入本件"}
_KEYS = ("received_on", "received_time", "complainant", "category", "state")


class MergedElsewhere(UserError):
    """没有并案：{number} 已经并入别的投诉。要改并入哪一件，请打开 {number}，在“并入”里修改。"""  # noqa: D415


class MergedInCircle(UserError):
    """没有并案：先收到的一件已经并入 {number}，不能再反过来并。"""  # noqa: D415


@dataclass(frozen=True)
class Judged:
    """Ids of other complaints about which something was judged, beside one complaint.

    Attributes:
        repeats: not to be told as a possible repetition again.
        apart: no group with it.
        grouped: known to belong to it already, in a group or otherwise.
    """

    repeats: frozenset[int]
    apart: frozenset[int]
    grouped: frozenset[int]


@dataclass(frozen=True)
class Related:
    """Another complaint that belongs to the one shown.

    Attributes:
        record_id, number: which one.
        kind: id of the relation.
        words: Chinese name of the relation, seen from the one shown.
        received_on: ISO day of its receipt.
        subject: masked name and category.
        state: Chinese name of its state.
    """

    record_id: int
    number: str
    kind: str
    words: str
    received_on: str
    subject: str
    state: str


def judged(session: Session, record: Record) -> Judged:
    """What was judged about a complaint, whichever of the two records says so; nothing for an unsaved one."""
    if record.id is None:
        return Judged(frozenset(), frozenset(), frozenset())
    found = _with_members(session, record, _relations(session, record))
    return Judged(
        repeats=frozenset(one for one, kinds in found.items() if kinds != {APART}),
        apart=frozenset(one for one, kinds in found.items() if APART in kinds),
        grouped=frozenset(one for one, kinds in found.items() if kinds - _DENIED),
    )


def related(session: Session, record: Record) -> tuple[Related, ...]:
    """The complaints that belong to one, in order of receipt; those judged to be different are left out."""
    if record.id is None:
        return ()
    told = _with_members(session, record, _relations(session, record))
    found = {one: kinds - _DENIED for one, kinds in told.items()}
    ids = [one for one, kinds in found.items() if kinds]
    rows = session.book.select(LEDGER, Query(where=(Condition("id", "in", tuple(ids)),)), _KEYS) if ids else []
    rows.sort(key=_came)
    return tuple(_related(session, row, kind) for row in rows for kind in _ordered(found[int(str(row["id"]))]))


def judge(session: Session, record_id: int, others: Sequence[int], kind: str) -> Saved:
    """Keep what the officer decided about a complaint and others.

    Args:
        session: the open book.
        record_id: the complaint looked at.
        others: the ones it was compared with; several only for a group.
        kind: :data:`REPEAT` (the later of the two is marked 重复投诉), :data:`LINKED`, :data:`DIFFERENT`,
            :data:`GROUP` or :data:`APART`. It takes the place of what was judged about a repetition, or a group.

    Returns:
        What was saved, for the news.

    Raises:
        RecordMissing: one of them is gone.
        RecordRefused: the record has faults that must be mended first.
    """
    record = _get(session, record_id)
    if kind == REPEAT:
        first, record = _in_order(record, _get(session, others[0]))
        others = (_id(first),)
    today = session.today().isoformat()
    group = kind in _ABOUT_GROUPS
    rows = record.children.get(RELATIONS.key, ())
    known = [row for row in rows if row.get("other") not in others or (row.get("kind") in _ABOUT_GROUPS) != group]
    added: list[Values] = [{"kind": kind, "other": other, "decided_on": today} for other in others]
    changed = _with(record, RELATIONS.key, (*known, *added))
    if kind == REPEAT:
        changed = replace(changed, values={**changed.values, "repeat": True})
    name = session.rules.catalog.list("relation").label(kind)
    more = f" 等 {len(others)} 件" if len(others) > 1 else ""
    operation = f"{record.number} 判断为{name}：{_get(session, others[0]).number}{more}"
    return records.save(session, _ledger(session), changed, operation=operation)


def merge(session: Session, record_id: int, other_id: int) -> Saved:
    """Merge the later of two complaints into the earlier one.

    Both stay. A later one that is still open ends today with the step 并案; one that has ended keeps its timeline.

    Raises:
        RecordMissing: one of them is gone.
        MergedElsewhere: the later one is part of another already.
        MergedInCircle: the earlier one is part of the later one already.
        RecordRefused: the timeline does not allow the step.
    """
    first, later = merger(session, record_id, other_id)
    into = later.values.get("merged_into")
    if into is not None and into != first.id:
        raise MergedElsewhere(number=later.number)
    if first.id == later.id:
        raise MergedInCircle(number=later.number)
    changed = replace(later, values={**later.values, "merged_into": first.id, "repeat": True})
    if not later.values.get("closed_on"):
        step: Values = {
            "kind": case.MERGED,
            "happened_on": session.today().isoformat(),
            "note": f"并入 {first.number}，合并处理",
        }
        changed = _with(changed, STEPS.key, (*later.children.get(STEPS.key, ()), step))
    return records.save(session, _ledger(session), changed, operation=f"{later.number} 并入 {first.number}")


def merger(session: Session, record_id: int, other_id: int) -> tuple[Record, Record]:
    """What :func:`merge` would do: the complaint that takes up the other, and the one that goes into it.

    Raises:
        RecordMissing: one of them is gone.
    """
    first, later = _in_order(_get(session, record_id), _get(session, other_id))
    return _whole(session, first), later


def _whole(session: Session, record: Record) -> Record:
    """The complaint that a merged one went into in the end."""
    seen = {record.id}
    while isinstance(into := record.values.get("merged_into"), int) and into not in seen:
        seen.add(into)
        record = _get(session, into)
    return record


def came_first(one: Mapping[str, Value], other: Mapping[str, Value]) -> bool:
    """Whether a complaint was received before another one; of the same day, the one entered first."""
    return _came(one) < _came(other)


def _came(values: Mapping[str, Value]) -> tuple[str, str, int, str]:
    number = str(values.get("number") or "")
    return (str(values.get("received_on") or ""), str(values.get("received_time") or ""), len(number), number)


def _in_order(one: Record, other: Record) -> tuple[Record, Record]:
    """Two records, the one received first before the other."""
    first, later = sorted((one, other), key=lambda record: _came({**record.values, "number": record.number}))
    return first, later


def _relations(session: Session, record: Record) -> dict[int, set[str]]:
    """Kinds of relation to other complaints by their ids; both records are asked."""
    record_id = _id(record)
    found: dict[int, set[str]] = {}
    rows = [(row.get("other"), row) for row in record.children.get(RELATIONS.key, ())]
    for owner, theirs in session.book.pointing_at(LEDGER, RELATIONS, "other", record_id).items():
        rows += [(owner, row) for row in theirs]
    for named, row in rows:
        if isinstance(named, int):
            found.setdefault(named, set()).add(str(row.get("kind")))
    into = record.values.get("merged_into")
    if isinstance(into, int):
        found.setdefault(into, set()).add(MERGED_INTO)
    for merged in session.book.ids(LEDGER, Query(where=(Condition("merged_into", "eq", (record_id,)),))):
        found.setdefault(merged, set()).add(MERGED_HERE)
    return found


def _with_members(session: Session, record: Record, found: Mapping[int, set[str]]) -> dict[int, set[str]]:
    """The relations of a complaint with the whole of its group: a member of a member belongs to it, too."""
    whole = {one: set(kinds) for one, kinds in found.items()}
    waiting = [one for one, kinds in found.items() if GROUP in kinds]
    seen = {_id(record), *waiting}
    while waiting:
        near = _grouped_with(session, waiting) - seen
        for one in near:
            whole.setdefault(one, set()).add(GROUP)
        seen |= near
        waiting = list(near)
    return whole


def _grouped_with(session: Session, record_ids: Sequence[int]) -> set[int]:
    """Ids of the complaints that were judged to be of one group with any of these."""
    own = session.book.child_rows(LEDGER, RELATIONS, record_ids).values()
    found = {row["other"] for rows in own for row in rows if row.get("kind") == GROUP}
    for one in record_ids:
        theirs = session.book.pointing_at(LEDGER, RELATIONS, "other", one).items()
        found |= {owner for owner, rows in theirs if any(row.get("kind") == GROUP for row in rows)}
    return {one for one in found if isinstance(one, int)}


def _ordered(kinds: set[str]) -> tuple[str, ...]:
    """One relation a line: a merger says all; else every kind that was judged."""
    merged = [kind for kind in (MERGED_INTO, MERGED_HERE) if kind in kinds]
    return tuple(merged[:1]) or tuple(kind for kind in (REPEAT, LINKED, GROUP) if kind in kinds)


def _related(session: Session, row: Mapping[str, Value], kind: str) -> Related:
    def shown(key: str) -> str:
        return listing.display(session, LEDGER.field(key), row[key])

    words = _WORDS.get(kind) or session.rules.catalog.list("relation").label(kind)
    subject = "·".join(text for text in (shown("complainant"), shown("category")) if text)
    return Related(
        int(str(row["id"])), str(row["number"]), kind, words, str(row["received_on"] or ""), subject, shown("state")
    )


def _get(session: Session, record_id: int) -> Record:
    return get(session, _ledger(session), record_id)


def _ledger(session: Session) -> Ledger:
    """The declaration with the fields that the bank has added."""
    return session.ledger(LEDGER.key)


def _id(record: Record) -> int:
    assert record.id is not None
    return record.id


def _with(record: Record, table: str, rows: tuple[Values, ...]) -> Record:
    return replace(record, children={**record.children, table: rows})
