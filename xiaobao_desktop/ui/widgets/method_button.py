"""The chip that says and changes the 口径: by received or closed date, repeats counted or merged."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from xiaobao_desktop.domain.statistics import Method

BASES = (("received", "按收到日期"), ("closed", "按办结日期"))


def method_words(method: Method) -> str:
    """按收到日期, 按办结日期·合并重复."""
    return f"{dict(BASES)[method.basis]}{'·合并重复' if method.merge_repeats else ''}"


class MethodButton(QPushButton):
    """Shows the 口径 in force; ``chosen`` carries the new :class:`Method`."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.method = Method()
        self.setProperty("look", "chip")
        self.setProperty("filled", True)
        self.setAutoDefault(False)
        self.setToolTip("口径：怎么算“本期”，重复投诉算不算")
        menu = QMenu(self)
        group = QActionGroup(self)
        self.basis_actions = []
        for key, name in BASES:
            action = menu.addAction(name)
            action.setCheckable(True)
            action.setData(key)
            action.setChecked(key == self.method.basis)
            group.addAction(action)
            self.basis_actions.append(action)
        group.triggered.connect(lambda action: self._use(replace(self.method, basis=action.data())))
        menu.addSeparator()
        self.merge_action = menu.addAction("重复投诉合并，只算一件")
        self.merge_action.setCheckable(True)
        self.merge_action.toggled.connect(lambda on: self._use(replace(self.method, merge_repeats=on)))
        self.setMenu(menu)
        self._show_words()

    def choose(self, method: Method) -> None:
        """Turn to another 口径, without ``chosen``."""
        self.method = method
        with QSignalBlocker(self.merge_action):
            self.merge_action.setChecked(method.merge_repeats)
        for action in self.basis_actions:
            action.setChecked(action.data() == method.basis)
        self._show_words()

    def _use(self, method: Method) -> None:
        if method != self.method:
            self.method = method
            self._show_words()
            self.chosen.emit(method)

    def _show_words(self) -> None:
        self.setText(f"口径：{method_words(self.method)}")
        self.setAccessibleName(self.text())
