"""The workbench on a real book: counters, list, cards, search, quick actions, the printed sheet."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from tests.e2e.waiting import until
from tests.ui.conftest import ShowWindow
from tests.ui.dialogs import in_dialog
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.domain.todo import OVERDUE, SOON, TODAY, WEEK
from xiaobao_desktop.services import backup_places, credentials
from xiaobao_desktop.services.backups import BackupKind
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import theme
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.dialogs.todo_sheet import TodoSheetDialog
from xiaobao_desktop.ui.main_window import MainWindow
from xiaobao_desktop.ui.models.todo_model import TodoHead, TodoRow
from xiaobao_desktop.ui.pages.ledger_page import LedgerPage
from xiaobao_desktop.ui.pages.report_page import ReportPage
from xiaobao_desktop.ui.pages.settings_page import SettingsPage
from xiaobao_desktop.ui.pages.workbench import WorkbenchPage
from xiaobao_desktop.ui.tasks import tasks
from xiaobao_desktop.ui.widgets.trend_line import FOOT, TOP, TrendLine

Cases = dict[str, Record]
Open = Callable[..., MainWindow]


@pytest.fixture
def open_window(show_window: ShowWindow) -> Open:
    """Opens the window, which shows the workbench."""
    return show_window


def bench(window: MainWindow) -> WorkbenchPage:
    page = window.current_page()
    assert isinstance(page, WorkbenchPage)
    return page


def settled(qtbot: QtBot) -> None:
    """Wait until the worker has nothing left to do and the figures of every workbench are there."""
    benches = [widget for widget in QApplication.allWidgets() if isinstance(widget, WorkbenchPage)]
    qtbot.waitUntil(
        lambda: not tasks().busy and not any(isValid(page) and page.reading for page in benches), timeout=10_000
    )


def test_it_is_first_shown_and_counts_what_is_due(open_window: Open, cases: Cases) -> None:
    page = bench(open_window())
    counts = {key: counter.count for key, counter in page.strip.counters.items()}
    assert counts == {OVERDUE: 1, TODAY: 1, SOON: 1, WEEK: 0}
    assert page.strip.counters[OVERDUE].note.startswith("最久 9 天")
    assert page.strip.counters[TODAY].note == "投诉 1"
    assert not page.strip.counters[WEEK].isEnabled()
    assert page.status_text() == "已逾期 1·今天到期 1·3 天内 1"
    assert page.day_label.text() == "2026年11月23日 星期一"


def test_no_heavy_library_loads_with_it() -> None:
    code = (
        "import sys, xiaobao_desktop.ui.main_window;"
        "print([name for name in ('matplotlib', 'numpy', 'reportlab', 'docx', 'openpyxl') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_arrows_pass_over_heads_and_enter_opens_the_record(open_window: Open, cases: Cases) -> None:
    window = open_window()
    page = bench(window)
    assert page.list.hasFocus()
    assert page.list.selectionModel().hasSelection()
    row = page.list.current_row()
    assert row is not None
    assert row.record_id == cases["overdue"].id
    QTest.keyClick(page.list, Qt.Key.Key_Down)
    row = page.list.current_row()
    assert row is not None
    assert row.record_id == cases["today"].id
    QTest.keyClick(page.list, Qt.Key.Key_Return)
    assert window.current_key() == "complaint"
    ledger_page = window.current_page()
    assert isinstance(ledger_page, LedgerPage)
    assert ledger_page.detail.record is not None
    assert ledger_page.detail.record.id == cases["today"].id


def test_a_click_on_a_row_opens_it_and_on_a_head_does_nothing(open_window: Open, cases: Cases) -> None:
    window = open_window()
    page = bench(window)
    head = page.list.visualRect(page.list.todo.index(0, 0)).center()
    QTest.mouseClick(page.list.viewport(), Qt.MouseButton.LeftButton, pos=head)
    assert window.current_key() == "workbench"
    row = page.list.visualRect(page.list.todo.index(1, 0)).center()
    QTest.mouseClick(page.list.viewport(), Qt.MouseButton.LeftButton, pos=row)
    assert window.current_key() == "complaint"


def test_a_counter_goes_to_its_band(open_window: Open, cases: Cases) -> None:
    page = bench(open_window())
    page.strip.counters[SOON].click()
    row = page.list.current_row()
    assert row is not None
    assert row.record_id == cases["soon"].id


def test_cards_show_the_month_and_what_is_missing(open_window: Open, cases: Cases, qtbot: QtBot) -> None:
    page = bench(open_window())
    settled(qtbot)
    words = {name: [cell.text() for cell in row] for name, row in page.month_card.cells.items()}
    assert words["受理"] == ["5 件", "0 件", "—"]
    assert words["办结"] == ["1 件", "0 件", "—"]
    assert words["办结率"] == ["20.00%", "—", "—"]
    assert words["及时率"] == ["100.00%", "—", "—"]
    assert page.month_card.hint.text() == "11月1日—23日·按收到日期"
    assert page.gap_card.isVisible()
    assert page.gap_card.lines[0].gap.words == "1 件已办结的有待补项"


def test_a_gap_opens_its_records_with_a_chip_that_can_be_taken_off(
    open_window: Open, cases: Cases, qtbot: QtBot
) -> None:
    window = open_window()
    page = bench(window)
    settled(qtbot)
    page.gap_card.lines[0].click()
    shown = window.current_page()
    assert isinstance(shown, LedgerPage)
    assert shown.list.model.ids == [cases["closed"].id]
    chip = shown.list.chips.chip("id")
    assert chip.isVisible()
    assert "来自：工作台·1 件已办结的有待补项" in chip.text()
    QTest.keyClick(chip, Qt.Key.Key_Delete)
    assert len(shown.list.model.ids) == len(cases)
    assert not chip.isVisible()


def test_what_is_written_shows_at_once(open_window: Open, add_complaint: Callable[..., Record], qtbot: QtBot) -> None:
    page = bench(open_window())
    assert page._places.currentWidget() is page._nothing
    assert page.status_text() == "7 天内没有到期事项"
    saved = add_complaint("2026-10-30", "张明")
    assert saved.id is not None
    bus().announce((("complaint", saved.id),))
    assert page.strip.counters[OVERDUE].count == 1
    assert page._places.currentWidget() is page.list
    settled(qtbot)
    assert page.month_card.cells["受理"][0].text() == "0 件"


def test_search_lists_records_of_every_ledger_and_clearing_goes_back(open_window: Open, cases: Cases) -> None:
    window = open_window()
    page = bench(window)
    QTest.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert page.search_box.hasFocus()
    page.search_box.setText("年费")
    QTest.keyClick(page.search_box, Qt.Key.Key_Return)
    assert page.list_card.title.text() == "搜索结果"
    head = page.list.todo.lines[0]
    assert isinstance(head, TodoHead)
    assert (head.text, head.count) == ("投诉", 1)
    # Enter goes on to the result; Esc goes back to what is due.
    assert page.list.hasFocus()
    QTest.keyClick(page.list, Qt.Key.Key_Escape)
    assert page.list_card.title.text() == "到期事项"
    assert page.list_card.hint.text() == "3 项"


def test_from_a_ledger_the_search_goes_on_through_all_of_them(open_window: Open, cases: Cases) -> None:
    window = open_window()
    window.show_page("meeting")
    window.search()
    meetings = window.current_page()
    assert isinstance(meetings, LedgerPage)
    window.search()
    assert window.current_key() == "meeting", "without words there is nothing to go on with"
    meetings.search_box.setText("年费")
    QTest.keyClick(meetings.search_box, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    page = bench(window)
    assert window.current_key() == "workbench"
    assert page.search_box.hasFocus()
    assert (page.search_box.text(), page.list_card.hint.text()) == ("年费", "1 条")
    window.search()
    assert window.current_key() == "workbench"


def test_a_search_without_result_says_so(open_window: Open, cases: Cases) -> None:
    page = bench(open_window())
    page.search_box.setText("没有这样的字")
    page.search_box.returnPressed.emit()
    assert page._nothing is not None
    assert page.list_card.hint.text() == "0 条"


def test_quick_actions(open_window: Open, cases: Cases, qtbot: QtBot) -> None:
    window = open_window()
    page = bench(window)
    page.import_button.click()
    assert window.current_key() == "data"
    window.show_page("workbench")
    page.report_button.click()
    report = window.current_page()
    assert isinstance(report, ReportPage)
    assert report.period.period.code == "2026-11"
    settled(qtbot)
    window.show_page("workbench")
    page.create_button.click()
    assert window.current_key() == "complaint"
    ledger_page = window.current_page()
    assert isinstance(ledger_page, LedgerPage)
    assert ledger_page._form is not None


def test_low_windows_do_without_the_trend(open_window: Open, cases: Cases) -> None:
    window = open_window(1366, 738)
    assert bench(window).month_card.trend.isVisible()
    window.resize(1092, 540)
    QApplication.processEvents()
    assert not bench(window).month_card.trend.isVisible()


def test_the_week_is_previewed_and_printed(open_window: Open, cases: Cases, qtbot: QtBot, tmp_path: Path) -> None:
    window = open_window()
    target = tmp_path / "out.pdf"
    sent: list[int] = []

    def act(dialog: TodoSheetDialog) -> None:
        until(dialog.print_button.isEnabled)
        printer = QPrinter()
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(target))
        sent.append(dialog.print_to(printer))
        dialog.reject()

    in_dialog(TodoSheetDialog, act)
    QTest.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert sent == [1]
    assert target.read_bytes().startswith(b"%PDF")


def test_a_new_day_makes_everything_new(open_window: Open, cases: Cases, session: Session) -> None:
    window = open_window()
    page = bench(window)
    later = session.now() + timedelta(days=1)
    session._clock = lambda: later
    window.show_page("data")
    window.show_page("workbench")
    assert page.strip.counters[OVERDUE].count == 2


@pytest.mark.parametrize("mode", [theme.LIGHT_MODE, theme.DARK_MODE])
def test_it_paints_in_both_looks(open_window: Open, cases: Cases, look: QApplication, qtbot: QtBot, mode: str) -> None:
    theme.apply(look, mode)
    window = open_window()
    settled(qtbot)
    image = bench(window).grab().toImage()
    assert image.pixelColor(4, 4).name().upper() == theme.tokens().base
    red = theme.color("red_solid").rgb()
    assert any(image.pixel(x, y) == red for x in range(0, image.width(), 4) for y in range(0, image.height(), 4))


def test_with_nothing_in_the_week_the_next_item_stands_there_and_enter_opens_it(
    open_window: Open, add_complaint: Callable[..., Record]
) -> None:
    saved = add_complaint("2026-11-20", "孙丽")
    window = open_window()
    page = bench(window)
    assert page._places.currentWidget() is page.list
    head, row = page.list.todo.lines
    assert isinstance(head, TodoHead)
    assert isinstance(row, TodoRow)
    assert head.text == "7 天内没有到期的，最近一件"
    assert row.record_id == saved.id
    assert row.term is not None
    assert row.term.text == "剩 12 天"
    assert page.status_text() == "7 天内没有到期事项"
    page.focus_main()
    QTest.keyClick(page.list, Qt.Key.Key_Return)
    assert window.current_key() == "complaint"


@pytest.mark.parametrize(
    ("now", "before"), [((0,), (0,) * 12), ((0,) * 11, (1,) * 12), ((9,) * 11, (9,) * 12), ((0, 5), (5,) * 12)]
)
def test_the_values_of_the_small_trend_stand_clear(
    look: QApplication, qtbot: QtBot, now: tuple[int, ...], before: tuple[int, ...]
) -> None:
    line = TrendLine("今年各月受理")
    qtbot.addWidget(line)
    line.resize(300, line.sizeHint().height())
    line.show_years(2026, now, before)
    here, there = line.end_heights()
    line_height = line.fontMetrics().height() * 0.7
    assert abs(here - there) >= line_height
    assert max(here, there) <= line.height() - theme.px(FOOT), "not among the months"
    assert min(here, there) >= theme.px(TOP), "not in the head"
    assert not line.grab().isNull()


def test_a_key_that_is_not_kept_and_a_missing_backup_are_red_rows_until_they_are_mended(
    open_window: Open, session: Session, cases: Cases, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window()
    page = bench(window)
    settled(qtbot)
    line, backup = page.gap_card.chores
    assert backup.accessibleName() == "备份到 U 盘：还没有做过"
    QTest.keyClick(backup, Qt.Key.Key_Space)
    assert window.current_key() == "data"
    window.show_page("workbench")
    assert line.accessibleName() == "恢复密钥：还没有留好"
    place = line.mapTo(page.gap_card, QPoint(0, 0))
    assert place.y() < page.gap_card.lines[0].mapTo(page.gap_card, QPoint(0, 0)).y()
    QTest.keyClick(line, Qt.Key.Key_Space)
    assert window.current_key() == "settings"
    settings = window.current_page()
    assert isinstance(settings, SettingsPage)
    assert settings.panel("password").isVisible()
    credentials.set_recovery_kept(session, kept=True)
    backup_places.back_up_to_second(session, tmp_path / "U 盘", BackupKind.BY_HAND)
    bus().settings_changed.emit()
    window.show_page("workbench")
    settled(qtbot)
    assert page.gap_card.chores == []
