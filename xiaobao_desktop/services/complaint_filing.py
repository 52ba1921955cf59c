"""What is still open in the complaints of a report before it goes out: gaps, missing steps, missing proof."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from xiaobao_desktop.domain.case_steps import DECIDED, INFORMED, MERGED, WITHDRAWN
from xiaobao_desktop.domain.fields import Grade, Value, gaps
from xiaobao_desktop.domain.ledgers.complaint import LEDGER
from xiaobao_desktop.services.session import Session

PROOF, STEP = "proof", "step"
_CLASSES = ("source", "category", "cause", "channel", "branch")
_ENDED_OTHERWISE = (WITHDRAWN, MERGED)
"""Ends of a case that need neither a decision nor an answer."""
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
    rows = session.book.rows(ledger, ids, keys)
    ended = [row for row in rows if row["closed_on"]]
    answered = [_id(row) for row in ended if row["ended_by"] not in _ENDED_OTHERWISE]
    found = [_unfilled(key, rows) for key in _CLASSES]
    found += [_without_steps(session, answered), _without_proof(session, answered), _gaps(session, ended)]
    return [point for point in found if point.ids]


def _unfilled(key: str, rows: Sequence[dict[str, Value]]) -> Point:
    ids = tuple(_id(row) for row in rows if not row[key])
    return _point(f"没有填{LEDGER.field(key).label}", ids)


def _without_steps(session: Session, ids: Sequence[int]) -> Point:
    """Ended cases whose timeline lacks the decision or the telling of it."""
    steps = session.book.child_rows(LEDGER, LEDGER.child(STEP), ids)
    lacking: dict[str, list[int]] = {DECIDED: [], INFORMED: []}
    for one in ids:
        kinds = {row.get("kind") for row in steps.get(one, ())}
        for kind, members in lacking.items():
            if kind not in kinds:
                members.append(one)
    names = {DECIDED: "处理决定", INFORMED: "告知"}
    missing = "、".join(names[kind] for kind, members in lacking.items() if members)
    return _point(f"已办结但步骤不全（缺{missing}）", _in_order(ids, lacking[DECIDED], lacking[INFORMED]))


def _without_proof(session: Session, ids: Sequence[int]) -> Point:
    have = session.book.attachment_kinds(LEDGER, ids)
    kind = LEDGER.evidence_kind(PROOF)
    return _point(f"已办结但没有{kind.label}", tuple(one for one in ids if PROOF not in have.get(one, frozenset())))


def _gaps(session: Session, rows: Sequence[dict[str, Value]]) -> Point:
    """Ended cases with other fields that closing or filing needs."""
    ledger = session.ledger(LEDGER.key)
    labels: dict[str, None] = {}
    ids = []
    for row in rows:
        missing = [item for item in gaps(ledger, row, Grade.TO_CLOSE, Grade.TO_FILE) if item.key not in _CLASSES]
        if missing:
            ids.append(_id(row))
            labels.update(dict.fromkeys(item.label for item in missing))
    named = "、".join(list(labels)[:_NAMED]) + ("等" if len(labels) > _NAMED else "")
    return _point(f"已办结但有待补项（{named}）", tuple(ids))


def _point(words: str, ids: tuple[int, ...]) -> Point:
    return Point(f"{len(ids)} {LEDGER.unit}{words}", LEDGER.key, ids)


def _in_order(ids: Iterable[int], *groups: Iterable[int]) -> tuple[int, ...]:
    chosen = {one for group in groups for one in group}
    return tuple(one for one in ids if one in chosen)


def _id(row: dict[str, Value]) -> int:
    return int(str(row["id"]))
