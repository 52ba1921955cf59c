"""导出 in the window: the form, what it lacks, the passphrase shown once, faults told, the log and the check."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import AddComplaint
from xiaobao_desktop.services import export_log, exporting
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.dialogs import export_dialog
from xiaobao_desktop.ui.dialogs.export_check import CheckDialog
from xiaobao_desktop.ui.dialogs.export_dialog import ExportDialog
from xiaobao_desktop.ui.dialogs.export_log import ExportLogDialog
from xiaobao_desktop.ui.pages.data_export import ExportCard


@pytest.fixture
def dialog(look: QApplication, qtbot: QtBot, session: Session, add_complaint: AddComplaint) -> ExportDialog:
    add_complaint("2026-10-08", "刘秀兰", content="来电13856215621")
    made = ExportDialog(session)
    qtbot.addWidget(made)
    made.show()
    made.report.setChecked(False)
    return made


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Messages that would have been shown in the dialog of trouble."""
    messages: list[str] = []
    monkeypatch.setattr(export_dialog, "show_user_error", lambda error, _parent: messages.append(error.message))
    return messages


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """An empty folder that stands for the stick; the book lies elsewhere."""
    made = tmp_path / "U 盘"
    made.mkdir()
    return made


def finish(qtbot: QtBot, dialog: ExportDialog) -> None:
    qtbot.waitUntil(lambda: not dialog.busy, timeout=20_000)


def words(widget: QWidget) -> str:
    return "\n".join(found.text() for found in widget.findChildren(QLabel) if not found.isHidden())


def test_the_last_month_and_its_ledgers_are_offered(dialog: ExportDialog) -> None:
    assert dialog.period.period.code == "2026-10"
    assert [key for key, tick in dialog.ticks.items() if tick.isChecked()] == ["complaint"]
    assert dialog.order().masked


def test_a_masked_package_is_written_and_said_to_be_safe(
    qtbot: QtBot, dialog: ExportDialog, session: Session, stick: Path
) -> None:
    dialog.recipient.setText("省联社消保部")
    dialog.place.take(stick)
    QTest.keyClick(dialog.go_button, Qt.Key.Key_Return)
    finish(qtbot, dialog)
    file = next(stick.iterdir())
    assert exporting.verify(file).ok
    assert dialog.result_view is not None
    assert "已写好并核对" in words(dialog.result_view)
    assert file.name in words(dialog.result_view)
    assert export_log.entries(session)[0].recipient == "省联社消保部"
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible(), "nothing to note down"


def test_a_package_for_another_xiaobao_has_its_ending_and_its_data(
    qtbot: QtBot, dialog: ExportDialog, stick: Path
) -> None:
    dialog.data.setChecked(False)
    assert not dialog.files.isEnabled(), "files go with the data"
    dialog.what.choose("xbpack")
    dialog.what.chosen.emit("xbpack")
    assert not dialog.data.isVisible(), "it always has them"
    assert dialog.files.isEnabled()
    assert dialog.files.text() == "附照片"
    assert ".xbpack" in dialog.what_hint.text()
    dialog.place.take(stick)
    dialog.start()
    finish(qtbot, dialog)
    (file,) = stick.iterdir()
    assert file.suffix == ".xbpack"
    assert "小保数据.json" in [item.what for item in exporting.verify(file).findings]


def test_what_is_lacking_is_said_and_gets_the_keyboard(dialog: ExportDialog, stick: Path) -> None:
    dialog.sight.choose("full")
    dialog.sight.chosen.emit("full")
    dialog.activateWindow()
    for typed, reason, field in (("", "请写明不遮盖的原因", dialog.reason), ("检查", "请写明批准人", dialog.approver)):
        dialog.reason.setText(typed)
        dialog.start()
        assert dialog.problem.text == reason
        assert dialog.focusWidget() is field
    dialog.approver.setText("李建国")
    dialog.place.list.clear()
    dialog.start()
    assert dialog.problem.text == "请插好 U 盘，或选一个文件夹"
    for tick in dialog.ticks.values():
        tick.setChecked(False)
    dialog.start()
    assert dialog.problem.text == "请至少勾选一本台账"
    assert not dialog.busy


def test_the_passphrase_is_shown_once_and_not_closed_by_chance(
    qtbot: QtBot, dialog: ExportDialog, session: Session, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog.sight.choose("full")
    dialog.reason.setText("监管检查")
    dialog.approver.setText("李建国")
    dialog.place.take(stick)
    dialog.start()
    finish(qtbot, dialog)
    assert dialog.result_view is not None
    (passphrase,) = dialog.result_view.passphrases
    assert exporting.spoken(passphrase) in words(dialog.result_view)
    assert exporting.verify(next(stick.iterdir()), passphrase).ok
    answers = [False, True]
    monkeypatch.setattr(export_dialog, "confirm", lambda *_words, **_more: answers.pop(0))
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    dialog.cancel_button.click()
    assert not dialog.isVisible()
    assert export_log.entries(session)[0].approver == "李建国"


def test_a_csv_is_always_masked_and_a_workbook_of_one_ledger_may_be_locked(
    qtbot: QtBot, dialog: ExportDialog, stick: Path
) -> None:
    dialog.sight.choose("full")
    dialog.what.choose("csv")
    dialog.what.chosen.emit("csv")
    assert dialog.order().masked
    dialog.place.take(stick)
    dialog.start()
    finish(qtbot, dialog)
    (file,) = stick.iterdir()
    assert file.suffix == ".csv"
    assert "刘秀兰" not in file.read_text(encoding="utf-8-sig")
    assert "13856215621" not in file.read_text(encoding="utf-8-sig")


def test_a_place_that_is_gone_is_told_and_the_form_stays(
    qtbot: QtBot, dialog: ExportDialog, session: Session, stick: Path, told: list[str]
) -> None:
    (stick / "file").write_bytes(b"")
    dialog.place.take(stick / "file" / "weg")
    dialog.start()
    finish(qtbot, dialog)
    assert len(told) == 1
    assert "没有写成" in told[0]
    assert dialog.result_view is None
    assert dialog.go_button.isEnabled()
    assert export_log.entries(session) == []


def test_esc_while_it_works_cancels_and_keeps_the_form(
    qtbot: QtBot, dialog: ExportDialog, session: Session, stick: Path
) -> None:
    dialog.place.take(stick)
    dialog.start()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    finish(qtbot, dialog)
    assert dialog.isVisible()
    if dialog.result_view is None:
        assert dialog.told.text() == "已取消，没有写任何文件。"
        assert list(stick.iterdir()) == []
        assert export_log.entries(session) == []
    else:
        assert exporting.verify(next(stick.iterdir())).ok, "it was done before it heard of the wish"


def test_log_and_check_say_what_was_exported(qtbot: QtBot, dialog: ExportDialog, session: Session, stick: Path) -> None:
    card = ExportCard(session)
    qtbot.addWidget(card)
    card.refresh()
    assert card.last.text() == "还没有导出过。"
    dialog.place.take(stick)
    dialog.start()
    finish(qtbot, dialog)
    file = next(stick.iterdir())
    card.refresh()
    assert file.name in card.last.text()
    log = ExportLogDialog(session)
    qtbot.addWidget(log)
    shown = words(log)
    for part in ("2026-11-23 09:41", "周敏", "导出报送包", file.name, "1 条（投诉 1）", "用途：报送", "SHA-256"):
        assert part in shown
    good = CheckDialog(file, exporting.verify(file), export_log.of_file(session, file))
    qtbot.addWidget(good)
    assert "都和导出时一样" in words(good)
    assert "完全一样" in words(good)
    spoken = exporting.fingerprint(file)
    assert spoken.replace(" ", "") in words(log).replace(" ", ""), "the sender finds it in the log"
    foreign = CheckDialog(file, exporting.verify(file), None, spoken=spoken)
    qtbot.addWidget(foreign)
    assert "不能证明是谁做的" in words(foreign)
    assert spoken in words(foreign)
    bad = CheckDialog(file, exporting.verify(_damaged(file)), None)
    qtbot.addWidget(bad)
    assert "有 1 处不对" in words(bad)


def _damaged(file: Path) -> Path:
    import zipfile

    with zipfile.ZipFile(file, "a") as packed:
        packed.writestr("多的.txt", "x")
    return file
