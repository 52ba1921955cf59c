"""What stands at the right of a report: 复核 with its figures, 文字 with the officer's own words."""

from __future__ import annotations

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from xiaobao_desktop.services import reporting
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import theme
from xiaobao_desktop.ui.pages.report_making import Made
from xiaobao_desktop.ui.pages.report_side import ReportSide
from xiaobao_desktop.ui.pages.report_words_panel import ReportWordsPanel
from xiaobao_desktop.ui.widgets.labels import hairline, set_shown
from xiaobao_desktop.ui.widgets.segmented import TabStrip

CHECKS, WORDS = "checks", "words"


class ReportTabs(QWidget):
    """Both sides under one strip of tabs; a report that has only one of them shows no strip."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setFixedWidth(theme.px(318))
        theme.surface(self, QPalette.ColorRole.AlternateBase)
        self._session = session
        self.strip = TabStrip([(CHECKS, "复核"), (WORDS, "文字")])
        self.strip.setFixedHeight(theme.px(40))
        self.side = ReportSide()
        self.words = ReportWordsPanel(session)
        self._stack = QStackedWidget()
        self._pages: dict[str, QWidget] = {CHECKS: self.side, WORDS: self.words}
        for page in self._pages.values():
            self._stack.addWidget(page)
        self._head = QWidget()
        row = QHBoxLayout(self._head)
        row.setContentsMargins(theme.px(16), 0, theme.px(16), 0)
        row.addWidget(self.strip)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(hairline())
        column.addWidget(self._stack, 1)
        self.strip.chosen.connect(self.turn_to)
        self.words.edited.connect(self._count)

    def turn_to(self, key: str) -> None:
        """Show one side."""
        self.strip.choose(key)
        self._stack.setCurrentWidget(self._pages[key])

    def offer(self, *, checks: bool, words: bool) -> None:
        """Show the sides that a report has, and nothing when it has none."""
        set_shown(self, shown=checks or words)
        self.strip.offer([key for key, there in ((CHECKS, checks), (WORDS, words)) if there])
        self.turn_to(self.strip.current())

    def show_report(self, made: Made, title: str) -> None:
        """Show the figures and the words of a report.

        Args:
            made: the report.
            title: what it is called, with its period.
        """
        sections = reporting.kind(made.place.report).sections
        self.words.show_words(made.place, title, sections, made.words, made.earlier, made.suggestions)
        self._count()

    def _count(self) -> None:
        """How many sections are written."""
        written = sum(bool(text.strip()) for text in self.words.words.texts.values())
        self.strip.set_count(WORDS, written or None)
