"""One entry of the log: when, who, what, which record, what stood before and after."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from xiaobao_desktop.services.audit_log import Detail
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.widgets.buttons import LINK, button
from xiaobao_desktop.ui.widgets.cards import scrolling
from xiaobao_desktop.ui.widgets.labels import hairline, label

_NOTHING = "（空）"


class AuditDetail(QWidget):
    """Sends ``record_asked`` (ledger, id) for the link to the record, ``reveal_asked`` for the masked values."""

    record_asked = Signal(str, int)
    reveal_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        theme.surface(self)
        self.shown: Detail | None = None
        self.record_link = button("", LINK)
        self.reveal_button = button("显示完整内容", icon="eye")
        self._area = scrolling(QWidget())
        self._area.setAccessibleName("这一条操作记录")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._area, 1)
        self.record_link.clicked.connect(self._ask_record)
        self.reveal_button.clicked.connect(self.reveal_asked.emit)
        self.show_entry(None)

    def show_entry(self, detail: Detail | None) -> None:
        """Show an entry, or say that none is chosen."""
        self.shown = detail
        # The two buttons live on; the body that held them is deleted with the next one.
        for kept in (self.record_link, self.reveal_button):
            kept.setParent(self)
            kept.hide()
        body = QWidget()
        theme.surface(body)
        column = QVBoxLayout(body)
        edge = theme.px(16)
        column.setContentsMargins(edge, edge, edge, edge)
        column.setSpacing(theme.px(8))
        if detail is None:
            column.addWidget(label("选一条操作记录，这里显示改动前后的内容。", tone="2", wrap=True))
        else:
            self._fill(column, detail)
        column.addStretch(1)
        self._area.setWidget(body)

    def texts(self) -> str:
        """Everything that is shown, line by line."""
        from PySide6.QtWidgets import QLabel

        return "\n".join(found.text() for found in self._area.widget().findChildren(QLabel))

    def _fill(self, column: QVBoxLayout, detail: Detail) -> None:
        row = detail.row
        column.addWidget(label(row.operation, fonts.CARD_TITLE, medium=True, wrap=True))
        column.addWidget(label(f"{row.at:%Y-%m-%d %H:%M:%S}　{row.who}　{row.sort}", tone="2", wrap=True))
        if row.ledger:
            line = QHBoxLayout()
            line.addWidget(label("哪一条", fonts.SECOND, tone="2"))
            if detail.deleted:
                line.addWidget(label(f"{row.what}（在回收站）", fonts.SECOND))
            else:
                self.record_link.setText(row.what)
                self.record_link.setAccessibleName(f"打开 {row.what}")
                line.addWidget(self.record_link)
                self.record_link.show()
            line.addStretch(1)
            column.addLayout(line)
        if row.note:
            for part in row.note.split("；"):
                column.addWidget(_selectable(part))
        if detail.lines:
            column.addWidget(hairline())
        for item in detail.lines:
            column.addWidget(label(item.label, fonts.SECOND, tone="2", wrap=True))
            words = item.new if not item.old else f"{item.old} → {item.new or _NOTHING}"
            column.addWidget(_selectable(words))
        if detail.masked:
            column.addWidget(self.reveal_button, 0, Qt.AlignmentFlag.AlignLeft)
            self.reveal_button.show()
            column.addWidget(label("看完整的姓名、电话等，会再记一条操作记录。", fonts.SECOND, tone="3", wrap=True))
        column.addWidget(hairline())
        column.addWidget(_selectable(f"第 {row.sequence} 条，核对码 {row.sequence}-{row.mac16}", tone="3"))

    def _ask_record(self) -> None:
        if self.shown is not None and self.shown.row.ledger:
            self.record_asked.emit(self.shown.row.ledger, self.shown.row.record_id)


def _selectable(text: str, tone: str = "") -> QWidget:
    made = label(text, fonts.SECOND, tone=tone, wrap=True)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made
