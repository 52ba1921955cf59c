"""Who changed what: one signal that every page listens to instead of calling other pages."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from PySide6.QtCore import QObject, Signal


class Bus(QObject):
    """The news of this window.

    ``changed`` carries a tuple of (ledger key, record id); a record id of 0 stands for the whole ledger, as after an
    import or a restore. ``settings_changed`` says that names, lists or options of the bank were edited. ``locking``
    comes just before the book closes for a lock: what waits to be kept is kept now, what was unmasked is masked.
    """

    changed = Signal(object)
    settings_changed = Signal()
    locking = Signal()

    def announce(self, changed: Iterable[tuple[str, int]]) -> None:
        """Tell everybody that these records were written; silent when there are none."""
        news = tuple(changed)
        if news:
            self.changed.emit(news)


@cache
def bus() -> Bus:
    """The bus of this process (one window a process)."""
    return Bus()
