"""卷宗: everything in its order, page numbers through, what cannot be merged is told; read back from the PDF."""

from __future__ import annotations

import hashlib
import io
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.reports.case_sample import FACTS
from tests.reports.reading import METADATA, pdf_pages
from tests.reports.test_case_papers import ARCHIVE
from xiaobao_desktop.reports import case_letters, case_sheet, dossier
from xiaobao_desktop.reports.case_facts import placeholder_values
from xiaobao_desktop.reports.dossier import Part
from xiaobao_desktop.reports.letter_text import compose
from xiaobao_desktop.reports.pdf_merge import Unmergeable, pages_of

DAY = date(2026, 10, 13)


def pdf(*texts: str, turned: int = 0, password: str = "", noted: str = "") -> bytes:
    """A PDF of another program, one page a text."""
    from reportlab.lib import pdfencrypt
    from reportlab.pdfgen.canvas import Canvas

    stream = io.BytesIO()
    lock = pdfencrypt.StandardEncryption(password) if password else None
    canvas = Canvas(stream, pagesize=(400, 500), encrypt=lock)
    for text in texts:
        canvas.setPageRotation(turned)
        canvas.drawString(60, 300, text)
        if noted:
            canvas.textAnnotation(noted, Rect=(50, 50, 90, 90))
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def picture(kind: str = "JPEG") -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (160, 90), (180, 60, 40)).save(stream, kind)
    return stream.getvalue()


def file_part(title: str, data: bytes, media_type: str, **more: Any) -> Part:
    return Part(title, "零售金融部", DAY, data=data, media_type=media_type, name=f"{title}.bin", **more)


@pytest.fixture(scope="module")
def parts() -> tuple[Part, ...]:
    words = compose("case_reply", "答复函", placeholder_values(FACTS)).paragraphs
    reply = case_letters.build(case_letters.REPLY, FACTS, words, FACTS.today)
    return (
        file_part("投诉书", picture(), "image/jpeg", caption="投诉人当面提交"),
        Part("消费投诉登记处理单", "消费者权益保护部", DAY, document=case_sheet.build(FACTS)),
        file_part("合同", pdf("HETONG-1", "HETONG-2", "HETONG-3"), "application/pdf"),
        file_part("坏文件", b"%PDF-1.4\n" + bytes(300), "application/pdf"),
        file_part("加密文件", pdf("secret", password="k"), "application/pdf"),
        file_part("假图片", b"\x89PNG\r\n\x1a\nnothing", "image/png"),
        file_part("明细", b"PK\x03\x04sheet", "application/vnd.ms-excel"),
        Part("答复函", "本行", date(2026, 10, 26), document=reply, number="某农商消保函〔2026〕号"),
        file_part("不见了", b"", "image/png", fault="文件不在了"),
    )


@pytest.fixture(scope="module")
def made(parts: tuple[Part, ...]) -> dossier.Dossier:
    return dossier.build(ARCHIVE, parts, METADATA)


def test_the_pages_of_the_index_are_those_of_the_parts(made: dossier.Dossier, tmp_path: Path) -> None:
    pages = pdf_pages(made.pdf, tmp_path)
    cover, index, *numbered = pages
    assert "消费投诉案卷" in cover
    assert [entry.pages for entry in made.entries] == ["1", "2", "3—5", "6", "7", "8", "", "9—10", "11"]
    assert made.pages == len(numbered) == 11
    assert [page.count(f"卷内第{number}页") for number, page in enumerate(numbered, start=1)] == [1] * 11
    assert "卷内第" not in cover + index
    marks = {1: "投诉人当面提交", 2: "消费投诉登记处理单", 3: "HETONG-1", 5: "HETONG-3", 9: "答复函", 10: "送达回证"}
    assert [words for place, words in marks.items() if words not in numbered[place - 1]] == []
    for line in ("1零售金融部投诉书202610131", "3零售金融部合同202610133—5", "本行答复函202610269—10"):
        assert line in index, line
    assert "9件" in cover
    assert "11页" in cover


def test_what_cannot_be_merged_has_a_page_that_says_so(
    made: dossier.Dossier, parts: tuple[Part, ...], tmp_path: Path
) -> None:
    numbered = pdf_pages(made.pdf, tmp_path)[2:]
    faults = {6: "文件已损坏", 7: "文件有密码保护", 8: "图片已损坏", 11: "文件不在了"}
    for place, words in faults.items():
        assert "附件未能并入" in numbered[place - 1]
        assert words in numbered[place - 1]
    assert "坏文件.bin" in numbered[5]
    assert hashlib.sha256(parts[3].data).hexdigest()[:40] in numbered[5]
    assert len(made.faults) == 4
    assert made.faults[1] == "“加密文件.bin”没有并入：文件有密码保护"


def test_other_files_stay_apart_with_their_digest(made: dossier.Dossier, tmp_path: Path) -> None:
    entry = made.entries[6]
    assert entry.remark == "另附"
    assert (
        entry.title == f"明细.bin（SHA-256 前16位 {hashlib.sha256(b'PK' + bytes([3, 4]) + b'sheet').hexdigest()[:16]}）"
    )
    assert "另附" in pdf_pages(made.pdf, tmp_path)[1]


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_the_mark_stands_upright_at_the_upper_right_of_turned_pages(turned: int, tmp_path: Path) -> None:
    found = dossier.build(ARCHIVE, (file_part("图", pdf("X", turned=turned), "application/pdf"),), METADATA)
    file = tmp_path / "turned.pdf"
    file.write_bytes(found.pdf)
    done = subprocess.run(
        ["pdftotext", "-bbox", "-f", "3", "-l", "3", str(file), "-"], check=True, capture_output=True, encoding="utf-8"
    )
    mark = next(line for line in done.stdout.splitlines() if "卷内第1页" in line)
    box = {key: float(mark.split(f'{key}="')[1].split('"')[0]) for key in ("xMin", "yMin", "xMax", "yMax")}
    assert box["xMax"] > 400 - 60, "the page is 400 points wide as seen, however it is turned"
    assert box["yMax"] < 60
    assert box["xMax"] - box["xMin"] > box["yMax"] - box["yMin"], "it lies, it does not stand"


def test_bookmarks_lead_to_each_part(made: dossier.Dossier) -> None:
    from pdfrw import PdfReader

    found = PdfReader(fdata=made.pdf)
    places = {id(page): number for number, page in enumerate(found.pages)}
    marks, item = {}, found.Root.Outlines.First
    while item is not None:
        marks[item.Title.to_unicode()] = places[id(item.Dest[0])]
        item = item.Next
    assert list(marks)[:4] == ["封面", "卷内目录", "投诉书", "消费投诉登记处理单"]
    assert (marks["合同"], marks["答复函"]) == (4, 10)
    assert "明细" not in "".join(marks), "it has no page"


def test_notes_on_a_page_stay(tmp_path: Path) -> None:
    found = dossier.build(ARCHIVE, (file_part("批注", pdf("X", noted="KEEP-ME"), "application/pdf"),), METADATA)
    (page,) = pages_of(found.pdf)[2:]
    assert [note.Contents.to_unicode() for note in page.Annots] == ["KEEP-ME"]


def test_a_case_without_papers_is_cover_and_index_alone(tmp_path: Path) -> None:
    found = dossier.build(ARCHIVE, (), METADATA)
    assert found.pages == 0
    assert "本卷共0件0页" in pdf_pages(found.pdf, tmp_path)[1]


def test_the_same_parts_give_the_same_pages(parts: tuple[Part, ...], made: dossier.Dossier, tmp_path: Path) -> None:
    told: list[tuple[int, str]] = []
    again = dossier.build(ARCHIVE, parts, METADATA, lambda place, title: told.append((place, title)))
    assert again.pdf == made.pdf
    assert told[0] == (0, "投诉书")
    assert len(told) == len(parts)


@pytest.mark.parametrize("data", [b"", b"not a pdf", pdf("a", "b")[:700], b"%PDF-1.7\n%%EOF"])
def test_no_bytes_bring_the_reader_down(data: bytes) -> None:
    with pytest.raises(Unmergeable):
        pages_of(data)
