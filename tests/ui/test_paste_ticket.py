"""The dialog 粘贴工单 and the form it opens: by keyboard, with a real book."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.dialogs import in_dialog
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.dialogs.paste_ticket import PasteTicketDialog
from xiaobao_desktop.ui.pages.ledger_page import LedgerPage

COMPLAINT = ledger("complaint")
TEXT = (
    "12378 投诉转办单\n工单编号：TS0001\u3000\u3000转办时间：2026年11月20日 15:42\n投诉人：张桂兰\u3000\u3000"
    "联系电话：13907990017\n"
    "被投诉机构：城关支行\n紧急联系人：张明\n投诉内容：多扣年费20元，\n没有告知。\n诉求：退还年费\n办理时限：15日"
)


@pytest.fixture
def dialog(look: QApplication, session: Session, qtbot: QtBot) -> PasteTicketDialog:
    QGuiApplication.clipboard().setText(TEXT)
    made = PasteTicketDialog(session, COMPLAINT)
    qtbot.addWidget(made)
    made.show()
    return made


def values(dialog: PasteTicketDialog) -> dict[str, str]:
    rows = range(dialog.table.rowCount())
    cells = [(dialog.table.item(row, 0), dialog.table.item(row, 1)) for row in rows]
    return {name.text(): value.text() for name, value in cells if name is not None and value is not None}


def test_the_clipboard_is_read_at_once(dialog: PasteTicketDialog) -> None:
    assert dialog.text.toPlainText() == TEXT
    shown = values(dialog)
    assert shown["投诉人"] == "张桂兰"
    assert shown["被投诉机构"] == "城关支行"
    assert shown["投诉内容"] == "多扣年费20元， 没有告知。"
    assert "紧急联系人：张明" in shown["备注"]
    assert dialog.use_button.isEnabled()


def test_space_takes_a_field_out_and_typing_leaves_it_out(dialog: PasteTicketDialog, qtbot: QtBot) -> None:
    row = list(values(dialog)).index("联系电话")
    dialog.table.setCurrentCell(row, 0)
    QTest.keyClick(dialog.table, Qt.Key.Key_Space)
    assert "phone" not in dialog.table.ticked()
    dialog.text.appendPlainText("补充：第二行")
    qtbot.waitUntil(lambda: "补充" in values(dialog)["备注"])
    assert "phone" not in dialog.table.ticked()
    QTest.keyClick(dialog.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert dialog.record is not None
    assert dialog.record.values.get("phone") is None
    assert "联系电话：13907990017" in str(dialog.record.values["remark"])


def test_without_a_text_there_is_nothing_to_take_over(look: QApplication, session: Session, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("短")
    dialog = PasteTicketDialog(session, COMPLAINT)
    qtbot.addWidget(dialog)
    assert not dialog.use_button.isEnabled()
    dialog.accept()
    assert dialog.record is None
    dialog.text.setPlainText(TEXT)
    qtbot.waitUntil(dialog.use_button.isEnabled)


def test_the_form_opens_filled_unsaved_at_the_first_gap(look: QApplication, session: Session, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText(TEXT)
    page = LedgerPage(session, COMPLAINT)
    qtbot.addWidget(page)
    page.resize(1200, 700)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    page.focus_main()
    in_dialog(PasteTicketDialog, lambda dialog: dialog.accept())
    QTest.keyClick(
        page.list.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    form = page._form
    assert form is not None
    assert form.cells["complainant"].editor.value() == "张桂兰"
    assert form.cells["content"].editor.value() == "多扣年费20元，\n没有告知。"
    assert form.cells["received_on"].editor.value() == "2026-11-20"
    assert page.has_unsaved()
    first = form.side.lacks[0].key
    assert form.cells[first].editor.control is form.focusWidget()
    with qtbot.waitSignal(form.saved) as told:
        assert form.save()
    saved = told.args[0].record
    assert saved.values["source_number"] == "TS0001"
    assert "办理时限：15日" in str(saved.values["remark"])


def test_giving_up_opens_no_form(look: QApplication, session: Session, qtbot: QtBot) -> None:
    page = LedgerPage(session, COMPLAINT)
    qtbot.addWidget(page)
    page.show()
    in_dialog(PasteTicketDialog, lambda dialog: dialog.reject())
    (button,) = page.ways.values()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert page._form is None


def test_other_ledgers_have_no_such_way(look: QApplication, session: Session, qtbot: QtBot) -> None:
    page = LedgerPage(session, ledger("branch"))
    qtbot.addWidget(page)
    assert page.ways == {}
