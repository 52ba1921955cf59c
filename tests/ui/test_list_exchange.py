"""Out of a list and into it: Ctrl+E writes what is shown, Ctrl+C keeps types, Ctrl+V brings a block to the import."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.services import export_log, listing
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Query
from xiaobao_desktop.ui.main_window import MainWindow
from xiaobao_desktop.ui.models.copied import CopiedCell, as_html, as_text
from xiaobao_desktop.ui.pages import ledger_exchange
from xiaobao_desktop.ui.pages.data_page import DataPage
from xiaobao_desktop.ui.pages.import_page import COLUMNS, DONE, HEADER, ImportPage
from xiaobao_desktop.ui.pages.ledger_page import LedgerPage
from xiaobao_desktop.ui.tasks import tasks

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(look: QApplication, qtbot: QtBot, session: Session, cases: dict[str, Record]) -> Iterator[MainWindow]:
    made = MainWindow(session)
    qtbot.addWidget(made)
    made.resize(1366, 738)
    made.show()
    yield made
    if tasks.cache_info().currsize:
        tasks().close()


@pytest.fixture
def page(window: MainWindow) -> LedgerPage:
    window.show_page("complaint")
    found = window.page("complaint")
    assert isinstance(found, LedgerPage)
    return found


def total(page: LedgerPage) -> int:
    return listing.count(page.session, page.ledger, Query())


def pasted(page: LedgerPage, text: str, html: str = "") -> None:
    data = QMimeData()
    data.setText(text)
    if html:
        data.setHtml(html)
    QGuiApplication.clipboard().setMimeData(data)
    QTest.keyClick(page.list.table, Qt.Key.Key_V, CONTROL)


def opened_import(window: MainWindow) -> ImportPage:
    found = window.page("data")
    assert isinstance(found, DataPage)
    assert found.import_page is not None
    return found.import_page


def carry_out(qtbot: QtBot, opened: ImportPage) -> None:
    """From the recognised header to the result."""
    assert opened.pages.currentIndex() == HEADER
    assert opened.next_button.hasFocus(), "Enter goes on"
    opened.next_button.click()
    qtbot.waitUntil(lambda: opened.planned is not None and not opened.busy, timeout=10_000)
    assert opened.pages.currentIndex() == COLUMNS
    opened.side.backup.setChecked(False)
    opened.next_button.click()
    opened.next_button.click()
    qtbot.waitUntil(lambda: opened.pages.currentIndex() == DONE and not opened.busy, timeout=10_000)


def test_a_block_with_its_header_becomes_records_by_the_checks_of_an_import(
    qtbot: QtBot, window: MainWindow, page: LedgerPage
) -> None:
    before = total(page)
    pasted(
        page,
        "序号\t收到日期\t投诉人\t联系电话\t证件号\t投诉内容\n"
        '1\t2026.11.20\t钱多多\t13907991111\t11010119900307803X\t"年费未告知，\n要求退还"\n'
        "2\t2026年13月1日\t孙某\t13907992222\t\t日期不对\n",
    )
    opened = opened_import(window)
    carry_out(qtbot, opened)
    assert total(page) == before + 1, "the row with an impossible day is refused"
    assert opened.planned is not None
    assert len(opened.planned.plan.rejected_rows) == 1
    assert opened.planned.plan.rejected[0].value == "2026年13月1日"
    found = page.session.book.ids(page.ledger, Query(search="钱多多"))
    record = page.session.book.record(page.ledger, found[0])
    assert record is not None
    assert record.values["received_on"] == "2026-11-20"
    assert record.values["id_number"] == "11010119900307803X"
    assert "要求退还" in str(record.values["content"])
    history = page.session.book.history(page.ledger, found[0])
    assert "剪贴板" in history[0].operation


def test_a_block_without_a_header_goes_by_the_columns_that_are_shown(
    qtbot: QtBot, window: MainWindow, page: LedgerPage
) -> None:
    shown = [page.presenter.label(key) for key in page.list.model.columns]
    values = {"收到": "2026-11-21", "来源": "来访", "投诉人": "周大福", "网点": "城关支行"}
    pasted(page, "\t".join(values.get(label, "") for label in shown) + "\n")
    opened = opened_import(window)
    assert opened.table is not None
    assert "投诉人" in opened.table.headers
    carry_out(qtbot, opened)
    assert page.session.book.ids(page.ledger, Query(search="周大福"))


def test_a_table_that_comes_as_html_alone_is_read_too(window: MainWindow, page: LedgerPage) -> None:
    rows = "<tr><td>收到日期</td><td>投诉人</td></tr><tr><td>2026-11-20</td><td>钱多多</td></tr>"
    pasted(page, "收到日期 投诉人", f"<html><body><table>{rows}</table></body></html>")
    opened = opened_import(window)
    assert opened.table is not None
    assert opened.table.headers == ["收到日期", "投诉人"]


@pytest.mark.parametrize("text", ["", "一句话", "  \n "])
def test_what_is_no_table_is_refused(page: LedgerPage, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    messages: list[str] = []
    monkeypatch.setattr(ledger_exchange, "show_user_error", lambda error, _page: messages.append(error.message))
    pasted(page, text)
    assert len(messages) == 1
    assert "剪贴板里没有表格" in messages[0]


def test_copied_rows_keep_their_types_for_a_spreadsheet(page: LedgerPage) -> None:
    page.list.columns.set_shown("amount", shown=True)
    page.list.refresh()
    page.list.table.selectAll()
    QTest.keyClick(page.list.table, Qt.Key.Key_C, CONTROL)
    data = QGuiApplication.clipboard().mimeData()
    assert "2026-10-30" in data.text(), "whole days, not those of the narrow column"
    assert "\t12345.00\t" in data.text() or data.text().endswith("12345.00") or "\t12345.00\n" in data.text()
    html = data.html()
    assert "<td style=\"mso-number-format:'yyyy\\-mm\\-dd'\">2026-10-30</td>" in html
    assert "<td style=\"mso-number-format:'\\@'\">TS-2026-0001</td>" in html
    assert "<td>12345.00</td>" in html
    assert "刘秀兰" not in html


def test_texts_on_the_clipboard_are_no_formulas_and_no_markup() -> None:
    rows = [
        [CopiedCell("=1+1"), CopiedCell("-36.00", "number"), CopiedCell("410121199003074852"), CopiedCell("<b>\n&")]
    ]
    assert as_text(rows) == "'=1+1\t-36.00\t410121199003074852\t<b> &"
    assert "mso-number-format:'\\@'\">410121199003074852<" in as_html(rows)
    assert "&lt;b&gt; &amp;" in as_html(rows)


def test_ctrl_e_writes_the_list_as_it_is_shown(
    qtbot: QtBot, page: LedgerPage, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "在办"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_words: (str(target), ledger_exchange.KINDS["xlsx"]))
    page.list.sort("received_on", descending=False)
    page.activateWindow()
    page.list.table.setFocus()
    QTest.keyClick(page.list.table, Qt.Key.Key_E, CONTROL)
    qtbot.waitUntil(lambda: "已导出" in page.toast.text(), timeout=10_000)
    sheet = openpyxl.load_workbook(tmp_path / "在办.xlsx").active
    heads = [cell.value for cell in sheet[3]]
    assert heads == [page.presenter.label(key) for key in page.list.model.columns]
    numbers = [sheet.cell(row, 1).value for row in range(4, 4 + len(page.list.model.ids))]
    assert numbers == [page.list.model.cell(row, 0).text for row in range(page.list.model.rowCount())]
    assert "刘秀兰" not in str([[cell.value for cell in row] for row in sheet.iter_rows()])
    entry = export_log.entries(session)[0]
    assert (entry.file, entry.total, entry.masked) == ("在办.xlsx", len(numbers), True)
