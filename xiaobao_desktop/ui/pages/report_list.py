"""The reports to choose from, under the headings of their groups, each with how far it is for the chosen period."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.services import reporting
from xiaobao_desktop.services.report_kind import ReportInfo
from xiaobao_desktop.services.report_states import ReportState
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.delegates.report_item import STATE_ROLE, ReportItemDelegate, ShownState
from xiaobao_desktop.ui.widgets.labels import label

_NAME = Qt.ItemDataRole.UserRole
NOT_BEGUN, DRAFT, FILED, CHANGED = "未做", "草稿", "已定稿", "此后变动{count}件"
"""How far a report is, as its pill says."""


def shown_state(state: ReportState, beside: Period, changed: int = 0) -> ShownState:
    """What stands below the title of a report while the period ``beside`` is looked at.

    Args:
        state: how far it is.
        beside: the chosen period; its year is not told again.
        changed: how many records changed since it was filed.
    """
    period = state.period.title
    if state.period.months < 12:
        period = period.removeprefix(f"{beside.last.year}年").removeprefix("第")
    if changed:
        return ShownState(period, CHANGED.format(count=changed), "amber")
    if state.issues:
        return ShownState(period, f"{FILED} {state.filed}", "green")
    return ShownState(period, DRAFT, "amber") if state.drafted else ShownState(period, NOT_BEGUN)


class ReportList(QWidget):
    """The list; ``chosen`` is sent when another report is chosen. The keyboard walks the reports, not the headings."""

    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.list = QListWidget()
        self.list.setProperty("look", "menu")
        self.list.setAccessibleName("报表")
        self.list.setItemDelegate(ReportItemDelegate(self.list))
        self.list.setMouseTracking(True)
        self._headings: list[QListWidgetItem] = []
        groups = [(name, list(infos)) for name, infos in groupby(reporting.reports(), key=lambda info: info.group)]
        for place, (name, infos) in enumerate(groups):
            # The first heading stands above the list: so the first line is a report, for the keyboard too.
            if place:
                self._add_heading(name)
            for info in infos:
                self._add(info)
        self._build(groups[0][0])
        self._colour()
        self.list.setCurrentRow(0)
        self.list.currentRowChanged.connect(lambda _row: self.chosen.emit())

    @property
    def report(self) -> ReportInfo:
        """The chosen report."""
        return reporting.info(str(self.list.currentItem().data(_NAME)))

    def choose(self, name: str) -> None:
        """Choose a report by its name; an unknown name changes nothing."""
        for row in range(self.list.count()):
            if self.list.item(row).data(_NAME) == name:
                self.list.setCurrentRow(row)

    def show_states(self, states: Sequence[ReportState], beside: Period) -> None:
        """Tell below each title how far the report is; ``beside`` is the chosen period."""
        for state in states:
            self.show_state(state, beside)

    def show_state(self, state: ReportState, beside: Period, changed: int = 0) -> None:
        """Tell how far one report is; ``changed`` counts the records that changed since it was filed."""
        shown = shown_state(state, beside, changed)
        for row in range(self.list.count()):
            item = self.list.item(row)
            if item.data(_NAME) == state.name:
                item.setData(STATE_ROLE, shown)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{item.text()}，{shown.period}，{shown.pill}")
                filed = f"·{FILED} {state.filed}" if changed else ""
                item.setToolTip(f"{item.text()}·{state.period.title}{filed}·{shown.pill}")

    def state(self, name: str) -> ShownState:
        """What is told of a report."""
        items = (self.list.item(row) for row in range(self.list.count()))
        shown: ShownState = next(item.data(STATE_ROLE) for item in items if item.data(_NAME) == name)
        return shown

    def changeEvent(self, event: QEvent) -> None:
        """Follow a switch between light and dark."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._colour()

    def _add(self, info: ReportInfo) -> None:
        item = QListWidgetItem(info.title)
        item.setData(_NAME, info.name)
        item.setData(STATE_ROLE, ShownState())
        self.list.addItem(item)

    def _add_heading(self, name: str) -> None:
        item = QListWidgetItem(name)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setFont(fonts.font(fonts.SECOND))
        item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
        item.setSizeHint(QSize(0, theme.px(36)))
        self._headings.append(item)
        self.list.addItem(item)

    def _build(self, first: str) -> None:
        self.setFixedWidth(theme.px(196))
        column = QVBoxLayout(self)
        edge = theme.px(8)
        column.setContentsMargins(edge, theme.px(10), edge, edge)
        column.setSpacing(theme.px(4))
        head = label(first, fonts.SECOND, tone="2")
        head.setContentsMargins(theme.px(10), 0, 0, 0)
        column.addWidget(head)
        column.addWidget(self.list, 1)

    def _colour(self) -> None:
        for item in getattr(self, "_headings", ()):
            item.setForeground(theme.color("text2"))
