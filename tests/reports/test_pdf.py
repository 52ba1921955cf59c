from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.reports import sample_report as sample
from tests.reports.sample_report import METADATA, REPORT, body
from xiaobao_desktop.reports.cjk_text import NOT_AT_END, NOT_AT_START
from xiaobao_desktop.reports.document import (
    Appendix,
    Block,
    Column,
    ColumnKind,
    Document,
    Figure,
    Heading,
    Note,
    PageBreak,
    Paragraph,
    Signature,
    Spacer,
    Table,
    TableStyle,
)
from xiaobao_desktop.reports.pdf import write_pdf
from xiaobao_desktop.reports.pdf_fonts import Role, role_font, to_unicode_map

PAGE_NUMBER = re.compile(r"^—\s*(\d+)\s*—$")


def run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8").stdout


def pages_of(path: Path) -> list[list[str]]:
    """The lines of each page, as pdftotext reads them."""
    text = run("pdftotext", "-raw", str(path), "-")
    return [[line for line in page.splitlines() if line.strip()] for page in text.split("\f")[:-1]]


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def flowing_text(path: Path) -> str:
    """All text of the file without blanks and page numbers."""
    lines = [line for page in pages_of(path) for line in page if not PAGE_NUMBER.match(line.strip())]
    return bare("".join(lines))


def written(document: Document, path: Path) -> Path:
    write_pdf(document, path, metadata=METADATA)
    return path


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(REPORT, tmp_path_factory.mktemp("pdf") / "月报.pdf")


def words(path: Path) -> Iterator[tuple[int, str, float, float, float, float]]:
    """Page number, text, left, top, right, bottom of each word, in points from the upper left corner."""
    xml = run("pdftotext", "-bbox", str(path), "-")
    root = ET.fromstring(re.sub(r"<!DOCTYPE[^>]*>", "", xml))
    space = "{http://www.w3.org/1999/xhtml}"
    for number, page in enumerate(root.iter(f"{space}page"), start=1):
        for word in page.iter(f"{space}word"):
            left, top, right, bottom = (float(word.get(key, "nan")) for key in ("xMin", "yMin", "xMax", "yMax"))
            yield number, word.text or "", left, top, right, bottom


def document_of(*blocks: Block) -> Document:
    return Document(title=("消费者权益保护工作月报",), blocks=blocks)


def test_every_text_put_in_comes_out(report: Path) -> None:
    text = flowing_text(report)
    for block in REPORT.blocks:
        match block:
            case Paragraph() | Heading() | Note():
                assert bare(block.text) in text
            case Table():
                assert bare(block.caption) in text
                for row in block.rows:
                    assert bare("".join(row)) in text
            case Figure():
                assert bare(block.caption) in text
    for table in (block for block in REPORT.appendices[0].blocks if isinstance(block, Table)):
        for row in table.rows:
            assert bare("".join(row)) in text


def test_charts_are_text_and_vectors(report: Path) -> None:
    text = flowing_text(report)
    for piece in ("受理件数（件）", "2025年", "本月", "15日期限", "期限内33件", "经批准延期2件", "逾期1件"):
        assert piece in text
    assert len(run("pdfimages", "-list", str(report)).splitlines()) == 2


def test_the_sample_has_six_pages_numbered_on_both_sides(report: Path) -> None:
    pages = pages_of(report)
    numbers = [PAGE_NUMBER.match(page[-1].strip()) for page in pages]
    assert [match and match.group(1) for match in numbers] == ["1", "2", "3", "4", "5", "6"]
    dashes = [(page, left, right) for page, text, left, top, right, _ in words(report) if text == "—" and top > 740]
    for page, left, right in dashes:
        assert (left > 420) if page % 2 else (right < 180)


def test_pages_break_as_in_the_printed_target(report: Path) -> None:
    pages = pages_of(report)
    assert pages[1][0].startswith("受理件数") or "图1" in "".join(pages[1][:40])
    assert pages[2][0].startswith("（五）按被投诉机构分类。")
    assert pages[3][0].startswith("（二）宣传教育。")
    assert pages[4][0].startswith("附件1")
    assert any("附表4" in line for line in pages[5][:3])


def test_the_grid_is_28_by_22(tmp_path: Path) -> None:
    text = "民" * (26 + 28 * 59)
    path = written(Document(title=("题",), blocks=(body(text),)), tmp_path / "grid.pdf")
    second = [word for word in words(path) if word[0] == 2 and word[1].startswith("民民民")]
    assert len(second) == 22
    for _, line, left, _, right, _ in second:
        assert len(line) == 28
        assert left == pytest.approx(28 / 25.4 * 72, abs=0.1)
        assert right == pytest.approx((28 + 156) / 25.4 * 72, abs=0.3)
    tops = [line[3] for line in second]
    assert tops[21] - tops[0] == pytest.approx(21 * 225 / 22 / 25.4 * 72, abs=0.1)
    assert 37 / 25.4 * 72 < tops[0] < 37 / 25.4 * 72 + 28.99


def test_body_lines_stay_inside_the_block_but_for_hanging_marks(report: Path) -> None:
    right_edge = (28 + 156) / 25.4 * 72
    for page, text, left, _, right, _ in words(report):
        if page <= 4 and not text.startswith("—"):
            assert left > 28 / 25.4 * 72 - 0.5
            assert right < right_edge + (8.5 if text[-1] in NOT_AT_START else 0.5)


def test_no_line_starts_or_ends_with_a_forbidden_mark(report: Path) -> None:
    body_text = [bare(block.text) for block in REPORT.blocks if isinstance(block, Paragraph)]
    for page in pages_of(report)[:4]:
        for line in page:
            if any(bare(line) in text for text in body_text) and len(line) > 3:
                assert line.strip()[0] not in NOT_AT_START
                assert line.strip()[-1] not in NOT_AT_END


def test_all_fonts_are_embedded_subsets_with_text_maps(report: Path) -> None:
    rows = run("pdffonts", str(report)).splitlines()[2:]
    assert len(rows) >= 6
    for row in rows:
        name = row.split()[0]
        embedded, subset, unicode_map = row.split()[-5:-2]
        assert re.match(r"[A-Z]{6}\+", name), row
        assert (embedded, subset, unicode_map) == ("yes", "yes", "yes"), row
    assert "Helvetica" not in "\n".join(rows)


def test_rare_characters_and_the_minus_sign_can_be_copied(tmp_path: Path) -> None:
    rare = "㛃䶮𬱖𠮷−"
    table = Table(
        (Column("姓名", 20), Column("数", 20, ColumnKind.NUMBER)), (("㛃䶮𬱖", "−1"), ("合　计", "−9.76")), total=True
    )
    note = Note(f"注：{rare}")
    document = document_of(Heading(f"一、{rare}"), body(f"客户{rare}等"), table, note)
    path = written(replace(document, title=(f"题{rare}",)), tmp_path / "rare.pdf")
    text = flowing_text(path)
    for wanted in (f"题{rare}", f"一、{rare}", f"客户{rare}等", "㛃䶮𬱖−1", "合计−9.76", f"注：{rare}"):
        assert wanted in text


def test_the_same_document_gives_the_same_bytes_in_another_process(report: Path, tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from tests.reports.sample_report import REPORT, METADATA;"
        "from xiaobao_desktop.reports.pdf import write_pdf; write_pdf(REPORT, Path(sys.argv[1]), metadata=METADATA)"
    )
    other = tmp_path / "other.pdf"
    root = Path(__file__).resolve().parents[2]
    environment = {**os.environ, "PYTHONHASHSEED": "4711", "TZ": "America/New_York"}
    subprocess.run([sys.executable, "-c", script, str(other)], check=True, cwd=root, env=environment)
    assert other.read_bytes() == report.read_bytes()


def test_metadata_is_written_as_given(report: Path) -> None:
    info = run("pdfinfo", "-rawdates", str(report))
    assert re.search(r"Title:\s+2026年10月消费者权益保护工作月报", info)
    assert re.search(r"Author:\s+某某农村商业银行", info)
    assert "D:20261103092000+08'00'" in info
    assert "ReportLab" not in info


def test_stream_and_path_give_the_same(tmp_path: Path) -> None:
    document = document_of(body("正文。"))
    stream = BytesIO()
    write_pdf(document, stream, metadata=METADATA)
    assert stream.getvalue() == written(document, tmp_path / "a.pdf").read_bytes()


def test_a_target_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        write_pdf(document_of(body("正文。")), tmp_path / "nowhere" / "a.pdf", metadata=METADATA)


@pytest.mark.parametrize("filler", range(12, 20))
def test_a_heading_is_followed_by_two_lines_and_paragraphs_leave_no_single_line(tmp_path: Path, filler: int) -> None:
    blocks: tuple[Block, ...] = (
        *(body("填充行。") for _ in range(filler)),
        Heading("一、标题"),
        body("甲" * 26 + "乙" * 28 + "丙" * 28 + "丁" * 10 + "。"),
        body("戊" * 26 + "己" * 20 + "。"),
    )
    pages = pages_of(written(document_of(*blocks), tmp_path / "keep.pdf"))
    lines = [[line for line in page if not PAGE_NUMBER.match(line)] for page in pages]
    for page in lines:
        if "一、标题" in page:
            assert len(page) - page.index("一、标题") > 2
        assert page[-1][0] not in "甲戊"
    for page in lines[1:]:
        assert page[0][0] not in "丁己"


def test_a_table_that_does_not_fit_waits_while_text_fills_the_page(tmp_path: Path) -> None:
    filler = [body("填充行。") for _ in range(14)]
    after = [body(f"后文{index}。") for index in range(4)]
    path = written(document_of(*filler, sample.DUE, *after), tmp_path / "float.pdf")
    first, second = pages_of(path)
    assert "后文0。" in first
    assert first.index("后文0。") == first.index("填充行。", len(first) - 1 - first[::-1].index("填充行。")) + 1
    assert second[0].replace(" ", "") == bare(sample.DUE.caption)


def test_a_chart_that_does_not_fit_waits_as_well(tmp_path: Path) -> None:
    blocks = [body("填充行。") for _ in range(16)]
    document = document_of(
        *blocks, Figure("图1  甲", sample.PAIRS, 6), body("后文。"), Figure("图2  乙", sample.DOTS, 5)
    )
    first, second = pages_of(written(document, tmp_path / "chart.pdf"))
    assert "后文。" in first
    text = bare("".join(second))
    assert text.index("图1甲") < text.index("图2乙")


def test_the_signature_never_stands_alone(tmp_path: Path) -> None:
    for filler in range(9, 22):
        document = replace(
            document_of(*(body("填充行。") for _ in range(filler))),
            signature=Signature(
                "某某农村商业银行消费者权益保护部", "2026年11月3日", "（联系人：李某某，电话：0000-0000000）"
            ),
            attachments=("甲表", "乙表"),
        )
        last = pages_of(written(document, tmp_path / "sign.pdf"))[-1]
        assert "填充行。" in last
        for wanted in ("附件：1.甲表", "2.乙表", "某某农村商业银行消费者权益保护部", "2026年11月3日"):
            assert wanted in last


def test_signature_stands_as_the_standard_says(report: Path) -> None:
    pitch = 156 / 28 / 25.4 * 72
    by_text = {text: (left, right) for page, text, left, _, right, _ in words(report) if page == 4}
    name, date = by_text["某某农村商业银行消费者权益保护部"], by_text["2026年11月3日"]
    assert name[1] == pytest.approx((28 + 156) / 25.4 * 72 - 2 * pitch, abs=0.5)
    assert date[0] == pytest.approx(name[0] + 2 * pitch, abs=0.5)


def test_a_long_table_repeats_its_head_on_each_page(tmp_path: Path) -> None:
    table = replace(sample.DUE, rows=tuple((str(n), "11月5日", f"事项{n}", "投诉", "城东支行") for n in range(1, 101)))
    pages = pages_of(written(document_of(body("正文。"), table), tmp_path / "long.pdf"))
    heads = [sum(line.startswith("序号") for line in page) for page in pages]
    assert len(pages) >= 3
    assert heads == [1] * len(pages)
    text = bare("".join(line for page in pages for line in page))
    assert all(f"事项{n}投诉" in text for n in range(1, 101))
    assert "（续）" in text


@pytest.mark.parametrize("style", list(TableStyle))
def test_narrow_columns_long_cells_and_empty_tables_end(tmp_path: Path, style: TableStyle) -> None:
    columns = (Column("很长的表头", 1), Column("内容", 1), Column("数", 400, ColumnKind.NUMBER))
    long = "投诉内容很长，" * 300
    table = Table(columns, (("甲乙丙", long, "1"), ("", "", "—")), caption="表1  窄", style=style)
    path = written(document_of(table, replace(table, rows=())), tmp_path / "narrow.pdf")
    assert len(pages_of(path)) > 10
    assert flowing_text(path).count("，") == 300


def test_the_ledger_has_head_foot_and_page_numbers_on_each_page(tmp_path: Path) -> None:
    path = written(sample.ledger(100), tmp_path / "ledger.pdf")
    pages = pages_of(path)
    for number, page in enumerate(pages, start=1):
        text = bare("".join(page))
        assert text.count("消费投诉台账") == 1
        for wanted in (
            "填报机构：某某农村商业银行",
            "投诉编号",
            "制表：李某某",
            f"第{number}页共{len(pages)}页",
            "内部资料",
        ):
            assert wanted in text
    sizes = re.findall(r"Page\s+\d+ size:\s+([\d.]+) x ([\d.]+)", run("pdfinfo", "-l", "99", str(path)))
    assert {(round(float(width)), round(float(height))) for width, height in sizes} == {(842, 595)}
    text = flowing_text(path)
    assert all(f"TS2026-{number:04d}" in text for number in range(1, 101))


def test_a_ledger_page_of_short_rows_holds_fourteen(tmp_path: Path) -> None:
    table = Table(
        (Column("序号", 9), Column("内容", 200)), tuple((str(n), "短") for n in range(30)), style=TableStyle.LEDGER
    )
    pages = pages_of(written(replace(sample.ledger(1), blocks=(table,)), tmp_path / "short.pdf"))
    assert [sum("短" in line for line in page) for page in pages] == [14, 14, 2]


def test_page_breaks_spacers_and_pasted_rubbish(tmp_path: Path) -> None:
    document = document_of(
        PageBreak(),
        body("一\x00二\u200b三\r\n四\ud800"),
        Spacer(2),
        PageBreak(),
        Spacer(3),
        body("第二页\t末"),
        Spacer(30),
    )
    pages = pages_of(written(document, tmp_path / "rubbish.pdf"))
    assert "一二三" in pages[0]
    assert pages[1][0] == "第二页 末"


def test_appendices_start_pages_of_their_own(tmp_path: Path) -> None:
    annexes = tuple(Appendix(f"附件{n}", f"第{n}个附表", (Note("无。"),)) for n in (1, 2))
    pages = pages_of(written(replace(document_of(body("正文。")), appendices=annexes), tmp_path / "annex.pdf"))
    assert [page[0] for page in pages] == ["消费者权益保护工作月报", "附件1", "附件2"]
    assert [page[-1].replace(" ", "") for page in pages] == ["—1—", "—2—", "—3—"]


def test_page_numbers_can_be_left_out(tmp_path: Path) -> None:
    pages = pages_of(written(replace(document_of(body("正文。")), page_numbers=False), tmp_path / "bare.pdf"))
    assert not any(PAGE_NUMBER.match(line) for line in pages[0])


def test_table_digits_are_equally_wide_and_rare_characters_fall_back() -> None:
    song = role_font(Role.SONG)
    assert len({round(song.advance(digit), 4) for digit in "0123456789"}) == 1
    for role in Role:
        assert role_font(role).face_for("䶮").has("䶮")
        assert role_font(role).face_for("𬱖").has("𬱖")


def test_to_unicode_map_writes_surrogates_and_skips_holes() -> None:
    text = to_unicode_map("ABCDEF+Font", [0, ord("国"), ord("𬱖")])
    assert "<01> <56FD>" in text
    assert "<02> <D873DC56>" in text
    assert "<00> <0000>" not in text
    assert "2 beginbfchar" in text
