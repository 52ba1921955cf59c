"""Which record belongs to the one shown: found by number, words or pinyin initials over every ledger."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QWidget

from xiaobao_desktop.domain.fields import Ledger
from xiaobao_desktop.services import relations
from xiaobao_desktop.services.relations import Candidate
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, help_key, theme
from xiaobao_desktop.ui.dialogs.form_foot import choosing
from xiaobao_desktop.ui.widgets.buttons import PRIMARY, button
from xiaobao_desktop.ui.widgets.labels import label
from xiaobao_desktop.ui.widgets.plain_table import PlainTable
from xiaobao_desktop.ui.widgets.search_box import SearchBox

TITLE = "关联别的记录"
_WIDTH, _LINES = 620, 8


class PickRecordDialog(QDialog):
    """Asks for one record.

    Attributes:
        chosen: the record, None when the officer gave up.
    """

    def __init__(self, session: Session, ledger: Ledger, record_id: int, parent: QWidget | None = None) -> None:
        """Offer records to be put beside ``record_id`` of ``ledger``."""
        super().__init__(parent)
        help_key.bind(self, "relations")
        self.setWindowTitle(TITLE)
        theme.surface(self)
        self.resize(theme.px(_WIDTH), self.height())
        self._session, self._ledger, self._record_id = session, ledger, record_id
        self.chosen: Candidate | None = None
        self.found: tuple[Candidate, ...] = ()
        self.search = SearchBox("输编号、名称里的字或拼音首字母…")
        self.table = PlainTable("可以关联的记录", ("台账", "编号", "名称"), 2, self.take)
        self.words = label("", fonts.SECOND, tone="2")
        self.take_button = button("关联", PRIMARY)
        self.take_button.setDefault(True)
        self.take_button.clicked.connect(self.take)
        self.search.searched.connect(self.show_found)
        self.search.entered.connect(self._go_down)
        choosing(self, TITLE, (self.search, self.table, self.words), self.take_button)
        self.show_found("")

    def showEvent(self, event: QShowEvent) -> None:
        """The search field has the keyboard."""
        super().showEvent(event)
        self.search.setFocus()

    def show_found(self, text: str) -> None:
        """Show the records that a typed text finds; the latest ones for none."""
        self.found = relations.candidates(self._session, self._ledger, self._record_id, text)
        rows = [(item.label, item.number, item.title) for item in self.found]
        self.table.fill(rows, [False] * len(rows), least=_LINES)
        self.take_button.setEnabled(bool(rows))
        told = f"找到 {len(rows)} 条" if text.strip() else "各台账最近的几条；要找别的请输编号或名称"
        self.words.setText(told if rows else "没有找到。换个说法，或先登记这一条")

    def take(self) -> None:
        """Take the record that is chosen in the table."""
        row = self.table.currentRow()
        if 0 <= row < len(self.found):
            self.chosen = self.found[row]
            self.accept()

    def _go_down(self) -> None:
        """Enter takes the only one found; else the table has the keyboard."""
        if len(self.found) == 1:
            self.take()
        elif self.found:
            self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)
