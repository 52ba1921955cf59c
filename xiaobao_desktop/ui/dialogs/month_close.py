"""月结: what is to be done before the month can be filed, each line with its state and the way there."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from xiaobao_desktop.domain.ledgers.filing import LEDGER as FILING
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.services import month_close
from xiaobao_desktop.services.month_close import CloseLine, Go, State
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.dialogs.error_dialog import show_error
from xiaobao_desktop.ui.dialogs.scrolled import ScrolledDialog
from xiaobao_desktop.ui.tasks import Task, tasks
from xiaobao_desktop.ui.widgets.buttons import LINK, button
from xiaobao_desktop.ui.widgets.cards import line_icon
from xiaobao_desktop.ui.widgets.labels import hairline, label
from xiaobao_desktop.ui.widgets.period_selector import PeriodSelector

TITLE = "月结检查"
_MARKS = {
    State.DONE: ("circle-check", "green_text", "已办好"),
    State.OPEN: ("circle", "amber_text", "还要办"),
    State.LATE: ("circle-alert", "red_text", "该办没办"),
}
_WAYS = {Go.RECORDS: "查看", Go.REPORT: "去定稿", Go.DATA: "去备份", Go.LEDGER: "去登记"}


class MonthCloseDialog(ScrolledDialog):
    """The checklist of a month.

    Attributes:
        chosen: the line the officer wants to go to; None when she closed the dialog.
        lines: as shown; empty while they are being read.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(TITLE, FILING.key, 620, 480, parent)
        self._session = session
        self._task: Task | None = None
        self.chosen: CloseLine | None = None
        self.lines: tuple[CloseLine, ...] = ()
        self.links: list[QPushButton] = []
        self.period = PeriodSelector(session.today())
        self.period.choose(month_close.month_to_close(session.today()))
        self.period.chosen.connect(self.read)
        self.foot.addWidget(self.period)
        self.foot.addStretch(1)
        self.foot.addWidget(self.close_button)
        self.read(self.period.period)

    def read(self, period: Period) -> None:
        """Let the worker go through the list for a month."""
        if self._task is not None:
            self._task.cancel()
        self.lines = ()
        self.count.setText("正在检查…")
        session = self._session
        self._task = tasks().run(lambda _progress: month_close.lines(session, period), self._show, self._failed, self)

    def _show(self, lines: tuple[CloseLine, ...]) -> None:
        self._task = None
        self.lines = lines
        left = sum(line.state is not State.DONE for line in lines)
        self.count.setText(f"还有 {left} 项要办" if left else "都办好了，可以定稿")
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(theme.px(20), theme.px(10), theme.px(20), theme.px(10))
        grid.setHorizontalSpacing(theme.px(12))
        grid.setVerticalSpacing(theme.px(8))
        grid.setColumnStretch(2, 1)
        self.links = []
        names = [line.name for line in lines]
        for place, line in enumerate(lines):
            # Several things open under one name: it is said once.
            said = place > 0 and names[place - 1] == line.name
            self._line(grid, 2 * place, line, "" if said else line.name)
        grid.setRowStretch(2 * len(lines), 1)
        self.show_body(body)
        (self.links[0] if self.links else self.close_button).setFocus(Qt.FocusReason.OtherFocusReason)

    def _line(self, grid: QGridLayout, row: int, line: CloseLine, name: str) -> None:
        icon, token, meaning = _MARKS[line.state]
        mark = line_icon(icon, token)
        mark.setToolTip(meaning)
        mark.setAccessibleName(meaning)
        middle = Qt.AlignmentFlag.AlignVCenter
        grid.addWidget(mark, row, 0, middle)
        grid.addWidget(label(name, medium=line.state is not State.DONE), row, 1, middle)
        grid.addWidget(label(line.words, fonts.BODY, tone="2", wrap=True), row, 2, middle)
        if line.go in _WAYS:
            link = button(_WAYS[line.go], LINK)
            link.setAccessibleName(f"{_WAYS[line.go]}：{line.words}")
            link.clicked.connect(partial(self._choose, line))
            grid.addWidget(link, row, 3, middle)
            self.links.append(link)
        grid.addWidget(hairline(), row + 1, 0, 1, 4)

    def _choose(self, line: CloseLine, _checked: bool = False) -> None:
        self.chosen = line
        self.accept()

    def _failed(self, error: BaseException) -> None:
        self._task = None
        self.count.setText("没有查完")
        show_error(error, self)
