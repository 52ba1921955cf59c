"""The calendar on the workbench, and the note after the start about what is overdue."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from tests.services.support import COMPLAINT, a_complaint
from tests.ui.conftest import ShowWindow
from xiaobao_desktop.services import records
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.main_window import MainWindow
from xiaobao_desktop.ui.pages.due_calendar import DueCalendar
from xiaobao_desktop.ui.pages.workbench import WorkbenchPage
from xiaobao_desktop.ui.tasks import tasks

Open = Callable[[], MainWindow]


@pytest.fixture
def session(kept_session: Session) -> Session:
    return kept_session


def add(session: Session, received: str) -> int:
    return records.save(session, COMPLAINT, a_complaint(received)).record.id or 0


@pytest.fixture
def cases(session: Session) -> dict[str, int]:
    """A case that is overdue and one due today; their ids."""
    return {"overdue": add(session, "2026-10-30"), "today": add(session, "2026-11-08")}


@pytest.fixture
def open_window(show_window: ShowWindow, qtbot: QtBot) -> Open:
    """Opens the main window, which shows the workbench, and waits until it has come to rest."""

    def make() -> MainWindow:
        window = show_window()
        qtbot.waitUntil(lambda: not tasks().busy and not bench(window).reading, timeout=10_000)
        return window

    return make


def bench(window: MainWindow) -> WorkbenchPage:
    page = window.page("workbench")
    assert isinstance(page, WorkbenchPage)
    return page


def turn(window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)


def calendar_of(page: WorkbenchPage) -> DueCalendar:
    assert page.calendar is not None
    return page.calendar


def press_here(key: Qt.Key) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key)


def test_one_key_goes_to_the_calendar_and_by_enter_to_the_case_and_back(
    open_window: Open, cases: dict[str, int], qtbot: QtBot
) -> None:
    window = open_window()
    page = bench(window)
    assert page.calendar is None
    turn(window)
    calendar = calendar_of(page)
    assert calendar.isVisible()
    assert page.list_card.title.text() == "到期日历"
    assert QApplication.focusWidget() is calendar.board
    press_here(Qt.Key.Key_Down)
    press_here(Qt.Key.Key_Up)
    press_here(Qt.Key.Key_Return)
    press_here(Qt.Key.Key_Return)
    assert window.current_key() == "complaint"
    opened = window.ledger_page("complaint").detail.record
    assert opened is not None
    assert opened.id == cases["today"]
    window.show_page("workbench")
    assert calendar.isVisible()
    press_here(Qt.Key.Key_Escape)
    press_here(Qt.Key.Key_Escape)
    assert not calendar.isVisible()
    assert page.list_card.title.text() == "到期事项"
    assert QApplication.focusWidget() is page.list


def test_the_calendar_stays_while_records_change_and_gives_way_to_a_search(
    open_window: Open, session: Session, cases: dict[str, int], qtbot: QtBot
) -> None:
    from xiaobao_desktop.ui.bus import bus

    window = open_window()
    page = bench(window)
    page.calendar_button.click()
    calendar = calendar_of(page)
    assert calendar.hint.text() == "本月 2 项到期"
    bus().announce((("complaint", add(session, "2026-11-09")),))
    assert calendar.isVisible()
    assert calendar.hint.text() == "本月 3 项到期"
    page.search_box.setText("刘秀兰")
    qtbot.waitUntil(lambda: page.list_card.title.text() == "搜索结果")
    assert not calendar.isVisible()
    page.search_box.clear()
    qtbot.waitUntil(lambda: page.list_card.title.text() == "到期日历")
    assert calendar.isVisible()
    page.strip.chosen.emit("overdue")
    assert not calendar.isVisible()
    page.search_box.setText("刘秀兰")
    qtbot.waitUntil(lambda: page.list_card.title.text() == "搜索结果")
    turn(window)
    assert calendar.isVisible()
    assert page.search_box.text() == ""
    turn(window)
    assert page.list.current_row() is not None


def test_after_the_start_a_quiet_note_tells_what_is_overdue_and_leads_there(
    open_window: Open, cases: dict[str, int], qtbot: QtBot
) -> None:
    window = open_window()
    assert window.toast.isVisible()
    assert window.toast.text() == "有 1 项已逾期，最久的逾期 9 天"
    window.show_page("complaint")
    look = window.toast.findChild(QPushButton)
    assert isinstance(look, QPushButton)
    assert look.text() == "查看"
    look.click()
    assert window.current_key() == "workbench"
    row = bench(window).list.current_row()
    assert row is not None
    assert row.record_id == cases["overdue"]
    # Told once: not again when the page is read anew.
    bench(window).refresh()
    qtbot.waitUntil(lambda: not tasks().busy and not bench(window).reading, timeout=10_000)
    assert not window.toast.isVisible()


def test_nothing_is_said_after_the_start_while_nothing_is_overdue(open_window: Open, session: Session) -> None:
    add(session, "2026-11-20")
    window = open_window()
    assert not window.toast.isVisible()


def test_the_note_does_not_take_the_place_of_an_offer_to_undo(open_window: Open, cases: dict[str, int]) -> None:
    window = open_window()
    window.toast.tell("已删除 TS-2026-0001", "撤销", lambda: None)
    window._tell_overdue("有 1 项已逾期，最久的逾期 9 天")
    assert window.toast.text() == "已删除 TS-2026-0001"
