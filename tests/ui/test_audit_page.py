"""The log on the data page, the check in plain words, 核对码, and the banners above every page."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from tests.ui.conftest import NOW, PASSWORD, AddComplaint
from tests.ui.dialogs import in_dialog
from xiaobao_desktop import app
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.services import anchors, audit, audit_log, audit_paper, export_log, records
from xiaobao_desktop.services.anchors import Kept
from xiaobao_desktop.services.audit_log import LogQuery
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.book import Anchor
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.dialogs.anchor_check import AnchorDialog
from xiaobao_desktop.ui.dialogs.pdf_dialog import PdfDialog
from xiaobao_desktop.ui.main_window import MainWindow
from xiaobao_desktop.ui.pages.audit_page import AuditPage
from xiaobao_desktop.ui.pages.data_page import DataPage
from xiaobao_desktop.ui.pages.page import DATA
from xiaobao_desktop.ui.pages.report_page import ReportPage
from xiaobao_desktop.ui.pages.settings_panels import PasswordPanel
from xiaobao_desktop.ui.tasks import tasks

COMPLAINT = ledger("complaint")


@pytest.fixture
def window(look: QApplication, qtbot: QtBot, session: Session, cases: dict[str, Record]) -> MainWindow:
    made = MainWindow(session)
    qtbot.addWidget(made)
    made.resize(1366, 738)
    made.show()
    made.show_page(DATA)
    return made


@pytest.fixture
def data(window: MainWindow, qtbot: QtBot) -> DataPage:
    page = window.page(DATA)
    assert isinstance(page, DataPage)
    qtbot.waitUntil(lambda: not page.looking, timeout=30_000)
    return page


@pytest.fixture
def log(data: DataPage) -> AuditPage:
    return data.open_log()


def shown(page: AuditPage) -> list[audit_log.Row]:
    return [page.model.entry(row) for row in range(page.model.rowCount())]


def choose(page: AuditPage, sort: str) -> None:
    page.sort.setCurrentIndex(page.sort.findData(sort))


def test_the_log_opens_from_its_button_and_closes_again(data: DataPage) -> None:
    data.check_card.log_button.click()
    page = data.audit_page
    assert page is not None
    assert data.stack.currentWidget() is page
    assert page.model.rowCount() == data.session.book.anchor().sequence
    assert page.count.text() == f"{page.model.rowCount()} 条"
    page.back_button.click()
    assert data.audit_page is None
    assert data.stack.currentIndex() == 0


def test_filters_and_the_search_narrow_it(qtbot: QtBot, log: AuditPage, cases: dict[str, Record]) -> None:
    choose(log, "新增")
    assert {row.sort for row in shown(log)} == {"新增"}
    log.ledger.setCurrentIndex(log.ledger.findData("branch"))
    assert [row.what for row in shown(log)] == ["机构 JG-2026-0002", "机构 JG-2026-0001"]
    log.ledger.setCurrentIndex(0)
    QTest.keyClicks(log.search, str(cases["today"].number))
    QTest.keyClick(log.search, Qt.Key.Key_Return)
    assert [row.what for row in shown(log)] == [f"投诉 {cases['today'].number}"]
    assert log.narrowed_words() == "新增，按搜索"
    log.search.clear()
    choose(log, "打印、另存")
    assert shown(log) == []
    assert log.detail.shown is None


def test_an_entry_is_masked_until_the_button_shows_it(
    log: AuditPage, session: Session, cases: dict[str, Record]
) -> None:
    records.save(session, COMPLAINT, Record({"phone": "13800138000"}, {}, cases["today"].id))
    log.refresh()
    choose(log, "修改")
    assert "138****8000" in log.detail.texts()
    assert "13800138000" not in log.detail.texts()
    log.detail.reveal_button.click()
    assert "138****8000" not in log.detail.texts()
    assert "13856215621 → 13800138000" in log.detail.texts()
    assert log.detail.reveal_button.isHidden()
    log.sort.setCurrentIndex(0)
    log.refresh()
    assert shown(log)[0].sort == "查看完整信息"


def test_the_record_of_an_entry_opens(
    qtbot: QtBot, window: MainWindow, log: AuditPage, cases: dict[str, Record]
) -> None:
    choose(log, "新增")
    row = next(place for place, entry in enumerate(shown(log)) if entry.record_id == cases["today"].id)
    log.table.selectRow(row)
    assert log.detail.record_link.text() == f"投诉 {cases['today'].number}"
    log.detail.record_link.click()
    assert window.current_key() == COMPLAINT.key


def test_a_record_in_the_bin_has_no_link(log: AuditPage, session: Session, add_complaint: AddComplaint) -> None:
    gone = add_complaint("2026-11-01", "某人")
    assert gone.id is not None
    records.delete(session, COMPLAINT, gone.id)
    log.refresh()
    choose(log, "删除")
    assert f"投诉 {gone.number}（在回收站）" in log.detail.texts()
    assert log.detail.record_link.isHidden()


def test_the_log_is_exported_as_it_is_shown(qtbot: QtBot, log: AuditPage, tmp_path: Path) -> None:
    choose(log, "新增")
    total = log.model.rowCount()
    log.export_to(tmp_path / "操作记录.xlsx")
    qtbot.waitUntil(log.export_button.isEnabled, timeout=30_000)
    page = openpyxl.load_workbook(tmp_path / "操作记录.xlsx").active
    rows = list(page.iter_rows(values_only=True))
    assert any(f"共{total}条" in str(row[0]) and "新增" in str(row[0]) for row in rows)
    text = str(rows)
    assert "刘**" in text
    assert "刘秀兰" not in text
    choose(log, "导出")
    assert [row.operation for row in shown(log)] == ["导出操作记录"]


def test_days_of_her_own_narrow_it(log: AuditPage, session: Session) -> None:
    total = log.model.rowCount()
    log.period.setCurrentIndex(log.period.findData(0))
    assert (log.first.value(), log.last.value()) == ("2026-11-23", None)
    assert log.model.rowCount() == total
    log.first.line.clear()
    QTest.keyClicks(log.first.line, "2026.11.24")
    assert log.period.currentText() == "自选日期"
    assert log.model.rowCount() == 0
    assert log.narrowed_words() == "2026-11-24 至 最近"
    QTest.keyClick(log.first.line, Qt.Key.Key_Return)
    QTest.keyClicks(log.last.line, "2026/11/22")
    assert log.last.line.toolTip() == "早于起始日期"
    log.first.line.clear()
    QTest.keyClicks(log.first.line, "20261122")
    assert log.last.line.toolTip() == ""
    assert log.query.since == log.query.until == "2026-11-22"
    log.period.setCurrentIndex(0)
    assert log.narrowed_words() == ""
    assert log.model.rowCount() == total


def test_the_log_is_printed_as_it_is_shown_and_that_is_an_entry(
    qtbot: QtBot, window: MainWindow, log: AuditPage, session: Session, tmp_path: Path
) -> None:
    choose(log, "新增")
    total = log.model.rowCount()

    def act(dialog: PdfDialog) -> None:
        qtbot.waitUntil(dialog.print_button.isEnabled, timeout=30_000)
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(tmp_path / "a.pdf"))
        assert dialog.print_to(printer) == dialog.preview.page_count
        dialog.reject()

    in_dialog(PdfDialog, act)
    window.print_page()
    choose(log, "打印、另存")
    assert [(row.operation, row.note) for row in shown(log)] == [
        ("打印 操作记录", f"条数：操作记录 {total}；个人信息：已遮盖；文书：操作记录；方式：打印")
    ]
    session._clock = lambda: NOW
    text = str(audit_paper.sheet(session, LogQuery(words="投诉"), "按搜索").document)
    assert "刘**" in text
    assert "刘秀兰" not in text
    assert audit.anchor_text(session.book.anchor()) in text


def test_more_than_a_paper_holds_is_refused_with_the_way_out(
    log: AuditPage, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_paper, "MOST", 3)
    with pytest.raises(audit_paper.TooLongToPrint, match=r"最多打印 3 条.*导出成 Excel"):
        audit_paper.sheet(session, log.query)


def test_the_check_explains_itself_and_tells_what_to_do(qtbot: QtBot, data: DataPage, session: Session) -> None:
    def said() -> str:
        return "\n".join(item.text() for item in data.check_card.findChildren(QLabel) if item.isVisible())

    assert "还没有检查过" in said()
    data.verify_button.click()
    qtbot.waitUntil(lambda: not data.busy, timeout=30_000)
    assert "上次检查：2026-11-23 09:41 周敏，都正常" in said()
    qtbot.waitUntil(lambda: "每条操作记录都和上一条锁在一起" in said())
    session.book._db.execute("UPDATE complaint SET content = '改过' WHERE id = 1")
    data.verify_button.click()
    qtbot.waitUntil(lambda: not data.busy, timeout=30_000)
    assert "有 1 处不对" in said()
    qtbot.waitUntil(lambda: "绕开小保动过账簿" in said())
    assert "投诉不对" in said()


def operations(session: Session) -> list[str]:
    """What the log tells, the newest first."""
    return [row.operation for row in audit_log.rows(session, audit_log.find(session, audit_log.LogQuery()))]


def test_opening_and_closing_are_entries_and_this_pc_remembers_the_end(
    qtbot: QtBot, window: MainWindow, session: Session
) -> None:
    app._begin_log(session, window)
    qtbot.waitUntil(lambda: not tasks().busy, timeout=30_000)
    assert operations(session)[0] == "打开账簿"
    app._end_log(session)
    assert operations(session)[0] == "关闭账簿"
    assert anchors.elsewhere(session.book)[0].anchor == session.book.anchor()


def test_a_changed_password_is_an_entry(look: QApplication, qtbot: QtBot, session: Session) -> None:
    panel = PasswordPanel(session)
    qtbot.addWidget(panel)
    panel.old.setText(PASSWORD)
    panel.first.setText("Yunling-2027-xb")
    panel.second.setText("Yunling-2027-xb")
    panel.change()
    qtbot.waitUntil(lambda: not tasks().busy, timeout=30_000)
    assert operations(session)[0] == "修改密码"


def test_a_report_that_was_saved_is_an_entry(
    look: QApplication, qtbot: QtBot, session: Session, cases: dict[str, Record], tmp_path: Path
) -> None:
    page = ReportPage(session)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: page.made is not None, timeout=30_000)
    page.save_to(tmp_path / "月报.pdf", "pdf")
    qtbot.waitUntil(lambda: not tasks().busy, timeout=30_000)
    assert (tmp_path / "月报.pdf").exists()
    assert operations(session)[0].startswith("另存 PDF ")
    assert [item.file for item in export_log.entries(session)] == ["月报.pdf"]


def test_a_code_is_typed_or_read_from_a_backup(
    look: QApplication, qtbot: QtBot, session: Session, tmp_path: Path
) -> None:
    dialog = AnchorDialog(session)
    qtbot.addWidget(dialog)
    dialog.show()
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    assert dialog.answer.title() == "没有核对"
    QTest.keyClicks(dialog.field, audit.anchor_text(session.book.anchor()))
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert dialog.answer.title() == "对得上"
    dialog.field.setText("999-0123456789abcdef")
    dialog.compare_button.click()
    assert dialog.answer.title() == "对不上"
    dialog.read_file(session.book.backup(tmp_path))
    assert dialog.answer.title() == "对得上"
    dialog.read_file(tmp_path)
    assert dialog.answer.title() == "没有核对"


def test_a_wrong_clock_stays_above_every_page_until_it_is_settled(window: MainWindow, session: Session) -> None:
    notices = window.notices
    assert notices.isHidden()
    right = session.now()
    session._clock = lambda: right - timedelta(days=2)
    bus().announce([(COMPLAINT.key, 1)])
    assert notices.isVisible()
    assert "2026-11-21 09:41" in notices.clock.title()
    window.show_page("complaint")
    assert notices.clock.isVisible()
    notices.right_button.click()
    assert notices.isHidden()
    session._clock = lambda: right
    notices.look_at_clock()
    assert notices.isHidden()


def test_a_book_older_than_this_pc_knows_is_told_and_accepted(
    qtbot: QtBot, window: MainWindow, session: Session
) -> None:
    window.notices.look_at_book()
    qtbot.waitUntil(lambda: not tasks().busy, timeout=30_000)
    assert window.notices.isHidden()
    assert [item.where for item in anchors.elsewhere(session.book)][:1] == ["这台电脑记下的"]
    ahead = Kept(Anchor(session.book.anchor().sequence + 5, "0" * 16), "这台电脑记下的")
    window.notices.show_older([ahead])
    assert "比上次用的旧" in window.notices.older.title()
    window.notices.accept_button.click()
    assert window.notices.isHidden()
    assert ahead.anchor in session.book.log.left_behind()
