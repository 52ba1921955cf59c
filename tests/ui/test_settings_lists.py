"""The panel 选项 of the settings: choose, find, rename, add, map; with a real book."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from tests.ui.conftest import AddComplaint
from tests.ui.dialogs import answer, in_dialog
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.services import catalog_edit, records
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.dialogs.confirm import ConfirmDialog
from xiaobao_desktop.ui.pages.settings_lists import ListsPanel
from xiaobao_desktop.ui.pages.settings_page import CHOICES, YEARLY, SettingsPage


@pytest.fixture
def panel(look: QApplication, session: Session, qtbot: QtBot) -> Iterator[ListsPanel]:
    # The page must outlive the test: nobody else keeps it.
    page = SettingsPage(session)
    qtbot.addWidget(page)
    page.resize(1092, 540)
    page.show()
    made = page.open_tab(CHOICES)
    assert isinstance(made, ListsPanel)
    yield made
    page.close()


def names(panel: ListsPanel) -> list[str]:
    items = [panel.table.item(row, 0) for row in range(panel.table.rowCount())]
    return [item.text() for item in items if item is not None]


def test_a_tree_is_shown_indented_and_found_by_a_part(panel: ListsPanel) -> None:
    shown = names(panel)
    assert shown[:3] == ["人民币储蓄", "贷款", "\u3000个人住房贷款"]
    panel.find_line.setText("盗刷")
    assert names(panel) == ["借记卡盗刷", "信用卡盗刷"]
    panel.find_line.setText("没有这一项")
    assert names(panel) == []
    assert not panel.save_button.isEnabled()


def test_a_name_other_names_and_a_code_are_written(panel: ListsPanel, session: Session, qtbot: QtBot) -> None:
    panel.find_line.setText("贵金属")
    panel.name.setText("金银业务")
    panel.aliases.setText("金条，银条")
    panel.official.setText("0800")
    with qtbot.waitSignal(panel.done) as told:
        panel.save_button.click()
    assert told.args == ["已保存“金银业务”"]
    tree = session.rules.catalog.tree("B")
    code = tree.find(["银条"])
    assert code is not None
    assert (code.key, code.name, code.official) == ("B.08", "金银业务", "0800")


def test_an_own_entry_is_added_and_mapped_to_the_standard(
    panel: ListsPanel, session: Session, add_complaint: AddComplaint
) -> None:
    panel.add("社保卡业务")
    entry = panel.entry
    assert entry is not None
    assert entry.own
    record = add_complaint("2026-11-20", "孙丽", category=entry.id)
    panel.load()
    assert panel.map_button.isVisibleTo(panel)

    def choose(dialog: ConfirmDialog) -> None:
        picker = dialog.findChild(QComboBox)
        assert picker is not None
        QTest.keyClicks(picker, "B.03.01")
        assert picker.currentText() == "B.03.01  借记卡"
        dialog.accept()

    in_dialog(ConfirmDialog, choose)
    panel.map_button.click()
    assert records.get(session, ledger("complaint"), int(str(record.id))).values["category"] == "B.03.01"
    mapped = next(item for item in catalog_edit.entries(session, "B") if item.id == entry.id)
    assert mapped.mapped_to == "借记卡"
    assert panel.entry is not None
    assert panel.entry.name == "借记卡"
    assert not panel.map_button.isVisibleTo(panel)


def test_giving_up_changes_nothing(panel: ListsPanel, session: Session) -> None:
    before = catalog_edit.entries(session, "B")
    in_dialog(ConfirmDialog, lambda dialog: dialog.reject())
    panel.add_button.click()
    assert catalog_edit.entries(session, "B") == before


def test_a_list_has_no_official_codes(panel: ListsPanel) -> None:
    panel.source.setCurrentIndex(panel.source.findData("source"))
    assert names(panel)[0] == "来访"
    assert not panel.official.isVisible()
    assert panel.table.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_what_was_typed_and_not_saved_is_asked_about(panel: ListsPanel, session: Session, qtbot: QtBot) -> None:
    page = panel.window()
    assert isinstance(page, SettingsPage)
    first = panel.entry
    assert first is not None
    panel.name.setText("活期储蓄")
    panel.find_line.setText(first.name)
    assert panel.name.text() == "活期储蓄", "a search that leaves the entry in the list leaves it alone"
    answer("继续填写")
    panel.find_line.setText("盗刷")
    assert (panel.find_line.text(), panel.name.text()) == ("", "活期储蓄")
    answer("继续填写")
    panel.table.setCurrentCell(2, 0)
    qtbot.waitUntil(lambda: panel.table.currentRow() == 0, timeout=20_000)
    assert panel.name.text() == "活期储蓄"
    answer("继续填写")
    panel.source.setCurrentIndex(panel.source.findData("source"))
    assert (panel.source.currentData(), panel.name.text()) == ("B", "活期储蓄")
    answer("继续填写")
    page.tabs.chosen.emit(YEARLY)
    assert page.tabs.current() == CHOICES
    assert page.has_unsaved()
    answer("放弃")
    page.tabs.chosen.emit(YEARLY)
    assert page.tabs.current() == YEARLY
    assert panel.name.text() == first.name
    assert not page.has_unsaved()


def test_another_entry_is_shown_when_the_typing_is_given_up(panel: ListsPanel, qtbot: QtBot) -> None:
    panel.aliases.setText("存折")
    answer("放弃")
    panel.table.setCurrentCell(1, 0)
    qtbot.waitUntil(lambda: panel.name.text() == "贷款", timeout=20_000)
    assert panel.table.currentRow() == 1
