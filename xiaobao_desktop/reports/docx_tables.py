"""Tables of the Word writer: widths, merged two-level heads, rules, repeated head rows."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from xiaobao_desktop.reports.document import ColumnKind, Table, TableStyle, Tone
from xiaobao_desktop.reports.docx_parts import (
    CAPTION_STYLE,
    CELL_STYLE,
    HEI,
    SONG,
    em_width,
    set_indent,
    style_run,
    twips,
)
from xiaobao_desktop.reports.typeset_tables import (
    CROSS_RULE,
    DASH,
    DESIGNS,
    FAINT_INK,
    GROUNDS,
    HEAVY_RULE,
    OUTER_RULE,
    UNIT_SIZE,
    Design,
)

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.oxml.text.paragraph import CT_P
    from docx.table import Table as WordTable
    from docx.table import _Cell as WordCell
    from docx.table import _Row as WordRow

KEPT_HEIGHT = 340.0
"""A table lower than this many points is kept on one page; Word cannot fill the page before a higher one with text."""
KEPT_ROWS = 3
"""So many rows of a table that is broken stay together at its beginning and at its end."""


def add_table(word: WordDocument, table: Table, measure: float) -> None:
    """Append caption and table; ``measure`` is the width of the text block in points, which the table fills."""
    if table.caption or table.unit:
        _add_caption(word, table, measure)
    _TableWriter(word, table, measure).write()


def _add_caption(word: WordDocument, table: Table, measure: float) -> None:
    """Write the caption centred, with the unit at the right edge."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
    from docx.shared import Pt

    paragraph = word.add_paragraph(style=CAPTION_STYLE)
    paragraph.paragraph_format.keep_with_next = True
    if not table.unit:
        paragraph.add_run(table.caption)
        return
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
    stops = paragraph.paragraph_format.tab_stops
    stops.add_tab_stop(Pt(measure / 2), WD_TAB_ALIGNMENT.CENTER)
    stops.add_tab_stop(Pt(measure), WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run(f"\t{table.caption}\t")
    style_run(paragraph.add_run(table.unit), SONG, UNIT_SIZE)


@dataclass(frozen=True)
class _Cells:
    """How the text of a cell is set."""

    font: str
    size: float
    leading: float


class _TableWriter:
    """Writes one table."""

    def __init__(self, word: WordDocument, table: Table, measure: float) -> None:
        self.word = word
        self.table = table
        self.design: Design = DESIGNS[table.style]
        total = sum(column.width for column in table.columns)
        self.widths = [column.width * measure / total for column in table.columns]
        self.heads = 2 if table.has_groups else 1
        self.cell_style = word.styles[CELL_STYLE].style_id
        self.patterns: dict[tuple[_Cells, str, float, float], CT_P] = {}
        self.insets = [self._inset(index) for index in range(len(table.columns))]

    def write(self) -> None:
        """Append the table."""
        grid = self.word.add_table(self.heads + len(self.table.rows), len(self.table.columns))
        grid.autofit = False
        self._set_frame(grid)
        rows = list(grid.rows)
        cells = [list(row.cells) for row in rows]
        for line in cells:
            for width, cell in zip(self.widths, line, strict=True):
                _set_width(cell, width)
        for row in rows[: self.heads]:
            _mark_row(row, "w:tblHeader")
            _set_height(row, self.design.level if self.heads == 2 else self.design.head)
        self._write_head(cells)
        last = len(self.table.rows) - 1
        for index, texts in enumerate(self.table.rows):
            row = rows[self.heads + index]
            _set_height(row, self.design.row)
            self._write_row(cells[self.heads + index], texts, total=self.table.total and index == last)
            self._tone_row(cells[self.heads + index], index)
        for row in rows:
            _mark_row(row, "w:cantSplit")
        for line in self._bound(cells):
            for cell in line:
                cell.paragraphs[0].paragraph_format.keep_with_next = True

    def _write_head(self, cells: list[list[WordCell]]) -> None:
        """Write the head; groups span their columns, other heads both levels."""
        font = _Cells(HEI, self.design.head_size, 1.28 * self.design.head_size)
        columns = self.table.columns
        for key, members in groupby(range(len(columns)), key=lambda i: columns[i].group or f"\0{i}"):
            group = list(members)
            if self.heads == 1:
                self._fill(cells[0][group[0]], columns[group[0]].title, font, "center")
            elif key.startswith("\0"):
                cell = cells[0][group[0]].merge(cells[1][group[0]])
                self._fill(cell, columns[group[0]].title, font, "center")
            else:
                self._fill(cells[0][group[0]].merge(cells[0][group[-1]]), key, font, "center")
                for index in group:
                    self._fill(cells[1][index], columns[index].title, font, "center")
        for cell in cells[self.heads - 1]:
            _set_border(cell, "bottom", self.design.inner if self.design.framed else HEAVY_RULE)

    def _write_row(self, cells: list[WordCell], texts: tuple[str, ...], *, total: bool) -> None:
        """Write one row of the body."""
        font = _Cells(HEI if total else SONG, self.design.size, self.design.leading)
        for index, (cell, text) in enumerate(zip(cells, texts, strict=True)):
            kind = self.table.columns[index].kind
            if kind is ColumnKind.NUMBER and text != DASH:
                self._fill(cell, text, font, "right", right=self.insets[index])
            elif kind is ColumnKind.TEXT:
                self._fill(cell, text, font, "left", left=self.design.padding, right=self.design.padding)
                style_run(cell.paragraphs[0].runs[0], font.font, spacing=self._squeeze(text, index))
            else:
                self._fill(cell, text, font, "center")
            if total:
                _set_border(cell, "top", HEAVY_RULE)

    def _tone_row(self, cells: list[WordCell], row: int) -> None:
        """Shade and colour the toned cells of a row, and draw its heavier rules."""
        for column, cell in enumerate(cells):
            tone = self.table.tone(row, column)
            if tone is Tone.FAINT:
                _color_text(cell, _grey(FAINT_INK))
            elif tone is not Tone.PLAIN:
                style_run(cell.paragraphs[0].runs[0], HEI)
            if row in self.table.heavy_rows:
                _set_border(cell, "top", CROSS_RULE)
            if column in self.table.heavy_columns:
                _set_border(cell, "left", CROSS_RULE)
            if tone in GROUNDS:
                _shade(cell, _grey(GROUNDS[tone]))

    def _bound(self, cells: list[list[WordCell]]) -> list[list[WordCell]]:
        """The rows that stay on the page of the row after them."""
        if self._height() < KEPT_HEIGHT:
            return cells[:-1]
        if self.table.style is TableStyle.LEDGER:
            return cells[: self.heads]
        return [*cells[: self.heads + KEPT_ROWS - 1], *cells[max(self.heads, len(cells) - KEPT_ROWS) : -1]]

    def _height(self) -> float:
        """Return the least height of the table in points."""
        return self.heads * self.design.head + len(self.table.rows) * self.design.row

    def _squeeze(self, text: str, column: int) -> int:
        """Return the character spacing in twentieths of a point that keeps a slightly too wide text on one line."""
        room = self.widths[column] - 2 * self.design.padding
        excess = em_width(text) * self.design.size - room
        if self.table.columns[column].kind is not ColumnKind.TEXT or not -0.5 < excess <= 0.04 * room:
            return 0
        return -int(20 * (excess + 0.5) / max(len(text) - 1, 1)) - 1

    def _inset(self, column: int) -> float:
        """Return the right indent that centres the block of figures of a number column."""
        texts = [row[column] for row in self.table.rows if row[column] != DASH]
        widest = max(map(em_width, texts), default=0.0) * self.design.size
        return max((self.widths[column] - widest) / 2, 1.0)

    def _fill(
        self, cell: WordCell, text: str, font: _Cells, align: str, *, left: float = 0.0, right: float = 0.0
    ) -> None:
        """Write the text of a cell."""
        from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT

        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        for old in cell._tc.p_lst:
            cell._tc.remove(old)
        key = (font, align, left, right)
        if key not in self.patterns:
            # A cell of a long ledger is a copy: making each anew takes most of the time of the whole file.
            self.patterns[key] = self._pattern(font, align, left, right)
        paragraph = deepcopy(self.patterns[key])
        paragraph.r_lst[0].text = text
        cell._tc.append(paragraph)

    def _pattern(self, font: _Cells, align: str, left: float, right: float) -> CT_P:
        """An empty paragraph of a cell with one run."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
        from docx.oxml import OxmlElement
        from docx.shared import Pt
        from docx.text.paragraph import Paragraph

        element: CT_P = OxmlElement("w:p")
        element.style = self.cell_style
        paragraph = Paragraph(element, self.word._body)
        alignments = {
            "left": WD_ALIGN_PARAGRAPH.LEFT,
            "center": WD_ALIGN_PARAGRAPH.CENTER,
            "right": WD_ALIGN_PARAGRAPH.RIGHT,
        }
        paragraph.alignment = alignments[align]
        shape = paragraph.paragraph_format
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(font.leading)
        if left or right:
            set_indent(element.get_or_add_pPr(), left=left, right=right)
        style_run(paragraph.add_run(), font.font, font.size)
        return element

    def _set_frame(self, grid: WordTable) -> None:
        """Set width, fixed layout, cell margins and rules of the whole table."""
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        properties = grid._tbl.tblPr
        borders = OxmlElement("w:tblBorders")
        inner = self.design.inner
        sides = OUTER_RULE if self.design.framed else 0.0
        rules = {"top": OUTER_RULE, "left": sides, "bottom": OUTER_RULE, "right": sides}
        for side, thickness in {**rules, "insideH": inner, "insideV": inner}.items():
            borders.append(_border(side, thickness))
        margins = OxmlElement("w:tblCellMar")
        for side, points in (("top", 1.0), ("left", 0.0), ("bottom", 1.0), ("right", 0.0)):
            margin = OxmlElement(f"w:{side}")
            margin.set(qn("w:w"), str(twips(points)))
            margin.set(qn("w:type"), "dxa")
            margins.append(margin)
        width = properties.find(qn("w:tblW"))
        if width is None:
            width = OxmlElement("w:tblW")
            properties.append(width)
        width.set(qn("w:type"), "dxa")
        width.set(qn("w:w"), str(twips(sum(self.widths))))
        layout = properties.find(qn("w:tblLayout"))
        for element in (borders, margins) if layout is None else (borders,):
            properties.append(element)
        if layout is not None:
            layout.addprevious(borders)
            layout.addnext(margins)
        for column, size in zip(grid.columns, self.widths, strict=True):
            column._gridCol.set(qn("w:w"), str(twips(size)))


def _border(side: str, thickness: float) -> Any:
    """Return a border element; thickness in points, 0 for none. Word counts in eighths of a point."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement(f"w:{side}")
    element.set(qn("w:val"), "single" if thickness else "nil")
    element.set(qn("w:sz"), str(round(thickness * 8)))
    element.set(qn("w:space"), "0")
    element.set(qn("w:color"), "000000")
    return element


def _set_border(cell: WordCell, side: str, thickness: float) -> None:
    """Set one border of a cell."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    properties = cell._element.get_or_add_tcPr()
    borders = properties.find(qn("w:tcBorders"))
    if borders is None:
        borders = OxmlElement("w:tcBorders")
        follower = properties.find(qn("w:vAlign"))
        if follower is None:
            properties.append(borders)
        else:
            follower.addprevious(borders)
    borders.append(_border(side, thickness))


def _grey(ink: float) -> str:
    """A grey as RRGGBB; ``ink`` from 0 (white) to 1 (black)."""
    return f"{round(255 * (1 - ink)):02X}" * 3


def _color_text(cell: WordCell, color: str) -> None:
    """Set the colour of the text of a cell."""
    from docx.shared import RGBColor

    for run in cell.paragraphs[0].runs:
        run.font.color.rgb = RGBColor.from_string(color)


def _shade(cell: WordCell, color: str) -> None:
    """Fill a cell."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    shading = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", color)):
        shading.set(qn(f"w:{name}"), value)
    properties = cell._element.get_or_add_tcPr()
    follower = properties.find(qn("w:vAlign"))
    if follower is None:
        properties.append(shading)
    else:
        follower.addprevious(shading)


def _set_width(cell: WordCell, width: float) -> None:
    """Set the width of a cell in points."""
    from docx.shared import Pt

    cell.width = Pt(width)


def _set_height(row: WordRow, height: float) -> None:
    """Set the least height of a row in points."""
    from docx.enum.table import WD_ROW_HEIGHT_RULE
    from docx.shared import Pt

    row.height = Pt(height)
    row.height_rule = WD_ROW_HEIGHT_RULE.AT_LEAST


def _mark_row(row: WordRow, tag: str) -> None:
    """Mark a row: ``w:tblHeader`` repeats it on each page, ``w:cantSplit`` keeps it whole."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement(tag))
