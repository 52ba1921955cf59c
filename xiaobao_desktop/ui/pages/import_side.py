"""The right side of the import: what is going to happen, in numbers, before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from xiaobao_desktop.services.import_view import Refusal
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.widgets.cards import line_icon, scrolling
from xiaobao_desktop.ui.widgets.labels import hairline, label

if TYPE_CHECKING:
    from xiaobao_desktop.exchange.planning import ImportPlan

_SHOWN = 12
"""Refused rows listed here; all of them are on the page of problems."""


class _Count(QWidget):
    """An icon, what is counted, a big number and a word behind it."""

    def __init__(self, icon: str, tone: str, name: str) -> None:
        super().__init__()
        self.number = label("", 15, medium=True, tone=tone)
        self.tail = label("", fonts.SECOND, tone="2", wrap=True)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(8))
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(2, 1)
        grid.addWidget(line_icon(icon, f"{tone}_text"), 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(label(name, tone="2"), 0, 1, 1, 2)
        grid.addWidget(self.number, 1, 1)
        grid.addWidget(self.tail, 1, 2, Qt.AlignmentFlag.AlignVCenter)

    def show_count(self, count: int, tail: str) -> None:
        """Show ``count`` and the word behind it."""
        self.number.setText(f"{count:,}")
        self.tail.setText(tail)


class ImportSide(QWidget):
    """Counts, refused rows, warnings, and the backup to be made first."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(theme.px(302))
        theme.surface(self, QPalette.ColorRole.AlternateBase)
        self.good = _Count("circle-check", "green", "将导入")
        self.repeats = _Count("copy", "amber", "重复")
        self.refused = _Count("circle-x", "red", "不能导入")
        self.backup = QCheckBox("导入前先做一次备份")
        self.backup.setChecked(True)
        self._details = QVBoxLayout()
        self._details.setSpacing(theme.px(6))
        inner = QWidget()
        column = QVBoxLayout(inner)
        edge = theme.px(18)
        column.setContentsMargins(edge, theme.px(16), edge, edge)
        column.setSpacing(theme.px(12))
        column.addWidget(label("接下来会发生什么", fonts.CARD_TITLE, medium=True))
        for count in (self.good, self.repeats, self.refused):
            column.addWidget(count)
        column.addWidget(hairline())
        column.addLayout(self._details)
        column.addStretch(1)
        foot = QVBoxLayout()
        foot.setContentsMargins(edge, theme.px(10), edge, theme.px(12))
        foot.setSpacing(theme.px(6))
        foot.addWidget(self.backup)
        promise = "能导入的行一次写入，中途断电台账不变；同一个文件再导入不会重复；导入后可在“导入记录”里整批撤回。"
        foot.addWidget(label(promise, fonts.SECOND, tone="2", wrap=True))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(scrolling(inner), 1)
        whole.addWidget(hairline())
        whole.addLayout(foot)

    def show_plan(self, plan: ImportPlan, refusals: Sequence[Refusal], new_names: Sequence[tuple[str, str]]) -> None:
        """Show the numbers of a plan with what is refused, added and warned of."""
        rows = len(plan.rejected_rows)
        gaps = sum(bool(row.gaps) for row in plan.rows)
        self.good.show_count(len(plan.rows), f"行，其中 {gaps} 行有待补" if gaps else "行")
        self.repeats.show_count(len(plan.repeats), "行，以前导入过，跳过" if plan.repeats else "行")
        self.refused.show_count(rows, "行，可另存 Excel 说明原因" if rows else "行")
        self._clear()
        if refusals:
            self._details.addWidget(label(f"不能导入的 {rows} 行", tone="2"))
            for item in refusals[:_SHOWN]:
                self._line(f"第 {item.row} 行", f"{item.column}：{item.reason}", "red")
            if len(refusals) > _SHOWN:
                self._details.addWidget(label(f"…还有 {len(refusals) - _SHOWN} 处，见“查问题”", fonts.SECOND, tone="2"))
            self._details.addWidget(hairline())
        if plan.pictures:
            words = f"另有 {plan.pictures} 张图片，存为各自记录的附件"
            self._details.addWidget(label(words, tone="2", wrap=True))
            self._details.addWidget(hairline())
        if new_names:
            self._details.addWidget(label(f"会新增 {len(new_names)} 个名称，以后可在名单里改", tone="2", wrap=True))
            for title, name in new_names[:_SHOWN]:
                self._line(title, name, "amber")
            self._details.addWidget(hairline())
        for text in plan.warnings:
            self._details.addWidget(label(text, fonts.SECOND, tone="amber", wrap=True))

    def forget(self) -> None:
        """Show no numbers: there is no plan."""
        for count in (self.good, self.repeats, self.refused):
            count.number.setText("—")
            count.tail.setText("")
        self._clear()

    def _clear(self) -> None:
        while self._details.count():
            widget = self._details.takeAt(0).widget()
            if widget is not None:
                widget.deleteLater()

    def _line(self, head: str, text: str, tone: str) -> None:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(8))
        first: QLabel = label(head, fonts.SECOND, medium=True, tone=tone)
        first.setMinimumWidth(theme.px(62))
        row.addWidget(first, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(label(text, fonts.SECOND, tone="2", wrap=True), 1)
        self._details.addWidget(line)
