"""The charts that were put into a report, below the boxes of its words; each can be taken out again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from xiaobao_desktop.services.report_words import KeptChart
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.widgets import buttons
from xiaobao_desktop.ui.widgets.labels import label, set_shown
from xiaobao_desktop.ui.widgets.method_button import method_words


class KeptChartCard(QFrame):
    """One chart: its name, period, 口径 and part of the report, and 取出."""

    def __init__(self, chart: KeptChart, section: str) -> None:
        super().__init__()
        self.chart = chart
        self.setProperty("look", "card")
        period = chart.span
        about = f"{period.title if period else chart.period}，{method_words(chart.method)}·{section}"
        self.out_button = buttons.button("取出", buttons.LINK)
        self.out_button.setAccessibleName(f"取出：{chart.title}")
        head = QHBoxLayout()
        head.addWidget(label(chart.title, medium=True), 1)
        head.addWidget(self.out_button)
        column = QVBoxLayout(self)
        edge = theme.px(8)
        column.setContentsMargins(theme.px(10), edge, theme.px(10), edge)
        column.setSpacing(theme.px(2))
        column.addLayout(head)
        column.addWidget(label(about, fonts.SECOND, tone="2", wrap=True))


class KeptCharts(QWidget):
    """The cards under their heading; nothing where there is no chart. ``taken_out`` carries the chart."""

    taken_out = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.cards: list[KeptChartCard] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(6))
        self._column.addWidget(label("放进的图", medium=True))
        set_shown(self, shown=False)

    def show_charts(self, charts: Sequence[KeptChart], sections: dict[str, str]) -> None:
        """Show these charts instead of those before; ``sections`` are the names of the report's parts by key."""
        if [card.chart for card in self.cards] == list(charts):
            return
        for card in self.cards:
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = [KeptChartCard(chart, sections.get(chart.section, "正文最后")) for chart in charts]
        for card in self.cards:
            self._column.addWidget(card)
            card.out_button.clicked.connect(partial(self._take_out, card.chart))
        set_shown(self, shown=bool(self.cards))

    def _take_out(self, chart: KeptChart, _checked: bool = False) -> None:
        self.taken_out.emit(chart)
