"""Which step of a short procedure one is at: a row of numbered marks (import) or a column of them (first start)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from xiaobao_desktop.ui import fonts, theme


@dataclass(frozen=True)
class Step:
    """One step: its name and, in the upright form, a second line."""

    title: str
    detail: str = ""


class _Steps(QWidget):
    """What the lying and the upright form share: the steps, the current one, and the painted marks."""

    def __init__(self, steps: Sequence[Step], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.steps = tuple(steps)
        self.current = 0
        self._announce()

    def set_current(self, index: int) -> None:
        """Mark step ``index`` (from 0) as the present one; those before it count as done."""
        self.current = max(0, min(index, len(self.steps) - 1))
        self._announce()
        self.update()

    def _announce(self) -> None:
        step = self.steps[self.current]
        self.setAccessibleName(f"第 {self.current + 1} 步，共 {len(self.steps)} 步：{step.title}")

    def _line_height(self) -> int:
        return self.fontMetrics().height()

    def _diameter(self) -> int:
        return theme.px(22)

    def _strong(self) -> QFont:
        return fonts.font(medium=True)

    def _title_font(self, index: int) -> QFont:
        return self._strong() if index == self.current else fonts.font()

    def _title_color(self, index: int) -> QColor:
        if index <= self.current:
            return self.palette().color(QPalette.ColorRole.Text)
        return theme.color("text2")

    def _draw_mark(self, painter: QPainter, index: int, box: QRect) -> None:
        """A tinted tick when done, a filled number when current, a hollow number when still to come."""
        look, frame = self.palette(), QRectF(box).adjusted(0.75, 0.75, -0.75, -0.75)
        if index < self.current:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("tint_edge"))
            painter.drawEllipse(frame)
            self._draw_tick(painter, QRectF(box), look.color(QPalette.ColorRole.Link))
            return
        current = index == self.current
        painter.setPen(Qt.PenStyle.NoPen if current else QPen(look.color(QPalette.ColorRole.Mid), 1.5))
        painter.setBrush(look.color(QPalette.ColorRole.Highlight) if current else look.color(QPalette.ColorRole.Base))
        painter.drawEllipse(frame)
        painter.setFont(self._title_font(index))
        painter.setPen(look.color(QPalette.ColorRole.HighlightedText) if current else theme.color("text2"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(index + 1))

    @staticmethod
    def _draw_tick(painter: QPainter, box: QRectF, color: QColor) -> None:
        side = box.width()
        corners = [(0.31, 0.51), (0.45, 0.64), (0.70, 0.38)]
        line = QPolygonF([box.topLeft() + QPointF(side * across, side * down) for across, down in corners])
        pen = QPen(color, 1.75)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(line)


class Stepper(_Steps):
    """The steps in one line with short dashes between them."""

    def __init__(self, titles: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__([Step(title) for title in titles], parent)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Room for all marks, names and dashes."""
        metrics = QFontMetrics(self._strong())
        words = sum(metrics.horizontalAdvance(step.title) for step in self.steps)
        marks = len(self.steps) * (self._diameter() + self._gap())
        return QSize(words + marks + (len(self.steps) - 1) * (self._dash() + 2 * self._gap()) + 4, self._diameter() + 4)

    def minimumSizeHint(self) -> QSize:
        """The same: nothing can be left out."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw from left to right."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics, side, gap = QFontMetrics(self._strong()), self._diameter(), self._gap()
        left, top = 0, (self.height() - side) // 2
        for index, step in enumerate(self.steps):
            self._draw_mark(painter, index, QRect(left, top, side, side))
            left += side + gap
            width = metrics.horizontalAdvance(step.title)
            painter.setFont(self._title_font(index))
            painter.setPen(self._title_color(index))
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            painter.drawText(QRect(left, 0, width + 2, self.height()), flags, step.title)
            left += width + gap
            if index + 1 < len(self.steps):
                painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Midlight), 1))
                painter.drawLine(left + 2, self.height() // 2, left + self._dash(), self.height() // 2)
                left += self._dash() + gap
        painter.end()

    def _gap(self) -> int:
        return theme.px(8)

    def _dash(self) -> int:
        return theme.px(28)


class UprightStepper(_Steps):
    """The steps one under the other, each with a second line, joined by a thin line."""

    def sizeHint(self) -> QSize:
        """Room for all steps with their second lines."""
        metrics = QFontMetrics(self._strong())
        widest = max(max(metrics.horizontalAdvance(s.title), metrics.horizontalAdvance(s.detail)) for s in self.steps)
        return QSize(self._text_left() + widest, len(self.steps) * self._pitch())

    def minimumSizeHint(self) -> QSize:
        """The same: nothing can be left out."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw from top to bottom."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line, side = self._line_height(), self._diameter()
        for index, step in enumerate(self.steps):
            top = index * self._pitch()
            if index + 1 < len(self.steps):
                painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Midlight), 1.5))
                painter.drawLine(side // 2, top + side + 2, side // 2, top + self._pitch() - 2)
            self._draw_mark(painter, index, QRect(0, top, side, side))
            left, width = self._text_left(), self.width() - self._text_left()
            painter.setFont(self._title_font(index))
            painter.setPen(self._title_color(index))
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            painter.drawText(QRect(left, top, width, side), flags, step.title)
            painter.setFont(fonts.font(fonts.SECOND))
            painter.setPen(theme.color("text2"))
            painter.drawText(QRect(left, top + side - 2, width, line), flags, step.detail)
        painter.end()

    def _pitch(self) -> int:
        return theme.px(60)

    def _text_left(self) -> int:
        return self._diameter() + theme.px(12)
