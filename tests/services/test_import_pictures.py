"""Pictures in workbooks, inside a WPS cell or floating over a row: attachments, once, that can be taken back."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.exchange.nasty import DRAWING, cell_images, drawing, make_xlsx, row, sheet_xml, text, texts
from tests.services.support import imported, new_book, planned
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.services import attachments, import_undo, importing, listing, undo
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Query

OUTREACH = ledger("outreach")
HEADS = ("开展日期", "活动名称", "活动照片", "签到")


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened = new_book(tmp_path / "book")
    yield opened
    opened.close()


def photo(colour: str, size: tuple[int, int] = (40, 30), kind: str = "JPEG") -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", size, colour).save(stream, kind)
    return stream.getvalue()


def wps_cell(reference: str, name: str) -> str:
    return f'<c r="{reference}" t="str"><f>_xlfn.DISPIMG("{name}",1)</f><v>=DISPIMG("{name}",1)</v></c>'


def workbook(folder: Path, name: str = "宣传.xlsx") -> Path:
    """Two events; pictures in cells of the first, one over each row, one over the title and one over nothing."""
    body = texts(1, "宣传台账") + texts(2, *HEADS)
    body += row(3, text("A3", "2026-03-15"), text("B3", "三一五"), wps_cell("C3", "ID_A"))
    body += row(4, text("A4", "2026-04-01"), text("B4", "进社区"), wps_cell("C4", "ID_A"))
    sheet = sheet_xml(body).replace("</worksheet>", DRAWING + "</worksheet>")
    extra = {
        **cell_images({"ID_A": "image1.jpeg"}),
        **drawing(1, [(2, 2, "image2.png"), (3, 9, "image3.jpeg"), (0, 0, "image2.png"), (40, 0, "image3.jpeg")]),
        "xl/media/image1.jpeg": photo("red", (3000, 1500)),
        "xl/media/image2.png": photo("green", kind="PNG"),
        "xl/media/image3.jpeg": photo("blue"),
    }
    return make_xlsx(folder / name, sheet, extra=extra, cell_images=True)


def files(session: Session) -> dict[str, list[tuple[str, str]]]:
    """By name of the event: (kind, file name) of its attachments."""
    ids = listing.ids(session, OUTREACH, Query(order=(("number", False),)))
    found = listing.rows(session, OUTREACH, ids, (OUTREACH.title[0],))
    return {
        str(one[OUTREACH.title[0]]): [
            (entry.evidence, entry.name) for entry in attachments.list_of(session, OUTREACH, int(str(one["id"])))
        ]
        for one in found
    }


def test_pictures_become_attachments_of_their_rows(session: Session, tmp_path: Path) -> None:
    plan, result = imported(session, workbook(tmp_path), key="outreach")
    assert (plan.pictures, result.pictures) == (4, 4)
    assert "图片 4 张" in importing.as_text(plan, result)
    assert importing.as_json(plan, result)["pictures"] == 4
    assert any("2 张图片不在记录的行上" in warning for warning in plan.warnings)
    assert [column.remark for column in plan.mapping.columns][2] == "图片，存为附件“照片”"
    assert files(session) == {
        "三一五": [("photo", "活动照片 1.jpeg"), ("photo", "活动照片 2.png")],
        "进社区": [("photo", "活动照片 1.jpeg"), ("photo", "照片 2.jpeg")],
    }


@pytest.mark.parametrize("writer", ["openpyxl", "xlsxwriter", "placed in a cell"])
def test_workbooks_of_other_programs_give_their_pictures(session: Session, tmp_path: Path, writer: str) -> None:
    path = tmp_path / "别家.xlsx"
    by_openpyxl(path) if writer == "openpyxl" else by_xlsxwriter(path, in_cell=writer != "xlsxwriter")
    _plan, result = imported(session, path, key="outreach")
    assert result.pictures == 2
    assert {name: len(found) for name, found in files(session).items()} == {"三一五": 1, "进社区": 1}


def by_openpyxl(path: Path) -> None:
    import openpyxl
    from openpyxl.drawing.image import Image as Drawn

    book = openpyxl.Workbook()
    for cells in (HEADS[:2], ("2026-03-15", "三一五"), ("2026-04-01", "进社区")):
        book.active.append(cells)
    for place, colour in (("C2", "red"), ("C3", "blue")):
        book.active.add_image(Drawn(io.BytesIO(photo(colour))), place)
    book.save(path)


def by_xlsxwriter(path: Path, *, in_cell: bool) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet()
    for line, cells in enumerate((HEADS[:2], ("2026-03-15", "三一五"), ("2026-04-01", "进社区"))):
        page.write_row(line, 0, cells)
    for line, colour in ((1, "red"), (2, "blue")):
        put = page.embed_image if in_cell else page.insert_image
        put(line, 2, "照片.jpg", {"image_data": io.BytesIO(photo(colour)), "y_offset": 3})
    book.close()


def test_photos_are_shrunk_as_those_added_by_hand(session: Session, tmp_path: Path) -> None:
    imported(session, workbook(tmp_path), key="outreach")
    (first, *_rest) = listing.ids(session, OUTREACH, Query(order=(("number", False),)))
    entry = attachments.list_of(session, OUTREACH, first)[0]
    with Image.open(io.BytesIO(attachments.open_bytes(session, entry.id))) as kept:
        assert kept.size == (2000, 1000)


def test_a_row_that_is_in_the_book_already_brings_no_picture_again(session: Session, tmp_path: Path) -> None:
    imported(session, workbook(tmp_path), key="outreach")
    before = files(session)
    plan, result = imported(session, workbook(tmp_path, "再来.xlsx"), key="outreach")
    assert (len(plan.repeats), plan.pictures, result.pictures) == (2, 0, 0)
    assert files(session) == before


def test_undo_takes_the_pictures_back_with_the_records(session: Session, tmp_path: Path) -> None:
    imported(session, workbook(tmp_path), key="outreach")
    undo.undo(session)
    assert files(session) == {}
    plan, result = imported(session, workbook(tmp_path, "再来.xlsx"), key="outreach")
    assert (len(plan.rows), result.pictures) == (2, 4)
    (past,) = import_undo.past_imports(session, OUTREACH)
    done = import_undo.take_back(session, OUTREACH, past)
    assert (done.records, done.kept, files(session)) == (2, (), {})


def test_a_ledger_that_keeps_no_files_says_so(session: Session, tmp_path: Path) -> None:
    sheet = sheet_xml(texts(1, "机构名称") + texts(2, "城关支行")).replace("</worksheet>", DRAWING + "</worksheet>")
    extra = {**drawing(1, [(1, 0, "image1.jpeg")]), "xl/media/image1.jpeg": photo("red")}
    plan = planned(session, make_xlsx(tmp_path / "机构.xlsx", sheet, extra=extra), key="branch")
    assert plan.pictures == 0
    assert any("不存附件" in warning for warning in plan.warnings)


def test_a_cell_picture_that_the_file_lost_is_refused_with_a_reason(session: Session, tmp_path: Path) -> None:
    body = texts(1, *HEADS[:2], "活动内容") + row(2, text("A2", "2026-03-15"), text("B2", "甲"), wps_cell("C2", "ID_X"))
    plan = planned(session, make_xlsx(tmp_path / "缺图.xlsx", sheet_xml(body)), key="outreach")
    assert [item.reason for item in plan.rejected] == ["这一格是图片，但文件里没有存下它；请从原来的文件里重新复制"]
