"""A timeline of dated steps: done steps with a tinted tick, the next one as a hollow amber ring on a dotted line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.widgets.painting import draw_check, draw_line_text, fill_round

STEP, MARK = 44, 16
"""Pixels of the design sheet: height of a step, diameter of its mark."""


@dataclass(frozen=True)
class TimelineStep:
    """One line: what, when, details; ``key`` is given back when it is clicked, None for the step still to come."""

    title: str
    when: str
    detail: str = ""
    key: int | None = None

    @property
    def done(self) -> bool:
        """Whether it has happened."""
        return self.key is not None


class _StepLine(QAbstractButton):
    """One step; a click or the space bar chooses it."""

    def __init__(self, step: TimelineStep, *, first: bool, after: TimelineStep | None) -> None:
        super().__init__()
        self.step, self._first, self._after = step, first, after
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        words = f"{step.title}，{step.when}，{step.detail}".rstrip("，")
        self.setAccessibleName(words)
        self.setToolTip(step.detail)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        """The fixed height of a step."""
        return QSize(theme.px(200), theme.px(STEP))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint mark, lines and words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.hasFocus():
            box = QRectF(self.rect()).adjusted(theme.px(20), 1, -1, -1)
            fill_round(painter, box, theme.color("hover"), theme.px(6))
            if self.hasFocus():
                painter.setPen(QPen(theme.color("accent"), 2))
                painter.drawRoundedRect(box, theme.px(6), theme.px(6))
        middle = QPointF(theme.px(8), theme.px(12))
        self._draw_lines(painter, middle)
        self._draw_mark(painter, middle)
        self._draw_words(painter)

    def _draw_lines(self, painter: QPainter, middle: QPointF) -> None:
        half = theme.px(MARK) / 2
        if not self._first:
            painter.setPen(self._line(self.step))
            painter.drawLine(QPointF(middle.x(), 0), QPointF(middle.x(), middle.y() - half))
        if self._after is not None:
            painter.setPen(self._line(self._after))
            painter.drawLine(QPointF(middle.x(), middle.y() + half), QPointF(middle.x(), self.height()))

    def _line(self, towards: TimelineStep) -> QPen:
        pen = QPen(theme.color("tint_edge" if towards.done else "button_edge"), 2 if towards.done else 1)
        if not towards.done:
            pen.setDashPattern([2, 2])
        return pen

    def _draw_mark(self, painter: QPainter, middle: QPointF) -> None:
        half = theme.px(MARK) / 2
        box = QRectF(middle.x() - half, middle.y() - half, 2 * half, 2 * half)
        if self.step.done:
            fill_round(painter, box, theme.color("tint_edge"), half)
            draw_check(painter, box, theme.color("link"))
        else:
            painter.setPen(QPen(theme.color("amber_solid"), 2))
            painter.setBrush(theme.color("base"))
            painter.drawEllipse(box.adjusted(1.5, 1.5, -1.5, -1.5))

    def _draw_words(self, painter: QPainter) -> None:
        left, line = theme.px(26), theme.px(21)
        ink = "text" if self.step.done else "amber_text"
        painter.setFont(fonts.font(fonts.SECOND))
        taken = painter.fontMetrics().horizontalAdvance(self.step.when)
        top = QRect(left, theme.px(2), self.width() - left - theme.px(4), line)
        when = theme.color("text2" if self.step.done else "amber_text")
        draw_line_text(painter, top, self.step.when, when, Qt.AlignmentFlag.AlignRight)
        painter.setFont(fonts.font(medium=True))
        draw_line_text(painter, top.adjusted(0, 0, -taken - theme.px(8), 0), self.step.title, theme.color(ink))
        painter.setFont(fonts.font(fonts.SECOND))
        below = QRect(left, theme.px(22), self.width() - left - theme.px(4), theme.px(19))
        draw_line_text(painter, below, self.step.detail, theme.color("text2"))


class Timeline(QWidget):
    """Steps from top to bottom. ``chosen`` carries the key of a done step, ``next_chosen`` is sent for the next one."""

    chosen = Signal(int)
    next_chosen = Signal()

    def __init__(self, steps: Sequence[TimelineStep]) -> None:
        super().__init__()
        self.steps = tuple(steps)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for place, step in enumerate(self.steps):
            after = self.steps[place + 1] if place + 1 < len(self.steps) else None
            line = _StepLine(step, first=place == 0, after=after)
            line.clicked.connect(lambda _checked=False, key=step.key: self._clicked(key))
            column.addWidget(line)

    def _clicked(self, key: int | None) -> None:
        if key is None:
            self.next_chosen.emit()
        else:
            self.chosen.emit(key)
