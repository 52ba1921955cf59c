from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.conftest import AddComplaint
from xiaobao_desktop.services import records
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import undoing
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.dialogs import confirm
from xiaobao_desktop.ui.dialogs.recycle_bin import RecycleBinDialog
from xiaobao_desktop.ui.main_window import MainWindow
from xiaobao_desktop.ui.pages.ledger_page import LedgerPage


@pytest.fixture
def window(qtbot: QtBot, look: QApplication, session: Session, add_complaint: AddComplaint) -> Iterator[MainWindow]:
    add_complaint("2026-11-08", "刘秀兰")
    made = MainWindow(session)
    qtbot.addWidget(made)
    made.resize(1366, 738)
    made.show()
    qtbot.waitExposed(made)
    made.show_page("complaint")
    yield made
    made.close()


def page_of(window: MainWindow) -> LedgerPage:
    page = window.page("complaint")
    assert isinstance(page, LedgerPage)
    return page


def test_ctrl_z_takes_back_the_operation_the_status_bar_names(window: MainWindow) -> None:
    page = page_of(window)
    (record_id,) = page.list.model.ids
    bus().announce(records.delete(window.session, page.ledger, record_id))
    assert window.undo_label.text() == "可撤销：删除投诉 TS-2026-0001（Ctrl+Z）"
    page.list.table.setFocus()
    QTest.keyClick(page.list.table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert page.list.model.ids == [record_id]
    assert window.toast.text() == "已撤销：删除投诉 TS-2026-0001"
    assert window.undo_label.text() == "可撤销：登记投诉（Ctrl+Z）"
    page.toast.tell("已保存 TS-2026-0001")
    assert not window.toast.isVisible(), "a new note takes the place of the old one"
    # Taking back its first entry closes the opened record: it lies in the recycle bin.
    page.open_record(record_id)
    window.undo()
    assert window.toast.isVisible()
    assert not page.toast.isVisible()
    assert page.list.model.ids == []
    assert page.detail.isHidden()


def test_the_note_is_seen_on_a_narrow_window_with_an_opened_record(window: MainWindow) -> None:
    page = page_of(window)
    (record_id,) = page.list.model.ids
    page.set_narrow(narrow=True)
    page.open_record(record_id)
    assert not page.list.isVisible()
    page.tell_undoable("已记入 TS-2026-0001")
    assert page.toast.isVisible()


def test_ctrl_z_leaves_records_alone_while_something_is_typed(window: MainWindow) -> None:
    page = page_of(window)
    (record_id,) = page.list.model.ids
    page.search_box.setFocus()
    QTest.keyClicks(page.search_box, "liu")
    QTest.keyClick(page.search_box, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    window.undo()
    assert not records.get(window.session, page.ledger, record_id).deleted


def test_an_open_form_is_not_changed_from_behind(window: MainWindow) -> None:
    page = page_of(window)
    (record_id,) = page.list.model.ids
    page.open_record(record_id)
    page.detail.edit_asked.emit()
    assert window.undo_label.text() == ""
    window.undo()
    assert not records.get(window.session, page.ledger, record_id).deleted
    page._close_form()
    assert window.undo_label.text() == "可撤销：登记投诉（Ctrl+Z）"


def test_the_toast_after_saving_undoes_only_that(window: MainWindow) -> None:
    page = page_of(window)
    page.create_record()
    assert page._form is not None
    QTest.keyClicks(page._form.cells["complainant"].editor.control, "zhang")
    assert page._form.save()
    assert page.toast.text() == "已保存 TS-2026-0002"
    QTest.mouseClick(page.toast._button, Qt.MouseButton.LeftButton)
    assert len(page.list.model.ids) == 1
    assert page.toast.text() == "已撤销：登记投诉"


def test_many_records_are_asked_about(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    session, page = window.session, page_of(window)
    with session.book.transaction("导入投诉", "周敏", session.now()) as changes:
        for _number in range(21):
            changes.insert(page.ledger, records.blank(session, page.ledger))
    asked: list[str] = []

    def no(_parent: object, title: str, text: str, **_words: object) -> bool:
        asked.append(title + text)
        return False

    monkeypatch.setattr(confirm, "confirm", no)
    assert undoing.undo_last(session, window) == ""
    before = session.directory / "backups"
    assert not before.exists()
    assert "撤销“导入投诉”？这一步改动了 21 条记录" in asked[0]
    monkeypatch.setattr(confirm, "confirm", lambda *_words, **_more: True)
    assert undoing.undo_last(session, window) == "导入投诉"
    assert len(list(before.glob("操作前备份-*"))) == 1
    assert len(page.list.model.ids) == 1


def test_the_recycle_bin_brings_records_back(window: MainWindow, qtbot: QtBot) -> None:
    page = page_of(window)
    (record_id,) = page.list.model.ids
    bus().announce(records.delete(window.session, page.ledger, record_id))
    dialog = RecycleBinDialog(window.session, window)
    qtbot.addWidget(dialog)
    dialog.show()
    assert [entry.number for entry in dialog.entries] == ["TS-2026-0001"]
    dialog.restore(dialog.entries[0])
    assert dialog.entries == ()
    assert page.list.model.ids == [record_id]
