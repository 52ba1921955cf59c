"""复核 beside the preview: what to look at, the versions filed so far, and each figure with how it was reckoned."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from xiaobao_desktop.domain.check_figures import Check
from xiaobao_desktop.services.filing_look import Look
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.pages.filed_block import FiledBlock
from xiaobao_desktop.ui.widgets.buttons import LINK, button
from xiaobao_desktop.ui.widgets.cards import scrolling
from xiaobao_desktop.ui.widgets.figure_table import FigureTable
from xiaobao_desktop.ui.widgets.labels import label, set_shown
from xiaobao_desktop.ui.widgets.point_list import PointList


class ReportSide(QWidget):
    """Scrolls by itself.

    Signals:
        records_asked: key of a ledger, ids, where they come from.
        page_asked: the check page is to be shown.
    """

    records_asked = Signal(str, object, str)
    page_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(theme.px(318))
        theme.surface(self, QPalette.ColorRole.AlternateBase)
        self.look: Look | None = None
        self.points = PointList()
        self.filed = FiledBlock()
        self.summary = label("", fonts.SECOND, tone="2", wrap=True)
        self.page_button = button("复核页", LINK)
        self.page_button.setToolTip("看、打印复核页；复核页供内部复核，不随报告报出")
        self.table = FigureTable()
        self._content = QWidget()
        column = QVBoxLayout(self._content)
        edge = theme.px(16)
        column.setContentsMargins(edge, theme.px(14), edge, edge)
        column.setSpacing(theme.px(10))
        column.addWidget(self.points)
        column.addWidget(self.filed)
        head = QHBoxLayout()
        head.addWidget(label("复核", fonts.CARD_TITLE, medium=True))
        head.addStretch(1)
        head.addWidget(self.page_button, 0, Qt.AlignmentFlag.AlignBottom)
        column.addLayout(head)
        column.addWidget(self.summary)
        column.addWidget(self.table)
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolling(self._content))
        self.points.asked.connect(self.records_asked)
        self.table.asked.connect(self.records_asked)
        self.filed.records_asked.connect(self.records_asked)
        self.page_button.clicked.connect(self.page_asked)
        self.wait()

    def wait(self) -> None:
        """Nothing to show yet: the report is being read."""
        self.look = None
        self.summary.setText("正在复核…")
        set_shown(self.page_button, shown=False)

    def show_look(self, look: Look) -> None:
        """Show a report that was looked at."""
        self.look = look
        self.points.show_points(f"定稿前请看 {len(look.points)} 处", look.points)
        self.filed.show_look(look)
        wrong = sum(figure.state is Check.WRONG for figure in look.figures)
        noted = sum(figure.state is Check.NOTE for figure in look.figures)
        parts = [f"{len(look.figures)} 个数字，{len(look.figures) - wrong - noted} 个一致"]
        if noted:
            parts.append(f"{noted} 个有附注")
        if wrong:
            parts.append(f"{wrong} 个对不上")
        self.summary.setText("，".join(parts) + "。点数字看背后的记录。")
        set_shown(self.page_button, shown=bool(look.figures))
        self.table.show_figures(look.figures)
