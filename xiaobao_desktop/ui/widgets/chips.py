"""The row of filter chips above a list. Chips that find no room move into 更多条件."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from xiaobao_desktop.ui import icons, theme
from xiaobao_desktop.ui.widgets.buttons import GHOST, button
from xiaobao_desktop.ui.widgets.labels import set_tone

USUAL = 5
"""Chips shown beside 更多条件 when there is room; chips that are set always show."""
HEIGHT, GAP = 42, 6


class Chip(QPushButton):
    """One filter: empty "来源 ▾", or set "来源：来访 ×"; the icon stands behind the words.

    ``removed`` is sent by the Delete key.
    """

    removed = Signal()

    def __init__(self, key: str, name: str) -> None:
        super().__init__()
        self.key, self.name = key, name
        self.filled = False
        self.setProperty("look", "chip")
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.setAutoDefault(False)
        self.tell("")

    def tell(self, words: str) -> None:
        """Show the words of the filter, or the bare name for none."""
        self.filled = bool(words)
        text = f"{self.name}：{words}" if words else self.name
        # The blank keeps the words off the icon: the style leaves too small a gap.
        self.setText(f"{text} ")
        self.setAccessibleName(f"筛选 {text}")
        self.setToolTip("按 Delete 去掉这个条件" if words else "")
        icons.put(self, "x" if words else "chevron-down", "link" if words else "text2", icons.SMALL)
        set_tone(self, "true" if words else "false", "filled")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete takes the filter off."""
        if self.filled and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
            return
        super().keyPressEvent(event)

    def on_icon(self, x: int) -> bool:
        """Whether a click at ``x`` meets the icon at the right end."""
        return x >= self.width() - theme.px(28)


class ChipRow(QWidget):
    """Sends ``asked`` (key, widget to open below), ``removed`` (key), ``cleared``."""

    asked = Signal(str, object)
    removed = Signal(str)
    cleared = Signal()

    def __init__(self, fields: Sequence[tuple[str, str]], only_set: Sequence[tuple[str, str]] = ()) -> None:
        """Take (key, label) of every field that may be filtered, the usual ones first.

        ``only_set`` are chips that other pages set; they show while they are set and are not offered otherwise.
        """
        super().__init__()
        self.setFixedHeight(theme.px(HEIGHT))
        self._chips = {key: self._chip(key, name) for key, name in (*only_set, *fields)}
        self._only_set = {key for key, _name in only_set}
        self._usual = {key for key, _name in fields[:USUAL]}
        self._more = button("更多条件", icon="plus")
        self._more.setProperty("look", "chip")
        self._more.clicked.connect(self._show_menu)
        self._clear = button("清除", GHOST)
        self._clear.clicked.connect(self.cleared.emit)
        self._clear.hide()
        self._menu = QMenu(self)
        self.tools = QHBoxLayout()
        self.tools.setSpacing(theme.px(4))
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(20), 0, theme.px(12), 0)
        row.setSpacing(theme.px(GAP))
        for chip in self._chips.values():
            row.addWidget(chip)
        row.addWidget(self._more)
        row.addWidget(self._clear)
        row.addStretch(1)
        row.addLayout(self.tools)

    def chip(self, key: str) -> Chip:
        """The chip of a field; KeyError when it may not be filtered."""
        return self._chips[key]

    def tell(self, words: Mapping[str, str], *, clearable: bool) -> None:
        """Show these filters (key → words) as set, all others as empty; ``clearable`` offers to clear them all."""
        for key, chip in self._chips.items():
            chip.tell(words.get(key, ""))
        self._clear.setVisible(clearable)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many chips as there is room for."""
        super().resizeEvent(event)
        self._arrange()

    def _chip(self, key: str, name: str) -> Chip:
        made = Chip(key, name)
        made.clicked.connect(lambda: self._clicked(made))
        made.removed.connect(lambda: self.removed.emit(key))
        return made

    def _clicked(self, chip: Chip) -> None:
        point = chip.mapFromGlobal(chip.cursor().pos())
        if chip.filled and chip.underMouse() and chip.on_icon(point.x()):
            self.removed.emit(chip.key)
        else:
            self.asked.emit(chip.key, chip)

    def _arrange(self) -> None:
        gap = theme.px(GAP)
        fixed = theme.px(32) + self._more.sizeHint().width() + self.tools.sizeHint().width() + 2 * gap
        fixed += self._clear.sizeHint().width() + gap if not self._clear.isHidden() else 0
        room = self.width() - fixed
        filled = [chip for chip in self._chips.values() if chip.filled]
        room -= sum(chip.sizeHint().width() + gap for chip in filled)
        for key, chip in self._chips.items():
            wide = chip.sizeHint().width() + gap
            fits = key in self._usual and room >= wide
            if fits and not chip.filled:
                room -= wide
            chip.setVisible(chip.filled or fits)
        self._more.setVisible(bool(self._offered()))

    def _offered(self) -> list[Chip]:
        """The chips behind 更多条件."""
        return [chip for key, chip in self._chips.items() if chip.isHidden() and key not in self._only_set]

    def _show_menu(self) -> None:
        self._menu.clear()
        for chip in self._offered():
            action = self._menu.addAction(chip.name)
            action.triggered.connect(lambda _checked=False, wanted=chip.key: self.asked.emit(wanted, self._more))
        self._menu.popup(self._more.mapToGlobal(self._more.rect().bottomLeft()))
