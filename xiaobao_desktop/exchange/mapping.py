"""Which column of a foreign table is which field of a ledger: by name, synonym, part of a name; with confidence."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from xiaobao_desktop.domain.catalog import plain
from xiaobao_desktop.domain.fields import Evidence, Field, Grade, Kind, Ledger
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.exchange.sheets import Cell, CellProblem
from xiaobao_desktop.exchange.tables import RawTable

SURE, LIKELY, WEAK, NONE = 3, 2, 1, 0
"""Confidence of a column: the name itself or a synonym; part of a name; no better place; not imported."""

_WRITTEN_SO = (int, Decimal, date)
"""Classes of cells (none derived from them: a moment is a date, true a whole number) whose text is what str gives."""
_SEVERAL = (Kind.CODE, Kind.LONG_TEXT)
_COLLECTOR = "remark"
_RUNNING_NUMBER = "行号"

REASON_HEADER = "不能导入的原因"
ROW_HEADER = "原行号"
OWN_HEADERS = {REASON_HEADER: "上次导入的说明", ROW_HEADER: _RUNNING_NUMBER}
"""Columns that the file of refused rows adds; the mended file comes back with them."""


class MappingUnknownField(UserError):
    """对应关系里的“{field}”不是{ledger}的项目。用 fields {key} 可以列出全部项目。"""  # noqa: D415


class MappingUnknownColumn(UserError):
    """对应关系里的列“{header}”在表里没有。表里的列是：{known}。"""  # noqa: D415


@dataclass(frozen=True)
class ColumnChoice:
    """Where one column goes.

    Attributes:
        header: its name in the table.
        index: its place in a row of the table.
        field: key of the field, "" when it is not imported.
        confidence: SURE, LIKELY, WEAK or NONE.
        remark: Chinese note for the officer.
        sample: text of the first filled cell.
        append: the value is added to the field with the header before it, because no field fits.
        factor: what numbers are multiplied by (万元 in the header: 10000).
        bookkeeping: running number or notes of an earlier import, no part of the row's identity.
    """

    header: str
    index: int
    field: str = ""
    confidence: int = NONE
    remark: str = ""
    sample: str = ""
    append: bool = False
    factor: int = 1
    bookkeeping: bool = False


@dataclass(frozen=True)
class ColumnMapping:
    """All columns of a table with their fields."""

    ledger: Ledger
    columns: tuple[ColumnChoice, ...]

    def of(self, field: str) -> tuple[ColumnChoice, ...]:
        """The columns that go into a field, in table order."""
        return tuple(column for column in self.columns if column.field == field)

    @property
    def missing(self) -> tuple[Field, ...]:
        """Fields that must be there to save and have no column and no default."""
        mapped = {column.field for column in self.columns}
        return tuple(
            item
            for item in self.ledger.entered_fields
            if item.grade is Grade.TO_SAVE and item.key not in mapped and item.default is None
        )

    def with_field(self, index: int, field: str) -> ColumnMapping:
        """The mapping with one column sent elsewhere by the officer ("" = not imported)."""
        changed = [
            replace(column, field=field, confidence=SURE if field else NONE, append=False, remark="")
            if column.index == index
            else column
            for column in self.columns
        ]
        return ColumnMapping(self.ledger, tuple(changed))


def known_names(ledger: Ledger) -> Collection[str]:
    """Every column name a ledger knows: labels, synonyms, headers to ignore."""
    names = set(ledger.ignored_headers)
    for item in ledger.entered_fields:
        names |= {item.label, *item.synonyms}
    return names


def propose(ledger: Ledger, table: RawTable, named: Mapping[str, str]) -> ColumnMapping:
    """A mapping for ``table``.

    Args:
        ledger: the target.
        table: the recognised table.
        named: header -> field key ("" = leave out), as told by the officer; wins over everything.

    Raises:
        MappingUnknownField, MappingUnknownColumn: ``named`` names what does not exist.
    """
    _check_named(ledger, table, named)
    columns = [_told(table, index, named) or _guess(ledger, table, index) for index in range(len(table.headers))]
    columns = [_with_pictures(ledger, table, column) for column in _one_column_each(ledger, columns)]
    return ColumnMapping(ledger, tuple(_collected(ledger, column) for column in columns))


def evidence_for(ledger: Ledger, header: str) -> Evidence | None:
    """What kind of attachment the pictures of a column are: by its name, else photos, else the first kind.

    Returns:
        None for a ledger that takes no files.
    """
    bare = _bare(header) if header else ""
    kinds = [kind for kind in ledger.evidence if not kind.made]
    named = [kind for kind in kinds if bare and (plain(kind.label) in bare or bare in plain(kind.label))]
    photos = [kind for kind in kinds if kind.captions]
    return next(iter([*named, *photos, *kinds]), None)


def sample_of(table: RawTable, index: int) -> str:
    """Text of the first filled cell of a column, at most 24 characters."""
    for row in table.rows:
        if row.cells[index] is not None:
            return cell_text(row.cells[index])[:24]
    return ""


def cell_text(cell: Cell) -> str:
    """A cell as text: dates ISO, moments with minutes, yes/no in Chinese, error cells as they stood."""
    if isinstance(cell, str):
        return cell.strip()
    if cell is None:
        return ""
    if cell.__class__ in _WRITTEN_SO:
        return str(cell)
    if isinstance(cell, CellProblem):
        return cell.text
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if hasattr(cell, "hour"):
        return f"{cell:%Y-%m-%d %H:%M}".removesuffix(" 00:00")
    return str(cell).strip()


def _check_named(ledger: Ledger, table: RawTable, named: Mapping[str, str]) -> None:
    keys = {item.key for item in ledger.entered_fields}
    for header, field in named.items():
        if field and field not in keys:
            raise MappingUnknownField(field=field, ledger=ledger.label, key=ledger.key)
        if header not in table.headers:
            raise MappingUnknownColumn(header=header, known="、".join(table.headers))


def _told(table: RawTable, index: int, named: Mapping[str, str]) -> ColumnChoice | None:
    header = table.headers[index]
    if header not in named:
        return None
    field = named[header]
    remark = "按给定的对应" if field else "按给定的对应，不导入"
    return ColumnChoice(
        header, index, field, SURE if field else NONE, remark, sample_of(table, index), factor=_factor(header)
    )


def _guess(ledger: Ledger, table: RawTable, index: int) -> ColumnChoice:
    header = table.headers[index]
    sample = sample_of(table, index)
    bare = _bare(header)
    for name, reason in {**ledger.ignored_headers, **OWN_HEADERS}.items():
        if plain(name) == bare:
            bookkeeping = reason == _RUNNING_NUMBER or name in OWN_HEADERS
            return ColumnChoice(header, index, remark=f"不导入（{reason}）", sample=sample, bookkeeping=bookkeeping)
    found, confidence = _best_field(ledger, bare)
    if found is None:
        return ColumnChoice(header, index, sample=sample)
    remark = found.help if confidence is LIKELY or plain(found.label) != bare else ""
    return ColumnChoice(header, index, found.key, confidence, remark, sample, factor=_factor(header))


def _best_field(ledger: Ledger, bare: str) -> tuple[Field | None, int]:
    for item in ledger.entered_fields:
        if plain(item.label) == bare:
            return item, SURE
    for item in ledger.entered_fields:
        if bare in {plain(name) for name in item.synonyms}:
            return item, SURE
    candidates: list[tuple[int, Field]] = []
    for item in ledger.entered_fields:
        for name in (plain(item.label), *(plain(name) for name in item.synonyms)):
            if len(name) >= 2 and (name in bare or (len(bare) >= 2 and bare in name)):
                candidates.append((abs(len(name) - len(bare)), item))
    if not candidates:
        return None, NONE
    return min(candidates, key=lambda candidate: candidate[0])[1], LIKELY


def _bare(header: str) -> str:
    """The header without its group, its unit in brackets and any punctuation."""
    lower = header.rpartition("/")[2]
    return plain(re.sub(r"[（(\[【].*?[）)\]】]", "", lower)) or plain(lower)


def _with_pictures(ledger: Ledger, table: RawTable, column: ColumnChoice) -> ColumnChoice:
    """A column that holds nothing but pictures says what becomes of them."""
    held = any(picture.column == table.columns[column.index] for found in table.pictures.values() for picture in found)
    kind = evidence_for(ledger, column.header) if held and not column.sample and not column.field else None
    return replace(column, remark=f"图片，存为附件“{kind.label}”") if kind else column


def _factor(header: str) -> int:
    return 10_000 if "万元" in header else 1


def _one_column_each(ledger: Ledger, columns: list[ColumnChoice]) -> list[ColumnChoice]:
    """Keep the surest column of a field; fields that can take several (codes of two levels, long texts) keep all."""
    best: dict[str, ColumnChoice] = {}
    for column in columns:
        kept = best.get(column.field)
        if kept is None or column.confidence > kept.confidence:
            best[column.field] = column
    result = []
    for column in columns:
        several = bool(column.field) and ledger.field(column.field).kind in _SEVERAL and column.confidence == SURE
        if column.field and not several and best[column.field] is not column:
            label = ledger.field(column.field).label
            column = replace(column, field="", confidence=NONE, remark=f"“{label}”已对应另一列")
        result.append(column)
    return result


def _collected(ledger: Ledger, column: ColumnChoice) -> ColumnChoice:
    """A column without a field goes into 备注 with its name, so that nothing is lost."""
    if (
        column.field
        or column.remark.startswith(("不导入", "按给定"))
        or not column.sample
        or not ledger.has(_COLLECTOR)
    ):
        return column
    remark = column.remark or "没有合适的项目"
    return replace(column, field=_COLLECTOR, confidence=WEAK, append=True, remark=f"{remark}，放进备注")
