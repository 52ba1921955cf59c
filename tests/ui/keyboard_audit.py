"""Walking a window with the Tab key and saying what a keyboard cannot reach, has no name, or comes out of order."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QTextEdit,
    QWidget,
)

INTERACTIVE = (QAbstractButton, QLineEdit, QTextEdit, QPlainTextEdit, QComboBox, QAbstractItemView, QAbstractSpinBox)
MOST_STOPS = 200
SAME_ROW = 12
"""Widgets whose middles lie no further apart stand in one row."""


@dataclass(frozen=True)
class Stop:
    """A widget that got the keyboard: where it lay then, and where the one that had it before lay at that time."""

    widget: QWidget
    place: QRect
    before: QWidget
    before_place: QRect


def walk(window: QWidget) -> list[Stop]:
    """Every widget the Tab key comes to until it comes round again; a text goes from link to link before it lets go."""
    window.activateWindow()
    QApplication.processEvents()
    if QApplication.focusWidget() is None:
        window.focusNextChild()
    stops: list[Stop] = []
    before = QApplication.focusWidget()
    for _press in range(MOST_STOPS):
        assert before is not None, "nothing has the keyboard"
        QTest.keyClick(before, Qt.Key.Key_Tab)
        QApplication.processEvents()
        here = QApplication.focusWidget()
        assert here is not None, "nothing has the keyboard"
        assert here.window() is window, f"the keyboard left the window for {name(here)}"
        if stops and here is stops[0].widget and here is not before:
            return [Stop(here, place(here), before, place(before)), *stops[1:]]
        if here is not before:
            stops.append(Stop(here, place(here), before, place(before)))
        before = here
    if not stops and before is not None:
        return [Stop(before, place(before), before, place(before))]
    raise AssertionError(f"no way round in {MOST_STOPS} steps: {[name(stop.widget) for stop in stops]}")


def out_of_reach(window: QWidget, stops: list[Stop]) -> list[str]:
    """Visible, enabled widgets that Tab does not come to; the arrow keys go through exclusive groups."""
    reached = {id(stop.widget) for stop in stops}
    return [
        f"{type(found).__name__} {name(found)}"
        for found in interactive(window)
        if id(found) not in reached and not _by_arrows(found, reached)
    ]


def nameless(window: QWidget, stops: list[Stop]) -> list[str]:
    """Widgets that a screen reader could not name."""
    found = {id(one): one for one in [*(stop.widget for stop in stops), *interactive(window)]}
    return [f"{type(one).__name__} in {type(one.parentWidget()).__name__}" for one in found.values() if not name(one)]


def backwards(stops: list[Stop]) -> list[str]:
    """Steps of the Tab key that go up in the same column or back in the same row, but for the one way round."""
    round_again = min(
        stops, key=lambda stop: (stop.place.center().y() - stop.before_place.center().y(), stop.place.x())
    )
    found = []
    for stop in stops:
        here, there = stop.before_place, stop.place
        beside = there.left() < here.right() and here.left() < there.right()
        above = beside and there.bottom() <= here.top()
        one_row = abs(here.center().y() - there.center().y()) < SAME_ROW
        if stop is not round_again and (above or (one_row and there.right() <= here.left())):
            found.append(f"{name(stop.before)} → {name(stop.widget)}")
    return found


def interactive(window: QWidget) -> list[QWidget]:
    """Widgets of a window or of a part of one that an officer may use now, those inside another control left out."""
    return [
        found
        for found in window.findChildren(QWidget)
        if isinstance(found, INTERACTIVE)
        and found.isVisible()
        and found.isEnabled()
        and found.window() is window.window()
        and not _inside(found)
    ]


def name(widget: QWidget) -> str:
    """What a screen reader says: the accessible name, or the words on a button."""
    words = widget.text() if isinstance(widget, QAbstractButton) else ""
    return widget.accessibleName() or words


def place(widget: QWidget) -> QRect:
    """Where a widget lies in its window."""
    return QRect(widget.mapTo(widget.window(), QPoint(0, 0)), widget.size())


def _by_arrows(widget: QWidget, reached: set[int]) -> bool:
    if not isinstance(widget, QAbstractButton) or widget.group() is None:
        return False
    return widget.group().exclusive() and any(id(part) in reached for part in widget.group().buttons())


def _inside(widget: QWidget) -> bool:
    """Whether a widget is a part of another control, such as the header of a table or the list of a combo box."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, (QLineEdit, QComboBox, QAbstractSpinBox, QAbstractItemView)):
            # Buttons laid into an empty table are not a part of it.
            return not (isinstance(parent, QAbstractItemView) and isinstance(widget, QAbstractButton))
        if isinstance(parent, QAbstractScrollArea) and isinstance(widget, QScrollBar):
            return True
        parent = parent.parentWidget()
    return False
