"""Ledgers that share an entry of the sidebar: one entry, a control to go from one to the other, keys, counts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui.conftest import ShowWindow
from tests.ui.dialogs import answer
from tests.ui.form_keys import here
from xiaobao_desktop.domain.fields import Record, Value
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.services import records
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.main_window import MainWindow, nav_entries, page_specs
from xiaobao_desktop.ui.pages.ledger_page import LedgerPage

POLICY, MEETING, REVIEW = (ledger(key) for key in ("policy", "meeting", "review"))
assert POLICY.group is not None
GROUP = POLICY.group


@pytest.fixture
def window(show_window: ShowWindow) -> MainWindow:
    return show_window()


def page(window: MainWindow, key: str) -> LedgerPage:
    found = window.page(key)
    assert isinstance(found, LedgerPage)
    return found


def part(window: MainWindow, key: str, label: str) -> Callable[[], None]:
    """A click on a part of the control of a page."""
    switch = page(window, key).switch
    assert switch is not None
    button = next(item for item in switch._group.buttons() if item.text() == label)
    return lambda: QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def digit(window: MainWindow, key: str) -> str:
    return str([entry.key for entry in nav_entries(page_specs(window.session))].index(key) + 1)


def test_every_group_stands_once_and_every_ledger_belongs_to_an_entry(session: Session) -> None:
    specs = page_specs(session)
    entries = nav_entries(specs)
    assert len({entry.key for entry in entries}) == len(entries)
    assert {spec.entry for spec in specs} == set(entries)
    assert [spec.label for spec in specs if spec.entry.key == GROUP.key] == ["制度", "会议", "消保审查"]


def test_a_click_goes_to_another_ledger_and_each_page_shows_its_own(window: MainWindow) -> None:
    window.show_page(POLICY.key)
    assert window.sidebar._items[GROUP.key].isChecked()
    part(window, POLICY.key, "会议")()
    QApplication.processEvents()
    assert window.current_key() == MEETING.key
    assert window.sidebar._items[GROUP.key].isChecked()
    for key in (POLICY.key, MEETING.key):
        switch = page(window, key).switch
        assert switch is not None
        assert switch.current() == key


def test_the_entry_goes_to_the_ledger_seen_last_even_after_a_new_start(
    window: MainWindow, session: Session, look: QApplication
) -> None:
    window.show_page(REVIEW.key)
    window.show_page("workbench")
    window.sidebar._items[GROUP.key].click()
    assert window.current_key() == REVIEW.key
    other = MainWindow(session)
    other.show_entry(GROUP.key)
    assert other.current_key() == REVIEW.key
    other.deleteLater()


def test_its_digit_goes_there_and_then_from_ledger_to_ledger(window: MainWindow) -> None:
    number = digit(window, GROUP.key)
    seen = []
    for _press in range(4):
        QTest.keyClicks(here(), number)
        seen.append(window.current_key())
    assert seen == [POLICY.key, MEETING.key, REVIEW.key, POLICY.key]
    QTest.keyClicks(here(), "2")
    assert window.current_key() == "complaint"
    QTest.keyClick(window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    assert window.current_key() == "settings"
    QTest.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(here(), "0")
    assert window.current_key() == nav_entries(page_specs(window.session))[9].key


def test_arrow_keys_walk_through_the_ledgers_and_keep_the_keyboard(window: MainWindow) -> None:
    window.show_page(POLICY.key)
    switch = page(window, POLICY.key).switch
    assert switch is not None
    switch.take_keyboard()
    for key in (MEETING.key, REVIEW.key):
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, Qt.Key.Key_Right)
        QApplication.processEvents()
        assert window.current_key() == key
        assert page(window, key).has_switch_focus()


def test_an_open_form_keeps_its_page_and_its_part(window: MainWindow) -> None:
    window.show_page(POLICY.key)
    opened = page(window, POLICY.key)
    opened.create_record()
    form = opened._form
    assert form is not None
    form.cells["name"].editor.set_value("新办法")
    answer("继续填写")
    window.show_page(MEETING.key)
    assert window.current_key() == POLICY.key
    assert window.sidebar._items[GROUP.key].isChecked()
    form.draft.drop()
    opened._close_form()


def test_the_entry_counts_what_waits_in_all_its_ledgers(window: MainWindow, session: Session) -> None:
    dated: dict[str, Value] = {"name": "考核办法", "review_due_on": "2026-11-23"}
    records.save(session, POLICY, Record(dated))
    records.save(session, REVIEW, Record({"received_on": "2026-11-20", "title": "折页", "due_on": "2026-11-30"}))
    saved = records.save(session, REVIEW, Record({"received_on": "2026-11-10", "title": "海报"}))
    bus().announce(saved.changed)
    assert window.sidebar._items[GROUP.key].accessibleName() == "制度与会议，3 件"
    late: dict[str, Value] = {"held_on": "2026-10-15", "title": "例会"}
    made = records.save(
        session, MEETING, Record(late, {"resolutions": ({"resolution": "甲", "due_on": "2026-11-22"},)})
    )
    bus().announce(made.changed)
    assert window.sidebar._items[GROUP.key].accessibleName() == "制度与会议，4 件，有逾期"
