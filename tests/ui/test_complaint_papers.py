"""Case papers in the window, by keyboard: the menu, a paper, 回填, 卷宗, the texts in the settings; a real book."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QMenu
from pytestqt.qtbot import QtBot

from tests.e2e.waiting import until
from tests.services.support import pdf_text
from tests.ui.conftest import AddComplaint, step
from tests.ui.dialogs import in_dialog
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.services import letter_templates, records
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.dialogs.back_fill import BackFillDialog
from xiaobao_desktop.ui.dialogs.confirm import ConfirmDialog
from xiaobao_desktop.ui.dialogs.dossier_dialog import DossierDialog
from xiaobao_desktop.ui.dialogs.paper_dialog import PaperDialog
from xiaobao_desktop.ui.dialogs.pdf_dialog import PdfDialog
from xiaobao_desktop.ui.pages.ledger_page import LedgerPage
from xiaobao_desktop.ui.pages.settings_letters import LettersPanel
from xiaobao_desktop.ui.pages.settings_page import LETTERS, SettingsPage
from xiaobao_desktop.ui.widgets.timeline import Timeline

COMPLAINT = ledger("complaint")
EXTENSION = step("extend_30", "2026-11-20", reason="需要调取档案", approver="刘某", told_on="2026-11-20")


@pytest.fixture
def record(add_complaint: AddComplaint) -> Record:
    return add_complaint("2026-11-08", "刘秀兰", EXTENSION, decision="予以退还。", dispute="")


@pytest.fixture
def page(session: Session, record: Record, look: QApplication, qtbot: QtBot) -> LedgerPage:
    made = LedgerPage(session, COMPLAINT)
    qtbot.addWidget(made)
    made.resize(1170, 700)
    made.show()
    made.open_record(int(str(record.id)))
    return made


def menu_of(page: LedgerPage) -> QMenu:
    assert page.print_page()
    return next(found for found in page.detail.findChildren(QMenu) if found.isVisible())


def choose(menu: QMenu, label: str) -> None:
    """Go down to an entry with the keyboard and press Enter."""
    wanted = next(action for action in menu.actions() if action.text().startswith(label))
    for _step in menu.actions():
        if menu.activeAction() is wanted:
            break
        QTest.keyClick(menu, Qt.Key.Key_Down)
    assert menu.activeAction() is wanted
    QTest.keyClick(menu, Qt.Key.Key_Return)


def until_told(dialog: PdfDialog, words: str) -> None:
    until(lambda: dialog.words.text() == words)


def timeline_of(page: LedgerPage) -> list[str]:
    (line,) = page.detail.findChildren(Timeline)
    return [f"{item.when} {item.title}" for item in line.steps if item.aside]


def test_the_menu_names_what_does_not_make_sense_yet(page: LedgerPage) -> None:
    menu = menu_of(page)
    words: dict[str, QAction] = {action.text().split("　")[0]: action for action in menu.actions() if action.text()}
    enabled = [label for label, action in words.items() if action.isEnabled()]
    assert enabled == [
        "登记处理单",
        "延期审批表",
        "延期告知书",
        "答复函",
        "撤诉确认书",
        "回填…",
        "卷宗（封面、目录、全部材料）…",
    ]
    assert words["转办单"].text() == "转办单　还没有记转办，请先记一步“转办”"
    menu.close()


def test_a_paper_is_looked_at_printed_and_saved_and_the_timeline_tells(
    page: LedgerPage, session: Session, record: Record, tmp_path: Path
) -> None:
    state = record.values["state"]

    def work(dialog: QDialog) -> None:
        assert isinstance(dialog, PaperDialog)
        until(dialog.print_button.isEnabled)
        assert dialog.preview.page_count == 2
        assert dialog.notice.words.text().startswith("待补：调查经过、处理依据、本行电话")
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(tmp_path / "printed.pdf"))
        assert dialog.print_to(printer) == 2
        for ending in ("pdf", "docx"):
            dialog.save_to(tmp_path / f"答复函.{ending}", ending)
            until_told(dialog, f"已另存：答复函.{ending}")
        dialog.save_to(tmp_path / "再存.pdf", "pdf")
        dialog.reject()
        assert dialog.isVisible(), "it closes when the file is there and the history tells of it"
        until(lambda: not dialog.isVisible())

    in_dialog(PaperDialog, work, leave=True)
    choose(menu_of(page), "答复函")
    assert "予以退还。" in pdf_text(tmp_path / "答复函.pdf")
    assert (tmp_path / "答复函.docx").read_bytes()[:2] == b"PK"
    assert timeline_of(page) == [
        "11-23 打印 答复函·周敏",
        "11-23 另存 PDF 答复函（2 次）·周敏",
        "11-23 另存 Word 答复函·周敏",
    ]
    (line,) = page.detail.findChildren(Timeline)
    assert [item.title for item in line.steps if not item.aside] == ["收到", "延期（至30日）", "处理决定并告知"]
    assert [item.aside for item in line.steps] == [False, False, True, True, True, False]
    again = records.get(session, COMPLAINT, int(str(record.id)))
    assert (again.values["state"], again.children["step"]) == (state, record.children["step"])


def test_back_fill_copies_exactly_field_by_field(page: LedgerPage) -> None:
    seen: list[str] = []

    def work(dialog: QDialog) -> None:
        assert isinstance(dialog, BackFillDialog)
        assert [row.filled.label for row in dialog.rows][:3] == ["工单号", "投诉人", "被投诉机构"]
        assert not dialog.rows[0].copy_button.isEnabled(), "there is no ticket number"
        until(dialog.isActiveWindow)
        assert dialog.rows[1].copy_button.hasFocus()
        QTest.keyClick(dialog.rows[1].copy_button, Qt.Key.Key_Return)
        seen.append(QGuiApplication.clipboard().text())
        assert "已复制" in dialog.rows[1].copy_button.text()
        place = next(at for at, row in enumerate(dialog.rows) if row.filled.label == "处理结果")
        QTest.keyClick(dialog, Qt.Key(Qt.Key.Key_1 + place), Qt.KeyboardModifier.AltModifier)
        seen.append(QGuiApplication.clipboard().text())
        assert "已复制" not in dialog.rows[1].copy_button.text()
        dialog.forms.chosen.emit("feedback_order5")
        assert dialog.rows[0].filled.label == "投诉基本情况"

    in_dialog(BackFillDialog, work, leave=True)
    choose(menu_of(page), "回填")
    assert seen == ["刘秀兰", "予以退还。"]


def test_the_dossier_is_made_beside_the_window_and_saved(page: LedgerPage, tmp_path: Path) -> None:
    def work(dialog: QDialog) -> None:
        assert isinstance(dialog, DossierDialog)
        until(dialog.pdf_button.isEnabled)
        assert dialog.words.text() == "3 件，3 页"
        assert dialog.preview.page_count == 5
        dialog.save_to(tmp_path / "卷宗.pdf", "pdf")
        until_told(dialog, "已另存：卷宗.pdf")
        dialog.save_to(tmp_path / "封面.docx", "docx")
        until_told(dialog, "已另存：封面.docx")

    in_dialog(DossierDialog, work, leave=True)
    choose(menu_of(page), "卷宗")
    assert "卷内第3页" in pdf_text(tmp_path / "卷宗.pdf")
    assert timeline_of(page) == ["11-23 另存 PDF 卷宗·周敏", "11-23 另存 Word 卷宗·周敏"]

    def give_up(dialog: QDialog) -> None:
        assert isinstance(dialog, DossierDialog)
        dialog.reject()
        assert dialog._task.cancel_event.is_set(), "nobody waits for it any more"

    in_dialog(DossierDialog, give_up, leave=True)
    choose(menu_of(page), "卷宗")


# The texts in the settings


@pytest.fixture
def panel(session: Session, look: QApplication, qtbot: QtBot) -> Iterator[LettersPanel]:
    page = SettingsPage(session)
    qtbot.addWidget(page)
    page.resize(1092, 540)
    page.show()
    made = page.open_tab(LETTERS)
    assert isinstance(made, LettersPanel)
    yield made
    page.close()


def test_a_text_is_changed_checked_and_taken_back(panel: LettersPanel, session: Session) -> None:
    assert not panel.save_button.isEnabled()
    panel.choose("case_extension")
    panel.editor.setPlainText("{{投诉人}}您好：\n{{错的名字}}")
    panel.save()
    assert "第 2 行有错：没有“错的名字”这个占位" in panel.error.text
    assert letter_templates.own(session, "case_extension") == ""
    assert panel.unsaved() == ["“延期告知书”的文字"]
    panel.editor.setPlainText("{{投诉人}}您好：")
    panel.names.setCurrentText("延期原因")
    panel.editor.moveCursor(panel.editor.textCursor().MoveOperation.End)
    panel.insert_button.click()
    panel.save()
    assert letter_templates.own(session, "case_extension") == "{{投诉人}}您好：{{延期原因}}"
    assert panel.list.currentItem().text() == "延期告知书　本行已改"
    assert panel.unsaved() == []
    panel.restore_button.click()
    assert letter_templates.own(session, "case_extension") == ""
    assert "我行正在办理" in panel.editor.toPlainText()


def test_marks_of_a_condition_are_explained_only_where_they_stand(panel: LettersPanel) -> None:
    said: dict[str, list[str]] = {}
    for name in ("case_reply", "case_extension"):
        panel.choose(name)
        labels = [item.text() for item in panel.findChildren(QLabel) if item.isVisible()]
        said[name] = [words for words in labels if "endif" in words]
    assert "{%" not in panel.editor.toPlainText()
    assert said["case_extension"] == []
    assert ["有内容才印" in words for words in said["case_reply"]] == [True]
    panel.editor.setPlainText("{% if 邮编 %}邮编：{{邮编}}")
    panel.save()
    assert "没有成对" in panel.error.text
    panel.give_up()


def test_a_text_is_looked_at_before_it_is_saved(panel: LettersPanel, session: Session) -> None:
    panel.editor.setPlainText("{{投诉人}}，试试看。")
    titles: list[str] = []

    def work(dialog: QDialog) -> None:
        assert isinstance(dialog, PaperDialog)
        until(dialog.print_button.isEnabled)
        titles.append("".join(dialog.built.document.title))

    in_dialog(PaperDialog, work, leave=True)
    panel.look_button.click()
    assert titles == ["云岭惠民村镇银行关于消费投诉处理结果的答复函"]
    assert letter_templates.own(session, "case_reply") == ""


def test_the_tab_is_not_left_with_a_text_unsaved(panel: LettersPanel) -> None:
    panel.editor.setPlainText("改了一半")
    asked: list[str] = []

    def stay(dialog: ConfirmDialog) -> None:
        asked.append(dialog.windowTitle())
        dialog.reject()

    in_dialog(ConfirmDialog, stay)
    panel.choose("case_review")
    QApplication.sendPostedEvents(None, QEvent.Type.MetaCall)
    until(lambda: panel.list.currentRow() == 0)
    assert asked == ["小保"]
    assert panel.editor.toPlainText() == "改了一半"
