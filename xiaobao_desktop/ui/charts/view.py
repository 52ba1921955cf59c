"""A chart as a widget: the picture from the worker, what is pointed at shaded over it, keys and clicks."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from xiaobao_desktop.domain.charts import Chart, Mark
from xiaobao_desktop.domain.reported import NOT_SENT
from xiaobao_desktop.services.chart_pictures import Box, Palette, Picture, Style, picture, share_text
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.tasks import Progress, Task, tasks
from xiaobao_desktop.ui.widgets.painting import fill_round

SETTLE_MS = 120
"""A resized chart is drawn anew when it has kept its size this long; until then the old picture is stretched."""
TIP_WIDTH, TIP_LINE, TIP_PADDING = 262, 21, 12


class ChartView(QWidget):
    """Shows one chart. ``opened`` carries the :class:`Mark` that was clicked or entered."""

    opened = Signal(object)
    drawn = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chart: Chart | None = None
        self.current = -1
        self._digits = 2
        self._image: QImage | None = None
        self._picture: Picture | None = None
        self._task: Task | None = None
        self._drawn_for: tuple[object, ...] = ()
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._draw)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(theme.px(200), theme.px(160))
        theme.notifier().changed.connect(self._draw)

    def show_chart(self, chart: Chart, digits: int) -> None:
        """Show a chart, percentages with ``digits`` decimals; the old picture stays until the new one is drawn."""
        if self.chart is not None and self.chart.key != chart.key:
            self._image = self._picture = None
        self.chart, self._digits = chart, digits
        self.current = -1
        words = "；".join(f"{mark.name} {_number(mark, chart.unit)}" for mark in chart.marks)
        self.setAccessibleName(f"{chart.title}图")
        self.setAccessibleDescription(words)
        self._drawn_for = ()
        self._draw()

    @property
    def ready(self) -> bool:
        """Whether the picture shown is that of the present chart and size."""
        return self._picture is not None and self._drawn_for == self._wanted()

    def mark(self) -> Mark | None:
        """The mark pointed at or reached with the keys."""
        if self.chart is None or not self.ready or not 0 <= self.current < len(self.chart.marks):
            return None
        return self.chart.marks[self.current]

    def sizeHint(self) -> QSize:
        """As on the design sheet."""
        return QSize(theme.px(440), theme.px(248))

    # Drawing beside the window

    def _wanted(self) -> tuple[object, ...]:
        return (
            id(self.chart),
            self.width(),
            self.height(),
            self.devicePixelRatioF(),
            theme.tokens().name,
            self._digits,
        )

    def _draw(self) -> None:
        if self.chart is None or not self.isVisible() or self._drawn_for == self._wanted():
            return
        if self._task is not None:
            self._task.cancel()
        chart, wanted = self.chart, self._wanted()
        width, height, ratio = self.width(), self.height(), self.devicePixelRatioF()
        style = Style(_palette(), theme.px(1000) / 1000, self._digits)

        def work(progress: Progress) -> Picture | None:
            return None if progress.cancelled else picture(chart, width, height, ratio, style)

        self._task = tasks().run(work, lambda made: self._show(made, wanted), self._failed, self)

    def _show(self, made: Picture | None, drawn_for: tuple[object, ...]) -> None:
        self._task = None
        if made is None:
            return
        line = 4 * made.width
        self._image = QImage(made.rgba, made.width, made.height, line, QImage.Format.Format_RGBA8888).copy()
        self._picture, self._drawn_for = made, drawn_for
        self.update()
        if self._drawn_for != self._wanted():
            self._settle.start()
        self.drawn.emit()

    def _failed(self, error: BaseException) -> None:
        from xiaobao_desktop.ui.dialogs.error_dialog import show_bug

        self._task = None
        show_bug(error, parent=self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw anew when the size has settled."""
        super().resizeEvent(event)
        self._settle.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what is not drawn yet."""
        super().showEvent(event)
        self._settle.start()

    # Pointing

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The mark under the pointer becomes current."""
        self._point_at(self._mark_at(event.position().x(), event.position().y()))

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is pointed at any more."""
        super().leaveEvent(event)
        self._point_at(-1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click opens the records behind a mark."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._point_at(self._mark_at(event.position().x(), event.position().y()))
            self._open()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go through the marks, Enter opens the records, Esc lets go of the mark."""
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1}
        key = Qt.Key(event.key())
        if key in steps:
            self._step(steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.mark() is not None:
            self._open()
        elif key == Qt.Key.Key_Escape and self.current >= 0:
            self._point_at(-1)
        else:
            super().keyPressEvent(event)

    def _step(self, by: int) -> None:
        """Go to the next mark that has records."""
        if self.chart is None or not self.ready:
            return
        place = self.current + by if self.current >= 0 else (0 if by > 0 else len(self.chart.marks) - 1)
        while 0 <= place < len(self.chart.marks) and not self.chart.marks[place].ids:
            place += by
        if 0 <= place < len(self.chart.marks):
            self._point_at(place)

    def _open(self) -> None:
        mark = self.mark()
        if mark is not None and mark.ids:
            self.opened.emit(mark)

    def _mark_at(self, x: float, y: float) -> int:
        if self._picture is None or not self.ready:
            return -1
        return next((place for place, hit in enumerate(self._picture.hits) if hit.area.holds(x, y)), -1)

    def _point_at(self, place: int) -> None:
        if place == self.current:
            return
        self.current = place
        mark = self.mark()
        self.setCursor(Qt.CursorShape.PointingHandCursor if mark and mark.ids else Qt.CursorShape.ArrowCursor)
        if self.chart is not None:
            said = f"：{'，'.join(self._tip_lines(mark))}" if mark else ""
            self.setAccessibleName(f"{self.chart.title}图{said}")
        self.update()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture, the mark pointed at, its tip, the focus."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._image is None:
            painter.setFont(fonts.font(fonts.SECOND))
            painter.setPen(theme.color("text2"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "正在画图…")
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(QRectF(self.rect()), self._image)
        mark = self.mark()
        if mark is not None and self._picture is not None:
            hit = self._picture.hits[self.current]
            self._shade(painter, hit.kind, _rect(hit.area), _rect(hit.shape))
            self._tip(painter, mark, hit.area, hit.shape)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(3, 1, -3, -3), theme.px(6), theme.px(6))

    def _shade(self, painter: QPainter, kind: str, area: QRectF, shape: QRectF) -> None:
        """Shade the row or column and darken the mark itself."""
        if kind == "cell":
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("text"), 2))
            painter.drawRoundedRect(shape, theme.px(2), theme.px(2))
            return
        veil = QColor(theme.color("text"))
        veil.setAlpha(18)
        fill_round(painter, area, veil, theme.px(2))
        if kind == "bar":
            fill_round(painter, shape, theme.color("bar_hover"), theme.px(2))
        else:
            painter.setPen(QPen(theme.color("base"), 2))
            painter.setBrush(theme.color("bar_hover"))
            painter.drawEllipse(shape.adjusted(-2, -2, 2, 2))

    def _tip_lines(self, mark: Mark) -> list[str]:
        assert self.chart is not None
        if mark.missing and not mark.value:
            return [mark.name, f"{NOT_SENT}，不是没有"]
        number = f"{mark.value:,} {self.chart.unit}"
        share = share_text(mark, self._digits)
        words = f"{number}，占 {share}" if share else number
        if mark.last_year is not None:
            words += f"；去年同期 {mark.last_year:,} {self.chart.unit}"
        return [mark.name, f"{words}；{NOT_SENT}，只有后来的包带来的" if mark.missing else words]

    def _record_unit(self, mark: Mark) -> str:
        """件 where the number shown is the number of records, else the plain 条."""
        return self.chart.unit if self.chart is not None and mark.value == len(mark.ids) else "条"

    def _tip(self, painter: QPainter, mark: Mark, area: Box, shape: Box) -> None:
        """Name, number, share and last year, and what Enter does, on a dark box beside the mark."""
        lines = self._tip_lines(mark)
        line, pad = theme.px(TIP_LINE), theme.px(TIP_PADDING)
        painter.setFont(fonts.font(fonts.SECOND))
        widest = max(painter.fontMetrics().horizontalAdvance(words) for words in lines)
        wide = min(max(theme.px(TIP_WIDTH), widest + 2 * pad), self.width() - theme.px(8))
        high = line * (3 if mark.ids else 2) + theme.px(14)
        left = min(max(shape.x + shape.width + theme.px(12), theme.px(4)), self.width() - wide - theme.px(4))
        top = area.y + area.height + theme.px(4) if area.height < high else shape.y + theme.px(18)
        if top + high > self.height():
            top = max(2.0, (area.y if area.height < high else shape.y) - high - theme.px(6))
        box = QRectF(left, top, wide, high)
        fill_round(painter, box, theme.color("tip"), theme.px(6))
        inner = box.adjusted(pad, theme.px(7), -pad, -theme.px(7))
        row = QRectF(inner.left(), inner.top(), inner.width(), line)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(theme.color("on_tip"))
        painter.setFont(fonts.font(medium=True))
        painter.drawText(
            row, middle, painter.fontMetrics().elidedText(lines[0], Qt.TextElideMode.ElideRight, int(row.width()))
        )
        painter.setFont(fonts.font(fonts.SECOND))
        painter.drawText(row.translated(0, line), middle, lines[1])
        if mark.ids:
            last = row.translated(0, 2 * line)
            painter.drawText(last, middle | Qt.AlignmentFlag.AlignRight, "Enter")
            painter.setPen(theme.color("tip_link"))
            painter.drawText(last, middle, f"查看 {len(mark.ids):,} {self._record_unit(mark)} →")


def _number(mark: Mark, unit: str) -> str:
    number = f"{mark.value}{unit}"
    return number if not mark.missing else f"{number}（{NOT_SENT}）" if mark.value else NOT_SENT


def _palette() -> Palette:
    """The colours of charts in the present look."""
    tokens = theme.tokens()
    return Palette(*(getattr(tokens, name) for name in Palette._fields))


def _rect(box: Box) -> QRectF:
    return QRectF(box.x, box.y, box.width, box.height)
