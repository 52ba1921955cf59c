"""What a run of a checklist says: how far it is, what it found, what it scores, and how it stands to the run before.

Pure functions over the rows of a run (child table ``items`` of an inspection). Scores are exact fractions of the
weights in scope: an item that does not apply (不涉及) counts neither above nor below the line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from xiaobao_desktop.domain.fields import Values

CONFORM, PARTLY, NOT, NOT_APPLICABLE = "conform", "partly", "not", "na"
"""Verdicts on an item, ids of the choice list ``inspection_verdict``."""
VERDICTS = (CONFORM, PARTLY, NOT, NOT_APPLICABLE)
"""In the order of the keys 1 to 4."""
FAULTY = (PARTLY, NOT)
"""Verdicts that say that something is to be put right."""

BETTER, WORSE, SAME, OTHER, NEW, WAITING = "better", "worse", "same", "other", "new", "waiting"
"""How an item stands to the run before; OTHER: it did not apply then or does not now; WAITING: not checked yet."""
_RANK = {CONFORM: 2, PARTLY: 1, NOT: 0}


@dataclass(frozen=True)
class Progress:
    """How far a run or one of its sections is.

    Attributes:
        total: how many items there are.
        counts: how many have each verdict.
    """

    total: int
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def checked(self) -> int:
        """How many items have a verdict."""
        return sum(self.counts.values())

    @property
    def left(self) -> int:
        """How many are still to be checked."""
        return self.total - self.checked

    @property
    def faulty(self) -> int:
        """How many say that something is to be put right."""
        return sum(self.counts.get(verdict, 0) for verdict in FAULTY)

    @property
    def share(self) -> Fraction | None:
        """Checked of all, None when there is nothing to check."""
        return Fraction(self.checked, self.total) if self.total else None


class Change(NamedTuple):
    """How an item stands to the run before.

    Attributes:
        kind: one of BETTER, WORSE, SAME, OTHER, NEW, WAITING.
        verdict: of the run before, "" when it had none.
        finding: of the run before.
    """

    kind: str
    verdict: str = ""
    finding: str = ""


def progress(rows: Sequence[Values]) -> Progress:
    """How far these rows are."""
    found = [str(row.get("verdict")) for row in rows if row.get("verdict")]
    return Progress(len(rows), {verdict: found.count(verdict) for verdict in VERDICTS})


def sections(rows: Sequence[Values]) -> dict[str, tuple[Values, ...]]:
    """The rows by section, both in the order of the run."""
    found: dict[str, list[Values]] = {}
    for row in rows:
        found.setdefault(str(row.get("section") or ""), []).append(row)
    return {section: tuple(own) for section, own in found.items()}


def numbers(rows: Sequence[Values]) -> dict[str, str]:
    """The number of each item (3.2) by its key."""
    return {
        str(row.get("item")): f"{place}.{within}"
        for place, own in enumerate(sections(rows).values(), start=1)
        for within, row in enumerate(own, start=1)
    }


def score(rows: Sequence[Values], worth: Mapping[str, Fraction]) -> Fraction | None:
    """The weighted share that is fulfilled, from 0 to 1.

    Args:
        rows: of a run; those without a verdict are left out, as are those that do not apply.
        worth: what a verdict is worth, from 0 to 1; a verdict that is not named does not count at all.

    Returns:
        None when nothing counts. Without any weights every item counts the same.
    """
    weighted = any(row.get("weight") is not None for row in rows)
    above, below = Fraction(0), 0
    for row in rows:
        value = worth.get(str(row.get("verdict") or ""))
        if value is None:
            continue
        weight = _whole(row.get("weight")) if weighted else 1
        above += weight * value
        below += weight
    return above / below if below else None


def compare(before: Sequence[Values], now: Sequence[Values]) -> dict[str, Change]:
    """How each item of ``now`` stands to the run before, by its key."""
    known = {str(row.get("item")): row for row in before if row.get("verdict")}
    return {str(row.get("item")): _change(known.get(str(row.get("item"))), row) for row in now}


def _change(old: Values | None, row: Values) -> Change:
    now = str(row.get("verdict") or "")
    if old is None:
        return Change(NEW)
    was, finding = str(old.get("verdict")), str(old.get("finding") or "")
    if not now:
        return Change(WAITING, was, finding)
    if was == now:
        return Change(SAME, was, finding)
    if NOT_APPLICABLE in (was, now):
        return Change(OTHER, was, finding)
    return Change(BETTER if _RANK[now] > _RANK[was] else WORSE, was, finding)


def resume_at(rows: Sequence[Values]) -> int:
    """The place to go on at: the first unchecked item after the last checked one, else the first unchecked, else 0."""
    checked = [place for place, row in enumerate(rows) if row.get("verdict")]
    left = [place for place, row in enumerate(rows) if not row.get("verdict")]
    after = [place for place in left if checked and place > checked[-1]]
    return (after or left or [0])[0]


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
