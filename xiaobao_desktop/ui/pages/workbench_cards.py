"""The cards at the right of the workbench: this month's figures with the trend, and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout

from xiaobao_desktop.domain.numbers import NO_BASE, growth, percent, signed
from xiaobao_desktop.services.todo import Chore, Gap
from xiaobao_desktop.ui import fonts, icons, theme
from xiaobao_desktop.ui.widgets.labels import hairline, label
from xiaobao_desktop.ui.widgets.painting import draw_line_text, fill_round
from xiaobao_desktop.ui.widgets.titled_card import EDGE, TitledCard
from xiaobao_desktop.ui.widgets.trend_line import TrendLine

if TYPE_CHECKING:
    from xiaobao_desktop.services.complaint_month import MonthView

ROWS = ("受理", "办结", "办结率", "及时率")


class MonthCard(TitledCard):
    """本月投诉: four figures beside the same days of the last month, and the trend of the year."""

    def __init__(self) -> None:
        super().__init__("本月投诉")
        self.cells: dict[str, tuple[QLabel, QLabel, QLabel]] = {}
        grid = QGridLayout()
        grid.setContentsMargins(theme.px(EDGE), 0, theme.px(EDGE), 0)
        grid.setHorizontalSpacing(theme.px(8))
        grid.setVerticalSpacing(theme.px(5))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for column, words in ((2, "上月同期"), (3, "环比")):
            grid.addWidget(label(words, fonts.HEADER, tone="2"), 0, column, right)
        for place, name in enumerate(ROWS):
            grid.addWidget(hairline(), 1 + 2 * place, 0, 1, 4)
            row = 2 + 2 * place
            grid.addWidget(label(name, tone="2"), row, 0)
            made = (label(points=fonts.CARD_TITLE, medium=True), label(tone="2"), label())
            for column, words_label in enumerate(made, start=1):
                grid.addWidget(words_label, row, column, right)
            self.cells[name] = made
        for column in (1, 2, 3):
            grid.setColumnStretch(column, 1)
        self.trend = TrendLine("今年各月受理")
        self.column.addLayout(grid)
        self.column.addSpacing(theme.px(8))
        below = QHBoxLayout()
        below.setContentsMargins(theme.px(EDGE), 0, theme.px(EDGE), theme.px(6))
        below.addWidget(self.trend)
        self.column.addLayout(below)

    def show_view(self, view: MonthView, digits: int) -> None:
        """Show the figures, percentages with ``digits`` decimals."""
        first, last = view.span.first, view.span.last
        days = f"{first.month}月1日—{last.day}日" if last.day > 1 else f"{first.month}月1日"
        self.hint.set_text(f"{days}·按收到日期")
        now, before = view.now, view.before
        self._counts("受理", now.received.count, before.received.count, digits)
        self._counts("办结", now.received_closed.count, before.received_closed.count, digits)
        self._rates("办结率", now.closed_rate, before.closed_rate, digits)
        self._rates("及时率", now.in_time_rate, before.in_time_rate, digits)
        self.trend.show_years(view.year, view.this_year, view.last_year)

    def _counts(self, name: str, now: int, before: int, digits: int) -> None:
        change = signed(percent(growth(now, before), digits))
        self._tell(name, f"{now} 件", f"{before} 件", change if change == NO_BASE else f"{change}%")

    def _rates(self, name: str, now: Fraction | None, before: Fraction | None, digits: int) -> None:
        points = NO_BASE
        if now is not None and before is not None:
            points = f"{signed(percent(now - before, digits))} 点"
        self._tell(name, *(_rate(value, digits) for value in (now, before)), points)

    def _tell(self, name: str, *words: str) -> None:
        for cell, text in zip(self.cells[name], words, strict=True):
            cell.setText(text)
            cell.setAccessibleName(f"{name} {text}")


def _rate(value: Fraction | None, digits: int) -> str:
    return NO_BASE if value is None else f"{percent(value, digits)}%"


class GapLine(QAbstractButton):
    """One line of the card of gaps: icon and name, words in their tone, chevron; a click opens what is missing."""

    def __init__(self, what: Gap | Chore) -> None:
        super().__init__()
        self.gap = what
        if isinstance(what, Gap):
            self._icon, self._name, self._tone = what.ledger.icon, what.ledger.label, "amber"
        else:
            self._icon, self._name, self._tone = what.icon, what.name, "red"
        self.setFixedHeight(theme.px(30))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(f"{self._name}：{what.words}")
        self.setToolTip(what.words)

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(theme.px(160), theme.px(30))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(theme.px(8), 0, -theme.px(8), 0)
        if self.underMouse():
            fill_round(painter, box, theme.color("hover"), theme.px(6))
        if self.hasFocus():
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), theme.px(6), theme.px(6))
        room = self.rect().adjusted(theme.px(EDGE), 0, -theme.px(EDGE), 0)
        side, middle = theme.px(16), room.center().y() + 1
        icons.draw(painter, QRectF(room.left(), middle - side / 2, side, side), self._icon, "text2")
        icons.draw(painter, QRectF(room.right() - side, middle - side / 2, side, side), "chevron-right", "text2")
        painter.setFont(fonts.font())
        name = room.adjusted(theme.px(24), 0, 0, 0)
        draw_line_text(painter, name, self._name, theme.color("text"))
        left = name.left() + painter.fontMetrics().horizontalAdvance(self._name) + theme.px(12)
        words = QRect(left, room.top(), room.right() - side - theme.px(4) - left, room.height())
        # What is the matter stands at the end of the words: of a long line the middle goes.
        shown = painter.fontMetrics().elidedText(self.gap.words, Qt.TextElideMode.ElideMiddle, words.width())
        draw_line_text(painter, words, shown, theme.color(f"{self._tone}_text"), Qt.AlignmentFlag.AlignRight)


class GapCard(TitledCard):
    """待补: what the book itself needs, then what is missing, ledger by ledger; hidden while nothing is.

    ``opened`` carries the :class:`Gap`, ``chore_opened`` the :class:`Chore`.
    """

    opened = Signal(object)
    chore_opened = Signal(object)

    def __init__(self) -> None:
        super().__init__("待补")
        self.chores: list[GapLine] = []
        self.lines: list[GapLine] = []
        self.column.addWidget(hairline())
        self._rows = QVBoxLayout()
        self._rows.setContentsMargins(0, theme.px(6), 0, theme.px(6))
        self._rows.setSpacing(0)
        self.column.addLayout(self._rows)
        self.hide()

    def show_gaps(self, gaps: Sequence[Gap], chores: Sequence[Chore] = ()) -> None:
        """Show other gaps and chores."""
        for line in (*self.chores, *self.lines):
            self._rows.removeWidget(line)
            line.deleteLater()
        self.chores, self.lines = [GapLine(chore) for chore in chores], [GapLine(gap) for gap in gaps]
        for lines, news in ((self.chores, self.chore_opened), (self.lines, self.opened)):
            for line in lines:
                line.clicked.connect(lambda _checked=False, what=line.gap, news=news: news.emit(what))
                self._rows.addWidget(line)
        self.setVisible(bool(gaps or chores))
