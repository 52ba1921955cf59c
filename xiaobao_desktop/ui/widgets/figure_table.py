"""The figures of a report beside its preview: mark, name, value as a link to its records, how it was reckoned."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import groupby

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from xiaobao_desktop.domain.check_figures import IS, LESS, PLUS, Check, CheckFigure
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.widgets.buttons import LINK, button
from xiaobao_desktop.ui.widgets.cards import line_icon
from xiaobao_desktop.ui.widgets.labels import hairline, label

_MARKS = {
    Check.OK: ("check", "green_text", "对得上"),
    Check.NOTE: ("info", "amber_text", "有附注"),
    Check.WRONG: ("circle-alert", "red_text", "对不上"),
}
_BREAK = "\u200b"
"""Where a long sum may go on in the next line: narrow signs alone would hold it together."""
_NARROW = str.maketrans({PLUS: f"+{_BREAK}", LESS: f"−{_BREAK}", "（": "(", "）": ")"})
FIRST_SECTIONS = 1
"""Sections shown before the rest is asked for."""


class FigureTable(QWidget):
    """The first sections of figures, all of them on demand.

    Signals:
        asked: key of a ledger, ids of the records behind a figure, its name.
    """

    asked = Signal(str, object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.links: dict[str, QPushButton] = {}
        self.more_button = button("", LINK)
        self.more_button.clicked.connect(self._turn)
        self._figures: tuple[CheckFigure, ...] = ()
        self._all = False
        self._grid_widget = QWidget()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(6))
        self._column.addWidget(self._grid_widget)
        self._column.addWidget(self.more_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.more_button.setVisible(False)

    def show_figures(self, figures: Sequence[CheckFigure]) -> None:
        """Show other figures; how many sections are open stays as it is."""
        self._figures = tuple(figures)
        self._show()

    def open_all(self, *, wide: bool = True) -> None:
        """Show every section, or the first ones only."""
        self._all = wide
        self._show()

    def _turn(self) -> None:
        self.open_all(wide=not self._all)

    def _show(self) -> None:
        fresh = QWidget()
        self.links = {}
        grid = QGridLayout(fresh)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(8))
        grid.setVerticalSpacing(theme.px(4))
        grid.setColumnStretch(3, 1)
        sections = [(name, list(members)) for name, members in groupby(self._figures, key=lambda item: item.section)]
        for name, members in sections if self._all else sections[:FIRST_SECTIONS]:
            self._section(grid, name, members)
        self._column.replaceWidget(self._grid_widget, fresh)
        self._grid_widget.deleteLater()
        self._grid_widget = fresh
        self.more_button.setVisible(len(sections) > FIRST_SECTIONS)
        self.more_button.setText("只看主要的" if self._all else f"看全部 {len(self._figures)} 个")

    def _section(self, grid: QGridLayout, name: str, members: Sequence[CheckFigure]) -> None:
        row = grid.rowCount()
        head = label(name, fonts.SECOND, medium=True, tone="2")
        grid.addWidget(head, row, 0, 1, 4)
        grid.addWidget(hairline(), row + 1, 0, 1, 4)
        for place, figure in enumerate(members):
            self._figure(grid, row + 2 + 2 * place, figure)

    def _figure(self, grid: QGridLayout, row: int, figure: CheckFigure) -> None:
        icon, token, meaning = _MARKS[figure.state]
        mark = line_icon(icon, token)
        mark.setToolTip(meaning)
        mark.setAccessibleName(meaning)
        middle = Qt.AlignmentFlag.AlignVCenter
        grid.addWidget(mark, row, 0, middle)
        name = label(figure.name, wrap=True)
        name.setFixedWidth(theme.px(92))
        grid.addWidget(name, row, 1, middle)
        grid.addWidget(self._value(figure), row, 2, middle | Qt.AlignmentFlag.AlignRight)
        reckoned = label(brief(figure.calculation), fonts.SECOND, tone="2", wrap=True)
        reckoned.setToolTip(f"{figure.formula}：{figure.calculation}")
        grid.addWidget(reckoned, row, 3, middle)
        grid.addWidget(hairline(), row + 1, 0, 1, 4)

    def _value(self, figure: CheckFigure) -> QWidget:
        """The value: a link where there are records behind it."""
        shown = figure.value.replace("、", "\n")
        if not figure.ids:
            return label(shown, medium=True, tone="2")
        link = button(shown, LINK)
        link.setAccessibleName(f"{figure.name} {figure.value}，看 {len(figure.ids)} 条记录")
        link.setToolTip(f"看 {len(figure.ids)} 条记录")
        link.clicked.connect(partial(self._ask, figure))
        self.links[figure.key] = link
        return link

    def _ask(self, figure: CheckFigure, _checked: bool = False) -> None:
        self.asked.emit(figure.ledger, figure.ids, figure.name)


def brief(calculation: str) -> str:
    """A reckoning without its result, which stands beside it, and with narrow signs: (37−33)÷33."""
    return calculation.rpartition(IS)[0].translate(_NARROW) or calculation
