"""Checklists of inspections: what is looked at, why, how, and what each item counts.

A checklist is dated data; the bank copies and changes it in versions, and a run keeps the items of the version that it
began with. Weights are percentage points kept in hundredths: either every item has one or none has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from xiaobao_desktop.domain.numbers import plain_decimal

WHOLE = 10_000
"""All weights of a checklist together: 100 % in hundredths of a percentage point."""
_NAMED = 3
"""So many items are named in a message; the others are counted."""


@dataclass(frozen=True)
class Item:
    """One thing to look at.

    Attributes:
        key: stable; a run and the run before it are compared by it.
        section: name of the part it stands in.
        title: what it is about, in a few words.
        text: what has to be so.
        how: how it is checked.
        source: the act or the rule of the bank that asks for it.
        weight: what it counts, in hundredths of a percentage point; None where items are not weighted.
        evidence_from: what the ledgers can say about it (see ``services/inspection_evidence.py``), "" for nothing.
        sampled: records are drawn, so that numbers of drawn and failed ones are asked for.
    """

    key: str
    section: str
    title: str
    text: str = ""
    how: str = ""
    source: str = ""
    weight: int | None = None
    evidence_from: str = ""
    sampled: bool = False


@dataclass(frozen=True)
class Checklist:
    """A version of a checklist.

    Attributes:
        id: stable, also in the choice list ``checklist``.
        title: Chinese name.
        version: running number of the version.
        items: in reading order, those of one section together.
        basis: the act that it follows, or where its items come from.
        note: what the officer should know about it.
        minimums: least weight of a section by its name, in hundredths.
        rest: weight that may stay open because somebody else still has to set it, in hundredths.
        archived: kept for old runs; not meant for new ones.
        finding_source: id in ``rectification_source`` of what is found with it.
        own: changed or made by the bank.
        base: version of the program's own that this one began from, 0 for none.
        recorded_by: who wrote this version, "" for the program.
        recorded_on: ISO day of that, "" for the program.
    """

    id: str
    title: str
    version: int
    items: tuple[Item, ...]
    basis: str = ""
    note: str = ""
    minimums: Mapping[str, int] = field(default_factory=dict)
    rest: int = 0
    archived: bool = False
    finding_source: str = "self_check"
    own: bool = False
    base: int = 0
    recorded_by: str = ""
    recorded_on: str = ""

    @property
    def sections(self) -> tuple[str, ...]:
        """Names of the sections in reading order."""
        return tuple(dict.fromkeys(item.section for item in self.items))

    @property
    def weighted(self) -> bool:
        """Whether any item has a weight."""
        return any(item.weight is not None for item in self.items)

    @property
    def total(self) -> int:
        """All weights together, in hundredths."""
        return sum(item.weight or 0 for item in self.items)

    def item(self, key: str) -> Item | None:
        """The item with this key, None when there is none."""
        return next((item for item in self.items if item.key == key), None)

    def section_weight(self, section: str) -> int:
        """The weights of a section together, in hundredths."""
        return sum(item.weight or 0 for item in self.items if item.section == section)


def faults(checklist: Checklist) -> tuple[str, ...]:
    """Why a version cannot be kept, as Chinese sentences; empty when it can."""
    found = []
    if not checklist.title.strip():
        found.append("请填写检查表的名称")
    if not checklist.items:
        found.append("检查表里还没有检查项，请先新增")
    lacking = [item for item in checklist.items if not item.title.strip() or not item.section.strip()]
    if lacking:
        found.append(f"有 {len(lacking)} 项没有填部分或检查项，请补上或删去")
    return (*found, *_weight_faults(checklist))


def _weight_faults(checklist: Checklist) -> list[str]:
    if not checklist.weighted:
        return []
    without = [item.title for item in checklist.items if item.weight is None]
    if without:
        return [f"{_named(without)}没有填权重：要么每一项都填，要么都不填"]
    found = []
    total = checklist.total
    if total not in (WHOLE, WHOLE - checklist.rest):
        off = abs(WHOLE - total)
        word = "少" if total < WHOLE else "多"
        later = f"（年度计划还没有定时，可以先按 {_points(WHOLE - checklist.rest)} 保存）" if checklist.rest else ""
        found.append(f"权重合计 {_points(total)}，{word} {_points(off)}，请调到 100%{later}")
    for section, least in checklist.minimums.items():
        weight = checklist.section_weight(section)
        if weight < least:
            short = _points(least - weight)
            found.append(f"“{section}”的权重合计 {_points(weight)}，低于下限 {_points(least)}，少 {short}")
    return found


def _named(titles: Iterable[str]) -> str:
    names = [f"“{title}”" for title in titles]
    shown = "、".join(names[:_NAMED])
    return shown if len(names) <= _NAMED else f"{shown}等 {len(names)} 项"


def _points(hundredths: int) -> str:
    return f"{plain_decimal(hundredths) or '0'}%"
