"""The check list beside the preview: what to look at, and each headline figure with how it was reckoned."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from xiaobao_desktop.services.complaint_statistics import Statistics
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.pages import report_checks
from xiaobao_desktop.ui.pages.report_checks import CheckLine
from xiaobao_desktop.ui.widgets.banner import Banner
from xiaobao_desktop.ui.widgets.cards import line_icon, scrolling
from xiaobao_desktop.ui.widgets.labels import hairline, label

_MARKS = {
    report_checks.OK: ("check", "green_text", "对得上"),
    report_checks.NOTE: ("info", "amber_text", "有附注"),
    report_checks.WRONG: ("circle-alert", "red_text", "对不上"),
}


class ReportSide(QWidget):
    """Warnings on top, the table of figures below; scrolls by itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(theme.px(318))
        theme.surface(self, QPalette.ColorRole.AlternateBase)
        self.banner = Banner("amber", "triangle-alert")
        # Words that wrap may need more height than the size hint says; the stretch below takes the rest.
        self.banner.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.summary = label("", fonts.SECOND, tone="2", wrap=True)
        self._table = QWidget()
        self._content = QWidget()
        self._column = QVBoxLayout(self._content)
        edge = theme.px(16)
        self._column.setContentsMargins(edge, theme.px(14), edge, edge)
        self._column.setSpacing(theme.px(8))
        self._column.addWidget(self.banner)
        self._column.addWidget(label("复核", fonts.CARD_TITLE, medium=True))
        self._column.addWidget(self.summary)
        self._column.addWidget(self._table)
        self._column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolling(self._content))

    def show_statistics(self, result: Statistics, digits: int) -> None:
        """Show the figures of a report; percentages with ``digits`` decimals."""
        said = report_checks.warnings(result)
        title = f"打印前请看 {len(said)} 处" if said else ""
        self.banner.tell("amber", "triangle-alert", title, "\n".join(said))
        lines = report_checks.check_lines(result, digits)
        wrong = sum(line.state == report_checks.WRONG for line in lines)
        noted = sum(line.state == report_checks.NOTE for line in lines)
        parts = [f"{len(lines)} 个数字，{len(lines) - wrong - noted} 个一致"]
        if noted:
            parts.append(f"{noted} 个有附注")
        if wrong:
            parts.append(f"{wrong} 个对不上")
        self.summary.setText("，".join(parts))
        self._replace_table(lines)

    def _replace_table(self, lines: tuple[CheckLine, ...]) -> None:
        fresh = QWidget()
        grid = QGridLayout(fresh)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(8))
        grid.setVerticalSpacing(theme.px(5))
        grid.setColumnStretch(3, 1)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
        grid.addWidget(label("指标", fonts.SECOND, tone="2"), 0, 0, 1, 2)
        grid.addWidget(label("数值", fonts.SECOND, tone="2"), 0, 2, right)
        grid.addWidget(label("怎么算的", fonts.SECOND, tone="2"), 0, 3)
        grid.addWidget(hairline(), 1, 0, 1, 4)
        for place, line in enumerate(lines):
            row = 2 + 2 * place
            icon, token, meaning = _MARKS[line.state]
            mark = line_icon(icon, token)
            mark.setToolTip(meaning)
            mark.setAccessibleName(meaning)
            grid.addWidget(mark, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(line.name), row, 1, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(line.value, medium=True, tone="link"), row, 2, right)
            grid.addWidget(
                label(line.formula, fonts.SECOND, tone="2", wrap=True), row, 3, Qt.AlignmentFlag.AlignVCenter
            )
            grid.addWidget(hairline(), row + 1, 0, 1, 4)
        self._column.replaceWidget(self._table, fresh)
        self._table.deleteLater()
        self._table = fresh
