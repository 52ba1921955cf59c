"""常用筛选 in the list: kept, chosen, renamed and deleted by the keyboard; periods keep their meaning."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.services.saved_filters import SavedFilter, SavedPart, saved_filters
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.models import filters, saved
from xiaobao_desktop.ui.pages.ledger_page import LedgerPage
from xiaobao_desktop.ui.widgets.saved_filters_panel import SavedFiltersPanel

Cases = dict[str, Record]
COMPLAINT = ledger("complaint")


@pytest.fixture
def page(look: QApplication, session: Session, cases: Cases, qtbot: QtBot) -> Iterator[LedgerPage]:
    made = LedgerPage(session, COMPLAINT)
    qtbot.addWidget(made)
    made.resize(1170, 700)
    made.show()
    look.processEvents()
    yield made
    made.hide()


def open_panel(page: LedgerPage) -> SavedFiltersPanel:
    """Press the button as Tab and Space do."""
    button = next(made for made in page.list.findChildren(QPushButton) if made.accessibleName() == "常用筛选")
    assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    return next(panel for panel in page.window().findChildren(SavedFiltersPanel) if panel.isVisible())


def keep(page: LedgerPage, name: str) -> None:
    """Keep what is shown under a name."""
    panel = open_panel(page)
    panel.name_line.setFocus()
    panel.name_line.insert(name)
    QTest.keyClick(panel.name_line, Qt.Key.Key_Return)


def key(press: Qt.Key) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, press)


def test_kept_chosen_and_gone_by_keyboard(page: LedgerPage, session: Session, qtbot: QtBot) -> None:
    usual = list(page.list.model.ids)
    picked = filters.ticked(session, COMPLAINT, COMPLAINT.field("source"), ("visit",))
    page.list.set_filter("source", picked)
    page.list.sort("received_on", descending=True)
    narrowed = list(page.list.model.ids)
    assert 0 < len(narrowed) < len(usual)
    keep(page, "上门")
    assert [entry.name for entry in saved_filters(session, COMPLAINT)] == ["上门"]
    page.list.clear_filters()
    page.list._order.clear()
    page.list.refresh()
    assert list(page.list.model.ids) == usual
    panel = open_panel(page)
    assert panel.list.hasFocus()
    key(Qt.Key.Key_Return)
    assert list(page.list.model.ids) == narrowed
    assert page.list.chips.chip("source").filled
    assert page.list.table.hasFocus()
    panel = open_panel(page)
    key(Qt.Key.Key_Delete)
    assert saved_filters(session, COMPLAINT) == ()
    assert panel.isVisible()
    key(Qt.Key.Key_Escape)
    assert not panel.isVisible()


def test_f2_renames_in_place_and_a_taken_name_is_refused(page: LedgerPage, session: Session) -> None:
    page.search_box.setText("张明")
    key_box = page.search_box
    QTest.keyClick(key_box, Qt.Key.Key_Return)
    keep(page, "甲")
    keep(page, "乙")
    panel = open_panel(page)
    key(Qt.Key.Key_F2)
    editor = QApplication.focusWidget()
    assert editor is not None
    QTest.keyClick(editor, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert isinstance(editor, QLineEdit)
    editor.insert("乙")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert [entry.name for entry in saved_filters(session, COMPLAINT)] == ["甲", "乙"]
    assert "已有一个叫“乙”" in panel._note.text()
    assert panel.isVisible()
    key(Qt.Key.Key_F2)
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    editor.setText("丙")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert [entry.name for entry in saved_filters(session, COMPLAINT)] == ["丙", "乙"]


def test_tab_and_search_come_back(page: LedgerPage, session: Session) -> None:
    page._choose_tab("all")
    page.search_box.setText("张明")
    QTest.keyClick(page.search_box, Qt.Key.Key_Return)
    found = list(page.list.model.ids)
    assert len(found) == 1
    keep(page, "张明的")
    page.search_box.clear()
    page._choose_tab("year")
    open_panel(page)
    key(Qt.Key.Key_Return)
    assert page.tabs.current() == "all"
    assert page.search_box.text() == "张明"
    assert list(page.list.model.ids) == found


def test_with_nothing_chosen_there_is_nothing_to_keep(page: LedgerPage) -> None:
    panel = open_panel(page)
    assert not panel.name_line.isEnabled()
    assert not panel.list.isVisible()


def test_a_named_period_is_the_one_of_today(session: Session) -> None:
    span = next(one for one in filters.spans(date(2026, 11, 23)) if one.name == "本月")
    chosen = filters.in_period("received_on", span.first, span.last, span.words)
    assert chosen is not None
    parts = saved.remember(session, COMPLAINT, [chosen])
    assert parts == (SavedPart("received_on", "span", ("本月",)),)
    back = saved.revive(session, COMPLAINT, parts)["received_on"]
    assert back == chosen


@pytest.mark.parametrize(
    "make",
    [
        lambda: filters.in_period("received_on", date(2026, 3, 1), None),
        lambda: filters.containing("complainant", "张"),
        lambda: filters.unfilled("closed_on"),
    ],
    ids=["two days", "part of the text", "not filled in"],
)
def test_every_kind_of_filter_comes_back_the_same(session: Session, make: Callable[[], filters.Filter | None]) -> None:
    chosen = make()
    assert chosen is not None
    assert saved.revive(session, COMPLAINT, saved.remember(session, COMPLAINT, [chosen]))[chosen.key] == chosen


def test_a_field_that_is_gone_is_left_out(page: LedgerPage, session: Session) -> None:
    page.list.show_saved(SavedFilter("旧", tab="gone", parts=(SavedPart("no_such_field", "ticked", ("x",)),)))
    assert len(page.list.model.ids) > 0
