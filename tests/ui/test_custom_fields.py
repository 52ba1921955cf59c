"""自定义字段 in the window: added by keyboard in the settings, then there in form, list, import and detail."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import AddComplaint
from tests.ui.dialogs import in_dialog
from xiaobao_desktop.domain.custom_fields import CustomField
from xiaobao_desktop.domain.fields import Kind
from xiaobao_desktop.services import custom_fields, import_view, records
from xiaobao_desktop.services.custom_fields import Entry, own_fields
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.dialogs.confirm import ConfirmDialog
from xiaobao_desktop.ui.dialogs.custom_field import CustomFieldDialog
from xiaobao_desktop.ui.main_window import SETTINGS, MainWindow
from xiaobao_desktop.ui.pages.data_page import DataPage
from xiaobao_desktop.ui.pages.ledger_page import DATA, LedgerPage
from xiaobao_desktop.ui.pages.settings_custom_fields import CustomFieldsPanel
from xiaobao_desktop.ui.pages.settings_page import OWN_FIELDS, SettingsPage


@pytest.fixture
def window(look: QApplication, qtbot: QtBot, session: Session) -> MainWindow:
    made = MainWindow(session)
    qtbot.addWidget(made)
    made.resize(1366, 738)
    made.show()
    return made


def panel_of(window: MainWindow) -> CustomFieldsPanel:
    window.show_page(SETTINGS)
    page = window.page(SETTINGS)
    assert isinstance(page, SettingsPage)
    panel = page.open_tab(OWN_FIELDS)
    assert isinstance(panel, CustomFieldsPanel)
    return panel


def ledger_page(window: MainWindow, key: str = "complaint") -> LedgerPage:
    window.show_page(key)
    page = window.page(key)
    assert isinstance(page, LedgerPage)
    return page


def type_into(widget: QWidget, text: str) -> None:
    """Chinese text as an input method hands it over."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(widget, event)


def test_a_field_added_by_keyboard_is_in_form_list_import_and_detail(window: MainWindow, session: Session) -> None:
    ledger_page(window)
    panel = panel_of(window)

    def fill(dialog: CustomFieldDialog) -> None:
        assert dialog.focusWidget() is dialog.name
        type_into(dialog.name, "客户等级")
        dialog.kind.setFocus()
        for _step in range(dialog.kind.findData(Kind.CHOICE.value)):
            QTest.keyClick(dialog.kind, Qt.Key.Key_Down)
        for name in ("金卡", "银卡"):
            type_into(dialog.choices.line, name)
            QTest.keyClick(dialog.choices.line, Qt.Key.Key_Return)
        QTest.keyClick(dialog.in_list, Qt.Key.Key_Space)
        QTest.keyClick(dialog.save_button, Qt.Key.Key_Space)
        assert dialog.changed is not None, (dialog.name_field.problem.text, dialog.choices_field.problem.text)

    in_dialog(CustomFieldDialog, fill, leave=True)
    panel.add_button.click()
    assert [item.label for item in own_fields(session, "complaint")] == ["客户等级"]
    assert panel.table.model().index(0, 1).data() == "选项"

    page = ledger_page(window)
    assert "x1" in page.list.model.columns
    page.create_record()
    form = page._form
    assert form is not None
    editor = form.cells["x1"].editor
    editor.set_value("c2")
    form.cells["complainant"].editor.set_value("刘秀兰")
    assert form.save()
    record = page.detail.record
    assert record is not None
    assert record.values["x1"] == "c2"
    window.show_page(DATA)
    data = window.page(DATA)
    assert isinstance(data, DataPage)
    shown = data.begin_import(session.ledger("complaint"))
    assert ("x1", "客户等级") in import_view.targets(session.ledger("complaint"))
    shown.deleteLater()


def test_a_double_name_is_said_at_the_name(window: MainWindow, session: Session) -> None:
    panel = panel_of(window)
    said: list[str] = []

    def fill(dialog: CustomFieldDialog) -> None:
        dialog.name.setText("投诉人")
        dialog.save()
        said.append(dialog.name_field.problem.text)
        assert dialog.isVisible()
        assert dialog.focusWidget() is dialog.name
        in_dialog(ConfirmDialog, lambda asked: asked.yes_button.click())
        dialog.reject()

    in_dialog(CustomFieldDialog, fill)
    panel.add()
    assert said == ["投诉里已有“投诉人”，请换一个名称"]
    assert own_fields(session, "complaint") == ()


def test_a_list_without_entries_is_said_at_the_entries(window: MainWindow, session: Session) -> None:
    dialog = CustomFieldDialog(session, "complaint", None, window)
    dialog.name.setText("客群")
    dialog.kind.setCurrentIndex(dialog.kind.findData(Kind.CHOICE.value))
    dialog.save()
    assert dialog.choices_field.problem.text == "请至少加一个选项"
    assert dialog.changed is None
    dialog.deleteLater()


def test_kind_is_fixed_and_an_entry_renamed_keeps_its_meaning(window: MainWindow, session: Session) -> None:
    made = custom_fields.put(
        session, "complaint", CustomField("", "客群", Kind.CHOICE), [Entry("", "个人"), Entry("", "对公")]
    )
    dialog = CustomFieldDialog(session, "complaint", made, window)
    assert not dialog.kind.isEnabled()
    dialog.choices.list.item(0).setText("个人客户")
    dialog.choices.list.item(1).setCheckState(Qt.CheckState.Unchecked)
    dialog.choices.line.setText("小微")
    dialog.save()
    found = [(entry.id, entry.name, entry.active) for entry in custom_fields.entries(session, "complaint", made)]
    assert found == [("c1", "个人客户", True), ("c2", "对公", False), ("c3", "小微", True)]
    dialog.deleteLater()


def test_retire_and_bring_back(window: MainWindow, session: Session, add_complaint: AddComplaint, qtbot: QtBot) -> None:
    custom_fields.put(session, "complaint", CustomField("", "客户经理", in_list=True))
    saved = add_complaint("2026-11-02", "吴桂英")
    ledger = session.ledger("complaint")
    records.save(session, ledger, type(saved)({"x1": "赵文华"}, {}, saved.id))
    panel = panel_of(window)
    assert panel.retire_button.text() == "停用"
    with qtbot.waitSignal(bus().settings_changed):
        panel.retire_button.click()
    assert panel.retire_button.text() == "重新启用"
    page = ledger_page(window)
    assert "x1" not in page.list.model.columns
    page.open_record(int(str(saved.id)))
    texts = [item.accessibleName() for item in page.detail.findChildren(QWidget)]
    assert "客户经理 赵文华" in texts
    page.detail.edit_asked.emit()
    assert page._form is not None
    assert "x1" not in page._form.cells


def test_order_by_buttons(window: MainWindow, session: Session) -> None:
    for name in ("甲项", "乙项", "丙项"):
        custom_fields.put(session, "staff", CustomField("", name))
    panel = panel_of(window)
    panel.ledger_choice.setCurrentIndex(panel.ledger_choice.findData("staff"))
    panel.load()
    panel.table.selectRow(2)
    panel.up_button.click()
    assert [item.label for item in own_fields(session, "staff")] == ["甲项", "丙项", "乙项"]
    assert panel.table.currentRow() == 1
    panel.down_button.click()
    assert [item.label for item in own_fields(session, "staff")] == ["甲项", "乙项", "丙项"]
    assert not panel.down_button.isEnabled()


def test_a_page_with_something_unsaved_is_not_made_anew(window: MainWindow, session: Session) -> None:
    page = ledger_page(window)
    page.create_record()
    assert page._form is not None
    page._form.cells["complainant"].editor.set_value("刘秀兰")
    page._form.cells["complainant"].editor.edited.emit()
    assert page.has_unsaved()
    custom_fields.put(session, "complaint", CustomField("", "客户经理"))
    window.stack.setCurrentWidget(window.page(SETTINGS))
    bus().settings_changed.emit()
    assert window.page("complaint") is page
    page._form.cells["complainant"].editor.set_value(None)
    page._close_form()
    assert window.page("complaint") is not page


def test_the_list_of_branches_in_the_settings_follows(window: MainWindow, session: Session) -> None:
    window.show_page(SETTINGS)
    settings = window.page(SETTINGS)
    assert isinstance(settings, SettingsPage)
    before = settings.open_tab("branch")
    panel_of(window)
    custom_fields.put(session, "branch", CustomField("", "网点等级", in_list=True))
    bus().settings_changed.emit()
    after = settings.open_tab("branch")
    assert after is not before
    assert isinstance(after, LedgerPage)
    assert "x1" in after.list.model.columns
