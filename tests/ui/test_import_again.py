"""What an import remembers and takes back in the window: old names, columns, pictures, mended rows, a whole import."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from tests.services.support import sheet
from tests.services.test_import_pictures import workbook
from tests.ui.dialogs import in_dialog
from xiaobao_desktop.domain.fields import Ledger
from xiaobao_desktop.services import backup_places, listing, records
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Query
from xiaobao_desktop.ui.dialogs.confirm import ConfirmDialog
from xiaobao_desktop.ui.pages.import_page import COLUMNS, DONE, FILE, HEADER, PROBLEMS, ImportPage

HEADS = ("收到日期", "投诉来源", "被投诉机构", "业务类别", "投诉内容", "天气")
MARCH = ("2026-03-02", "来电", "城关支行", "存折类", "打印不出", "晴")
APRIL = (
    ("2026-04-02", "来电", "城关支行", "存折类", "又打印不出", "雨"),
    ("2026-13-03", "来电", "城关支行", "存折类", "等候", "阴"),
)


@pytest.fixture
def complaints(session: Session) -> Ledger:
    return session.ledger("complaint")


@pytest.fixture
def page(look: QApplication, qtbot: QtBot, session: Session, complaints: Ledger) -> ImportPage:
    return opened(qtbot, session, complaints)


def opened(qtbot: QtBot, session: Session, target: Ledger) -> ImportPage:
    made = ImportPage(session, target)
    qtbot.addWidget(made)
    made.resize(1170, 712)
    made.side.backup.setChecked(False)
    made.show()
    return made


def to_problems(qtbot: QtBot, page: ImportPage, file: Path) -> None:
    page.read_file(file)
    qtbot.waitUntil(lambda: page.pages.currentIndex() == HEADER and not page.busy, timeout=30_000)
    page.go_on()
    settled(qtbot, page)
    assert page.pages.currentIndex() == COLUMNS
    page.go_on()
    assert page.pages.currentIndex() == PROBLEMS


def settled(qtbot: QtBot, page: ImportPage) -> None:
    qtbot.waitUntil(lambda: page.planned is not None and not page.busy, timeout=20_000)


def carry_out(qtbot: QtBot, page: ImportPage) -> None:
    page.go_on()
    qtbot.waitUntil(lambda: page.pages.currentIndex() == DONE and not page.busy, timeout=30_000)


def values(session: Session, complaints: Ledger, key: str) -> list[object]:
    ids = listing.ids(session, complaints, Query(order=(("number", False),)))
    return [records.get(session, complaints, one).values.get(key) for one in ids]


def agreed(asked: list[str]) -> None:
    """Press the button of the question that is about to be asked, and keep its words."""

    def act(dialog: ConfirmDialog) -> None:
        asked.append("".join(part.text() for part in dialog.findChildren(QLabel)))
        dialog.yes_button.click()

    in_dialog(ConfirmDialog, act)


def test_an_old_name_is_told_once_and_offered_for_the_next_file(
    qtbot: QtBot, page: ImportPage, session: Session, complaints: Ledger, tmp_path: Path
) -> None:
    to_problems(qtbot, page, sheet(tmp_path / "三月.xlsx", HEADS, MARCH))
    editor = page.names_card.editors["category", "存折类"]
    assert page.names_card.isVisible()
    editor.set_value("B.02")
    editor.edited.emit()
    settled(qtbot, page)
    assert page.names_card.editors["category", "存折类"].value() == "B.02"
    carry_out(qtbot, page)
    page.start_again()
    to_problems(qtbot, page, sheet(tmp_path / "四月.xlsx", HEADS, *APRIL))
    assert page.names_card.editors["category", "存折类"].value() == "B.02"
    assert "下次导入同样的表还会这样对应" in page.names_card.summary.text()
    carry_out(qtbot, page)
    assert values(session, complaints, "category") == ["B.02", "B.02"]
    page.start_again()
    to_problems(qtbot, page, sheet(tmp_path / "五月.xlsx", HEADS, ("2026-05-02", *MARCH[1:])))
    page.names_card.findChildren(QPushButton)[0].click()
    settled(qtbot, page)
    assert page.names_card.editors["category", "存折类"].value() is None


def test_a_column_sent_elsewhere_goes_there_in_the_next_file_too(
    qtbot: QtBot, page: ImportPage, session: Session, complaints: Ledger, tmp_path: Path
) -> None:
    to_problems(qtbot, page, sheet(tmp_path / "三月.xlsx", HEADS, MARCH))
    page.go_back()
    page.set_field(HEADS.index("天气"), "request")
    settled(qtbot, page)
    page.start_again()
    to_problems(qtbot, page, sheet(tmp_path / "四月.xlsx", HEADS, *APRIL))
    carry_out(qtbot, page)
    assert values(session, complaints, "request") == ["雨"]


def test_pictures_are_told_before_and_after(qtbot: QtBot, look: QApplication, session: Session, tmp_path: Path) -> None:
    page = opened(qtbot, session, session.ledger("outreach"))
    to_problems(qtbot, page, workbook(tmp_path))
    shown = [part.text() for part in page.side.findChildren(QLabel)]
    assert "另有 4 张图片，存为各自记录的附件" in shown
    carry_out(qtbot, page)
    assert "4 张图片存为附件" in page.result_step.lines.text()


def test_a_whole_import_is_taken_back_from_its_result(
    qtbot: QtBot,
    page: ImportPage,
    session: Session,
    complaints: Ledger,
    tmp_path: Path,
) -> None:
    asked: list[str] = []
    to_problems(qtbot, page, sheet(tmp_path / "三月.xlsx", HEADS, MARCH))
    carry_out(qtbot, page)
    agreed(asked)
    page.result_step.undo_button.click()
    assert "这次导入的 1 件会移到回收站" in asked[0]
    assert (page.result_step.title.text(), values(session, complaints, "category")) == ("这次导入已撤回", [])
    assert backup_places.latest(backup_places.own_folder(session)) is not None
    page.start_again()
    assert page.pages.currentIndex() == FILE
    assert not page.past.isVisible()


def test_an_earlier_import_is_taken_back_and_what_was_changed_is_told(
    qtbot: QtBot,
    page: ImportPage,
    session: Session,
    complaints: Ledger,
    tmp_path: Path,
) -> None:
    asked: list[str] = []
    to_problems(qtbot, page, sheet(tmp_path / "三月.xlsx", HEADS, MARCH, APRIL[0]))
    carry_out(qtbot, page)
    first = listing.ids(session, complaints, Query(order=(("number", False),)))[0]
    record = records.get(session, complaints, first)
    records.save(session, complaints, type(record)({**record.values, "content": "核对过"}, record.children, first))
    page.start_again()
    agreed(asked)
    button = next(one for one in page.past.findChildren(QPushButton) if one.text() == "撤回…")
    button.click()
    assert f"{record.number} 后来改过，会留下" in asked[0]
    assert values(session, complaints, "content") == ["核对过"]


def test_mended_rows_come_in_alone(
    qtbot: QtBot, page: ImportPage, session: Session, complaints: Ledger, tmp_path: Path
) -> None:
    import openpyxl

    to_problems(qtbot, page, sheet(tmp_path / "四月.xlsx", HEADS, *APRIL))
    carry_out(qtbot, page)
    page.save_rejects(tmp_path / "不能导入的行.xlsx")
    qtbot.waitUntil(lambda: not page.busy, timeout=20_000)
    book = openpyxl.load_workbook(tmp_path / "不能导入的行.xlsx")
    cells = book.active
    assert [cells.cell(2, column).value for column in (1, 7, 8)] == [
        "2026-13-03",
        "3",
        "收到日期：“2026-13-03”不是日期：没有 13 月",
    ]
    cells.cell(2, 1).value = "2026-04-03"
    book.save(tmp_path / "改好.xlsx")
    page.start_again()
    to_problems(qtbot, page, tmp_path / "改好.xlsx")
    assert (page.side.good.number.text(), page.side.refused.number.text()) == ("1", "0")
    carry_out(qtbot, page)
    assert values(session, complaints, "content") == ["又打印不出", "等候"]
    page.start_again()
    to_problems(qtbot, page, sheet(tmp_path / "四月再来.xlsx", HEADS, *APRIL))
    assert (page.side.good.number.text(), page.side.repeats.number.text()) == ("0", "1")
