"""此后变动 in the detail of a filing: read beside the window, each record a click away."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import filing_look
from xiaobao_desktop.services.filing_changes import LaterChanges
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts
from xiaobao_desktop.ui.dialogs.error_dialog import show_bug
from xiaobao_desktop.ui.pages.filed_block import ChangesBlock
from xiaobao_desktop.ui.pages.page import Page
from xiaobao_desktop.ui.tasks import tasks
from xiaobao_desktop.ui.widgets.labels import label

NOTHING = "定稿以后，报告背后的记录没有变动。"


class ChangedSince(QWidget):
    """The block; the page that holds it goes to the records.

    Attributes:
        later: what was found; None while it is being read.
    """

    def __init__(self, session: Session, record_id: int) -> None:
        super().__init__()
        self.later: LaterChanges | None = None
        self.words = label("正在核对定稿以后的变动…", fonts.SECOND, tone="2", wrap=True)
        self.changes = ChangesBlock()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.words)
        column.addWidget(self.changes)
        self.changes.record_asked.connect(self._go)
        self.changes.records_asked.connect(self._show_all)
        tasks().run(lambda _progress: filing_look.later_or_none(session, record_id), self._take, self._failed, self)

    def _take(self, later: LaterChanges | None) -> None:
        self.later = later
        self.words.setVisible(later is None or not later.items)
        self.words.setText("这一件是手工登记的，没有数字底稿，不核对变动。" if later is None else NOTHING)
        self.changes.show_changes(later or LaterChanges())

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, UserError):
            self.words.setText(str(error))
        else:
            show_bug(error, parent=self)

    def _page(self) -> Page | None:
        """The page of the window in which this stands."""
        widget = self.parentWidget()
        while widget is not None and not isinstance(widget, Page):
            widget = widget.parentWidget()
        return widget

    def _go(self, ledger: str, record_id: int) -> None:
        page = self._page()
        if page is not None:
            page.record_asked.emit(ledger, record_id)

    def _show_all(self, ledger: str, ids: tuple[int, ...], words: str) -> None:
        page = self._page()
        if page is not None:
            page.records_asked.emit(ledger, ids, words)
