"""The workbench: what is due, how the month goes, what is missing; the first thing seen at every start.

What is due is read at once (narrow, indexed queries); the figures at the right come from the worker.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from xiaobao_desktop.domain.period import chinese_date
from xiaobao_desktop.domain.todo import OVERDUE, Band
from xiaobao_desktop.services import todo
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import icons, rights, theme
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.models.todo_model import Line, due_lines, found_lines, next_lines
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

if TYPE_CHECKING:
    from xiaobao_desktop.services.complaint_month import MonthView
    from xiaobao_desktop.ui.pages.due_calendar import DueCalendar

SIDE, GAP, MARGIN, SEARCH = 344, 12, 20, 236
"""Pixels of the design sheet."""
TREND_FROM = 700
"""Windows lower than this do without the trend line."""
_WEEKDAYS = "一二三四五六日"
_FIGURES_AFTER_MS = 30
CALENDAR_KEY = "Ctrl+D"
"""Goes from the list of what is due to the calendar, and back."""


class Figures(NamedTuple):
    """What the worker read for the cards."""

    month: MonthView
    gaps: tuple[todo.Gap, ...]
    chores: tuple[todo.Chore, ...]


def read_figures(session: Session, today: date) -> Figures:
    """The figures of the cards; runs in the worker."""
    from xiaobao_desktop.services import complaint_month

    return Figures(complaint_month.month_view(session, today), todo.gaps(session, today), todo.chores(session, today))


class WorkbenchPage(Page):
    """The page.

    Signals besides those of every page:
        create_asked: key of the ledger in which a new record is to be begun.
        report_asked: code of the month whose report is to be shown.
        overdue_found: once, when the page first has its figures and something is overdue; a sentence about it.
        settings_asked: tab of the settings to go to.
        quick_asked: 随手查 is wanted.
    """

    create_asked = Signal(str)
    report_asked = Signal(str)
    overdue_found = Signal(str)
    settings_asked = Signal(str)
    quick_asked = Signal()

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
        self.quick_button = button("随手查", GHOST, icon="search")
        self.close_month_button = button("月结检查", GHOST, icon="clipboard-check")
        self.calendar_button = button("日历", GHOST, icon="calendar")
        self.calendar: DueCalendar | None = None
        self._in_calendar = False
        self._told_overdue = False
        self.print_button = button("打印本周待办", GHOST, icon="printer")
        self.list = TodoList()
        self.month_card = MonthCard()
        self.gap_card = GapCard()
        self._places = QStackedWidget()
        self._nothing: EmptyState | None = None
        rights.restrict(session, self.import_button, self.create_button, self.print_button)
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
        if self._in_calendar and not self._search:
            self._open_calendar().focus_main()
            return
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

    def check_month(self) -> None:
        """Go through what is to be done before the month can be filed, and on to what the officer chooses."""
        from xiaobao_desktop.ui.dialogs.month_close import MonthCloseDialog

        dialog = MonthCloseDialog(self.session, self.window())
        dialog.exec()
        line = dialog.chosen
        dialog.deleteLater()
        if line is None:
            return
        if line.ids:
            self.records_asked.emit(line.ledger, line.ids, f"月结检查·{line.words}")
        elif line.period:
            self.report_asked.emit(line.period)
        else:
            self.page_asked.emit(line.ledger or DATA)

    # Reading

    def refresh(self) -> None:
        """Read what is due now, and let the worker read the figures."""
        self._day = self.session.today()
        self.day_label.set_text(f"{chinese_date(self._day)} 星期{_WEEKDAYS[self._day.weekday()]}")
        self.bands = todo.bands(self.session, self._day)
        self.strip.show_bands(self.bands, self._day)
        if self._in_calendar:
            self._open_calendar().refresh()
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
        self.gap_card.show_gaps(found.gaps, found.chores)
        self._tell_overdue()

    def _failed(self, error: BaseException) -> None:
        from xiaobao_desktop.ui.dialogs.error_dialog import show_bug

        self._task = None
        show_bug(error, parent=self)

    def search_for(self, words: str) -> bool:
        """Search all ledgers for words that were typed elsewhere."""
        self.search_box.show_text(words)
        self._find(words.strip())
        return self.focus_search()

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
            lines = due_lines(self.bands, today) or self._next_lines(today)
            total = sum(len(band.items) for band in self.bands)
        self.list_card.title.setText("搜索结果" if self._search else "到期事项")
        self.list_card.hint.set_text(f"{total} 条" if self._search else f"{total} 项")
        self.list.todo.show_lines(lines)
        if current is not None:
            self.list.select_place(self.list.todo.place_of(current.ledger, current.record_id))
        self._show_empty(empty=not lines)
        if self._in_calendar and not self._search:
            self.list_card.title.setText("到期日历")
            self.list_card.hint.set_text("")
            self._places.setCurrentWidget(self._open_calendar())
        self.status_changed.emit(self.status_text())

    def _next_lines(self, today: date) -> list[Line]:
        """With nothing in the bands: the first item after them, so that it can be seen how far away it is."""
        item = todo.next_due(self.session, today)
        return [] if item is None else next_lines(item, today)

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
            self._nothing = EmptyState("calendar-check", "没有等着到期的事项", "登记投诉后，快到期的会列在这里。")
        self._places.addWidget(self._nothing)
        self._places.setCurrentWidget(self._nothing)

    # The calendar

    def turn_calendar(self) -> None:
        """From the list to the calendar of the month, or back."""
        if self._search:
            self.search_box.forget()
            self._search = ""
        self._in_calendar = not self._in_calendar
        if self._in_calendar:
            self._open_calendar().refresh()
        words, icon = ("列表", "list") if self._in_calendar else ("日历", "calendar")
        self.calendar_button.setText(f" {words}")
        self.calendar_button.setAccessibleName(words)
        icons.put(self.calendar_button, icon)
        self._show_lines()
        self.focus_main()

    def _open_calendar(self) -> DueCalendar:
        """The calendar, made at its first use: the start need not wait for it."""
        if self.calendar is None:
            from xiaobao_desktop.ui.pages.due_calendar import DueCalendar

            self.calendar = DueCalendar(self.session)
            self.calendar.opened.connect(self.record_asked.emit)
            self.calendar.left.connect(self.turn_calendar)
            self.calendar.told.connect(self.status_changed.emit)
            self._places.addWidget(self.calendar)
        return self.calendar

    def show_overdue(self) -> None:
        """Go to the first overdue item of the list."""
        self._go_to_band(OVERDUE)

    def _tell_overdue(self) -> None:
        """Say once what is overdue, when the page has come to rest after the start."""
        overdue = next((band.items for band in self.bands if band.key == OVERDUE), ())
        if self._told_overdue or not overdue or self._day is None:
            return
        self._told_overdue = True
        most = (self._day - overdue[0].due_on).days
        self.overdue_found.emit(f"有 {len(overdue)} 项已逾期，最久的逾期 {most} 天")

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
        self.calendar_button.setToolTip(CALENDAR_KEY)
        for made in (self.quick_button, self.close_month_button):
            self.list_card.head.addWidget(made)
        self.quick_button.setToolTip("领导问数：选一个问题，复制一句带数字的话（Ctrl+K）")
        self.close_month_button.setToolTip("上个月定稿前还有什么没办")
        self.list_card.head.addWidget(self.calendar_button)
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
        self.search_box.entered.connect(self._enter_results)
        self.import_button.clicked.connect(lambda: self.page_asked.emit(DATA))
        self.report_button.clicked.connect(lambda: self.report_asked.emit(f"{self.session.today():%Y-%m}"))
        self.create_button.clicked.connect(self.create_record)
        self.print_button.clicked.connect(self.print_page)
        self.quick_button.clicked.connect(self.quick_asked)
        self.close_month_button.clicked.connect(self.check_month)
        self.calendar_button.clicked.connect(self.turn_calendar)
        QShortcut(QKeySequence(CALENDAR_KEY), self).activated.connect(self.turn_calendar)
        self.strip.chosen.connect(self._go_to_band)
        self.list.opened.connect(self.record_asked.emit)
        self.gap_card.opened.connect(self._open_gap)
        self.gap_card.chore_opened.connect(self._open_chore)
        bus().changed.connect(lambda _news: self._news())
        bus().settings_changed.connect(self._news)

    def _open_gap(self, gap: todo.Gap) -> None:
        """The records in which something is missing, or the ledger in which a record is missing."""
        if gap.ids:
            self.records_asked.emit(gap.ledger.key, gap.ids, f"工作台·{gap.words}")
        else:
            self.page_asked.emit(gap.ledger.key)

    def _open_chore(self, chore: todo.Chore) -> None:
        """The tab of the settings where it is done, or the page 数据."""
        if chore.tab:
            self.settings_asked.emit(chore.tab)
        else:
            self.page_asked.emit(DATA)

    def _go_to_band(self, key: str) -> None:
        if self._search:
            self.search_box.clear()
        if self._in_calendar:
            self.turn_calendar()
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
