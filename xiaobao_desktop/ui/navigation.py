"""The sidebar: mark and bank, the pages with icon, count and red dot, the officer and the lock at the foot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QButtonGroup,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from xiaobao_desktop import resources
from xiaobao_desktop.ui import fonts, icons, theme
from xiaobao_desktop.ui.widgets.buttons import icon_button
from xiaobao_desktop.ui.widgets.labels import ElidedLabel, hairline
from xiaobao_desktop.ui.widgets.painting import draw_line_text, fill_round
from xiaobao_desktop.ui.widgets.segmented import give_tab_key

WIDE, SLIM = 196, 56
"""Pixels of the design sheet: with words, with icons only."""
ITEM, MARK = 32, 28
PRODUCT = "小保·消保台账"


class NavEntry(NamedTuple):
    """A page in the sidebar; a thin line stands between sections."""

    key: str
    label: str
    icon: str
    section: int


class NavItem(QAbstractButton):
    """One page: icon, words, count, red dot when something is overdue, blue bar when it is the one shown."""

    def __init__(self, key: str, label: str, icon: str) -> None:
        super().__init__()
        self.key, self._icon = key, icon
        self._slim, self._count, self._alert = False, 0, False
        self.setText(label)
        self.setCheckable(True)
        # A click leaves the focus to the page; the arrow keys keep it here.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedHeight(theme.px(ITEM))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._name()

    def set_badge(self, count: int, *, alert: bool) -> None:
        """Show a count (0 = none) and the red dot."""
        self._count, self._alert = count, alert
        self._name()
        self.update()

    def set_slim(self, *, slim: bool) -> None:
        """Only the icon; the words become the tooltip."""
        self._slim = slim
        self._name()
        self.update()

    def sizeHint(self) -> QSize:
        """Fills the sidebar."""
        return QSize(theme.px(SLIM - 16), theme.px(ITEM))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.isChecked()
        if chosen or self.underMouse():
            fill_round(painter, QRectF(self.rect()), theme.color("press" if chosen else "hover"), theme.px(6))
        if chosen:
            bar = QRectF(0, theme.px(8), theme.px(3), self.height() - theme.px(16))
            fill_round(painter, bar, theme.color("accent"), 1.5)
        if self.hasFocus():
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), theme.px(6), theme.px(6))
        size = theme.px(icons.SIZE)
        left = (self.width() - size) / 2 if self._slim else theme.px(13)
        box = QRectF(left, (self.height() - size) / 2, size, size)
        icons.draw(painter, box, self._icon, "link" if chosen else "text2")
        if self._slim:
            if self._alert:
                self._dot(painter, QPoint(round(box.right()) + theme.px(6), theme.px(8)))
            return
        self._draw_words(painter, chosen=chosen)

    def _draw_words(self, painter: QPainter, *, chosen: bool) -> None:
        area = QRect(theme.px(39), 0, self.width() - theme.px(48), self.height())
        taken = 0
        if self._count:
            painter.setFont(fonts.font(fonts.SECOND))
            text = str(self._count)
            draw_line_text(painter, area, text, theme.color("text2"), Qt.AlignmentFlag.AlignRight)
            taken = painter.fontMetrics().horizontalAdvance(text) + theme.px(12)
        if self._alert:
            self._dot(painter, QPoint(area.right() - taken + theme.px(4), self.height() // 2))
        painter.setFont(fonts.font(medium=chosen))
        words = area.adjusted(0, 0, -taken - theme.px(8), 0)
        draw_line_text(painter, words, self.text(), theme.color("text"))

    def _dot(self, painter: QPainter, middle: QPoint) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("red_solid"))
        painter.drawEllipse(middle, theme.px(3), theme.px(3))

    def _name(self) -> None:
        parts = [self.text()]
        if self._count:
            parts.append(f"{self._count} 件")
        if self._alert:
            parts.append("有逾期")
        self.setAccessibleName("，".join(parts))
        self.setToolTip("，".join(parts) if self._slim else "")


class Avatar(QWidget):
    """The first character of a name in a round field."""

    def __init__(self, name: str, size: int = 28, points: float = 10.0) -> None:
        super().__init__()
        self._letter, self._points = name[:1], points
        self.setFixedSize(theme.px(size), theme.px(size))

    def set_name(self, name: str) -> None:
        """Show another person."""
        self._letter = name[:1]
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill_round(painter, QRectF(self.rect()), theme.color("tint_edge"), self.width() / 2)
        painter.setFont(fonts.font(self._points, medium=True))
        painter.setPen(theme.color("link"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._letter)


class Mark(QWidget):
    """The mark of the program."""

    def __init__(self, size: int = MARK) -> None:
        super().__init__()
        self.setFixedSize(theme.px(size), theme.px(size))
        self._drawing = QSvgRenderer(str(resources.path("icons", "app.svg")))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._drawing.render(painter, QRectF(self.rect()))


class Sidebar(QWidget):
    """``chosen`` carries the key of a page, ``lock_asked`` is sent by the lock, ``help_asked`` by the question mark."""

    chosen = Signal(str)
    lock_asked = Signal()
    help_asked = Signal()

    def __init__(self, bank: str, officer: str, pages: Sequence[NavEntry]) -> None:
        super().__init__()
        theme.surface(self, QPalette.ColorRole.Window)
        self.setAccessibleName("导航")
        self._items: dict[str, NavItem] = {}
        self._group = QButtonGroup(self)
        self._group.buttonClicked.connect(self._clicked)
        self._words: list[QWidget] = []
        self._lock = icon_button("lock", "锁定（Ctrl+L）")
        self._lock.clicked.connect(self.lock_asked.emit)
        self._help = icon_button("circle-question-mark", "使用手册（F1）")
        self._help.clicked.connect(self.help_asked.emit)
        self._bank = ElidedLabel(bank, fonts.SECOND, token="text2")  # noqa: S106 - a colour
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head())
        self._list = QVBoxLayout()
        self._list.setContentsMargins(theme.px(8), theme.px(6), theme.px(8), theme.px(6))
        self._list.setSpacing(theme.px(2))
        column.addLayout(self._list)
        # The foot is made after the pages, so that the tab key comes to the lock last.
        for place, entry in enumerate(pages):
            self._add_page(entry, section_start=place > 0 and entry.section != pages[place - 1].section)
        column.addStretch(1)
        column.addWidget(hairline())
        column.addLayout(self._foot(officer))
        self.set_slim(slim=False)

    def _add_page(self, entry: NavEntry, *, section_start: bool) -> None:
        """Add a page below the others, after a line when a section starts."""
        if section_start:
            line = hairline()
            box = QVBoxLayout()
            box.setContentsMargins(theme.px(12), theme.px(6), theme.px(12), theme.px(6))
            box.addWidget(line)
            self._list.addLayout(box)
        item = NavItem(entry.key, entry.label, entry.icon)
        self._group.addButton(item)
        self._list.addWidget(item)
        self._items[entry.key] = item

    def show_page(self, key: str) -> None:
        """Mark a page as the one shown."""
        self._items[key].setChecked(True)
        give_tab_key(self._group)

    def set_badge(self, key: str, count: int, *, alert: bool) -> None:
        """Show a count and a red dot beside a page."""
        self._items[key].set_badge(count, alert=alert)

    def set_bank(self, bank: str) -> None:
        """Show another name of the bank."""
        self._bank.set_text(bank)

    def set_officer(self, officer: str) -> None:
        """Show another officer."""
        self._avatar.set_name(officer)
        self._officer.set_text(officer)

    def set_role(self, words: str) -> None:
        """Say below the name what this user may do."""
        self._role.set_text(words)

    def show_lock(self, *, shown: bool) -> None:
        """Show the lock; a book without a password has nothing to lock."""
        self._lock.setVisible(shown)

    def set_slim(self, *, slim: bool) -> None:
        """Icons only, or icons and words."""
        self.setFixedWidth(theme.px(SLIM if slim else WIDE))
        self._tools.setDirection(QBoxLayout.Direction.TopToBottom if slim else QBoxLayout.Direction.LeftToRight)
        for item in self._items.values():
            item.set_slim(slim=slim)
        for words in self._words:
            words.setVisible(not slim)

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(theme.px(14), theme.px(10), theme.px(10), theme.px(10))
        row.setSpacing(theme.px(10))
        row.addWidget(Mark())
        words = QWidget()
        lines = QVBoxLayout(words)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        lines.addWidget(ElidedLabel(PRODUCT, medium=True))
        lines.addWidget(self._bank)
        self._words.append(words)
        row.addWidget(words, 1)
        return row

    def _foot(self, officer: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(theme.px(14), theme.px(8), theme.px(12), theme.px(8))
        row.setSpacing(theme.px(10))
        words = QWidget()
        inner = QHBoxLayout(words)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(theme.px(10))
        self._avatar, self._officer = Avatar(officer), ElidedLabel(officer, medium=True)
        inner.addWidget(self._avatar)
        lines = QVBoxLayout()
        lines.setSpacing(0)
        lines.addWidget(self._officer)
        self._role = ElidedLabel("消保专员", fonts.SECOND, token="text2")  # noqa: S106 - a colour
        lines.addWidget(self._role)
        inner.addLayout(lines, 1)
        self._words.append(words)
        row.addWidget(words, 1)
        self._tools = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._tools.setSpacing(theme.px(4))
        self._tools.addWidget(self._help)
        self._tools.addWidget(self._lock)
        row.addLayout(self._tools)
        return row

    def _clicked(self, item: QAbstractButton) -> None:
        if isinstance(item, NavItem):
            self.chosen.emit(item.key)
