"""Which backups are kept: the latest ten, the last one of each of thirty days, the last one of each of twelve months.

A pure function over moments. Days and months are those on which there are backups: a PC that stands still over a
holiday loses none of them.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from datetime import datetime

RECENT, DAILY, MONTHLY = 10, 30, 12


def kept(moments: Collection[datetime]) -> frozenset[datetime]:
    """The moments whose backups stay; the latest is always among them."""
    newest_first = sorted(set(moments), reverse=True)
    days = _last_of_each([moment.date() for moment in newest_first], newest_first)
    months = _last_of_each([(moment.year, moment.month) for moment in newest_first], newest_first)
    return frozenset((*newest_first[:RECENT], *days[:DAILY], *months[:MONTHLY]))


def _last_of_each(spans: Sequence[Hashable], newest_first: Sequence[datetime]) -> list[datetime]:
    """The first moment of each span, in order: the last one in time."""
    found: dict[Hashable, datetime] = {}
    for span, moment in zip(spans, newest_first, strict=True):
        found.setdefault(span, moment)
    return list(found.values())
