"""Importing through the page: the real ledger of 140 rows gives 137 records and 3 refused rows, twice gives nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from xiaobao_desktop.domain.fields import Ledger
from xiaobao_desktop.services import backup_places
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Query
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.pages.import_page import COLUMNS, DONE, FILE, HEADER, PROBLEMS, ImportPage

DATA = Path(__file__).resolve().parent.parent / "data"
FILE_OF_140 = DATA / "complaint-ledger.xlsx"


@pytest.fixture(autouse=True)
def defects_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """A defect fails the test instead of waiting in its dialog."""

    def fail(error: BaseException, **_words: object) -> None:
        raise error

    monkeypatch.setattr("xiaobao_desktop.ui.pages.import_page.show_bug", fail)


@pytest.fixture
def complaints(session: Session) -> Ledger:
    return next(item for item in session.ledgers if item.key == "complaint")


@pytest.fixture
def page(look: QApplication, qtbot: QtBot, session: Session, complaints: Ledger) -> ImportPage:
    made = ImportPage(session, complaints)
    qtbot.addWidget(made)
    made.resize(1170, 712)
    made.show()
    return made


def read(qtbot: QtBot, page: ImportPage, path: Path = FILE_OF_140) -> None:
    page.read_file(path)
    qtbot.waitUntil(lambda: not page.busy, timeout=30_000)


def to_problems(qtbot: QtBot, page: ImportPage) -> None:
    read(qtbot, page)
    page.go_on()
    qtbot.waitUntil(lambda: page.planned is not None, timeout=20_000)
    page.go_on()
    assert page.pages.currentIndex() == PROBLEMS


def carry_out(qtbot: QtBot, page: ImportPage) -> None:
    page.go_on()
    qtbot.waitUntil(lambda: page.pages.currentIndex() == DONE, timeout=30_000)


def test_the_header_is_found_and_shown(qtbot: QtBot, page: ImportPage) -> None:
    read(qtbot, page)
    assert page.pages.currentIndex() == HEADER
    assert page.table is not None
    assert page.table.header_rows == (3, 4)
    assert page.header_step.row.currentData() == 3
    assert page.header_step.sheet.currentText() == page.table.sheet


def test_the_import_from_file_to_records(
    qtbot: QtBot, page: ImportPage, session: Session, complaints: Ledger, tmp_path: Path
) -> None:
    key = json.loads((DATA / "complaint-ledger.key.json").read_text(encoding="utf-8"))
    news: list[object] = []
    bus().changed.connect(news.append)
    to_problems(qtbot, page)
    assert session.book.count(complaints, Query()) == 0, "nothing is written before the last step"
    assert page.next_button.text() == "导入 137 行"
    assert page.side.good.number.text() == "137"
    assert page.side.refused.number.text() == "3"
    carry_out(qtbot, page)
    bus().changed.disconnect(news.append)
    assert page.result_step.title.text() == "导入了 137 件"
    assert session.book.count(complaints, Query()) == key["records"] == 137
    assert page.planned is not None
    assert list(page.planned.plan.rejected_rows) == [item["row"] for item in key["rejected"]]
    assert len(news) == 1
    assert backup_places.latest(backup_places.own_folder(session)) is not None
    page.save_rejects(tmp_path / "rejects")
    qtbot.waitUntil(lambda: not page.busy, timeout=20_000)
    assert (tmp_path / "rejects.xlsx").exists()


def test_the_same_file_again_adds_nothing(qtbot: QtBot, page: ImportPage, session: Session, complaints: Ledger) -> None:
    page.side.backup.setChecked(False)
    to_problems(qtbot, page)
    carry_out(qtbot, page)
    assert backup_places.latest(backup_places.own_folder(session)) is None
    page.start_again()
    assert page.pages.currentIndex() == FILE
    to_problems(qtbot, page)
    assert page.side.repeats.number.text() == "137"
    assert not page.next_button.isEnabled()
    assert page.next_button.text() == "没有可导入的行"
    assert session.book.count(complaints, Query()) == 137


def test_names_and_numbers_are_masked_in_the_preview(qtbot: QtBot, page: ImportPage) -> None:
    to_problems(qtbot, page)
    assert page.planned is not None
    plan = page.planned.plan
    phones = [column.index for column in plan.mapping.columns if column.field == "phone"]
    raw = {str(row.cells[phones[0]]) for row in plan.table.rows}
    shown = {cell.text for row in page.planned.preview.rows for cell in row.cells}
    assert shown
    assert not raw & shown


def test_refused_cells_come_first_and_are_marked(qtbot: QtBot, page: ImportPage) -> None:
    to_problems(qtbot, page)
    assert page.planned is not None
    first = page.planned.preview.rows[:3]
    assert [row.number for row in first] == [144, 145, 146]
    assert all(any(cell.problem for cell in row.cells) for row in first)
    assert not any(cell.problem for row in page.planned.preview.rows[3:] for cell in row.cells)
    assert page.refusals_card.table.cells.rowCount() == 3


def test_a_column_sent_elsewhere_is_planned_anew(qtbot: QtBot, page: ImportPage) -> None:
    read(qtbot, page)
    page.go_on()
    qtbot.waitUntil(lambda: page.planned is not None, timeout=20_000)
    assert page.mapping is not None
    phone = page.mapping.of("phone")[0].index
    combo = page.columns_card.combos[phone]
    combo.setCurrentIndex(combo.findData(""))
    combo.activated.emit(combo.currentIndex())
    qtbot.waitUntil(lambda: page.planned is not None, timeout=20_000)
    assert page.mapping.of("phone") == ()
    assert page.planned is not None
    assert all(not row.record.values.get("phone") for row in page.planned.plan.rows)


def test_without_a_required_column_there_is_no_way_on(qtbot: QtBot, page: ImportPage) -> None:
    read(qtbot, page)
    page.go_on()
    qtbot.waitUntil(lambda: page.planned is not None, timeout=20_000)
    assert page.mapping is not None
    page.set_field(page.mapping.of("received_on")[0].index, "")
    assert page.columns_card.remark.text() == "还缺必填的：收到日期"
    assert not page.next_button.isEnabled()
    assert page.side.good.number.text() == "—"


def test_a_file_that_is_no_table_is_told(
    qtbot: QtBot, page: ImportPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(
        "xiaobao_desktop.ui.pages.import_page.show_user_error", lambda error, _parent: told.append(error.message)
    )
    broken = tmp_path / "坏文件.xlsx"
    broken.write_bytes(b"PK\x03\x04 not a workbook")
    read(qtbot, page, broken)
    assert len(told) == 1
    assert "坏文件.xlsx" in told[0]
    assert page.pages.currentIndex() == FILE


def test_a_dropped_file_is_read(qtbot: QtBot, page: ImportPage) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(FILE_OF_140))])
    drop = QDropEvent(
        QPointF(QPoint(50, 50)),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    page.file_step.dropEvent(drop)
    qtbot.waitUntil(lambda: page.pages.currentIndex() == HEADER, timeout=30_000)
    assert page.file_name.text() == FILE_OF_140.name


def test_going_back_and_the_wheel_change_nothing(qtbot: QtBot, page: ImportPage) -> None:
    read(qtbot, page)
    page.go_on()
    qtbot.waitUntil(lambda: page.planned is not None, timeout=20_000)
    before = page.mapping
    page.go_back()
    assert page.pages.currentIndex() == HEADER
    page.go_on()
    qtbot.waitUntil(lambda: page.planned is not None, timeout=20_000)
    assert page.pages.currentIndex() == COLUMNS
    assert page.mapping == before
