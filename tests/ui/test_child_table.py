"""Attendees in the form: found by letters, pasted, ticked, taken away, saved; shown and printed from the detail."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QMenu, QWidget
from pytestqt.qtbot import QtBot

from xiaobao_desktop.domain.fields import Record, Value, Values
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.services import papers, records
from xiaobao_desktop.services.leaving import WayOut
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.dialogs.paper_dialog import PaperDialog
from xiaobao_desktop.ui.editors.child_table import ChildTableEditor
from xiaobao_desktop.ui.pages.ledger_page import LedgerPage
from xiaobao_desktop.ui.pages.ledger_rows import FIRST, ChildRows
from xiaobao_desktop.ui.pages.record_form import RecordForm

TRAINING, STAFF = ledger("training"), ledger("staff")
NAMES = {"刘秀兰": "front_line", "李小龙": "front_line", "王志强": "managers", "陈新": "newcomers"}
ATTENDED, PASSED, GROUP = 2, 3, 1


@pytest.fixture
def staff(session: Session) -> dict[str, int]:
    """Four people by name."""
    found = {}
    for name, group in NAMES.items():
        record = records.save(session, STAFF, Record({**STAFF.defaults(), "name": name, "group": group})).record
        found[name] = int(str(record.id))
    return found


@pytest.fixture
def editor(session: Session, staff: dict[str, int], look: QApplication, qtbot: QtBot) -> ChildTableEditor:
    made = ChildTableEditor(session, TRAINING.child("attendee"))
    qtbot.addWidget(made)
    made.resize(760, 480)
    made.show()
    return made


def training(session: Session, staff: dict[str, int], count: int = 4) -> Record:
    rows: tuple[Values, ...] = tuple(
        {"staff": number, "group": NAMES[name], "attended": True} for name, number in list(staff.items())[:count]
    )
    values: dict[str, Value] = {"held_on": "2026-11-18", "topic": "适当性管理专题培训", "start_time": "14:30"}
    return records.save(session, TRAINING, Record(values, {"attendee": rows})).record


def attendees(form: RecordForm) -> ChildTableEditor:
    """The list of attendees in a form."""
    editor = form.tables["attendee"].editor
    assert isinstance(editor, ChildTableEditor)
    return editor


def names(editor: ChildTableEditor) -> list[str]:
    return [str(editor.model.index(row, 0).data()) for row in range(editor.model.rowCount())]


def test_people_are_found_by_letters_and_added_with_enter(editor: ChildTableEditor, qtbot: QtBot) -> None:
    told: list[int] = []
    editor.edited.connect(lambda: told.append(1))
    editor.line.setFocus()
    QTest.keyClicks(editor.line, "lxl")
    QTest.keyClick(editor.line, Qt.Key.Key_Return)
    assert names(editor) in (["刘秀兰"], ["李小龙"])
    assert editor.line.text() == ""
    assert told
    first = names(editor)[0]
    QTest.keyClicks(editor.line, "lxl")
    QTest.keyClick(editor.line, Qt.Key.Key_Return)
    assert sorted(names(editor)) == ["刘秀兰", "李小龙"], "who is in the list is not offered again"
    assert editor.rows[0]["group"] == NAMES[first]
    assert editor.count.text() == "2 人·到场 0·合格 0"


def test_enter_in_the_empty_line_goes_on(editor: ChildTableEditor, qtbot: QtBot) -> None:
    with qtbot.waitSignal(editor.advance, timeout=20_000):
        QTest.keyClick(editor.line, Qt.Key.Key_Return)


def test_a_name_nobody_has_is_told(editor: ChildTableEditor, qtbot: QtBot) -> None:
    editor.line.setFocus()
    QTest.keyClicks(editor.line, "zz")
    QTest.keyClick(editor.line, Qt.Key.Key_Return)
    assert names(editor) == []
    assert editor.message.text() == "人员里没有“zz”，请先到“设置→人员”里新增，再回来选"


def test_a_click_in_the_list_adds(editor: ChildTableEditor, staff: dict[str, int], qtbot: QtBot) -> None:
    editor.line.setFocus()
    editor.line.open_list()
    option = next(found for found in editor.line.popup.options if found.name == "陈新")
    editor.line.popup.chosen.emit(option)
    assert names(editor) == ["陈新"]
    assert all(found.name != "陈新" for found in editor.line.find_options(""))


def test_a_list_copied_in_excel_is_pasted(editor: ChildTableEditor, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("姓名\t部门\n刘秀兰\t城关支行\n王志强\t\n张三丰\t\n")
    editor.paste_button.click()
    assert names(editor) == ["刘秀兰", "王志强"]
    assert editor.message.text() == "已添加 2 人；没有找到：张三丰"
    QGuiApplication.clipboard().setText("刘秀兰、陈新")
    editor.paste_button.click()
    assert names(editor) == ["刘秀兰", "王志强", "陈新"]
    assert editor.message.text() == "已添加 1 人；1 人已在名单里"
    QGuiApplication.clipboard().setText("")
    editor.paste_button.click()
    assert editor.message.text().startswith("剪贴板里没有文字")


def test_everyone_is_ticked_at_once_and_one_by_the_space_bar(
    editor: ChildTableEditor, staff: dict[str, int], qtbot: QtBot
) -> None:
    editor.add(list(staff.values()))
    editor.all_buttons["attended"].click()
    assert [row["attended"] for row in editor.rows] == [True] * 4
    editor.view.setFocus()
    editor.view.setCurrentIndex(editor.model.index(1, ATTENDED))
    QTest.keyClick(editor.view, Qt.Key.Key_Space)
    assert [row["attended"] for row in editor.rows] == [True, False, True, True]
    place = editor.view.visualRect(editor.model.index(0, PASSED)).center()
    QTest.mouseClick(editor.view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert [bool(row.get("passed")) for row in editor.rows] == [True, False, False, False]
    assert editor.count.text() == "4 人·到场 3·合格 1"


def test_rows_are_taken_away_with_delete(editor: ChildTableEditor, staff: dict[str, int], qtbot: QtBot) -> None:
    editor.add(list(staff.values()))
    editor.view.setFocus()
    editor.view.selectRow(1)
    QTest.keyClick(editor.view, Qt.Key.Key_Delete)
    assert names(editor) == ["刘秀兰", "王志强", "陈新"]
    assert editor.message.text() == "已移除 1 人"


def test_the_group_is_changed_in_its_cell(editor: ChildTableEditor, staff: dict[str, int]) -> None:
    editor.add([staff["陈新"]])
    index = editor.model.index(0, GROUP)
    editor.view.edit(index)
    (box,) = editor.view.findChildren(QComboBox)
    box.setCurrentIndex(box.findData("front_line"))
    box.activated.emit(box.currentIndex())
    assert editor.rows[0]["group"] == "front_line"


def test_the_form_counts_from_the_list_and_saves_it(
    session: Session, staff: dict[str, int], look: QApplication, qtbot: QtBot
) -> None:
    form = RecordForm(session, TRAINING, None)
    qtbot.addWidget(form)
    form.cells["topic"].editor.set_value("投诉处理培训")
    form.cells["expected"].editor.set_value(99)
    table = attendees(form)
    table.add([staff["刘秀兰"], staff["王志强"]])
    table.all_buttons["attended"].click()
    form._refresh()
    assert form.cells["expected"].editor.value() == 2
    assert form.cells["managers_count"].editor.value() == 1
    assert form.dirty
    with qtbot.waitSignal(form.saved) as saved:
        assert form.save()
    record = records.get(session, TRAINING, saved.args[0].record.id)
    assert [row["staff"] for row in record.children["attendee"]] == [staff["刘秀兰"], staff["王志强"]]
    assert (record.values["attended"], record.values["audience"]) == (2, ("managers", "front_line"))
    assert not form.dirty


def test_a_saved_list_is_changed_and_only_what_differs_counts(
    session: Session, staff: dict[str, int], look: QApplication, qtbot: QtBot
) -> None:
    record = training(session, staff)
    form = RecordForm(session, TRAINING, record)
    qtbot.addWidget(form)
    table = attendees(form)
    before = form.dirty
    table.view.selectRow(3)
    table.remove_selected()
    assert (before, form.dirty) == (False, True)
    assert form.save()
    assert records.get(session, TRAINING, int(str(record.id))).values["expected"] == 3
    lines = [line for entry in records.history(session, TRAINING, int(str(record.id))) for line in entry.lines]
    assert ("参训人员", "陈新 新入职人员 是", "") in [(line.label, line.old, line.new) for line in lines]


def test_every_control_of_the_table_is_reached_by_tab(
    session: Session, staff: dict[str, int], look: QApplication, qtbot: QtBot
) -> None:
    form = RecordForm(session, TRAINING, training(session, staff))
    qtbot.addWidget(form)
    form.show()
    table = attendees(form)
    chain: list[QWidget] = [table.line]
    for _step in range(12):
        after = chain[-1].nextInFocusChain()
        assert after is not None
        chain.append(after)
    chain = chain[: chain.index(form._save)]
    assert [widget for widget in chain if widget in table.controls()] == list(table.controls())
    assert all(widget.accessibleName() or getattr(widget, "text", str)() for widget in table.controls())


def test_the_detail_shows_the_rows_and_all_on_demand(session: Session, look: QApplication, qtbot: QtBot) -> None:
    rows = []
    for number in range(FIRST + 3):
        saved = records.save(session, STAFF, Record({**STAFF.defaults(), "name": f"员工{number}"})).record
        rows.append({"staff": saved.id, "attended": number % 2 == 0})
    values: dict[str, Value] = {"held_on": "2026-11-18", "topic": "培训"}
    record = records.save(session, TRAINING, Record(values, {"attendee": tuple(rows)})).record
    page = LedgerPage(session, TRAINING)
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    page.open_record(int(str(record.id)))
    (block,) = page.detail.findChildren(ChildRows)
    assert block._grid.rowCount() >= FIRST
    assert block.more is not None
    shown = block._grid.count()
    block.more.click()
    assert block._grid.count() > shown
    assert page.list.status_text().startswith(
        "1 次·1 次待补签到表、照片·今年未覆盖中高级管理人员、基层业务人员、新入职人员"
    )


def test_papers_are_reached_from_the_detail(
    session: Session, staff: dict[str, int], look: QApplication, qtbot: QtBot
) -> None:
    page = LedgerPage(session, TRAINING)
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    assert not page.print_page(), "nothing is open"
    record = training(session, staff)
    page.refresh_if_stale()
    page.open_record(int(str(record.id)))
    assert page.print_page()
    menu = next(found for found in page.detail.findChildren(QMenu) if found.isVisible())
    assert [action.text() for action in menu.actions()] == ["签到表（空白）", "签到表（已填）"]
    menu.close()
    plain = LedgerPage(session, STAFF)
    qtbot.addWidget(plain)
    plain.show()
    plain.open_record(staff["陈新"])
    assert not plain.print_page()


def test_a_paper_is_previewed_printed_and_saved(
    session: Session, staff: dict[str, int], look: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    record = training(session, staff)
    dialog = PaperDialog(WayOut(session, "签到表"), papers.build(session, TRAINING, int(str(record.id)), "sign-in"))
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: dialog.print_button.isEnabled(), timeout=20000)
    assert dialog.preview.page_count == 1
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    assert dialog.print_to(printer) == 1
    for ending in ("pdf", "docx"):
        dialog.save_to(tmp_path / f"签到表.{ending}", ending)
        told = f"已另存：签到表.{ending}"
        qtbot.waitUntil(partial(is_said, dialog, told), timeout=20000)
        assert (tmp_path / f"签到表.{ending}").stat().st_size > 2000


def is_said(dialog: PaperDialog, words: str) -> bool:
    return dialog.words.text() == words


@pytest.mark.parametrize(("held_on", "present"), [("2026-11-23", True), ("2026-11-18", True), ("2026-12-01", None)])
def test_who_is_added_was_there_unless_the_training_is_to_come(
    session: Session, staff: dict[str, int], look: QApplication, qtbot: QtBot, held_on: str, present: bool | None
) -> None:
    form = RecordForm(session, TRAINING, None)
    qtbot.addWidget(form)
    form.cells["held_on"].editor.set_value(held_on)
    form.cells["topic"].editor.set_value("投诉处理培训")
    form._refresh()
    table = attendees(form)
    table.add([staff["王志强"]])
    QGuiApplication.clipboard().setText("刘秀兰、陈新")
    table.paste()
    assert [row.get("attended") for row in table.rows] == [present] * 3
    table.model.setData(table.model.index(2, ATTENDED), Qt.CheckState.Unchecked, int(Qt.ItemDataRole.CheckStateRole))
    with qtbot.waitSignal(form.saved) as saved:
        assert form.save()
    record = records.get(session, TRAINING, saved.args[0].record.id)
    assert (record.values["expected"], record.values["attended"]) == (3, 2 if present else 0)


def test_people_on_a_list_being_made_follow_the_day(
    session: Session, staff: dict[str, int], look: QApplication, qtbot: QtBot
) -> None:
    form = RecordForm(session, TRAINING, None)
    qtbot.addWidget(form)
    table = attendees(form)
    table.add([staff["王志强"], staff["陈新"]])
    table.model.setData(table.model.index(1, ATTENDED), Qt.CheckState.Unchecked, int(Qt.ItemDataRole.CheckStateRole))
    form.cells["held_on"].editor.set_value("2026-12-01")
    form._refresh()
    assert [row.get("attended") for row in table.rows] == [None, False]
    saved = training(session, staff, 2)
    later = RecordForm(session, TRAINING, saved)
    qtbot.addWidget(later)
    later.cells["held_on"].editor.set_value("2026-12-01")
    later._refresh()
    assert [row["attended"] for row in attendees(later).rows] == [True, True], "what was recorded stays"


def test_a_whole_branch_is_added_at_once(session: Session, look: QApplication, qtbot: QtBot) -> None:
    (branch, *_others) = session.link_names("branch")
    for name, values in (("刘秀兰", {"branch": branch}), ("陈新", {"branch": branch}), ("王志强", {})):
        records.save(session, STAFF, Record({**STAFF.defaults(), "name": name, **values}))
    form = RecordForm(session, TRAINING, None)
    qtbot.addWidget(form)
    table = attendees(form)
    form._refresh()
    (action,) = table.branch_menu().actions()
    assert action.text() == "城关支行（2 人）"
    action.trigger()
    assert sorted(names(table)) == ["刘秀兰", "陈新"]
    assert [row["attended"] for row in table.rows] == [True, True]
    assert table.message.text() == "已添加 2 人"
    action.trigger()
    assert table.message.text() == "已添加 0 人；2 人已在名单里"
