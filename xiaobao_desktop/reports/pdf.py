"""Writing a document as PDF: the pages of :mod:`typeset` drawn with embedded, subset faces.

The same document and metadata always give the same bytes. Charts are embedded as vector forms. Text can be copied out
and searched, rare characters of the supplementary planes included.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, assert_never

from xiaobao_desktop.reports.document import ChartSpec, Document, Metadata, cleaned
from xiaobao_desktop.reports.pdf_fonts import Face, base_font_name, role_font
from xiaobao_desktop.reports.typeset import typeset
from xiaobao_desktop.reports.typeset_parts import (
    FillMark,
    FrameMark,
    ImageMark,
    Mark,
    PictureMark,
    PlacedPage,
    RuleMark,
    TextMark,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

CHINA_OFFSET = timedelta(hours=8)
"""Time zone written with a moment that names none."""


def write_pdf(document: Document, target: BinaryIO | Path, *, metadata: Metadata) -> None:
    """Draw a document as PDF.

    Args:
        document: what to draw.
        target: an open binary file or the path of the file to write; safe replacing of an existing file is the
            caller's affair.
        metadata: title, author, time of making, program.

    Raises:
        OSError: the target cannot be written.
        MissingResource: a bundled face is absent.
    """
    pages = typeset(cleaned(document))
    if isinstance(target, Path):
        with target.open("wb") as stream:
            draw_pages(pages, stream, metadata)
    else:
        draw_pages(pages, target, metadata)


def draw_pages(pages: list[PlacedPage], stream: BinaryIO, metadata: Metadata) -> None:
    """Draw finished pages, each of its own size, into an open file; at least one."""
    from reportlab import rl_config
    from reportlab.pdfgen.canvas import Canvas

    # Letters instead of bytes were for old mail programs; they make files a quarter larger and slower to write.
    rl_config.useA85 = 0
    size = (pages[0].page.width, pages[0].page.height)
    canvas = Canvas(
        stream, pagesize=size, pageCompression=1, invariant=1, initialFontName=base_font_name(), lang="zh-CN"
    )
    canvas.setTitle(metadata.title)
    canvas.setAuthor(metadata.author)
    canvas.setSubject(metadata.title)
    canvas.setCreator(metadata.program)
    canvas.setProducer(metadata.program)
    stamp = _pdf_date(metadata.created)
    canvas.setDateFormatter(lambda *_moment: stamp)
    painter = _Painter(canvas)
    for page in pages:
        painter.page(page)
    canvas.save()


def _pdf_date(moment: datetime) -> str:
    """Write a moment as a PDF date."""
    offset = moment.utcoffset()
    minutes = int((CHINA_OFFSET if offset is None else offset).total_seconds() // 60)
    sign = "-" if minutes < 0 else "+"
    return f"D:{moment:%Y%m%d%H%M%S}{sign}{abs(minutes) // 60:02d}'{abs(minutes) % 60:02d}'"


class _Painter:
    """Draws marks on a canvas, remembering texts and charts it has drawn before."""

    def __init__(self, canvas: Any) -> None:
        self.canvas = canvas
        self.left = 0.0
        self.top = 0.0
        self.texts: dict[tuple[object, ...], str] = {}
        self.forms: dict[tuple[ChartSpec, float, float], str] = {}

    def page(self, placed: PlacedPage) -> None:
        """Draw one page and finish it."""
        page = placed.page
        self.left = page.left
        self.canvas.setPageSize((page.width, page.height))
        for y, piece in placed.pieces:
            self.top = page.height - page.top - y
            for mark in piece.marks:
                self._mark(mark)
        self.canvas.showPage()

    def _mark(self, mark: Mark) -> None:
        """Draw one mark."""
        match mark:
            case TextMark():
                self._text(mark)
            case RuleMark():
                x1, x2 = self.left + mark.x1, self.left + mark.x2
                y1, y2 = self.top - mark.y1, self.top - mark.y2
                self.canvas.addLiteral(f"{mark.thickness:g} w {x1:.3f} {y1:.3f} m {x2:.3f} {y2:.3f} l S")
            case FrameMark():
                x, y = self.left + mark.x, self.top - mark.y - mark.height
                self.canvas.addLiteral(f"{mark.thickness:g} w {x:.3f} {y:.3f} {mark.width:.3f} {mark.height:.3f} re S")
            case FillMark():
                x, y = self.left + mark.x, self.top - mark.y - mark.height
                self.canvas.addLiteral(
                    f"{1 - mark.ink:g} g {x:.3f} {y:.3f} {mark.width:.3f} {mark.height:.3f} re f 0 g"
                )
            case PictureMark():
                self._picture(mark)
            case ImageMark():
                self._image(mark)
            case _:
                assert_never(mark)

    def _text(self, mark: TextMark) -> None:
        """Draw a text at its place."""
        key = (mark.text, mark.role, mark.size, mark.spacing)
        body = self.texts.get(key)
        if body is None:
            body = self.texts[key] = " ".join(self._text_operators(mark))
        shown = f"BT 1 0 0 1 {self.left + mark.x:.3f} {self.top - mark.y:.3f} Tm {body} ET"
        self.canvas.addLiteral(shown if mark.ink == 1 else f"{1 - mark.ink:g} g {shown} 0 g")

    def _text_operators(self, mark: TextMark) -> Iterator[str]:
        """Yield the operators that show a text from the current point."""
        current: tuple[str, float] | None = None
        glyphs = self._glyphs(mark)
        for (font, spacing, padding), group in groupby(glyphs, key=lambda glyph: glyph[:3]):
            if current is None or current[0] != font:
                yield f"{font} {mark.size:g} Tf"
            if current is None or current[1] != spacing:
                yield f"{spacing:.4f} Tc"
            current = (font, spacing)
            codes = [glyph[3] for glyph in group]
            if padding:
                shift = f"{-1000 * padding:.1f}"
                yield "[" + " ".join(f"{shift} <{code:02x}> {shift}" for code in codes) + "] TJ"
            else:
                yield f"<{bytes(codes).hex()}> Tj"

    def _glyphs(self, mark: TextMark) -> Iterator[tuple[str, float, float, int]]:
        """Yield for each character: font resource, space after it, padding around it, byte in the font."""
        font = role_font(mark.role)
        spacing = mark.spacing if isinstance(mark.spacing, tuple) else (mark.spacing,) * len(mark.text)
        for face, start, end in font.spans(mark.text):
            characters = iter(range(start, end))
            for name, codes in self._encoded(face, mark.text[start:end]):
                for code, index in zip(codes, characters, strict=False):
                    yield name, spacing[index], font.padding(mark.text[index]), code

    def _encoded(self, face: Face, text: str) -> list[tuple[str, list[int]]]:
        """Return the bytes that stand for a text in the subsets of a face, one byte a character."""
        parts = face.font.splitString(text, self.canvas._doc)
        return [(face.font.getSubsetInternalName(subset, self.canvas._doc), list(codes)) for subset, codes in parts]

    def _picture(self, mark: PictureMark) -> None:
        """Draw a chart as a vector form."""
        name = self._form(mark.spec, mark.width, mark.height)
        self.canvas.saveState()
        self.canvas.translate(self.left + mark.x, self.top - mark.y - mark.height)
        self.canvas.doForm(name)
        self.canvas.restoreState()

    def _image(self, mark: ImageMark) -> None:
        """Draw a picture file in the middle of its box; JPEG goes in as it is."""
        from reportlab.lib.utils import ImageReader

        self.canvas.drawImage(
            ImageReader(BytesIO(mark.data)),
            self.left + mark.x,
            self.top - mark.y - mark.height,
            mark.width,
            mark.height,
            preserveAspectRatio=True,
            anchor="c",
        )

    def _form(self, spec: ChartSpec, width: float, height: float) -> str:
        """Return the name of the form that holds a chart, making it at first use."""
        key = (spec, width, height)
        if key not in self.forms:
            from pdfrw import PdfReader
            from pdfrw.buildxobj import pagexobj
            from pdfrw.toreportlab import makerl

            from xiaobao_desktop.reports.figures import render_pdf

            page = PdfReader(fdata=render_pdf(spec, width, height)).pages[0]
            self.forms[key] = makerl(self.canvas, pagexobj(page))
        return self.forms[key]
