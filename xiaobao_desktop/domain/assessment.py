"""网点考核: quality of handling by branch. Pure functions.

PBOC order 5 of 2020, art. 11: what counts is 投诉处理及时率, 合格率 and 客户满意度, never simply the number of
complaints. The order defines none of the three; how they are reckoned here is printed below the table.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from xiaobao_desktop.domain.catalog import UNFILLED
from xiaobao_desktop.domain.numbers import share
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.domain.statistics import CaseRow, Group, Method, countable


@dataclass(frozen=True)
class BranchQuality:
    """How one branch handled what ended in the period.

    Attributes:
        closed: ended in the period, whenever received.
        in_time: of these, within the limit.
        sound: of these, within the limit and with everything filled in that a closed case must have.
        followed_up: of these, with a valid follow-up.
        satisfied: of these, satisfied.
    """

    name: str
    closed: Group
    in_time: Group
    sound: Group
    followed_up: Group
    satisfied: Group

    @property
    def in_time_rate(self) -> Fraction | None:
        """及时率; None when nothing ended."""
        return share(self.in_time.count, self.closed.count)

    @property
    def sound_rate(self) -> Fraction | None:
        """合格率; None when nothing ended."""
        return share(self.sound.count, self.closed.count)

    @property
    def satisfaction_rate(self) -> Fraction | None:
        """满意度; None without a valid follow-up."""
        return share(self.satisfied.count, self.followed_up.count)


def assess(
    rows: Sequence[CaseRow],
    incomplete: Collection[int],
    branches: Sequence[str],
    period: Period,
    as_of: date,
    method: Method,
) -> tuple[BranchQuality, ...]:
    """The quality of every branch in its order, branches without a case included; what names no branch comes last.

    Args:
        rows: every complaint known.
        incomplete: ids of the cases that lack something a closed case must have.
        branches: names in their order.
        period: the period in which cases ended.
        as_of: day of view.
        method: 口径; its basis does not matter.
    """
    last = min(period.last, as_of)
    ended = [row for row in countable(rows, method) if row.closed_on and period.first <= row.closed_on <= last]
    extra = sorted({row.branch for row in ended if row.branch and row.branch not in branches})
    names = [*branches, *extra, *([UNFILLED] if any(not row.branch for row in ended) else [])]
    return tuple(
        _quality(name, [row for row in ended if (row.branch or UNFILLED) == name], incomplete) for name in names
    )


def whole(name: str, items: Sequence[BranchQuality]) -> BranchQuality:
    """All branches together."""

    def sum_of(part: str) -> Group:
        return Group(name, tuple(record_id for item in items for record_id in getattr(item, part).ids))

    return BranchQuality(name, *(sum_of(part) for part in ("closed", "in_time", "sound", "followed_up", "satisfied")))


def _quality(name: str, rows: Sequence[CaseRow], incomplete: Collection[int]) -> BranchQuality:
    def group(chosen: Sequence[CaseRow]) -> Group:
        return Group(name, tuple(row.id for row in chosen))

    in_time = [row for row in rows if row.in_time]
    followed = [row for row in rows if row.satisfaction]
    return BranchQuality(
        name,
        closed=group(rows),
        in_time=group(in_time),
        sound=group([row for row in in_time if row.id not in incomplete]),
        followed_up=group(followed),
        satisfied=group([row for row in followed if row.satisfaction == "satisfied"]),
    )
