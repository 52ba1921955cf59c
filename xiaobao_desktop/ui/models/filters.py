"""Filters of a list: what an officer ticked for one field, the condition it makes and the words on its chip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from xiaobao_desktop.domain.catalog import UNFILLED
from xiaobao_desktop.domain.fields import Field, Kind, Ledger, Value
from xiaobao_desktop.services import listing, origins
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.models.query import Condition, Query

TICKED = (Kind.CHOICE, Kind.CHOICES, Kind.LINK, Kind.YES_NO, Kind.CODE)
"""Kinds whose values are ticked in a list; dates take a period, all others a part of the text."""


@dataclass(frozen=True)
class Filter:
    """The filter on one field: its condition, the words behind the label on the chip, and what was ticked."""

    key: str
    condition: Condition
    words: str
    picked: tuple[Value, ...] = ()


@dataclass(frozen=True)
class Facet:
    """A line of the tick list: raw value, name, how many records have it, level in a code tree (0 = first)."""

    value: Value
    name: str
    count: int
    level: int = 0


@dataclass(frozen=True)
class Span:
    """A period offered for dates: name, first and last day (both included), words for the chip."""

    name: str
    first: date
    last: date
    words: str


def facets(session: Session, ledger: Ledger, item: Field, query: Query) -> list[Facet]:
    """What may be ticked for a field, with counts under ``query`` (which leaves the field's own filter out)."""
    if item.key == origins.FIELD.key:
        return [Facet(*facet) for facet in origins.facets(session, ledger, query)]
    counted = listing.facets(session, ledger, item.key, query)
    if item.kind is Kind.CODE:
        return _code_facets(session, item, counted)
    if item.kind is Kind.CHOICES:
        return _several(session, item, counted)
    return [Facet(value, name, count) for value, name, count in counted]


def ticked(session: Session, ledger: Ledger, item: Field, picked: Sequence[Value]) -> Filter | None:
    """The filter for ticked values; a code stands for everything below it. None when nothing is ticked."""
    if not picked:
        return None
    values: list[Value] = []
    for value in picked:
        if item.kind is Kind.CODE and value is not None:
            values.extend(listing.under(session, ledger, item.key, str(value)).values)
        else:
            values.append(value)
    names = [_name(session, item, value) for value in picked]
    words = "、".join(names) if len(names) <= 2 else f"{names[0]}等{len(names)}项"
    condition = Condition(item.key, "in", tuple(dict.fromkeys(values)))
    return Filter(item.key, condition, words, tuple(picked))


def _name(session: Session, item: Field, value: Value) -> str:
    """What a ticked value is called."""
    if item.key == origins.FIELD.key:
        return origins.name(session, value)
    return listing.display(session, item, value) or UNFILLED


def in_period(key: str, first: date | None, last: date | None, words: str = "") -> Filter | None:
    """The filter for days from ``first`` to ``last``, an open end allowed; None when both are open."""
    if first is None and last is None:
        return None
    ends = tuple(day.isoformat() if day else None for day in (first, last))
    if not words:
        words = f"{ends[0] or ''}至{ends[1] or ''}"
    return Filter(key, Condition(key, "between", ends), words, ends)


def containing(key: str, text: str) -> Filter | None:
    """The filter for a part of the text; None when it is blank."""
    wanted = text.strip()
    return Filter(key, Condition(key, "contains", (wanted,)), f"含“{wanted}”", (wanted,)) if wanted else None


def unfilled(key: str) -> Filter:
    """The filter for records where the field is not filled in."""
    return Filter(key, Condition(key, "empty"), UNFILLED, (None,))


def spans(today: date) -> tuple[Span, ...]:
    """The periods offered for a date, on the day of today."""
    month, year = today.replace(day=1), today.year
    before = (month - timedelta(days=1)).replace(day=1)
    after = (month + timedelta(days=31)).replace(day=1)
    quarter = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    quarter_end = (quarter + timedelta(days=95)).replace(day=1) - timedelta(days=1)
    return (
        Span("今天", today, today, "今天"),
        Span("本月", month, after - timedelta(days=1), f"{year}年{today.month}月"),
        Span("上月", before, month - timedelta(days=1), f"{before.year}年{before.month}月"),
        Span("本季", quarter, quarter_end, f"{year}年{(today.month + 2) // 3}季度"),
        Span("今年", date(year, 1, 1), date(year, 12, 31), f"{year}年"),
        Span("去年", date(year - 1, 1, 1), date(year - 1, 12, 31), f"{year - 1}年"),
    )


def _several(session: Session, item: Field, counted: Sequence[tuple[Value, str, int]]) -> list[Facet]:
    """Counts of each choice on its own where a record may have several."""
    single: dict[Value, int] = {}
    for value, _name, count in counted:
        for part in value if isinstance(value, tuple) else (value,):
            single[part] = single.get(part, 0) + count
    choices = session.rules.catalog.list(item.options)
    found = [Facet(value, choices.label(str(value or "")), count) for value, count in single.items()]
    return sorted(found, key=lambda facet: (facet.value is None, -facet.count))


def _code_facets(session: Session, item: Field, counted: Sequence[tuple[Value, str, int]]) -> list[Facet]:
    """The tree of the codes in use, in its own order; each node counts everything below it."""
    tree = session.rules.catalog.tree(item.options)
    totals: dict[str, int] = {}
    empty = 0
    for value, _name, count in counted:
        nodes = tree.path(str(value)) if value is not None else ()
        for node in nodes:
            totals[node.key] = totals.get(node.key, 0) + count
        if value is None:
            empty += count
    found = [
        Facet(code.key, code.name, totals[code.key], len(tree.path(code.key)) - 1)
        for code in tree.codes
        if code.key in totals
    ]
    return [*found, Facet(None, UNFILLED, empty)] if empty else found
