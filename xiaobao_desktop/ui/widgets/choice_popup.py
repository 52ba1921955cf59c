"""The list that opens below a field: numbered rows, the matched part in blue, keys and a count at the foot.

It is a child of the field's window and never takes the keyboard: keys and Chinese input stay with the field's own line
edit (a ``Qt.Popup`` window would silence input methods, QTBUG-83490). Over a dialog too low for a list it is a window
of its own that takes no keyboard either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QHideEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from xiaobao_desktop.domain.fields import Value
from xiaobao_desktop.ui import fonts, icons, theme
from xiaobao_desktop.ui.widgets.labels import ElidedLabel, hairline, label
from xiaobao_desktop.ui.widgets.painting import draw_line_text, fill_round

NUMBERED = 9
"""Rows that can be picked by Alt and a digit."""

Index = QModelIndex | QPersistentModelIndex
_OPTION = Qt.ItemDataRole.UserRole
_ROW, _SHADOW, _RADIUS = 30, 8, 8
_FEWEST = 4
"""With room for fewer rows the list opens above its field, when there is more room."""


@dataclass(frozen=True)
class Option:
    """One row to choose.

    Attributes:
        value: what the field holds once it is chosen.
        name: Chinese name.
        code: shown in a column before the name.
        note: shown at the right edge (path, group, remark).
        span: (start, end) of the matched part of the name.
        ticked: for lists of several: whether it is chosen; None for a list of one.
    """

    value: Value
    name: str
    code: str = ""
    note: str = ""
    span: tuple[int, int] | None = None
    ticked: bool | None = None


class PopupFrame(QWidget):
    """A rounded box with a soft shadow over the window; closes by a click or wheel outside it and its field."""

    dismissed = Signal()

    def __init__(self, anchor: QWidget) -> None:
        """Make the box for the field ``anchor``; it is put over the anchor's window when opened."""
        super().__init__(anchor)
        self.anchor = anchor
        self._bound = False
        self._wished = (0, 0, 0, 1)
        self.hide()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        edge = theme.px(_SHADOW)
        self.setContentsMargins(edge, edge, edge, edge)

    def open_below(self, width: int, height: int, least: int, step: int = 1) -> None:
        """Show the box below its field, or above it where there is more room.

        Args:
            width: wished width of the visible box.
            height: wished height of the visible box.
            least: height below which the other side is tried.
            step: the height is cut by multiples of this, so that no row is shown in part.
        """
        self._wished = (width, height, least, step)
        window, gap = self.anchor.window(), theme.px(4)
        field = QRect(self.anchor.mapTo(window, QPoint(0, 0)), self.anchor.size())
        area = window.rect()
        floats = max(_room_below(field, area), _room_above(field, area)) < min(least, height)
        origin = QPoint(0, 0)
        if floats:
            origin = window.mapToGlobal(origin)
            area = self.anchor.screen().availableGeometry().translated(-origin)
        room, above = _room_below(field, area), _room_above(field, area)
        upwards = room < min(height, max(least, 1)) and above > room
        excess = max(0, height - (above if upwards else room))
        height -= -(-excess // step) * step
        width = min(width, area.width() - 2 * gap)
        left = min(field.left(), area.right() + 1 - width - gap)
        first = field.top() - gap - height if upwards else field.bottom() + 1 + gap
        self._lie_over(window, floats=floats)
        edge = self.contentsMargins().left()
        self.setGeometry(QRect(left - edge, first - edge, width + 2 * edge, height + 2 * edge).translated(origin))
        if not self.isVisible():
            QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]  # a window needs an application
        self.show()
        self.raise_()

    def dismiss(self) -> None:
        """Hide the box."""
        if self.isVisible():
            self.hide()
            self.dismissed.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop listening; a box whose window went away (a dialog that is done) does not come up with it again."""
        QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]
        self.setVisible(False)
        super().hideEvent(event)

    def _lie_over(self, window: QWidget, *, floats: bool) -> None:
        """Become a part of ``window``, or a bare window before it; go away with the field."""
        if not self._bound:
            self._bound = True
            self.anchor.destroyed.connect(self._orphaned)
        if self.parentWidget() is window and self.isWindow() == floats:
            return
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, floats)
        edge = 0 if floats else theme.px(_SHADOW)
        self.setContentsMargins(edge, edge, edge, edge)
        bare = Qt.WindowType.ToolTip | Qt.WindowType.FramelessWindowHint | Qt.WindowType.NoDropShadowWindowHint
        self.setParent(window, bare if floats else Qt.WindowType.Widget)

    def _orphaned(self) -> None:
        """The field is gone: nothing may ask it any more, not even in the moment before the box is deleted."""
        QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Close when the officer clicks or turns the wheel elsewhere; follow the field when its page scrolls."""
        if not isinstance(watched, QWidget):
            return False
        pointed = event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.Wheel)
        outside = pointed and not self._belongs(watched)
        moved = event.type() in (QEvent.Type.Resize, QEvent.Type.Move) and watched is self.anchor.window()
        gone = event.type() == QEvent.Type.Hide and watched is self.anchor
        if outside or moved or gone:
            self.dismiss()
        elif event.type() == QEvent.Type.Move and watched.isAncestorOf(self.anchor):
            self.open_below(*self._wished)
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Shadow, ground and edge; a window of its own has square corners and no shadow (not every desktop blends)."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = self.contentsMargins().left()
        radius = theme.px(_RADIUS) if edge else 0
        box = QRectF(self.rect()).adjusted(edge, edge, -edge, -edge)
        for ring in range(edge, 0, -1):
            shade = QColor(0, 0, 0, round(16 * (1 - ring / (edge + 1)) ** 2) + 1)
            fill_round(painter, box.adjusted(-ring, -ring + 2, ring, ring), shade, radius + ring)
        fill_round(painter, box, theme.color("base"), radius)
        painter.setPen(QPen(theme.color("button_edge"), 1))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        painter.end()

    def _belongs(self, widget: QWidget) -> bool:
        return widget in (self, self.anchor) or self.isAncestorOf(widget) or self.anchor.isAncestorOf(widget)


def _room_below(field: QRect, area: QRect) -> int:
    """Height below a field that a box may take."""
    return area.bottom() - field.bottom() - 3 * theme.px(4)


def _room_above(field: QRect, area: QRect) -> int:
    """Height above a field that a box may take."""
    return field.top() - area.top() - 2 * theme.px(4)


class _Options(QAbstractListModel):
    """The rows as a model, so that the view and screen readers share them."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.options: tuple[Option, ...] = ()

    def fill(self, options: Sequence[Option]) -> None:
        """Take other rows."""
        self.beginResetModel()
        self.options = tuple(options)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many rows there are."""
        return 0 if parent.isValid() else len(self.options)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The row itself for the painter, its words for everybody else."""
        option = self.options[index.row()]
        if role == _OPTION:
            return option
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return " ".join(part for part in (option.code, option.name, option.note) if part)
        return None


class _Row(QStyledItemDelegate):
    """Paints number, tick box, code, name and note of a row."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.code_width = 0

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """All rows have one height."""
        return QSize(theme.px(120), theme.px(_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One row."""
        row: Option = index.data(_OPTION)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRect(option.rect)  # type: ignore[attr-defined]  # Qt's stubs leave the fields of the option out
        state = option.state  # type: ignore[attr-defined]
        if state & QStyle.StateFlag.State_Selected:
            fill_round(painter, QRectF(area), theme.color("tint"), theme.px(4))
        elif state & QStyle.StateFlag.State_MouseOver:
            fill_round(painter, QRectF(area), theme.color("hover"), theme.px(4))
        area.adjust(theme.px(10), 0, -theme.px(10), 0)
        if index.row() < NUMBERED:
            painter.setFont(fonts.font(fonts.SECOND))
            draw_line_text(painter, area, str(index.row() + 1), theme.color("text2"))
        area.setLeft(area.left() + theme.px(20))
        if row.ticked is not None:
            _draw_tick(painter, area, row.ticked)
            area.setLeft(area.left() + theme.px(24))
        self._words(painter, area, row)
        painter.restore()

    def _words(self, painter: QPainter, area: QRect, row: Option) -> None:
        painter.setFont(fonts.font())
        if self.code_width:
            draw_line_text(painter, area, row.code, theme.color("text"))
            area.setLeft(area.left() + self.code_width)
        needed = painter.fontMetrics().horizontalAdvance(row.name) + theme.px(4)
        if row.note:
            painter.setFont(fonts.font(fonts.SECOND))
            wide = min(painter.fontMetrics().horizontalAdvance(row.note), max(0, area.width() - needed - theme.px(16)))
            right = QRect(area.right() - wide, area.top(), wide + 1, area.height())
            draw_line_text(painter, right, row.note, theme.color("text2"), Qt.AlignmentFlag.AlignRight)
            area.setRight(right.left() - theme.px(12))
        _draw_name(painter, area, row)


class OptionPopup(PopupFrame):
    """The list of options with its foot.

    ``chosen`` carries the option clicked; keys are sent in by the field through ``step``, ``current`` and ``nth``.
    """

    chosen = Signal(object)

    def __init__(self, anchor: QWidget, keys: str) -> None:
        """Make the list of the field ``anchor``; ``keys`` explains the keys at its foot."""
        super().__init__(anchor)
        self._model, self._row = _Options(self), _Row(self)
        self.view = QListView(self)
        self.view.setModel(self._model)
        self.view.setItemDelegate(self._row)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setUniformItemSizes(True)
        self.view.setMouseTracking(True)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.view.clicked.connect(lambda index: self.chosen.emit(self._model.options[index.row()]))
        self._keys = ElidedLabel(keys, fonts.HEADER, token="text2")  # noqa: S106 - a colour
        self._count = label("", fonts.HEADER, tone="2")
        foot = QHBoxLayout()
        foot.setContentsMargins(theme.px(16), 0, theme.px(16), theme.px(2))
        foot.addWidget(self._keys, 1)
        foot.addWidget(self._count)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, theme.px(6), 1, theme.px(4))
        column.setSpacing(theme.px(4))
        inner = QHBoxLayout()
        inner.setContentsMargins(theme.px(5), 0, theme.px(5), 0)
        inner.addWidget(self.view)
        column.addLayout(inner, 1)
        self._line = hairline()
        column.addWidget(self._line)
        column.addLayout(foot)

    @property
    def options(self) -> tuple[Option, ...]:
        """The rows now shown."""
        return self._model.options

    def fill(self, options: Sequence[Option], count: str, select: int = 0) -> None:
        """Show other rows; ``count`` is the sentence at the foot, ``select`` the row to stand on (-1: none)."""
        self._model.fill(options)
        metrics = self.view.fontMetrics()
        codes = [metrics.horizontalAdvance(option.code) for option in options if option.code]
        self._row.code_width = max(codes, default=0) + theme.px(20) if codes else 0
        self._count.setText(count)
        for part in (self._keys, self.view, self._line):
            part.setVisible(bool(options))
        if 0 <= select < len(options):
            self._stand_on(select)

    def open(self, least_width: int) -> None:
        """Show the list below its field, as high as its rows (nine at most) need."""
        rows = min(len(self.options), NUMBERED)
        row, rest = theme.px(_ROW), theme.px(6 + 4 + 4 + 4 + 2) + self._count.sizeHint().height() + 3
        least = min(rows, _FEWEST) * row + rest
        self.open_below(max(self.anchor.width(), least_width), rows * row + rest, least, row)

    def step(self, rows: int) -> None:
        """Go down or up by ``rows``, stopping at the ends."""
        if self.options:
            at = self.view.currentIndex().row()
            self._stand_on(max(0, min(len(self.options) - 1, at + rows)))

    def current(self) -> Option | None:
        """The option stood on."""
        at = self.view.currentIndex()
        return self.options[at.row()] if at.isValid() else None

    def current_row(self) -> int:
        """Row stood on, -1 without one."""
        return self.view.currentIndex().row()

    def nth(self, number: int) -> Option | None:
        """The option with this number (1 to 9), None when there are fewer."""
        return self.options[number - 1] if 1 <= number <= min(NUMBERED, len(self.options)) else None

    def _stand_on(self, row: int) -> None:
        index = self._model.index(row)
        self.view.setCurrentIndex(index)
        self.view.scrollTo(index)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on the edge or foot does nothing and goes no further."""
        event.accept()


def _draw_tick(painter: QPainter, area: QRect, ticked: bool) -> None:
    side = theme.px(16)
    box = QRectF(area.left() + 0.5, area.center().y() - side / 2 + 0.5, side, side)
    painter.setPen(QPen(theme.color("accent" if ticked else "field_edge"), 1))
    painter.setBrush(theme.color("accent") if ticked else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box, theme.px(4), theme.px(4))
    if ticked:
        icons.draw(painter, box.adjusted(2, 2, -2, -2), "check", "on_accent")


def _draw_name(painter: QPainter, area: QRect, row: Option) -> None:
    """The name in pieces: before, matched (blue, weight 500), after; cut with … where it is too long."""
    plain, strong = fonts.font(), fonts.font(medium=True)
    start, end = row.span or (0, 0)
    pieces = [(row.name[:start], False), (row.name[start:end], True), (row.name[end:], False)]
    left = area.left()
    for text, matched in pieces:
        room = area.right() - left
        if not text or room <= 0:
            continue
        painter.setFont(strong if matched else plain)
        piece = QRect(left, area.top(), room, area.height())
        draw_line_text(painter, piece, text, theme.color("link" if matched else "text"))
        left += painter.fontMetrics().horizontalAdvance(text)
