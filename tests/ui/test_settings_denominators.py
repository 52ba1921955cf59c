"""The panel 年度基数 of the settings, with a real book."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.dialogs import answer
from xiaobao_desktop.domain.denominators import Denominators
from xiaobao_desktop.services import denominators
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.pages.settings_denominators import DenominatorsPanel
from xiaobao_desktop.ui.pages.settings_page import BANK, YEARLY, SettingsPage


def test_numbers_are_typed_kept_and_shown_again(look: QApplication, session: Session, qtbot: QtBot) -> None:
    page = SettingsPage(session)
    qtbot.addWidget(page)
    panel = page.open_tab(YEARLY)
    assert isinstance(panel, DenominatorsPanel)
    assert panel.years == [2026, 2025, 2024, 2023, 2022]
    outlets, customers, _staff = panel.editors[2025]
    outlets.setText("12")
    customers.setText("很多")
    panel.save_button.click()
    assert "请填整数" in panel.problem.text
    assert denominators.load(session) == {}
    customers.setText("135,600")
    with qtbot.waitSignal(panel.done):
        panel.save_button.click()
    assert denominators.load(session) == {2025: Denominators(12, 135_600, None)}
    again = DenominatorsPanel(session)
    qtbot.addWidget(again)
    assert [line.text() for line in again.editors[2025]] == ["12", "135600", ""]


def test_numbers_not_saved_are_asked_about_before_they_go(look: QApplication, session: Session, qtbot: QtBot) -> None:
    page = SettingsPage(session)
    qtbot.addWidget(page)
    panel = page.open_tab(YEARLY)
    assert isinstance(panel, DenominatorsPanel)
    assert not page.has_unsaved()
    panel.editors[2025][0].setText("12")
    assert panel.unsaved() == ["2025年网点数"]
    answer("继续填写")
    page.tabs.chosen.emit(BANK)
    assert (page.tabs.current(), panel.editors[2025][0].text()) == (YEARLY, "12")
    assert page.has_unsaved()
    answer("放弃")
    assert page.may_leave()
    assert panel.editors[2025][0].text() == ""
    assert denominators.load(session) == {}
