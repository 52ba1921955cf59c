"""From cells to values of a field: the one place where foreign text becomes a ledger's value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal
from typing import NamedTuple

from xiaobao_desktop.domain.catalog import Catalog, Choice, Code, plain
from xiaobao_desktop.domain.dates import DateHints, id_number_lost_digits, read_bool, read_date, read_number, tidy
from xiaobao_desktop.domain.fields import Field, Kind, Value
from xiaobao_desktop.exchange.mapping import cell_text
from xiaobao_desktop.exchange.sheets import Cell, CellProblem


class CellValue(NamedTuple):
    """What one cell (or the cells of several columns) came to.

    Attributes:
        value: the value, None when empty or not understood.
        problem: Chinese sentence why the cell is refused, "" when fine.
        unknown: names no list knows: the officer's policy decides about them.
        time: time of day that a date carried.
    """

    value: Value = None
    problem: str = ""
    unknown: tuple[str, ...] = ()
    time: str = ""


_NOTHING = CellValue()


@dataclass(frozen=True)
class Lookups:
    """Where names are looked up: lists and trees, and linked records by plain name for each ledger.

    ``by_name`` holds the ledgers of which a record can be made from its name alone (a branch, not a complaint).
    """

    catalog: Catalog
    links: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    by_name: frozenset[str] = frozenset()


def read_cells(item: Field, cells: Sequence[Cell], lookups: Lookups, hints: DateHints, factor: int = 1) -> CellValue:
    """The value of a field from one cell, or from several columns that go into it.

    Args:
        item: the field.
        cells: one cell a column, in table order.
        lookups: names of choices, codes and linked records.
        hints: how dates of this column are written.
        factor: multiplies numbers (万元).
    """
    if len(cells) == 1 and cells[0] is None:
        return _NOTHING
    for cell in cells:
        if isinstance(cell, CellProblem):
            return CellValue(problem=cell.reason)
    filled = [cell for cell in cells if cell is not None and cell_text(cell)]
    if not filled:
        return _NOTHING
    if item.kind is Kind.CODE:
        return _code(item, filled, lookups)
    if item.kind is Kind.LONG_TEXT:
        return CellValue("\n".join(cell_text(cell) for cell in filled))
    reader = _READERS.get(item.kind)
    if reader is not None:
        return reader(item, filled[0], lookups, hints, factor)
    return CellValue(cell_text(filled[0]))


def _date(item: Field, cell: Cell, _lookups: Lookups, hints: DateHints, _factor: int) -> CellValue:
    reading = read_date(cell, hints=hints)
    if reading.value is None:
        return CellValue(problem=reading.problem or reading.ask or f"没有读出{item.label}")
    clock = f"{reading.time:%H:%M}" if reading.time and reading.time != time(0) else ""
    return CellValue(reading.value.isoformat(), time=clock)


def _time(item: Field, cell: Cell, _lookups: Lookups, _hints: DateHints, _factor: int) -> CellValue:
    if isinstance(cell, datetime):
        return CellValue(f"{cell:%H:%M}")
    match = re.fullmatch(r"(\d{1,2})[:：时点](\d{1,2})(?:[:：分]\d{1,2})?[分秒]?", tidy(cell_text(cell)))
    if match and int(match[1]) < 24 and int(match[2]) < 60:
        return CellValue(f"{int(match[1]):02d}:{int(match[2]):02d}")
    return CellValue(problem=f"“{cell_text(cell)}”不是{item.label}，请写成 14:20")


def _integer(item: Field, cell: Cell, _lookups: Lookups, _hints: DateHints, factor: int) -> CellValue:
    reading = read_number(cell)
    if reading.value is None:
        return CellValue(problem=reading.problem)
    number = Decimal(reading.value) * factor
    if number != number.to_integral_value():
        return CellValue(problem=f"{item.label}应为整数，现在是 {cell_text(cell)}")
    return CellValue(int(number))


def _money(item: Field, cell: Cell, _lookups: Lookups, _hints: DateHints, factor: int) -> CellValue:
    reading = read_number(cell)
    if reading.value is None:
        return CellValue(problem=reading.problem)
    number = Decimal(reading.value) * factor * 100
    if number != number.to_integral_value():
        return CellValue(problem=f"{item.label}最多两位小数，现在是 {cell_text(cell)}")
    return CellValue(int(number))


def _yes_no(_item: Field, cell: Cell, _lookups: Lookups, _hints: DateHints, _factor: int) -> CellValue:
    reading = read_bool(cell)
    return CellValue(reading.value, reading.problem)


def _id_number(_item: Field, cell: Cell, _lookups: Lookups, _hints: DateHints, _factor: int) -> CellValue:
    lost = id_number_lost_digits(cell)
    return CellValue(problem=lost) if lost else CellValue(tidy(cell_text(cell)).upper())


def _phone(_item: Field, cell: Cell, _lookups: Lookups, _hints: DateHints, _factor: int) -> CellValue:
    return CellValue(tidy(cell_text(cell)))


def _choice(item: Field, cell: Cell, lookups: Lookups, _hints: DateHints, _factor: int) -> CellValue:
    text = cell_text(cell)
    found = lookups.catalog.list(item.options).find(text)
    return CellValue(found.id) if found and not _gone(found) else CellValue(unknown=(text,))


def _choices(item: Field, cell: Cell, lookups: Lookups, _hints: DateHints, _factor: int) -> CellValue:
    known = lookups.catalog.list(item.options)
    names = [name.strip() for name in re.split(r"[、,，;；/\n]", cell_text(cell)) if name.strip()]
    found = [choice if choice and not _gone(choice) else None for choice in map(known.find, names)]
    unknown = tuple(name for name, choice in zip(names, found, strict=True) if choice is None)
    return CellValue(tuple(dict.fromkeys(choice.id for choice in found if choice)), unknown=unknown)


def _gone(entry: Choice | Code) -> bool:
    """Whether an entry of the bank's own is out of use (its import was taken back): met again, it comes back."""
    return entry.own and not entry.active


def _link(item: Field, cell: Cell, lookups: Lookups, _hints: DateHints, _factor: int) -> CellValue:
    text = cell_text(cell)
    found = lookups.links.get(item.options, {}).get(plain(text))
    return CellValue(found) if found is not None else CellValue(unknown=(text,))


def _code(item: Field, cells: Sequence[Cell], lookups: Lookups) -> CellValue:
    """The deepest node that the names lead to; where only the upper name is known, the lower ones are unknown."""
    tree = lookups.catalog.tree(item.options)
    names = [cell_text(cell) for cell in cells]
    found = tree.find(names)
    if found is not None and not _gone(found):
        return CellValue(found.key)
    for count in range(len(names) - 1, 0, -1):
        upper = tree.find(names[:count])
        if upper is not None and not _gone(upper):
            return CellValue(upper.key, unknown=tuple(names[count:]))
    return CellValue(unknown=tuple(names))


_Reader = Callable[[Field, Cell, Lookups, DateHints, int], CellValue]
_READERS: dict[Kind, _Reader] = {
    Kind.DATE: _date,
    Kind.TIME: _time,
    Kind.INTEGER: _integer,
    Kind.MONEY: _money,
    Kind.DECIMAL: _money,
    Kind.YES_NO: _yes_no,
    Kind.ID_NUMBER: _id_number,
    Kind.PHONE: _phone,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.LINK: _link,
}
AS_IT_STANDS = frozenset(Kind) - {*_READERS, Kind.CODE}
"""Kinds of which a text is the value, white space around it left out."""
