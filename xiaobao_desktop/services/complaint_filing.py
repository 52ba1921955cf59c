"""What is still open in the complaints of a report before it goes out: gaps, missing steps, missing proof."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from xiaobao_desktop.domain.case_steps import DECIDED, INFORMED, MERGED, WITHDRAWN
from xiaobao_desktop.domain.fields import Grade, Ledger, Value, gaps
from xiaobao_desktop.domain.ledgers.complaint import LEDGER
from xiaobao_desktop.services.session import Session

PROOF, STEP = "proof", "step"
_CLASSES = ("source", "category", "cause", "channel", "branch")
_ENDED_OTHERWISE = (WITHDRAWN, MERGED)
"""Ends of a case that need neither a decision nor an answer."""
_AT_ONCE = 4000
"""Rows read at a time: a year of a province has tens of thousands."""
_NAMED = 4
"""Fields named in one sentence."""


class Point(NamedTuple):
    """Something to look at: words, key of the ledger, the records it is about."""

    words: str
    ledger: str
    ids: tuple[int, ...]


def open_points(session: Session, ids: Sequence[int]) -> list[Point]:
    """What is still to be done in some complaints, the most telling first; nothing where all is done."""
    ledger = session.ledger(LEDGER.key)
    graded = [field.key for field in ledger.fields if field.grade in (Grade.TO_CLOSE, Grade.TO_FILE)]
    keys = tuple(dict.fromkeys((*_CLASSES, "closed_on", "ended_by", *graded)))
    seen = _Seen(ledger)
    for start in range(0, len(ids), _AT_ONCE):
        for row in session.book.rows(ledger, ids[start : start + _AT_ONCE], keys):
            seen.add(row)
    found = [_point(f"没有填{LEDGER.field(key).label}", seen.unfilled[key]) for key in _CLASSES]
    found += [_without_steps(session, seen.answered), _without_proof(session, seen.answered), _gaps(seen)]
    return [point for point in found if point.ids]


class _Seen:
    """What rows of complaints, gone through one by one, lack."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.unfilled: dict[str, list[int]] = {key: [] for key in _CLASSES}
        self.answered: list[int] = []
        self.lacking: list[int] = []
        self.labels: dict[str, None] = {}

    def add(self, row: dict[str, Value]) -> None:
        """Look at one more."""
        one = int(str(row["id"]))
        for key, members in self.unfilled.items():
            if not row[key]:
                members.append(one)
        if not row["closed_on"]:
            return
        if row["ended_by"] not in _ENDED_OTHERWISE:
            self.answered.append(one)
        found = gaps(self._ledger, row, Grade.TO_CLOSE, Grade.TO_FILE)
        missing = [item.label for item in found if item.key not in _CLASSES]
        if missing:
            self.lacking.append(one)
            self.labels.update(dict.fromkeys(missing))


def _without_steps(session: Session, ids: Sequence[int]) -> Point:
    """Ended cases whose timeline lacks the decision or the telling of it."""
    steps = session.book.child_values(LEDGER, LEDGER.child(STEP), ("kind",), ids)
    lacking: dict[str, list[int]] = {DECIDED: [], INFORMED: []}
    for one in ids:
        kinds = steps.get(one, frozenset())
        for kind, members in lacking.items():
            if (kind,) not in kinds:
                members.append(one)
    names = {DECIDED: "处理决定", INFORMED: "告知"}
    missing = "、".join(names[kind] for kind, members in lacking.items() if members)
    return _point(f"已办结但步骤不全（缺{missing}）", _in_order(ids, lacking[DECIDED], lacking[INFORMED]))


def _without_proof(session: Session, ids: Sequence[int]) -> Point:
    have = session.book.attachment_kinds(LEDGER, ids)
    kind = LEDGER.evidence_kind(PROOF)
    return _point(f"已办结但没有{kind.label}", tuple(one for one in ids if PROOF not in have.get(one, frozenset())))


def _gaps(seen: _Seen) -> Point:
    """Ended cases with other fields that closing or filing needs."""
    labels = list(seen.labels)
    named = "、".join(labels[:_NAMED]) + ("等" if len(labels) > _NAMED else "")
    return _point(f"已办结但有待补项（{named}）", seen.lacking)


def _point(words: str, ids: Sequence[int]) -> Point:
    return Point(f"{len(ids)} {LEDGER.unit}{words}", LEDGER.key, tuple(ids))


def _in_order(ids: Iterable[int], *groups: Iterable[int]) -> tuple[int, ...]:
    chosen = {one for group in groups for one in group}
    return tuple(one for one in ids if one in chosen)
