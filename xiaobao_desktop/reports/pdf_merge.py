"""Putting finished PDFs together: pages of other programs are taken as they are, each gets a mark at its upper right.

Pages keep their size, their turning and their annotations; nothing in them is drawn anew.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from typing import Any

from xiaobao_desktop.reports.document import Metadata
from xiaobao_desktop.reports.pdf import draw_pages
from xiaobao_desktop.reports.pdf_fonts import Role
from xiaobao_desktop.reports.typeset_parts import MM, Page, Piece, PlacedPage
from xiaobao_desktop.reports.typeset_text import aligned

MARK_SIZE, MARK_TOP, MARK_EDGE = 9.0, 11 * MM, 14 * MM
_NAME = "CasePageMark"
_VERSION = "1.7"


class Unmergeable(Exception):
    """A PDF whose pages cannot be taken; its text says why, in Chinese."""


@dataclass(frozen=True)
class _Frame:
    """The visible box of a page and how far it is turned clockwise, in degrees."""

    left: float
    bottom: float
    right: float
    top: float
    turned: int

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as seen."""
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if self.turned in (90, 270) else (width, height)

    @property
    def matrix(self) -> str:
        """Places what is drawn on a page of :attr:`size` upright on this one."""
        if self.turned == 90:
            return f"0 1 -1 0 {self.right:.3f} {self.bottom:.3f}"
        if self.turned == 180:
            return f"-1 0 0 -1 {self.right:.3f} {self.top:.3f}"
        if self.turned == 270:
            return f"0 -1 1 0 {self.left:.3f} {self.top:.3f}"
        return f"1 0 0 1 {self.left:.3f} {self.bottom:.3f}"


def pages_of(data: bytes) -> list[Any]:
    """The pages of a PDF, each complete and whole.

    Raises:
        Unmergeable: it is locked by a password, damaged, or has no page.
    """
    from pdfrw import PdfReader, PdfWriter

    logging.getLogger("pdfrw").setLevel(logging.CRITICAL)
    try:
        found = PdfReader(fdata=data)
        if found.Encrypt is not None:
            raise Unmergeable("文件有密码保护")
        # What a damaged file hides comes to light when all of it is written once.
        whole = BytesIO()
        PdfWriter(whole, version=_VERSION).addpages(found.pages).write()
        pages = list(PdfReader(fdata=whole.getvalue()).pages)
        for page in pages:
            _frame(page)
    except Unmergeable:
        raise
    except Exception as error:  # The reader fails in many ways on files of other programs; none may stop the dossier.
        raise Unmergeable("文件已损坏，或不是完整的 PDF") from error
    if not pages:
        raise Unmergeable("文件里没有页")
    return pages


def merged(
    front: Sequence[Any],
    numbered: Sequence[Any],
    marks: Sequence[str],
    chapters: Sequence[tuple[str, int]],
    metadata: Metadata,
) -> bytes:
    """One PDF of pages.

    Args:
        front: pages without a mark, at the beginning.
        numbered: the other pages.
        marks: words at the upper right of each of them.
        chapters: bookmarks: their titles and the place of their page among all pages, from 0.
        metadata: what the file says about itself.
    """
    from pdfrw import PdfDict, PdfString, PdfWriter

    stream = BytesIO()
    writer = PdfWriter(stream, version=_VERSION, compress=False)
    writer.addpages(front)
    writer.addpages(numbered)
    own = writer.pagearray[len(front) :]
    frames = [_frame(page) for page in own]
    if own:
        stamps = pages_of(_stamps(frames, marks, metadata))
        for page, frame, stamp in zip(own, frames, stamps, strict=True):
            _stamp(page, frame, stamp)
    writer.trailer.Info = PdfDict(
        Title=PdfString.from_unicode(metadata.title),
        Author=PdfString.from_unicode(metadata.author),
        Creator=PdfString.from_unicode(metadata.program),
        Producer=PdfString.from_unicode(metadata.program),
    )
    if chapters:
        writer.trailer.Root.Outlines = _outline(writer.pagearray, chapters)
    writer.write()
    return stream.getvalue()


def _outline(pages: Sequence[Any], chapters: Sequence[tuple[str, int]]) -> Any:
    """Bookmarks, one below the other."""
    from pdfrw import IndirectPdfDict, PdfArray, PdfName, PdfString

    whole = IndirectPdfDict(Type=PdfName.Outlines, Count=len(chapters))
    items = [
        IndirectPdfDict(Title=PdfString.from_unicode(title), Parent=whole, Dest=PdfArray([pages[place], PdfName.Fit]))
        for title, place in chapters
    ]
    whole.First, whole.Last = items[0], items[-1]
    for before, after in pairwise(items):
        before.Next, after.Prev = after, before
    return whole


def _frame(page: Any) -> _Frame:
    box = page.inheritable.CropBox or page.inheritable.MediaBox
    x1, y1, x2, y2 = (float(value) for value in box)
    turned = int(float(page.inheritable.Rotate or 0)) % 360
    return _Frame(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2), turned)


def _stamps(frames: Sequence[_Frame], marks: Sequence[str], metadata: Metadata) -> bytes:
    """A page with nothing but its mark for each page."""
    pages = []
    for frame, words in zip(frames, marks, strict=True):
        width, height = frame.size
        text = aligned(words, Role.SONG, MARK_SIZE, MARK_TOP, 0, width - MARK_EDGE, "right")
        pages.append(PlacedPage(Page(width, height, 0, 0, width, height), [(0.0, Piece(height, (text,)))]))
    stream = BytesIO()
    draw_pages(pages, stream, metadata)
    return stream.getvalue()


def _stamp(page: Any, frame: _Frame, stamp: Any) -> None:
    """Draw a stamp over a page, whatever the page's own drawing left behind."""
    from pdfrw import IndirectPdfDict, PdfArray, PdfDict, PdfName
    from pdfrw.buildxobj import pagexobj

    resources = PdfDict(page.Resources or {})
    resources.XObject = PdfDict(resources.XObject or {})
    resources.XObject[PdfName(_NAME)] = pagexobj(stamp)
    page.Resources = resources
    drawn = page.Contents
    before = [] if drawn is None else list(drawn) if isinstance(drawn, list) else [drawn]
    after = f"Q q {frame.matrix} cm /{_NAME} Do Q\n"
    page.Contents = PdfArray([IndirectPdfDict(stream="q\n"), *before, IndirectPdfDict(stream=after)])
