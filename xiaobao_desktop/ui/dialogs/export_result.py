"""What was written: which files, that they are proven, the passphrase (once), and whether the stick may be pulled."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from xiaobao_desktop.services import exporting
from xiaobao_desktop.services.export_run import Outcome
from xiaobao_desktop.services.exporting import Made, Written
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.widgets.cards import Notice, icon_disc
from xiaobao_desktop.ui.widgets.labels import label


class ExportResult(QWidget):
    """Shown in place of the form when all is written."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        removable = any(written.removable for _made, written in outcome.files)
        self.passphrases = [made.passphrase for made, _written in outcome.files if made.passphrase]
        said = f"写好并核对了 {len(outcome.files)} 个文件，没有全部完成" if outcome.trouble else "已写好并核对"
        pull = "，可以安全拔出 U 盘" if removable else ""
        self.title = label(f"{said}{pull}", fonts.CARD_TITLE, medium=True, wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(24), theme.px(20), theme.px(24), theme.px(20))
        column.setSpacing(theme.px(12))
        head = QHBoxLayout()
        head.setSpacing(theme.px(12))
        icon, tone = ("circle-alert", "amber") if outcome.trouble else ("circle-check", "green")
        head.addWidget(icon_disc(icon, tone), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(theme.px(4))
        words.addWidget(self.title)
        words.addWidget(label(str(outcome.files[0][1].path.parent), tone="2", wrap=True))
        head.addLayout(words, 1)
        column.addLayout(head)
        if outcome.trouble:
            column.addWidget(Notice(outcome.trouble, "red"))
        for made, written in outcome.files:
            column.addWidget(_file(made, written))
        if self.passphrases:
            column.addWidget(
                Notice(
                    "口令只显示这一次，程序不保存。请抄下来，打电话告诉对方：连着输，不用空格。"
                    "不要写在 U 盘上，不要和文件一起发。"
                )
            )
        column.addStretch(1)


def _file(made: Made, written: Written) -> QWidget:
    box = QFrame()
    box.setProperty("look", "grey")
    column = QVBoxLayout(box)
    column.setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(12))
    column.setSpacing(theme.px(4))
    column.addWidget(label(written.path.name, medium=True, wrap=True))
    inside = f"，{len(made.parts)} 个文件" if made.parts else ""
    column.addWidget(label(f"{made.export.total} 条记录{inside}", fonts.SECOND, tone="2"))
    # Breaks anywhere: 64 digits in one piece are wider than the dialog.
    digest = " ".join(written.sha256[start : start + 16] for start in range(0, 64, 16))
    fingerprint = label(f"SHA-256 {digest}", fonts.SECOND, tone="2", wrap=True)
    fingerprint.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    column.addWidget(fingerprint)
    if made.passphrase:
        column.addSpacing(theme.px(6))
        column.addWidget(label("口令", fonts.SECOND, tone="2"))
        digits = label(exporting.spoken(made.passphrase), fonts.PAGE_TITLE, medium=True)
        spaced = digits.font()
        spaced.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 1)
        digits.setFont(spaced)
        digits.setAccessibleName(f"口令 {exporting.spoken(made.passphrase)}")
        column.addWidget(digits)
    return box
