"""Start passwords of users who are not here: shown once, printed one slip a person, each good for one login."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services.reencrypting import StartPassword
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.dialogs.error_dialog import show_user_error
from xiaobao_desktop.ui.widgets import buttons, pdf_printing
from xiaobao_desktop.ui.widgets.cards import Notice
from xiaobao_desktop.ui.widgets.labels import hairline, label

SLIPS = 5
"""Slips on a sheet of paper."""


class StartPasswordPanel(QWidget):
    """The passwords, the button that prints the slips; ``kept_changed`` tells whether the officer has them all."""

    kept_changed = Signal(bool)

    def __init__(self, starts: Sequence[StartPassword], bank: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._starts, self._bank = tuple(starts), bank
        self.print_button = buttons.button("打印条子", icon="printer")
        self.kept = QCheckBox("每个人的临时密码都打印或抄好了")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(10))
        column.addWidget(self._box())
        row = QHBoxLayout()
        row.addWidget(self.print_button)
        row.addStretch(1)
        row.addWidget(label("只显示这一次；登录一次就作废", fonts.SECOND, tone="2"))
        column.addLayout(row)
        column.addWidget(hairline())
        column.addWidget(self.kept)
        column.addWidget(Notice("条子当面交给本人，不要用微信、短信、邮件发。他第一次登录时先设自己的密码，再进账簿。"))
        column.addStretch(1)
        self.print_button.clicked.connect(self.print_slips)
        self.kept.toggled.connect(self.kept_changed)

    def print_slips(self) -> None:
        """Print one slip a person, after asking for the printer."""
        try:
            pages = -(-len(self._starts) // SLIPS)
            printer = pdf_printing.choose_printer(self, "小保临时密码", pages)
            if printer is not None:
                print_slips(printer, self._starts, self._bank)
        except UserError as error:
            show_user_error(error, self)

    def _box(self) -> QFrame:
        box = QFrame(self)
        box.setProperty("look", "grey")
        grid = QGridLayout(box)
        edge = theme.px(16)
        grid.setContentsMargins(edge, theme.px(10), edge, theme.px(10))
        grid.setHorizontalSpacing(theme.px(16))
        grid.setVerticalSpacing(theme.px(6))
        grid.setColumnStretch(2, 1)
        for row, one in enumerate(self._starts):
            grid.addWidget(label(one.name, medium=True), row, 0)
            grid.addWidget(label(one.role.label, tone="2"), row, 1)
            digits = label(one.password, fonts.CARD_TITLE + 1, medium=True)
            digits.setAccessibleName(f"{one.name}的临时密码 {one.password}")
            grid.addWidget(digits, row, 2, Qt.AlignmentFlag.AlignRight)
        return box


def print_slips(printer: QPrinter, starts: Sequence[StartPassword], bank: str) -> None:
    """Draw the slips below each other, with lines to cut along.

    Raises:
        PrintingStopped: the printer refused.
    """
    refused = pdf_printing.PrintingStopped(printer=printer.printerName() or printer.outputFileName())
    painter = QPainter()
    if not painter.begin(printer):
        raise refused
    try:
        area = QRectF(printer.pageLayout().paintRectPixels(printer.resolution()))
        height = area.height() / SLIPS
        for place, one in enumerate(starts):
            if place and place % SLIPS == 0 and not printer.newPage():
                raise refused
            _draw_slip(painter, QRectF(0, place % SLIPS * height, area.width(), height), one, bank)
    finally:
        painter.end()


def _draw_slip(painter: QPainter, area: QRectF, one: StartPassword, bank: str) -> None:
    line = area.height() / 7
    left, width = area.left() + area.width() * 0.08, area.width() * 0.84

    def write(text: str, points: float, row: float, *, medium: bool = False) -> None:
        painter.setPen(QColor("black"))
        painter.setFont(fonts.font(points, medium=medium))
        where = QRectF(left, area.top() + row * line, width, line * 1.2)
        painter.drawText(where, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    write(f"小保·消保台账　临时密码　{one.name}（{one.role.label}）", 13, 0.6, medium=True)
    write(bank, 10.5, 1.7)
    write(one.password, 18, 2.9, medium=True)
    write("打开小保，选自己的姓名，填上面的临时密码（含短横线），先设一个新密码，不要用以前的。", 10.5, 4.3)
    write("这张条子只能用一次，设好密码后请撕毁。旧密码已经作废。", 10.5, 5.3)
    painter.setPen(QPen(QColor("grey"), 0, Qt.PenStyle.DashLine))
    painter.drawLine(QPointF(area.left(), area.bottom()), QPointF(area.right(), area.bottom()))
