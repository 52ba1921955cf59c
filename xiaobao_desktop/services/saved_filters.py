"""Named filters of a ledger's list, kept in the book: which tab, search, conditions and order come back by one choice.

They are kept as one setting a ledger. Conditions are kept as what the officer chose (values ticked, the name of a
period such as 本月), not as what it meant on that day, so that 本月 is the current month whenever it is chosen.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from xiaobao_desktop.domain.fields import Ledger, Value
from xiaobao_desktop.errors import ValueRefused
from xiaobao_desktop.services.session import Session

LONGEST_NAME = 20
MOST = 30
"""Names in one ledger; more could not be found again."""

Way = Literal["ticked", "period", "span", "text", "unfilled"]
"""How a condition was made: values ticked, two days, a named period, a part of the text, not filled in."""

SETTING = "saved_filters."
"""What the keys of these settings begin with."""


@dataclass(frozen=True)
class SavedPart:
    """The condition on one field: key, how it was made, and what was chosen (for ``span`` its name)."""

    key: str
    way: Way
    values: tuple[Value, ...] = ()


@dataclass(frozen=True)
class SavedFilter:
    """A named filter.

    Attributes:
        name: as the officer calls it, unique in its ledger.
        tab: key of the tab above the list.
        search: words of the search field.
        order: (key, descending) of the column sorted by; None is the usual order of the tab.
        parts: conditions, one a field.
    """

    name: str
    tab: str = ""
    search: str = ""
    order: tuple[str, bool] | None = None
    parts: tuple[SavedPart, ...] = ()


def saved_filters(session: Session, ledger: Ledger) -> tuple[SavedFilter, ...]:
    """The named filters of a ledger in the order they were made; entries that cannot be read are left out."""
    try:
        entries = json.loads(session.book.setting(SETTING + ledger.key) or "[]")
        return tuple(_read(entry) for entry in entries)
    except (ValueError, KeyError, TypeError):
        # Written by another version of the program: a convenience is lost, never the list.
        return ()


def keep(session: Session, ledger: Ledger, wanted: SavedFilter) -> SavedFilter:
    """Keep a filter under its name; one of the same name is replaced in its place.

    Raises:
        ValueRefused: the name is blank or too long, or there are too many.
    """
    named = replace(wanted, name=_name(wanted.name))
    now = list(saved_filters(session, ledger))
    places = [place for place, entry in enumerate(now) if entry.name == named.name]
    if places:
        now[places[0]] = named
    elif len(now) >= MOST:
        raise ValueRefused(label="常用筛选", reason=f"最多存 {MOST} 个，请先删掉不用的")
    else:
        now.append(named)
    _write(session, ledger, now, f"保存常用筛选 {named.name}")
    return named


def rename(session: Session, ledger: Ledger, name: str, to: str) -> None:
    """Give a filter another name; nothing happens when it is the same or the filter is gone.

    Raises:
        ValueRefused: the new name is blank, too long or taken.
    """
    wanted = _name(to)
    if wanted == name:
        return
    now = saved_filters(session, ledger)
    if any(entry.name == wanted for entry in now):
        raise ValueRefused(label="名称", reason=f"已有一个叫“{wanted}”的常用筛选，请换一个")
    changed = [replace(entry, name=wanted) if entry.name == name else entry for entry in now]
    _write(session, ledger, changed, f"常用筛选 {name} 改名为 {wanted}")


def remove(session: Session, ledger: Ledger, name: str) -> None:
    """Take a filter away; records are not touched."""
    now = saved_filters(session, ledger)
    _write(session, ledger, [entry for entry in now if entry.name != name], f"删除常用筛选 {name}")


def _name(typed: str) -> str:
    name = " ".join(typed.split())
    if not name:
        raise ValueRefused(label="名称", reason="请给它起个名字，如“本月未办结”")
    if len(name) > LONGEST_NAME:
        raise ValueRefused(label="名称", reason=f"最多 {LONGEST_NAME} 个字，现在是 {len(name)} 个")
    return name


def _write(session: Session, ledger: Ledger, entries: Sequence[SavedFilter], operation: str) -> None:
    text = json.dumps([asdict(entry) for entry in entries], ensure_ascii=False) if entries else None
    with session.book.transaction(operation, session.user, session.now()) as writing:
        writing.set_setting(SETTING + ledger.key, text)


def _read(entry: dict[str, Any]) -> SavedFilter:
    order = entry["order"]
    parts = (SavedPart(part["key"], part["way"], tuple(part["values"])) for part in entry["parts"])
    return SavedFilter(
        str(entry["name"]),
        str(entry["tab"]),
        str(entry["search"]),
        (str(order[0]), bool(order[1])) if order else None,
        tuple(parts),
    )
