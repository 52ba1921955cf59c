"""A timeline of dated steps: done steps with a tinted tick, the next one as a hollow amber ring on a dotted line.

A done step can carry files: chips below it, a paper clip that asks for more, and files dropped on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from xiaobao_desktop.ui import fonts, icons, theme
from xiaobao_desktop.ui.widgets.buttons import icon_button
from xiaobao_desktop.ui.widgets.file_chip import row_of
from xiaobao_desktop.ui.widgets.file_drop import dropped_files
from xiaobao_desktop.ui.widgets.painting import draw_check, draw_line_text, fill_round

STEP, MARK, INDENT, MIDDLE = 44, 16, 26, 8
"""Pixels of the design sheet: height of a step, diameter of its mark, where the words begin, where the line runs."""
ASIDE, DOT = 26, 6
"""Height of a line between the steps, diameter of its mark."""
_CLIP = 22
"""Edge of the paper clip."""


@dataclass(frozen=True)
class TimelineStep:
    """One line: what, when, details; ``key`` is given back when it is clicked, None for the step still to come.

    ``aside`` makes it a low line between the steps for what was done about the case and is no step (a printed paper).
    """

    title: str
    when: str
    detail: str = ""
    key: int | None = None
    aside: bool = False

    @property
    def done(self) -> bool:
        """Whether it has happened."""
        return self.key is not None or self.aside


class _StepLine(QAbstractButton):
    """One step; a click or the space bar chooses it.

    Signals:
        files_asked: files are to be added; carries those that were dropped, none when they are still to be chosen.
    """

    files_asked = Signal(list)

    def __init__(self, step: TimelineStep, *, first: bool, after: TimelineStep | None, files: bool) -> None:
        super().__init__()
        self.step, self._first, self._after = step, first, after
        self._dragged_over = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        words = f"{step.title}，{step.when}，{step.detail}".rstrip("，")
        self.setAccessibleName(words)
        self.setToolTip(step.detail)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clip = icon_button("paperclip", f"给“{step.title}”（{step.when}）添加文件", size=icons.SMALL)
        self.clip.setProperty("look", "mini")
        self.clip.setParent(self)
        self.clip.setVisible(files)
        self.clip.clicked.connect(lambda: self.files_asked.emit([]))
        self.setAcceptDrops(files)

    def sizeHint(self) -> QSize:
        """The fixed height of a step."""
        return QSize(theme.px(200), theme.px(ASIDE if self.step.aside else STEP))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The paper clip stands below the day."""
        super().resizeEvent(event)
        edge = theme.px(_CLIP)
        self.clip.setGeometry(self.width() - edge - theme.px(2), theme.px(21), edge, theme.px(20))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped here."""
        if dropped_files(event.mimeData()):
            event.acceptProposedAction()
            self._drag_over(over=True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """They went elsewhere."""
        self._drag_over(over=False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the files."""
        self._drag_over(over=False)
        files = dropped_files(event.mimeData())
        if files:
            event.acceptProposedAction()
            self.files_asked.emit(files)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint mark, lines and words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.hasFocus() or self._dragged_over:
            box = QRectF(self.rect()).adjusted(theme.px(20), 1, -1, -1)
            fill_round(painter, box, theme.color("tint" if self._dragged_over else "hover"), theme.px(6))
            if self.hasFocus():
                painter.setPen(QPen(theme.color("accent"), 2))
                painter.drawRoundedRect(box, theme.px(6), theme.px(6))
        middle = QPointF(theme.px(MIDDLE), theme.px(12))
        self._draw_lines(painter, middle)
        self._draw_mark(painter, middle)
        self._draw_words(painter)

    def _drag_over(self, *, over: bool) -> None:
        self._dragged_over = over
        self.update()

    def _draw_lines(self, painter: QPainter, middle: QPointF) -> None:
        half = theme.px(DOT if self.step.aside else MARK) / 2
        if not self._first:
            painter.setPen(_line(self.step))
            painter.drawLine(QPointF(middle.x(), 0), QPointF(middle.x(), middle.y() - half))
        if self._after is not None:
            painter.setPen(_line(self._after))
            painter.drawLine(QPointF(middle.x(), middle.y() + half), QPointF(middle.x(), self.height()))

    def _draw_mark(self, painter: QPainter, middle: QPointF) -> None:
        half = theme.px(DOT if self.step.aside else MARK) / 2
        box = QRectF(middle.x() - half, middle.y() - half, 2 * half, 2 * half)
        if self.step.aside:
            fill_round(painter, box, theme.color("button_edge"), half)
        elif self.step.done:
            fill_round(painter, box, theme.color("tint_edge"), half)
            draw_check(painter, box, theme.color("link"))
        else:
            painter.setPen(QPen(theme.color("amber_solid"), 2))
            painter.setBrush(theme.color("base"))
            painter.drawEllipse(box.adjusted(1.5, 1.5, -1.5, -1.5))

    def _draw_words(self, painter: QPainter) -> None:
        left, line = theme.px(INDENT), theme.px(21)
        ink = "text" if self.step.done else "amber_text"
        painter.setFont(fonts.font(fonts.SECOND))
        taken = painter.fontMetrics().horizontalAdvance(self.step.when)
        top = QRect(left, theme.px(2), self.width() - left - theme.px(4), line)
        when = theme.color("text2" if self.step.done else "amber_text")
        draw_line_text(painter, top, self.step.when, when, Qt.AlignmentFlag.AlignRight)
        if self.step.aside:
            draw_line_text(painter, top.adjusted(0, 0, -taken - theme.px(8), 0), self.step.title, when)
            return
        painter.setFont(fonts.font(medium=True))
        draw_line_text(painter, top.adjusted(0, 0, -taken - theme.px(8), 0), self.step.title, theme.color(ink))
        painter.setFont(fonts.font(fonts.SECOND))
        clip = 0 if self.clip.isHidden() else theme.px(_CLIP)
        below = QRect(left, theme.px(22), self.width() - left - theme.px(4) - clip, theme.px(19))
        draw_line_text(painter, below, self.step.detail, theme.color("text2"))


class _StepFiles(QWidget):
    """The files of a step under its line, the line of the timeline going on beside them."""

    def __init__(self, files: Sequence[QWidget], after: TimelineStep | None) -> None:
        super().__init__()
        self._after = after
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(INDENT), theme.px(2), 0, theme.px(8))
        column.addWidget(row_of(files))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line to the next step."""
        if self._after is not None:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(_line(self._after))
            x = theme.px(MIDDLE)
            painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))


class Timeline(QWidget):
    """Steps from top to bottom.

    Args (constructor):
        steps: in their order.
        files: chips of files by the key of their step; None where steps carry no files.

    Signals:
        chosen: key of a done step.
        next_chosen: the step still to come.
        files_asked: key of a done step, and the files dropped on it (none: they are still to be chosen).
    """

    chosen = Signal(int)
    next_chosen = Signal()
    files_asked = Signal(int, list)

    def __init__(self, steps: Sequence[TimelineStep], files: Mapping[int, Sequence[QWidget]] | None = None) -> None:
        super().__init__()
        self.steps = tuple(steps)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for place, step in enumerate(self.steps):
            after = self.steps[place + 1] if place + 1 < len(self.steps) else None
            line = _StepLine(step, first=place == 0, after=after, files=files is not None and step.key is not None)
            line.clicked.connect(lambda _checked=False, key=step.key: self._clicked(key))
            line.files_asked.connect(lambda paths, key=step.key: self.files_asked.emit(key, paths))
            if step.aside:
                line.setFocusPolicy(Qt.FocusPolicy.NoFocus)
                line.setCursor(Qt.CursorShape.ArrowCursor)
                line.setEnabled(False)
            column.addWidget(line)
            own = files.get(step.key, ()) if files is not None and step.key is not None else ()
            if own:
                column.addWidget(_StepFiles(own, after))

    def only_read(self, why: str) -> None:
        """Let nobody choose or add anything; ``why`` stands below the details in the tooltips."""
        for line in self.findChildren(_StepLine):
            line.setEnabled(False)
            line.setAcceptDrops(False)
            line.clip.hide()
            line.setToolTip("\n".join(text for text in (line.step.detail, why) if text))

    def _clicked(self, key: int | None) -> None:
        if key is None:
            self.next_chosen.emit()
        else:
            self.chosen.emit(key)


def _line(towards: TimelineStep) -> QPen:
    pen = QPen(theme.color("tint_edge" if towards.done else "button_edge"), 2 if towards.done else 1)
    if not towards.done:
        pen.setDashPattern([2, 2])
    return pen
