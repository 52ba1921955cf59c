"""回收站: what was deleted, in every ledger; looked at, and brought back."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QGridLayout, QWidget

from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import records, recycle_bin
from xiaobao_desktop.services.recycle_bin import BinEntry
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.dialogs.error_dialog import show_user_error
from xiaobao_desktop.ui.dialogs.scrolled import ScrolledDialog
from xiaobao_desktop.ui.widgets.buttons import LINK, button
from xiaobao_desktop.ui.widgets.labels import ElidedLabel, label

_SHOWN = 200
"""Newest entries shown: a longer list is not looked through line by line."""


class RecycleBinDialog(ScrolledDialog):
    """The deleted records, the last deleted first; nothing is ever removed for good here."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__("回收站", "recycle", 680, 520, parent)
        self._session = session
        self.foot.addWidget(label("删除的记录一直保留在这里，编号不会再用。", fonts.SECOND, tone="2"))
        self.foot.addStretch(1)
        self.foot.addWidget(self.close_button)
        self.entries: tuple[BinEntry, ...] = ()
        self.refresh()

    def refresh(self) -> None:
        """Read the bin again."""
        self.entries = recycle_bin.entries(self._session)
        total = len(self.entries)
        self.count.setText(f"{total} 条" + (f"，显示最近删除的 {_SHOWN} 条" if total > _SHOWN else ""))
        self.show_body(self._body())

    def restore(self, entry: BinEntry) -> None:
        """Bring a record back."""
        try:
            bus().announce(records.restore(self._session, entry.ledger, entry.id))
        except UserError as error:
            show_user_error(error, self)
        self.refresh()

    def show_history(self, entry: BinEntry) -> None:
        """Show what was changed in a record."""
        from xiaobao_desktop.ui.pages.ledger_history import HistoryDialog

        try:
            record = records.get(self._session, entry.ledger, entry.id)
        except UserError as error:
            show_user_error(error, self)
            return
        HistoryDialog(self._session, entry.ledger, record, self).exec()

    def _body(self) -> QWidget:
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(theme.px(20), theme.px(12), theme.px(20), theme.px(12))
        grid.setHorizontalSpacing(theme.px(16))
        grid.setVerticalSpacing(theme.px(8))
        grid.setColumnStretch(2, 1)
        if not self.entries:
            grid.addWidget(label("回收站是空的。", tone="2"), 0, 0)
        for place, entry in enumerate(self.entries[:_SHOWN]):
            for column, widget in enumerate(self._line(entry)):
                grid.addWidget(widget, place, column)
        grid.setRowStretch(grid.rowCount(), 1)
        return body

    def _line(self, entry: BinEntry) -> tuple[QWidget, ...]:
        when = f"{entry.deleted_at:%Y-%m-%d %H:%M}" if entry.deleted_at else ""
        history = button("修改记录", LINK)
        history.setAccessibleName(f"{entry.number} 的修改记录")
        history.clicked.connect(partial(self.show_history, entry))
        back = button("恢复", LINK)
        back.setAccessibleName(f"恢复 {entry.number}")
        back.clicked.connect(partial(self.restore, entry))
        return (
            label(entry.ledger.label, tone="2"),
            label(entry.number, medium=True),
            ElidedLabel(entry.title),
            label(f"{when} {entry.who}".strip(), fonts.SECOND, tone="2"),
            history,
            back,
        )
