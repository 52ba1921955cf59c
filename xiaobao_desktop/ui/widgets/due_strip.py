"""The four counters on top of the workbench: overdue, today, within 3 and 7 days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from xiaobao_desktop.domain.todo import BANDS, OVERDUE, TODAY, Band
from xiaobao_desktop.ui import fonts, icons, theme
from xiaobao_desktop.ui.widgets.labels import card, hairline
from xiaobao_desktop.ui.widgets.painting import draw_line_text

HEIGHT, PADDING = 82, 17
_MARKS = {OVERDUE: ("red", "triangle-alert"), TODAY: ("amber", "clock")}


class DueCounter(QAbstractButton):
    """One counter; a click goes to the first item of its band."""

    def __init__(self, key: str, name: str) -> None:
        super().__init__()
        self.key = key
        self.count, self.note = 0, ""
        self.setText(name)
        self.setFixedHeight(theme.px(HEIGHT - 2))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.tell(0, "")

    def tell(self, count: int, note: str) -> None:
        """Show a number and a few words beside it."""
        self.count, self.note = count, note
        self.setEnabled(count > 0)
        self.setAccessibleName("，".join(part for part in (self.text(), f"{count} 件", note) if part))
        self.setToolTip(note)
        self.update()

    def sizeHint(self) -> QSize:
        """Narrow; the strip shares its width out equally."""
        return QSize(theme.px(140), theme.px(HEIGHT - 2))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint name, mark, number, unit and note."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tone, mark = _MARKS.get(self.key, ("", ""))
        ink = theme.color(f"{tone}_text" if tone and self.count else "text2")
        edge = theme.px(PADDING)
        room = self.rect().adjusted(edge, 0, -theme.px(12), 0)
        top = QRect(room.left(), theme.px(11), room.width(), theme.px(22))
        painter.setFont(fonts.font(medium=bool(tone and self.count)))
        draw_line_text(painter, top, self.text(), ink)
        if mark and self.count:
            left = room.left() + painter.fontMetrics().horizontalAdvance(self.text()) + theme.px(6)
            side = theme.px(14)
            icons.draw(painter, QRectF(left, top.center().y() - side / 2 + 1, side, side), mark, f"{tone}_text")
        self._number(painter, room, f"{tone}_text" if tone and self.count else "text")
        if self.hasFocus():
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(3, 3, -3, -3), theme.px(6), theme.px(6))

    def _number(self, painter: QPainter, room: QRect, token: str) -> None:
        base = theme.px(65)
        painter.setFont(fonts.font(fonts.BIG, medium=True))
        painter.setPen(theme.color(token if self.count else "text3"))
        painter.drawText(room.left(), base, str(self.count))
        left = room.left() + painter.fontMetrics().horizontalAdvance(str(self.count)) + theme.px(8)
        painter.setFont(fonts.font(fonts.SECOND))
        painter.setPen(theme.color("text2"))
        painter.drawText(left, base, "件")
        left += painter.fontMetrics().horizontalAdvance("件") + theme.px(8)
        height = painter.fontMetrics().height()
        note = QRect(left, base - height + painter.fontMetrics().descent(), room.right() - left, height)
        draw_line_text(painter, note, self.note, theme.color("text2"), Qt.AlignmentFlag.AlignRight)


class DueStrip(QWidget):
    """The four counters in one card; ``chosen`` carries the key of a band."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.counters: dict[str, DueCounter] = {}
        box = card()
        inner = QHBoxLayout(box)
        inner.setContentsMargins(1, 0, 1, 0)
        inner.setSpacing(0)
        for key, name in BANDS:
            if self.counters:
                line = hairline(vertical=True)
                line.setFixedHeight(theme.px(54))
                inner.addWidget(line, 0, Qt.AlignmentFlag.AlignVCenter)
            made = DueCounter(key, name)
            made.clicked.connect(lambda _checked=False, band=key: self.chosen.emit(band))
            self.counters[key] = made
            inner.addWidget(made, 1)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(box)
        self.setFixedHeight(theme.px(HEIGHT))

    def show_bands(self, bands: Sequence[Band], today: date) -> None:
        """Show how many items each band has, and what they are."""
        for band in bands:
            self.counters[band.key].tell(len(band.items), _note(band, today))


def _note(band: Band, today: date) -> str:
    """最久 9 天·河口支行 for what is overdue, else the kinds: 投诉 1·报送 1."""
    if not band.items:
        return ""
    if band.key == OVERDUE:
        worst = band.items[0]
        return "·".join(part for part in (f"最久 {-worst.days_left(today)} 天", worst.unit) if part)
    return "·".join(f"{kind} {count}" for kind, count in band.by_kind)
