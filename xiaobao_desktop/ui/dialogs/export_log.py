"""导出台账: everything that left this book as a file: when, who, what, for whom, how many records, which SHA-256."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from xiaobao_desktop.services import export_log
from xiaobao_desktop.services.export_log import Export
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.dialogs.scrolled import ScrolledDialog
from xiaobao_desktop.ui.widgets.labels import hairline, label
from xiaobao_desktop.ui.widgets.pill import Pill

_SHOWN = 200
"""Newest entries shown; all of them stand in the history."""


class ExportLogDialog(ScrolledDialog):
    """The exports, the newest first."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("导出台账", "export", 720, 520, parent)
        self.entries = export_log.entries(session)
        self.count.setText(
            f"{len(self.entries)} 次" + (f"，显示最近 {_SHOWN} 次" if len(self.entries) > _SHOWN else "")
        )
        self.foot.addWidget(label("每次导出都记在操作记录里，不能改，不能删。", fonts.SECOND, tone="2"))
        self.foot.addStretch(1)
        self.foot.addWidget(self.close_button)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(theme.px(20), theme.px(12), theme.px(20), theme.px(12))
        column.setSpacing(theme.px(10))
        if not self.entries:
            column.addWidget(label("还没有导出过。", tone="2"))
        for place, entry in enumerate(self.entries[:_SHOWN]):
            if place:
                column.addWidget(hairline())
            column.addWidget(_entry(session, entry))
        column.addStretch(1)
        self.show_body(body)


def _entry(session: Session, entry: Export) -> QWidget:
    """One export in four lines."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme.px(2))
    head = QHBoxLayout()
    head.setSpacing(theme.px(10))
    head.addWidget(label(f"{entry.at:%Y-%m-%d %H:%M}" if entry.at else "", medium=True))
    head.addWidget(label(entry.who, tone="2"))
    head.addWidget(label(entry.operation))
    if not entry.done:
        head.addWidget(Pill("没有完成", "red"))
    elif not entry.masked:
        head.addWidget(Pill("未遮盖", "amber"))
    head.addStretch(1)
    column.addLayout(head)
    column.addWidget(label(entry.file, wrap=True))
    labels = {ledger.key: ledger.label for ledger in session.ledgers}
    rows = "、".join(f"{labels.get(key, key)} {number}" for key, number in entry.rows.items())
    about = [f"{entry.total} 条（{rows}）" if rows else ""]
    about += [f"报送给：{entry.recipient}"] if entry.recipient else []
    about += [f"用途：{entry.purpose}"] if entry.purpose else []
    about += [f"原因：{entry.reason}，批准人：{entry.approver or '未写'}"] if entry.reason else []
    column.addWidget(label("　".join(part for part in about if part), fonts.SECOND, tone="2", wrap=True))
    pieces = " ".join(entry.sha256[start : start + 16] for start in range(0, len(entry.sha256), 16))
    digest = label(f"SHA-256 {pieces}　操作记录第 {entry.anchor[0]} 条", fonts.SECOND, tone="3", wrap=True)
    digest.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    column.addWidget(digest)
    return holder
