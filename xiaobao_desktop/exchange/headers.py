"""Finds the table in a sheet: the header in the first rows (one or two levels), the records under it.

Titles and "填报部门：…" lines above, totals, signatures and notes below, printed-again headers and example rows are
told apart by how they look, never by what a ledger is called. Nothing is left out silently.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

from xiaobao_desktop.exchange.errors import HeaderNotFound
from xiaobao_desktop.exchange.footers import skip_reason, trailing_notes
from xiaobao_desktop.exchange.sheets import Cell, MergedRange, Picture, Sheet, Workbook, column_letters
from xiaobao_desktop.exchange.tables import RawRow, RawTable, SkippedRow
from xiaobao_desktop.exchange.text_sheets import trimmed

HEADER_ROWS: Final = 8
_LONGEST_LABEL: Final = 40
_NUMBER_LIKE = re.compile(r"[\d\s.,:/年月日时分%￥¥*xX×√-]+")
_BETWEEN_CJK = re.compile(r"(?<=[\u2e80-\U0003ffff])\s+|\s+(?=[\u2e80-\U0003ffff])")


@dataclass(frozen=True, slots=True)
class _Header:
    """Header rows as positions in ``sheet.rows``: the row of names, and the row of groups above it."""

    fields: int
    groups: int | None


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of labels with the spans of its merged cells: column -> last column of the label there."""

    cells: dict[int, str]
    spans: dict[int, int]
    below: frozenset[int]  # columns whose merged label reaches down into the next row


def clean_label(cell: Cell) -> str:
    """A header as one line: breaks and the blanks between Chinese characters taken out."""
    if not isinstance(cell, str):
        return "" if cell is None else str(cell)
    return _BETWEEN_CJK.sub("", " ".join(cell.split()))


def _is_label(cell: Cell) -> bool:
    """Whether a cell may be the name of a column: short words, no number, no date, no filled-in "填报人：张三"."""
    if not isinstance(cell, str):
        return False
    text = clean_label(cell)
    if not text or len(text) > _LONGEST_LABEL or _NUMBER_LIKE.fullmatch(text):
        return False
    return not re.search(r"[：:].|[：:]$|[。；！]", text)


def find_table(sheet: Sheet, *, known: Collection[str] = ()) -> RawTable:
    """The table of ``sheet``.

    Args:
        sheet: a sheet as it was read.
        known: column names of the ledgers (with synonyms), if the caller has them; they make the header surer.

    Raises:
        HeaderNotFound: no row among the first eight looks like a header.
    """
    header = _find_header(sheet, known)
    upper = sheet.rows[header.groups] if header.groups is not None else []
    lower = sheet.rows[header.fields]
    last_header_row = sheet.row_numbers[header.fields]
    body = _filled_body(sheet, header.fields + 1)
    width = max([len(upper), len(lower), *(len(cells) for _, cells in body)])
    names, groups = _names(sheet, header, width)
    used = {index for _, cells in body for index, cell in enumerate(cells) if cell is not None}
    keep = [index for index in range(width) if names[index] or index in used]
    warnings = _column_warnings(names, keep, last_header_row)
    headers = _numbered([names[index] or f"第{column_letters(index + 1)}列" for index in keep])
    table = RawTable(
        sheet=sheet.name,
        header_rows=tuple(sheet.row_numbers[row] for row in (header.groups, header.fields) if row is not None),
        headers=headers,
        groups=[groups[index] for index in keep],
        columns=[index + 1 for index in keep],
        rows=[],
        skipped=[],
        hidden_headers=[name for name, index in zip(headers, keep, strict=True) if index + 1 in sheet.hidden_columns],
        warnings=[*sheet.warnings, *warnings],
        date_1904=sheet.date_1904,
    )
    _sort_rows(table, sheet, body, keep, [lower, upper])
    return _with_pictures(table, sheet)


def _with_pictures(table: RawTable, sheet: Sheet) -> RawTable:
    """The table with the pictures that stand at its records; how many stand elsewhere is told."""
    if not sheet.pictures:
        return table
    found: dict[int, tuple[Picture, ...]] = {row.number: () for row in table.rows}
    others = 0
    for picture in sorted(sheet.pictures, key=lambda item: item[:2]):
        if picture.row in found:
            found[picture.row] += (picture,)
        else:
            others += 1
    if others:
        table.warnings.append(f"有 {others} 张图片不在记录的行上（如表头、表尾），不会导入")
    return replace(table, pictures={row: pictures for row, pictures in found.items() if pictures})


def find_tables(workbook: Workbook, *, known: Collection[str] = ()) -> list[RawTable]:
    """Every table of a workbook, the likeliest first: visible sheets, known column names, number of records.

    Raises:
        HeaderNotFound: no sheet holds a table; the first filled sheet is named.
    """
    found: list[tuple[bool, int, int, RawTable]] = []
    refused: HeaderNotFound | None = None
    for sheet in workbook.sheets:
        try:
            table = find_table(sheet, known=known)
        except HeaderNotFound as error:
            refused = refused or (error if sheet.rows else None)
            continue
        matches = sum(header.rpartition("/")[2] in known for header in table.headers)
        found.append((sheet.hidden, -matches, -len(table.rows), table))
    if not found:
        raise refused or HeaderNotFound(sheet=workbook.sheets[0].name if workbook.sheets else workbook.name)
    return [table for *_, table in sorted(found, key=lambda item: item[:3])]


def _find_header(sheet: Sheet, known: Collection[str]) -> _Header:
    """The first row that has nearly as many labels as the best one; then the level above or below it."""
    scores = [_score(row, known) for row in sheet.rows[:HEADER_ROWS]]
    best = max(scores, default=0)
    # A table of one column is taken only where nothing wider stands in the sheet.
    if best < 1 or (best < 2 and sheet.width > 1):
        raise HeaderNotFound(sheet=sheet.name)
    row = next(index for index, score in enumerate(scores) if score >= 0.7 * best)
    if _is_group_row(sheet, row, row + 1):
        return _Header(row + 1, row)
    if row > 0 and _is_group_row(sheet, row - 1, row):
        return _Header(row, row - 1)
    return _Header(row, None)


def _score(row: list[Cell], known: Collection[str]) -> float:
    filled = [cell for cell in row if cell is not None]
    labels = {clean_label(cell) for cell in filled if _is_label(cell)}
    others = sum(not _is_label(cell) for cell in filled)
    return len(labels) + 2 * sum(label in known for label in labels) - others


def _labels_of(sheet: Sheet, index: int) -> _Row:
    """Labels of one row with their merged spans; a label without a merge spans the empty cells to its right."""
    row, number = sheet.rows[index], sheet.row_numbers[index]
    cells = {column: clean_label(cell) for column, cell in enumerate(row) if cell is not None}
    spans = {column: column for column in cells}
    below: set[int] = set()
    for merged in sheet.merged:
        if merged.top <= number <= merged.bottom and merged.left - 1 in spans:
            spans[merged.left - 1] = merged.right - 1
            if merged.bottom > number:
                below.update(range(merged.left - 1, merged.right))
    return _Row(cells, spans, frozenset(below))


def _is_group_row(sheet: Sheet, upper: int, lower: int) -> bool:
    """Whether row ``upper`` holds the groups over the names in row ``lower``."""
    if lower >= len(sheet.rows) or sheet.row_numbers[lower] != sheet.row_numbers[upper] + 1:
        return False
    above, names = sheet.rows[upper], sheet.rows[lower]
    if not all(cell is None or _is_label(cell) for cell in [*above, *names]):
        return False
    row = _labels_of(sheet, upper)
    under = {column for column, cell in enumerate(names) if cell is not None}
    if len(row.cells) < 2 or not under or under & row.below:
        return False
    covered = _group_spans(row, max(len(above), len(names)))
    grouped = sum(len(under & set(range(first, last + 1))) for first, last in covered)
    alone = len(under & row.cells.keys()) - sum(first in under for first, _ in covered)
    return grouped > 0 and alone <= grouped


def _group_spans(row: _Row, width: int) -> list[tuple[int, int]]:
    """First and last column of each label that stands over several columns."""
    columns = sorted(row.cells)
    spans = []
    for column, following in zip(columns, [*columns[1:], width], strict=True):
        last = row.spans[column] if row.spans[column] > column else following - 1
        if last > column and column not in row.below:
            spans.append((column, last))
    return spans


def _names(sheet: Sheet, header: _Header, width: int) -> tuple[list[str], list[str]]:
    """For each column its name and its group."""
    lower = [clean_label(cell) for cell in sheet.rows[header.fields]]
    lower += [""] * (width - len(lower))
    if header.groups is None:
        return _spread_single(sheet, header.fields, lower), [""] * width
    row = _labels_of(sheet, header.groups)
    groups = [""] * width
    for first, last in [*((column, column) for column in row.cells), *_group_spans(row, width)]:
        for column in range(first, min(last + 1, width)):
            groups[column] = row.cells[first]
    # A group without names of its own right of it ends where its names end.
    merged = _merged_columns(sheet, header.groups)
    for column in range(width):
        if column not in row.cells and not lower[column] and column not in merged:
            groups[column] = ""
    counts = Counter(name for name in lower if name)
    names = []
    for name, group in zip(lower, groups, strict=True):
        if name and group and counts[name] > 1:
            names.append(f"{group}/{name}")
        else:
            names.append(name or group)
    return names, [group if lower[column] else "" for column, group in enumerate(groups)]


def _spread_single(sheet: Sheet, index: int, labels: list[str]) -> list[str]:
    """A one-level header cell merged over several columns names them all."""
    row = _labels_of(sheet, index)
    spread = list(labels)
    for column, last in row.spans.items():
        for other in range(column + 1, min(last + 1, len(spread))):
            spread[other] = labels[column]
    return spread


def _merged_columns(sheet: Sheet, index: int) -> set[int]:
    number = sheet.row_numbers[index]
    merged = [part for part in sheet.merged if part.top <= number <= part.bottom]
    return {column - 1 for part in merged for column in range(part.left, part.right + 1)}


def _numbered(names: list[str]) -> list[str]:
    """Equal names told apart: 备注, 备注2, 备注3."""
    seen: Counter[str] = Counter()
    taken = set(names)
    result = []
    for name in names:
        seen[name] += 1
        unique = name
        while seen[name] > 1 and (unique := f"{name}{seen[name]}") in taken:
            seen[name] += 1
        taken.add(unique)
        result.append(unique)
    return result


def _column_warnings(names: list[str], keep: list[int], row: int) -> list[str]:
    nameless = [column_letters(index + 1) for index in keep if not names[index]]
    return [f"第 {row} 行的表头里，{'、'.join(nameless[:5])} 列没有名称"] if nameless else []


def _filled_body(sheet: Sheet, start: int) -> list[tuple[int, list[Cell]]]:
    """Rows below the header with their numbers; a cell merged downwards fills every row it covers."""
    body = [(number, list(row)) for number, row in zip(sheet.row_numbers[start:], sheet.rows[start:], strict=True)]
    positions = {number: position for position, (number, _) in enumerate(body)}
    for merged in sheet.merged:
        if merged.height > 1 and merged.top in positions:
            _fill_down(body, merged, positions[merged.top])
    return body


def _fill_down(body: list[tuple[int, list[Cell]]], merged: MergedRange, position: int) -> None:
    cells = body[position][1]
    column = merged.left - 1
    value = cells[column] if column < len(cells) else None
    for following in range(position + 1, len(body)):
        number, row = body[following]
        if number > merged.bottom or value is None:
            return
        row.extend([None] * (column + 1 - len(row)))
        if row[column] is None:
            row[column] = value


def _sort_rows(
    table: RawTable, sheet: Sheet, body: list[tuple[int, list[Cell]]], keep: list[int], header: list[list[Cell]]
) -> None:
    """Put each row of the body among the records or among the skipped ones."""
    labels = [[clean_label(cell) for cell in trimmed(row)] for row in header if row]
    firsts = {first[0] for first in labels}
    tail = trailing_notes([trimmed(cells) for _, cells in body], len(keep))
    width = max(keep, default=0) + 1
    for position, (number, cells) in enumerate(body):
        reason = skip_reason(cells)
        if not reason and clean_label(cells[0]) in firsts and [clean_label(cell) for cell in trimmed(cells)] in labels:
            reason = "重复的表头"
        if not reason and position >= tail:
            reason = "表尾说明"
        if reason:
            table.skipped.append(SkippedRow(number, reason))
            continue
        cells += [None] * (width - len(cells))
        picked = tuple([cells[index] for index in keep])
        table.rows.append(RawRow(number, picked, number in sheet.hidden_rows))
    hidden = [row.number for row in table.rows if row.hidden]
    if hidden:
        shown = "、".join(str(number) for number in hidden[:10]) + ("等" if len(hidden) > 10 else "")
        table.warnings.append(f"有 {len(hidden)} 行是隐藏的（第 {shown} 行），也会读入")
    if table.hidden_headers:
        table.warnings.append(f"有 {len(table.hidden_headers)} 列是隐藏的：{'、'.join(table.hidden_headers[:10])}")
