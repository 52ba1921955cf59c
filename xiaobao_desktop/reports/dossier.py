"""卷宗: all papers and attachments of one case as one PDF, with 封面 and 卷内目录, page numbers running through.

Papers are drawn, pictures stand on pages of their own, PDFs are appended as they are. A PDF that cannot be taken gets
a page that says so; other files stay apart and are listed with their digest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from xiaobao_desktop.reports.case_archive import Archive, Entry, front
from xiaobao_desktop.reports.document import Document, Layout, Metadata
from xiaobao_desktop.reports.forms import CellKind, FormCell, FormGrid, FormRow, FormSheet
from xiaobao_desktop.reports.pdf import draw_pages, write_pdf
from xiaobao_desktop.reports.pdf_fonts import Role
from xiaobao_desktop.reports.pdf_merge import Unmergeable, merged, pages_of
from xiaobao_desktop.reports.typeset_forms import FORM_PAGE
from xiaobao_desktop.reports.typeset_parts import FrameMark, ImageMark, Mark, Piece, PlacedPage
from xiaobao_desktop.reports.typeset_text import aligned

APART = "另附"
"""Remark of a file that is not among the pages."""
_DIGEST = 16
_TITLE_SIZE, _TITLE_BASELINE, _PICTURE_TOP, _PICTURE_FOOT, _WORDS_DROP = 12.0, 12.0, 24.0, 30.0, 18.0
_COLUMNS = (34.0, 132.0)


@dataclass(frozen=True)
class Part:
    """Something that belongs to the case.

    Attributes:
        title: 题名 in the index.
        responsible: 责任者.
        day: when it was made.
        document: a paper to be drawn; None for a file.
        data: content of a file.
        media_type: of a file, e.g. application/pdf.
        name: of a file, with its ending.
        caption: words under a picture.
        number: 文号.
        fault: why the content of a file is not to be had, "" when it is.
    """

    title: str
    responsible: str
    day: date | None
    document: Document | None = None
    data: bytes = b""
    media_type: str = ""
    name: str = ""
    caption: str = ""
    number: str = ""
    fault: str = ""


@dataclass(frozen=True)
class Dossier:
    """The finished file.

    Attributes:
        pdf: all of it.
        front: cover and index alone, for Word.
        entries: lines of the index.
        pages: how many pages are numbered.
        faults: files that could not be merged, each as a Chinese sentence.
    """

    pdf: bytes
    front: Document
    entries: tuple[Entry, ...]
    pages: int
    faults: tuple[str, ...]


def build(
    archive: Archive,
    parts: Sequence[Part],
    metadata: Metadata,
    told: Callable[[int, str], None] = lambda _place, _title: None,
) -> Dossier:
    """Merge the parts in their order.

    Args:
        archive: what cover and index say.
        parts: papers and files.
        metadata: what the file says about itself.
        told: called before each part with its place and title.
    """
    pages: list[Any] = []
    entries: list[Entry] = []
    faults: list[str] = []
    for place, part in enumerate(parts):
        told(place, part.title)
        drawn, fault = _pages(part, metadata)
        if fault:
            faults.append(f"“{part.name or part.title}”没有并入：{fault}")
        first = len(pages) + 1 if drawn else 0
        pages += drawn
        apart = APART if not drawn else ""
        title = part.title if drawn else f"{part.name}（SHA-256 前{_DIGEST}位 {_digest(part)}）"
        entries.append(Entry(title, part.responsible, part.day, first, len(pages) if drawn else 0, part.number, apart))
    cover = front(archive, entries)
    marks = [f"{archive.number}　卷内第{number}页" for number in range(1, len(pages) + 1)]
    opening = pages_of(_drawn(cover, metadata))
    chapters = [("封面", 0), ("卷内目录", 1)]
    chapters += [(entry.title, len(opening) + entry.first - 1) for entry in entries if entry.first]
    pdf = merged(opening, pages, marks, chapters, metadata)
    return Dossier(pdf, cover, tuple(entries), len(pages), tuple(faults))


def _pages(part: Part, metadata: Metadata) -> tuple[list[Any], str]:
    """The pages of a part, none for a file that stays apart; and why it could not be merged, "" when it was."""
    if part.document is not None:
        return pages_of(_drawn(part.document, metadata)), ""
    try:
        if part.fault:
            raise Unmergeable(part.fault)
        if part.media_type == "application/pdf":
            return pages_of(part.data), ""
        if part.media_type in ("image/jpeg", "image/png"):
            return pages_of(_picture_page(part, metadata)), ""
    except Unmergeable as error:
        fault = str(error)
        return pages_of(_drawn(_fault_page(part, fault), metadata)), fault
    return [], ""


def _drawn(document: Document, metadata: Metadata) -> bytes:
    stream = BytesIO()
    write_pdf(document, stream, metadata=metadata)
    return stream.getvalue()


def _picture_page(part: Part, metadata: Metadata) -> bytes:
    """A picture as large as it goes, its title above and its caption below.

    Raises:
        Unmergeable: it is no picture.
    """
    width, height = FORM_PAGE.measure, FORM_PAGE.depth - _PICTURE_TOP - _PICTURE_FOOT
    marks: list[Mark] = [
        aligned(part.title, Role.HEI, _TITLE_SIZE, _TITLE_BASELINE, 0, width, "left"),
        ImageMark(1, _PICTURE_TOP + 1, width - 2, height - 2, part.data),
        FrameMark(0, _PICTURE_TOP, width, height, 0.4),
    ]
    if part.caption:
        base = _PICTURE_TOP + height + _WORDS_DROP
        marks.append(aligned(part.caption, Role.SONG, 10.5, base, 0, width, "center"))
    stream = BytesIO()
    try:
        draw_pages([PlacedPage(FORM_PAGE, [(0.0, Piece(FORM_PAGE.depth, tuple(marks)))])], stream, metadata)
    except (OSError, ValueError, SyntaxError) as error:
        raise Unmergeable("图片已损坏") from error
    return stream.getvalue()


def _fault_page(part: Part, fault: str) -> Document:
    """The page in the place of a file that could not be merged."""
    facts = (
        ("题名", part.title),
        ("文件名", part.name),
        ("没有并入的原因", fault),
        ("SHA-256", hashlib.sha256(part.data).hexdigest() if part.data else ""),
        ("怎么办", "请在程序里打开这个附件，另行打印后附在本页之后；文件打不开的，请换一份完好的文件重新添加。"),
    )
    rows = tuple(FormRow((FormCell(label, CellKind.LABEL), FormCell(text)), 30.0) for label, text in facts)
    sheet = FormSheet("附件未能并入", (FormGrid(_COLUMNS, rows),))
    return Document(("附件未能并入",), (), layout=Layout.FORM, sheets=(sheet,))


def _digest(part: Part) -> str:
    return hashlib.sha256(part.data).hexdigest()[:_DIGEST]
