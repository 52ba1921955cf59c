"""定稿 in the window, by key: the dialog, the kept bytes, what changed since; 月结检查 and 随手查."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QScrollArea
from pytestqt.qtbot import QtBot

from tests.e2e.waiting import until
from tests.services.support import pdf_text
from tests.ui.conftest import AddComplaint, step
from tests.ui.dialogs import in_dialog
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.services import attachments, filing, records
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.dialogs.check_page import CheckPageDialog
from xiaobao_desktop.ui.dialogs.file_report import FiledDialog, FileReportDialog
from xiaobao_desktop.ui.dialogs.month_close import MonthCloseDialog
from xiaobao_desktop.ui.dialogs.quick_answers import COPIED, QuickAnswersDialog
from xiaobao_desktop.ui.main_window import MainWindow
from xiaobao_desktop.ui.pages.filing_detail import ChangedSince
from xiaobao_desktop.ui.pages.report_page import ReportPage
from xiaobao_desktop.ui.pages.workbench import WorkbenchPage

COMPLAINT = ledger("complaint")
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def october(add_complaint: AddComplaint) -> None:
    """Two complaints of October 2026, one ended without proof."""
    add_complaint("2026-10-05", "张明", step("decide", "2026-10-09"), step("close", "2026-10-10"))
    add_complaint("2026-10-20", "刘秀兰", category="B.03.01.2")


@pytest.fixture
def window(session: Session, look: QApplication, october: None, qtbot: QtBot) -> MainWindow:
    made = MainWindow(session)
    qtbot.addWidget(made)
    made.resize(1366, 738)
    made.show()
    made.activateWindow()
    return made


@pytest.fixture
def page(window: MainWindow) -> ReportPage:
    """The report page with October's report, looked at."""
    window.show_page("reports")
    found = window.page("reports")
    assert isinstance(found, ReportPage)
    until(lambda: found.side.look is not None and bool(found.side.look.figures))
    return found


def file_it(window: MainWindow, page: ReportPage, number: str) -> None:
    """Ctrl+G, the number, Ctrl+S."""

    def fill(dialog: FileReportDialog) -> None:
        dialog.number.selectAll()
        dialog.number.insert(number)
        QTest.keyClick(dialog.number, Qt.Key.Key_S, CONTROL)

    before = page.filing.filed
    done = in_dialog(FileReportDialog, fill)
    QTest.keyClick(window, Qt.Key.Key_G, CONTROL)
    until(lambda: done.done and page.filing.filed is not before)
    until(lambda: page.side.look is not None and any(v.document_number == number for v in page.side.look.versions))


def test_filing_by_key_keeps_the_report_and_shows_what_changed_since(
    window: MainWindow, page: ReportPage, session: Session, tmp_path: Path
) -> None:
    file_it(window, page, "云惠银消保〔2026〕3号")
    look = page.side.look
    assert look is not None
    assert [version.version for version in look.versions] == [1]
    assert page.side.filed.isVisible()
    assert not page.side.filed.changes.isVisible()
    kept = {entry.name[-4:]: attachments.open_bytes(session, entry.id) for entry in look.versions[0].files}
    saved = tmp_path / "定稿.pdf"

    def open_and_save(dialog: FiledDialog) -> None:
        until(lambda: dialog.pdf_button.isEnabled())
        dialog.save_to(saved, "pdf")
        until(saved.exists)
        until(lambda: dialog.words.text().startswith("已另存"))
        dialog.reject()

    done = in_dialog(FiledDialog, open_and_save)
    page.side.filed.open_buttons[0].click()
    assert done.done
    assert saved.read_bytes() == kept[".pdf"]
    assert "云惠银消保〔2026〕3号" in pdf_text(saved)
    changed = records.save(session, COMPLAINT, Record({"category": "B.02"}, {}, 2)).changed
    bus().announce(changed)
    until(lambda: page.side.filed.changes.isVisible())
    assert page.side.filed.changes.banner.title() == "此后变动 1 件，其中 1 件影响报告数字"
    page.side.filed.changes.links[0].click()
    assert window.current_key() == "complaint"


def test_the_detail_of_a_filing_tells_the_changes_and_opens_them(
    window: MainWindow, page: ReportPage, session: Session
) -> None:
    draft = filing.prepare(session, "monthly", page.period.period)
    saved = filing.file(session, draft, filing.Details(session.today()), {"pdf": b"%PDF-1.7"}).record
    records.save(session, COMPLAINT, Record({"category": "B.02"}, {}, 2))
    window.open_record("filing", saved.id or 0)
    detail = window.ledger_page("filing").detail
    until(lambda: any(block.later is not None for block in detail.findChildren(ChangedSince)))
    block = detail.findChildren(ChangedSince)[0]
    assert block.changes.banner.title().startswith("此后变动 1 件")
    block.changes.links[0].click()
    assert window.current_key() == "complaint"


def test_the_side_is_not_cut_at_its_edge(page: ReportPage, add_complaint: AddComplaint) -> None:
    for number in range(12):
        add_complaint(f"2026-{number % 10 + 1:02d}-0{number % 9 + 1}", "张明", category=f"B.0{number % 6 + 1}")
    page.refresh()
    until(lambda: page.side.look is not None and page.side.look.figures[0].value == "3件")
    page.side.table.open_all()
    QApplication.processEvents()
    area = page.side.findChild(QScrollArea)
    assert isinstance(area, QScrollArea)
    assert area.widget().width() <= area.viewport().width()


def test_figures_and_warnings_lead_to_their_records(window: MainWindow, page: ReportPage) -> None:
    page.side.table.links["received"].click()
    assert window.current_key() == "complaint"
    assert window.ledger_page("complaint").list.model.rowCount() == 2
    window.show_page("reports")
    assert page.side.look is not None
    point = next(item for item in page.side.look.points if "答复凭证" in item.words)
    link = next(item for item in page.side.points.links if point.words in item.accessibleName())
    link.click()
    assert window.ledger_page("complaint").list.model.rowCount() == 1


def test_a_warning_in_the_dialog_leads_to_its_records_instead_of_filing(
    window: MainWindow, page: ReportPage, session: Session
) -> None:
    def look(dialog: FileReportDialog) -> None:
        dialog.points.links[0].click()

    done = in_dialog(FileReportDialog, look)
    QTest.keyClick(window, Qt.Key.Key_G, CONTROL)
    until(lambda: done.done and window.current_key() == "complaint")
    assert filing.versions(session, "monthly", page.period.period) == ()


def test_a_day_to_come_is_refused_in_the_dialog(page: ReportPage, session: Session, qtbot: QtBot) -> None:
    draft = filing.prepare(session, "monthly", page.period.period)
    dialog = FileReportDialog(session, draft, (), "", None)
    qtbot.addWidget(dialog)
    dialog.show()
    for day in ("2026-12-31", None):
        dialog.filed_on.set_value(day)
        dialog.file()
        assert dialog.result() != QDialog.DialogCode.Accepted
    dialog.filed_on.set_value("2026-11-02")
    dialog.file()
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert dialog.details.filed_on.isoformat() == "2026-11-02"
    assert dialog.height() <= 520


def test_the_check_page_is_shown_by_itself(page: ReportPage) -> None:
    texts: list[str] = []

    def read(dialog: CheckPageDialog) -> None:
        until(lambda: dialog.print_button.isEnabled())
        pages = dialog.preview.document
        texts.append("".join(pages.getAllText(number).text() for number in range(pages.pageCount())))
        dialog.reject()

    done = in_dialog(CheckPageDialog, read)
    page.side.page_button.click()
    assert done.done
    assert "2026年10月消保工作月报复核页" in texts[0]
    assert "全部通过" in texts[0]


def test_the_month_checklist_leads_on_from_the_workbench(window: MainWindow) -> None:
    def choose(dialog: MonthCloseDialog) -> None:
        until(lambda: bool(dialog.lines))
        next(link for link in dialog.links if "9月的月报" in link.accessibleName()).click()

    workbench = window.page("workbench")
    assert isinstance(workbench, WorkbenchPage)
    done = in_dialog(MonthCloseDialog, choose)
    workbench.close_month_button.click()
    assert done.done
    report = window.current_page()
    assert isinstance(report, ReportPage)
    assert report.period.period.code == "2026-09"


def test_a_question_is_found_by_its_initials_and_enter_copies_the_sentence(window: MainWindow) -> None:
    QGuiApplication.clipboard().clear()

    def ask(dialog: QuickAnswersDialog) -> None:
        QTest.keyClicks(dialog.words, "bjl")
        dialog.spans.choose("1")
        dialog.read()
        until(lambda: bool(dialog.answers))
        assert dialog.question is not None
        assert dialog.question.id == "closed_rate"
        QTest.keyClick(dialog.words, Qt.Key.Key_Return)
        assert dialog.hint.text() == COPIED
        dialog.words.setText("没有这个")
        assert not dialog.copy_button.isEnabled()
        QTest.keyClick(dialog, Qt.Key.Key_Escape)

    done = in_dialog(QuickAnswersDialog, ask)
    QTest.keyClick(window, Qt.Key.Key_K, CONTROL)
    assert done.done
    assert QGuiApplication.clipboard().text() == "2026年10月受理消费投诉2件，已办结1件，办结率50.00%。"
