"""Keeps in sight what has the keyboard: the form scrolls to every field, and to cells and new rows of its tables."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QObject, QPoint, QRect, QTimer
from PySide6.QtWidgets import QAbstractItemView, QApplication, QScrollArea, QWidget

from xiaobao_desktop.ui import theme
from xiaobao_desktop.ui.pages.record_form_cell import FieldCell

_BESIDE, _AROUND = 20, 40
"""Pixels of the design sheet kept free at the sides, and above and below."""


class Sight(QObject):
    """Watches over the fields of one scroll area."""

    def __init__(self, area: QScrollArea) -> None:
        super().__init__(area)
        self._area = area
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._focus_moved)

    def watch_rows(self, view: QAbstractItemView, above: QWidget) -> None:
        """Follow the cell stood on in ``view``; show rows that are added together with ``above``, where one types."""
        view.selectionModel().currentChanged.connect(lambda index, _before: self._cell_moved(view, index))
        view.model().rowsInserted.connect(lambda *_rows: self._soon(lambda: self._show_last(view, above)))

    def reveal(self, widget: QWidget) -> None:
        """Scroll so that a widget is seen, with its label and sentence where it is the editor of a field."""
        owner: QWidget | None = widget
        while owner is not None and not isinstance(owner, FieldCell):
            owner = owner.parentWidget()
        self._show(owner or widget)

    def _focus_moved(self, _before: QWidget | None, now: QWidget | None) -> None:
        if now is None or not self._area.widget().isAncestorOf(now):
            return
        if isinstance(now, QAbstractItemView):
            self._soon(lambda: self._cell_moved(now, now.currentIndex()))
        else:
            self.reveal(now)
            # Once more when the layout has taken in a sentence that came or went with the move.
            self._soon(lambda: self._reveal_if_here(now))

    def _reveal_if_here(self, widget: QWidget) -> None:
        if widget.hasFocus():
            self.reveal(widget)

    def _cell_moved(self, view: QAbstractItemView, index: QModelIndex) -> None:
        if view.hasFocus() and index.isValid():
            self._show(view.viewport(), view.visualRect(index))
        elif view.hasFocus():
            self._show(view)

    def _show_last(self, view: QAbstractItemView, above: QWidget) -> None:
        """The last row, and the line above the table rather than that where both do not fit."""
        if not above.isVisible() or not above.isAncestorOf(QApplication.focusWidget() or view):
            return
        self._show(view.viewport(), view.visualRect(view.model().index(view.model().rowCount() - 1, 0)))
        self._show(above)

    def _show(self, widget: QWidget, part: QRect | None = None) -> None:
        content = self._area.widget()
        if not content.isAncestorOf(widget):
            return
        area = part or widget.rect()
        place = QRect(widget.mapTo(content, area.topLeft()), area.size())
        # The lower edge first: of what is higher than the window the beginning is seen.
        for corner in (place.bottomRight(), place.topLeft()):
            self._ensure(corner)

    def _ensure(self, corner: QPoint) -> None:
        around = min(theme.px(_AROUND), self._area.viewport().height() // 4)
        self._area.ensureVisible(corner.x(), corner.y(), theme.px(_BESIDE), around)

    def _soon(self, act: Callable[[], None]) -> None:
        QTimer.singleShot(0, self, act)
