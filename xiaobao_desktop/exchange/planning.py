"""What an import would do, worked out before anything is written: good rows, repeats, refused cells, new names."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

from xiaobao_desktop.domain.catalog import plain
from xiaobao_desktop.domain.dates import DateHints
from xiaobao_desktop.domain.fields import Field, Kind, Ledger, Problem, Record, Value, gaps
from xiaobao_desktop.exchange.cell_values import Lookups, read_cells
from xiaobao_desktop.exchange.mapping import ColumnChoice, ColumnMapping, cell_text
from xiaobao_desktop.exchange.tables import RawRow, RawTable

Unknown = Literal["add", "empty", "reject"]
"""What an unknown choice becomes: an entry of the bank's own, nothing, or a refusal."""

Finish = Callable[[Record], tuple[Record, tuple[Problem, ...]]]
"""Completes a record by its ledger's rules and names its problems."""

OWN = "own-"


class Rejected(NamedTuple):
    """A refused cell: sheet row, column header, its text, the Chinese reason."""

    row: int
    column: str
    value: str
    reason: str


class NewName(NamedTuple):
    """A name no list knows yet: the field's options, whether a choice, code or linked record, name, id, parent code."""

    options: str
    kind: Kind
    name: str
    id: str
    parent: str


@dataclass(frozen=True)
class PlannedRow:
    """A row that can come in.

    Attributes:
        number: sheet row.
        record: complete, but for links to records that do not exist yet.
        fingerprint: of the whole source row, running number excluded.
        new_links: field key -> name of the linked record to be made.
        hints: odd but accepted values.
        gaps: number of fields that are 待补.
    """

    number: int
    record: Record
    fingerprint: str
    new_links: Mapping[str, str]
    hints: tuple[Problem, ...]
    gaps: int


@dataclass(frozen=True)
class ImportPlan:
    """Everything about an import before it is carried out.

    Attributes:
        ledger: the target.
        table: the table it comes from.
        mapping: the columns.
        read: number of records in the table.
        rows: what will come in.
        repeats: sheet row -> number of the record it is already in the book as, or the earlier row of this file.
        rejected: refused cells; a row with one is not imported.
        new_names: names to be added to lists or linked ledgers.
        warnings: Chinese sentences.
    """

    ledger: Ledger
    table: RawTable
    mapping: ColumnMapping
    read: int
    rows: tuple[PlannedRow, ...]
    repeats: Mapping[int, str | int]
    rejected: tuple[Rejected, ...]
    new_names: tuple[NewName, ...]
    warnings: tuple[str, ...]

    @property
    def rejected_rows(self) -> tuple[int, ...]:
        """The sheet rows that are not imported because of refused cells, in order."""
        return tuple(sorted({item.row for item in self.rejected}))


def own_id(options: str, parent: str, name: str) -> str:
    """Id of an entry of the bank's own: the same for the same name in the same place of a list or tree."""
    return OWN + hashlib.sha256(f"{options}/{parent}/{plain(name)}".encode()).hexdigest()[:8]


def fingerprint(table: RawTable, mapping: ColumnMapping, row: RawRow) -> str:
    """SHA-256 of all filled cells of a row by column name, running number excluded, whatever the column order."""
    running = {column.index for column in mapping.columns if column.bookkeeping}
    parts = sorted(
        f"{plain(table.headers[index])}\x1f{cell_text(cell)}"
        for index, cell in enumerate(row.cells)
        if index not in running and cell is not None and cell_text(cell)
    )
    return hashlib.sha256("\x1e".join(parts).encode()).hexdigest()


@dataclass
class Planner:
    """Plans the rows of one table one after the other.

    Attributes:
        mapping: the columns.
        lookups: known names.
        known: fingerprint -> record number of rows imported before.
        finish: completes and checks a record.
        unknown: policy for unknown names.
        hints: how the table's dates are written.
    """

    mapping: ColumnMapping
    lookups: Lookups
    known: Mapping[str, str]
    finish: Finish
    unknown: Unknown
    hints: DateHints
    rows: list[PlannedRow] = field(default_factory=list)
    repeats: dict[int, str | int] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)
    new_names: dict[tuple[str, str], NewName] = field(default_factory=dict)
    emptied: int = 0
    _seen: dict[str, int] = field(default_factory=dict)

    def plan(self, table: RawTable) -> ImportPlan:
        """The plan of a whole table."""
        fields = [(item, self.mapping.of(item.key)) for item in self.mapping.ledger.entered_fields]
        mapped = [(item, columns) for item, columns in fields if columns]
        for row in table.rows:
            self._row(table, row, mapped)
        return ImportPlan(
            ledger=self.mapping.ledger,
            table=table,
            mapping=self.mapping,
            read=len(table.rows),
            rows=tuple(self.rows),
            repeats=self.repeats,
            rejected=tuple(self.rejected),
            new_names=self._used_names(),
            warnings=self._warnings(table),
        )

    def _row(self, table: RawTable, row: RawRow, mapped: Sequence[tuple[Field, tuple[ColumnChoice, ...]]]) -> None:
        print_of_row = fingerprint(table, self.mapping, row)
        if print_of_row in self.known:
            self.repeats[row.number] = self.known[print_of_row]
            return
        if print_of_row in self._seen:
            self.repeats[row.number] = self._seen[print_of_row]
            return
        values: dict[str, Value] = self.mapping.ledger.defaults()
        links: dict[str, str] = {}
        refused: list[Rejected] = []
        for item, columns in mapped:
            self._field(row, item, columns, values, links, refused)
        record, problems = self.finish(Record(values))
        refused += [self._refusal(row, problem) for problem in problems if problem.blocking]
        refused = _one_a_column(refused)
        if refused:
            self.rejected.extend(refused)
            return
        self._seen[print_of_row] = row.number
        hints = tuple(problem for problem in problems if not problem.blocking)
        missing = [item for item in gaps(self.mapping.ledger, record.values) if item.key not in links]
        self.rows.append(PlannedRow(row.number, record, print_of_row, links, hints, len(missing)))

    def _field(
        self,
        row: RawRow,
        item: Field,
        columns: tuple[ColumnChoice, ...],
        values: dict[str, Value],
        links: dict[str, str],
        refused: list[Rejected],
    ) -> None:
        whole = [column for column in columns if not column.append]
        cells = [row.cells[column.index] for column in whole]
        factor = whole[0].factor if whole else 1
        found = read_cells(item, cells, self.lookups, self.hints, factor)
        if found.problem:
            column = whole[0]
            refused.append(Rejected(row.number, column.header, cell_text(row.cells[column.index]), found.problem))
            return
        if found.value is not None:
            values[item.key] = found.value
        if found.time and item.time_field and not self.mapping.of(item.time_field):
            values[item.time_field] = found.time
        for name in found.unknown:
            self._unknown(row, item, whole, name, values, links, refused)
        extra = [f"{column.header}：{cell_text(row.cells[column.index])}" for column in columns if column.append]
        extra = [text for text in extra if not text.endswith("：")]
        if extra:
            values[item.key] = "\n".join([*([str(values[item.key])] if values.get(item.key) else []), *extra])

    def _unknown(
        self,
        row: RawRow,
        item: Field,
        columns: Sequence[ColumnChoice],
        name: str,
        values: dict[str, Value],
        links: dict[str, str],
        refused: list[Rejected],
    ) -> None:
        cannot_be_made = item.kind is Kind.LINK and item.options not in self.lookups.by_name
        if self.unknown == "reject" or (self.unknown == "add" and cannot_be_made):
            column = next((c for c in columns if cell_text(row.cells[c.index]) == name), columns[0])
            refused.append(Rejected(row.number, column.header, name, f"没有“{name}”这一项"))
        elif self.unknown == "empty":
            self.emptied += 1
        else:
            parent = str(values.get(item.key) or "") if item.kind is Kind.CODE else ""
            new = self._new_name(item, name, parent)
            if item.kind is Kind.LINK:
                links[item.key] = name
            elif item.kind is Kind.CHOICES:
                old = values.get(item.key)
                values[item.key] = (*(old if isinstance(old, tuple) else ()), new.id)
            else:
                values[item.key] = new.id

    def _new_name(self, item: Field, name: str, parent: str) -> NewName:
        key = (item.options, f"{parent}/{plain(name)}")
        if key not in self.new_names:
            self.new_names[key] = NewName(item.options, item.kind, name, own_id(item.options, parent, name), parent)
        return self.new_names[key]

    def _refusal(self, row: RawRow, problem: Problem) -> Rejected:
        columns = self.mapping.of(problem.field)
        if columns:
            column = columns[0]
            return Rejected(row.number, column.header, cell_text(row.cells[column.index]), problem.message)
        ledger = self.mapping.ledger
        label = ledger.field(problem.field).label if ledger.has(problem.field) else ""
        return Rejected(row.number, label, "", problem.message)

    def _used_names(self) -> tuple[NewName, ...]:
        """The new names that rows coming in really use; those of refused rows are not added."""
        used: set[str] = set()
        for row in self.rows:
            used |= {f"{Kind.LINK.value}/{plain(name)}" for name in row.new_links.values()}
            for value in row.record.values.values():
                used |= set(value) if isinstance(value, tuple) else {value} if isinstance(value, str) else set()
        wanted = {
            key: new
            for key, new in self.new_names.items()
            if (f"{Kind.LINK.value}/{plain(new.name)}" if new.kind is Kind.LINK else new.id) in used
        }
        parents = {new.parent for new in wanted.values()}
        return tuple(new for key, new in self.new_names.items() if key in wanted or new.id in parents)

    def _warnings(self, table: RawTable) -> tuple[str, ...]:
        found = list(table.warnings)
        hidden = [str(row.number) for row in table.rows if row.hidden]
        if hidden:
            shown = "、".join(hidden[:10]) + ("等" if len(hidden) > 10 else "")
            found.append(f"有 {len(hidden)} 行在表里是隐藏的，也会导入：第 {shown} 行")
        if self.emptied:
            found.append(f"有 {self.emptied} 个不认识的选项留空了")
        odd = sum(bool(row.hints) for row in self.rows)
        if odd:
            found.append(f"有 {odd} 行的{self._odd_labels()}看起来不对，照原样导入，可在台账里核对")
        return tuple(found)

    def _odd_labels(self) -> str:
        """Labels of the fields that hints speak of, in declared order."""
        odd = {problem.field for row in self.rows for problem in row.hints}
        labels = [item.label for item in self.mapping.ledger.fields if item.key in odd]
        return "、".join(labels) or "内容"


def _one_a_column(refused: list[Rejected]) -> list[Rejected]:
    """The first reason of each column: a date that cannot be read is not also missing."""
    found: dict[str, Rejected] = {}
    for item in refused:
        found.setdefault(item.column, item)
    return list(found.values())


def with_links(row: PlannedRow, ids: Mapping[tuple[str, str], int], ledger: Ledger) -> Record:
    """The record of a row with its new links filled in.

    Args:
        row: a planned row.
        ids: (ledger key, plain name) -> id of the records made for new names.
        ledger: the target's declaration.
    """
    if not row.new_links:
        return row.record
    made = {key: ids[ledger.field(key).options, plain(name)] for key, name in row.new_links.items()}
    return replace(row.record, values={**row.record.values, **made})
