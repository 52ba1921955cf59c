"""The model of printed forms (签到表, 情况表, 处理单): sheets of labelled cells and photos, without how they are drawn.

Widths of columns are millimetres that add up to the width of the form's text block, heights are points.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

FORM_WIDTH = 166.0
"""Width of the text block of forms in millimetres."""


class CellKind(StrEnum):
    """How a cell stands: ``LABEL`` 黑体 centred, ``VALUE`` left, ``CENTER`` centred, ``TEXT`` long text."""

    LABEL = "label"
    VALUE = "value"
    CENTER = "center"
    TEXT = "text"


@dataclass(frozen=True)
class Box:
    """A box to tick with the words after it."""

    label: str
    ticked: bool = False


@dataclass(frozen=True)
class FormCell:
    r"""A cell.

    Attributes:
        text: what stands in it; "\n" begins a new paragraph of a long text.
        kind: how it stands.
        columns: columns of the grid it takes.
        rows: rows it takes; the rows below leave its columns out.
        boxes: boxes to tick instead of a text.
        box_columns: boxes stand in this many columns of one width, 0 for one after the other.
        vertical: the characters stand below each other.
        dense: a long text stands in narrow lines.
        sign: a line for the signature and one for the date stand at the foot of the cell.
    """

    text: str = ""
    kind: CellKind = CellKind.VALUE
    columns: int = 1
    rows: int = 1
    boxes: tuple[Box, ...] = ()
    box_columns: int = 0
    vertical: bool = False
    dense: bool = False
    sign: bool = False


@dataclass(frozen=True)
class FormRow:
    """A row of cells from left to right and its least height; a long text makes it taller."""

    cells: tuple[FormCell, ...]
    height: float


@dataclass(frozen=True)
class FormGrid:
    """A full frame of rows over columns; ``gap`` is the blank above it, ``size`` that of the characters, in points.

    Raises:
        ValueError: a row does not fill the columns (a builder's mistake).
    """

    columns: tuple[float, ...]
    rows: tuple[FormRow, ...]
    gap: float = 0.0
    size: float = 10.5

    def __post_init__(self) -> None:
        hanging: list[tuple[int, int]] = []
        for number, row in enumerate(self.rows):
            width = sum(cell.columns for cell in row.cells)
            width += sum(columns for columns, last in hanging if last >= number)
            if width != len(self.columns):
                raise ValueError(f"row {number + 1} fills {width} of {len(self.columns)} columns")
            hanging += [(cell.columns, number + cell.rows - 1) for cell in row.cells if cell.rows > 1]


@dataclass(frozen=True)
class Photo:
    """A picture file (JPEG or PNG) with the words below it."""

    data: bytes
    caption: str = ""


@dataclass(frozen=True)
class PhotoGrid:
    """Photos of 80 × 60 mm, two beside each other and six a page, numbered as 图1 …."""

    photos: tuple[Photo, ...]


@dataclass(frozen=True)
class FormSheet:
    """A sheet with its own title; it goes on to further pages when it is too long.

    Attributes:
        title: printed large, centred.
        parts: grids and photos from top to bottom.
        over: words on a line of their own above ``left`` and ``right``.
        left: words over the frame at the left.
        right: words over the frame at the right.
        foot: names to be filled in below the frame; the page number stands at the right of that line.
        note: small print below.
    """

    title: str
    parts: tuple[FormGrid | PhotoGrid, ...]
    left: str = ""
    right: str = ""
    foot: tuple[str, ...] = ()
    note: str = ""
    over: str = ""


@dataclass(frozen=True)
class CoverSheet:
    """The cover of an archived case inside a double frame.

    Attributes:
        bank: printed over the title.
        title: printed large, its characters spaced.
        facts: what the case is; columns narrower than the sheet stand in its middle.
        counts: how many papers and pages there are.
        lines: centred below.
    """

    bank: str
    title: str
    facts: FormGrid
    counts: FormGrid
    lines: tuple[str, ...]
