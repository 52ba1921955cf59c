"""Turning form sheets into pages: title, line over the frame, grids, photos, line and note below (PAPER §1, §2, §4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

from xiaobao_desktop.reports.cjk_text import wrap_cell
from xiaobao_desktop.reports.forms import Box, CellKind, CoverSheet, FormCell, FormGrid, FormSheet, PhotoGrid
from xiaobao_desktop.reports.pdf_fonts import Role, role_font
from xiaobao_desktop.reports.typeset_parts import (
    BASELINE_DROP,
    MM,
    FrameMark,
    ImageMark,
    Mark,
    Page,
    Piece,
    PlacedPage,
    RuleMark,
    TextMark,
)
from xiaobao_desktop.reports.typeset_text import aligned, text_width

FORM_PAGE = Page(210 * MM, 297 * MM, 26 * MM, 19 * MM, 166 * MM, 260 * MM)
TITLE_SIZE, TITLE_BASELINE = 20.0, 17.0
HEAD_SIZE, HEAD_BASELINE, BODY_TOP, OVER_LINE = 10.5, 40.0, 46.0, 15.0
FOOT_DROP, NOTE_DROP, FOOT_ROOM, NOTE_SIZE, NOTE_LINE = 14.0, 26.0, 32.0, 8.0, 11.0
CELL_LEADING, TEXT_LEADING, DENSE_LEADING = 12.2, 16.0, 13.0
PADDING, TIGHT, TEXT_PADDING, DENSE_PADDING = 1.3 * MM, 0.4 * MM, 7.0, 3.5
SIGN_ROOM, SIGN_LINE, SIGN_WORDS, DATE_WORDS = 40.0, 30 * MM, "签字：", "年　　月　　日"
OUTER, INNER = 1.0, 0.5
BOX_SIZE, TICK_RULE, BOX_GAP = 0.82, 1.1, 0.76
"""Side of a box and the gap after its words as parts of the size of characters; thickness of its tick in points."""
PHOTO_WIDTH, PHOTO_HEIGHT, PHOTO_PITCH, PHOTO_CAPTION = 80 * MM, 60 * MM, 71 * MM, 13.0
SHEET_ROOM = FORM_PAGE.depth - FOOT_ROOM - BODY_TOP
"""Height of the grids that fit one sheet."""
LEAST_LINES = 3
"""A long text is broken over two pages only where this many of its lines fit on the first."""


def form_pages(sheets: Sequence[FormSheet | CoverSheet]) -> list[PlacedPage]:
    """The pages of all sheets in order, numbered 第x页　共y页 through all of them; covers carry no number."""
    from xiaobao_desktop.reports.typeset_cover import cover_page

    covers = [cover_page(sheet) for sheet in sheets if isinstance(sheet, CoverSheet)]
    drawn = [page for sheet in sheets if isinstance(sheet, FormSheet) for page in _sheet_pages(sheet)]
    total = len(drawn)
    return covers + [
        PlacedPage(FORM_PAGE, [(0.0, Piece(FORM_PAGE.depth, (*page.marks, *_foot(page, number, total))))])
        for number, page in enumerate(drawn, start=1)
    ]


def grid_marks(grid: FormGrid, left: float = 0.0, top: float = 0.0) -> tuple[list[Mark], float]:
    """A grid that is not broken, drawn at a place: its marks and its height."""
    edges = [left, *(left + edge for edge in accumulate(width * MM for width in grid.columns))]
    page = _Drawn(FormSheet("", ()), y=top, right=edges[-1])
    _draw_rows(_prepared(grid, edges), page)
    page.marks.append(FrameMark(left, top, edges[-1] - left, page.y - top, OUTER))
    return page.marks, page.y - top


@dataclass
class _Drawn:
    """A page being filled: its marks, how far down it is filled, where the frame ends at the right."""

    sheet: FormSheet
    marks: list[Mark] = field(default_factory=list)
    y: float = BODY_TOP
    right: float = FORM_PAGE.measure

    @property
    def top(self) -> float:
        """Where the first grid of a page begins."""
        return BODY_TOP + (OVER_LINE if self.sheet.over else 0.0)

    @property
    def room(self) -> float:
        """Height that is left above the foot."""
        return FORM_PAGE.depth - FOOT_ROOM - self.y


def _sheet_pages(sheet: FormSheet) -> list[_Drawn]:
    pages = [_new_page(sheet)]
    for part in sheet.parts:
        if isinstance(part, FormGrid):
            _place_grid(part, pages)
        else:
            _place_photos(part, pages)
    return pages


def _new_page(sheet: FormSheet) -> _Drawn:
    width = FORM_PAGE.measure
    page = _Drawn(sheet)
    page.y = page.top
    line = HEAD_BASELINE + (OVER_LINE if sheet.over else 0.0)
    if sheet.over:
        page.marks.append(aligned(sheet.over, Role.SONG, HEAD_SIZE, HEAD_BASELINE, 0, width, "left"))
    page.marks.append(aligned(sheet.title, Role.TITLE, TITLE_SIZE, TITLE_BASELINE, 0, width, "center"))
    taken = text_width(sheet.right, Role.SONG, HEAD_SIZE) + 8.0 if sheet.right else 0.0
    if sheet.left:
        page.marks.append(aligned(sheet.left, Role.SONG, HEAD_SIZE, line, 0, width - taken, "left"))
    if sheet.right:
        page.marks.append(aligned(sheet.right, Role.SONG, HEAD_SIZE, line, 0, width, "right"))
    return page


def _foot(page: _Drawn, number: int, total: int) -> list[Mark]:
    """The line below the last frame, and the small print."""
    width = FORM_PAGE.measure
    line, small = page.y + FOOT_DROP, page.y + NOTE_DROP
    marks: list[Mark] = [aligned(f"第{number}页　共{total}页", Role.SONG, HEAD_SIZE, line, 0, width, "right")]
    step = width / max(len(page.sheet.foot) + 1, 1)
    marks += [
        TextMark(place * step, line, text, Role.SONG, HEAD_SIZE) for place, text in enumerate(page.sheet.foot) if text
    ]
    if page.sheet.note:
        at = small if page.sheet.foot else line
        marks += [
            TextMark(0, at + place * NOTE_LINE, text, Role.SONG, NOTE_SIZE)
            for place, text in enumerate(page.sheet.note.split("\n"))
        ]
    return marks


# Grids


@dataclass(frozen=True)
class _Cell:
    """A cell ready to draw: its lines, left and right edge, size of its characters, what it is."""

    cell: FormCell
    lines: tuple[str, ...]
    left: float
    right: float
    size: float


@dataclass(frozen=True)
class _Row:
    cells: tuple[_Cell, ...]
    height: float


def _place_grid(grid: FormGrid, pages: list[_Drawn]) -> None:
    edges = [0.0, *accumulate(width * MM for width in grid.columns)]
    pages[-1].y += grid.gap
    top = pages[-1].y
    rows = _prepared(grid, edges)
    at = 0
    while at < len(rows):
        page = pages[-1]
        bound = _bound(rows, at)
        height = sum(row.height for row in bound)
        if height > page.room:
            kept, rest = _split(bound[0], page.room) if len(bound) == 1 else (None, bound[0])
            if kept is not None:
                _draw_rows([kept], page)
                rows[at] = rest
            if kept is not None or page.y > page.top + grid.gap:
                _frame(page, top)
                pages.append(_new_page(page.sheet))
                top = pages[-1].y
                continue
        _draw_rows(bound, page)
        at += len(bound)
    _frame(pages[-1], top)


def _prepared(grid: FormGrid, edges: list[float]) -> list[_Row]:
    """Cells with their edges and lines, rows with their heights."""
    found = []
    hanging: dict[int, int] = {}
    for number, row in enumerate(grid.rows):
        cells, column = [], 0
        for cell in row.cells:
            while hanging.get(column, -1) >= number:
                column += 1
            end = column + cell.columns
            lines = _lines(cell, edges[end] - edges[column], grid.size)
            cells.append(_Cell(cell, lines, edges[column], edges[end], grid.size))
            if cell.rows > 1:
                hanging.update(dict.fromkeys(range(column, end), number + cell.rows - 1))
            column = end
        height = max(row.height, *(_needed(item) for item in cells if item.cell.rows == 1))
        found.append(_Row(tuple(cells), height))
    return found


def _lines(cell: FormCell, width: float, size: float) -> tuple[str, ...]:
    if cell.vertical:
        return tuple(cell.text)
    if not cell.text or cell.boxes:
        return ()
    font = role_font(_role(cell))
    lines: list[str] = []
    padding = _padding(cell)
    for paragraph in cell.text.split("\n"):
        text = f"　　{paragraph}" if cell.kind is CellKind.TEXT else paragraph
        lines += wrap_cell(text, lambda part: [a * size for a in font.advances(part)], width - 2 * padding)
    return tuple(lines)


def _role(cell: FormCell) -> Role:
    return Role.HEI if cell.kind is CellKind.LABEL else Role.SONG


def text_leading(cell: FormCell) -> tuple[float, float]:
    """Line pitch of a long text, and the blank above and below it."""
    return (DENSE_LEADING, DENSE_PADDING) if cell.dense else (TEXT_LEADING, TEXT_PADDING)


def _padding(cell: FormCell) -> float:
    """Blank left and right of a text; centred ones may come near the rules."""
    return TIGHT if cell.kind in (CellKind.LABEL, CellKind.CENTER) else PADDING


def _needed(item: _Cell) -> float:
    """Least height of a cell."""
    signing = SIGN_ROOM if item.cell.sign else 0.0
    if item.cell.kind is CellKind.TEXT:
        leading, around = text_leading(item.cell)
        return len(item.lines) * leading + 2 * around + signing
    lines = len(_box_lines(item)) if item.cell.boxes else len(item.lines)
    return lines * CELL_LEADING + 2.0


def _bound(rows: list[_Row], at: int) -> list[_Row]:
    """The rows from one on that cells reaching over several rows keep together."""
    last = at
    for number in range(at, len(rows)):
        if number > last:
            break
        last = max(last, number + max(item.cell.rows for item in rows[number].cells) - 1)
    return rows[at : last + 1]


def _split(row: _Row, room: float) -> tuple[_Row | None, _Row]:
    """A row with a long text as the part that fits and the rest; nothing and the whole row when too little fits."""
    fitting = int((room - 2 * TEXT_PADDING) // TEXT_LEADING)
    longest = max((len(item.lines) for item in row.cells if item.cell.kind is CellKind.TEXT), default=0)
    if fitting < LEAST_LINES or longest <= fitting:
        return None, row
    first = tuple(replace(item, lines=_part(item, 0, fitting)) for item in row.cells)
    rest = tuple(replace(item, lines=_part(item, fitting, longest)) for item in row.cells)
    height = max(40.0, (longest - fitting) * TEXT_LEADING + 2 * TEXT_PADDING)
    return _Row(first, room), _Row(rest, height)


def _part(item: _Cell, start: int, end: int) -> tuple[str, ...]:
    """Lines of a long text; other cells are repeated on the next page."""
    return item.lines[start:end] if item.cell.kind is CellKind.TEXT else item.lines


def _draw_rows(rows: Sequence[_Row], page: _Drawn) -> None:
    for number, row in enumerate(rows):
        for item in row.cells:
            height = sum(other.height for other in rows[number : number + item.cell.rows])
            page.marks += _cell_marks(item, page.y, height)
            page.marks.append(RuleMark(item.left, page.y + height, item.right, page.y + height, INNER))
            if item.right < page.right - 0.5:
                page.marks.append(RuleMark(item.right, page.y, item.right, page.y + height, INNER))
        page.y += row.height


def _frame(page: _Drawn, top: float) -> None:
    page.marks.append(FrameMark(0, top, FORM_PAGE.measure, page.y - top, OUTER))


def _cell_marks(item: _Cell, top: float, height: float) -> list[Mark]:
    cell, width = item.cell, item.right - item.left
    if cell.boxes:
        return _box_marks(item, top + height / 2)
    if cell.kind is CellKind.TEXT:
        leading, around = text_leading(cell)
        base = top + around + leading / 2 + BASELINE_DROP * item.size
        words: list[Mark] = [
            TextMark(item.left + PADDING, base + number * leading, text, Role.SONG, item.size)
            for number, text in enumerate(item.lines)
        ]
        return words + (_sign_marks(item, top + height) if cell.sign else [])
    role, size = _role(cell), item.size
    side = "left" if cell.kind is CellKind.VALUE else "center"
    padding = _padding(cell)
    leading = CELL_LEADING * (1.3 if cell.vertical else 1.0)
    base = top + height / 2 + BASELINE_DROP * size - (len(item.lines) - 1) / 2 * leading
    return [
        aligned(text, role, size, base + number * leading, item.left + padding, width - 2 * padding, side)
        for number, text in enumerate(item.lines)
        if text
    ]


def _sign_marks(item: _Cell, bottom: float) -> list[Mark]:
    """签字 with its line, and the date below it, in the middle of the cell's foot."""
    words = text_width(SIGN_WORDS, Role.SONG, item.size)
    x = item.left + (item.right - item.left - words - SIGN_LINE) / 2
    base, end = bottom - SIGN_ROOM + 16.0, x + words + SIGN_LINE
    return [
        TextMark(x, base, SIGN_WORDS, Role.SONG, item.size),
        RuleMark(x + words, base + 2.0, end, base + 2.0, INNER),
        aligned(DATE_WORDS, Role.SONG, item.size, base + 17.0, x, end - x, "right"),
    ]


# Boxes


def _box_lines(item: _Cell) -> list[list[Box]]:
    """Boxes line by line: in columns where the cell says so, else as they fit."""
    boxes, columns, width = item.cell.boxes, item.cell.box_columns, item.right - item.left
    if columns:
        return [list(boxes[place : place + columns]) for place in range(0, len(boxes), columns)]
    lines: list[list[Box]] = [[]]
    used = 0.0
    for box in boxes:
        needed = _box_width(box, item.size)
        if lines[-1] and used + needed > width - 2 * PADDING:
            lines.append([])
            used = 0.0
        lines[-1].append(box)
        used += needed + BOX_GAP * item.size
    return lines


def _box_width(box: Box, size: float) -> float:
    return BOX_SIZE * size + 2.0 + text_width(box.label, Role.SONG, size)


def _box_marks(item: _Cell, middle: float) -> list[Mark]:
    lines = _box_lines(item)
    step = (item.right - item.left - 2 * PADDING) / item.cell.box_columns if item.cell.box_columns else 0.0
    marks: list[Mark] = []
    for number, line in enumerate(lines):
        centre = middle + (number - (len(lines) - 1) / 2) * (CELL_LEADING + 1.0)
        x = item.left + PADDING
        for box in line:
            marks += _one_box(box, x, centre, item.size)
            x += step or _box_width(box, item.size) + BOX_GAP * item.size
    return marks


def _one_box(box: Box, x: float, centre: float, text_size: float) -> list[Mark]:
    size = BOX_SIZE * text_size
    top = centre - size / 2
    marks: list[Mark] = [FrameMark(x, top, size, size, 0.7)]
    if box.ticked:
        bend_x, bend_y = x + 0.40 * size, top + 0.80 * size
        marks.append(RuleMark(x + 0.16 * size, top + 0.50 * size, bend_x, bend_y, TICK_RULE))
        marks.append(RuleMark(bend_x, bend_y, x + 0.88 * size, top + 0.18 * size, TICK_RULE))
    marks.append(TextMark(x + size + 2.0, centre + BASELINE_DROP * text_size, box.label, Role.SONG, text_size))
    return marks


# Photos


def _place_photos(part: PhotoGrid, pages: list[_Drawn]) -> None:
    top = pages[-1].y
    for number, photo in enumerate(part.photos):
        line, column = divmod(number % 6, 2)
        if number and number % 6 == 0:
            pages.append(_new_page(pages[-1].sheet))
            top = pages[-1].y
        page = pages[-1]
        x, y = column * (FORM_PAGE.measure - PHOTO_WIDTH), top + line * PHOTO_PITCH
        page.marks.append(ImageMark(x, y, PHOTO_WIDTH, PHOTO_HEIGHT, photo.data))
        page.marks.append(FrameMark(x, y, PHOTO_WIDTH, PHOTO_HEIGHT, OUTER))
        words = f"图{number + 1}　{photo.caption}".rstrip("　")
        base = y + PHOTO_HEIGHT + PHOTO_CAPTION
        page.marks.append(aligned(words, Role.SONG, HEAD_SIZE, base, x, PHOTO_WIDTH, "center"))
        page.y = top + line * PHOTO_PITCH + PHOTO_HEIGHT + PHOTO_CAPTION + 6.0
