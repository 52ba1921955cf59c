"""The panel 规则 of the settings: a version of a rule by keyboard, withdrawn, and the days off of a year."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QTableWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import AddComplaint
from tests.ui.dialogs import answer, in_dialog
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.services import records
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.dialogs.holiday_year import HolidayYearDialog
from xiaobao_desktop.ui.dialogs.rule_version import RuleVersionDialog
from xiaobao_desktop.ui.pages.settings_page import RULES, SettingsPage
from xiaobao_desktop.ui.pages.settings_rules import RulesPanel

COMPLAINT = ledger("complaint")


@pytest.fixture
def panel(look: QApplication, session: Session, qtbot: QtBot) -> Iterator[RulesPanel]:
    page = SettingsPage(session)
    qtbot.addWidget(page)
    page.resize(1092, 540)
    page.show()
    made = page.open_tab(RULES)
    assert isinstance(made, RulesPanel)
    yield made
    page.close()


def retype(line: QLineEdit, text: str) -> None:
    """Type over what stands in a line, at the line itself: another window may have the keyboard."""
    line.selectAll()
    QTest.keyClicks(line, text)


def texts(table: QTableWidget, column: int) -> list[str]:
    items = [table.item(row, column) for row in range(table.rowCount())]
    return [item.text() for item in items if item is not None]


def test_every_rule_is_shown_with_its_limits(panel: RulesPanel) -> None:
    assert texts(panel.table, 0)[:2] == ["3号令", "5号令"]
    assert texts(panel.table, 1) == ["15/30/60 日", "15/60 日", *["15/30/60 日"] * 4, "30 日", "72 小时"]
    assert texts(panel.version_table, 4) == ["现在适用"]
    assert not panel.withdraw_button.isEnabled()
    panel.table.selectRow(2)
    assert "请按当地规定" in panel.caution.words.text()
    assert "2027 年的放假安排还没有录入" in panel.year_notice.words.text()


def test_a_version_is_recorded_by_keyboard_and_open_cases_follow(
    panel: RulesPanel, session: Session, add_complaint: AddComplaint, qtbot: QtBot
) -> None:
    record = add_complaint("2026-11-20", "刘秀兰")

    def fill(dialog: RuleVersionDialog) -> None:
        dialog.name.setText("3号令（修订）")
        line = dialog.days[""]
        retype(line, "0")
        QTest.keyClick(line, Qt.Key.Key_Return)
        assert dialog.problem.text == "天数请填 1 到 366。"
        retype(line, "10")
        control = dialog.since.control
        assert isinstance(control, QLineEdit)
        retype(control, "2026.11.15")
        QTest.keyClick(control, Qt.Key.Key_Return)
        assert dialog.focusWidget() is dialog.name, "Enter in the day goes on"
        answer("改规则")
        QTest.keyClick(dialog.save_button, Qt.Key.Key_Space)

    in_dialog(RuleVersionDialog, fill)
    with qtbot.waitSignals([panel.done, bus().changed]):
        QTest.keyClick(panel.table, Qt.Key.Key_Return)
    assert texts(panel.table, 0)[0] == "3号令（修订）"
    assert texts(panel.table, 1)[0] == "10/30/60 日"
    assert texts(panel.version_table, 4) == ["现在适用", "以前适用"]
    assert texts(panel.version_table, 3) == ["周敏 2026-11-23", "程序自带"]
    assert records.get(session, COMPLAINT, record.id or 0).values["due_on"] == "2026-11-30"


def test_a_version_of_a_later_day_is_withdrawn(panel: RulesPanel, session: Session, qtbot: QtBot) -> None:
    def fill(dialog: RuleVersionDialog) -> None:
        dialog.since.set_value("2027-01-01")
        dialog.days[""].setText("12")
        dialog.save_button.click()

    in_dialog(RuleVersionDialog, fill)
    panel.change_button.click()
    assert texts(panel.table, 1)[0] == "15/30/60 日"
    assert texts(panel.version_table, 4) == ["到时适用", "现在适用"]
    answer("撤回")
    with qtbot.waitSignal(panel.done) as told:
        panel.withdraw_button.click()
    assert told.args == ["已撤回“3号令”"]
    assert texts(panel.version_table, 4) == ["已撤回", "现在适用"]
    assert not panel.withdraw_button.isEnabled()


def test_what_was_typed_is_not_lost_by_esc(panel: RulesPanel) -> None:
    def fill(dialog: RuleVersionDialog) -> None:
        dialog.days[""].setText("12")
        answer("继续填写")
        dialog.reject()
        assert dialog.isVisible()
        answer("放弃")
        dialog.reject()
        assert not dialog.isVisible()

    in_dialog(RuleVersionDialog, fill)
    panel.change_button.click()
    assert texts(panel.version_table, 4) == ["现在适用"]


def test_the_days_off_of_a_year_are_pasted(panel: RulesPanel, session: Session, qtbot: QtBot) -> None:
    def fill(dialog: HolidayYearDialog) -> None:
        dialog.text.setPlainText("各单位安排好值班")
        assert "没有读到放假的日子" in dialog.problem.text
        assert not dialog.save_button.isEnabled()
        dialog.text.setPlainText(
            "一、元旦：1月1日（周五）至3日（周日）放假，共3天。\n二、春节：2月5日至11日放假调休。1月31日上班。"
        )
        assert dialog.found.text() == "元旦：1月1日 到 1月3日，3 天\n春节：2月5日 到 2月11日，7 天\n调休上班：1月31日"
        dialog.save_button.click()

    in_dialog(HolidayYearDialog, fill)
    with qtbot.waitSignal(panel.done) as told:
        panel.year_button.click()
    assert told.args == ["已录入 2027 年放假安排"]
    assert panel.year_notice.isHidden()
    assert session.rules.calendar.knows(2027)
