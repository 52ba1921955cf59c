"""Reviews: days left of those not finished, and the check of a text for sensitive words."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from xiaobao_desktop.domain import sensitive
from xiaobao_desktop.domain.fields import Record, Values
from xiaobao_desktop.services import due_rows
from xiaobao_desktop.services.review_todo import OPEN
from xiaobao_desktop.ui.models.cells import Cell
from xiaobao_desktop.ui.pages.ledger_presenter import CreateWay, DetailActions, Presenter, Tab, days_between
from xiaobao_desktop.ui.widgets.buttons import LINK, button
from xiaobao_desktop.ui.widgets.labels import label
from xiaobao_desktop.ui.widgets.pill import Pill

OPERATION = "查敏感用语"
"""How the history calls it."""
_SOON_DAYS = 3
"""From this many days on the term is shown in amber (look sheet)."""


class ReviewPresenter(Presenter):
    """As for any ledger, with a tab of what is under review."""

    needed_keys = ("state",)

    def tabs(self) -> tuple[Tab, ...]:
        """审查中, by the day it is wanted, before the usual tabs."""
        return (Tab("open", "审查中", (OPEN,), (("due_on", False), ("received_on", False))), *super().tabs())

    def create_ways(self) -> tuple[CreateWay, ...]:
        """A text pasted and checked first."""
        return (CreateWay("查敏感用语", "search", "Ctrl+Shift+V", self._check_new),)

    def cell(self, key: str, row: Values) -> Cell:
        """Days left of a review that is not finished; all else as declared."""
        usual = super().cell(key, row)
        if key != "due_on" or not usual.text or row.get("state") != OPEN.values[0]:
            return usual
        left = -days_between(str(row[key]), self.session.today())
        if left < 0:
            return Cell(f"逾期 {-left} 天", "solid", "red")
        if left == 0:
            return Cell("今天", "pill", "amber")
        return Cell(f"剩 {left} 天", "strong" if left <= _SOON_DAYS else "text", "amber" if left <= _SOON_DAYS else "")

    def badge(self) -> tuple[int, bool]:
        """Reviews not finished; a red dot when one is late."""
        return due_rows.waiting(self.session, self.ledger, "due_on", (OPEN,))

    def _check_new(self, window: QWidget) -> Record | None:
        from xiaobao_desktop.ui.dialogs.review_words import ReviewWordsDialog

        dialog = ReviewWordsDialog(self.session, self.ledger, window)
        accepted = dialog.exec()
        dialog.deleteLater()
        return dialog.new_record() if accepted else None

    def middle_blocks(self, record: Record, actions: DetailActions) -> list[QWidget]:
        """What the text of the review uses of the sensitive words, and the way to look at them one by one."""
        if not record.values.get("checked_text"):
            return []
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label("送审文字", medium=True, tone="2"))
        count = len(
            sensitive.find(str(record.values["checked_text"]), self.session.rules.catalog.list(sensitive.LIST).items)
        )
        row.addWidget(Pill(f"敏感用语 {count} 处", "amber") if count else Pill("没有查到敏感用语"))
        row.addStretch(1)
        look = button("逐处查看", LINK)
        look.clicked.connect(lambda: self._check_text(record, box.window(), actions))
        row.addWidget(look)
        return [box]

    def _check_text(self, record: Record, window: QWidget, actions: DetailActions) -> None:
        """Check the text of a review; what is taken over is written into it at once, and can be undone."""
        from xiaobao_desktop.services import records
        from xiaobao_desktop.ui.bus import bus
        from xiaobao_desktop.ui.dialogs.review_words import ReviewWordsDialog

        dialog = ReviewWordsDialog(self.session, self.ledger, window, record)
        accepted = dialog.exec()
        dialog.deleteLater()
        if accepted:
            saved = records.save(self.session, self.ledger, dialog.changed_record(), operation=OPERATION)
            bus().announce(saved.changed)
            actions.told("已写进审查意见")


PRESENTER = ReviewPresenter
