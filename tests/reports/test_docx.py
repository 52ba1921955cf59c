from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import docx
import pytest
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph as WordParagraph

from tests.reports import sample_report as sample
from tests.reports.sample_report import METADATA, REPORT, body
from xiaobao_desktop.reports.document import (
    Document,
    Figure,
    Heading,
    Layout,
    Note,
    PageBreak,
    Paragraph,
    Run,
    RunStyle,
    Spacer,
    Table,
)
from xiaobao_desktop.reports.docx import write_docx


def word_of(document: Document) -> WordDocument:
    stream = BytesIO()
    write_docx(document, stream, metadata=METADATA)
    stream.seek(0)
    return docx.Document(stream)


@pytest.fixture(scope="module")
def report() -> WordDocument:
    return word_of(REPORT)


def fonts_of(properties: Any) -> dict[str, str]:
    fonts = properties.find(qn("w:rFonts"))
    return {str(key).split("}")[1]: value for key, value in fonts.attrib.items()}


def test_the_text_is_read_back_in_order(report: WordDocument) -> None:
    read: list[str] = []
    for item in report.iter_inner_content():
        if isinstance(item, WordParagraph):
            read.append(item.text)
        else:
            read += ["".join(cell.text for cell in row.cells) for row in item.rows]
    expected = [*REPORT.title, REPORT.addressee]
    for block in REPORT.blocks:
        if isinstance(block, Paragraph | Heading | Note):
            expected.append(block.text)
        elif isinstance(block, Table):
            expected += [block.caption, *("".join(row) for row in block.rows)]
        elif isinstance(block, Figure):
            expected.append(block.caption)
    expected += ["附件：1.2026年10月消费投诉分类统计表", "2.2026年10月消保工作月报复核页"]
    expected += ["某某农村商业银行消费者权益保护部", "2026年11月3日", "附件1", "2026年10月消费投诉分类统计表"]
    rest = iter(read)
    missing = [text for text in expected if not any(text == line for line in rest)]
    assert missing == []


def test_page_and_grid(report: WordDocument) -> None:
    section = report.sections[0]
    for measured, wanted in (
        (section.page_width, 210),
        (section.page_height, 297),
        (section.top_margin, 37),
        (section.bottom_margin, 35),
        (section.left_margin, 28),
        (section.right_margin, 26),
    ):
        assert measured == pytest.approx(Mm(wanted), abs=Mm(0.1))
    grid = section._sectPr.find(qn("w:docGrid"))
    assert grid.get(qn("w:type")) == "lines"
    assert grid.get(qn("w:linePitch")) == "579"


@pytest.mark.parametrize(
    ("style", "font", "size"),
    [
        ("公文正文", "仿宋_GB2312", 16),
        ("Heading 1", "黑体", 16),
        ("Heading 2", "楷体_GB2312", 16),
        ("Title", "方正小标宋简体", 22),
        ("表格文字", "宋体", 10),
        ("口径说明", "楷体_GB2312", 9.5),
        ("Caption", "黑体", 11),
    ],
)
def test_styles_name_the_official_fonts(report: WordDocument, style: str, font: str, size: float) -> None:
    found: Any = report.styles[style]
    assert found.font.size.pt == size
    fonts = fonts_of(found.element.rPr)
    assert {fonts[script] for script in ("ascii", "hAnsi", "eastAsia", "cs")} == {font}


def test_no_theme_font_is_left(report: WordDocument) -> None:
    assert not re.search(r"w:(ascii|hAnsi|eastAsia|cs)Theme", report.styles.element.xml)


def test_body_paragraphs_are_indented_by_characters_on_exact_lines(report: WordDocument) -> None:
    properties = report.styles["公文正文"].element.pPr
    assert properties.find(qn("w:ind")).get(qn("w:firstLineChars")) == "200"
    spacing = properties.find(qn("w:spacing"))
    assert (spacing.get(qn("w:line")), spacing.get(qn("w:lineRule"))) == ("579", "exact")
    assert report.styles["公文正文"].element.rPr.find(qn("w:spacing")).get(qn("w:val")) == "-4"


def test_page_numbers_are_fields_right_on_odd_and_left_on_even_pages(report: WordDocument) -> None:
    assert report.settings.odd_and_even_pages_header_footer
    section = report.sections[0]
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        paragraph = footer.paragraphs[0]
        assert paragraph.alignment == side
        assert paragraph.text == "— 1 —"
        assert [code.text for code in paragraph._element.iter(qn("w:instrText"))] == [" PAGE "]
        assert {fonts_of(run._element.rPr)["eastAsia"] for run in paragraph.runs} == {"宋体"}


def test_page_numbers_can_be_left_out() -> None:
    assert word_of(replace(REPORT, page_numbers=False)).sections[0].footer.paragraphs[0].text == ""


def _rows_marked(table: WordTable, tag: str) -> int:
    return sum(row._tr.find(f"{qn('w:trPr')}/{qn(tag)}") is not None for row in table.rows)


def test_heads_are_repeated_and_rows_kept_whole(report: WordDocument) -> None:
    assert len(report.tables) == 7
    for table in report.tables:
        assert _rows_marked(table, "w:tblHeader") == (2 if len(table.columns) == 9 else 1)
        assert _rows_marked(table, "w:cantSplit") == len(table.rows)
        widths = [int(column._gridCol.get(qn("w:w"))) for column in table.columns]
        assert sum(widths) == pytest.approx(156 / 25.4 * 1440, abs=10)


def test_two_level_heads_are_merged(report: WordDocument) -> None:
    annex = next(table for table in report.tables if len(table.columns) == 9)
    upper, lower = (list(row.cells) for row in annex.rows[:2])
    assert upper[0]._tc is lower[0]._tc
    assert upper[1]._tc is upper[2]._tc
    assert (upper[1].text, lower[1].text, lower[2].text) == ("本月", "件数", "占比(%)")
    assert upper[3].text == "上月\n件数"


def test_total_rows_stand_in_hei(report: WordDocument) -> None:
    annex = next(table for table in report.tables if len(table.columns) == 9)
    fonts = [fonts_of(row.cells[1].paragraphs[0].runs[0]._element.rPr)["eastAsia"] for row in annex.rows[2:]]
    assert fonts == ["宋体"] * (len(fonts) - 1) + ["黑体"]


def test_charts_are_pictures_of_the_full_width(report: WordDocument) -> None:
    assert len(report.inline_shapes) == 2
    for shape in report.inline_shapes:
        assert shape.width == pytest.approx(Mm(156), abs=Mm(0.1))
    images = [part for part in report.part.package.iter_parts() if part.content_type == "image/png"]
    assert len(images) == 2


def test_run_in_leads_stand_in_kai() -> None:
    runs = (Run("（一）来源。", RunStyle.LEAD), Run("热线"), Run("15件", RunStyle.STRONG))
    word = word_of(replace(REPORT, blocks=(Paragraph(runs),), appendices=()))
    paragraph = next(item for item in word.paragraphs if item.text.startswith("（一）"))
    fonts = [fonts_of(run._element.rPr)["eastAsia"] if run._element.rPr is not None else "" for run in paragraph.runs]
    assert fonts == ["楷体_GB2312", "", "黑体"]


def test_signature_and_attachments_keep_together(report: WordDocument) -> None:
    texts = [paragraph.text for paragraph in report.paragraphs]
    first, last = texts.index("附件：1.2026年10月消费投诉分类统计表"), texts.index("2026年11月3日")
    assert all(paragraph.paragraph_format.keep_with_next for paragraph in report.paragraphs[first:last])


def test_rare_characters_minus_and_pasted_rubbish() -> None:
    table = Table(sample.INDICATORS.columns, (("㛃䶮𬱖\x00", "−1", "", "", "", "", ""),))
    word = word_of(Document(("题\x0b",), (body("一\x00二\ud800"), table, PageBreak(), Spacer(2), body("末"))))
    assert word.tables[0].cell(1, 0).text == "㛃䶮𬱖"
    assert word.tables[0].cell(1, 1).text == "−1"
    assert "一二\ufffd" in [paragraph.text for paragraph in word.paragraphs]
    assert any(paragraph.paragraph_format.page_break_before for paragraph in word.paragraphs)


def test_a_ledger_is_a_wide_page_with_head_and_foot_on_each_page() -> None:
    word = word_of(sample.ledger(40))
    section = word.sections[0]
    assert section.orientation == WD_ORIENT.LANDSCAPE
    assert section.page_width is not None
    assert section.page_height is not None
    assert section.page_width > section.page_height
    assert section.header.paragraphs[0].text == "消费投诉台账"
    assert section.header.paragraphs[1].text.split("\t")[2] == "共40件"
    foot = section.footer.paragraphs[0]
    assert foot.text == "制表：李某某\t审核：王某某\t负责人：张某某\t第1页　共1页"
    assert [code.text for code in foot._element.iter(qn("w:instrText"))] == [" PAGE ", " NUMPAGES "]
    assert section.footer.paragraphs[1].text.startswith("内部资料")
    assert len(word.tables[0].rows) == 41


def test_a_long_title_is_broken_as_in_the_pdf() -> None:
    word = word_of(
        replace(REPORT, title=("某某银行", "关于2025年消费者权益保护工作落实情况的报告"), blocks=(), appendices=())
    )
    titles = [item.text for item in word.paragraphs if item.style is not None and item.style.name == "Title"]
    assert titles == ["某某银行", "关于2025年消费者权益保护工作", "落实情况的报告"]


def test_a_long_table_may_be_broken_but_leaves_no_row_alone() -> None:
    rows = tuple((f"网点{number}", "1", "", "", "", "", "") for number in range(60))
    table = word_of(Document(("题",), (body("正文。"), Table(sample.INDICATORS.columns, rows)))).tables[0]
    bound = [bool(row.cells[0].paragraphs[0].paragraph_format.keep_with_next) for row in table.rows]
    assert bound == [True] * 3 + [False] * 55 + [True] * 2 + [False]
    short = word_of(Document(("题",), (body("正文。"), Table(sample.INDICATORS.columns, rows[:12])))).tables[0]
    kept = [bool(row.cells[0].paragraphs[0].paragraph_format.keep_with_next) for row in short.rows]
    assert kept == [True] * 12 + [False], "one that fits a page stays whole"


def test_a_wide_page_without_anything_is_a_file() -> None:
    assert word_of(Document(("题",), (), layout=Layout.LANDSCAPE)).sections[0].orientation == WD_ORIENT.LANDSCAPE


def test_properties_and_equal_bytes(tmp_path: Path) -> None:
    first, second = BytesIO(), tmp_path / "b.docx"
    write_docx(REPORT, first, metadata=METADATA)
    write_docx(REPORT, second, metadata=METADATA)
    assert first.getvalue() == second.read_bytes()
    assert {info.date_time for info in ZipFile(second).infolist()} == {(1980, 1, 1, 0, 0, 0)}
    core = docx.Document(str(second)).core_properties
    assert (core.title, core.author) == (METADATA.title, METADATA.author)
    assert core.created is not None
    assert core.created.replace(tzinfo=None) == datetime(2026, 11, 3, 9, 20)  # noqa: DTZ001 - Word stores no zone


def test_the_xml_follows_the_order_of_the_schema(report: WordDocument) -> None:
    order = [
        "keepNext",
        "widowControl",
        "autoSpaceDE",
        "autoSpaceDN",
        "snapToGrid",
        "spacing",
        "ind",
        "jc",
        "outlineLvl",
    ]
    for style in report.styles.element.iter(qn("w:style")):
        properties = style.find(qn("w:pPr"))
        names = [] if properties is None else [child.tag.split("}")[1] for child in properties]
        known = [order.index(name) for name in names if name in order]
        assert known == sorted(known), names
