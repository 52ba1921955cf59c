"""Small drawings shared by delegates and painted widgets: pills, elided text, round boxes."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath, QPen, QPolygonF

from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.theme_tokens import tone as tone_colours

PILL_HEIGHT, PILL_PADDING = 20, 7
_CHECK = ((0.27, 0.53), (0.43, 0.69), (0.74, 0.34))


def pill_width(text: str) -> int:
    """Width of a pill around ``text``."""
    return QFontMetrics(fonts.font(fonts.HEADER, medium=True)).horizontalAdvance(text) + 2 * theme.px(PILL_PADDING)


def draw_pill(
    painter: QPainter, area: QRect, text: str, tone: str, *, right: bool = False, solid: bool = False
) -> None:
    """Paint a pill in the vertical middle of ``area``.

    Args:
        painter: of the cell or widget.
        area: the room there is; the pill is cut to its width.
        text: one or two words.
        tone: ``blue``, ``amber``, ``green``, ``grey`` or ``red``.
        right: at the right edge instead of the left.
        solid: white on the strong colour (overdue) instead of ink on tint.
    """
    look = theme.tokens()
    ink, ground = tone_colours(look, tone)
    if solid:
        ink, ground = look.on_accent, str(getattr(look, f"{tone}_solid"))
    height, width = theme.px(PILL_HEIGHT), min(pill_width(text), area.width())
    left = area.right() + 1 - width if right else area.left()
    box = QRect(left, area.center().y() - height // 2 + 1, width, height)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    fill_round(painter, QRectF(box), QColor(ground), theme.px(4))
    painter.setFont(fonts.font(fonts.HEADER, medium=True))
    painter.setPen(QColor(ink))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()


def fill_round(painter: QPainter, area: QRectF, colour: QColor, radius: float) -> None:
    """Fill a box with round corners; the painter should have antialiasing on."""
    path = QPainterPath()
    path.addRoundedRect(area, radius, radius)
    painter.fillPath(path, colour)


def draw_check(painter: QPainter, area: QRectF, colour: QColor) -> None:
    """Paint a tick that stays clear at small sizes, where the line icon would be too thin."""
    points = [QPointF(area.x() + x * area.width(), area.y() + y * area.height()) for x, y in _CHECK]
    pen = QPen(colour, max(1.5, area.width() / 9))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.drawPolyline(QPolygonF(points))


def draw_line_text(
    painter: QPainter, area: QRect, text: str, colour: QColor, align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft
) -> None:
    """Paint one line in the painter's font, vertically centred, ending in … when there is too little room."""
    painter.setPen(colour)
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(area, align | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)
