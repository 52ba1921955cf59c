"""Typesetting of tables: columns, two-level heads, wrapped cells, rules, and breaking over pages.

A table is prepared once (all cells wrapped, all row heights known) and then handed out in chunks that fit the pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate, groupby
from math import ceil

from xiaobao_desktop.reports.cjk_text import wrap_cell
from xiaobao_desktop.reports.document import ColumnKind, Table, TableStyle, Tone
from xiaobao_desktop.reports.pdf_fonts import Role, role_font
from xiaobao_desktop.reports.typeset_parts import (
    BASELINE_DROP,
    LINE,
    MM,
    FillMark,
    FrameMark,
    Mark,
    Piece,
    RuleMark,
    TextMark,
)
from xiaobao_desktop.reports.typeset_text import aligned, text_width

CAPTION_SIZE, UNIT_SIZE = 11.0, 9.0
OUTER_RULE, HEAVY_RULE = 1.0, 0.6
CROSS_RULE = 0.9
FAINT_INK = 0.55
HEAD_LEADING = 1.28
"""Distance of the lines of a head, in sizes of its type."""
GROUNDS = {Tone.SHADED: 0.10, Tone.DARK: 0.22}
"""How black the ground of a toned cell is."""
CONTINUED = "（续）"
LAST_ROWS = 3
"""So many rows at least go to the next page with what has to stand below the table."""
DASH = "—"


@dataclass(frozen=True)
class Design:
    """Measures of a table style in points (PAPER §2).

    Attributes:
        size: of cell text.
        head_size: of head text.
        head: height of a one-level head.
        level: height of each level of a two-level head.
        row: height of a row of one line.
        row_most: a row may grow to this to fill whole lines of the page.
        leading: distance of the lines in a wrapped cell.
        padding: blank left and right of text cells.
        inner: thickness of inner rules.
        caption_baseline: of the caption below the top of the block.
        caption_height: distance of the table from the top of the block when there is a caption.
        framed: full frame, or open sides.
        on_grid: the block takes whole lines of the official grid.
        gap: blank above the block.
    """

    size: float
    head_size: float
    head: float
    level: float
    row: float
    row_most: float
    leading: float
    padding: float
    inner: float
    caption_baseline: float
    caption_height: float
    framed: bool = False
    on_grid: bool = False
    gap: float = 0.0


DESIGNS = {
    TableStyle.IN_TEXT: Design(10, 9.5, 17, 14, 15, 15.4, 12.2, 1.4 * MM, 0.35, 14, 20, on_grid=True),
    TableStyle.ANNEX: Design(9, 8.5, 17, 13.2, 13.6, 13.6, 11, 1.4 * MM, 0.3, 11, 16, gap=13),
    TableStyle.FORM: Design(10, 10, 19, 17, 19, 19, 12.6, 1.3 * MM, 0.5, 11, 16, framed=True),
    TableStyle.LEDGER: Design(9, 9, 26, 15, 25, 25, 11.4, 0.9 * MM, 0.4, 11, 16, framed=True),
    TableStyle.CROSS: Design(9.5, 8, 46, 23, 19, 19, 11, 0.9 * MM, 0.5, 11, 16, framed=True),
    TableStyle.CROSS_DENSE: Design(9.5, 8, 46, 23, 16, 16, 11, 0.9 * MM, 0.5, 11, 16, framed=True),
}


@dataclass(frozen=True, slots=True)
class _Row:
    """A row ready to draw: the lines of each cell, its height, whether it is the total, its number in the table."""

    cells: tuple[tuple[str, ...], ...]
    height: float
    total: bool
    number: int = 0


class TableBlock:
    """A prepared table that gives out the part that fits.

    ``reserve`` is the room that what has to stand below its last row needs.
    """

    def __init__(self, table: Table, measure: float, page_depth: float) -> None:
        """Prepare a table.

        Args:
            table: what to set.
            measure: width of the text block; the table fills it.
            page_depth: height of an empty page; a taller row is cut into several.
        """
        self.table = table
        self.design = DESIGNS[table.style]
        self.measure = measure
        scale = measure / sum(column.width for column in table.columns)
        self.edges = list(accumulate((column.width * scale for column in table.columns), initial=0.0))
        self.level = self._level_height()
        self.head_height = 2 * self.level if table.has_groups else self.level
        self.caption_height = self.design.caption_height if table.caption or table.unit else 4.0 * self.design.on_grid
        self.rows = self._prepare(page_depth - self.caption_height - self.head_height - 2.0)
        self.rights = [self._right_edge(index) for index in range(len(table.columns))]
        self.next = 0
        self.reserve = 0.0

    def squeeze(self, room: float) -> None:
        """Make the rows as much lower as the whole table needs to fit into ``room``, if their text allows it."""
        excess = self.height - room
        slack = [row.height - self._least_height(row) for row in self.rows]
        if 0 < excess <= sum(slack):
            share = excess / sum(slack)
            lower = zip(self.rows, slack, strict=True)
            self.rows = [replace(row, height=row.height - share * spare) for row, spare in lower]

    def _least_height(self, row: _Row) -> float:
        """The height at which the lines of a row just stay clear of the rules."""
        count = max(len(lines) for lines in row.cells)
        return min(row.height, (count - 1) * self.design.leading + self.design.size * 1.1 + 3.0)

    def _level_height(self) -> float:
        """Height of a level of the head: as designed, or what its longest title needs."""
        leading, grouped = HEAD_LEADING * self.design.head_size, self.table.has_groups
        needed = [self.design.level if grouped else self.design.head]
        for _, columns in self._groups():
            left, right = self.edges[columns[0]], self.edges[columns[-1] + 1]
            group = self.table.columns[columns[0]].group
            needed.append(len(self._head_lines(group, left, right)) * leading + 2.0)
            for index in columns:
                lines = self._head_lines(self.table.columns[index].title, self.edges[index], self.edges[index + 1])
                needed.append((len(lines) * leading + 2.0) / (2 if grouped and not group else 1))
        return max(needed)

    @property
    def height(self) -> float:
        """Height of the rows not yet given out, with caption and head."""
        return self._height(self.next, len(self.rows))

    @property
    def finished(self) -> bool:
        """Whether all rows have been given out."""
        return self.next > 0 and self.next >= len(self.rows)

    def least(self) -> float:
        """Height of the smallest part worth starting: caption, head and up to three rows."""
        return self._height(self.next, min(self.next + 3, len(self.rows)))

    def take(self, room: float) -> Piece:
        """Return the next part: as many rows as fit into ``room``, at least one; no total is left alone."""
        start = end = self.next
        while end < len(self.rows) and (end == start or self._height(start, end + 1) <= room + 0.01):
            end += 1
        if self.table.total and end == len(self.rows) - 1 and end - start > 1:
            end -= 1
        if end == len(self.rows) and end - start > LAST_ROWS and self._height(start, end) + self.reserve > room + 0.01:
            end -= LAST_ROWS
        self.next = max(end, 1)
        return self._piece(start, end)

    def whole(self) -> Piece:
        """Return the table as one piece, filled up to whole lines of the grid where its design asks for it."""
        self.next = max(len(self.rows), 1)
        return self._piece(0, len(self.rows), floats=self.design.on_grid)

    def _height(self, start: int, end: int) -> float:
        """Height of a part made of the rows of a range."""
        plain = self.caption_height + self.head_height + sum(row.height for row in self.rows[start:end])
        return ceil((plain + 1.5) / LINE) * LINE if self.design.on_grid else plain

    def _prepare(self, room: float) -> list[_Row]:
        """Wrap all cells and find the row heights."""
        cache: dict[tuple[int, str, bool], tuple[str, ...]] = {}
        rows: list[_Row] = []
        last = len(self.table.rows) - 1
        for index, texts in enumerate(self.table.rows):
            total = self.table.total and index == last
            cells: list[tuple[str, ...]] = []
            for column, text in enumerate(texts):
                key = (column, text, strong := total or self._strong(index, column))
                if key not in cache:
                    cache[key] = self._wrap(column, text, strong)
                cells.append(cache[key])
            rows += (replace(row, number=index) for row in self._cut(tuple(cells), total, room))
        return rows

    def _strong(self, row: int, column: int) -> bool:
        return self.table.tone(row, column) not in (Tone.PLAIN, Tone.FAINT)

    def _wrap(self, column: int, text: str, strong: bool) -> tuple[str, ...]:
        """Break the text of a cell to the width of its column."""
        size = self.design.size
        font = role_font(Role.HEI if strong else Role.SONG)
        padding = self.design.padding if self.table.columns[column].kind is ColumnKind.TEXT else 1.0
        width = self.edges[column + 1] - self.edges[column] - 2 * padding
        return tuple(wrap_cell(text, lambda part: [advance * size for advance in font.advances(part)], width))

    def _cut(self, cells: tuple[tuple[str, ...], ...], total: bool, room: float) -> Iterator[_Row]:
        """Give the row its height; a row taller than a page comes as several rows."""
        design = self.design
        count = max(len(lines) for lines in cells)
        slack = design.row - design.size * 1.1 if design.row < 2 * design.leading else 4.0
        if count * design.leading <= design.row:
            yield _Row(cells, design.row, total)
            return
        most = max(int((room - slack) / design.leading), 1)
        for start in range(0, count, most):
            part = tuple(lines[start : start + most] for lines in cells)
            tallest = max(len(lines) for lines in part)
            yield _Row(part, max(design.row, tallest * design.leading + slack), total)

    def _right_edge(self, column: int) -> float:
        """Return where the figures of a number column end: their block is centred in the column."""
        left, right = self.edges[column], self.edges[column + 1]
        if self.table.columns[column].kind is not ColumnKind.NUMBER:
            return right
        size = self.design.size
        widest = 0.0
        for row, texts in ((row, row.cells[column]) for row in self.rows):
            role = Role.HEI if row.total or self._strong(row.number, column) else Role.SONG
            widest = max([widest, *(text_width(text, role, size) for text in texts if text != DASH)])
        return min((left + right + widest) / 2, right - 1.0)

    def _piece(self, start: int, end: int, *, floats: bool = False) -> Piece:
        """Draw a part of the table."""
        height = self._height(start, end)
        scale = self._row_scale(start, end, height)
        top = self.caption_height
        body = top + self.head_height
        bottoms = list(accumulate((row.height * scale for row in self.rows[start:end]), initial=body))
        marks = [*self._caption_marks(start), *self._head_marks(top)]
        for row, above, below in zip(self.rows[start:end], bottoms, bottoms[1:], strict=False):
            marks += self._grounds(row, above, below)
            marks += self._row_marks(row, (above + below) / 2)
        marks += self._rules(start, end, top, bottoms)
        return Piece(height, tuple(marks), gap=self.design.gap, floats=floats)

    def _row_scale(self, start: int, end: int, height: float) -> float:
        """Return by how much rows grow so that the table fills its lines of the grid."""
        rows = sum(row.height for row in self.rows[start:end])
        if not self.design.on_grid or not rows:
            return 1.0
        room = height - self.caption_height - self.head_height - 1.5
        return max(1.0, min(room / rows, self.design.row_most / self.design.row))

    def _caption_marks(self, start: int) -> list[Mark]:
        """Draw caption and unit."""
        caption = self.table.caption + (CONTINUED if start and self.table.caption else "")
        baseline = self.design.caption_baseline
        marks: list[Mark] = []
        if caption:
            marks.append(aligned(caption, Role.HEI, CAPTION_SIZE, baseline, 0, self.measure, "center"))
        if self.table.unit:
            marks.append(aligned(self.table.unit, Role.SONG, UNIT_SIZE, baseline, 0, self.measure, "right"))
        return marks

    def _head_marks(self, top: float) -> list[Mark]:
        """Draw the texts of the head, groups above their columns."""
        marks: list[Mark] = []
        level = self.level
        for _, columns in self._groups():
            group = self.table.columns[columns[0]].group
            if group:
                left, right = self.edges[columns[0]], self.edges[columns[-1] + 1]
                marks += self._head_cell(group, left, right, top + level / 2)
            for column in columns:
                middle = top + (1.5 * level if group else self.head_height / 2)
                title = self.table.columns[column].title
                marks += self._head_cell(title, self.edges[column], self.edges[column + 1], middle)
        return marks

    def _groups(self) -> list[tuple[str, list[int]]]:
        """Return the column numbers of each upper head; a column without one stands alone."""
        keyed = groupby(range(len(self.table.columns)), key=lambda i: self.table.columns[i].group or f"\0{i}")
        return [(key, list(columns)) for key, columns in keyed]

    def _head_cell(self, text: str, left: float, right: float, middle: float) -> list[TextMark]:
        """Draw one head cell, centred both ways."""
        size = self.design.head_size
        lines = self._head_lines(text, left, right)
        return self._cell(lines, Role.HEI, size, HEAD_LEADING * size, left, right, middle, "center")

    def _head_lines(self, text: str, left: float, right: float) -> list[str]:
        """Break a head to the width of its cell."""
        font, size = role_font(Role.HEI), self.design.head_size
        return wrap_cell(text, lambda part: [advance * size for advance in font.advances(part)], right - left - 2.0)

    def _row_marks(self, row: _Row, middle: float) -> list[Mark]:
        """Draw the cells of a row."""
        design = self.design
        marks: list[Mark] = []
        for index, lines in enumerate(row.cells):
            role = Role.HEI if row.total or self._strong(row.number, index) else Role.SONG
            kind = self.table.columns[index].kind
            left, right = self.edges[index], self.edges[index + 1]
            align = "center"
            if kind is ColumnKind.TEXT:
                align, left, right = "left", left + design.padding, right - design.padding
            elif kind is ColumnKind.NUMBER and lines != (DASH,):
                align, right = "right", self.rights[index]
            cell = self._cell(lines, role, design.size, design.leading, left, right, middle, align)
            faint = self.table.tone(row.number, index) is Tone.FAINT
            marks += [replace(mark, ink=FAINT_INK) for mark in cell] if faint else cell
        return marks

    def _grounds(self, row: _Row, above: float, below: float) -> list[Mark]:
        """Draw the grey behind the toned cells of a row."""
        return [
            FillMark(self.edges[column], above, self.edges[column + 1] - self.edges[column], below - above, ground)
            for column in range(len(row.cells))
            if (ground := GROUNDS.get(self.table.tone(row.number, column)))
        ]

    @staticmethod
    def _cell(
        lines: tuple[str, ...] | list[str],
        role: Role,
        size: float,
        leading: float,
        left: float,
        right: float,
        middle: float,
        align: str,
    ) -> list[TextMark]:
        """Draw the lines of a cell, centred on ``middle``."""
        baseline = middle + BASELINE_DROP * size - (len(lines) - 1) / 2 * leading
        return [
            aligned(text, role, size, baseline + number * leading, left, right - left, align)
            for number, text in enumerate(lines)
            if text
        ]

    def _rules(self, start: int, end: int, top: float, bottoms: list[float]) -> list[Mark]:
        """Draw frame or outer rules, the rules under head and above the total, and the inner rules."""
        design = self.design
        right, bottom = self.measure, bottoms[-1]
        marks: list[Mark] = [*self._head_rules(top), *self._column_rules(top, bottom)]
        marks.append(RuleMark(0, bottoms[0], right, bottoms[0], design.inner if design.framed else HEAVY_RULE))
        for index in range(start, end - 1):
            below = self.rows[index + 1]
            y = bottoms[index - start + 1]
            rule = max(HEAVY_RULE, design.inner) if below.total else design.inner
            marks.append(RuleMark(0, y, right, y, CROSS_RULE if below.number in self.table.heavy_rows else rule))
        if design.framed:
            marks.append(FrameMark(0, top, right, bottom - top, OUTER_RULE))
        else:
            marks += [RuleMark(0, y, right, y, OUTER_RULE) for y in (top, bottom)]
        return marks

    def _head_rules(self, top: float) -> list[Mark]:
        """Draw the rules between the two levels of the head."""
        y = top + self.level
        return [
            RuleMark(self.edges[columns[0]], y, self.edges[columns[-1] + 1], y, self.design.inner)
            for key, columns in self._groups()
            if not key.startswith("\0")
        ]

    def _column_rules(self, top: float, bottom: float) -> list[Mark]:
        """Draw the rules between columns; inside a group they start below the upper head."""
        inside = {column for _, columns in self._groups() for column in columns[1:]}
        return [
            RuleMark(
                x,
                top + (self.level if column in inside else 0.0),
                x,
                bottom,
                CROSS_RULE if column in self.table.heavy_columns else self.design.inner,
            )
            for column, x in enumerate(self.edges[1:-1], start=1)
        ]
