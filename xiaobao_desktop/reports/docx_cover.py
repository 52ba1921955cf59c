"""The cover of an archived case and the slip below a letter, in the Word writer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao_desktop.reports import docx_parts as parts
from xiaobao_desktop.reports.document import Slip
from xiaobao_desktop.reports.docx_forms import write_grid
from xiaobao_desktop.reports.forms import CoverSheet
from xiaobao_desktop.reports.typeset_cover import (
    BANK_SIZE,
    BANK_SPACING,
    COVER_SIZE,
    COVER_SPACING,
    LINE_PITCH,
    LINE_SIZE,
    SLIP_TITLE_SIZE,
)
from xiaobao_desktop.reports.typeset_parts import LINE

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.section import Section
    from docx.table import Table as WordTable
    from docx.text.paragraph import Paragraph as WordParagraph

_TOP, _BETWEEN, _BELOW = 72.0, 44.0, 40.0


def write_cover(word: WordDocument, sheet: CoverSheet, *, last: bool) -> None:
    """Append the cover; what follows begins a section without its frame."""
    from docx.enum.section import WD_SECTION

    _frame_page(word.sections[-1])
    _add_line(word, sheet.bank, parts.TITLE, BANK_SIZE, BANK_SPACING, before=_TOP)
    _add_line(word, sheet.title, parts.TITLE, COVER_SIZE, COVER_SPACING, before=6.0, after=_BETWEEN)
    for grid, gap in ((sheet.facts, _BETWEEN), (sheet.counts, _BELOW)):
        _centre(write_grid(word, grid))
        _add_line(word, "", parts.SONG, 1.0, 0.0, after=gap)
    for text in sheet.lines:
        _add_line(word, text, parts.SONG, LINE_SIZE, 0.0, pitch=LINE_PITCH)
    if not last:
        _unframe_page(word.add_section(WD_SECTION.NEW_PAGE))


def write_slip(word: WordDocument, slip: Slip) -> None:
    """Append the slip below a letter: the line to cut along, its title, its cells; it is not torn apart."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    cut = _add_line(word, slip.title, parts.HEI, SLIP_TITLE_SIZE, 0.0, before=LINE, after=4.0)
    borders, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "dashed"), ("sz", "6"), ("space", "8"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    properties = cut._element.get_or_add_pPr()
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
    cut.paragraph_format.keep_with_next = True
    table = write_grid(word, slip.grid)
    for row in table.rows[:-1]:
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True


def _add_line(
    word: WordDocument,
    text: str,
    font: str,
    size: float,
    spacing: float,
    *,
    before: float = 0.0,
    after: float = 0.0,
    pitch: float = 0.0,
) -> WordParagraph:
    """A centred line with blanks above and below it, in points."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
    from docx.shared import Pt

    line = word.add_paragraph(style=parts.PLAIN_STYLE)
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    shape = line.paragraph_format
    shape.space_before, shape.space_after = Pt(before), Pt(after)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(pitch or size * 1.3)
    parts.style_run(line.add_run(text), font, size, parts.twips(spacing))
    return line


def _centre(table: WordTable) -> None:
    from docx.enum.table import WD_TABLE_ALIGNMENT

    table.alignment = WD_TABLE_ALIGNMENT.CENTER


def _frame_page(section: Section) -> None:
    """A double frame around the text of the section's pages."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    borders = OxmlElement("w:pgBorders")
    borders.set(qn("w:offsetFrom"), "text")
    for side in ("top", "left", "bottom", "right"):
        element = OxmlElement(f"w:{side}")
        for name, value in (("val", "thinThickSmallGap"), ("sz", "18"), ("space", "4"), ("color", "000000")):
            element.set(qn(f"w:{name}"), value)
        borders.append(element)
    margins = section._sectPr.find(qn("w:pgMar"))
    margins.addnext(borders)


def _unframe_page(section: Section) -> None:
    """Take the frame off that a new section inherits."""
    from docx.oxml.ns import qn

    borders = section._sectPr.find(qn("w:pgBorders"))
    if borders is not None:
        section._sectPr.remove(borders)
