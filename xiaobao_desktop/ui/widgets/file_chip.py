"""A file as a chip (icon, name, size), and a photo as a small picture with its words below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QAction,
    QColor,
    QContextMenuEvent,
    QEnterEvent,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QAbstractButton, QMenu, QWidget

from xiaobao_desktop.ui import fonts, icons, theme
from xiaobao_desktop.ui.widgets.flow import FlowLayout
from xiaobao_desktop.ui.widgets.painting import draw_line_text, fill_round

_HEIGHT, _EDGE, _ICON, _GAP = 30, 10, 16, 8
_WIDEST = 220
_PICTURE = (108, 81)
_SHEETS = ("xls", "xlsx", "csv", "et")
_PICTURES = ("jpg", "jpeg", "png", "bmp", "webp", "heic", "tif", "tiff", "gif")


@dataclass(frozen=True)
class Act:
    """An entry of the menu of a file: its words, its icon, what it does; ``refused`` says why it may not be done."""

    words: str
    icon: str
    do: Callable[[], object]
    refused: str = ""


class _FileButton(QAbstractButton):
    """What chip and picture share: Enter and Space open, right click and the menu key show what else there is."""

    def __init__(self, name: str, acts: Sequence[Act]) -> None:
        super().__init__()
        self._acts = acts
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def menu(self) -> QMenu:
        """The menu of everything that can be done with the file."""
        menu = QMenu(self)
        for act in self._acts:
            action = QAction(act.words, menu)
            icons.put(action, act.icon)
            action.triggered.connect(act.do)
            action.setEnabled(not act.refused)
            action.setToolTip(act.refused)
            menu.addAction(action)
        menu.setToolTipsVisible(True)
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Show the menu at the pointer, or below the file for the menu key."""
        at_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        self.menu().popup(self.mapToGlobal(QPoint(0, self.height())) if at_key else event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens like Space."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that it can be pressed."""
        super().enterEvent(event)
        self.update()

    def _frame(self, painter: QPainter, area: QRectF) -> None:
        ground = "press" if self.isDown() else "hover" if self.underMouse() else "base"
        fill_round(painter, area, theme.color(ground), theme.px(6))
        self._outline(painter, area)

    def _outline(self, painter: QPainter, area: QRectF) -> None:
        wide = 2.0 if self.hasFocus() else 1.0
        colour = theme.color("accent" if self.hasFocus() else "button_edge")
        painter.setPen(QPen(colour, wide))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(area.adjusted(wide / 2, wide / 2, -wide / 2, -wide / 2), theme.px(6), theme.px(6))


class FileChip(_FileButton):
    """Icon, name and size in a frame; long names end in …."""

    def __init__(self, name: str, size: str, icon: str, acts: Sequence[Act]) -> None:
        super().__init__(f"{name} {size}", acts)
        self._name, self._size, self._icon = name, size, icon

    def sizeHint(self) -> QSize:
        """As wide as its words, up to a limit."""
        self.ensurePolished()
        words = self._metrics_width(self._name, fonts.BODY) + self._metrics_width(self._size, fonts.HEADER)
        wide = 2 * theme.px(_EDGE) + theme.px(_ICON) + 2 * theme.px(_GAP) + words + 2
        return QSize(min(wide, theme.px(_WIDEST)), theme.px(_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Frame, icon, name, size."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._frame(painter, QRectF(self.rect()))
        edge, side = theme.px(_EDGE), theme.px(_ICON)
        icons.draw(painter, QRectF(edge, (self.height() - side) / 2, side, side), self._icon, "text2")
        left = edge + side + theme.px(_GAP)
        tail = self._metrics_width(self._size, fonts.HEADER)
        painter.setFont(fonts.font())
        room = self.width() - left - tail - theme.px(_GAP) - edge
        draw_line_text(painter, QRect(left, 0, room, self.height()), self._name, theme.color("text"))
        painter.setFont(fonts.font(fonts.HEADER))
        painter.setPen(theme.color("text3"))
        place = QRect(0, 0, self.width() - edge, self.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._size)
        painter.end()

    def _metrics_width(self, text: str, points: float) -> int:
        return QFontMetrics(fonts.font(points)).horizontalAdvance(text)


class PhotoTile(_FileButton):
    """A photo cut to a small picture, with its caption (or its name, paler) below."""

    def __init__(self, name: str, caption: str, picture: QPixmap, acts: Sequence[Act]) -> None:
        super().__init__(f"{caption or name}", acts)
        self._words, self._captioned, self._picture = caption or name, bool(caption), picture

    def sizeHint(self) -> QSize:
        """Picture and one line of words."""
        return QSize(theme.px(_PICTURE[0]), theme.px(_PICTURE[1] + 22))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The middle of the picture in round corners, then the words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        area = QRectF(0, 0, self.width(), theme.px(_PICTURE[1]))
        fill_round(painter, area, theme.color("hover"), theme.px(6))
        if not self._picture.isNull():
            path = QPainterPath()
            path.addRoundedRect(area, theme.px(6), theme.px(6))
            painter.save()
            painter.setClipPath(path)
            painter.drawPixmap(area, self._picture, _middle(self._picture, area))
            painter.restore()
        self._outline(painter, area)
        painter.setFont(fonts.font(fonts.HEADER))
        colour: QColor = theme.color("text" if self._captioned else "text3")
        line = QRect(0, theme.px(_PICTURE[1]), self.width(), self.height() - theme.px(_PICTURE[1]))
        draw_line_text(painter, line, self._words, colour)
        painter.end()


def file_icon(name: str) -> str:
    """Name of the icon for a file by its ending."""
    ending = name.rpartition(".")[2].lower()
    return "file-spreadsheet" if ending in _SHEETS else "image" if ending in _PICTURES else "file-text"


def thumbnail_size() -> QSize:
    """Pixels a photo is kept at for its tile: twice the tile, for sharp screens."""
    return QSize(2 * theme.px(_PICTURE[0]), 2 * theme.px(_PICTURE[1]))


def _middle(picture: QPixmap, area: QRectF) -> QRectF:
    """The largest part of the picture with the shape of the area, around its middle."""
    scale = min(picture.width() / area.width(), picture.height() / area.height())
    wide, high = area.width() * scale, area.height() * scale
    return QRectF((picture.width() - wide) / 2, (picture.height() - high) / 2, wide, high)


def row_of(widgets: Sequence[QWidget], gap: int = 8) -> QWidget:
    """Chips or tiles in lines that break like words."""
    made = QWidget()
    flow = FlowLayout(theme.px(gap))
    for widget in widgets:
        flow.addWidget(widget)
    made.setLayout(flow)
    return made
