"""Turning a document into pages: which pieces it has and which of them stand on which page.

Rules kept here: a heading stands with at least two lines after it; no paragraph leaves a single line at the foot or
the top of a page; 附件说明 and signature stay together with the last lines of the text; tables and charts that do not
fit wait for the top of the next page while text fills this one; only tables taller than a page are broken.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import TypeAlias, assert_never

from xiaobao_desktop.reports.document import (
    Appendix,
    Block,
    Document,
    Figure,
    Heading,
    Layout,
    Note,
    PageBreak,
    Paragraph,
    Photos,
    SignatureLine,
    Spacer,
    Table,
    TableStyle,
)
from xiaobao_desktop.reports.pdf_fonts import Role
from xiaobao_desktop.reports.typeset_forms import form_pages
from xiaobao_desktop.reports.typeset_parts import (
    LANDSCAPE,
    LINE,
    OFFICIAL,
    Page,
    PictureMark,
    Piece,
    PlacedPage,
    TextMark,
)
from xiaobao_desktop.reports.typeset_photos import photo_pieces
from xiaobao_desktop.reports.typeset_tables import CAPTION_SIZE, TableBlock
from xiaobao_desktop.reports.typeset_text import (
    aligned,
    closing_pieces,
    heading_pieces,
    note_piece,
    paragraph_pieces,
    plain_line,
    signature_line_marks,
    text_width,
    title_pieces,
)

Item: TypeAlias = Piece | TableBlock

CROSS_STYLES = (TableStyle.CROSS, TableStyle.CROSS_DENSE)
PAGE_NUMBER_SIZE, PAGE_NUMBER_DROP, PAGE_NUMBER_INSET = 14.0, 28.52, 14.0
WIDE_TITLE_BASELINE, WIDE_HEAD_BASELINE, WIDE_TABLE_TOP = 14.0, 34.0, 41.0
WIDE_SUBTITLE_ROOM, WIDE_SUBTITLE_SIZE = 17.0, 10.5
WIDE_FOOT_ROOM_ALONE = 28.0
WIDE_FOOT_RISE, WIDE_FOOT_ROOM, WIDE_MARK_DROP = 12.0, 39.0, 2.0
WIDE_TITLE_SIZE, WIDE_HEAD_SIZE, PRINT_MARK_SIZE = 18.0, 10.0, 8.0
ANNEX_TITLE_BASELINE, ANNEX_TITLE_SIZE, ANNEX_TITLE_HEIGHT = 57.49, 18.0, 67.0
FIGURE_FOOT, FIGURE_CAPTION_RISE, FIGURE_HEAD = 21.0, 5.5, 2.0


def typeset(document: Document) -> list[PlacedPage]:
    """Return the pages of a document, page numbers and repeated lines included; at least one page."""
    if document.layout is Layout.FORM:
        return form_pages(document.sheets)
    return _wide_pages(document) if document.layout is Layout.LANDSCAPE else _official_pages(document)


class Flow:
    """Fills pages with pieces, one after the other."""

    def __init__(self, page: Page, depth: float) -> None:
        self.page = page
        self.depth = depth
        self.pages = [PlacedPage(page)]
        self.y = 0.0
        self.waiting: list[Piece] = []

    def add_all(self, items: list[Item]) -> None:
        """Place all items; those bound to each other are placed as one group."""
        groups = list(_groups(items))
        for index, group in enumerate(groups):
            if index == len(groups) - 1:
                self._release()
            self._add_group(group)
        self._release()

    def new_page(self) -> None:
        """Start a page; what was waiting comes first."""
        self.pages.append(PlacedPage(self.page))
        self.y = 0.0
        waiting, self.waiting = self.waiting, []
        for piece in waiting:
            self._add_group([piece])

    def _release(self) -> None:
        """Place what is still waiting before going on."""
        while self.waiting:
            self.new_page()

    def _add_group(self, group: list[Item]) -> None:
        """Place one group: here if it fits, else on the next page; a group taller than a page piece by piece."""
        first = group[0]
        if isinstance(first, Piece) and first.starts_page and self.y > 0:
            self._release()
            self.new_page()
        floating = isinstance(first, Piece) and first.floats and len(group) == 1
        if floating and (self.waiting or not self._fits(group)):
            if self.y == 0 and not self.waiting:
                self._place_each(group)
            else:
                self.waiting.append(first)  # type: ignore[arg-type]  # a floating item is a Piece
            return
        if not self._fits(group) and self.y > 0:
            self.new_page()
            if not self._fits(group) and self.y > 0:
                self.new_page()
        self._place_each(group)

    def _fits(self, group: list[Item], y: float | None = None) -> bool:
        """Whether the group fits into the rest of this page, or below ``y``."""
        end = self.y if y is None else y
        for item in group:
            gap = _gap(item) if end > 0 else 0.0
            end += gap + (item.least() if isinstance(item, TableBlock) else item.height)
        return end <= self.depth + 0.01

    def _place_each(self, group: list[Item]) -> None:
        """Place the members of a group.

        The page is turned where one does not fit by itself; after the first member already, where all that are left
        fit on the next page together: below a high table the signature then takes 附件说明 along.
        """
        for place, item in enumerate(group):
            if isinstance(item, TableBlock):
                self._place_table(item)
                continue
            left = group[place:]
            together = place > 0 and not self._fits(left) and self._fits(left, 0.0)
            if self.y > 0 and (together or not self._fits([item])):
                self.new_page()
            self._place(item)

    def _place(self, piece: Piece) -> None:
        """Put a piece on the page."""
        if self.y > 0:
            self.y += piece.gap
        if piece.foot:
            self.y = max(self.y, self.depth - piece.height)
        if piece.marks:
            self.pages[-1].pieces.append((self.y, piece))
        if self.y > 0 or piece.marks:
            self.y += piece.height

    def _place_table(self, block: TableBlock) -> None:
        """Place a table that is taller than a page, part by part."""
        while not block.finished:
            gap = block.design.gap if self.y > 0 else 0.0
            if self.y > 0 and self.y + gap + block.least() > self.depth:
                self.new_page()
                gap = 0.0
            self._place(block.take(self.depth - self.y - gap))
            if not block.finished:
                self.new_page()


def _gap(item: Item) -> float:
    """Blank that an item wants above it."""
    return item.design.gap if isinstance(item, TableBlock) else item.gap


def _groups(items: Iterable[Item]) -> Iterable[list[Item]]:
    """Yield the items bound to each other by ``keep_next`` as groups."""
    group: list[Item] = []
    for item in items:
        group.append(item)
        if not (isinstance(item, Piece) and item.keep_next):
            yield group
            group = []
    if group:
        yield group


def _official_pages(document: Document) -> list[PlacedPage]:
    """Lay out body and annexes on the official page."""
    flow = Flow(OFFICIAL, OFFICIAL.depth)
    body: list[Item] = [*title_pieces(document.title, document.number, OFFICIAL.measure)]
    if document.addressee:
        body.append(replace(plain_line(document.addressee), keep_next=True))
    body += _items(document.blocks, OFFICIAL, on_grid=True)
    flow.add_all([*_with_closing(body, closing_pieces(document, OFFICIAL.measure)), *_slip(document)])
    pages = flow.pages
    for appendix in document.appendices:
        flow = Flow(OFFICIAL, OFFICIAL.depth)
        flow.add_all([_appendix_head(appendix), *_items(appendix.blocks, OFFICIAL, on_grid=False)])
        pages += flow.pages
    if document.page_numbers and len(pages) >= document.numbers_from:
        for number, page in enumerate(pages, start=1):
            page.pieces.append((OFFICIAL.depth, _page_number(number)))
    return pages


def _slip(document: Document) -> list[Item]:
    """Set the form below the signature."""
    from xiaobao_desktop.reports.typeset_cover import slip_piece

    return [slip_piece(document.slip, OFFICIAL.measure)] if document.slip is not None else []


def _with_closing(items: list[Item], closing: list[Piece]) -> list[Item]:
    """Append the closing lines, bound to the end of the text, so that no page holds the signature alone."""
    if closing and items and isinstance(items[-1], Piece) and items[-1].marks:
        items = [*items[:-1], replace(items[-1], keep_next=True, floats=False)]
    return [*items, *closing]


def _items(blocks: Iterable[Block], page: Page, *, on_grid: bool) -> list[Item]:
    """Set all blocks; a single line after a heading is bound to the line after it, so that two lines follow."""
    items: list[Item] = []
    after_heading = False
    blocks = list(blocks)
    for place, block in enumerate(blocks):
        pieces = _block_items(block, blocks[place + 1 :], page, on_grid)
        if after_heading and isinstance(block, Paragraph) and len(pieces) == 1 and isinstance(pieces[0], Piece):
            pieces = [replace(pieces[0], keep_next=True)]
        before = items[-1] if items else None
        if isinstance(block, Note | SignatureLine) and isinstance(before, Piece) and before.marks and not before.floats:
            # They belong to what is above: none of them, and no signature after them, stands on a page without it.
            items[-1] = replace(before, keep_next=True)
        items += pieces
        after_heading = isinstance(block, Heading)
    return items


def _block_items(block: Block, after: Sequence[Block], page: Page, on_grid: bool) -> list[Item]:
    """Set one block; those ``after`` it tell how much room it may take."""
    match block:
        case Heading():
            return [*heading_pieces(block)]
        case Paragraph():
            return [*paragraph_pieces(block)]
        case Note():
            return [note_piece(block, page.measure, on_grid=on_grid)]
        case Table():
            return [_table_item(block, after, page)]
        case Figure():
            return [_figure_piece(block, page.measure, floats=on_grid)]
        case Photos():
            return [*photo_pieces(block, page.measure)]
        case SignatureLine():
            marks = signature_line_marks(block, page.measure, LINE - 1.0)
            return [Piece(LINE, marks, foot=True)]
        case Spacer():
            return [Piece(block.lines * LINE)]
        case PageBreak():
            return [Piece(0.0, starts_page=True)]
        case _:
            assert_never(block)


def _table_item(table: Table, after: Sequence[Block], page: Page) -> Item:
    """Return a table as one piece if it fits a page, else as a block to be broken.

    A 统计表 a little too high for its page gets lower rows, so that the notes ``after`` it stand there too; another
    table that leaves them no room is broken, so that they stand below its last rows.
    """
    block = TableBlock(table, page.measure, page.depth)
    below = list(takewhile(lambda item: isinstance(item, Note | SignatureLine), after))
    notes = [note_piece(item, page.measure, on_grid=False) for item in below if isinstance(item, Note)]
    needed = sum(note.gap + note.height for note in notes) + LINE * (len(below) - len(notes))
    if table.style in CROSS_STYLES:
        block.squeeze(page.depth - needed)
    elif not block.design.on_grid:
        block.reserve = needed
    most = page.depth - (ANNEX_TITLE_HEIGHT + block.design.gap if block.reserve else 0.0)
    return block if block.height + block.reserve > most else block.whole()


def _figure_piece(figure: Figure, measure: float, *, floats: bool) -> Piece:
    """Set a chart with its caption below, in whole lines of the grid."""
    height = figure.lines * LINE
    if not figure.caption:
        return Piece(height, (PictureMark(0, FIGURE_HEAD, measure, height - FIGURE_HEAD, figure.spec),), floats=floats)
    picture = PictureMark(0, FIGURE_HEAD, measure, height - FIGURE_FOOT - FIGURE_HEAD, figure.spec)
    baseline = height - FIGURE_CAPTION_RISE
    caption = aligned(figure.caption, Role.HEI, CAPTION_SIZE, baseline, 0, measure, "center")
    return Piece(height, (picture, caption), floats=floats)


def _appendix_head(appendix: Appendix) -> Piece:
    """Set 附件N and the annex title."""
    label = TextMark(0, 20.5, appendix.label, Role.HEI, 16.0)
    title = aligned(appendix.title, Role.TITLE, ANNEX_TITLE_SIZE, ANNEX_TITLE_BASELINE, 0, OFFICIAL.measure, "center")
    return Piece(ANNEX_TITLE_HEIGHT, (label, title), keep_next=True)


def _page_number(number: int) -> Piece:
    """Set "— n —" below the text block: right on odd pages, left on even ones, 14 pt in from the edge."""
    text = f"— {number} —"
    x = PAGE_NUMBER_INSET
    if number % 2:
        x = OFFICIAL.measure - PAGE_NUMBER_INSET - text_width(text, Role.SONG, PAGE_NUMBER_SIZE)
    return Piece(0.0, (TextMark(x, PAGE_NUMBER_DROP, text, Role.SONG, PAGE_NUMBER_SIZE),))


def _wide_pages(document: Document) -> list[PlacedPage]:
    """Lay out a wide table page: title and head line above, foot line and print mark below, on each page."""
    top = WIDE_TABLE_TOP + (WIDE_SUBTITLE_ROOM if document.subtitle else 0.0)
    depth = LANDSCAPE.depth - top - (WIDE_FOOT_ROOM if document.print_mark else WIDE_FOOT_ROOM_ALONE)
    flow = Flow(LANDSCAPE, depth)
    inner = replace(LANDSCAPE, depth=depth)
    flow.add_all(_items(document.blocks, inner, on_grid=False))
    head = _wide_head(document)
    total = len(flow.pages)
    pages = []
    for number, page in enumerate(flow.pages, start=1):
        moved = [(y + top, piece) for y, piece in page.pieces]
        foot = _wide_foot(document, number, total)
        pages.append(PlacedPage(LANDSCAPE, [(0.0, head), *moved, (LANDSCAPE.depth, foot)]))
    return pages


def _wide_head(document: Document) -> Piece:
    """Set title (first lines joined) and head line of a wide page."""
    measure = LANDSCAPE.measure
    marks = [
        aligned("".join(document.title), Role.TITLE, WIDE_TITLE_SIZE, WIDE_TITLE_BASELINE, 0, measure, "center"),
    ]
    drop = 0.0
    if document.subtitle:
        drop = WIDE_SUBTITLE_ROOM
        baseline = WIDE_TITLE_BASELINE + WIDE_SUBTITLE_ROOM
        marks.append(aligned(document.subtitle, Role.HEI, WIDE_SUBTITLE_SIZE, baseline, 0, measure, "center"))
    if document.head_line is not None:
        parts = {
            "left": document.head_line.left,
            "center": document.head_line.center,
            "right": document.head_line.right,
        }
        marks += [
            aligned(text, Role.SONG, WIDE_HEAD_SIZE, WIDE_HEAD_BASELINE + drop, 0, measure, align)
            for align, text in parts.items()
            if text
        ]
    return Piece(WIDE_TABLE_TOP + drop, tuple(marks))


def _wide_foot(document: Document, number: int, total: int) -> Piece:
    """Set foot line, page x of y and print mark of a wide page, measured from the lower edge of the text block."""
    items = document.foot_line.items if document.foot_line else ("",)
    numbered = total >= document.numbers_from
    line = SignatureLine((*items, f"第{number}页　共{total}页") if numbered else items)
    marks = list(signature_line_marks(line, LANDSCAPE.measure, -WIDE_FOOT_RISE))
    if document.print_mark:
        marks.append(TextMark(0, WIDE_MARK_DROP, document.print_mark, Role.SONG, PRINT_MARK_SIZE))
    return Piece(0.0, tuple(marks))
