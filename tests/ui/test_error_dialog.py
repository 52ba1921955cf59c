"""The dialog of trouble: what happened first, the way out in steps, and never a name or a number of a customer."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea
from pytestqt.qtbot import QtBot

from xiaobao_desktop.errors import UserError
from xiaobao_desktop.store.errors import BookInUse, BookMissing
from xiaobao_desktop.ui.dialogs.error_dialog import ErrorDialog, from_bug, from_user_error, masked_trace
from xiaobao_desktop.ui.widgets.pdf_printing import NoPrinter


@pytest.mark.parametrize(
    ("message", "title", "explanation", "steps"),
    [
        (
            "没有保存：磁盘已满。请清出 500 MB。请再点“保存”。",
            "没有保存",
            "磁盘已满。",
            ("清出 500 MB", "再点“保存”"),
        ),
        ("台账已在另一个窗口打开，请先关掉那个窗口。", "台账已在另一个窗口打开", "", ("先关掉那个窗口",)),
        ("文件夹不能写入。台账没有变。", "文件夹不能写入", "台账没有变。", ()),
    ],
)
def test_a_message_is_taken_apart(message: str, title: str, explanation: str, steps: tuple[str, ...]) -> None:
    found = from_user_error(UserError(message=message))
    assert (found.title, found.explanation, found.steps) == (title, explanation, steps)


@pytest.mark.parametrize("error", [BookInUse(folder="D:/小保账簿"), BookMissing(folder="D:/小保账簿")])
def test_errors_of_the_store_say_what_to_do(error: UserError) -> None:
    assert from_user_error(error).steps


def test_what_is_copied_carries_no_personal_number() -> None:
    found = from_user_error(UserError(message="电话 13856215621 不对。请核对。"))
    assert "13856215621" not in found.details


def broken(name: str) -> None:
    raise ValueError(f"cannot use {name} 13856215621 at /home/周敏/台账.xlsx")


def test_a_defect_is_masked_but_says_where() -> None:
    with pytest.raises(ValueError, match="cannot") as caught:
        broken("刘秀兰")
    trace = masked_trace(caught.value)
    assert "test_error_dialog.py" in trace
    assert "ValueError" in trace
    for personal in ("刘秀兰", "13856215621", "周敏", str(Path.home()) + "/"):
        assert personal not in trace


def test_the_same_defect_has_the_same_code() -> None:
    codes = set()
    for name in ("刘秀兰", "张明"):
        with pytest.raises(ValueError, match="cannot") as caught:
            broken(name)
        codes.add(from_bug(caught.value).code)
    assert len(codes) == 1


def test_the_dialog_shows_everything_and_copies(look: QApplication, qtbot: QtBot) -> None:
    with pytest.raises(ValueError, match="cannot") as caught:
        broken("刘秀兰")
    dialog = ErrorDialog(from_bug(caught.value, Path("defects.log")))
    qtbot.addWidget(dialog)
    dialog.show()
    words = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert "defects.log" in words
    assert dialog.height() <= 520 * dialog.fontMetrics().height() / 19
    dialog.copy_button.click()
    assert QGuiApplication.clipboard().text() == dialog.trouble.details


def test_a_short_message_needs_no_scrolling(look: QApplication, qtbot: QtBot) -> None:
    dialog = ErrorDialog(from_user_error(NoPrinter()))
    qtbot.addWidget(dialog)
    dialog.show()
    QApplication.processEvents()
    area = dialog.findChild(QScrollArea)
    assert area is not None
    assert area.verticalScrollBar().maximum() == 0
    for label in dialog.findChildren(QLabel):
        assert label.height() >= label.heightForWidth(label.width()), label.text()
