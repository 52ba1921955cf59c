"""Turning the cover of an archived case and the slip below a letter into marks (PAPER §4)."""

from __future__ import annotations

from math import ceil

from xiaobao_desktop.reports.document import Slip
from xiaobao_desktop.reports.forms import CoverSheet
from xiaobao_desktop.reports.pdf_fonts import Role
from xiaobao_desktop.reports.typeset_forms import FORM_PAGE, grid_marks
from xiaobao_desktop.reports.typeset_parts import LINE, MM, FrameMark, Mark, Piece, PlacedPage, RuleMark, TextMark
from xiaobao_desktop.reports.typeset_text import aligned, text_width

OUTER_FRAME, INNER_FRAME, FRAME_GAP = 1.2, 0.4, 1.2 * MM
FRAME_TOP, FRAME_HEIGHT = 6 * MM, 246 * MM
BANK_SIZE, BANK_BASELINE, BANK_SPACING = 26.0, 118.0, 2.0
COVER_SIZE, COVER_BASELINE, COVER_SPACING = 36.0, 168.0, 7.0
FACTS_TOP, COUNTS_GAP, LINES_GAP, LINE_PITCH, LINE_SIZE = 222.0, 54.0, 56.0, 26.0, 14.0
SLIP_TITLE_SIZE, SLIP_TITLE_BASELINE, SLIP_TOP = 14.0, 36.0, 46.0
DASH, DASH_GAP = 3.4, 2.2


def cover_page(sheet: CoverSheet) -> PlacedPage:
    """The cover as a page of its own."""
    width = FORM_PAGE.measure
    inner = FRAME_GAP
    marks: list[Mark] = [
        FrameMark(0, FRAME_TOP, width, FRAME_HEIGHT, OUTER_FRAME),
        FrameMark(inner, FRAME_TOP + inner, width - 2 * inner, FRAME_HEIGHT - 2 * inner, INNER_FRAME),
        _spaced(sheet.bank, BANK_SIZE, BANK_SPACING, BANK_BASELINE),
        _spaced(sheet.title, COVER_SIZE, COVER_SPACING, COVER_BASELINE),
    ]
    y = FACTS_TOP
    for grid, gap in ((sheet.facts, COUNTS_GAP), (sheet.counts, LINES_GAP)):
        left = (width - sum(grid.columns) * MM) / 2
        drawn, height = grid_marks(grid, left, y)
        marks += drawn
        y += height + gap
    marks += [
        aligned(text, Role.SONG, LINE_SIZE, y + place * LINE_PITCH, 0, width, "center")
        for place, text in enumerate(sheet.lines)
    ]
    return PlacedPage(FORM_PAGE, [(0.0, Piece(FORM_PAGE.depth, tuple(marks)))])


def slip_piece(slip: Slip, measure: float) -> Piece:
    """A slip below a letter: the line to cut along, its title, its cells; it takes whole lines of the grid."""
    marks: list[Mark] = []
    x = 0.0
    while x < measure:
        marks.append(RuleMark(x, 10.0, min(x + DASH, measure), 10.0, 0.8))
        x += DASH + DASH_GAP
    marks.append(aligned(slip.title, Role.HEI, SLIP_TITLE_SIZE, SLIP_TITLE_BASELINE, 0, measure, "center"))
    drawn, height = grid_marks(slip.grid, 0.0, SLIP_TOP)
    return Piece(ceil((SLIP_TOP + height) / LINE) * LINE, (*marks, *drawn), gap=LINE)


def _spaced(text: str, size: float, spacing: float, baseline: float) -> Mark:
    """A centred line of the title face with wider pitch, narrowed when the name of the bank is long."""
    width = FORM_PAGE.measure - 12 * MM
    shown = spacing if text_width(text, Role.TITLE, size, spacing) <= width else 0.0
    taken = text_width(text, Role.TITLE, size, shown)
    if taken > width:
        return aligned(text, Role.TITLE, size * width / taken, baseline, 6 * MM, width, "center")
    return TextMark((FORM_PAGE.measure - taken) / 2, baseline, text, Role.TITLE, size, shown)
