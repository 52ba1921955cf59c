"""放进报告: into which report a chart goes, and into which of its parts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QWidget

from xiaobao_desktop.services.chart_targets import Target
from xiaobao_desktop.ui import fonts, help_key, theme
from xiaobao_desktop.ui.dialogs.form_foot import choosing
from xiaobao_desktop.ui.widgets.buttons import PRIMARY, button
from xiaobao_desktop.ui.widgets.labels import label
from xiaobao_desktop.ui.widgets.period_selector import QuietCombo
from xiaobao_desktop.ui.widgets.plain_table import PlainTable

TITLE, END = "放进报告", "正文最后"
_WIDTH, _LINES = 560, 6


class ChartIntoReportDialog(QDialog):
    """Asks for a report and a part of it.

    Attributes:
        target: the report, None when the officer gave up.
        section: key of the part, "" for the end of the text.
    """

    def __init__(self, chart: str, targets: Sequence[Target], parent: QWidget | None = None) -> None:
        """Offer ``targets`` for the chart called ``chart``."""
        super().__init__(parent)
        help_key.bind(self, "charts")
        self.setWindowTitle(TITLE)
        theme.surface(self)
        self.resize(theme.px(_WIDTH), self.height())
        self._targets = tuple(targets)
        self.target: Target | None = None
        self.section = ""
        self.table = PlainTable("可以放进的报告", ("报告", "已放进"), 0, self.take)
        self.parts = QuietCombo(self)
        self.parts.setAccessibleName("放在哪一部分")
        self.words = label(
            "图号接着报告里的图往下排，定稿前数字随记录更新。不要了在报表页“文字”里取出。",
            fonts.SECOND,
            tone="2",
            wrap=True,
        )
        self.take_button = button("放进去", PRIMARY)
        self.take_button.setDefault(True)
        self.take_button.clicked.connect(self.take)
        self.table.currentCellChanged.connect(lambda *_cells: self._offer_parts())
        self._build(chart)
        rows = [(item.title, f"{len(item.charts)} 幅" if item.charts else "") for item in self._targets]
        self.table.fill(rows, [False] * len(rows), least=_LINES)
        self.take_button.setEnabled(bool(rows))
        self._offer_parts()

    def showEvent(self, event: QShowEvent) -> None:
        """The list of reports has the keyboard."""
        super().showEvent(event)
        self.table.setFocus()

    def take(self) -> None:
        """Take the report and the part that are chosen."""
        row = self.table.currentRow()
        if 0 <= row < len(self._targets):
            self.target = self._targets[row]
            self.section = str(self.parts.currentData() or "")
            self.accept()

    def _offer_parts(self) -> None:
        """The parts of the chosen report; the one chosen before stays where the report has it too."""
        row, before = self.table.currentRow(), self.parts.currentData()
        self.parts.clear()
        self.parts.addItem(END, "")
        if 0 <= row < len(self._targets):
            for section in self._targets[row].sections:
                self.parts.addItem(section.label, section.key)
        self.parts.setCurrentIndex(max(0, self.parts.findData(before)))

    def _build(self, chart: str) -> None:
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        head = label("放在哪一部分")
        head.setBuddy(self.parts)
        row.addWidget(head)
        row.addWidget(self.parts, 1)
        choosing(self, f"把“{chart}”放进哪份报告", (self.table, row, self.words), self.take_button)
