"""Which complaints look like one told before, or like several people complaining of the same thing; and why.

What is compared comes from few, indexed reads: equal phones, ID numbers and tickets by their keyed hashes, equal names,
and the complaints of the same category or branch of the days around. What the officer has judged is not shown again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from xiaobao_desktop import resources
from xiaobao_desktop.domain import suspicion
from xiaobao_desktop.domain.catalog import plain
from xiaobao_desktop.domain.fields import Record, Value, Values
from xiaobao_desktop.domain.ledgers.complaint import LEDGER
from xiaobao_desktop.domain.likeness import likeness
from xiaobao_desktop.domain.suspicion import Limits, Matter
from xiaobao_desktop.services import complaint_relations, listing
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import OWN, Condition, Query

_KEYS = (
    "received_on",
    "received_time",
    "complainant",
    "category",
    "branch",
    "product",
    "content",
    "request",
    "people_count",
    "state",
    "merged_into",
)
_MOST = 200
"""Of one category, branch, name or phone at most so many complaints are compared, the latest first."""
_NEW_DAYS, _MOST_OPEN = 30, 30
"""Of the open complaints, only those of so many days, and at most so many, are compared for the workbench."""
_LATEST = (("received_on", True), ("number", True))
_NOBODY = re.compile(r"[*＊某]|先生$|女士$|小姐$|匿名|不详|未提供|客户$")
"""Names that name nobody: two of them being equal means nothing."""


@dataclass(frozen=True)
class Suspect:
    """A complaint that may be the same one.

    Attributes:
        record_id: of the other complaint.
        number: of the other complaint.
        received_on: when it came in.
        state: Chinese name of its state.
        earlier: it came in before the one that is looked at.
        reasons: why, in Chinese; never empty.
    """

    record_id: int
    number: str
    received_on: date
    state: str
    earlier: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Crowd:
    """Several people who complain of the same thing.

    Attributes:
        people: how many different ones, the case looked at included.
        days: within how many days.
        others: the cases of other people still to be judged, in order of receipt.
        numbers: their numbers.
        major: as many as make a major complaint when they come together face to face.
        major_people: that number.
    """

    people: int
    days: int
    others: tuple[int, ...]
    numbers: tuple[str, ...]
    major: bool
    major_people: int


@dataclass(frozen=True)
class Found:
    """What looks odd about one complaint: ``repeats``, the likeliest first, and the group it may belong to."""

    record_id: int | None
    number: str
    repeats: tuple[Suspect, ...]
    crowd: Crowd | None

    def __bool__(self) -> bool:
        return bool(self.repeats) or self.crowd is not None

    def told(self) -> dict[str, object]:
        """The same for the command line: numbers, reasons, members of the group."""
        repeats = [{"number": item.number, "reasons": list(item.reasons)} for item in self.repeats]
        return {"number": self.number, "repeats": repeats, "group": list(self.crowd.numbers) if self.crowd else []}


class Before(NamedTuple):
    """What the same phone or ID number has complained of before: how many times, and the latest of them."""

    times: int
    number: str
    received_on: date
    state: str


class _Row(NamedTuple):
    values: Mapping[str, Value]
    matter: Matter


@cache
def limits() -> Limits:
    """The limits in force."""
    data = resources.json_data("rules", "suspicion.json")

    def share(name: str) -> Fraction:
        return Fraction(int(data[f"{name}_percent"]), 100)

    return Limits(
        repeat_days=int(data["repeat_days"]),
        same_person=share("same_person"),
        like_person=share("like_person"),
        nobody=share("nobody"),
        group_days=int(data["group_days"]),
        group_people=int(data["group_people"]),
        group=share("group"),
        major_people=int(data["major_people"]),
    )


def look(session: Session, record: Record) -> Found:
    """Everything that looks odd about a complaint, saved or still being typed.

    Nothing is found for one in the recycle bin or merged into another, or while its day of receipt is not known.
    """
    rule = limits()
    mine = _matter(record.id, record.values, _marks(session, record))
    if mine is None or record.deleted or record.values.get("merged_into"):
        return Found(record.id, record.number or "", (), None)
    judged = complaint_relations.judged(session, record)
    rows = _candidates(session, record, mine, rule)
    repeats = [_suspect(session, record, row, reasons) for row, reasons in _repeats(mine, rows, judged, rule)]
    return Found(record.id, record.number or "", tuple(repeats), _crowd(mine, rows, judged, rule))


def before(session: Session, record: Record) -> Before | None:
    """Whether the person on the telephone has complained before, within the days of a repetition; None when not.

    It needs a phone or ID number and a day of receipt, no word of what is complained of.
    """
    mine = _matter(record.id, record.values, session.book.marks(LEDGER, record.values))
    marks = {kind: mark for kind, mark in mine.marks.items() if kind != suspicion.TICKET} if mine else {}
    if mine is None or not marks:
        return None
    ids = [one for one in session.book.with_marks(LEDGER, marks) if one != record.id]
    rows = session.book.rows(LEDGER, ids[-_MOST:], _KEYS)
    dated = [(date.fromisoformat(str(row["received_on"])), row) for row in rows if row["received_on"]]
    near = [(on, row) for on, row in dated if abs((mine.received_on - on).days) <= limits().repeat_days]
    if not near:
        return None
    on, last = max(near, key=lambda pair: (pair[0], str(pair[1]["number"])))
    state = listing.display(session, LEDGER.field("state"), last["state"])
    return Before(len(near), str(last["number"]), on, state)


class Comparison:
    """Compares many complaints, such as those of an import; each pair and each group is told once.

    Attributes:
        found: what looks odd, in the order of the ids.
        done: how many were compared.
        total: how many there are.
    """

    def __init__(self, session: Session, record_ids: Sequence[int]) -> None:
        """Begin a comparison; nothing is read yet."""
        self.found: list[Found] = []
        self.done, self.total = 0, len(record_ids)
        self._session, self._ids = session, tuple(record_ids)
        self._pairs: set[frozenset[int | None]] = set()
        self._grouped: set[int] = set()

    def go_on(self, count: int) -> None:
        """Compare the next ``count`` complaints; does nothing at the end."""
        ids = self._ids[self.done : self.done + count]
        for record in self._session.book.records(self._session.ledger(LEDGER.key), ids):
            self._take(look(self._session, record))
        self.done += len(ids)

    def _take(self, one: Found) -> None:
        repeats = tuple(item for item in one.repeats if {one.record_id, item.record_id} not in self._pairs)
        self._pairs.update(frozenset((one.record_id, item.record_id)) for item in repeats)
        crowd = one.crowd if one.record_id not in self._grouped else None
        self._grouped.update(crowd.others if crowd else ())
        if repeats or crowd:
            self.found.append(replace(one, repeats=repeats, crowd=crowd))


def waiting(session: Session, today: date) -> tuple[int, ...]:
    """Ids of the newest open complaints about which something is to be judged; each pair and group once."""
    days = ((today - timedelta(days=_NEW_DAYS)).isoformat(), today.isoformat())
    where = (OWN, Condition("closed_on", "empty"), Condition("received_on", "between", days))
    ids = session.book.ids(LEDGER, Query(where=where, order=_LATEST, limit=_MOST_OPEN))
    comparison = Comparison(session, ids)
    comparison.go_on(len(ids))
    return tuple(one.record_id for one in comparison.found if one.record_id is not None)


def _marks(session: Session, record: Record) -> dict[str, str]:
    """The hashes of a complaint; those kept outlast what was erased."""
    kept = session.book.marks_of(LEDGER, (record.id,)).get(record.id, {}) if record.id is not None else {}
    return {**kept, **session.book.marks(LEDGER, record.values)}


def _matter(record_id: int | None, values: Values, marks: Mapping[str, str]) -> Matter | None:
    """What is compared of a record; None without a readable day of receipt."""
    try:
        received = date.fromisoformat(str(values.get("received_on") or ""))
    except ValueError:
        return None
    name = str(values.get("complainant") or "").strip()
    branch, people = values.get("branch"), values.get("people_count")
    return Matter(
        id=record_id,
        received_on=received,
        name="" if _NOBODY.search(name) else plain(name),
        marks=dict(marks),
        category=str(values.get("category") or ""),
        branch=branch if isinstance(branch, int) else None,
        product=plain(str(values.get("product") or "")),
        text=f"{values.get('content') or ''}\n{values.get('request') or ''}".strip(),
        people=people if isinstance(people, int) else 1,
    )


def _candidates(session: Session, record: Record, mine: Matter, rule: Limits) -> list[_Row]:
    """The complaints worth comparing, in order of receipt."""
    found: dict[int, Mapping[str, Value]] = {}
    for query in _queries(session, record, mine, rule):
        for row in session.book.select(LEDGER, query, _KEYS):
            found[int(str(row["id"]))] = row
    same = [one for one in session.book.with_marks(LEDGER, mine.marks) if one not in found] if mine.marks else []
    found.update((int(str(row["id"])), row) for row in session.book.rows(LEDGER, same[-_MOST:], _KEYS))
    found.pop(record.id or 0, None)
    marks = session.book.marks_of(LEDGER, tuple(found))
    rows = [(row, _matter(one, row, marks.get(one, {}))) for one, row in found.items()]
    kept = [_Row(row, matter) for row, matter in rows if matter is not None]
    return sorted(kept, key=lambda row: (row.matter.received_on, str(row.values["number"])))


def _queries(session: Session, record: Record, mine: Matter, rule: Limits) -> Iterable[Query]:
    """The same name within the days of a repetition; the same category within those of a group.

    Of the same branch, whatever the category, only those between whom nothing tells who complains.
    """
    if mine.name:
        yield _around(mine, rule.repeat_days, Condition("complainant", "eq", (record.values["complainant"],)))
    if mine.category:
        tree = session.rules.catalog.tree(LEDGER.field("category").options)
        above = [code.key for code in tree.path(mine.category)]
        below = listing.under(session, LEDGER, "category", mine.category).values
        codes = tuple(dict.fromkeys((mine.category, *above, *below)))
        yield _around(mine, rule.group_days, Condition("category", "in", codes))
    if mine.branch is not None:
        nobody = () if mine.nameless else (Condition("complainant", "empty"),)
        yield _around(mine, rule.group_days, Condition("branch", "eq", (mine.branch,)), *nobody)


def _around(mine: Matter, days: int, *conditions: Condition) -> Query:
    middle = mine.received_on.toordinal()
    # A year may have been mistyped: the calendar has ends.
    first, last = max(middle - days, date.min.toordinal()), min(middle + days, date.max.toordinal())
    ends = tuple(date.fromordinal(day).isoformat() for day in (first, last))
    return Query(where=(*conditions, Condition("received_on", "between", ends)), order=_LATEST, limit=_MOST)


def _repeats(
    mine: Matter, rows: Sequence[_Row], judged: complaint_relations.Judged, rule: Limits
) -> list[tuple[_Row, tuple[str, ...]]]:
    """The rows that may be the same complaint with the reasons: those with most reasons, then the likest, first."""
    # A merged complaint is spoken for by the one that took it up.
    known = judged.repeats | {row.matter.id for row in rows}
    unjudged = [row for row in rows if row.matter.id not in judged.repeats and row.values["merged_into"] not in known]
    told = [(row, suspicion.repeat_reasons(mine, row.matter, rule)) for row in unjudged]
    found = [item for item in reversed(told) if item[1]]
    return sorted(found, key=lambda item: (-len(item[1]), -likeness(mine.told, item[0].matter.told)))


def _suspect(session: Session, record: Record, row: _Row, reasons: tuple[str, ...]) -> Suspect:
    state = listing.display(session, LEDGER.field("state"), row.values["state"])
    earlier = complaint_relations.came_first(row.values, {**record.values, "number": record.number or "~"})
    return Suspect(
        int(str(row.values["id"])), str(row.values["number"]), row.matter.received_on, state, earlier, reasons
    )


def _crowd(mine: Matter, rows: Sequence[_Row], judged: complaint_relations.Judged, rule: Limits) -> Crowd | None:
    """The group a complaint may belong to; None when too few people complain, or nobody is left to be judged."""
    same = [row for row in rows if suspicion.same_matter(mine, row.matter, rule)]
    fit = [row for row in same if row.matter.id not in judged.apart]
    cases = _busiest(mine, [row.matter for row in fit], rule.group_days)
    people = suspicion.different_people((mine, *cases))
    near = {case.id for case in cases}
    strangers = [row for row in fit if row.matter.id in near and suspicion.different_people((mine, row.matter)) > 1]
    unjudged = [row for row in strangers if row.matter.id not in judged.grouped]
    if people < rule.group_people or not unjudged:
        return None
    others = tuple(int(str(row.values["id"])) for row in unjudged)
    numbers = tuple(str(row.values["number"]) for row in unjudged)
    counted = max(people, sum(max(1, case.people) for case in (mine, *cases)))
    return Crowd(people, rule.group_days, others, numbers, counted >= rule.major_people, rule.major_people)


def _busiest(mine: Matter, others: Sequence[Matter], days: int) -> list[Matter]:
    """Of the cases at most ``days`` away from mine, those of the span of ``days`` with mine in which most came in."""
    starts = sorted({case.received_on for case in (*others, mine) if case.received_on <= mine.received_on})
    spans = [[one for one in others if 0 <= (one.received_on - start).days <= days] for start in starts]
    return max(spans, key=len)
