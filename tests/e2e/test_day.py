"""An officer's day with the mouse unplugged: log in, paste a ticket, take a call, record, look, print. Keys only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from tests.e2e.waiting import until
from tests.ui.dialogs import answer_if_asked, in_dialog
from tests.ui.form_keys import ALT, CONTROL, SHIFT, Key, here, press, show, write
from tests.ui.keyboard_audit import name
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.reports.document import Paragraph
from xiaobao_desktop.services import attachments, books, records
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Query
from xiaobao_desktop.ui import state, theme
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.dialogs.login import LoginDialog
from xiaobao_desktop.ui.dialogs.paste_ticket import PasteTicketDialog
from xiaobao_desktop.ui.dialogs.step_dialog import StepDialog
from xiaobao_desktop.ui.main_window import MainWindow, nav_entries, page_specs
from xiaobao_desktop.ui.pages.charts_page import ChartsPage
from xiaobao_desktop.ui.pages.ledger_page import LedgerPage
from xiaobao_desktop.ui.pages.report_page import ReportPage
from xiaobao_desktop.ui.tasks import tasks
from xiaobao_desktop.ui.widgets import pdf_printing

PASSWORD = "liuxi-2026"
TODAY = datetime.now().date()  # noqa: DTZ005 - the login has the clock of the machine
TICKET = (
    f"12378 投诉转办单\n工单编号：TS0001　　转办时间：{TODAY.year}年{TODAY.month}月{TODAY.day}日 08:42\n"
    "投诉人：张桂兰　　联系电话：13907990017\n"
    "被投诉机构：城关支行\n投诉内容：多扣年费20元，没有告知。\n诉求：退还年费\n办理时限：15日"
)
MOST_TABS = 60


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A bank with one branch and two people, closed again."""
    made, _key = books.create_book(tmp_path / "账 簿", bank="某某农村商业银行", officer="周敏", password=PASSWORD)
    branch = records.save(made, ledger("branch"), Record({**ledger("branch").defaults(), "name": "城关支行"}))
    for person in ("刘秀兰", "李小龙"):
        values = {**ledger("staff").defaults(), "name": person, "group": "front_line", "branch": branch.record.id}
        records.save(made, ledger("staff"), Record(values))
    made.close()
    return made.directory


@pytest.fixture
def session(book: Path, look: QApplication, qtbot: QtBot) -> Iterator[Session]:
    """Logged in by typing the password."""
    dialog = LoginDialog(book)
    qtbot.addWidget(dialog)
    show(dialog, dialog.width(), dialog.height())
    write(PASSWORD)
    press(Key.Key_Return)
    until(lambda: dialog.session is not None and not dialog.isVisible())
    assert dialog.session is not None
    yield dialog.session
    tasks().close()
    bus.cache_clear()
    state.state_for.cache_clear()
    dialog.session.close()


@pytest.fixture
def look(qapp: QApplication) -> QApplication:
    theme.apply(qapp, theme.LIGHT_MODE)
    return qapp


@pytest.fixture
def window(session: Session, qtbot: QtBot) -> MainWindow:
    made = MainWindow(session)
    qtbot.addWidget(made, before_close_func=lambda _window: answer_if_asked("放弃"))
    show(made, 1366, 738)
    return made


def settle() -> None:
    """Until nothing is under way beside the window and something has the keyboard again."""
    QApplication.processEvents()
    for window in QApplication.topLevelWidgets():
        # Without a window manager nobody gives the keyboard back when a dialog closes.
        if isinstance(window, MainWindow) and QApplication.activeWindow() is None:
            window.activateWindow()
    until(lambda: not tasks().busy and QApplication.focusWidget() is not None)


def tab_to(words: str) -> QWidget:
    """Walk with Tab to what is called so."""
    for _step in range(MOST_TABS):
        if words in name(here()):
            return here()
        press(Key.Key_Tab)
        QApplication.processEvents()
    raise AssertionError(f"“{words}” is not within {MOST_TABS} tabs")


def go(window: MainWindow, key: str) -> None:
    """To a page by its number in the sidebar."""
    place = [entry.key for entry in nav_entries(page_specs(window.session))].index(key) + 1
    press(Key(Key.Key_0.value + place))
    assert window.current_key() == key


def paste_the_ticket(window: MainWindow) -> None:
    QGuiApplication.clipboard().setText(TICKET)
    go(window, "complaint")
    in_dialog(PasteTicketDialog, lambda _dialog: press(Key.Key_Return, CONTROL))
    press(Key.Key_V, CONTROL | SHIFT)
    settle()
    press(Key.Key_S, CONTROL)


def take_the_call() -> None:
    press(Key.Key_N, CONTROL)
    press(Key.Key_F8)
    press(Key.Key_2, ALT)
    for words in ("王大山", "13856219071", "jjk", "djsf", "yyxc", "cg", "来电称借记卡扣了年费，办卡时没有告知。"):
        press(Key.Key_F8)
        write(words)
    press(Key.Key_S, CONTROL)


def hand_it_over() -> None:
    """One Enter after saving opens 记一步: 转办 to a department."""

    def fill_in(_dialog: StepDialog) -> None:
        write("zb")
        press(Key.Key_Return)
        tab_to("部门或机构")
        write("零售业务部")
        press(Key.Key_S, CONTROL)

    in_dialog(StepDialog, fill_in)
    press(Key.Key_Return)


def record_the_training(window: MainWindow) -> None:
    go(window, "training")
    press(Key.Key_N, CONTROL)
    tab_to("培训主题")
    write("投诉处理技巧")
    tab_to("参训人员")
    for letters in ("lxl", "lxl"):
        write(letters)
        press(Key.Key_Return)
    press(Key.Key_S, CONTROL)


def record_the_event(window: MainWindow, photo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    go(window, "outreach")
    press(Key.Key_N, CONTROL)
    tab_to("活动名称")
    write("集市宣传")
    tab_to("受众人次")
    write("120")
    press(Key.Key_S, CONTROL)
    # The system's own file dialog; what it gives back is all that is replaced.
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_args: ([str(photo)], ""))
    tab_to("添加")
    press(Key.Key_Space)
    QApplication.processEvents()
    menu = QApplication.activePopupWidget()
    if menu is not None:
        press_in(menu, Key.Key_Down, Key.Key_Return)
    settle()


def press_in(widget: QWidget, *keys: Key) -> None:
    for key in keys:
        QTest.keyClick(widget, key)


def test_a_day_with_the_mouse_unplugged(
    window: MainWindow, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    complaint, training, outreach = (session.ledger(key) for key in ("complaint", "training", "outreach"))
    settle()
    paste_the_ticket(window)
    settle()
    pasted = session.book.ids(complaint, Query(search="张桂兰"))
    assert len(pasted) == 1
    take_the_call()
    settle()
    called = session.book.ids(complaint, Query(search="王大山"))
    assert len(called) == 1
    hand_it_over()
    settle()
    steps = records.get(session, complaint, called[0]).children["step"]
    told = [(step["kind"], step.get("department")) for step in steps]
    assert told == [("received", None), ("transfer", "零售业务部")]

    record_the_training(window)
    settle()
    (trained,) = session.book.ids(training, Query())
    assert records.get(session, training, trained).values["attended"] == 2

    photo = tmp_path / "现场.jpg"
    QImage(640, 480, QImage.Format.Format_RGB32).save(str(photo))
    record_the_event(window, photo, monkeypatch)
    (event,) = session.book.ids(outreach, Query())
    assert [entry.name for entry in attachments.list_of(session, outreach, event)] == ["现场.jpg"]

    go(window, "charts")
    charts = window.page("charts")
    assert isinstance(charts, ChartsPage)
    until(lambda: charts.shown is not None)
    settle()
    tab_to("各月受理图")
    press(Key.Key_Right)
    press(Key.Key_Return)
    assert window.current_key() == "complaint", "Enter on a bar opens the records behind it"
    page = window.page("complaint")
    assert isinstance(page, LedgerPage)
    assert set(page.list.model.ids) <= {pasted[0], called[0]}
    assert page.list.model.ids

    print_the_month(window, tmp_path / "打印.pdf", monkeypatch)
    assert (tmp_path / "打印.pdf").stat().st_size > 10_000


def print_the_month(window: MainWindow, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This month by key, then Ctrl+P to a printer that prints into a file."""
    go(window, "reports")
    reports = window.page("reports")
    assert isinstance(reports, ReportPage)
    until(lambda: reports.made is not None)
    settle()
    assert isinstance(tab_to("期间"), QComboBox)
    press(Key.Key_Up)
    until(lambda: reports.made is not None and reports.period.period.code == f"{TODAY:%Y-%m}" and not tasks().busy)
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(target))
    # The system's own print dialog; what it gives back is all that is replaced.
    monkeypatch.setattr(pdf_printing, "choose_printer", lambda *_args: printer)
    press(Key.Key_P, CONTROL)
    assert target.exists()
    assert reports.made is not None
    said = "".join(block.text for block in reports.made.built.document.blocks if isinstance(block, Paragraph))
    assert "受理消费投诉2件" in said
    assert "本月开展培训1次" in said
    assert "受众120人次" in said
