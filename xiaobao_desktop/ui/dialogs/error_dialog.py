"""The one dialog for trouble: what happened, what is safe, what to do now, and a copy for whoever helps.

Two kinds: an error of the officer's world (:class:`UserError`, a full disk, a wrong file) tells her the way out; a bug
of ours shows a trace without personal data and says where it is kept.
"""

from __future__ import annotations

import re
import traceback
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from xiaobao_desktop import __version__
from xiaobao_desktop.domain.scrub import scrub
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.log import keep, short_path
from xiaobao_desktop.services.clock import wall_clock
from xiaobao_desktop.ui import fonts, help_key, theme
from xiaobao_desktop.ui.widgets import buttons
from xiaobao_desktop.ui.widgets.cards import icon_disc, scrolling
from xiaobao_desktop.ui.widgets.labels import hairline, label

_SENTENCE = re.compile(r"(?<=[。！？\n])|，(?=请)")
_CHINESE = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+")
_SHORT_LEAD = 14


@dataclass(frozen=True)
class Trouble:
    """What the dialog says.

    Attributes:
        title: what happened, one line.
        explanation: where and why, and what is safe; "" for nothing more to say.
        steps: what to do, in order.
        code: short mark that names the place of the error, the same each time.
        details: the text that is copied; free of personal data.
        shows_details: whether the details are also shown (bugs).
    """

    title: str
    explanation: str
    steps: tuple[str, ...]
    code: str
    details: str
    shows_details: bool = False


def from_user_error(error: UserError) -> Trouble:
    """Take the message of ``error`` apart: first what happened, then why, and from the first 请… on what to do."""
    sentences = [part.strip(" \n。") for part in _SENTENCE.split(error.message)]
    sentences = [part for part in sentences if part]
    title, reason = _title_and_reason(sentences[0] if sentences else "没有做成")
    rest = sentences[1:]
    at = next((place for place, text in enumerate(rest) if text.startswith("请")), len(rest))
    facts = [text for text in (reason, *rest[:at]) if text]
    steps = tuple(text.removeprefix("请") for text in rest[at:])
    code = f"XB-{type(error).__name__}"
    details = f"{code}\n{scrub(error.message)}\n小保 {__version__}"
    return Trouble(title, "。".join(facts) + ("。" if facts else ""), steps, code, details)


def from_bug(error: BaseException, log_file: Path | None = None) -> Trouble:
    """What to say about a defect of the program; ``log_file`` is where the trace was written, if it was."""
    trace = masked_trace(error)
    code = f"XB-{zlib.crc32(trace.encode()) & 0xFFFF:04X}"
    explanation = "已经保存的记录都在，没有受影响。这一步没有写进账簿。"
    if log_file is not None:
        explanation += f"详细情况记在 {log_file}。"
    steps = (
        "再做一次，多数时候能继续",
        "还不行就关掉窗口重新打开；没有保存的内容请先抄下来",
        "点“复制错误信息”，发给维护的人；里面没有姓名、电话和证件号",
    )
    return Trouble(
        "程序出了差错，这一步没有做完", explanation, steps, code, f"{code}\n小保 {__version__}\n{trace}", True
    )


def masked_trace(error: BaseException) -> str:
    """The trace of ``error`` without personal data: no values, no home folder, no Chinese words, no long numbers."""
    lines: list[str] = []
    for frame in traceback.extract_tb(error.__traceback__):
        lines.append(f"{short_path(frame.filename)}:{frame.lineno} {frame.name}")
    message = _CHINESE.sub("**", scrub(str(error)))
    message = re.sub(r"(/|[A-Za-z]:\\)[^\s'\"]+", "<path>", message)
    return "\n".join([*lines, f"{type(error).__name__}: {message}"])


class ErrorDialog(QDialog):
    """Title, explanation, numbered steps; copying at the left, closing at the right."""

    def __init__(self, trouble: Trouble, parent: QWidget | None = None, *, action: str = "知道了") -> None:
        """Show ``trouble``; ``action`` names the closing button."""
        super().__init__(parent)
        help_key.bind(self, "errors")
        self.trouble = trouble
        self.setWindowTitle("小保")
        self.setMinimumWidth(theme.px(520))
        self.setMaximumWidth(theme.px(640))
        self.setMaximumHeight(theme.px(520))
        self.copy_button = buttons.button("复制错误信息", buttons.GHOST, icon="copy")
        self.close_button = buttons.button(action, buttons.PRIMARY)
        self._build()
        self.copy_button.clicked.connect(self.copy)
        self.close_button.clicked.connect(self.accept)
        self.close_button.setDefault(True)
        self.close_button.setFocus()

    def copy(self) -> None:
        """Put the masked details on the clipboard and say so on the button."""
        QGuiApplication.clipboard().setText(self.trouble.details)
        self.copy_button.setText("已复制")

    def _build(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        body = QWidget(self)
        column = QVBoxLayout(body)
        column.setContentsMargins(theme.px(24), theme.px(22), theme.px(24), theme.px(20))
        column.setSpacing(theme.px(12))
        column.addLayout(self._head())
        if self.trouble.steps:
            column.addWidget(hairline())
            column.addLayout(self._steps())
        if self.trouble.shows_details:
            column.addWidget(self._details())
        column.addStretch(1)
        area = scrolling(body)
        whole.addWidget(area, 1)
        whole.addWidget(hairline())
        whole.addLayout(self._foot())
        self._fit(area, body)

    def _fit(self, area: QWidget, body: QWidget) -> None:
        """So high that every word shows; only what passes the greatest height scrolls."""
        hint = self.sizeHint()
        width = max(self.minimumWidth(), min(self.maximumWidth(), hint.width()))
        around = hint.height() - area.sizeHint().height()
        self.resize(width, min(self.maximumHeight(), body.heightForWidth(width) + around))

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.px(14))
        row.addWidget(icon_disc("circle-alert", "red"), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(theme.px(4))
        words.addWidget(label(self.trouble.title, 12, medium=True, wrap=True))
        if self.trouble.explanation:
            words.addWidget(label(self.trouble.explanation, tone="2", wrap=True))
        row.addLayout(words, 1)
        return row

    def _steps(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(8))
        grid.setVerticalSpacing(theme.px(4))
        grid.setColumnStretch(1, 1)
        grid.addWidget(label("请这样做", tone="2"), 0, 0, 1, 2)
        for place, text in enumerate(self.trouble.steps, start=1):
            if len(self.trouble.steps) > 1:
                number = label(str(place), tone="link", medium=True)
                grid.addWidget(number, place, 0, Qt.AlignmentFlag.AlignTop)
                grid.addWidget(label(text, wrap=True), place, 1)
            else:
                grid.addWidget(label(text, wrap=True), place, 0, 1, 2)
        return grid

    def _details(self) -> QPlainTextEdit:
        view = QPlainTextEdit(self.trouble.details, self)
        view.setReadOnly(True)
        view.setFont(fonts.font(fonts.HEADER))
        view.setAccessibleName("错误信息")
        view.setFixedHeight(theme.px(120))
        view.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        return view

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(theme.px(16), theme.px(14), theme.px(20), theme.px(14))
        row.setSpacing(theme.px(8))
        row.addWidget(self.copy_button)
        code: QLabel = label(f"编号 {self.trouble.code}·已遮盖个人信息", fonts.SECOND, tone="3")
        row.addWidget(code)
        row.addStretch(1)
        row.addWidget(self.close_button)
        return row


def show_user_error(error: UserError, parent: QWidget | None = None) -> None:
    """Tell the officer what happened and what to do; returns when she has read it."""
    dialog = ErrorDialog(from_user_error(error), parent)
    dialog.exec()
    dialog.deleteLater()


def show_bug(error: BaseException, log_file: Path | None = None, parent: QWidget | None = None) -> None:
    """Keep a masked trace and tell the officer that the program has a defect; returns when she has read it.

    While such a dialog is open, further defects are only kept: one in the painting would come with every frame.

    Args:
        error: what was raised.
        log_file: where its trace was kept already.
        parent: owner of the dialog.
    """
    global _telling
    file = log_file or keep(masked_trace(error), wall_clock())
    if _telling:
        return
    _telling = True
    try:
        dialog = ErrorDialog(from_bug(error, file), parent)
        dialog.exec()
        dialog.deleteLater()
    finally:
        _telling = False


_telling = False
"""Whether the dialog of a defect is open."""


def _title_and_reason(sentence: str) -> tuple[str, str]:
    """没有保存：磁盘已满 -> (没有保存, 磁盘已满); a long lead or no colon stays whole."""
    lead, colon, reason = sentence.partition("：")
    if colon and reason and len(lead) <= _SHORT_LEAD:
        return lead, reason
    return sentence, ""


def show_error(error: BaseException, parent: QWidget | None = None) -> None:
    """Tell an error of the officer's world with the way out, and anything else as a defect."""
    if isinstance(error, UserError):
        show_user_error(error, parent)
    else:
        show_bug(error, parent=parent)


def carried_out(act: Callable[[], object], parent: QWidget | None = None) -> bool:
    """Do something that may be refused, such as showing a record that is gone; tells a refusal and returns False."""
    try:
        act()
    except UserError as refusal:
        show_user_error(refusal, parent)
        return False
    return True
