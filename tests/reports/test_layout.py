"""Every report there is, for a full, a nearly empty and an empty book: pages read back with the places of their words.

What holds for each page is checked here, whatever the report says: nothing outside the text block, whole lines of the
grid, no heading at the foot, table heads on each page, page numbers, only embedded faces, no character lost.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import pytest

from tests.reports.all_reports import RARE, Paper, blocks
from tests.reports.page_reading import ReadPage, Word, faces_not_embedded
from xiaobao_desktop.reports.document import (
    Document,
    Figure,
    Heading,
    Note,
    Paragraph,
    Photos,
    RunStyle,
    SignatureLine,
    Table,
)
from xiaobao_desktop.reports.pdf_fonts import Role
from xiaobao_desktop.reports.typeset import typeset
from xiaobao_desktop.reports.typeset_parts import LINE, OFFICIAL, PITCH, TextMark
from xiaobao_desktop.services import reporting

NO_START = "、，。；：？！）》”’％…"
NO_END = "（《“‘"
LATER = "（续）"


def test_every_report_was_made_from_every_book(papers: list[Paper]) -> None:
    made = Counter(paper.built.info.name for paper in papers)
    assert set(made) == {info.name for info in reporting.reports()}
    assert all(paper.pages for paper in papers)
    assert sum(len(paper.pages) > 1 for paper in papers) > 10


def test_nothing_stands_outside_the_text_block(papers: list[Paper]) -> None:
    for paper in papers:
        area = paper.area
        for page in paper.pages:
            assert page.width == pytest.approx(area.width, abs=0.1), paper.name
            assert page.height == pytest.approx(area.height, abs=0.1), paper.name
            for word in paper.inside(page):
                # A closing mark may hang half a character into the margin.
                hang = word.size / 2 if word.text[-1] in NO_START else 0.0
                assert word.left >= area.left - 0.5, (paper.name, word)
                assert word.right <= area.left + area.measure + hang + 0.5, (paper.name, word)
                assert word.top >= area.top - 3.0, (paper.name, word)
                assert word.bottom <= area.top + area.depth + 3.0, (paper.name, word)


def test_nothing_is_printed_over_anything_else(papers: list[Paper]) -> None:
    for paper in papers:
        charts = {letters(block.caption) for block in blocks(paper.document) if isinstance(block, Figure)}
        for page in paper.pages:
            # A chart is a picture with letters of its own.
            drawn = any(caption in page.text for caption in charts)
            assert drawn or page.overlaps() == [], paper.name


def body_lines(page: ReadPage) -> list[tuple[Word, ...]]:
    """The lines in the size of the text."""
    return [line for line in page.lines() if abs(line[0].size - 16.0) < 0.1]


def line_text(line: tuple[Word, ...]) -> str:
    return "".join(word.text for word in line)


def test_the_text_stands_on_the_grid(papers: list[Paper]) -> None:
    measured = 0
    for paper in papers:
        if not paper.official:
            continue
        tops = [word.top for page in paper.body for word in page.words if abs(word.size - 16.0) < 0.1]
        off = {round((top - tops[0]) / LINE, 2) % 1.0 for top in tops}
        assert off <= {0.0}, (paper.name, off)
        full = [
            word
            for page in paper.body
            for (word, *more) in body_lines(page)
            if not more and word.right > OFFICIAL.left + 27.5 * PITCH
        ]
        measured += len(full)
        for word in full:
            ems = sum(0.5 if char.isascii() else 1.0 for char in word.text)
            room = 28 if word.left < OFFICIAL.left + PITCH else 26
            assert room - 3 <= ems <= room + 1.5, (paper.name, word)
    assert measured > 300


def test_lines_begin_and_end_as_they_may(papers: list[Paper]) -> None:
    for paper in papers:
        for page in paper.body if paper.official else ():
            lines = [line_text(line) for line in body_lines(page)]
            for line in lines:
                assert line[0] not in NO_START, (paper.name, line)
                assert line[-1] not in NO_END, (paper.name, line)
            for line, after in pairwise(lines):
                assert not (line[-1].isdigit() and after[0].isdigit() and after[1:2] != "."), (
                    paper.name,
                    line,
                    after,
                )


def test_no_page_ends_with_a_heading_or_begins_with_a_last_line(papers: list[Paper]) -> None:
    for paper in papers:
        document = paper.document
        above = [block.text for block in blocks(document) if isinstance(block, Heading)]
        above += [block.caption for block in blocks(document) if isinstance(block, Table) and block.caption]
        above += [annex.title for annex in document.appendices]
        heads = {"".join(text.split()) for text in above}
        texts = {"".join(block.text.split()) for block in blocks(document) if isinstance(block, Paragraph)}
        for number, page in enumerate(paper.pages):
            lines = page.lines(paper.inside(page))
            last, first = line_text(lines[-1]), line_text(lines[0])
            assert not any(head.endswith(last) for head in heads), (paper.name, number, last)
            alone = number and any(text.endswith(first) and len(text) > len(first) for text in texts)
            assert not alone, (paper.name, number, first)


def test_each_part_is_set_in_its_face(papers: list[Paper]) -> None:
    """GB/T 9704: title 小标宋 of size 2, first headings 黑体, second 楷体, text 仿宋, all of size 3."""
    for paper in (paper for paper in papers if paper.official):
        marks = [
            mark
            for page in typeset(paper.document)
            for _, piece in page.pieces
            for mark in piece.marks
            if isinstance(mark, TextMark)
        ]
        faces = {mark.text: (mark.role, mark.size) for mark in marks}
        for block in paper.document.blocks:
            if isinstance(block, Heading) and block.text in faces:
                assert faces[block.text] == (Role.HEI if block.level == 1 else Role.KAI, 16.0), (paper.name, block)
            if isinstance(block, Paragraph):
                role = {RunStyle.BODY: Role.FANG, RunStyle.LEAD: Role.KAI, RunStyle.STRONG: Role.HEI}[
                    block.runs[0].style
                ]
                first = [mark for mark in marks if block.runs[0].text.startswith(mark.text) and len(mark.text) > 15]
                assert {(mark.role, mark.size) for mark in first} <= {(role, 16.0)}, (paper.name, block)
        title = [mark for mark in marks if mark.role is Role.TITLE and mark.size == 22.0]
        assert "".join(mark.text for mark in title) == "".join(paper.document.title), paper.name
        # A title is never squeezed: it would look like a different face.
        assert all(mark.spacing == 0.0 for mark in title), paper.name


def test_pages_are_numbered(papers: list[Paper]) -> None:
    for paper in papers:
        total = len(paper.pages)
        for number, page in enumerate(paper.pages, start=1):
            if not paper.official:
                numbered = f"第{number}页共{total}页" in page.text.replace("　", "")
                assert numbered is (total >= paper.document.numbers_from), paper.name
                continue
            below = [word for word in page.words if word not in paper.inside(page)]
            assert "".join(word.text for word in below) == f"—{number}—", (paper.name, below)
            left, right = below[0].left - OFFICIAL.left, OFFICIAL.left + OFFICIAL.measure - below[-1].right
            # One character of 14 pt in from the outer edge.
            assert (right if number % 2 else left) == pytest.approx(14.0, abs=0.5), (paper.name, number)
            assert below[0].size == pytest.approx(14.0, abs=0.1)


def rows_of(document: Document) -> dict[str, Table]:
    """The tables by the text of those of their rows that are in no other table."""
    tables = [block for block in blocks(document) if isinstance(block, Table)]
    rows = [("".join("".join(row).split()), table) for table in tables for row in table.rows]
    times = Counter(text for text, _table in rows)
    return {text: table for text, table in rows if times[text] == 1}


def test_the_head_of_a_table_is_on_every_page_of_it(papers: list[Paper]) -> None:
    pages_of: Counter[tuple[str, int]] = Counter()
    for paper in papers:
        rows = rows_of(paper.document)
        for number, page in enumerate(paper.pages):
            tables = {id(table): table for line in page.lines() if (table := rows.get(line_text(line)))}
            for table in tables.values():
                pages_of[paper.name, id(table)] += 1
                heads = {part[:2] for column in table.columns for part in (*column.title.split("\n"), column.group)}
                missing = [part for part in heads if part not in page.text]
                assert missing == [], (paper.name, number)
                assert "".join(table.caption.split()) in page.text, (paper.name, number)
    assert sum(pages > 1 for pages in pages_of.values()) >= 4


def test_the_total_of_a_table_never_stands_alone_on_a_page(papers: list[Paper]) -> None:
    later = 0
    for paper in papers:
        for page in paper.pages if paper.official else ():
            texts = [line_text(line) for line in page.lines(paper.inside(page))]
            if texts[0].endswith(LATER):
                later += 1
                assert not texts[2].startswith("合　计"), (paper.name, texts[:4])
    assert later


def test_a_note_is_never_alone_on_a_page(papers: list[Paper]) -> None:
    for paper in papers:
        notes = {letters(block.text) for block in blocks(paper.document) if isinstance(block, Note)}
        for page in paper.pages[1:]:
            head, first = paper.document.head_line, [line_text(line) for line in page.lines(paper.inside(page))]
            text = first[3] if head and paper.document.subtitle else first[2] if head else first[0]
            assert not any(note.startswith(text) for note in notes), (paper.name, text)
            assert not text.startswith("制表"), paper.name


def said(document: Document) -> Iterator[str]:
    """Every text of a document."""
    yield from (*document.title, document.number, document.addressee, document.subtitle, document.print_mark)
    yield from document.attachments
    if document.head_line:
        yield from (document.head_line.left, document.head_line.center, document.head_line.right)
    yield from document.foot_line.items if document.foot_line else ()
    if document.signature:
        yield from (document.signature.name, document.signature.date, document.signature.contact)
    for annex in document.appendices:
        yield from (annex.label, annex.title)
    for block in blocks(document):
        match block:
            case Heading() | Note() | Paragraph():
                yield block.text
            case Table():
                yield from (block.caption, block.unit, *(column.title for column in block.columns))
                yield from (text for row in block.rows for text in row)
            case Figure():
                yield block.caption
            case Photos():
                yield from (photo.caption for photo in block.photos)
            case SignatureLine():
                yield from block.items


def letters(text: str) -> str:
    return "".join(text.split())


def test_every_character_put_in_is_read_out(papers: list[Paper]) -> None:
    for paper in papers:
        put_in = Counter(letters("".join(said(paper.document))))
        read = Counter("".join(page.text for page in paper.pages))
        assert put_in - read == Counter(), paper.name


def test_paragraphs_are_read_out_in_order(papers: list[Paper]) -> None:
    number = re.compile(r"—\d+—$")
    for paper in papers:
        pages = [number.sub("", page.text) for page in paper.pages]
        whole = "".join(pages)
        for block in paper.document.blocks if paper.official else ():
            if not isinstance(block, Paragraph | Heading | Note):
                continue
            text = letters(block.text)
            # A table that waited for the top of the page may stand between the two parts of a paragraph.
            parted = any(
                before.endswith(text[:cut]) and text[cut:] in after
                for before, after in pairwise(pages)
                for cut in range(1, len(text))
            )
            assert text in whole or parted, (paper.name, text)


def test_rare_names_are_read_out_of_text_table_and_signatures(papers: list[Paper]) -> None:
    read = {paper.name: "".join(page.text for page in paper.pages) for paper in papers if paper.book == "full"}
    monthly = read["monthly-2026-10-"]
    assert f"联系人{RARE}介绍" in monthly, "text"
    assert f"制表：李{RARE}" in monthly, "signature"
    assert f"{RARE}老师讲投诉处理" in read["ledger-2026-training"], "table"
    assert f"{RARE}反映年费" in read["ledger-2026-complaint"]


def test_only_embedded_faces_are_used(papers: list[Paper]) -> None:
    assert [(paper.name, face) for paper in papers for face in faces_not_embedded(paper.file)] == []


def test_what_is_internal_stays_off_the_page_that_goes_out(papers: list[Paper]) -> None:
    """The check page is a sheet of its own, and marks of the history are for the officer, not for the regulator."""
    for paper in papers:
        text = "".join(page.text for page in paper.pages)
        assert "复核页" not in text, paper.name
        assert paper.anchor[:8] not in text, paper.name
        assert "校验" not in text, paper.name
