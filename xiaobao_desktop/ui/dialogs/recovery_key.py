"""Showing a fresh recovery key: 48 digits in 8 groups, to be printed, with two groups asked back.

The key exists only while this is shown; it is never written to the disk or the clipboard.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFont, QPainter
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QDialog, QFrame, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from xiaobao_desktop.domain.dates import tidy
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.ui import fonts, help_key, theme
from xiaobao_desktop.ui.dialogs.error_dialog import show_user_error
from xiaobao_desktop.ui.widgets import buttons, pdf_printing
from xiaobao_desktop.ui.widgets.cards import Notice, scrolling
from xiaobao_desktop.ui.widgets.labels import hairline, label, set_tone

ASKED = 2
"""How many groups are asked back."""

_COLUMNS = 4


class KeyNotPrinted(UserError):
    """没有打印：这台电脑上没有装打印机。请把 8 组数字抄在两张纸上；或先点“稍后再留”，装好后重新做一把。"""  # noqa: D415


@dataclass(frozen=True)
class KeySheet:
    """What the printed sheet says beside the key."""

    bank: str
    officer: str
    made_on: str


class RecoveryKeyPanel(QWidget):
    """The key, the button to print it, and the fields for the groups asked back.

    ``proved`` is sent with True as soon as all asked groups are right, with False when they no longer are.
    """

    proved = Signal(bool)

    def __init__(self, key: str, sheet: KeySheet, parent: QWidget | None = None) -> None:
        """Show ``key`` (groups with blanks between)."""
        super().__init__(parent)
        self.groups = tuple(key.split())
        self.asked = tuple(sorted(secrets.SystemRandom().sample(range(len(self.groups)), ASKED)))
        self._sheet = sheet
        self.print_button = buttons.button("打印两份", icon="printer")
        self.fields = tuple(QLineEdit(self) for _place in self.asked)
        self.marks = tuple(label("", fonts.SECOND, tone="3") for _place in self.asked)
        self._build()
        self._bind()
        self._check()

    @property
    def is_proved(self) -> bool:
        """Whether every asked group was typed correctly."""
        return all(_typed(field) == self.groups[place] for field, place in zip(self.fields, self.asked, strict=True))

    def print_key(self) -> None:
        """Print two copies, after asking for the printer; then the first group asked back has the keyboard."""
        try:
            printer = pdf_printing.choose_printer(self, "小保恢复密钥", 1)
            if printer is None:
                return
            print_sheet(printer, self.groups, self._sheet)
        except pdf_printing.NoPrinter:
            show_user_error(KeyNotPrinted(), self)
        except UserError as error:
            show_user_error(error, self)
            return
        self.fields[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _bind(self) -> None:
        """The keyboard goes from printing to the groups asked back, and with Enter from one to the next."""
        self.print_button.clicked.connect(self.print_key)
        stops = (self.print_button, *self.fields)
        for before, after in pairwise(stops):
            self.setTabOrder(before, after)
        for field, following in pairwise(self.fields):
            field.returnPressed.connect(following.setFocus)
        for field in self.fields:
            field.textEdited.connect(lambda _text: self._check())

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(10))
        column.addWidget(self._key_box())
        row = QHBoxLayout()
        row.addWidget(self.print_button)
        row.addStretch(1)
        row.addWidget(label("48 位数字，每组末位是校验码，抄错会提示", fonts.SECOND, tone="2"))
        column.addLayout(row)
        column.addWidget(hairline())
        names = "和".join(f"第 {place + 1} 组" for place in self.asked)
        column.addWidget(label(f"请照纸上的内容填{names}，确认已经留好：", wrap=True))
        answers = QHBoxLayout()
        answers.setSpacing(theme.px(8))
        for place, field, mark in zip(self.asked, self.fields, self.marks, strict=True):
            field.setMaxLength(len(self.groups[place]))
            field.setAccessibleName(f"恢复密钥第 {place + 1} 组")
            field.setPlaceholderText(f"第 {place + 1} 组")
            field.setFixedWidth(theme.px(120))
            field.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
            answers.addWidget(field)
            answers.addWidget(mark)
        answers.addStretch(1)
        column.addLayout(answers)
        column.addWidget(Notice("不要拍照，不要存在这台电脑上。一份放保险柜，一份由分管领导存放。"))
        column.addStretch(1)

    def _key_box(self) -> QFrame:
        box = QFrame(self)
        box.setProperty("look", "grey")
        grid = QGridLayout(box)
        edge = theme.px(16)
        grid.setContentsMargins(edge, theme.px(12), edge, theme.px(12))
        grid.setVerticalSpacing(theme.px(8))
        for place, group in enumerate(self.groups):
            row, column = divmod(place, _COLUMNS)
            cell = QHBoxLayout()
            cell.setSpacing(theme.px(8))
            cell.addWidget(label(str(place + 1), fonts.HEADER, tone="2"))
            digits = label(group, fonts.PAGE_TITLE + 1, medium=True)
            spaced = digits.font()
            spaced.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 1)
            digits.setFont(spaced)
            cell.addWidget(digits)
            cell.addStretch(1)
            grid.addLayout(cell, row, column)
        box.setAccessibleName("恢复密钥")
        box.setAccessibleDescription(" ".join(self.groups))
        return box

    def _check(self) -> None:
        for place, field, mark in zip(self.asked, self.fields, self.marks, strict=True):
            typed, wanted = _typed(field), self.groups[place]
            if typed == wanted:
                set_tone(mark, "green")
                mark.setText("对上了")
            elif len(typed) < len(wanted):
                set_tone(mark, "3")
                mark.setText(f"还差 {len(wanted) - len(typed)} 位" if typed else "")
            else:
                set_tone(mark, "red")
                mark.setText("不一样")
        self.proved.emit(self.is_proved)


class RecoveryKeyDialog(QDialog):
    """A new recovery key for a book that exists; accepted when two groups were typed back."""

    def __init__(self, key: str, sheet: KeySheet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        help_key.bind(self, "password")
        self.setWindowTitle("新的恢复密钥")
        self.setMinimumWidth(theme.px(620))
        self.setMaximumHeight(theme.px(520))
        self.panel = RecoveryKeyPanel(key, sheet)
        self.later_button = buttons.button("稍后再留", buttons.GHOST)
        self.done_button = buttons.button("已经留好", buttons.PRIMARY)
        whole = QVBoxLayout(self)
        edge = theme.px(20)
        whole.setContentsMargins(edge, edge, edge, edge)
        whole.setSpacing(theme.px(12))
        whole.addWidget(label("新的恢复密钥", fonts.PAGE_TITLE - 2, medium=True))
        whole.addWidget(
            label("忘了密码，只有它能打开账簿。旧的那一把从现在起作废，请销毁旧的纸。", tone="2", wrap=True)
        )
        whole.addWidget(scrolling(self.panel), 1)
        row = QHBoxLayout()
        row.addWidget(self.later_button)
        row.addStretch(1)
        row.addWidget(self.done_button)
        whole.addLayout(row)
        self.done_button.setEnabled(False)
        self.done_button.setToolTip("先把要求的两组填对")
        self.panel.proved.connect(self.done_button.setEnabled)
        self.done_button.clicked.connect(self.accept)
        self.later_button.clicked.connect(self.reject)


def _typed(field: QLineEdit) -> str:
    """What stands in a field; digits typed in full width are made narrow."""
    return tidy(field.text()).replace(" ", "")


def print_sheet(printer: QPrinter, groups: tuple[str, ...], sheet: KeySheet) -> None:
    """Draw the key on a sheet of paper, twice (one copy each for safe and manager).

    Raises:
        PrintingStopped: the printer refused.
    """
    painter = QPainter()
    if not painter.begin(printer):
        raise pdf_printing.PrintingStopped(printer=printer.printerName() or printer.outputFileName())
    try:
        area = QRectF(printer.pageLayout().paintRectPixels(printer.resolution()))
        area.moveTo(0, 0)
        half = area.height() / 2
        for copy in range(2):
            _draw_copy(painter, QRectF(area.left(), copy * half, area.width(), half), groups, sheet, copy + 1)
    finally:
        painter.end()


def _draw_copy(painter: QPainter, area: QRectF, groups: tuple[str, ...], sheet: KeySheet, copy: int) -> None:
    """One half of the sheet: heading, the groups in two rows, what it is for."""
    line = area.height() / 14
    left, width = area.left() + area.width() * 0.08, area.width() * 0.84
    top = area.top() + line

    def write(text: str, points: float, where: QRectF, *, medium: bool = False) -> None:
        painter.setFont(fonts.font(points, medium=medium))
        painter.drawText(
            where, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap, text
        )

    write(f"小保·消保台账　恢复密钥（第 {copy} 份，共 2 份）", 15, QRectF(left, top, width, line), medium=True)
    write(f"{sheet.bank}　专员：{sheet.officer}　{sheet.made_on}", 10.5, QRectF(left, top + line, width, line))
    cell = width / _COLUMNS
    for place, group in enumerate(groups):
        row, column = divmod(place, _COLUMNS)
        box = QRectF(left + column * cell, top + (2.6 + 1.7 * row) * line, cell, line * 1.5)
        write(f"{place + 1}.  {group}", 16, box, medium=True)
    hints = (
        "忘了密码时，在登录页点“忘记密码？用恢复密钥”，照上面的顺序填入 48 位数字，空格可有可无。",
        "谁有这张纸，谁就能打开账簿：请密封，一份放保险柜，一份由分管领导存放；不要拍照，不要扫描。",
        "存放人：____________　　存放地点：____________________　　日期：____________",
    )
    for place, text in enumerate(hints):
        write(text, 10.5, QRectF(left, top + (6.4 + 1.5 * place) * line, width, line * 1.4))
