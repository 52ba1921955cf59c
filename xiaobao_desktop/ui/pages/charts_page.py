"""The charts page: period, 口径 and 来源机构 on top, charts in two columns; a click on a mark opens its records.

Period and 口径 are those of the reports: what is chosen on one of the two pages is shown on the other.

The shell stands at once; numbers and pictures come from the worker, which also loads the chart library.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from xiaobao_desktop.domain.charts import ChartSet, Mark
from xiaobao_desktop.domain.period import Period, period_of
from xiaobao_desktop.services import charts
from xiaobao_desktop.services.charts import Subject
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.charts.card import ChartCard
from xiaobao_desktop.ui.pages.charts_taking import ChartsTaking
from xiaobao_desktop.ui.pages.page import Page
from xiaobao_desktop.ui.period_choice import choice_of
from xiaobao_desktop.ui.tasks import Progress, Task, tasks
from xiaobao_desktop.ui.widgets import buttons
from xiaobao_desktop.ui.widgets.cards import TopBar, scrolling
from xiaobao_desktop.ui.widgets.labels import hairline, label
from xiaobao_desktop.ui.widgets.method_button import MethodButton, method_words
from xiaobao_desktop.ui.widgets.origin_button import OriginButton
from xiaobao_desktop.ui.widgets.period_selector import PeriodSelector
from xiaobao_desktop.ui.widgets.segmented import Segmented, TabStrip
from xiaobao_desktop.ui.widgets.toast import Toast

GAP, MARGIN, CARD_HEIGHT, TWO_FROM = 12, 20, 291, 860
"""Pixels of the design sheet; from ``TWO_FROM`` on the charts stand in two columns."""
LENGTHS = (("1", "月"), ("3", "季"), ("6", "半年"), ("12", "年"))
YEAR = 12


class ChartsPage(Page):
    """The page."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.subjects = charts.subjects()
        self.subject: Subject = self.subjects[0]
        self.cards: list[ChartCard] = []
        self.shown: ChartSet | None = None
        self._stale = True
        self._task: Task | None = None
        self.bar = TopBar("图表")
        self.tabs = TabStrip([(subject.key, subject.label) for subject in self.subjects])
        self.length = Segmented(LENGTHS)
        self.period = PeriodSelector(session.today(), YEAR)
        self.method_button = MethodButton()
        self.origin_button = OriginButton(session)
        self.print_button = buttons.button("打印一页", icon="printer")
        self.taking = ChartsTaking(session, self)
        self.headline = QLabel()
        self._chooser, self._choices = QHBoxLayout(), QHBoxLayout()
        self._content = QWidget()
        self._grid = QGridLayout(self._content)
        self._scroll = scrolling(self._content)
        self._build()
        self.toast = Toast(self)
        self._connect()

    # What the window asks

    def status_text(self) -> str:
        """What can be done, and how percentages are meant."""
        digits = int(self.session.settings.percent_digits)
        return f"点柱、点或格子，打开背后的记录　　百分比四舍五入到 {digits} 位，合计可能不等于 100%"

    def focus_main(self) -> None:
        """The first chart; before there is one, the period."""
        target: QWidget = self.cards[0].view if self.cards else self.period.list
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def print_page(self) -> bool:
        """All charts of the chosen period and 口径 on one page, to be looked at and printed."""
        self.taking.print_all(self.period.period, self.method_button.method, self.origin_button.signs)
        return True

    # Reading

    def refresh(self) -> None:
        """Let the worker reckon the charts of the chosen subject, period and 口径; what is under way is dropped."""
        if self._task is not None:
            self._task.cancel()
        self._stale = False
        session, build, period, method = self.session, self.subject.build, self.period.period, self.method_button.method
        today, chosen = session.today(), self.origin_button.signs

        def work(_progress: Progress) -> ChartSet:
            return build(session, period, min(period.last, max(today, period.first)), method, chosen)

        self._task = tasks().run(work, self._show, self._failed, self)

    def _show(self, made: ChartSet) -> None:
        self._task = None
        self.shown = made
        self.headline.setText("　".join([*self._until(), *made.headline]))
        while len(self.cards) < len(made.charts):
            self.cards.append(self._card())
        self._arrange()
        digits, note = int(self.session.settings.percent_digits), self._note()
        for card, chart in zip(self.cards, made.charts, strict=False):
            card.show_chart(chart, digits, note)

    def _failed(self, error: BaseException) -> None:
        from xiaobao_desktop.ui.dialogs.error_dialog import show_bug

        self._task = None
        show_bug(error, parent=self)

    def _note(self) -> str:
        """Period, 口径 and 来源机构 for pictures that leave the program."""
        words = f"，{method_words(self.method_button.method)}" if self.subject.has_method else ""
        words += f"，{self.origin_button.words}" if self.origin_button.signs else ""
        return f"{self.period.period.title}{''.join(f'（{until}）' for until in self._until())}{words}"

    def _until(self) -> tuple[str, ...]:
        """Up to which day, while the period is not over."""
        period, today = self.period.period, self.session.today()
        return (f"至{today.month}月{today.day}日",) if period.first <= today < period.last else ()

    def _open(self, card: ChartCard, mark: Mark) -> None:
        if self.shown is not None and card.chart is not None:
            words = f"图表·{card.chart.title}·{mark.name}"
            self.records_asked.emit(self.shown.ledger, mark.ids, words)

    # Making

    def _card(self) -> ChartCard:
        card = ChartCard(self.session, self._content)
        card.view.opened.connect(lambda mark: self._open(card, mark))
        card.told.connect(lambda words: self.toast.tell(words))
        card.report_asked.connect(lambda: self._put_in(card))
        card.report_button.setVisible(self.session.role.may_change)
        return card

    def _put_in(self, card: ChartCard) -> None:
        if card.chart is not None:
            how = (self.period.period, self.method_button.method, self.origin_button.signs)
            self.taking.put_in(card.chart, self.subject, *how)

    def _build(self) -> None:
        self.bar.row.addWidget(self.tabs)
        self.bar.row.addStretch(1)
        self.bar.row.addWidget(self.print_button)
        self.print_button.setToolTip("把主要图表印在一张 A4 横页上（Ctrl+P）")
        self.tabs.setVisible(len(self.subjects) > 1)
        self.length.choose(str(YEAR))
        self.period.choose(period_of(self.session.today(), YEAR))
        self.headline.setTextFormat(Qt.TextFormat.PlainText)
        self.headline.setFont(fonts.font(medium=True))
        self.headline.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.headline.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        margin = theme.px(MARGIN)
        self._chooser.setContentsMargins(margin, theme.px(8), margin, theme.px(8))
        self._chooser.setSpacing(theme.px(8))
        self._choices.setSpacing(theme.px(12))
        for widget in (self.length, self.period, self.method_button, self.origin_button):
            self._choices.addWidget(widget)
        self._choices.addStretch(1)
        self._chooser.addLayout(self._choices)
        self._chooser.addWidget(self.headline, 1)
        self._grid.setContentsMargins(margin, 0, margin, theme.px(14))
        self._grid.setSpacing(theme.px(GAP))
        self._waiting = label("正在计算…", tone="2")
        self._grid.addWidget(self._waiting, 0, 0, Qt.AlignmentFlag.AlignCenter)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.bar)
        whole.addWidget(hairline())
        whole.addLayout(self._chooser)
        whole.addWidget(self._scroll, 1)

    def _connect(self) -> None:
        self.tabs.chosen.connect(self._choose_subject)
        self.length.chosen.connect(self._choose_length)
        self.period.chosen.connect(lambda _period: self._turned())
        self.method_button.chosen.connect(lambda _method: self._turned())
        self.origin_button.chosen.connect(self.refresh)
        self.print_button.clicked.connect(self.print_page)
        self.taking.busy.connect(lambda busy: self.print_button.setEnabled(not busy))
        self.taking.told.connect(lambda words: self.toast.tell(words))
        self._scroll.viewport().installEventFilter(self)
        bus().changed.connect(lambda _news: self._news())
        bus().settings_changed.connect(self._news)

    def _choose_subject(self, key: str) -> None:
        self.subject = next(subject for subject in self.subjects if subject.key == key)
        self.tabs.choose(key)
        self.method_button.setVisible(self.subject.has_method)
        self.origin_button.count_in(self.subject.key)
        self._scroll.verticalScrollBar().setValue(0)
        self.refresh()

    def _choose_length(self, months: str) -> None:
        self._turn_to(period_of(self.session.today(), int(months)))
        self._turned()

    def _turn_to(self, period: Period) -> None:
        with QSignalBlocker(self.period):
            self.length.choose(str(period.months))
            self.period.set_length(period.months)
            self.period.choose(period)

    def _turned(self) -> None:
        """Another period or 口径 was chosen here."""
        choice_of(self.session).keep(self.period.period, self.method_button.method, "charts")
        self.refresh()

    def _follow(self) -> None:
        """Turn to what was chosen on the page of reports."""
        choice = choice_of(self.session)
        if not choice.of_others("charts") or choice.period is None or choice.method is None:
            return
        if (choice.period, choice.method) != (self.period.period, self.method_button.method):
            self._turn_to(choice.period)
            self.method_button.choose(choice.method)
            self._stale = True

    def _arrange(self) -> None:
        """Put the cards of the present charts into one or two columns that fill the height."""
        shown = len(self.shown.charts) if self.shown is not None else 0
        self._waiting.setVisible(shown == 0)
        room = self._scroll.viewport()
        columns = 2 if room.width() >= theme.px(TWO_FROM) else 1
        free = (room.height() - theme.px(GAP + 14)) // 2
        for place, card in enumerate(self.cards):
            card.setVisible(place < shown)
            card.setMinimumHeight(max(theme.px(CARD_HEIGHT), free))
            if place < shown:
                self._grid.addWidget(card, place // columns, place % columns)
        self._place_headline()
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1 if columns == 2 else 0)

    def _place_headline(self) -> None:
        """The figures at the right of the choices, or below them where they would be cut."""
        edges = self._chooser.contentsMargins()
        words = self.headline.fontMetrics().horizontalAdvance(self.headline.text())
        room = self.width() - edges.left() - edges.right() - self._chooser.spacing()
        beside = self._choices.sizeHint().width() + words <= room
        left, right = QBoxLayout.Direction.LeftToRight, Qt.AlignmentFlag.AlignRight
        self._chooser.setDirection(left if beside else QBoxLayout.Direction.TopToBottom)
        side = right if beside else Qt.AlignmentFlag.AlignLeft
        self.headline.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)

    # News

    def _news(self) -> None:
        """Records or settings were written: reckon again, at once when the page is seen."""
        self._stale = True
        self.origin_button.follow()
        if self.isVisible():
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Show the present state of the book."""
        super().showEvent(event)
        self._follow()
        if self._stale:
            self.refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrange the cards for the room there is."""
        if event.type() is QEvent.Type.Resize:
            self._arrange()
        return super().eventFilter(watched, event)
