"""Photos in a document: where they stand and how large they are, in PDF and in Word."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.shared import Pt
from PIL import Image

from tests.reports.page_reading import read_pages
from tests.reports.reading import METADATA
from xiaobao_desktop.reports.document import Appendix, Document, Photos
from xiaobao_desktop.reports.docx import write_docx
from xiaobao_desktop.reports.forms import Photo
from xiaobao_desktop.reports.pdf import write_pdf
from xiaobao_desktop.reports.typeset import typeset
from xiaobao_desktop.reports.typeset_parts import MM, OFFICIAL, FrameMark, ImageMark

WIDTH, HEIGHT = 71 * MM, 53.25 * MM


def picture(width: int, height: int) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (width, height), "#5A7896").save(stream, "JPEG")
    return stream.getvalue()


def document(*photos: Photo) -> Document:
    return Document(title=("题",), blocks=(), appendices=(Appendix("附件", "活动现场照片", (Photos(photos),)),))


LONG = "城南支行员工在北街社区向老年人讲解存款保险知识和防范电信网络诈骗要点"
FIVE = document(
    Photo(picture(160, 120), "开场"),
    Photo(picture(90, 160), "竖幅"),
    Photo(picture(300, 100), ""),
    Photo(picture(160, 120), LONG),
    Photo(picture(40, 30), "第五张㛃䶮𬱖"),
)


def test_photos_stand_in_pairs_in_frames_of_71_by_53_mm() -> None:
    _first, page = typeset(FIVE)
    placed = [(y, mark) for y, piece in page.pieces for mark in piece.marks if isinstance(mark, ImageMark | FrameMark)]
    for kind in (ImageMark, FrameMark):
        marks = [(y + mark.y, mark) for y, mark in placed if isinstance(mark, kind)]
        assert [(mark.width, mark.height) for _y, mark in marks] == [pytest.approx((WIDTH, HEIGHT), abs=0.01)] * 5
        assert [mark.x for _y, mark in marks] == pytest.approx([0, WIDTH + 14 * MM, 0, WIDTH + 14 * MM, 0], abs=0.01)
        tops = [y for y, _mark in marks]
        assert tops[0] == tops[1] < tops[2] - HEIGHT
        assert tops[2] == tops[3] < tops[4] - HEIGHT


def test_each_has_its_number_and_words_below_it(tmp_path: Path) -> None:
    write_pdf(FIVE, tmp_path / "a.pdf", metadata=METADATA)
    _first, page = read_pages(tmp_path / "a.pdf")
    labels = [word for word in page.words if word.text.startswith("图")]
    assert [word.text[:2] for word in labels] == ["图1", "图2", "图3", "图4", "图5"]
    assert "图5第五张㛃䶮𬱖" in page.text
    assert LONG in page.text
    left, right = OFFICIAL.left + WIDTH / 2, OFFICIAL.left + OFFICIAL.measure - WIDTH / 2
    assert (labels[2].left + labels[2].right) / 2 == pytest.approx(left, abs=0.5), "no words: the number in the middle"
    tops = [word.top for word in labels]
    assert tops[0] == pytest.approx(tops[1], abs=0.1), "one below each of a pair"
    assert tops[2] == pytest.approx(tops[3], abs=0.1)
    assert tops[0] < tops[2] - HEIGHT
    assert tops[2] < tops[4] - HEIGHT
    lines = [line for line in page.lines() if "讲解" in line[0].text or "要点" in line[-1].text]
    for line in lines:
        for word in line:
            assert word.left >= right - WIDTH / 2 - 0.5, "long words are broken to the width of the photo"
            assert word.right <= right + WIDTH / 2 + 0.5


def test_a_photo_keeps_its_shape_in_word() -> None:
    stream = io.BytesIO()
    write_docx(FIVE, stream, metadata=METADATA)
    word = docx.Document(io.BytesIO(stream.getvalue()))
    shapes = [(shape.width / shape.height) for shape in word.inline_shapes]
    assert shapes == pytest.approx([4 / 3, 9 / 16, 3, 4 / 3, 4 / 3], rel=0.01)
    assert all(shape.width <= Pt(WIDTH) and shape.height <= Pt(HEIGHT) for shape in word.inline_shapes)
    (table,) = word.tables
    pictures, words = table.rows[::2], table.rows[1::2]
    assert {row.height_rule for row in pictures} == {WD_ROW_HEIGHT_RULE.EXACTLY}
    heights = [row.height or 0 for row in pictures]
    assert heights == pytest.approx([Pt(HEIGHT)] * 3, abs=Pt(0.1)), "a portrait beside a wide one: words on one line"
    assert [cell.text for row in words for cell in row.cells] == [
        "图1　开场",
        "图2　竖幅",
        "图3",
        f"图4　{LONG}",
        "图5　第五张㛃䶮𬱖",
        "",
    ]


def test_no_photos_are_nothing() -> None:
    stream = io.BytesIO()
    write_docx(document(), stream, metadata=METADATA)
    assert docx.Document(io.BytesIO(stream.getvalue())).tables == []
    assert len(typeset(document())) == 2
