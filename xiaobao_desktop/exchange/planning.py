"""What an import would do, worked out before anything is written: good rows, repeats, refused cells, new names."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from xiaobao_desktop.domain.catalog import plain
from xiaobao_desktop.domain.dates import DateHints
from xiaobao_desktop.domain.fields import Field, Kind, Ledger, Problem, Record, Value, gaps
from xiaobao_desktop.exchange.cell_values import AS_IT_STANDS, CellValue, Lookups, read_cells
from xiaobao_desktop.exchange.mapping import ColumnChoice, ColumnMapping, cell_text, evidence_for
from xiaobao_desktop.exchange.sheets import Cell
from xiaobao_desktop.exchange.tables import RawRow, RawTable

Unknown = Literal["add", "empty", "reject"]
"""What an unknown choice becomes: an entry of the bank's own, nothing, or a refusal."""

Finish = Callable[[Record], tuple[Record, tuple[Problem, ...]]]
"""Completes a record by its ledger's rules and names its problems."""

OWN = "own-"
_REPEATED = frozenset({Kind.DATE, Kind.YES_NO, Kind.CHOICE, Kind.CHOICES, Kind.CODE, Kind.LINK})
_NAMED = frozenset({Kind.CHOICE, Kind.CHOICES, Kind.CODE})
_PLAIN = (str, date)
"""Classes of cells of which equal ones are the same: 1 and True are equal too, and a moment is a date."""


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


class UnknownName(NamedTuple):
    """A name that no list or linked ledger knows: key of the field, the name, in how many rows, what it stands for.

    ``target`` is what the officer said: id of a choice, key of a code, id of a linked record; None while nothing was.
    """

    field: str
    name: str
    rows: int
    target: str | int | None


Told = Mapping[tuple[str, str], str | int]
"""What the officer said of unknown names: (key of the field, plain name) -> what it stands for."""


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
        unknown: every name that is not known, also those the officer has said something of.
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
    unknown: tuple[UnknownName, ...]
    warnings: tuple[str, ...]

    @property
    def pictures(self) -> int:
        """How many pictures come in with the rows, as attachments of their records."""
        if not self.table.pictures or evidence_for(self.ledger, "") is None:
            return 0
        return sum(len(self.table.pictures.get(row.number, ())) for row in self.rows)

    @property
    def rejected_rows(self) -> tuple[int, ...]:
        """The sheet rows that are not imported because of refused cells, in order."""
        return tuple(sorted({item.row for item in self.rejected}))


class _Mapped(NamedTuple):
    """A field with its columns: those read as its value and their places, those added with their header.

    ``only`` is the place where one column alone makes the field (else -1), ``repeated`` whether its texts come again
    and again, ``words`` whether a text stands as it is. ``settled`` keeps the values of repeated cells that need no
    further thought: understood, every name known, no time of day with it.
    """

    item: Field
    whole: tuple[ColumnChoice, ...]
    places: tuple[int, ...]
    factor: int
    appended: tuple[ColumnChoice, ...]
    only: int
    repeated: bool
    words: bool
    settled: dict[Cell, Value]


def _mapped(item: Field, columns: Sequence[ColumnChoice]) -> _Mapped:
    whole = tuple(column for column in columns if not column.append)
    appended = tuple(column for column in columns if column.append)
    places = tuple(column.index for column in whole)
    only = places[0] if len(places) == 1 and not appended else -1
    factor = whole[0].factor if whole else 1
    kinds = item.kind in _REPEATED, item.kind in AS_IT_STANDS
    return _Mapped(item, whole, places, factor, appended, only, *kinds, settled={})


def own_id(options: str, parent: str, name: str) -> str:
    """Id of an entry of the bank's own: the same for the same name in the same place of a list or tree."""
    return OWN + hashlib.sha256(f"{options}/{parent}/{plain(name)}".encode()).hexdigest()[:8]


def identity(table: RawTable, mapping: ColumnMapping) -> list[tuple[int, str]]:
    """What tells rows of a table apart: (place in a row, plain name) of each column, running numbers excluded.

    In order of the names, as :func:`fingerprint` needs them.
    """
    running = {column.index for column in mapping.columns if column.bookkeeping}
    named = [(index, plain(header)) for index, header in enumerate(table.headers) if index not in running]
    return sorted(named, key=lambda column: column[1])


def fingerprint(columns: Sequence[tuple[int, str]], row: RawRow) -> str:
    """SHA-256 of all filled cells of a row by column name (:func:`identity`), whatever the column order."""
    cells = row.cells
    filled = [(name, cells[index]) for index, name in columns if cells[index] is not None]
    texts = [(name, cell.strip() if isinstance(cell, str) else cell_text(cell)) for name, cell in filled]
    parts = [f"{name}\x1f{text}" for name, text in texts if text]
    # Nearly in order already; only columns of one name (or of names with control characters) may still change places.
    parts.sort()
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
        told: what the officer said of unknown names.
    """

    mapping: ColumnMapping
    lookups: Lookups
    known: Mapping[str, str]
    finish: Finish
    unknown: Unknown
    hints: DateHints
    told: Told = field(default_factory=dict)
    rows: list[PlannedRow] = field(default_factory=list)
    repeats: dict[int, str | int] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)
    new_names: dict[tuple[str, str], NewName] = field(default_factory=dict)
    emptied: int = 0
    _unknown_names: dict[tuple[str, str], UnknownName] = field(default_factory=dict)
    _seen: dict[str, int] = field(default_factory=dict)
    _values: dict[tuple[str, Cell], CellValue] = field(default_factory=dict)
    _defaults: Mapping[str, Value] = field(default_factory=dict)
    _plain_names: dict[str, str] = field(default_factory=dict)

    def plan(self, table: RawTable) -> ImportPlan:
        """The plan of a whole table."""
        fields = [(item, self.mapping.of(item.key)) for item in self.mapping.ledger.entered_fields]
        mapped = [_mapped(item, columns) for item, columns in fields if columns]
        told_apart = identity(table, self.mapping)
        self._defaults = self.mapping.ledger.defaults()
        for row in table.rows:
            self._row(row, fingerprint(told_apart, row), mapped)
        return ImportPlan(
            ledger=self.mapping.ledger,
            table=table,
            mapping=self.mapping,
            read=len(table.rows),
            rows=tuple(self.rows),
            repeats=self.repeats,
            rejected=tuple(self.rejected),
            new_names=self._used_names(),
            unknown=tuple(self._unknown_names.values()),
            warnings=self._warnings(table),
        )

    def _row(self, row: RawRow, print_of_row: str, mapped: Sequence[_Mapped]) -> None:
        if print_of_row in self.known:
            self.repeats[row.number] = self.known[print_of_row]
            return
        if print_of_row in self._seen:
            self.repeats[row.number] = self._seen[print_of_row]
            return
        values, links, refused = self._entered(row, mapped)
        record, problems = self.finish(Record(values))
        refused += [self._refusal(row, problem) for problem in problems if problem.blocking]
        if refused:
            self.rejected.extend(_one_a_column(refused))
            return
        self._seen[print_of_row] = row.number
        # What refuses nothing is a hint.
        missing = [item for item in gaps(self.mapping.ledger, record.values) if item.key not in links]
        self.rows.append(PlannedRow(row.number, record, print_of_row, links, problems, len(missing)))

    def _entered(
        self, row: RawRow, mapped: Sequence[_Mapped]
    ) -> tuple[dict[str, Value], dict[str, str], list[Rejected]]:
        """The values that a row enters, the links still to be made, and its refused cells."""
        values: dict[str, Value] = {**self._defaults}
        links: dict[str, str] = {}
        refused: list[Rejected] = []
        cells = row.cells
        for one in mapped:
            if one.only < 0:
                if one.appended or any(cells[at] is not None for at in one.places):
                    self._field(row, one, values, links, refused)
                continue
            cell = cells[one.only]
            if cell is None:
                continue
            if one.words and isinstance(cell, str):
                if text := cell.strip():
                    values[one.item.key] = text
            elif one.repeated and cell.__class__ in _PLAIN and (known := one.settled.get(cell)) is not None:
                values[one.item.key] = known
            else:
                self._field(row, one, values, links, refused)
        return values, links, refused

    def _field(
        self,
        row: RawRow,
        mapped: _Mapped,
        values: dict[str, Value],
        links: dict[str, str],
        refused: list[Rejected],
    ) -> None:
        item = mapped.item
        found = self._read(mapped, row)
        if found.problem:
            column = mapped.whole[0]
            refused.append(Rejected(row.number, column.header, cell_text(row.cells[column.index]), found.problem))
            return
        if found.value is not None:
            values[item.key] = found.value
        if found.time and item.time_field and not self.mapping.of(item.time_field):
            values[item.time_field] = found.time
        for name in found.unknown:
            self._unknown(row, item, mapped.whole, name, values, links, refused)
        if not mapped.appended:
            return
        extra = [f"{column.header}：{cell_text(row.cells[column.index])}" for column in mapped.appended]
        extra = [text for text in extra if not text.endswith("：")]
        if extra:
            before = [str(values[item.key])] if values.get(item.key) else []
            values[item.key] = "\n".join([*before, *extra])

    def _read(self, mapped: _Mapped, row: RawRow) -> CellValue:
        """The value of a row's cells; what comes again and again (a day, a name of a list) is read once."""
        item, cells = mapped.item, [row.cells[place] for place in mapped.places]
        if len(cells) != 1 or not mapped.repeated or cells[0].__class__ not in _PLAIN:
            return read_cells(item, cells, self.lookups, self.hints, mapped.factor)
        key = (item.key, cells[0])
        if key not in self._values:
            self._values[key] = found = read_cells(item, cells, self.lookups, self.hints, mapped.factor)
            if mapped.only >= 0 and not (found.problem or found.unknown or found.time):
                mapped.settled[cells[0]] = found.value
        return self._values[key]

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
        if (target := self._target(item, name)) is not None:
            self._put(item, target, values)
            return
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
            else:
                self._put(item, new.id, values)

    def _target(self, item: Field, name: str) -> str | int | None:
        """What the officer said that an unknown name stands for; the name is noted."""
        key = (item.key, self._plain(name))
        _item, known_as, rows, target = self._unknown_names.get(key) or (item.key, name, 0, self.told.get(key))
        self._unknown_names[key] = UnknownName(item.key, known_as, rows + 1, target)
        return target

    def _plain(self, name: str) -> str:
        """:func:`plain`, which is worked out once for the names that come again and again."""
        if name not in self._plain_names:
            self._plain_names[name] = plain(name)
        return self._plain_names[name]

    @staticmethod
    def _put(item: Field, target: str | int, values: dict[str, Value]) -> None:
        """Put what a name stands for into its field; where several are chosen, beside the others."""
        if item.kind is Kind.CHOICES:
            old = values.get(item.key)
            values[item.key] = tuple(dict.fromkeys((*(old if isinstance(old, tuple) else ()), str(target))))
        else:
            values[item.key] = target

    def _new_name(self, item: Field, name: str, parent: str) -> NewName:
        key = (item.options, f"{parent}/{self._plain(name)}")
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
        if not self.new_names:
            return ()
        lists = {new.options for new in self.new_names.values()}
        named = [item.key for item in self.mapping.ledger.of_kinds(_NAMED) if item.options in lists]
        used: set[str] = set()
        link = Kind.LINK.value
        for row in self.rows:
            used.update([f"{link}/{self._plain(name)}" for name in row.new_links.values()])
            for value in map(row.record.values.get, named):
                used.update(value if isinstance(value, tuple) else (str(value),))
        wanted = {
            key: new
            for key, new in self.new_names.items()
            if (f"{link}/{plain(new.name)}" if new.kind is Kind.LINK else new.id) in used
        }
        parents = self._parents_of(wanted.values())
        return tuple(new for key, new in self.new_names.items() if key in wanted or new.id in parents)

    def _parents_of(self, names: Iterable[NewName]) -> set[str]:
        """Ids of all that stands above new names of a tree, however many levels of it are new."""
        above = {new.id: new.parent for new in self.new_names.values()}
        found: set[str] = set()
        for new in names:
            parent = new.parent
            while parent and parent not in found:
                found.add(parent)
                parent = above.get(parent, "")
        return found

    def _warnings(self, table: RawTable) -> tuple[str, ...]:
        found = list(table.warnings)
        hidden = [str(row.number) for row in table.rows if row.hidden]
        if hidden:
            shown = "、".join(hidden[:10]) + ("等" if len(hidden) > 10 else "")
            found.append(f"有 {len(hidden)} 行在表里是隐藏的，也会导入：第 {shown} 行")
        if self.emptied:
            found.append(f"有 {self.emptied} 个不认识的选项留空了")
        if table.pictures and evidence_for(self.mapping.ledger, "") is None:
            found.append(f"{self.mapping.ledger.label}不存附件，表里的图片不会导入")
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
    return Record({**row.record.values, **made}, row.record.children)
