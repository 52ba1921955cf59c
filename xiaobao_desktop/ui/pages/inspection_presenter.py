"""Inspections: how far they are in the list and the detail, and the page on which a run is worked through."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from xiaobao_desktop.domain.fields import Record, Values
from xiaobao_desktop.domain.inspection import progress
from xiaobao_desktop.domain.ledgers.inspection import DONE, ITEMS
from xiaobao_desktop.services import listing
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.models.cells import Cell
from xiaobao_desktop.ui.models.query import OWN, Condition, Query
from xiaobao_desktop.ui.pages.ledger_presenter import DetailActions, Presenter, Tab
from xiaobao_desktop.ui.pages.work_page import WorkPage
from xiaobao_desktop.ui.widgets.buttons import PRIMARY, button
from xiaobao_desktop.ui.widgets.labels import label

_OPEN = Condition("state", "in", ("not_started", "running"))


class InspectionPresenter(Presenter):
    """As for any ledger, with 检查中 first, progress, and the page of a run."""

    needed_keys = ("checked", "total")
    worked_through = True

    def tabs(self) -> tuple[Tab, ...]:
        """检查中 before the usual tabs."""
        return (*super().tabs(), Tab("open", "未完成", (_OPEN,)))

    def cell(self, key: str, row: Values) -> Cell:
        """已查 of all items in one cell; all else as declared."""
        if key == "checked" and row.get("total"):
            return Cell(f"{row.get('checked') or 0}/{row['total']}", "quiet", right=True)
        return super().cell(key, row)

    def badge(self) -> tuple[int, bool]:
        """Runs that have begun and have not ended."""
        return listing.count(self.session, self.ledger, Query(where=(OWN, _OPEN))), False

    def top_blocks(self, record: Record, actions: DetailActions) -> list[QWidget]:
        """How far a run is, and the way to its page."""
        rows = record.children.get(ITEMS.key, ())
        return [_RunBlock(self, record, actions)] if rows else []

    def work_page(self, record_id: int) -> WorkPage | None:
        """The page of a run."""
        from xiaobao_desktop.ui.pages.inspection_work import InspectionWork

        return InspectionWork(self.session, self.ledger, record_id)


class _RunBlock(QWidget):
    """Progress in words and as a bar; the main button goes to the items."""

    def __init__(self, presenter: InspectionPresenter, record: Record, actions: DetailActions) -> None:
        from xiaobao_desktop.ui.pages.inspection_work import verdicts_of
        from xiaobao_desktop.ui.widgets.inspection_progress import VerdictBar

        super().__init__()
        told = progress(record.children[ITEMS.key])
        verdicts = verdicts_of(presenter.session)
        words = "·".join(
            [f"已查 {told.checked}/{told.total} 项"]
            + [f"{item.name} {told.counts[item.key]}" for item in verdicts if told.counts.get(item.key)]
        )
        bar = VerdictBar(verdicts)
        bar.show_progress(told)
        go = "查看检查表" if record.values.get("state") == DONE else "继续检查" if told.checked else "开始检查"
        main = button(go, PRIMARY, icon="clipboard-check")
        main.setObjectName("main_action")
        main.clicked.connect(lambda: actions.work())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        column.addWidget(label(words, fonts.SECOND, tone="2", wrap=True))
        column.addWidget(bar)
        row = QHBoxLayout()
        row.addWidget(main, 1)
        column.addLayout(row)


PRESENTER = InspectionPresenter
