"""An import as the window shows it: columns with samples, preview rows, what is refused. Personal data masked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from xiaobao_desktop.domain.fields import Field, Kind, Ledger
from xiaobao_desktop.domain.masking import is_masked, mask_text
from xiaobao_desktop.exchange.mapping import ColumnMapping, cell_text
from xiaobao_desktop.exchange.planning import ImportPlan
from xiaobao_desktop.exchange.sheets import Workbook
from xiaobao_desktop.exchange.tables import RawRow, RawTable
from xiaobao_desktop.services import listing
from xiaobao_desktop.services.session import Session

HEADER_ROWS = 8
"""A header is looked for in the first rows only."""

GOOD, REPEAT, REJECTED = "good", "repeat", "rejected"


@dataclass(frozen=True)
class ColumnView:
    """A column of the table: its name, a masked sample, field key ("" = left out), confidence 0 to 3, a remark."""

    index: int
    header: str
    sample: str
    field: str
    confidence: int
    remark: str


@dataclass(frozen=True)
class PreviewCell:
    """A cell: the text as it stands (masked), and why it is refused ("" = it is not)."""

    text: str
    problem: str = ""


@dataclass(frozen=True)
class PreviewRow:
    """A row of the preview: its number in the sheet, what becomes of it, its cells under the preview's headers."""

    number: int
    state: str
    cells: tuple[PreviewCell, ...]
    note: str = ""


@dataclass(frozen=True)
class Preview:
    """The first rows of a planned import under the headers of the mapped columns."""

    headers: tuple[str, ...]
    rows: tuple[PreviewRow, ...]


@dataclass(frozen=True)
class Refusal:
    """A refused cell: sheet row, column, its masked text, the reason."""

    row: int
    column: str
    value: str
    reason: str


def sheet_names(source: Workbook) -> tuple[str, ...]:
    """The sheets that hold something, in the file's order."""
    return tuple(sheet.name for sheet in source.sheets if sheet.rows)


def header_choices(source: Workbook, sheet_name: str) -> tuple[tuple[int, str], ...]:
    """The first rows of a sheet, as (sheet row, beginning of its text), for saying where the header is."""
    for sheet in source.sheets:
        if sheet.name == sheet_name:
            pairs = list(zip(sheet.row_numbers, sheet.rows, strict=True))[:HEADER_ROWS]
            return tuple((number, _row_text([cell_text(cell) for cell in row])) for number, row in pairs)
    return ()


def only(source: Workbook, sheet_name: str, first_row: int = 0) -> Workbook:
    """The workbook reduced to one sheet from the row ``first_row`` on, so that the header is found there."""
    found = [sheet for sheet in source.sheets if sheet.name == sheet_name]
    cut = [
        replace(
            sheet,
            rows=[row for number, row in zip(sheet.row_numbers, sheet.rows, strict=True) if number >= first_row],
            row_numbers=[number for number in sheet.row_numbers if number >= first_row],
        )
        for sheet in found
    ]
    return replace(source, sheets=tuple(cut))


def targets(ledger: Ledger) -> tuple[tuple[str, str], ...]:
    """The fields a column may go into: (key, label), in the order of the form."""
    return tuple((item.key, item.label) for item in ledger.entered_fields)


def columns(mapping: ColumnMapping) -> tuple[ColumnView, ...]:
    """The columns of a mapping with masked samples."""
    views = []
    for column in mapping.columns:
        sample = _masked(_field(mapping.ledger, column.field), column.sample)
        views.append(ColumnView(column.index, column.header, sample, column.field, column.confidence, column.remark))
    return tuple(views)


def preview(session: Session, plan: ImportPlan, limit: int) -> Preview:
    """Up to ``limit`` rows, refused ones first: each mapped column as it stands, and how the first date was read."""
    shown = [column for column in plan.mapping.columns if column.field]
    dates = [column for column in shown if plan.ledger.field(column.field).kind is Kind.DATE]
    first_date = dates[0] if dates else None
    headers: list[str] = []
    for column in shown:
        headers.append(f"{column.header}（原样）" if column is first_date else column.header)
        if column is first_date:
            headers.append("读成")
    read = {row.number: row.record for row in plan.rows}
    refused: dict[int, dict[str, str]] = {}
    for item in plan.rejected:
        refused.setdefault(item.row, {})[item.column] = item.reason
    rows = []
    for row in sorted(plan.table.rows, key=lambda item: item.number not in refused)[:limit]:
        problems = refused.get(row.number, {})
        cells: list[PreviewCell] = []
        for column in shown:
            field = plan.ledger.field(column.field)
            problem = problems.get(column.header, "")
            cells.append(PreviewCell(_masked(field, cell_text(row.cells[column.index])), problem))
            if column is first_date:
                record = read.get(row.number)
                text = listing.display(session, field, record.values.get(field.key)) if record else ""
                cells.append(PreviewCell(problem or text, problem))
        rows.append(PreviewRow(row.number, _state(plan, row, problems), tuple(cells), _note(plan, row, problems)))
    return Preview(tuple(headers), tuple(rows))


def refusals(plan: ImportPlan) -> tuple[Refusal, ...]:
    """Every refused cell with its reason, personal data masked."""
    fields = {column.header: _field(plan.ledger, column.field) for column in plan.mapping.columns}
    return tuple(
        Refusal(item.row, item.column, _masked(fields.get(item.column), item.value), item.reason)
        for item in plan.rejected
    )


def skipped(table: RawTable) -> tuple[tuple[int, str], ...]:
    """Rows below the header that are no records, with the reason."""
    return tuple((item.row, item.reason) for item in table.skipped)


def new_names(plan: ImportPlan, session: Session) -> tuple[tuple[str, str], ...]:
    """Names that will be added: (title of the list or ledger, name)."""
    return tuple((_list_title(session, item.kind, item.options), item.name) for item in plan.new_names)


def _list_title(session: Session, kind: Kind, options: str) -> str:
    if kind is Kind.LINK:
        return next(item.label for item in session.ledgers if item.key == options)
    catalog = session.rules.catalog
    return catalog.tree(options).title if kind is Kind.CODE else catalog.list(options).title


def _state(plan: ImportPlan, row: RawRow, problems: dict[str, str]) -> str:
    if row.number in plan.repeats:
        return REPEAT
    return REJECTED if problems else GOOD


def _note(plan: ImportPlan, row: RawRow, problems: dict[str, str]) -> str:
    """A word on a row that is not imported."""
    if row.number in plan.repeats:
        of = plan.repeats[row.number]
        return f"已导入过（{of}）" if isinstance(of, str) else f"与第 {of} 行相同"
    return "；".join(problems.values())


def _field(ledger: Ledger, key: str) -> Field | None:
    return ledger.field(key) if key else None


def _masked(field: Field | None, text: str) -> str:
    return mask_text(field.kind, text) if field is not None and is_masked(field) and text else text


def _row_text(cells: Sequence[str]) -> str:
    return "　".join(cell for cell in cells if cell)[:40]
