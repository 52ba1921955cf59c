from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from tests.reports import sample_report as sample
from tests.reports.sample_report import body, led
from xiaobao_desktop.reports.document import (
    Appendix,
    Block,
    Column,
    ColumnKind,
    Document,
    Figure,
    Heading,
    Layout,
    Note,
    PageBreak,
    Signature,
    SignatureLine,
    Spacer,
    Table,
    TableStyle,
)
from xiaobao_desktop.reports.pdf_fonts import Role, role_font
from xiaobao_desktop.reports.typeset import typeset
from xiaobao_desktop.reports.typeset_parts import (
    LINE,
    OFFICIAL,
    FrameMark,
    Mark,
    PictureMark,
    PlacedPage,
    RuleMark,
    TextMark,
)
from xiaobao_desktop.reports.typeset_text import paragraph_pieces

WORDS = (
    "客服热线15件，",
    "占比40.54%；",
    "（含上月结转3件）",
    "消费者权益保护",
    "TS2026-0326",
    "……",
    "“其余”",
    "、网点",
)


def random_document(seed: int) -> Document:
    draw = random.Random(seed)

    def text() -> str:
        return "首" + "".join(draw.choice(WORDS) for _ in range(draw.randint(0, 60))) + f"尾{draw.randint(0, 9)}。"

    def block() -> Block:
        makers: tuple[Callable[[], Block], ...] = (
            lambda: body(text()),
            lambda: body(text()),
            lambda: led("（一）来源。", text()),
            lambda: Heading("一、标题" * draw.randint(1, 9), draw.choice((1, 2))),
            lambda: Note(text()),
            lambda: sample.DUE,
            lambda: sample.INDICATORS,
            lambda: Figure("图1", sample.PAIRS, draw.randint(4, 9)),
            lambda: Spacer(draw.randint(1, 3)),
            PageBreak,
            lambda: SignatureLine(("制表：", "审核：")),
        )
        return draw.choice(makers)()

    signature = Signature("某某银行", "2026年11月3日") if draw.random() < 0.7 else None
    return Document(
        title=("题",),
        blocks=tuple(block() for _ in range(draw.randint(0, 40))),
        signature=signature,
        attachments=("甲",),
    )


def texts(pages: list[PlacedPage]) -> list[str]:
    return [
        mark.text for page in pages for _, piece in page.pieces for mark in piece.marks if isinstance(mark, TextMark)
    ]


@pytest.mark.parametrize("seed", range(40))
def test_random_documents_fill_pages_without_overlap_or_loss(seed: int) -> None:
    document = random_document(seed)
    pages = typeset(document)
    for page in pages:
        pieces = sorted((item for item in page.pieces if item[1].height), key=lambda item: item[0])
        end = 0.0
        for y, piece in pieces:
            assert y >= end - 0.02
            end = y + piece.height
            assert end <= OFFICIAL.depth + 0.02
    shown = "".join(texts(pages))
    for block in document.blocks:
        if isinstance(block, Heading | Note):
            assert shown.count(block.text[:5]) >= 1
    pictures = [
        mark for page in pages for _, piece in page.pieces for mark in piece.marks if isinstance(mark, PictureMark)
    ]
    assert len(pictures) == sum(isinstance(block, Figure) for block in document.blocks)
    assert shown.count("到期日") == sum(block is sample.DUE for block in document.blocks)
    assert shown.count("上年同月") == sum(block is sample.INDICATORS for block in document.blocks)


def test_everything_in_the_body_stands_on_the_grid() -> None:
    for page in typeset(sample.REPORT)[:4]:
        for y, piece in page.pieces:
            assert y / LINE == pytest.approx(round(y / LINE), abs=1e-6)
            assert piece.height / LINE == pytest.approx(round(piece.height / LINE), abs=1e-6)


@pytest.mark.parametrize("style", list(TableStyle))
@pytest.mark.parametrize("length", [20, 200, 380, 400, 900])
def test_a_row_taller_than_a_page_is_cut_and_stays_on_its_pages(style: TableStyle, length: int) -> None:
    table = Table(
        (Column("甲", 10), Column("乙", 100)), (("长" * length, "1"), ("末", "2")), caption="表1", style=style
    )
    pages = typeset(Document(title=("题",), blocks=(body("正文。"), table)))
    assert "".join(texts(pages)).count("长") == length
    for page in pages:
        for y, piece in page.pieces:
            assert y + piece.height <= OFFICIAL.depth + 0.02


@pytest.mark.parametrize("style", list(TableStyle))
@pytest.mark.parametrize(
    "group", ["", "本月", "本月受理的投诉按被投诉机构所在地区和业务办理渠道分类以及与上月相比的增减情况"]
)
def test_a_head_grows_with_its_titles(style: TableStyle, group: str) -> None:
    columns = (
        Column("机构", 60),
        Column("金融机构服务设施、设备、业务系统方面", 9, group=group),
        Column("件数", 60, group=group),
    )
    (page,) = typeset(Document(title=("题",), blocks=(Table(columns, (("甲", "1", "2"),), style=style),)))
    piece = next(piece for _, piece in page.pieces if any(mark_text(mark) == "机构" for mark in piece.marks))
    head = [mark for mark in piece.marks if isinstance(mark, TextMark) and mark.role is Role.HEI]
    rules = sorted(mark.y1 for mark in piece.marks if isinstance(mark, RuleMark) and mark.y1 == mark.y2)
    frame = [mark.y for mark in piece.marks if isinstance(mark, FrameMark)]
    row = next(mark for mark in piece.marks if mark_text(mark) == "甲")
    assert isinstance(row, TextMark)
    top, bottom = min([*rules, *frame]), max(y for y in rules if y < row.y)
    assert len(head) > 6
    assert min(mark.y - 0.85 * mark.size for mark in head) >= top
    assert max(mark.y + 0.1 * mark.size for mark in head) <= bottom


def test_a_note_stands_on_the_page_of_its_cross_table() -> None:
    def pages(rows: int) -> list[PlacedPage]:
        columns = (Column("类别", 30), *(Column(f"原因{number}", 15, ColumnKind.NUMBER) for number in range(12)))
        lines = tuple((f"类{number}", *("1",) * 12) for number in range(rows))
        table = Table(columns, lines, style=TableStyle.CROSS)
        note = Note("注：" + "占比四舍五入保留两位小数，不作调整，合计可能不等于100%。" * 3)
        return typeset(Document(title=("表",), blocks=(table, note), layout=Layout.LANDSCAPE, print_mark="内部资料"))

    assert [len(pages(rows)) for rows in (10, 15, 17, 19)] == [1, 1, 1, 1]
    many = pages(60)
    assert [len([text for text in texts([page]) if text.startswith("类")]) for page in many][-1] > 1


@pytest.mark.parametrize("total", [True, False])
def test_what_stands_below_a_table_is_never_without_rows_of_it(total: bool) -> None:
    columns = (Column("机构", 60), Column("件数", 20, ColumnKind.NUMBER))
    note, sign = (
        Note("统计口径：" + "投诉按收到日期统计，占比四舍五入，不作调整。" * 8),
        SignatureLine(("制表：甲", "审核：乙")),
    )
    for count in range(20, 100):
        rows = tuple((f"机构{number}", "1") for number in range(count))
        rows = (*rows, ("合　计", "1")) if total else rows
        table = Table(columns, rows, "附表1", total=total, style=TableStyle.ANNEX)
        annex = Appendix("附件", "统计表", (table, note, sign))
        pages = typeset(Document(title=("题",), blocks=(body("正文。"),), appendices=(annex,)))
        last = texts(pages[-1:])
        assert sum(text.startswith("机构") for text in last) >= 2, count
        assert any(text.startswith("统计口径") for text in last), count
        assert "制表：甲" in last, count
        assert sum(text.startswith("机构") and text != "机构" for text in texts(pages)) == count


def test_below_a_high_table_the_signature_takes_the_list_of_annexes_along() -> None:
    for rows in range(18, 32):
        lines = tuple((str(row), "值") for row in range(rows))
        table = Table((Column("甲", 40), Column("乙", 60)), lines, caption="表1")
        document = Document(
            title=("题",),
            blocks=(body("正文。"), table),
            signature=Signature("某某银行", "2026年11月3日"),
            attachments=("甲", "乙"),
        )
        signed = next(page for page in typeset(document) if "某某银行" in texts([page]))
        assert any(text.startswith("附件") for text in texts([signed])), rows


def test_a_total_is_never_left_alone() -> None:
    columns = (Column("机构", 60), Column("件数", 20, ColumnKind.NUMBER))
    for count in range(35, 75):
        rows = (*((f"机构{number}", "1") for number in range(count)), ("合　计", str(count)))
        pages = typeset(Document(title=("题",), blocks=(Table(columns, rows, "表1  受理情况", total=True),)))
        assert texts(pages[-1:]).count("1") >= 1, count
        assert sum(text.startswith("机构") and text != "机构" for text in texts(pages)) == count


def test_a_title_too_long_for_a_line_is_broken_after_a_word() -> None:
    long = "关于2025年消费者权益保护工作落实情况的报告"
    pages = typeset(Document(title=("某某银行", long), blocks=(body("正文。"),)))
    title = [mark for _, piece in pages[0].pieces for mark in piece.marks if mark_role(mark) is Role.TITLE]
    assert [mark_text(mark) for mark in title] == ["某某银行", "关于2025年消费者权益保护工作", "落实情况的报告"]
    assert all(isinstance(mark, TextMark) and mark.spacing == 0.0 for mark in title), "not squeezed"
    unbreakable = typeset(Document(title=("无" * 30,), blocks=()))
    assert [len(text) for text in texts(unbreakable) if text.startswith("无")] == [15, 15]


def mark_text(mark: Mark) -> str:
    return mark.text if isinstance(mark, TextMark) else ""


def mark_role(mark: Mark) -> Role | None:
    return mark.role if isinstance(mark, TextMark) else None


def test_an_empty_document_is_one_page() -> None:
    assert len(typeset(Document(title=("题",), blocks=()))) == 1


def test_justified_lines_end_at_the_right_edge() -> None:
    pieces = paragraph_pieces(
        body("截至10月末，我行本月受理消费投诉37件，环比增加4件、上升12.12%，同比减少4件、下降9.76%；办结33件。" * 3)
    )
    for piece in pieces[:-1]:
        mark = piece.marks[-1]
        assert isinstance(mark, TextMark)
        assert isinstance(mark.spacing, tuple)
        advances = role_font(mark.role).advances(mark.text)
        end = mark.x + sum(advances) * mark.size + sum(mark.spacing[:-1])
        hang = advances[-1] * mark.size / 2 if mark.text[-1] in "，。、；" else 0.0
        assert OFFICIAL.measure - 0.05 <= end <= OFFICIAL.measure + hang + 0.05
