"""Fields of the bank's own: up to ten a ledger, laid over its declaration so that everything that follows it follows.

A field keeps its key and kind for good: what was typed into it stays what it was. It is never taken away, only put
out of use: then it is no longer asked for, and old records still show what they have.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from xiaobao_desktop.domain.fields import Column, Field, Grade, Kind, Ledger, Privacy, Section

MOST = 10
"""Fields in use in one ledger at a time (PRODUCT, decided point 11)."""
LONGEST_LABEL = 12
"""Characters that fit above an editor and into a column's header."""
SECTION = "本行自定义"
LISTS = "custom."
"""Choice lists of own fields are called ``custom.<ledger>.<key>``."""
KINDS: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.TEXT: "文字",
        Kind.LONG_TEXT: "多行文字",
        Kind.DATE: "日期",
        Kind.INTEGER: "整数",
        Kind.MONEY: "金额",
        Kind.YES_NO: "是否",
        Kind.CHOICE: "选项",
    }
)
"""Kinds an own field may have, with their Chinese names."""
GRADES: Mapping[Grade, str] = MappingProxyType({Grade.FREE: "不必", Grade.TO_CLOSE: "办结前", Grade.TO_FILE: "报送前"})
"""When an own field may have to be filled; never to save: records of other hands must still come in."""

_SPANS = {Kind.LONG_TEXT: 4}
_WIDTHS = {Kind.TEXT: 10, Kind.LONG_TEXT: 16, Kind.INTEGER: 7, Kind.MONEY: 9, Kind.YES_NO: 6}
_USUAL_WIDTH = 8
_PREFIX = "x"


@dataclass(frozen=True)
class CustomField:
    """A field of the bank's own.

    Attributes:
        key: ``x1``, ``x2`` …, also the column in the book; "" before it is kept.
        label: Chinese name.
        kind: one of :data:`KINDS`; never changes.
        personal: its values identify a person (C2) and are masked.
        in_list: shown in the list unless the officer hides the column.
        grade: one of :data:`GRADES`.
        retired: out of use: not asked for any more, still shown where it was filled in.
    """

    key: str
    label: str
    kind: Kind = Kind.TEXT
    personal: bool = False
    in_list: bool = False
    grade: Grade = Grade.FREE
    retired: bool = False


Definitions = Mapping[str, tuple[CustomField, ...]]
"""Own fields by ledger key, in the order of the form."""


def may_be_personal(kind: Kind) -> bool:
    """Whether values of the kind can be masked and still be worked with; ticks and lists cannot."""
    return kind not in (Kind.YES_NO, Kind.CHOICE)


def may_be_required(kind: Kind) -> bool:
    """Whether a field of the kind can be empty at all: a tick that is not set says no."""
    return kind is not Kind.YES_NO


def list_name(ledger_key: str, key: str) -> str:
    """Name of the choice list of an own field."""
    return f"{LISTS}{ledger_key}.{key}"


def next_key(definitions: Iterable[CustomField]) -> str:
    """The key of one more field; a key is never given twice, because its column may hold values."""
    return f"{_PREFIX}{max((int(item.key[len(_PREFIX) :]) for item in definitions), default=0) + 1}"


def in_use(definitions: Iterable[CustomField]) -> int:
    """How many fields are not retired."""
    return sum(not item.retired for item in definitions)


def merge(ledger: Ledger, definitions: Sequence[CustomField]) -> Ledger:
    """The declaration of a ledger with its own fields: at the end of fields, form and list."""
    if not definitions:
        return ledger
    used = [item for item in definitions if not item.retired]
    return replace(
        ledger,
        fields=(*ledger.fields, *(as_field(ledger.key, item) for item in definitions)),
        sections=(*ledger.sections, Section(SECTION, tuple(item.key for item in definitions))),
        columns=(*ledger.columns, *(_column(item) for item in used)),
    )


def merge_all(ledgers: Iterable[Ledger], definitions: Definitions) -> tuple[Ledger, ...]:
    """Every ledger with its own fields."""
    return tuple(merge(ledger, definitions.get(ledger.key, ())) for ledger in ledgers)


def as_field(ledger_key: str, item: CustomField) -> Field:
    """The declaration of one own field; a retired one is shown only."""
    personal = item.personal and may_be_personal(item.kind)
    return Field(
        item.key,
        item.label,
        item.kind,
        grade=Grade.FREE if item.retired or not may_be_required(item.kind) else item.grade,
        privacy=Privacy.C2 if personal else Privacy.NONE,
        options=list_name(ledger_key, item.key) if item.kind is Kind.CHOICE else "",
        span=_SPANS.get(item.kind, 1),
        entered=not item.retired,
    )


def to_text(definitions: Definitions) -> str:
    """The definitions as they are kept."""
    body = {ledger: [_entry(item) for item in items] for ledger, items in definitions.items() if items}
    return json.dumps(body, ensure_ascii=False, sort_keys=True)


def from_text(text: str) -> dict[str, tuple[CustomField, ...]]:
    """The definitions in a kept text, "" for none.

    Raises:
        ValueError, KeyError: the text was not written by :func:`to_text`.
    """
    return {ledger: tuple(_read(entry) for entry in entries) for ledger, entries in json.loads(text or "{}").items()}


def _column(item: CustomField) -> Column:
    width = max(_WIDTHS.get(item.kind, _USUAL_WIDTH), len(item.label) + 2)
    return Column(item.key, width, shown=item.in_list)


def _entry(item: CustomField) -> dict[str, str | bool]:
    return {
        "key": item.key,
        "label": item.label,
        "kind": item.kind.value,
        "personal": item.personal,
        "in_list": item.in_list,
        "grade": item.grade.value,
        "retired": item.retired,
    }


def _read(entry: Mapping[str, str | bool]) -> CustomField:
    return CustomField(
        str(entry["key"]),
        str(entry["label"]),
        Kind(entry["kind"]),
        bool(entry["personal"]),
        bool(entry["in_list"]),
        Grade(entry["grade"]),
        bool(entry["retired"]),
    )
