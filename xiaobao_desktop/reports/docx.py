"""Writing a document as Word, to be edited further in Word or WPS.

The same model as the PDF, with the measures of GB/T 9704: margins, exact line pitch of 28.95 pt, first lines indented
by characters, page numbers "— 1 —" right on odd and left on even pages. Line and page breaks are the word processor's.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, assert_never
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from xiaobao_desktop.reports import docx_parts as parts
from xiaobao_desktop.reports.document import (
    Appendix,
    Block,
    Document,
    Figure,
    Heading,
    Layout,
    Metadata,
    Note,
    PageBreak,
    Paragraph,
    Photos,
    RunStyle,
    Signature,
    SignatureLine,
    Spacer,
    Table,
    cleaned,
)
from xiaobao_desktop.reports.docx_cover import write_slip
from xiaobao_desktop.reports.docx_forms import write_photos, write_sheets
from xiaobao_desktop.reports.docx_tables import add_table
from xiaobao_desktop.reports.typeset import WIDE_SUBTITLE_ROOM, WIDE_SUBTITLE_SIZE, typeset
from xiaobao_desktop.reports.typeset_forms import FORM_PAGE
from xiaobao_desktop.reports.typeset_parts import LANDSCAPE, LINE, MM, OFFICIAL, PITCH, Page
from xiaobao_desktop.reports.typeset_photos import photo_box
from xiaobao_desktop.reports.typeset_text import title_lines

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.section import Section
    from docx.text.paragraph import Paragraph as WordParagraph

FOOTER_RISE, FOOTER_INSET = 66.0, 14.0
"""Distance of the footer's lower edge from the paper's edge and of the page number from the text edge, in points."""
SHORT = 26
"""A paragraph of so many characters is one line: after a heading it stays with what follows, so that two lines do."""
FIGURE_DPI = 300
FIGURE_CAPTION = 20.0
_RUN_FONTS = {RunStyle.LEAD: parts.KAI, RunStyle.STRONG: parts.HEI}
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def write_docx(document: Document, target: BinaryIO | Path, *, metadata: Metadata) -> None:
    """Write a document as Word file; the same document and metadata give the same bytes.

    Args:
        document: what to write.
        target: an open binary file or the path of the file to write.
        metadata: title, author, time of making, program.

    Raises:
        OSError: the target cannot be written.
    """
    data = _repacked(_build(cleaned(document), metadata))
    if isinstance(target, Path):
        target.write_bytes(data)
    else:
        target.write(data)


def _build(document: Document, metadata: Metadata) -> bytes:
    """Return the file as the Word library makes it."""
    import docx

    word = docx.Document()
    parts.prepare_styles(word)
    _set_properties(word, metadata)
    if document.layout is Layout.FORM:
        _set_page(word.sections[0], FORM_PAGE, wide=False)
        write_sheets(word, document.sheets)
        return _saved(word)
    wide = document.layout is Layout.LANDSCAPE
    page = LANDSCAPE if wide else OFFICIAL
    _set_page(word.sections[0], page, wide=wide)
    if wide:
        _write_wide_frame(word, document)
    else:
        _write_head(word, document)
        if document.page_numbers and len(typeset(document)) >= document.numbers_from:
            _write_page_numbers(word)
    _write_blocks(word, document.blocks, page)
    if not wide:
        _write_closing(word, document)
        if document.slip is not None:
            write_slip(word, document.slip)
        for appendix in document.appendices:
            _write_appendix(word, appendix)
    _end_flat(word)
    return _saved(word)


def _end_flat(word: WordDocument) -> None:
    """Put a line without height after a table that ends the file: else Word adds one, which may need a page."""
    from docx.enum.text import WD_LINE_SPACING
    from docx.shared import Pt
    from docx.table import Table as WordTable

    if isinstance(next(reversed(list(word.iter_inner_content())), None), WordTable):
        paragraph = word.add_paragraph(style=parts.CELL_STYLE)
        shape = paragraph.paragraph_format
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(1)


def _saved(word: WordDocument) -> bytes:
    buffer = BytesIO()
    word.save(buffer)
    return buffer.getvalue()


def _repacked(data: bytes) -> bytes:
    """Return the same zip with fixed dates of its members, so that equal documents give equal bytes."""
    buffer = BytesIO()
    with ZipFile(BytesIO(data)) as source, ZipFile(buffer, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            info = ZipInfo(name, _ZIP_DATE)
            info.compress_type = ZIP_DEFLATED
            target.writestr(info, source.read(name))
    return buffer.getvalue()


def _set_properties(word: WordDocument, metadata: Metadata) -> None:
    """Write what the file says about itself."""
    core = word.core_properties
    core.title, core.author, core.last_modified_by = metadata.title, metadata.author, metadata.author
    core.created = core.modified = metadata.created.replace(tzinfo=None)
    core.comments, core.language, core.revision = metadata.program, "zh-CN", 1


def _set_page(section: Section, page: Page, *, wide: bool) -> None:
    """Set paper, margins and grid of the section."""
    from docx.enum.section import WD_ORIENT
    from docx.shared import Pt

    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Pt(page.width), Pt(page.height)
    section.left_margin = Pt(page.left)
    section.right_margin = Pt(page.width - page.left - page.measure)
    section.top_margin, section.bottom_margin = Pt(page.top), Pt(page.bottom)
    section.header_distance, section.footer_distance = Pt(15 * MM), Pt(FOOTER_RISE)
    parts.set_grid(section, on=not wide)


def _write_page_numbers(word: WordDocument) -> None:
    """Write "— n —" into the footers of odd (right) and even (left) pages."""
    word.settings.odd_and_even_pages_header_footer = True
    section = word.sections[0]
    for footer, right in ((section.footer, True), (section.even_page_footer, False)):
        footer.is_linked_to_previous = False
        _write_number_line(footer.paragraphs[0], right=right)


def _write_number_line(paragraph: WordParagraph, *, right: bool) -> None:
    """Write one page number line, at the right or the left edge."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph.style = parts.PLAIN_STYLE
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT
    inset = (0.0, FOOTER_INSET) if right else (FOOTER_INSET, 0.0)
    parts.set_indent(paragraph._element.get_or_add_pPr(), left=inset[0], right=inset[1])
    parts.style_run(paragraph.add_run("— "), parts.SONG, 14.0, 0)
    parts.add_field(paragraph, "PAGE", parts.SONG, 14.0)
    parts.style_run(paragraph.add_run(" —"), parts.SONG, 14.0, 0)


def _write_head(word: WordDocument, document: Document) -> None:
    """Write title, 文号 and 主送机关."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    for line in title_lines(document.title, OFFICIAL.measure):
        word.add_paragraph(line, style=parts.TITLE_STYLE)
    if document.number:
        word.add_paragraph(document.number, style=parts.PLAIN_STYLE).alignment = WD_ALIGN_PARAGRAPH.CENTER
    word.add_paragraph(style=parts.PLAIN_STYLE)
    if document.addressee:
        word.add_paragraph(document.addressee, style=parts.PLAIN_STYLE)


def _write_blocks(word: WordDocument, blocks: Iterable[Block], page: Page) -> None:
    """Write blocks in order."""
    before: Block | None = None
    for block in blocks:
        if isinstance(block, Table) and isinstance(before, Table):
            _add_gap(word)
        if before is not None and isinstance(block, Note | SignatureLine):
            _keep_end(word)
        _write_block(word, block, page)
        if isinstance(before, Heading) and isinstance(block, Paragraph) and parts.em_width(block.text) <= SHORT:
            word.paragraphs[-1].paragraph_format.keep_with_next = True
        before = block


def _write_block(word: WordDocument, block: Block, page: Page) -> None:
    """Write one block."""
    from docx.shared import Pt

    match block:
        case Heading():
            word.add_paragraph(block.text, style=parts.HEADING_STYLES[1 if block.level == 1 else 2])
        case Paragraph():
            _write_paragraph(word, block)
        case Note():
            word.add_paragraph(block.text, style=parts.NOTE_STYLE).paragraph_format.space_before = Pt(8)
        case Table():
            add_table(word, block, page.measure)
        case Figure():
            _write_figure(word, block, page.measure)
        case Photos():
            write_photos(word, block.photos, page.measure, photo_box(page.measure))
        case SignatureLine():
            word.add_paragraph(style=parts.PLAIN_STYLE).paragraph_format.keep_with_next = True
            _write_signature_line(word.add_paragraph(style=parts.CELL_STYLE), block.items, page.measure)
        case Spacer():
            for _ in range(block.lines):
                word.add_paragraph(style=parts.PLAIN_STYLE)
        case PageBreak():
            word.add_paragraph(style=parts.CELL_STYLE).paragraph_format.page_break_before = True
        case _:
            assert_never(block)


def _write_paragraph(word: WordDocument, block: Paragraph) -> None:
    """Write a paragraph of body text."""
    paragraph = word.add_paragraph(style=parts.BODY_STYLE if block.indent else parts.PLAIN_STYLE)
    for run in block.runs:
        written = paragraph.add_run(run.text)
        if run.style in _RUN_FONTS:
            parts.style_run(written, _RUN_FONTS[run.style])


def _add_gap(word: WordDocument) -> None:
    """Write a thin empty line, which also keeps two tables from growing together."""
    from docx.enum.text import WD_LINE_SPACING
    from docx.shared import Pt

    shape = word.add_paragraph(style=parts.CELL_STYLE).paragraph_format
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(10)


def _write_figure(word: WordDocument, figure: Figure, measure: float) -> None:
    """Write a chart as a picture of 300 dpi with its caption below."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    from xiaobao_desktop.reports.figures import render_png

    height = figure.lines * LINE - (FIGURE_CAPTION if figure.caption else 0)
    paragraph = word.add_paragraph(style=parts.CELL_STYLE)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.line_spacing = 1.0
    paragraph.paragraph_format.keep_with_next = bool(figure.caption)
    picture = BytesIO(render_png(figure.spec, measure, height, FIGURE_DPI))
    paragraph.add_run().add_picture(picture, width=Pt(measure), height=Pt(height))
    if figure.caption:
        word.add_paragraph(figure.caption, style=parts.CAPTION_STYLE)


def _write_signature_line(paragraph: WordParagraph, items: tuple[str, ...], measure: float) -> None:
    """Spread 制表 / 审核 / 负责人 over the line with tab stops."""
    from docx.enum.text import WD_TAB_ALIGNMENT
    from docx.shared import Pt

    last = len(items) - 1
    for index in range(1, len(items)):
        kind = WD_TAB_ALIGNMENT.RIGHT if index == last else WD_TAB_ALIGNMENT.CENTER
        paragraph.paragraph_format.tab_stops.add_tab_stop(Pt(measure * index / last), kind)
    parts.style_run(paragraph.add_run("\t".join(items)), parts.SONG, 10.5)


def _keep_end(word: WordDocument) -> None:
    """Bind what was written last to what follows, so that no page holds the signature alone."""
    from docx.table import Table as WordTable

    *_, last = word.iter_inner_content()
    if isinstance(last, WordTable):
        for cell in last.rows[-1].cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True
    else:
        last.paragraph_format.keep_with_next = True


def _write_closing(word: WordDocument, document: Document) -> None:
    """Write 附件说明, signature and date, kept together and with the end of the text."""
    if document.attachments or document.signature is not None:
        _keep_end(word)
    written: list[WordParagraph] = []
    many = len(document.attachments) > 1
    for index, name in enumerate(document.attachments):
        if index == 0:
            written.append(word.add_paragraph(style=parts.PLAIN_STYLE))
        text = ("附件：" if index == 0 else "") + (f"{index + 1}.{name}" if many else name)
        paragraph = word.add_paragraph(text, style=parts.PLAIN_STYLE)
        number = 0.75 * PITCH if many else 0.0
        hanging = number + (3 * PITCH if index == 0 else 0.0)
        parts.set_indent(paragraph._element.get_or_add_pPr(), left=5 * PITCH + number, hanging=hanging)
        written.append(paragraph)
    if document.signature is not None:
        written += _write_signature(word, document.signature)
    for paragraph in written[:-1]:
        paragraph.paragraph_format.keep_with_next = True


def _write_signature(word: WordDocument, signature: Signature) -> list[WordParagraph]:
    """Write name and date without a seal: the date starts two characters right of the name's first character."""
    name, date = parts.em_width(signature.name), parts.em_width(signature.date)
    date_start = min(28 - name, 26 - date)
    written = [word.add_paragraph(style=parts.PLAIN_STYLE)]
    for text, start in ((signature.name, date_start - 2), (signature.date, date_start)):
        paragraph = word.add_paragraph(text, style=parts.PLAIN_STYLE)
        parts.set_indent(paragraph._element.get_or_add_pPr(), left=max(start, 0.0) * PITCH)
        written.append(paragraph)
    if signature.contact:
        written.append(word.add_paragraph(signature.contact, style=parts.BODY_STYLE))
    return written


def _write_appendix(word: WordDocument, appendix: Appendix) -> None:
    """Write an annex on a page of its own."""
    label = word.add_paragraph(appendix.label, style=parts.ANNEX_LABEL_STYLE)
    label.paragraph_format.page_break_before = True
    word.add_paragraph(appendix.title, style=parts.ANNEX_TITLE_STYLE)
    _write_blocks(word, appendix.blocks, OFFICIAL)


def _write_wide_frame(word: WordDocument, document: Document) -> None:
    """Write title and head line into the header, foot line and page x of y into the footer of a wide page."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
    from docx.shared import Pt

    section = word.sections[0]
    section.header_distance, section.top_margin = Pt(LANDSCAPE.top - 12), Pt(LANDSCAPE.top + 44)
    section.footer_distance = Pt(42.0)
    section.bottom_margin = Pt(LANDSCAPE.bottom + (40 if document.print_mark else 12))
    header = section.header
    title = header.paragraphs[0]
    title.style, title.text = parts.ANNEX_TITLE_STYLE, "".join(document.title)
    if document.subtitle:
        section.top_margin = Pt(LANDSCAPE.top + 34 + WIDE_SUBTITLE_ROOM)
        line = header.add_paragraph(style=parts.CELL_STYLE)
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        parts.style_run(line.add_run(document.subtitle), parts.HEI, WIDE_SUBTITLE_SIZE)
    if document.head_line is not None:
        line = header.add_paragraph(style=parts.CELL_STYLE)
        stops = line.paragraph_format.tab_stops
        stops.add_tab_stop(Pt(LANDSCAPE.measure / 2), WD_TAB_ALIGNMENT.CENTER)
        stops.add_tab_stop(Pt(LANDSCAPE.measure), WD_TAB_ALIGNMENT.RIGHT)
        line.add_run("\t".join((document.head_line.left, document.head_line.center, document.head_line.right)))
    foot = section.footer.paragraphs[0]
    foot.style = parts.CELL_STYLE
    items = document.foot_line.items if document.foot_line else ()
    if document.numbers_from > 1:
        # How many pages Word will make is not known here: a page that is meant to stand alone carries no number.
        _write_signature_line(foot, items or ("",), LANDSCAPE.measure)
    else:
        _write_signature_line(foot, (*(items or ("",)), "第"), LANDSCAPE.measure)
        _write_page_of(foot)
    if document.print_mark:
        mark = section.footer.add_paragraph(style=parts.CELL_STYLE)
        parts.style_run(mark.add_run(document.print_mark), parts.SONG, 8.0)


def _write_page_of(paragraph: WordParagraph) -> None:
    """Complete "第" to "第x页　共y页"."""
    parts.add_field(paragraph, "PAGE", parts.SONG, 10.5)
    parts.style_run(paragraph.add_run("页　共"), parts.SONG, 10.5)
    parts.add_field(paragraph, "NUMPAGES", parts.SONG, 10.5)
    parts.style_run(paragraph.add_run("页"), parts.SONG, 10.5)
