"""The card 检查台账 of the data page: the check of the book in plain words, 核对码, and the way to the log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from xiaobao_desktop.services import backups, health
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.widgets import buttons
from xiaobao_desktop.ui.widgets.cards import Card, line_icon
from xiaobao_desktop.ui.widgets.flow import FlowLayout
from xiaobao_desktop.ui.widgets.labels import label, set_tone

if TYPE_CHECKING:
    from xiaobao_desktop.store.verify import Finding


class CheckCard(Card):
    """Three buttons, the verdict, and a line for each thing that was checked."""

    def __init__(self, session: Session) -> None:
        super().__init__(
            "检查台账和操作记录",
            "逐页检查账簿文件，核对每一步操作记录有没有被改动、记录和附件是不是原样。断电、硬盘报警、检查组来之前请做一次。",
        )
        self._session = session
        self.verify_button = buttons.button("现在检查", icon="shield-check")
        self.anchor_button = buttons.button("核对码…", icon="file-check")
        self.log_button = buttons.button("操作记录…", icon="scroll-text")
        self.last = label("", tone="2", wrap=True)
        self.weekly = label("", tone="2", wrap=True)
        self.verdict = label("", medium=True, wrap=True)
        self.findings = QVBoxLayout()
        self.findings.setSpacing(theme.px(6))
        flow = FlowLayout(theme.px(8))
        for made in (self.verify_button, self.anchor_button, self.log_button):
            flow.addWidget(made)
        self.body.addWidget(self.last)
        self.body.addWidget(self.weekly)
        self.body.addLayout(flow)
        self.body.addWidget(self.verdict)
        self.verdict.hide()
        self.body.addLayout(self.findings)
        self.anchor_button.clicked.connect(self.open_anchors)

    def refresh(self) -> None:
        """Tell when the book was checked last."""
        self.weekly.setText("" if self._session.settings.demo else health.told(self._session))
        set_tone(self.weekly, "amber" if health.full_checks(self._session).skipped else "2")
        found = backups.last_check(self._session)
        if found is None:
            self.last.setText("还没有检查过。")
            return
        result = f"{'、'.join(found.wrong)}不对" if found.wrong else "都正常"
        self.last.setText(f"上次检查：{found.at:%Y-%m-%d %H:%M} {found.who}，{result}，用了 {found.seconds} 秒")

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Show the result of a check, what is wrong first."""
        self.forget()
        wrong = [item for item in findings if not item.ok]
        self.verdict.setText(f"有 {len(wrong)} 处不对，请看下面" if wrong else f"{len(findings)} 项检查都正常")
        self.verdict.show()
        explained = ""
        for item in (*wrong, *(item for item in findings if item.ok)):
            self.findings.addWidget(_line(item, item.how if item.how != explained else ""))
            explained = item.how
        self.refresh()

    def forget(self) -> None:
        """What was found says nothing of another book."""
        self.verdict.hide()
        while self.findings.count():
            widget = self.findings.takeAt(0).widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def open_anchors(self) -> None:
        """Compare an anchor that was typed or read from a file with the book."""
        from xiaobao_desktop.ui.dialogs.anchor_check import AnchorDialog

        dialog = AnchorDialog(self._session, self.window())
        dialog.exec()
        dialog.deleteLater()


def _line(item: Finding, how: str) -> QWidget:
    """What was checked and found; how it was checked; of a fault, what it means and what to do."""
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.px(8))
    icon, token = ("circle-check", "green_text") if item.ok else ("circle-alert", "red_text")
    row.addWidget(line_icon(icon, token), 0, Qt.AlignmentFlag.AlignTop)
    words = QVBoxLayout()
    words.setSpacing(theme.px(2))
    text = f"{item.what}：{item.detail}" if item.detail else item.what
    words.addWidget(label(text, fonts.SECOND, tone="" if item.ok else "red", medium=not item.ok, wrap=True))
    if item.advice:
        words.addWidget(label(item.advice, fonts.SECOND, wrap=True))
    if how:
        words.addWidget(label(how, fonts.SECOND, tone="3", wrap=True))
    row.addLayout(words, 1)
    return line
