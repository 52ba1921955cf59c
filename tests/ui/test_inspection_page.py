"""A run worked through in the real window, by keys and by mouse: judge, write, adopt, rectify, resume, compare, end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from tests.ui import keyboard_audit
from tests.ui.dialogs import in_dialog
from tests.ui.form_keys import CONTROL, Key, here, press, show, write
from xiaobao_desktop.domain.fields import Record, Values
from xiaobao_desktop.domain.inspection import CONFORM, NOT, PARTLY
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.services import inspection_run, inspection_view, records
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Query
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.dialogs.error_dialog import ErrorDialog
from xiaobao_desktop.ui.main_window import MainWindow
from xiaobao_desktop.ui.pages import inspection_panel
from xiaobao_desktop.ui.pages.inspection_work import CHANGED, FAULTS, LEFT, InspectionWork
from xiaobao_desktop.ui.pages.worked_page import WorkedPage
from xiaobao_desktop.ui.tasks import tasks

INSPECTION, RECTIFICATION = ledger("inspection"), ledger("rectification")


@pytest.fixture
def window(look: QApplication, session: Session) -> Iterator[MainWindow]:
    made = MainWindow(session)
    show(made, 1366, 738)
    yield made
    if tasks.cache_info().currsize:
        tasks().close()
    made.hide()
    made.deleteLater()


def begin(session: Session, checklist: str = "info_security", **values: str) -> int:
    return int(str(inspection_run.start_run(session, checklist, **values).record.id))


def page_of(window: MainWindow) -> WorkedPage:
    assert window.show_page(INSPECTION.key)
    page = window.page(INSPECTION.key)
    assert isinstance(page, WorkedPage)
    return page


def work_on(window: MainWindow, run: int) -> InspectionWork:
    made = page_of(window).work_on(run)
    assert isinstance(made, InspectionWork)
    return made


def refused(window: MainWindow, act: Callable[[], object]) -> None:
    """Do what is refused with a sentence; the keyboard is back in the window afterwards."""
    in_dialog(ErrorDialog, lambda dialog: dialog.accept())
    act()
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)


def verdicts(session: Session, run: int) -> list[str]:
    return [item.verdict for item in inspection_view.view(session, run).items]


def button_here() -> str:
    """Words of the button that has the keyboard."""
    found = here()
    assert isinstance(found, QPushButton)
    return found.text().strip()


def current(work: InspectionWork) -> str:
    item = work.list.current()
    return item.number if item else ""


def test_a_run_is_begun_in_the_form_and_worked_through_by_keys(window: MainWindow, session: Session) -> None:
    page = page_of(window)
    page.create_record()
    assert page._form is not None
    page._form.prefill({"checklist": "info_security", "members": "周敏、赵丽"})
    press(Key.Key_S, CONTROL)
    # The main button has the keyboard: Enter goes to the items.
    assert button_here() == "开始检查"
    press(Key.Key_Return)
    work = page.work
    assert isinstance(work, InspectionWork)
    assert (work.title.text(), current(work)) == ("2026年信息安全“三把钥匙”检查", "1.1")
    press(Key.Key_1)
    press(Key.Key_Down)
    press(Key.Key_3)
    assert verdicts(session, 1)[:3] == [CONFORM, NOT, ""]
    assert window.current_page() is page
    assert work.status_text() == "检查人：周敏、赵丽　已自动保存 09:41"
    assert not work.panel._finding_part.isHidden()
    assert not work.panel.rectify.isEnabled()
    press(Key.Key_Return)
    write("3 人转岗没有停用账号")
    press(Key.Key_Return)
    write("抽查名单")
    press(Key.Key_Return)
    item = inspection_view.view(session, 1).items[1]
    assert (item.finding, item.evidence) == ("3 人转岗没有停用账号", "抽查名单")
    # The section had two items: the keyboard is back on the list, F8 goes on in the next section.
    assert here() is work.list
    press(Key.Key_F8)
    assert current(work) == "2.1"
    press(Key.Key_2)
    press(Key.Key_Delete)
    assert verdicts(session, 1)[2] == ""
    press(Key.Key_Escape)
    assert page.work is None
    assert button_here() == "继续检查"


def test_a_finding_becomes_a_rectification_with_one_key(window: MainWindow, session: Session) -> None:
    run = begin(session)
    work = work_on(window, run)
    press(Key.Key_3)
    refused(window, partial(press, Key.Key_F6))
    press(Key.Key_Return)
    write("共用账号")
    press(Key.Key_F6)
    made = records.get(session, RECTIFICATION, 1)
    assert (made.values["problem"], made.values["inspection"]) == ("共用账号", run)
    assert not work.panel.card.isHidden()
    assert work.panel.card.link.text() == "已生成整改 ZG-2026-0001"
    assert work.panel.card.pill.text() == "未开始"
    assert work.panel.rectify.isHidden()
    records.save(session, RECTIFICATION, Record({"planned_on": "2026-11-20", "department": "科技部"}, {}, 1))
    work.reload()
    assert work.panel.card.words.text() == "科技部·计划 2026-11-20 完成"
    assert work.panel.card.pill.text() == "延期"
    work.panel.card.link.click()
    assert window.current_key() == RECTIFICATION.key


def test_what_the_ledgers_say_is_taken_over_with_one_key(window: MainWindow, session: Session) -> None:
    training: Values = {"held_on": "2026-03-05", "topic": "投诉处理", "audience": ("front_line",)}
    records.save(session, ledger("training"), Record({**training, "front_line_count": 12, "attended": 12}))
    run = begin(session, "outlet")
    work = work_on(window, run)
    work.go_to("staff_knows")
    assert not work.panel.offer.isHidden()
    press(Key.Key_F7)
    item = inspection_view.view(session, run).items[-1]
    assert item.evidence.startswith("2026年截至11月23日培训 1 次")
    assert work.panel.evidence.toPlainText() == item.evidence
    assert work.panel.offer.isHidden()


def test_it_goes_on_where_it_was_left_and_filters_over_all_sections(window: MainWindow, session: Session) -> None:
    run = begin(session)
    keys = [item.key for item in inspection_view.view(session, run).items]
    for key, verdict in zip(keys, (CONFORM, PARTLY, CONFORM), strict=False):
        inspection_run.set_verdict(session, run, key, verdict)
    work = work_on(window, run)
    assert (current(work), work.head.text()) == ("2.2", "2　权限")
    work.show_filter(LEFT)
    assert work.list.items.keys == keys[3:]
    assert work.head_note.text() == "5 项"
    # What was just judged stays in sight until the filter is chosen again.
    press(Key.Key_4)
    assert work.list.items.keys == keys[3:]
    work.show_filter(FAULTS)
    assert work.list.items.keys == [keys[1]]
    work.progress.sections.setCurrentRow(2)
    assert work.list.items.keys == keys[5:]
    assert work.filter.current() == "all"


def test_a_click_on_a_verdict_judges(window: MainWindow, session: Session) -> None:
    run = begin(session)
    work = work_on(window, run)
    second = work.list.items.index(1, 0)
    area = work.list.visualRect(second)
    places = [QPoint(x, area.center().y()) for x in range(area.left(), area.right())]
    wanted = [at for at in places if work.list.painter_of_rows.verdict_at(area, at) == PARTLY]
    QTest.mouseClick(work.list.viewport(), Qt.MouseButton.LeftButton, pos=wanted[len(wanted) // 2])
    assert verdicts(session, run)[:2] == ["", PARTLY]
    assert current(work) == "1.2"
    QTest.mouseClick(work.list.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(60, area.center().y()))
    assert verdicts(session, run)[:2] == ["", PARTLY]


def test_what_is_being_written_is_kept_when_the_page_is_left(window: MainWindow, session: Session) -> None:
    run = begin(session)
    work = work_on(window, run)
    press(Key.Key_Return)
    write("看了登记簿 12")
    assert work.has_unsaved()
    assert window.show_page("workbench")
    assert inspection_view.view(session, run).items[0].evidence == "看了登记簿 12"
    window.show_page(INSPECTION.key)
    assert here() is work.list


def test_digits_judge_wherever_nothing_is_typed(window: MainWindow, session: Session) -> None:
    run = begin(session)
    work = work_on(window, run)
    for widget, key, verdict in (
        (work.progress.sections, Key.Key_2, PARTLY),
        (work.back, Key.Key_1, CONFORM),
        (work.panel.add_files, Key.Key_4, "na"),
    ):
        widget.setFocus()
        press(key)
        assert verdicts(session, run)[0] == verdict
        assert window.current_key() == INSPECTION.key
    work.panel.evidence.setFocus()
    write("1 份")
    assert work.panel.evidence.toPlainText() == "1 份"
    assert verdicts(session, run)[0] == "na"


def test_undo_in_the_window_takes_the_last_verdict_back(window: MainWindow, session: Session, qtbot: QtBot) -> None:
    run = begin(session)
    work = work_on(window, run)
    press(Key.Key_1)
    press(Key.Key_Down)
    press(Key.Key_2)
    press(Key.Key_Z, CONTROL)
    assert verdicts(session, run)[:2] == [CONFORM, ""]
    assert work.progress.words.text() == "已查 1 / 8 项"
    assert work.list.current() is not None
    assert work.panel.pill.text() == "未检查"


def test_the_end_waits_for_every_item_and_can_be_taken_back(window: MainWindow, session: Session, qtbot: QtBot) -> None:
    run = begin(session)
    work = work_on(window, run)
    assert not work.end.isEnabled()
    assert work.end.toolTip() == "还有 8 项没有查"
    for _item in range(8):
        press(Key.Key_F8)
        press(Key.Key_1)
    assert work.end.isEnabled()
    # With nothing left to check F8 goes to the button that ends the run; after that Space must not open it again.
    press(Key.Key_F8)
    assert button_here() == "完成自查"
    with qtbot.waitSignal(work.told) as told:
        press(Key.Key_Space)
    assert here() is work.list
    assert told.args == ["自查已完成，检查结论已写进登记"]
    assert records.get(session, INSPECTION, run).values["conclusion"] == "共检查 8 项：符合 8 项。没有发现问题。"
    assert (work.end.text().strip(), work.end.accessibleName()) == ("重新打开", "重新打开")
    assert work.end.property("look") == "secondary", "to open it again is not the main thing to do"
    refused(window, partial(press, Key.Key_3))
    assert verdicts(session, run) == [CONFORM] * 8
    work.end.click()
    assert work.end.property("look") == "primary"
    press(Key.Key_2)
    judged = work.list.current()
    assert judged is not None
    # Elsewhere: nothing to rectify there, and a refused end leads to the item that lacks its words.
    other = next(item for item in work._run().items if item.verdict == CONFORM)
    work.go_to(other.key)
    work.focus_first()
    press(Key.Key_F6)
    assert not list(session.book.ids(RECTIFICATION, Query()))
    refused(window, work.end.click)
    lacking = work.list.current()
    assert lacking is not None
    assert lacking.key == judged.key
    assert here() is work.panel.finding
    inspection_run.set_words(session, run, judged.key, finding="3 人共用一个账号")
    work.reload()
    with qtbot.waitSignal(work.told) as told:
        work.end.click()
    assert told.args == ["自查已完成，还有 1 个问题没有转为整改"]


def test_items_are_marked_against_the_run_before(window: MainWindow, session: Session) -> None:
    old = begin(session, begun_on="2025-11-03")
    for item in inspection_view.view(session, old).items:
        inspection_run.set_verdict(session, old, item.key, CONFORM)
    inspection_run.finish(session, old)
    run = begin(session)
    keys = [item.key for item in inspection_view.view(session, run).items]
    inspection_run.set_verdict(session, run, keys[0], NOT)
    work = work_on(window, run)
    work.go_to(keys[0])
    assert work.panel.before.text() == "上次符合（ZC-2025-0001，2026-11-23）"
    work.show_filter(CHANGED)
    assert work.list.items.keys == [keys[0]]


def test_the_form_comes_back_to_the_run(window: MainWindow, session: Session) -> None:
    run = begin(session)
    inspection_run.set_verdict(session, run, "real_account", CONFORM)
    page = page_of(window)
    page.work_on(run)
    for keep in (False, True):
        assert isinstance(page.work, InspectionWork)
        page.work.edit.click()
        assert page._form is not None
        assert page.status_text() == ""
        page._form.prefill({"leader": "王建国"} if keep else {})
        press(Key.Key_S, CONTROL) if keep else press(Key.Key_Escape)
        assert page._form is None
    assert isinstance(page.work, InspectionWork)
    assert records.get(session, INSPECTION, run).values["leader"] == "王建国"
    assert page._stack.currentWidget() is page.work
    assert current(page.work) == "1.2"


def test_every_control_of_a_run_is_reached_by_keys_and_named(window: MainWindow, session: Session) -> None:
    run = begin(session, "recording")
    inspection_run.set_verdict(session, run, "covered", NOT)
    inspection_run.set_words(session, run, "covered", finding="2 笔没有双录")
    work = work_on(window, run)
    work.go_to("covered")
    stops = keyboard_audit.walk(window)
    assert keyboard_audit.out_of_reach(window, stops) == []
    assert keyboard_audit.nameless(window, stops) == []
    assert keyboard_audit.backwards(stops) == []


def test_numbers_that_cannot_be_are_said_at_the_field_and_wait(window: MainWindow, session: Session) -> None:
    run = begin(session, "recording")
    panel = work_on(window, run).panel
    panel.sampled.setFocus()
    write("20")
    panel.failed.setFocus()
    write("21")
    assert panel.failed_part.problem.text == "多于抽查笔数，请核对"
    press(Key.Key_Escape)
    item = inspection_view.view(session, run).items[0]
    assert (item.sampled, item.failed) == (20, None)
    panel.failed.setFocus()
    panel.failed.selectAll()
    write("2")
    assert panel.failed_part.problem.text == ""
    press(Key.Key_Escape)
    item = inspection_view.view(session, run).items[0]
    assert (item.sampled, item.failed) == (20, 2)


def test_what_is_written_is_kept_after_a_pause_and_the_cursor_stays(
    window: MainWindow, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = begin(session)
    panel = work_on(window, run).panel
    panel.evidence.setFocus()
    write("abcd")
    press(Key.Key_Left)
    panel._pause.setInterval(1)
    with qtbot.waitSignal(panel.typed):
        write("x")
    assert inspection_view.view(session, run).items[0].evidence == "abcxd"
    write("y")
    assert panel.evidence.toPlainText() == "abcxyd"
    panel._pause.setInterval(60_000)
    monkeypatch.setattr(inspection_panel, "LONGEST_MS", 30)
    with qtbot.waitSignal(panel.typed):
        for letter in "abcdefghijklmn":
            write(letter)
            qtbot.wait(5)
    assert inspection_view.view(session, run).items[0].evidence.startswith("abcxyab"), "kept in the midst of typing"
    panel.evidence.setPlainText("abcxyd")
    monkeypatch.undo()
    bus().locking.emit()
    assert inspection_view.view(session, run).items[0].evidence == "abcxyd", "kept before the book closes"


def test_files_are_added_to_an_item(window: MainWindow, session: Session, tmp_path: Path, qtbot: QtBot) -> None:
    run = begin(session)
    work = work_on(window, run)
    note = tmp_path / "名单.txt"
    note.write_text("在岗名单", encoding="utf-8")
    item = inspection_view.view(session, run).items[0]
    with qtbot.waitSignal(work.told):
        work.desk.add(run, INSPECTION.evidence_kind("proof"), [note], item.row_id)
    assert work.panel.files.count() == 1
    chip = work.panel.files.itemAt(0).widget()
    assert chip is not None
    assert chip.accessibleName() == "名单.txt 1 KB"
    press(Key.Key_Down)
    assert work.panel.files.count() == 0


def test_a_run_that_was_deleted_elsewhere_gives_way_to_the_list(window: MainWindow, session: Session) -> None:

    run = begin(session)
    page = page_of(window)
    page.work_on(run)
    bus().announce(records.delete(session, INSPECTION, run))
    assert page.work is None
    assert page.detail.isHidden()
