"""The workbench: what is due, how the month goes, what is missing; the first thing seen at every start.

What is due is read at once (narrow, indexed queries); the figures at the right come from the worker.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from xiaobao_desktop.domain.period import chinese_date
from xiaobao_desktop.domain.todo import Band
from xiaobao_desktop.services import complaint_todo, todo
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import theme
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.models.todo_model import due_lines, found_lines
from xiaobao_desktop.ui.pages.page import DATA, Page
from xiaobao_desktop.ui.pages.workbench_cards import GapCard, MonthCard
from xiaobao_desktop.ui.tasks import Progress, Task, tasks
from xiaobao_desktop.ui.widgets.buttons import GHOST, PRIMARY, button
from xiaobao_desktop.ui.widgets.cards import TopBar, scrolling
from xiaobao_desktop.ui.widgets.due_strip import DueStrip
from xiaobao_desktop.ui.widgets.empty_state import EmptyState
from xiaobao_desktop.ui.widgets.labels import ElidedLabel, hairline
from xiaobao_desktop.ui.widgets.search_box import SearchBox
from xiaobao_desktop.ui.widgets.titled_card import TitledCard
from xiaobao_desktop.ui.widgets.todo_list import TodoList

SIDE, GAP, MARGIN, SEARCH = 344, 12, 20, 236
"""Pixels of the design sheet."""
TREND_FROM = 700
"""Windows lower than this do without the trend line."""
_WEEKDAYS = "一二三四五六日"
_FIGURES_AFTER_MS = 30


@dataclass(frozen=True)
class Figures:
    """What the worker read for the cards."""

    month: complaint_todo.MonthView
    gaps: tuple[todo.Gap, ...]


def read_figures(session: Session, today: date) -> Figures:
    """The figures of the cards; runs in the worker."""
    return Figures(complaint_todo.month_view(session, today), todo.gaps(session, today))


class WorkbenchPage(Page):
    """The page.

    Signals besides those of every page:
        create_asked: key of the ledger in which a new record is to be begun.
        report_asked: code of the month whose report is to be shown.
    """

    create_asked = Signal(str)
    report_asked = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.main_ledger = next(ledger for ledger in session.ledgers if ledger.dated_by)
        self.bands: tuple[Band, ...] = ()
        self._day: date | None = None
        self._task: Task | None = None
        self._figures_due = QTimer(self)
        self._figures_due.setSingleShot(True)
        self._figures_due.setInterval(_FIGURES_AFTER_MS)
        self._figures_due.timeout.connect(self._read_figures)
        self._search = ""
        self.bar = TopBar("工作台")
        self.day_label = ElidedLabel("", token="text2")  # noqa: S106 - a colour
        self.search_box = SearchBox()
        self.import_button = button("导入台账", icon="file-input")
        self.report_button = button("本月月报", icon="file-text")
        self.create_button = button(self.main_ledger.create_action, PRIMARY, icon="plus")
        self.strip = DueStrip()
        self.list_card = TitledCard("到期事项")
        self.print_button = button("打印本周待办", GHOST, icon="printer")
        self.list = TodoList()
        self.month_card = MonthCard()
        self.gap_card = GapCard()
        self._places = QStackedWidget()
        self._nothing: EmptyState | None = None
        self._build()
        self._connect()

    # What the window asks

    def status_text(self) -> str:
        """How many items are due, or were found."""
        if self._search:
            return f"搜索“{self._search}”：{self.list_card.hint.text()}"
        counts = "·".join(f"{band.name} {len(band.items)}" for band in self.bands if band.items)
        return counts or "7 天内没有到期事项"

    def focus_main(self) -> None:
        """The list, so that the arrow keys and Enter work at once."""
        self._refresh_if_old()
        target = self.list if self.list.todo.lines else self.create_button
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_search(self) -> bool:
        """Go to the search field."""
        self.search_box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search_box.selectAll()
        return True

    def create_record(self) -> bool:
        """Begin a record of the first ledger."""
        self.create_asked.emit(self.main_ledger.key)
        return True

    def print_page(self) -> bool:
        """Preview 本周待办."""
        from xiaobao_desktop.ui.dialogs.todo_sheet import TodoSheetDialog

        dialog = TodoSheetDialog(self.session, self.window())
        dialog.exec()
        dialog.deleteLater()
        return True

    # Reading

    def refresh(self) -> None:
        """Read what is due now, and let the worker read the figures."""
        self._day = self.session.today()
        self.day_label.set_text(f"{chinese_date(self._day)} 星期{_WEEKDAYS[self._day.weekday()]}")
        self.bands = todo.bands(self.session, self._day)
        self.strip.show_bands(self.bands, self._day)
        self._show_lines()
        # A moment later, so that the worker does not hold up the first painting.
        self._figures_due.start()

    def _refresh_if_old(self) -> None:
        if self._day != self.session.today():
            self.refresh()

    @property
    def reading(self) -> bool:
        """Whether figures are still to come."""
        return self._figures_due.isActive() or self._task is not None

    def _read_figures(self) -> None:
        if not self.isVisible():
            # Read when the page is seen again; the book may be closing.
            self._day = None
            return
        if self._task is not None:
            self._task.cancel()
        session, today = self.session, self.session.today()

        def work(_progress: Progress) -> Figures:
            return read_figures(session, today)

        self._task = tasks().run(work, self._show_figures, self._failed, self)

    def _show_figures(self, found: Figures) -> None:
        self._task = None
        self.month_card.show_view(found.month, int(self.session.settings.percent_digits))
        self.gap_card.show_gaps(found.gaps)

    def _failed(self, error: BaseException) -> None:
        from xiaobao_desktop.ui.dialogs.error_dialog import show_bug

        self._task = None
        show_bug(error, parent=self)

    def _find(self, text: str) -> None:
        self._search = text
        self._show_lines()

    def _enter_results(self) -> None:
        """Enter in the search field goes on to what was found."""
        if self._search and self.list.todo.lines:
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc in the result goes back to what is due."""
        if event.key() == Qt.Key.Key_Escape and self._search:
            self.search_box.clear()
            return
        super().keyPressEvent(event)

    def _show_lines(self) -> None:
        """The result of the search, or what is due."""
        current = self.list.current_row()
        today = self.session.today()
        if self._search:
            groups = todo.search(self.session, self._search)
            lines = found_lines(groups, today)
            total = sum(group.total for group in groups)
        else:
            lines = due_lines(self.bands, today)
            total = sum(len(band.items) for band in self.bands)
        self.list_card.title.setText("搜索结果" if self._search else "到期事项")
        self.list_card.hint.set_text(f"{total} 条" if self._search else f"{total} 项")
        self.list.todo.show_lines(lines)
        if current is not None:
            self.list.select_place(self.list.todo.place_of(current.ledger, current.record_id))
        self._show_empty(empty=not lines)
        self.status_changed.emit(self.status_text())

    def _show_empty(self, *, empty: bool) -> None:
        if self._nothing is not None:
            self._places.removeWidget(self._nothing)
            self._nothing.deleteLater()
            self._nothing = None
        if not empty:
            self._places.setCurrentWidget(self.list)
            return
        if self._search:
            self._nothing = EmptyState("", "没有符合的记录")
        else:
            self._nothing = EmptyState("calendar-check", "7 天内没有到期事项", "登记的投诉快到期时会列在这里。")
        self._places.addWidget(self._nothing)
        self._places.setCurrentWidget(self._nothing)

    # Making

    def _build(self) -> None:
        self.bar.row.addWidget(self.day_label, 1)
        self.search_box.setMinimumWidth(theme.px(120))
        self.search_box.setMaximumWidth(theme.px(SEARCH))
        self.bar.row.addWidget(self.search_box, 2)
        for made in (self.import_button, self.report_button, self.create_button):
            self.bar.row.addWidget(made)
        self.create_button.setToolTip("Ctrl+N")
        self.print_button.setToolTip("Ctrl+P")
        self.list_card.head.addWidget(self.print_button)
        self.list_card.column.addWidget(hairline())
        self._places.addWidget(self.list)
        self.list_card.column.addWidget(self._places, 1)
        self.list.setContentsMargins(0, theme.px(4), 0, theme.px(4))
        side = QWidget()
        right = QVBoxLayout(side)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(theme.px(GAP))
        right.addWidget(self.month_card)
        right.addWidget(self.gap_card)
        right.addStretch(1)
        scroll = scrolling(side)
        scroll.setFixedWidth(theme.px(SIDE))
        lower = QHBoxLayout()
        lower.setSpacing(theme.px(GAP))
        lower.addWidget(self.list_card, 1)
        lower.addWidget(scroll)
        body = QVBoxLayout()
        margin = theme.px(MARGIN)
        body.setContentsMargins(margin, theme.px(2), margin, theme.px(14))
        body.setSpacing(theme.px(GAP))
        body.addWidget(self.strip)
        body.addLayout(lower, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.bar)
        whole.addLayout(body, 1)

    def _connect(self) -> None:
        self.search_box.searched.connect(self._find)
        self.search_box.returnPressed.connect(self._enter_results)
        self.import_button.clicked.connect(lambda: self.page_asked.emit(DATA))
        self.report_button.clicked.connect(lambda: self.report_asked.emit(f"{self.session.today():%Y-%m}"))
        self.create_button.clicked.connect(self.create_record)
        self.print_button.clicked.connect(self.print_page)
        self.strip.chosen.connect(self._go_to_band)
        self.list.opened.connect(self.record_asked.emit)
        self.gap_card.opened.connect(self._open_gap)
        bus().changed.connect(lambda _news: self._news())
        bus().settings_changed.connect(self._news)

    def _open_gap(self, gap: todo.Gap) -> None:
        """The records in which something is missing, or the ledger in which a record is missing."""
        if gap.ids:
            self.records_asked.emit(gap.ledger.key, gap.ids, f"工作台·{gap.words}")
        else:
            self.page_asked.emit(gap.ledger.key)

    def _go_to_band(self, key: str) -> None:
        if self._search:
            self.search_box.clear()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self.list.select_place(self.list.todo.first_of(key))

    # News

    def _news(self) -> None:
        """Records or settings were written: read again, at once when the page is seen."""
        self._day = None
        if self.isVisible():
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Show the present state of the book; a new day makes everything new."""
        super().showEvent(event)
        self._arrange()
        self._refresh_if_old()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Low windows do without the trend line."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        self.month_card.trend.setVisible(self.window().height() >= theme.px(TREND_FROM))
