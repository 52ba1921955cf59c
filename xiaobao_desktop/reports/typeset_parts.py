"""What typesetting is made of: page measures, marks to draw, and pieces that flow from page to page.

All lengths are PostScript points (1/72 inch). Inside a piece ``x`` runs right from the left edge of the text block
and ``y`` runs **down** from the top of the piece; pages turn that into PDF coordinates.

The numbers are those of GB/T 9704-2012 (text block 156 × 225 mm, 22 lines of 28 characters of 16 pt) and of the
house's paper standard for tables and wide pages.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TypeAlias

from xiaobao_desktop.reports.document import ChartSpec
from xiaobao_desktop.reports.pdf_fonts import Role

MM = 72.0 / 25.4
BODY_SIZE = 16.0
LINES = 22
CHARACTERS = 28
BASELINE_DROP = 0.37
"""A line of text of size s that is centred on y has its baseline at y + 0.37 s."""


@dataclass(frozen=True)
class Page:
    """A page size with its text block.

    Attributes:
        width: of the paper.
        height: of the paper.
        left: of the text block, from the left edge of the paper.
        top: of the text block, from the top edge of the paper.
        measure: width of the text block.
        depth: height of the text block.
    """

    width: float
    height: float
    left: float
    top: float
    measure: float
    depth: float

    @property
    def bottom(self) -> float:
        """Height of the lower edge of the text block above the lower edge of the paper."""
        return self.height - self.top - self.depth


OFFICIAL = Page(210 * MM, 297 * MM, 28 * MM, 37 * MM, 156 * MM, 225 * MM)
LANDSCAPE = Page(297 * MM, 210 * MM, 18 * MM, 25 * MM, 261 * MM, 167 * MM)
LINE = OFFICIAL.depth / LINES
"""Line pitch of the official grid: 28.99 pt."""
PITCH = OFFICIAL.measure / CHARACTERS
"""Character pitch of the official grid: 15.79 pt."""


@dataclass(frozen=True, slots=True)
class TextMark:
    """Characters of one role and size on one baseline.

    ``spacing`` is added after each character: one number for all, or one for each character. ``ink`` is how black it
    is, from 0 (white) to 1.
    """

    x: float
    y: float
    text: str
    role: Role
    size: float
    spacing: float | tuple[float, ...] = 0.0
    ink: float = 1.0


@dataclass(frozen=True, slots=True)
class RuleMark:
    """A straight line of the given thickness."""

    x1: float
    y1: float
    x2: float
    y2: float
    thickness: float


@dataclass(frozen=True)
class FrameMark:
    """An unfilled rectangle: upper left corner and size."""

    x: float
    y: float
    width: float
    height: float
    thickness: float


@dataclass(frozen=True, slots=True)
class FillMark:
    """A rectangle filled with grey: upper left corner, size, and how black it is, from 0 (white) to 1."""

    x: float
    y: float
    width: float
    height: float
    ink: float


@dataclass(frozen=True)
class PictureMark:
    """A chart: upper left corner, size and contents."""

    x: float
    y: float
    width: float
    height: float
    spec: ChartSpec


@dataclass(frozen=True)
class ImageMark:
    """A picture file, as large as it fits into its box without being pulled out of shape, in the middle of the box."""

    x: float
    y: float
    width: float
    height: float
    data: bytes


Mark: TypeAlias = TextMark | RuleMark | FrameMark | FillMark | PictureMark | ImageMark


@dataclass(frozen=True)
class Piece:
    """Something that is never broken over two pages.

    Attributes:
        height: how far the page advances.
        marks: what to draw.
        gap: blank above it, dropped at the top of a page.
        keep_next: must stand on the same page as the piece after it.
        floats: may wait for the next page while later text fills this one.
        foot: stands at the foot of its page, whatever is above.
        starts_page: begins a new page.
    """

    height: float
    marks: tuple[Mark, ...] = ()
    gap: float = 0.0
    keep_next: bool = False
    floats: bool = False
    foot: bool = False
    starts_page: bool = False


@dataclass
class PlacedPage:
    """A finished page: its measures and the pieces on it, each with its distance from the top of the text block."""

    page: Page
    pieces: list[tuple[float, Piece]] = field(default_factory=list)


def kept(pieces: list[Piece]) -> list[Piece]:
    """Return the pieces bound together, the last one free."""
    return [*(replace(piece, keep_next=True) for piece in pieces[:-1]), *pieces[-1:]]
