"""Files at the steps of a case: chosen or dropped in 记一步, added in the timeline by key and mouse, shown as chips."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.e2e.waiting import until
from tests.ui.conftest import AddComplaint, step
from tests.ui.dialogs import answer
from xiaobao_desktop import paths
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.services import attachments, records
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.dialogs import step_dialog
from xiaobao_desktop.ui.dialogs.step_dialog import StepDialog
from xiaobao_desktop.ui.pages.attachment_block import AttachmentBlock
from xiaobao_desktop.ui.pages.ledger_page import LedgerPage
from xiaobao_desktop.ui.tasks import tasks
from xiaobao_desktop.ui.widgets import ask_files
from xiaobao_desktop.ui.widgets.file_chip import FileChip
from xiaobao_desktop.ui.widgets.file_picks import FilePicks
from xiaobao_desktop.ui.widgets.timeline import Timeline

TRANSFER = "给“转办”（11-09）添加文件"


@pytest.fixture
def case(add_complaint: AddComplaint) -> Record:
    return add_complaint("2026-11-08", "刘秀兰", step("transfer", "2026-11-09", department="城关支行"))


@pytest.fixture
def page(qtbot: QtBot, look: QApplication, session: Session, case: Record) -> LedgerPage:
    made = LedgerPage(session, session.ledger("complaint"))
    qtbot.addWidget(made)
    made.resize(1200, 700)
    made.show()
    made.open_record(case.id or 0)
    return made


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    found = [tmp_path / "转办单.pdf", tmp_path / "回执.docx"]
    for file in found:
        file.write_bytes(b"%PDF-1.4 " + file.name.encode())
    return found


def dropped(files: list[Path]) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    return data


def drop_on(widget: QWidget, files: list[Path]) -> None:
    data, copy = dropped(files), Qt.DropAction.CopyAction
    none, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    entering = QDragEnterEvent(QPoint(5, 5), copy, data, left, none)
    QApplication.sendEvent(widget, entering)
    assert entering.isAccepted()
    QApplication.sendEvent(widget, QDropEvent(QPointF(5, 5), copy, data, left, none))


def choosing(monkeypatch: pytest.MonkeyPatch, files: list[Path]) -> None:
    """The system's dialog for files gives these."""
    names = [str(file) for file in files]
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_about: (names, ""))


def clip(page: LedgerPage, name: str) -> QPushButton:
    found = [button for button in page.detail.findChildren(QPushButton) if button.accessibleName() == name]
    assert found, name
    return found[-1]


def chips(page: LedgerPage, kind: type[QWidget]) -> list[str]:
    """Names of the files in the timeline, or in the block of the record's own files."""
    holder = page.detail.findChildren(kind)[-1]
    return [chip.accessibleName().split()[0] for chip in holder.findChildren(FileChip)]


def test_the_timeline_takes_files_by_key_and_the_keyboard_stays(
    qtbot: QtBot, page: LedgerPage, session: Session, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    choosing(monkeypatch, files)
    button = clip(page, TRANSFER)
    button.setFocus()
    with qtbot.waitSignal(page.detail.told, timeout=20_000):
        QTest.keyClick(button, Qt.Key.Key_Return)
    assert chips(page, Timeline) == ["转办单.pdf", "回执.docx"]
    assert chips(page, AttachmentBlock) == [], "shown once, at their step"
    focused = page.window().focusWidget()
    assert focused is not None
    assert focused.accessibleName() == TRANSFER
    record = page.detail.record
    assert record is not None
    rows = {entry.step_id for entry in attachments.list_of(session, page.ledger, record.id or 0)}
    assert rows == {record.children["step"][1]["id"]}
    page.toast._button.click()
    assert chips(page, Timeline) == []


def test_files_dropped_on_a_step_belong_to_it_and_stay_with_the_record_without_it(
    qtbot: QtBot, page: LedgerPage, session: Session, files: list[Path]
) -> None:
    line = clip(page, TRANSFER).parentWidget()
    assert line is not None
    with qtbot.waitSignal(page.detail.told, timeout=20_000):
        drop_on(line, files[:1])
    assert chips(page, Timeline) == ["转办单.pdf"]
    record = page.detail.record
    assert record is not None
    left = Record(record.values, {"step": record.children["step"][:1]}, record.id)
    records.save(session, page.ledger, left)
    page.open_record(record.id or 0)
    assert chips(page, Timeline) == []
    assert chips(page, AttachmentBlock) == ["转办单.pdf"]


def test_the_dialog_saves_a_step_with_its_files_in_one_operation(
    qtbot: QtBot, page: LedgerPage, session: Session, case: Record, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = StepDialog(session, page.ledger, case, page, kind="supplement")
    dialog.show()
    choosing(monkeypatch, files[:1])
    QTest.keyClick(dialog.files.add_button, Qt.Key.Key_Return)
    drop_on(dialog, files)
    assert [chip.accessibleName() for chip in dialog.files.chips()] == [
        "转办单.pdf，按 Delete 去掉",
        "回执.docx，按 Delete 去掉",
    ]
    QTest.keyClick(dialog.files.chips()[1], Qt.Key.Key_Delete)
    assert dialog.dirty
    last = dialog.files.chips()[-1]
    until(
        lambda: (
            dialog._scroll.viewport().rect().contains(last.mapTo(dialog._scroll.viewport(), last.rect().bottomLeft()))
        )
    )
    with qtbot.waitSignal(dialog.accepted, timeout=20_000):
        dialog.save()
    assert chips(page, Timeline) == ["转办单.pdf"]
    page._undo("记一步：补充材料")
    assert chips(page, Timeline) == []
    assert page.detail.record is not None
    assert len(page.detail.record.children["step"]) == 2


def test_a_file_that_went_away_is_told_and_the_dialog_stays(
    page: LedgerPage, session: Session, case: Record, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(step_dialog, "show_user_error", lambda error, _parent: told.append(error.message))
    dialog = StepDialog(session, page.ledger, case, page, kind="supplement")
    dialog.show()
    dialog.files.add(files)
    files[1].unlink()
    dialog.save()
    until(lambda: bool(told) and not tasks().busy)
    assert told[0].startswith("没有添加“回执.docx”")
    assert dialog.isVisible()
    assert len(records.get(session, page.ledger, case.id or 0).children["step"]) == 2
    answer("放弃")
    dialog.reject()
    assert not dialog.isVisible()


def test_the_dialog_for_files_begins_where_files_were_taken_last(
    look: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At first among the documents, not in the folder of the program; again there when the stick is gone."""
    picks = FilePicks("凭证文件", "也可以拖到这里")
    qtbot.addWidget(picks)
    begun: list[Path] = []
    stick = tmp_path / "U 盘"
    stick.mkdir()
    (stick / "照片.jpg").write_bytes(b"picture")

    def choose(_owner: QWidget, _title: str, start: str) -> tuple[list[str], str]:
        begun.append(Path(start))
        return [str(stick / "照片.jpg")], ""

    monkeypatch.setattr(ask_files, "_last", None)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", choose)
    picks.add_button.click()
    picks.add_button.click()
    stick.rename(tmp_path / "拔掉了")
    picks.add_button.click()
    assert begun == [paths.documents_dir(), stick, paths.documents_dir()]
