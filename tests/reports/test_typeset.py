from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from tests.reports import sample_report as sample
from tests.reports.sample_report import body, led
from xiaobao_desktop.reports.document import (
    Block,
    Column,
    Document,
    Figure,
    Heading,
    Note,
    PageBreak,
    Signature,
    SignatureLine,
    Spacer,
    Table,
    TableStyle,
)
from xiaobao_desktop.reports.pdf_fonts import role_font
from xiaobao_desktop.reports.typeset import typeset
from xiaobao_desktop.reports.typeset_parts import LINE, OFFICIAL, PictureMark, PlacedPage, TextMark
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
