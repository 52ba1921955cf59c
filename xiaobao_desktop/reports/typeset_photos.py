"""Photos in an official document: two beside each other in frames of four to three, 图N and its words below each."""

from __future__ import annotations

from xiaobao_desktop.reports.cjk_text import wrap_cell
from xiaobao_desktop.reports.document import Photos
from xiaobao_desktop.reports.pdf_fonts import Role, role_font
from xiaobao_desktop.reports.typeset_parts import MM, FrameMark, ImageMark, Mark, Piece
from xiaobao_desktop.reports.typeset_text import aligned

BETWEEN = 14 * MM
"""Blank between the two photos of a line; three lines of photos stand below the title of an annex."""
CAPTION_SIZE, CAPTION_DROP, CAPTION_LINE, FRAME = 10.0, 13.0, 13.0, 0.5
LINE_GAP = 4.0
"""Blank between the words below a line of photos and the next line."""


def photo_box(measure: float) -> tuple[float, float]:
    """Width and height in points of the frame of a photo within a text block ``measure`` points wide."""
    width = (measure - BETWEEN) / 2
    return width, width * 3 / 4


def photo_words(number: int, caption: str) -> str:
    """What stands below a photo; ``number`` counts from 1."""
    return f"图{number}　{caption}".rstrip("　")


def photo_pieces(block: Photos, measure: float) -> list[Piece]:
    """One piece for each line of photos; a line is never broken."""
    width, height = photo_box(measure)
    font = role_font(Role.SONG)
    numbered = list(enumerate(block.photos, start=1))
    pieces: list[Piece] = []
    for first in range(0, len(numbered), 2):
        marks: list[Mark] = []
        lines = 1
        for column, (number, photo) in enumerate(numbered[first : first + 2]):
            x = column * (width + BETWEEN)
            marks += [ImageMark(x, 0, width, height, photo.data), FrameMark(x, 0, width, height, FRAME)]
            told = wrap_cell(
                photo_words(number, photo.caption),
                lambda text: [advance * CAPTION_SIZE for advance in font.advances(text)],
                width - 1.0,
            )
            lines = max(lines, len(told))
            marks += [
                aligned(text, Role.SONG, CAPTION_SIZE, height + CAPTION_DROP + place * CAPTION_LINE, x, width, "center")
                for place, text in enumerate(told)
            ]
        pieces.append(Piece(height + CAPTION_DROP + (lines - 0.5) * CAPTION_LINE, tuple(marks), LINE_GAP))
    return pieces
