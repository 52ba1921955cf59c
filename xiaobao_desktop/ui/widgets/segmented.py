"""Choosing one of few: underlined tabs with counts (top bar) and a segmented control (periods, kinds)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.widgets.labels import set_shown
from xiaobao_desktop.ui.widgets.painting import fill_round


class _Part(QAbstractButton):
    """One choice; the arrow keys move within the group as Qt does for exclusive buttons."""

    def __init__(self, key: str, label: str) -> None:
        super().__init__()
        self.key = key
        self.setText(label)
        self.setCheckable(True)
        self.setAccessibleName(label)


class _Tab(_Part):
    """Label and count, underlined when chosen."""

    def __init__(self, key: str, label: str) -> None:
        super().__init__(key, label)
        self.count = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def set_count(self, count: int | None) -> None:
        """Show how many records lie behind the tab; None for none shown."""
        self.count = "" if count is None else str(count)
        self.setAccessibleName(f"{self.text()} {self.count}".strip())
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Room for the words in the heavier weight, so that choosing moves nothing."""
        return QSize(self._label_width() + self._count_width(), theme.px(56))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint label, count, underline and focus."""
        painter = QPainter(self)
        chosen = self.isChecked()
        painter.setFont(fonts.font(medium=chosen))
        painter.setPen(theme.color("text" if chosen or self.underMouse() else "text2"))
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(self.rect(), left, self.text())
        drawn = painter.fontMetrics().horizontalAdvance(self.text())
        painter.setFont(fonts.font(fonts.SECOND))
        painter.setPen(theme.color("text2"))
        painter.drawText(self.rect().adjusted(drawn + theme.px(6), 0, 0, 0), left, self.count)
        if chosen:
            painter.fillRect(QRect(0, self.height() - 2, self.width(), 2), theme.color("accent"))
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.color("accent"), 1.5))
            middle = self.height() / 2
            painter.drawRoundedRect(QRectF(0.75, middle - theme.px(14), self.width() - 1.5, theme.px(28)), 4, 4)

    def _label_width(self) -> int:
        self.ensurePolished()
        return _advance(self.text(), fonts.BODY, medium=True)

    def _count_width(self) -> int:
        return _advance(self.count, fonts.SECOND) + theme.px(6) if self.count else 0


class _Segment(_Part):
    """A part of the segmented control."""

    def sizeHint(self) -> QSize:
        """Words and room at both sides."""
        return QSize(_advance(self.text(), fonts.BODY, medium=True) + theme.px(24), theme.px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tint of the chosen part and the words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.isChecked()
        box = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        if chosen:
            fill_round(painter, box, theme.color("tint"), theme.px(4))
        elif self.underMouse():
            fill_round(painter, box, theme.color("hover"), theme.px(4))
        if self.hasFocus():
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawRoundedRect(box, theme.px(4), theme.px(4))
        painter.setFont(fonts.font(medium=chosen))
        painter.setPen(theme.color("link" if chosen else "text2"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())


class _Strip(QWidget):
    """What both have in common: exclusive parts in a row and one signal."""

    chosen = Signal(str)

    def __init__(self, spacing: int) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        self._group.buttonClicked.connect(lambda part: self.chosen.emit(part.key))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(spacing)

    def current(self) -> str:
        """Key of the chosen part, "" when none is."""
        part = self._group.checkedButton()
        return part.key if isinstance(part, _Part) else ""

    def choose(self, key: str) -> None:
        """Choose a part without sending ``chosen``; an unknown key changes nothing."""
        for part in self._group.buttons():
            if isinstance(part, _Part) and part.key == key:
                part.setChecked(True)
        give_tab_key(self._group)

    def offer(self, keys: Sequence[str]) -> None:
        """Show only the parts with these keys; when the chosen one goes, the first of ``keys`` is chosen instead."""
        for part in self._group.buttons():
            if isinstance(part, _Part):
                set_shown(part, shown=part.key in keys)
        if keys and self.current() not in keys:
            self.choose(keys[0])

    def _add(self, part: _Part) -> None:
        self._group.addButton(part)
        self._row.addWidget(part)
        if len(self._group.buttons()) == 1:
            part.setChecked(True)


class TabStrip(_Strip):
    """Tabs of the top bar: 在办 11, 今年 187. ``chosen`` carries the key."""

    def __init__(self, tabs: Sequence[tuple[str, str]]) -> None:
        """Take (key, label) pairs; the first is chosen."""
        super().__init__(theme.px(22))
        for key, label in tabs:
            self._add(_Tab(key, label))

    def set_count(self, key: str, count: int | None) -> None:
        """Show a count behind a tab."""
        for part in self._group.buttons():
            if isinstance(part, _Tab) and part.key == key:
                part.set_count(count)


class Segmented(_Strip):
    """One outline around a few parts. ``chosen`` carries the key."""

    def __init__(self, parts: Sequence[tuple[str, str]]) -> None:
        """Take (key, label) pairs; the first is chosen."""
        super().__init__(0)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        for key, label in parts:
            self._add(_Segment(key, label))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the outline and the short lines between parts."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("button_edge"), 1))
        painter.setBrush(theme.color("base"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme.px(6), theme.px(6))
        for part in [part for part in self._group.buttons() if not part.isHidden()][1:]:
            x = part.geometry().left()
            painter.drawLine(x, theme.px(8), x, self.height() - theme.px(8))


def give_tab_key(group: QButtonGroup) -> None:
    """Let the tab key stop at the chosen button of an exclusive group; Qt does so only for clicks.

    The keyboard goes with the choice: no frame stays around the part chosen before when the mouse chose another.
    """
    strayed = any(part.hasFocus() and not part.isChecked() for part in group.buttons())
    if strayed and group.checkedId() != -1:
        group.checkedButton().setFocus(Qt.FocusReason.OtherFocusReason)
    for part in group.buttons():
        part.setFocusPolicy(Qt.FocusPolicy.TabFocus if part.isChecked() else Qt.FocusPolicy.NoFocus)


def _advance(text: str, points: float, *, medium: bool = False) -> int:
    return QFontMetrics(fonts.font(points, medium=medium)).horizontalAdvance(text)
