"""The panel 检查表 of the settings: items edited beside the table, weights checked, versions kept; by keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.dialogs import answer, in_dialog
from tests.ui.form_keys import Key, here, press, show, write
from xiaobao_desktop.domain.checklist import Checklist
from xiaobao_desktop.services import checklists, inspection_run
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.dialogs.error_dialog import ErrorDialog
from xiaobao_desktop.ui.pages.settings_checklists import ChecklistsPanel
from xiaobao_desktop.ui.pages.settings_page import CHECKLISTS, SettingsPage


@pytest.fixture
def page(look: QApplication, session: Session, qtbot: QtBot) -> SettingsPage:
    made = SettingsPage(session)
    qtbot.addWidget(made)
    show(made, 1092, 540)
    return made


@pytest.fixture
def panel(page: SettingsPage) -> ChecklistsPanel:
    made = page.open_tab(CHECKLISTS)
    assert isinstance(made, ChecklistsPanel)
    return made


def choose(panel: ChecklistsPanel, checklist_id: str) -> None:
    panel.source.setCurrentIndex(panel.source.findData(checklist_id))


def current(session: Session, checklist_id: str) -> Checklist:
    known = session.rules.checklist(checklist_id)
    assert known is not None
    return known


def cell(panel: ChecklistsPanel, row: int, column: int) -> str:
    item = panel.table.item(row, column)
    return item.text() if item is not None else ""


def test_an_item_is_added_and_written_by_keys(panel: ChecklistsPanel, session: Session, qtbot: QtBot) -> None:
    choose(panel, "outlet")
    assert panel.table.rowCount() == 13
    assert panel.version.text() == "第 1 版·程序自带·还没有用过"
    panel.table.setFocus()
    press(Key.Key_Down)
    press(Key.Key_Insert)
    assert here() is panel.title
    write("投诉箱")
    assert cell(panel, 2, 1) == "投诉箱"
    assert panel.save_button.isEnabled()
    with qtbot.waitSignal(panel.done) as told:
        panel.save_button.click()
    assert told.args == ["已保存“网点消保检查”第 2 版"]
    made = current(session, "outlet").items[2]
    assert (made.title, made.section, made.key) == ("投诉箱", "公示", "own_1")
    assert panel.version.text() == "第 2 版·周敏 2026-11-23 修改·还没有用过"
    assert not panel.save_button.isEnabled()


def test_weights_that_do_not_add_up_are_told_while_typing_and_refused(panel: ChecklistsPanel, session: Session) -> None:
    choose(panel, "evaluation_2025")
    assert panel.sum.text() == "30 项，权重合计 90%"
    panel.table.setCurrentCell(8, 0)
    panel.weight.setFocus()
    panel.weight.selectAll()
    write("1")
    assert panel.sum.text() == (
        "30 项，权重合计 87%；权重合计 87%，少 13%，请调到 100%（年度计划还没有定时，可以先按 90% 保存）；"
        "“营销行为管理”的权重合计 22%，低于下限 25%，少 3%"
    )
    in_dialog(ErrorDialog, lambda dialog: dialog.accept())
    panel.save_button.click()
    assert cell(panel, 8, 3) == "1"
    assert current(session, "evaluation_2025").version == 1
    panel.window().activateWindow()
    assert QTest.qWaitForWindowActive(panel.window())
    panel.weight.setFocus()
    panel.weight.selectAll()
    write("14")
    assert panel.sum.text() == "30 项，权重合计 100%"
    panel.save_button.click()
    assert current(session, "evaluation_2025").total == 10_000


def test_a_weight_that_is_none_is_said_at_the_field(panel: ChecklistsPanel) -> None:
    choose(panel, "evaluation_2025")
    panel.weight.setFocus()
    panel.weight.selectAll()
    write("2.555")
    assert panel._weight.problem.text == "“2.555”不是权重，请填 2 或 2.5 这样的数"
    panel.weight.selectAll()
    write("120")
    assert panel._weight.problem.text == "权重请填 0 到 100"


def test_items_are_moved_and_taken_out_and_old_runs_keep_theirs(
    panel: ChecklistsPanel, session: Session, qtbot: QtBot
) -> None:
    run = inspection_run.start_run(session, "drill").record
    choose(panel, "drill")
    panel.table.setFocus()
    press(Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert [cell(panel, row, 1) for row in range(2)] == ["联系名单", "应急预案"]
    # At the edge of its section an item goes over into the next one.
    press(Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert cell(panel, 1, 0) == "演练"
    press(Key.Key_Delete)
    assert panel.table.rowCount() == 6
    with qtbot.waitSignal(panel.done) as told:
        panel.save_button.click()
    assert told.args == ["已保存“消保应急演练”第 2 版，以前的自查仍用原来的版本"]
    kept = checklists.version(session, "drill", int(str(run.values["version"])))
    assert kept is not None
    assert [item.title for item in kept.items[:2]] == ["应急预案", "联系名单"]


def test_a_copy_is_named_and_shown(panel: ChecklistsPanel, session: Session) -> None:
    choose(panel, "recording")
    answer("复制")
    panel.ask_copy()
    assert panel.source.currentText() == "双录检查（本行）"
    assert current(session, "own_1").items == current(session, "recording").items
    assert panel.restore_button.isHidden()
    panel.active_button.click()
    assert panel.source.currentText() == "双录检查（本行）（停用）"


def test_leaving_asks_when_something_is_not_saved(page: SettingsPage, panel: ChecklistsPanel) -> None:
    choose(panel, "drill")
    panel.title.setFocus()
    write("改")
    assert page.has_unsaved()
    assert panel.unsaved() == ["检查表“消保应急演练”"]
    panel.give_up()
    assert panel.unsaved() == []
    assert page.may_leave()


def test_the_shipped_version_comes_back(panel: ChecklistsPanel, session: Session) -> None:
    original = current(session, "drill")
    choose(panel, "drill")
    panel.title.setFocus()
    write("改")
    panel.save_button.click()
    assert not panel.restore_button.isHidden()
    answer("恢复")
    panel.restore_button.click()
    assert current(session, "drill") == original
    assert panel.restore_button.isHidden()
