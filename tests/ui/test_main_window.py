"""The window on a real book: pages at their first visit, keys, sizes, place, badges, lock; the worker and the state."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import PASSWORD, ShowWindow
from tests.ui.dialogs import answer, in_dialog
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.services import options
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import state, theme
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.main_window import TITLE_BAR, MainWindow, nav_entries, page_specs
from xiaobao_desktop.ui.navigation import NavItem
from xiaobao_desktop.ui.pages.ledger_page import LedgerPage
from xiaobao_desktop.ui.state import WindowState
from xiaobao_desktop.ui.tasks import Progress, Tasks
from xiaobao_desktop.ui.theme_tokens import DARK, LIGHT

Cases = dict[str, Record]
Open = Callable[..., MainWindow]


@pytest.fixture
def open_window(show_window: ShowWindow) -> Open:
    """Opens the window in a size, on a page ("" for the one it starts with)."""

    def make(width: int = 1366, height: int = 738, page: str = "complaint") -> MainWindow:
        window = show_window(width, height)
        if page:
            window.show_page(page)
        return window

    return make


def complaints(window: MainWindow) -> LedgerPage:
    """The page of complaints."""
    page = window.page("complaint")
    assert isinstance(page, LedgerPage)
    return page


def test_only_existing_pages_stand_in_the_sidebar(open_window: Open, session: Session) -> None:
    window = open_window()
    shown = [item.text() for item in window.sidebar.findChildren(NavItem)]
    assert shown == [entry.label for entry in nav_entries(page_specs(session))]
    ledgers = ["投诉", "培训", "宣传教育", "制度与会议", "自查整改", "报送与计划"]
    assert shown == ["工作台", *ledgers, "图表", "报表", "数据", "设置"]
    # The lists that others choose from are kept in the settings.
    assert not {"机构", "人员"} & set(shown)
    for spec in page_specs(session):
        assert window.show_page(spec.key)
        assert window.current_key() == spec.key


def test_pages_are_made_at_their_first_visit(open_window: Open) -> None:
    window = open_window(page="")
    first, second = list(window._specs)[:2]
    assert first == "workbench"
    assert list(window._pages) == [first]
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert list(window._pages) == [first, second]
    assert window.current_key() == second
    QTest.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert window.current_key() == first


def test_a_page_that_takes_its_time_shows_so(open_window: Open) -> None:
    """On a book of 100,000 the first list of complaints took 0.6 s without a sign, clicked right after the start."""
    window = open_window()
    shapes: list[Qt.CursorShape] = []

    def slow(session: Session) -> QWidget:
        shapes.append(QApplication.overrideCursor().shape())
        return spec.factory(session)

    spec = window._specs["training"]
    window._specs["training"] = spec._replace(factory=slow)
    window.show_page("training")
    assert shapes == [Qt.CursorShape.WaitCursor]
    assert str(QApplication.overrideCursor()) == "None", "the arrow is back"


def test_digits_typed_into_a_field_stay_there(open_window: Open, cases: Cases) -> None:
    window = open_window()
    QTest.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    box = complaints(window).search_box
    assert box.hasFocus()
    QTest.keyClicks(box, "3")
    assert box.text() == "3"
    assert window.current_key() == "complaint"
    complaints(window).list.table.setFocus()
    QTest.keyClicks(complaints(window).list.table, "3")
    assert window.current_key() == list(window._specs)[2]


def test_badge_counts_open_cases_and_warns(open_window: Open, cases: Cases) -> None:
    window = open_window()
    item = window.sidebar._items["complaint"]
    assert item.accessibleName() == "投诉，5 件，有逾期"


def test_badge_follows_the_news(open_window: Open, add_complaint: Callable[..., Record]) -> None:
    window = open_window()
    item = window.sidebar._items["complaint"]
    assert item.accessibleName() == "投诉"
    added = add_complaint("2026-11-20", "张明")
    assert added.id is not None
    bus().announce((("complaint", added.id),))
    assert item.accessibleName() == "投诉，1 件"


def test_status_bar_shows_the_words_of_the_page(open_window: Open, cases: Cases) -> None:
    window = open_window()
    assert window._status.text() == "6 件·在办 5·逾期 1"
    complaints(window).list.table.select_row(1)
    assert window._status.text().endswith("已选 1 件·金额 120.00 元")


def test_sidebar_is_slim_below_1320_and_names_stay_as_tooltips(open_window: Open) -> None:
    window = open_window(1366, 738)
    assert window.sidebar.width() == theme.px(196)
    window.resize(1280, 690)
    QApplication.processEvents()
    assert window.sidebar.width() == theme.px(56)
    assert window.sidebar._items["reports"].toolTip() == "报表"


def test_below_1100_the_record_covers_the_list(open_window: Open, cases: Cases) -> None:
    window = open_window(1092, 540)
    page = complaints(window)
    page._open_and_focus(page.list.model.record_id(0))
    assert not page.list.isVisible()
    window.resize(1366, 738)
    QApplication.processEvents()
    assert page.list.isVisible()
    assert page.detail.isVisible()


@pytest.mark.parametrize("opened", [False, True], ids=["list", "record"])
def test_nothing_is_cut_at_1092_by_540(open_window: Open, cases: Cases, opened: bool) -> None:
    window = open_window(1092, 540)
    assert (window.width(), window.height()) == (1092, 540)
    page = complaints(window)
    if opened:
        page._open_and_focus(page.list.model.record_id(1))
        QApplication.processEvents()
    assert cut_controls(window) == []


@pytest.mark.parametrize("key", ["workbench", "charts", "reports", "data", "settings"])
def test_no_other_page_is_cut_at_1092_by_540(open_window: Open, key: str) -> None:
    window = open_window(1092, 540)
    window.show_page(key)
    QApplication.processEvents()
    assert (window.width(), window.height()) == (1092, 540)
    assert cut_controls(window) == []


def cut_controls(window: MainWindow) -> list[str]:
    """Buttons, fields and chips that are shown but too small for their words, or lie partly outside the window."""
    found = []
    for made in [*window.findChildren(QPushButton), *window.findChildren(QLineEdit), *window.findChildren(NavItem)]:
        if not made.isVisible() or _scrolls(made):
            continue
        place = QRect(made.mapTo(window, QPoint(0, 0)), made.size())
        small = made.width() < made.minimumSizeHint().width() or made.height() < made.minimumSizeHint().height()
        if small or not window.rect().contains(place):
            found.append(f"{made.accessibleName()} {place} wants {made.minimumSizeHint()}")
    return found


def _scrolls(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            return True
        parent = parent.parentWidget()
    return False


def test_look_follows_the_setting(open_window: Open, session: Session) -> None:
    window = open_window()
    options.save_settings(session, theme="dark", short_name="云岭村镇银行")
    bus().settings_changed.emit()
    assert theme.tokens() is DARK
    assert window.palette().color(QPalette.ColorRole.Window).name().upper() == DARK.window
    assert window.windowTitle() == "小保·消保台账 — 云岭村镇银行"
    options.save_settings(session, theme="light")
    bus().settings_changed.emit()
    assert theme.tokens() is LIGHT


def test_place_is_kept_and_clamped_to_the_screen(open_window: Open, session: Session) -> None:
    first = open_window(1200, 700)
    first.move(2500, 1900)
    first.close()
    state.state_for.cache_clear()
    again = MainWindow(session)
    screen = QGuiApplication.primaryScreen().availableGeometry()
    assert screen.contains(again.geometry())
    again.close()
    again.deleteLater()


def test_on_a_low_screen_there_is_room_for_the_title_bar(open_window: Open, session: Session) -> None:
    screen = QGuiApplication.primaryScreen().availableGeometry()
    open_window(screen.width(), screen.height()).close()
    state.state_for.cache_clear()
    again = MainWindow(session)
    assert again.frameGeometry().bottom() + theme.px(TITLE_BAR) <= screen.bottom()
    again.close()
    again.deleteLater()


def test_a_page_kept_by_an_older_program_does_not_stop_the_start(open_window: Open, session: Session) -> None:
    (session.directory / state.FILE).write_text(
        json.dumps({"page": "gone", "geometry": "äöü", "columns": 3}), encoding="utf-8"
    )
    state.state_for.cache_clear()
    assert open_window(page="").current_key() == "workbench"


def test_the_sidebar_is_one_stop_of_the_tab_key_and_arrows_go_through_it(open_window: Open) -> None:
    window = open_window()
    items = window.sidebar._items
    items["workbench"].setFocus()
    window.focusNextChild()
    assert window.sidebar._help.hasFocus()
    window.focusNextChild()
    assert window.sidebar._lock.hasFocus()
    window.show_page("workbench")
    items["workbench"].setFocus()
    for key in list(items)[1:]:
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, Qt.Key.Key_Down)
        assert window._specs[window.current_key()].entry.key == key
        assert items[key].hasFocus()


def test_locking_hides_the_window_until_the_password_is_given(
    open_window: Open, session: Session, qtbot: QtBot
) -> None:
    from xiaobao_desktop.ui.dialogs.login import LoginDialog

    window = open_window()
    seen: list[bool] = []

    def unlock(dialog: LoginDialog) -> None:
        seen.append(window.isVisible())
        dialog.password.setText(PASSWORD)
        dialog.submit()

    in_dialog(LoginDialog, unlock)
    QTest.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert seen == [False]
    assert window.isVisible()


def test_new_record_and_leaving_an_unsaved_form(open_window: Open, cases: Cases, qtbot: QtBot) -> None:
    window = open_window()
    QTest.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    page = complaints(window)
    assert page._form is not None
    assert not page.has_unsaved()
    assert window.show_page("reports")
    assert window.show_page("complaint")


def test_an_unsaved_form_keeps_the_page(open_window: Open, cases: Cases) -> None:
    window = open_window()
    page = complaints(window)
    page.create_record()
    assert page._form is not None
    page._form.cells["complainant"].editor.set_value("冯军")
    assert page.has_unsaved()
    answer("继续填写")
    assert not window.show_page("reports")
    assert window.current_key() == "complaint"
    assert window.sidebar._items["complaint"].isChecked()


def test_a_form_left_open_does_not_hide_what_is_asked_for(open_window: Open, cases: Cases) -> None:
    window = open_window()
    page = complaints(window)
    first, second = (int(str(cases[name].id)) for name in list(cases)[:2])
    window.open_record("complaint", first)
    page.create_record()
    window.show_page("workbench")
    window.open_record("complaint", second)
    assert not page.editing
    assert page.detail.isVisible()
    assert page.detail.record is not None
    assert page.detail.record.id == second
    page.create_record()
    window.show_records("complaint", [first], "一件")
    assert not page.editing
    page.create_record()
    form = page._form
    assert form is not None
    form.cells["complainant"].editor.set_value("冯军")
    answer("继续填写")
    window.open_record("complaint", second)
    assert page.editing


def test_a_list_kept_in_the_settings_is_found(open_window: Open) -> None:
    window = open_window()
    window.show_ledger("branch")
    assert window.current_key() == "settings"
    shown = [page for page in window.findChildren(LedgerPage) if page.isVisible()]
    assert [page.ledger.key for page in shown] == ["branch"]
    window.show_ledger("complaint")
    assert window.current_key() == "complaint"


def test_where_a_list_is_printed_is_said(open_window: Open) -> None:
    window = open_window()
    window.show_page("policy")
    QTest.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert window.toast.text() == "要打印制度台账，请到“报表”里选“台账”"


def test_an_empty_ledger_leads_to_the_import(open_window: Open) -> None:
    window = open_window()
    buttons = {made.accessibleName(): made for made in complaints(window).list.findChildren(QPushButton)}
    buttons["从 Excel 导入"].click()
    assert window.current_key() == "data"


def test_a_saved_record_is_shown_in_list_and_panel(open_window: Open, cases: Cases) -> None:
    window = open_window()
    page = complaints(window)
    page.create_record()
    form = page._form
    assert form is not None
    form.cells["complainant"].editor.set_value("冯军")
    assert form.save()
    assert page._form is None
    assert page.detail.record is not None
    assert page.detail.record.values["complainant"] == "冯军"
    assert page.detail.record.number in [page.list.model.cell(row, 0).text for row in range(7)]
    assert window.sidebar._items["complaint"].accessibleName() == "投诉，6 件，有逾期"


# The worker


@pytest.fixture
def worker(look: QApplication) -> Iterator[Tasks]:
    """A worker of its own."""
    made = Tasks()
    yield made
    made.close()


def test_work_runs_beside_and_its_result_comes_back_here(worker: Tasks, qtbot: QtBot) -> None:
    places: list[object] = []

    def work(_progress: Progress) -> int:
        places.append(threading.current_thread())
        return 42

    results: list[int] = []

    def done(result: int) -> None:
        results.append(result)
        places.append(threading.current_thread())

    worker.run(work, done, _fail)
    qtbot.waitUntil(lambda: results == [42])
    assert places[0] is not threading.main_thread()
    assert places[1] is threading.main_thread()
    assert not worker.busy


def test_an_error_of_the_work_comes_back_as_it_is(worker: Tasks, qtbot: QtBot) -> None:
    caught: list[BaseException] = []

    def work(_progress: Progress) -> None:
        raise ValueError("broken")

    worker.run(work, _fail, caught.append)
    qtbot.waitUntil(lambda: len(caught) == 1)
    assert isinstance(caught[0], ValueError)


def test_long_work_is_shown_and_can_be_cancelled(worker: Tasks, qtbot: QtBot) -> None:
    busy: list[bool] = []
    steps: list[tuple[int, int, str]] = []
    worker.busy_changed.connect(busy.append)
    stop = threading.Event()

    def work(progress: Progress) -> None:
        progress.step(1, 3, "读取")
        while not progress.cancelled and not stop.is_set():
            stop.wait(0.01)

    task = worker.run(work, _fail, _fail)
    task.stepped.connect(lambda done, total, what: steps.append((done, total, what)))
    qtbot.waitUntil(lambda: busy == [True], timeout=20_000)
    task.cancel()
    qtbot.waitUntil(lambda: busy == [True, False], timeout=20_000)
    stop.set()
    assert steps in ([], [(1, 3, "读取")])


def test_short_work_shows_no_bar(worker: Tasks, qtbot: QtBot) -> None:
    busy: list[bool] = []
    worker.busy_changed.connect(busy.append)
    done: list[int] = []
    worker.run(lambda _progress: 1, done.append, _fail)
    qtbot.waitUntil(lambda: done == [1])
    assert True not in busy


def test_nobody_is_called_when_the_owner_is_gone(worker: Tasks, qtbot: QtBot) -> None:
    owner = QObject()
    go = threading.Event()
    called: list[object] = []
    worker.run(lambda _progress: go.wait(2), called.append, called.append, owner)
    owner.deleteLater()
    QApplication.sendPostedEvents(owner, 0)
    QApplication.processEvents()
    go.set()
    qtbot.waitUntil(lambda: not worker.busy)
    assert called in ([], [True])


def _fail(*values: object) -> None:
    raise AssertionError(values)


# The state


def test_state_keeps_known_names_of_the_right_type(tmp_path: Path) -> None:
    file = tmp_path / state.FILE
    kept = WindowState(file)
    kept.put("page", "reports")
    kept.put_for("tab", "complaint", "all")
    again = WindowState(file)
    assert again.get("page", "") == "reports"
    assert again.get_for("tab", "complaint", "year") == "all"
    assert again.get("page", 3) == 3
    file.write_text('{"page": "data", "unknown": 1}', encoding="utf-8")
    assert WindowState(file).get("page", "") == "data"


def test_state_that_cannot_be_written_is_only_lost(tmp_path: Path) -> None:
    kept = WindowState(tmp_path / "missing" / state.FILE)
    kept.put("page", "reports")
    assert kept.get("page", "") == "reports"
