"""The left column of a run: how far it is, a bar by verdict, the sections with their own progress."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from xiaobao_desktop.domain.inspection import Progress
from xiaobao_desktop.domain.numbers import percent
from xiaobao_desktop.services.inspection_view import RunView, SectionView
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.delegates.inspection_item import Verdict
from xiaobao_desktop.ui.widgets.labels import hairline, label
from xiaobao_desktop.ui.widgets.painting import draw_check, draw_line_text, fill_round

WIDTH, BAR, ROW, EDGE = 216, 6, 38, 16
"""Pixels of the design sheet."""
_SECTION = Qt.ItemDataRole.UserRole + 1


class VerdictBar(QWidget):
    """The verdicts as parts of one bar, in the colours of their tones; what is left stays grey."""

    def __init__(self, verdicts: Sequence[Verdict]) -> None:
        super().__init__()
        self._verdicts, self._progress = tuple(verdicts), Progress(0)
        self.setFixedHeight(theme.px(BAR))

    def show_progress(self, progress: Progress) -> None:
        """Show other numbers."""
        self._progress = progress
        self.setAccessibleName(f"已查 {progress.checked} 项，共 {progress.total} 项")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the parts, each at least two pixels wide."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.color("press"))
        left = 0.0
        for verdict in self._verdicts:
            count = self._progress.counts.get(verdict.key, 0)
            if count and self._progress.total:
                width = max(2.0, self.width() * count / self._progress.total)
                painter.fillRect(QRectF(left, 0, width - 1, self.height()), theme.color(f"{verdict.tone}_solid"))
                left += width


class _Dot(QWidget):
    """A small square in the colour of a verdict."""

    def __init__(self, tone: str) -> None:
        super().__init__()
        self._tone = tone
        self.setFixedSize(theme.px(9), theme.px(9))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill_round(painter, QRectF(self.rect()), theme.color(f"{self._tone}_solid"), 2)


class _SectionDelegate(QStyledItemDelegate):
    """Number, name and how far a section is; a tick when all of it was checked."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """One line."""
        return QSize(theme.px(100), theme.px(ROW))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one section."""
        section = index.data(_SECTION)
        area: QRect = option.rect  # type: ignore[attr-defined]
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(area).adjusted(theme.px(4), 0, -theme.px(4), 0)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            fill_round(painter, box, theme.color("tint" if chosen else "hover"), theme.px(6))
        if chosen and state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), theme.px(6), theme.px(6))
        room = area.adjusted(theme.px(EDGE), 0, -theme.px(EDGE), 0)
        ink = theme.color("link" if chosen else "text")
        room.setRight(self._right(painter, room, section) - theme.px(8))
        painter.setFont(fonts.font())
        draw_line_text(painter, QRect(room.left(), room.top(), theme.px(20), room.height()), str(index.row() + 1), ink)
        painter.setFont(fonts.font(medium=chosen))
        draw_line_text(painter, room.adjusted(theme.px(20), 0, 0, 0), section.name, ink)
        painter.restore()

    def _right(self, painter: QPainter, room: QRect, section: SectionView) -> int:
        progress = section.progress
        if progress.total and not progress.left:
            side = theme.px(18)
            box = QRectF(room.right() - side, room.center().y() - side / 2, side, side)
            draw_check(painter, box, theme.color("green_solid"))
            return int(box.left())
        painter.setFont(fonts.font(fonts.SECOND))
        words = f"{progress.checked}/{progress.total}"
        draw_line_text(painter, room, words, theme.color("text2"), Qt.AlignmentFlag.AlignRight)
        return room.right() - painter.fontMetrics().horizontalAdvance(words)


class _Sections(QListWidget):
    """The sections; Enter and → go on to the items."""

    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the items; what is typed is for the page, not for finding a section by its name."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Right):
            self.entered.emit()
        elif event.text().isprintable() and event.text():
            event.ignore()
        else:
            super().keyPressEvent(event)


class InspectionProgress(QWidget):
    """The column. ``chosen`` carries the name of a section; ``entered`` asks for its items."""

    chosen = Signal(str)
    entered = Signal()

    def __init__(self, verdicts: Sequence[Verdict]) -> None:
        super().__init__()
        self.setFixedWidth(theme.px(WIDTH))
        self.words = label("", medium=True)
        self.share = label("", fonts.SECOND, tone="2")
        self.bar = VerdictBar(verdicts)
        self._counts = {verdict.key: label("", fonts.SECOND, tone="2") for verdict in verdicts}
        self.score = label("", fonts.SECOND, tone="2", wrap=True)
        self.sections = _Sections()
        self.sections.setAccessibleName("部分")
        self.sections.setItemDelegate(_SectionDelegate(self.sections))
        self.sections.setMouseTracking(True)
        self.sections.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.sections.currentRowChanged.connect(self._row_chosen)
        self.sections.entered.connect(self.entered)
        self.sections.clicked.connect(lambda _index: self.entered.emit())
        self._names = {verdict.key: verdict.name for verdict in verdicts}
        self._build(verdicts)

    def show_run(self, run: RunView) -> None:
        """Show how far a run is; the chosen section stays."""
        told = run.progress
        self.words.setText(f"已查 {told.checked} / {told.total} 项")
        self.share.setText(f"{percent(told.share)}%")
        self.bar.show_progress(told)
        for key, words in self._counts.items():
            words.setText(f"{self._names[key]} {told.counts.get(key, 0)}")
        self.score.setText(f"{'得分' if run.ended else '按已查各项得分'} {run.score}" if run.score else "")
        self.score.setVisible(bool(run.score))
        row = self.sections.currentRow()
        self.sections.blockSignals(True)
        self.sections.clear()
        for section in run.sections:
            line = QListWidgetItem(section.name)
            line.setData(_SECTION, section)
            line.setToolTip(section.name)
            self.sections.addItem(line)
        self.sections.setCurrentRow(row)
        self.sections.blockSignals(False)

    def choose(self, section: str) -> None:
        """Mark a section without telling; "" marks none."""
        self.sections.blockSignals(True)
        names = [self.sections.item(row).text() for row in range(self.sections.count())]
        self.sections.setCurrentRow(names.index(section) if section in names else -1)
        self.sections.blockSignals(False)

    def _row_chosen(self, row: int) -> None:
        if row >= 0:
            self.chosen.emit(self.sections.item(row).text())

    def _build(self, verdicts: Sequence[Verdict]) -> None:
        edge = theme.px(EDGE)
        head = QHBoxLayout()
        head.addWidget(self.words)
        head.addStretch(1)
        head.addWidget(self.share)
        counts = QGridLayout()
        counts.setHorizontalSpacing(theme.px(6))
        counts.setVerticalSpacing(theme.px(4))
        for place, verdict in enumerate(verdicts):
            counts.addWidget(_Dot(verdict.tone), place // 2, place % 2 * 2)
            counts.addWidget(self._counts[verdict.key], place // 2, place % 2 * 2 + 1)
        counts.setColumnStretch(1, 1)
        counts.setColumnStretch(3, 1)
        top = QVBoxLayout()
        top.setContentsMargins(edge, theme.px(14), edge, theme.px(10))
        top.setSpacing(theme.px(8))
        top.addLayout(head)
        top.addWidget(self.bar)
        top.addLayout(counts)
        top.addWidget(self.score)
        top.addSpacing(theme.px(4))
        top.addWidget(hairline())
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, theme.px(8))
        whole.setSpacing(0)
        whole.addLayout(top)
        whole.addWidget(self.sections, 1)
        hint = label("键 1 2 3 4 选结论，Delete 去掉，↓ 下一项，F8 下一个未检查", fonts.HEADER, tone="2", wrap=True)
        hint.setContentsMargins(edge, theme.px(4), edge, 0)
        whole.addWidget(hint)
