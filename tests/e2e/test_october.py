"""October on paper: the real window, the real ledger file, a real encrypted book, the printed month read back."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.e2e.waiting import until
from tests.ui.form_keys import ALT, CONTROL, Key, press, show, write
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.domain.period import month
from xiaobao_desktop.services import books, records
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Query
from xiaobao_desktop.ui import state, theme
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.main_window import MainWindow
from xiaobao_desktop.ui.pages.data_page import DataPage
from xiaobao_desktop.ui.pages.import_page import DONE, HEADER, PROBLEMS, ImportPage
from xiaobao_desktop.ui.pages.ledger_page import LedgerPage
from xiaobao_desktop.ui.pages.report_page import ReportPage
from xiaobao_desktop.ui.tasks import tasks

DATA = Path(__file__).parent.parent / "data"
KEY = json.loads((DATA / "complaint-ledger.key.json").read_text(encoding="utf-8"))
COMPLAINT = ledger("complaint")
NOW = datetime(2026, 11, 3, 9, 30)  # noqa: DTZ001 - the bank's local time


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    made, _key = books.create_book(
        tmp_path / "账 簿", bank="某某农村商业银行", officer="周敏", password="liuxi-2026", clock=lambda: NOW
    )
    made.close()
    opened = books.open_book(tmp_path / "账 簿", "liuxi-2026", clock=lambda: NOW)
    yield opened
    tasks().close()
    bus.cache_clear()
    state.state_for.cache_clear()
    opened.close()


@pytest.fixture
def window(session: Session, qapp: QApplication, qtbot: QtBot) -> MainWindow:
    theme.apply(qapp, theme.LIGHT_MODE)
    made = MainWindow(session)
    qtbot.addWidget(made)
    show(made, 1366, 738)
    return made


def import_the_ledger(window: MainWindow, rejects: Path) -> ImportPage:
    """The way through the import page with its own buttons."""
    window.show_page("data")
    data = window.page("data")
    assert isinstance(data, DataPage)
    QTest.mouseClick(data.import_buttons["complaint"], Qt.MouseButton.LeftButton)
    page = data.findChild(ImportPage)
    assert page is not None
    page.read_file(DATA / "complaint-ledger.xlsx")
    until(lambda: page.pages.currentIndex() == HEADER and not page.busy)
    QTest.mouseClick(page.next_button, Qt.MouseButton.LeftButton)
    until(lambda: page.planned is not None and not page.busy)
    QTest.mouseClick(page.next_button, Qt.MouseButton.LeftButton)
    assert page.pages.currentIndex() == PROBLEMS
    assert page.next_button.text() == f"导入 {KEY['records']} 行"
    QTest.mouseClick(page.next_button, Qt.MouseButton.LeftButton)
    until(lambda: page.pages.currentIndex() == DONE and not page.busy)
    page.save_rejects(rejects)
    until(lambda: rejects.exists() and not page.busy)
    return page


def record_a_case(window: MainWindow, session: Session) -> int:
    """A telephone complaint typed in with the keyboard, then one step of its handling."""
    window.show_page("complaint")
    page = window.page("complaint")
    assert isinstance(page, LedgerPage)
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    QTest.keyClick(window, Key.Key_N, CONTROL)
    write("2026.10.30")
    press(Key.Key_Return)
    write("0915")
    press(Key.Key_Return)
    press(Key.Key_2, ALT)
    press(Key.Key_Return)
    press(Key.Key_Return)
    write("刘秀䶮")
    press(Key.Key_Return)
    write("13856219071")
    for _field in range(3):
        press(Key.Key_Return)
    write("jjk")
    press(Key.Key_Return)
    write("C.07")
    press(Key.Key_Return)
    press(Key.Key_S, CONTROL)
    ids = session.book.ids(COMPLAINT, Query(search="刘秀䶮"))
    assert len(ids) == 1
    record = records.get(session, COMPLAINT, ids[0])
    steps = (*record.children["step"], {"kind": "transfer", "happened_on": "2026-11-02", "department": "零售业务部"})
    records.save(session, COMPLAINT, type(record)(record.values, {"step": steps}, record.id), operation="记一步：转办")
    return ids[0]


def pdf_text(file: Path) -> str:
    text = subprocess.run(["pdftotext", "-raw", str(file), "-"], capture_output=True, check=True).stdout.decode()
    return "".join(text.split())


def test_october_on_paper(window: MainWindow, session: Session, tmp_path: Path) -> None:
    rejects = tmp_path / "不能导入.xlsx"
    page = import_the_ledger(window, rejects)
    assert page.planned is not None
    assert [item.row for item in page.planned.plan.rejected] == [item["row"] for item in KEY["rejected"]]
    sheet = openpyxl.load_workbook(rejects).active
    assert [row[3] for row in sheet.iter_rows(min_row=2, values_only=True)] == ["测试甲", "测试乙", "测试丙"]

    number = record_a_case(window, session)
    history = records.history(session, COMPLAINT, number)
    assert [entry.operation for entry in history] == ["记一步：转办", "登记投诉"]

    window.show_page("reports")
    report = window.page("reports")
    assert isinstance(report, ReportPage)
    assert report.period.period == month(2026, 10)
    until(lambda: report.made is not None)
    target = tmp_path / "月报.pdf"
    report.save_to(target, "pdf")
    until(target.exists)
    check_the_paper(pdf_text(target))

    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "打印.pdf"))
    assert report.print_to(printer) == report.preview.page_count >= 4
    assert (tmp_path / "打印.pdf").stat().st_size > 10_000


def check_the_paper(text: str) -> None:
    """The key's numbers, plus the one case that was typed in on 30 October."""
    months = KEY["by_month"]
    october, september = months["2026-10"] + 1, months["2026-09"]
    last_year = months["2025-10"]
    year = sum(count for name, count in months.items() if name.startswith("2026")) + 1
    assert f"我行本月受理消费投诉{october}件" in text
    assert f"环比增加{october - september}件" in text
    assert f"同比增加{october - last_year}件" in text
    assert f"1至10月累计受理{year}件" in text
    assert "2026年10月消费投诉分类统计表" in text
    assert "借记卡" not in text.split("统计口径")[0], "the printed breakdown is by 大类"
    assert "合计7100.00" in text.replace("合　计", "合计")
    assert "某某农村商业银行消费者权益保护部2026年11月3日" in text
    assert "刘秀" not in text, "nobody is named in the monthly report"
