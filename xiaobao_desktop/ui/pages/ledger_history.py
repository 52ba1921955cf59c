"""修改记录: every change of one record, newest first: when, who, what, old → new."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from xiaobao_desktop.domain.fields import Ledger, Record
from xiaobao_desktop.services import records
from xiaobao_desktop.services.records import HistoryEntry
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, help_key, theme
from xiaobao_desktop.ui.widgets.buttons import button
from xiaobao_desktop.ui.widgets.labels import hairline, label

_NOTHING = "（空）"


class HistoryDialog(QDialog):
    """Shows the history; nothing can be changed here."""

    def __init__(self, session: Session, ledger: Ledger, record: Record, parent: QWidget) -> None:
        super().__init__(parent)
        help_key.bind(self, "recycle")
        self.setWindowTitle(f"修改记录 {record.number}")
        self.resize(theme.px(620), theme.px(500))
        assert record.id is not None
        entries = records.history(session, ledger, record.id)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(_head(record, len(entries)))
        column.addWidget(hairline())
        changes = _scrolling([_entry(entry) for entry in entries])
        changes.setAccessibleName("修改记录")
        column.addWidget(changes, 1)
        column.addWidget(hairline())
        close = button("关闭", shortcut="Esc")
        close.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.setContentsMargins(theme.px(20), theme.px(10), theme.px(20), theme.px(10))
        foot.addStretch(1)
        foot.addWidget(close)
        column.addLayout(foot)


def _head(record: Record, count: int) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(theme.px(20), theme.px(14), theme.px(20), theme.px(12))
    row.setSpacing(theme.px(10))
    row.addWidget(label("修改记录", fonts.PAGE_TITLE, medium=True))
    row.addWidget(label(f"{record.number}·{count} 次", tone="2"), 0, Qt.AlignmentFlag.AlignBottom)
    row.addStretch(1)
    return row


def _scrolling(parts: list[QWidget]) -> QScrollArea:
    body = QWidget()
    theme.surface(body)
    column = QVBoxLayout(body)
    column.setContentsMargins(theme.px(20), theme.px(12), theme.px(20), theme.px(12))
    column.setSpacing(theme.px(12))
    for part in parts:
        column.addWidget(part)
    column.addStretch(1)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(body)
    return area


def _entry(entry: HistoryEntry) -> QFrame:
    box = QFrame()
    grid = QGridLayout(box)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(theme.px(12))
    grid.setVerticalSpacing(theme.px(4))
    grid.setColumnMinimumWidth(0, theme.px(96))
    grid.setColumnStretch(1, 1)
    top = QHBoxLayout()
    top.addWidget(label(entry.operation, medium=True))
    top.addStretch(1)
    top.addWidget(label(f"{entry.who}·{entry.at:%Y-%m-%d %H:%M}", fonts.SECOND, tone="2"))
    grid.addLayout(top, 0, 0, 1, 2)
    for row, line in enumerate(entry.lines, start=1):
        grid.addWidget(label(line.label, fonts.SECOND, tone="2", wrap=True), row, 0, Qt.AlignmentFlag.AlignTop)
        words = line.new if not line.old else f"{line.old} → {line.new or _NOTHING}"
        value = label(words, fonts.SECOND, wrap=True)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid.addWidget(value, row, 1)
    return box
