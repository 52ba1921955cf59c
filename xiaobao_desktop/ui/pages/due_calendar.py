"""到期日历: a month with what is due on each day; Enter opens a day's list, Enter again the record."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from xiaobao_desktop.domain.todo import Band
from xiaobao_desktop.services import todo
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.models.due_days import MonthSheet, day_title, month_sheet, sheet_span
from xiaobao_desktop.ui.models.todo_model import due_lines
from xiaobao_desktop.ui.widgets.buttons import GHOST, button, icon_button
from xiaobao_desktop.ui.widgets.labels import ElidedLabel, hairline, label
from xiaobao_desktop.ui.widgets.month_board import MonthBoard
from xiaobao_desktop.ui.widgets.todo_list import TodoList

_EDGE = 17


class DueCalendar(QWidget):
    """The calendar.

    Signals:
        opened: key of the ledger and id of the record to open.
        left: Esc on the month: back to where the calendar was opened from.
        told: words for the status bar.
    """

    opened = Signal(str, int)
    left = Signal()
    told = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.title = label("", fonts.CARD_TITLE, medium=True)
        self.hint = ElidedLabel("", fonts.SECOND, token="text2")  # noqa: S106 - a colour
        self.back_button = button("回到月历", GHOST, icon="arrow-left")
        self.board = MonthBoard()
        self.list = TodoList()
        self.places = QStackedWidget()
        self._arrows: list[QWidget] = []
        self._build()
        self.board.moved.connect(self._stand_on)
        self.board.opened.connect(self.open_day)
        self.list.opened.connect(self.opened.emit)
        self.back_button.clicked.connect(self.show_month)
        self._read(session.today())

    @property
    def day(self) -> date:
        """The day stood on."""
        return self.board.day

    def refresh(self) -> None:
        """Read again what is due; the day stood on stays."""
        self._read(self.board.day)
        if self.places.currentWidget() is self.list and not self._fill_list(self.board.day):
            self.places.setCurrentWidget(self.board)

    def go_to_today(self) -> None:
        """Stand on today."""
        self._read(self.session.today())
        self.show_month()

    def show_month(self) -> None:
        """Back from the list of a day."""
        self.places.setCurrentWidget(self.board)
        self._tell_month()
        self.board.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_day(self, day: date) -> None:
        """Show what is due on a day; a day without anything stays as it is."""
        if self._fill_list(day):
            self.places.setCurrentWidget(self.list)
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.told.emit(f"{day.month}月{day.day}日没有到期事项")

    def focus_main(self) -> None:
        """The list of a day where it is open, else the month."""
        (self.list if self.places.currentWidget() is self.list else self.board).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back: from a day to the month, from the month to where the calendar was opened."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.places.currentWidget() is self.list:
            self.show_month()
        else:
            self.left.emit()

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(theme.px(_EDGE), theme.px(4), theme.px(_EDGE), theme.px(4))
        head.setSpacing(theme.px(6))
        for icon, tip, months in (("chevron-left", "上个月（PageUp）", -1), ("chevron-right", "下个月（PageDown）", 1)):
            arrow = icon_button(icon, tip)
            arrow.clicked.connect(lambda _checked=False, by=months: self.board.step_months(by))
            self._arrows.append(arrow)
            head.addWidget(arrow)
        head.addWidget(self.title)
        today = button("今天", GHOST)
        today.clicked.connect(self.go_to_today)
        self._arrows.append(today)
        head.addWidget(today)
        head.addWidget(self.hint, 1)
        head.addWidget(self.back_button)
        self.places.addWidget(self.board)
        self.places.addWidget(self.list)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(head)
        whole.addWidget(hairline())
        whole.addWidget(self.places, 1)

    def _sheet(self) -> MonthSheet:
        assert self.board.sheet is not None
        return self.board.sheet

    def _stand_on(self, day: date) -> None:
        first = day.replace(day=1)
        if self._sheet().first == first:
            self.board.show_sheet(self._sheet(), day, self.session.today())
        else:
            self._read(day)

    def _read(self, day: date) -> None:
        first, today = day.replace(day=1), self.session.today()
        items = todo.between(self.session, *sheet_span(first))
        self.board.show_sheet(month_sheet(first, items, self.session.rules.calendar, today), day, today)
        self._tell_month()

    def _fill_list(self, day: date) -> bool:
        """Put what is due on a day into the list; False when there is nothing."""
        entry = self._sheet().of(day)
        if entry is None or not entry.items:
            return False
        today, current = self.session.today(), self.list.current_row()
        self.list.todo.show_lines(due_lines((Band("day", day_title(entry, today), entry.items),), today))
        place = self.list.todo.place_of(current.ledger, current.record_id) if current else -1
        self.list.select_place(place if place > 0 else 1)
        self.hint.set_text(f"这一天 {len(entry.items)} 项，Enter 打开")
        self._show_tools(month=False)
        return True

    def _tell_month(self) -> None:
        sheet = self._sheet()
        self.title.setText(f"{sheet.first.year}年{sheet.first.month}月")
        words = f"本月 {sheet.total} 项到期" if sheet.total else "本月没有到期事项"
        if not self.session.rules.calendar.knows(sheet.first.year):
            words += f"·没有 {sheet.first.year} 年的放假安排，只标周末"
        self.hint.set_text(words)
        self._show_tools(month=True)

    def _show_tools(self, *, month: bool) -> None:
        for tool in self._arrows:
            tool.setVisible(month)
        self.back_button.setVisible(not month)
