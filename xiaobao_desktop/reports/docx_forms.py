"""Form sheets of the Word writer: title, line over the frame, merged cells, boxes as characters, photos in cells."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

from xiaobao_desktop.reports import docx_parts as parts
from xiaobao_desktop.reports.forms import CellKind, CoverSheet, FormCell, FormGrid, FormSheet, Photo
from xiaobao_desktop.reports.typeset_forms import (
    DATE_WORDS,
    FORM_PAGE,
    HEAD_SIZE,
    INNER,
    NOTE_SIZE,
    OUTER,
    PADDING,
    PHOTO_HEIGHT,
    PHOTO_WIDTH,
    SIGN_WORDS,
    TITLE_SIZE,
    text_leading,
)
from xiaobao_desktop.reports.typeset_parts import MM

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.table import Table as WordTable
    from docx.table import _Cell as WordCell
    from docx.table import _Row as WordRow

TICKED, EMPTY = "☑", "□"
_PHOTO_ROOM = 2.0
WORD_BOTTOM = 10 * MM


def write_sheets(word: WordDocument, sheets: Sequence[FormSheet | CoverSheet]) -> None:
    """Append all sheets, each on a page of its own; a cover makes a section of its own."""
    from docx.shared import Pt

    from xiaobao_desktop.reports.docx_cover import write_cover

    # Word's own lines are a little taller than those of the PDF: the last one must not slip onto the next page.
    word.sections[0].bottom_margin = Pt(WORD_BOTTOM)
    for number, sheet in enumerate(sheets):
        if isinstance(sheet, CoverSheet):
            write_cover(word, sheet, last=number == len(sheets) - 1)
            continue
        _write_title(word, sheet, new_page=number > 0 and isinstance(sheets[number - 1], FormSheet))
        for part in sheet.parts:
            if isinstance(part, FormGrid):
                write_grid(word, part)
            else:
                write_photos(word, part.photos, FORM_PAGE.measure, (PHOTO_WIDTH, PHOTO_HEIGHT))
        _write_foot(word, sheet)


def _write_title(word: WordDocument, sheet: FormSheet, *, new_page: bool) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
    from docx.shared import Pt

    title = word.add_paragraph(style=parts.PLAIN_STYLE)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    shape = title.paragraph_format
    shape.page_break_before = new_page
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(28)
    parts.style_run(title.add_run(sheet.title), parts.TITLE, TITLE_SIZE, 0)
    if sheet.over:
        over = word.add_paragraph(style=parts.CELL_STYLE)
        over.paragraph_format.line_spacing = Pt(15)
        parts.style_run(over.add_run(sheet.over), parts.SONG, HEAD_SIZE)
    line = word.add_paragraph(style=parts.CELL_STYLE)
    line.paragraph_format.line_spacing = Pt(17)
    line.paragraph_format.tab_stops.add_tab_stop(Pt(FORM_PAGE.measure), WD_TAB_ALIGNMENT.RIGHT)
    parts.style_run(line.add_run(f"{sheet.left}\t{sheet.right}"), parts.SONG, HEAD_SIZE)


def _write_foot(word: WordDocument, sheet: FormSheet) -> None:
    from docx.enum.text import WD_TAB_ALIGNMENT
    from docx.shared import Pt

    line = word.add_paragraph(style=parts.CELL_STYLE)
    line.paragraph_format.line_spacing = Pt(17)
    stops = line.paragraph_format.tab_stops
    step = FORM_PAGE.measure / (len(sheet.foot) + 1)
    for place in range(1, len(sheet.foot)):
        stops.add_tab_stop(Pt(place * step), WD_TAB_ALIGNMENT.LEFT)
    stops.add_tab_stop(Pt(FORM_PAGE.measure), WD_TAB_ALIGNMENT.RIGHT)
    parts.style_run(line.add_run("\t".join(sheet.foot) + "\t第"), parts.SONG, HEAD_SIZE)
    parts.add_field(line, "PAGE", parts.SONG, HEAD_SIZE)
    parts.style_run(line.add_run("页　共"), parts.SONG, HEAD_SIZE)
    parts.add_field(line, "NUMPAGES", parts.SONG, HEAD_SIZE)
    parts.style_run(line.add_run("页"), parts.SONG, HEAD_SIZE)
    for text in sheet.note.split("\n") if sheet.note else ():
        note = word.add_paragraph(style=parts.CELL_STYLE)
        parts.style_run(note.add_run(text), parts.SONG, NOTE_SIZE)


def write_grid(word: WordDocument, grid: FormGrid) -> WordTable:
    """Append the cells of a grid as a table with the gap above it."""
    from docx.enum.table import WD_ROW_HEIGHT_RULE
    from docx.shared import Pt
    from docx.table import _Cell, _Row

    if grid.gap:
        _write_gap(word, grid.gap)
    widths = [width * MM for width in grid.columns]
    table = _table(word, 0, widths, framed=True)
    hanging: dict[int, tuple[int, int]] = {}
    for number, row in enumerate(grid.rows):
        line = table._tbl.add_tr()
        made = _Row(line, table)
        made.height, made.height_rule = Pt(row.height), WD_ROW_HEIGHT_RULE.AT_LEAST
        waiting = iter(row.cells)
        column = 0
        while column < len(widths):
            last, span = hanging.get(column, (-1, 0))
            cell = None if last >= number else next(waiting)
            span = span if cell is None else cell.columns
            merging = "continue" if cell is None else "restart" if cell.rows > 1 else None
            place = _add_cell(line, sum(widths[column : column + span]), span, merging)
            if cell is not None:
                hanging[column] = (number + cell.rows - 1, span)
                _fill(_Cell(place, table), cell, grid.size)
            column += span
    return table


def _add_cell(line: Any, width: float, span: int, merging: str | None) -> Any:
    """A cell of a row; the library's own merging looks through the whole table for each cell."""
    from docx.shared import Pt

    place = line.add_tc()
    place.width = Pt(width)
    if span > 1:
        place.grid_span = span
    if merging:
        place.vMerge = merging
    return place


def _write_gap(word: WordDocument, points: float) -> None:
    from docx.enum.text import WD_LINE_SPACING
    from docx.shared import Pt

    shape = word.add_paragraph(style=parts.CELL_STYLE).paragraph_format
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(max(points, 1.0))


def write_photos(word: WordDocument, photos: Sequence[Photo], measure: float, box: tuple[float, float]) -> None:
    """Append photos, two a line, numbered with their words below.

    Args:
        word: the file.
        photos: from left to right; none appends nothing.
        measure: width of the text block in points.
        box: width and height in points that a photo may take.
    """
    if not photos:
        return
    table = _table(word, 0, [measure / 2] * 2, framed=False)
    for first in range(0, len(photos), 2):
        pictures, words = _photo_rows(table, box)
        for place, photo in enumerate(photos[first : first + 2]):
            _put_photo(pictures.cells[place], photo, box)
            _put_words(words.cells[place], f"图{first + place + 1}　{photo.caption}".rstrip("　"))


def _photo_rows(table: WordTable, box: tuple[float, float]) -> tuple[WordRow, WordRow]:
    """A row as high as its photos and one for their words; neither is split, and they stay together."""
    from docx.enum.table import WD_ROW_HEIGHT_RULE
    from docx.oxml import OxmlElement
    from docx.shared import Pt

    made: tuple[WordRow, WordRow] = (table.add_row(), table.add_row())  # type: ignore[no-untyped-call]
    for row in made:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell in row.cells:
            cell.paragraphs[0].style = parts.CELL_STYLE
    for cell in made[0].cells:
        cell.paragraphs[0].paragraph_format.keep_with_next = True
    made[0].height, made[0].height_rule = Pt(box[1]), WD_ROW_HEIGHT_RULE.EXACTLY
    return made


def _put_photo(cell: WordCell, photo: Photo, box: tuple[float, float]) -> None:
    """Put a photo into the middle of its cell."""
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = cell.paragraphs[0]
    paragraph.alignment, paragraph.paragraph_format.line_spacing = WD_ALIGN_PARAGRAPH.CENTER, 1.0
    width, height = _fitted(photo.data, box)
    paragraph.add_run().add_picture(BytesIO(photo.data), width=Pt(width), height=Pt(height))


def _put_words(cell: WordCell, text: str) -> None:
    """Write what is seen below a photo."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph = cell.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(2), Pt(6)
    parts.style_run(paragraph.add_run(text), parts.SONG, HEAD_SIZE)


def _fitted(data: bytes, box: tuple[float, float]) -> tuple[float, float]:
    """Size in points of a picture inside its box, in its own shape."""
    from docx.image.image import Image

    image = Image.from_blob(data)
    room = box[0] - _PHOTO_ROOM, box[1] - _PHOTO_ROOM
    factor = min(room[0] / image.px_width, room[1] / image.px_height)
    return image.px_width * factor, image.px_height * factor


def _table(word: WordDocument, rows: int, widths: Sequence[float], *, framed: bool) -> WordTable:
    """An empty table of fixed widths in points."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    table: WordTable = word.add_table(rows, len(widths))
    table.autofit = False
    properties = table._tbl.tblPr
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        element = OxmlElement(f"w:{side}")
        thickness = OUTER if not side.startswith("inside") else INNER
        element.set(qn("w:val"), "single" if framed else "nil")
        element.set(qn("w:sz"), str(round(thickness * 8)))
        element.set(qn("w:space"), "0")
        element.set(qn("w:color"), "000000")
        borders.append(element)
    margins = OxmlElement("w:tblCellMar")
    for side, points in (("left", 0.0), ("right", 0.0)):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(parts.twips(points)))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    layout = properties.find(qn("w:tblLayout"))
    layout.addprevious(borders)
    layout.addnext(margins)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Pt(width)
        for cell in column.cells:
            cell.width = Pt(width)
    return table


def _fill(target: WordCell, cell: FormCell, size: float) -> None:
    """Write a cell's text, boxes or nothing."""
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
    from docx.shared import Pt

    long = cell.kind is CellKind.TEXT
    side = WD_CELL_VERTICAL_ALIGNMENT
    target.vertical_alignment = side.BOTTOM if cell.sign else side.TOP if long and not cell.dense else side.CENTER
    for extra in target.paragraphs[1:]:
        extra._element.getparent().remove(extra._element)
    font = parts.HEI if cell.kind is CellKind.LABEL else parts.SONG
    texts = list(cell.text) if cell.vertical else cell.text.split("\n") if long else [_text(cell)]
    for place, text in enumerate(texts):
        paragraph = target.paragraphs[0] if place == 0 else target.add_paragraph()
        paragraph.style = parts.CELL_STYLE
        left = cell.kind is CellKind.VALUE or long
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT if left else WD_ALIGN_PARAGRAPH.CENTER
        if left:
            parts.set_indent(paragraph._element.get_or_add_pPr(), left=PADDING, right=PADDING)
        if long:
            shape = paragraph.paragraph_format
            shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(text_leading(cell)[0])
            text = f"　　{text}"
        parts.style_run(paragraph.add_run(text), font, size)
    if cell.sign:
        _write_sign(target, size)


def _write_sign(target: WordCell, size: float) -> None:
    """签字 with its line, and the date below it."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    for text in (SIGN_WORDS + "＿" * 7, DATE_WORDS):
        line = target.add_paragraph(style=parts.CELL_STYLE)
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        parts.set_indent(line._element.get_or_add_pPr(), left=PADDING, right=4 * PADDING)
        parts.style_run(line.add_run(text), parts.SONG, size)


def _text(cell: FormCell) -> str:
    if not cell.boxes:
        return cell.text
    boxes = [f"{TICKED if box.ticked else EMPTY}{box.label}" for box in cell.boxes]
    if not cell.box_columns:
        return "  ".join(boxes)
    longest = max(len(box) for box in boxes)
    lines = [boxes[place : place + cell.box_columns] for place in range(0, len(boxes), cell.box_columns)]
    return "\n".join("　".join(box.ljust(longest, "　") for box in line).rstrip("　") for line in lines)
