"""Where the focus goes without a mouse: the first start, a record opened from elsewhere, buttons under Enter."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from tests.ui.conftest import AddComplaint
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.dialogs.welcome import BANK, OFFICER, WelcomeWindow
from xiaobao_desktop.ui.main_window import MainWindow
from xiaobao_desktop.ui.pages.data_page import DataPage
from xiaobao_desktop.ui.pages.ledger_page import DATA
from xiaobao_desktop.ui.widgets import buttons

Key = Qt.Key


@pytest.fixture
def welcome(look: QApplication, qtbot: QtBot) -> WelcomeWindow:
    made = WelcomeWindow()
    qtbot.addWidget(made)
    made.show()
    assert QTest.qWaitForWindowActive(made)
    return made


def enter() -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, Key.Key_Return)


def test_enter_in_the_first_start_goes_from_field_to_field(welcome: WelcomeWindow) -> None:
    page = welcome.bank_page
    enter()
    assert QApplication.focusWidget() is page.bank
    assert "银行全称" in page.bank_field.problem.text
    page.bank.setText("清江惠民村镇银行")
    for expected in (page.short_name, page.department, page.regulator, page.branches):
        enter()
        assert QApplication.focusWidget() is expected
    assert welcome.pages.currentIndex() == BANK


def test_a_page_that_is_not_ready_leads_to_what_is_missing(welcome: WelcomeWindow) -> None:
    welcome.bank_page.bank.setText("清江惠民村镇银行")
    welcome.go_on()
    assert welcome.pages.currentIndex() == OFFICER
    assert welcome.next_button.accessibleName() == welcome.next_button.text() == "建立账簿"
    page = welcome.officer_page
    page.officer.setText("周敏")
    page.first.setText("short")
    welcome.next_button.setFocus()
    enter()
    assert QApplication.focusWidget() is page.first
    page.first.setText("long enough")
    page.second.setText("something else")
    welcome.go_on()
    assert QApplication.focusWidget() is page.second


@pytest.mark.parametrize("make", [lambda: buttons.button("看"), lambda: buttons.icon_button("x", "关")])
def test_enter_presses_the_button_that_has_the_focus(
    look: QApplication, qtbot: QtBot, make: Callable[[], QPushButton]
) -> None:
    made, pressed = make(), []
    qtbot.addWidget(made)
    made.clicked.connect(lambda: pressed.append(1))
    made.show()
    QTest.keyClick(made, Key.Key_Return)
    QTest.keyClick(made, Key.Key_Space)
    assert pressed == [1, 1]


def test_a_record_opened_from_another_page_is_ready_for_its_next_step(
    look: QApplication, qtbot: QtBot, session: Session, add_complaint: AddComplaint
) -> None:
    saved = add_complaint("2026-11-10", "赵国强")
    window = MainWindow(session)
    qtbot.addWidget(window)
    window.show()
    assert QTest.qWaitForWindowActive(window)
    window.open_record("complaint", int(str(saved.id)))
    focused = window.focusWidget()
    assert focused is not None
    assert focused.objectName() == "main_action"


def test_the_import_begins_at_its_file(look: QApplication, qtbot: QtBot, session: Session) -> None:
    window = MainWindow(session)
    qtbot.addWidget(window)
    window.show()
    assert QTest.qWaitForWindowActive(window)
    window.show_page(DATA)
    page = window.page(DATA)
    assert isinstance(page, DataPage)
    assert window.focusWidget() is page.import_buttons["complaint"]
    QTest.keyClick(page.import_buttons["complaint"], Key.Key_Return)
    assert page.import_page is not None
    assert window.focusWidget() is page.import_page.file_step.choose_button
