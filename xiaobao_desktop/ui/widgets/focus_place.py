"""Where the keyboard is inside a part of the window that is made anew, so that it can be given back afterwards."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QWidget


@dataclass(frozen=True)
class FocusPlace:
    """A widget by what the officer knows it by, not by what it is: its block, its name, its place in the block.

    Attributes:
        block: kind of the block in the body.
        number: which one of the blocks of this kind.
        name: what a screen reader says of the widget.
        place: which one it is of the widgets of the block that take the keyboard.
    """

    block: str
    number: int
    name: str
    place: int

    def find(self, body: QWidget) -> QWidget | None:
        """The widget of this place in a body made anew: by name, else its neighbour in the block; None without one."""
        blocks = [block for block in _blocks(body) if _kind(block) == self.block]
        if self.number >= len(blocks):
            return None
        stops = _stops(blocks[self.number])
        named = [stop for stop in stops if _name(stop) == self.name]
        return named[0] if named else stops[min(self.place, len(stops) - 1)] if stops else None


def place_of(focused: QWidget | None, body: QWidget | None) -> FocusPlace | None:
    """The place of a widget in a body, None when it is not in it."""
    if focused is None or body is None or not body.isAncestorOf(focused):
        return None
    block = focused
    while (parent := block.parentWidget()) is not None and parent is not body:
        block = parent
    same = [other for other in _blocks(body) if _kind(other) == _kind(block)]
    stops = _stops(block)
    place = stops.index(focused) if focused in stops else 0
    return FocusPlace(_kind(block), same.index(block), _name(focused), place)


def _blocks(body: QWidget) -> list[QWidget]:
    return body.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)


def _kind(block: QWidget) -> str:
    """Name of a block, or what it is where it has none."""
    return block.objectName() or type(block).__name__


def _stops(block: QWidget) -> list[QWidget]:
    """The widgets of a block that take the keyboard, the block itself too."""
    found = [block, *block.findChildren(QWidget)]
    return [widget for widget in found if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isEnabled()]


def _name(widget: QWidget) -> str:
    return widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")
