"""Every report as Word: read back part by part, and (with ``--full``) turned into pages by LibreOffice."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import docx
import pytest
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm

from tests.reports.all_reports import Paper, blocks
from tests.reports.page_reading import ReadPage, read_pages
from xiaobao_desktop import resources
from xiaobao_desktop.reports.document import Heading, Table
from xiaobao_desktop.reports.typeset_parts import MM
from xiaobao_desktop.services import reporting

FACES = {"仿宋_GB2312", "楷体_GB2312", "黑体", "方正小标宋简体", "宋体"}
OURS = {
    "仿宋_GB2312": "FandolFang TT",
    "楷体_GB2312": "XiaoBao WenKai",
    "黑体": "Noto Sans SC",
    "方正小标宋简体": "Noto Serif SC Black",
    "宋体": "Noto Serif SC",
}
"""The program's own faces in the place of the official ones, which only a Chinese PC has."""
LINE = 28.95


@pytest.fixture(scope="module")
def words(papers: list[Paper]) -> list[tuple[Paper, WordDocument]]:
    """One file of each kind, of the emptiest book that has one: looks do not depend on how many records there are."""
    chosen: dict[object, Paper] = {}
    for book in ("empty", "one", "union", "full"):
        for paper in papers:
            if paper.book == book and "docx" in paper.built.info.formats:
                chosen.setdefault(reporting.kind(paper.built.info.name).build, paper)
    made = [(paper, docx.Document(io.BytesIO(reporting.render(paper.built, "docx")))) for paper in chosen.values()]
    written = [info for info in reporting.reports() if "docx" in info.formats]
    assert set(chosen) == {reporting.kind(info.name).build for info in written}
    return made


def test_headings_are_headings(words: list[tuple[Paper, WordDocument]]) -> None:
    found = 0
    for paper, word in words:
        styles = {item.text: item.style.name for item in word.paragraphs if item.style}
        for block in blocks(paper.document):
            if isinstance(block, Heading):
                found += 1
                assert styles[block.text] == f"Heading {block.level}", (paper.name, block.text)
    assert found > 20


def test_heads_are_repeated_and_no_row_is_split(words: list[tuple[Paper, WordDocument]]) -> None:
    for paper, word in words:
        tables = [block for block in blocks(paper.document) if isinstance(block, Table)]
        assert len(word.tables) == len(tables), paper.name
        for table, block in zip(word.tables, tables, strict=True):
            marks = [{child.tag for child in row._tr.trPr} for row in table.rows]
            heads = 2 if block.has_groups else 1
            assert [qn("w:tblHeader") in mark for mark in marks] == [place < heads for place in range(len(marks))]
            assert all(qn("w:cantSplit") in mark for mark in marks), paper.name
            widths = sum(int(column._gridCol.get(qn("w:w"))) for column in table.columns)
            assert widths == pytest.approx(20 * paper.area.measure, abs=10), paper.name


def test_pages_margins_and_page_numbers(words: list[tuple[Paper, WordDocument]]) -> None:
    for paper, word in words:
        (section,) = word.sections
        codes = {code.text for code in section.footer._element.iter(qn("w:instrText"))}
        if paper.official:
            assert section.orientation == WD_ORIENT.PORTRAIT
            margins = (section.top_margin, section.left_margin, section.right_margin, section.bottom_margin)
            for margin, wanted in zip(margins, (37, 28, 26, 35), strict=True):
                assert margin == pytest.approx(Mm(wanted), abs=Mm(0.1)), paper.name
            grid: Any = section._sectPr.find(qn("w:docGrid"))
            assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", "579")
            assert codes == {" PAGE "}
            assert section.footer.paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.RIGHT
            assert section.even_page_footer.paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.LEFT
            assert word.settings.odd_and_even_pages_header_footer
        else:
            assert section.orientation == WD_ORIENT.LANDSCAPE
            assert section.page_width == pytest.approx(Mm(297), abs=Mm(0.1)), paper.name
            assert section.page_height == pytest.approx(Mm(210), abs=Mm(0.1)), paper.name
            assert codes == (set() if paper.document.numbers_from > 1 else {" PAGE ", " NUMPAGES "}), paper.name


def test_only_the_official_faces_are_named_and_each_has_a_stand_in(words: list[tuple[Paper, WordDocument]]) -> None:
    for paper, word in words:
        used = {item.style.element for item in word.paragraphs if item.style}
        for part in (word.element.body, *used, word.sections[0].footer._element):
            for fonts in part.iter(qn("w:rFonts")):
                assert {value for key, value in fonts.attrib.items() if not key.endswith("hint")} <= FACES, paper.name
        listed = parse_xml(next(part for part in word.part.package.iter_parts() if "fontTable" in part.partname).blob)
        stand_ins = {
            face.get(qn("w:name")): [child.get(qn("w:val")) for child in face if child.tag == qn("w:altName")]
            for face in listed
        }
        assert set(stand_ins) == FACES
        assert all(stand_ins.values())


def test_a_table_never_ends_the_file(words: list[tuple[Paper, WordDocument]]) -> None:
    """Word would put an empty line of 29 pt after it, which may need a page of its own."""
    for paper, word in words:
        last = list(word.element.body)[-2]
        assert last.tag == qn("w:p"), paper.name


def converted(papers: list[Paper], folder: Path) -> dict[str, list[ReadPage]]:
    """The pages that LibreOffice makes of the Word files with the program's own faces in the place of the official."""
    rules = "".join(
        f'<match target="pattern"><test name="family"><string>{name}</string></test>'
        f'<edit name="family" mode="assign" binding="strong"><string>{own}</string></edit></match>'
        for name, own in OURS.items()
    )
    config = folder / "fonts.conf"
    fonts = f"<dir>{resources.path('fonts')}</dir><cachedir>{folder / 'cache'}</cachedir>"
    config.write_text(f'<?xml version="1.0"?><fontconfig>{fonts}{rules}</fontconfig>', encoding="utf-8")
    files = []
    for number, paper in enumerate(papers):
        files.append(folder / f"{number}.docx")
        files[-1].write_bytes(reporting.render(paper.built, "docx"))
    command = ["soffice", f"-env:UserInstallation={(folder / 'office').as_uri()}", "--headless", "--convert-to", "pdf"]
    environment = {**os.environ, "FONTCONFIG_FILE": str(config)}
    subprocess.run(
        [*command, "--outdir", str(folder), *map(str, files)], check=True, capture_output=True, env=environment
    )
    return {paper.name: read_pages(file.with_suffix(".pdf")) for paper, file in zip(papers, files, strict=True)}


@pytest.mark.full
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_makes_as_many_pages_on_the_same_grid(papers: list[Paper], tmp_path: Path) -> None:
    chosen = [
        paper
        for paper in papers
        if paper.book == "full" and "docx" in paper.built.info.formats and "campaign" not in paper.name
    ]
    pages = converted(chosen, tmp_path)
    counts = {paper.name: len(pages[paper.name]) - len(paper.pages) for paper in chosen}
    # LibreOffice sets blanks between Chinese and digits, and tables cannot float in Word: long texts need a page more.
    assert {name: more for name, more in counts.items() if more not in (0, 1)} == {}
    assert sum(more == 0 for more in counts.values()) >= 0.75 * len(counts), counts
    assert not any(counts[paper.name] for paper in chosen if not paper.official), counts
    for paper in chosen:
        for number, page in enumerate(pages[paper.name], start=1):
            if not paper.official:
                assert page.width > page.height, paper.name
                continue
            assert f"—{number}—" in page.text, paper.name
            text = [word for word in page.words if abs(word.size - 16.0) < 0.1 and word.top < 262 * MM]
            gaps = {round((word.top - text[0].top) / LINE, 1) % 1.0 for word in text[1:]}
            assert gaps <= {0.0} or number > 1, (paper.name, number, gaps)
    complaints = next(paper for paper in chosen if paper.name == "ledger-2026-complaint")
    assert all("投诉编号" in page.text and "第" in page.text for page in pages[complaints.name])


def test_zip_members_are_dated_alike(words: list[tuple[Paper, WordDocument]]) -> None:
    paper = words[0][0]
    with ZipFile(io.BytesIO(reporting.render(paper.built, "docx"))) as file:
        assert {item.date_time for item in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
