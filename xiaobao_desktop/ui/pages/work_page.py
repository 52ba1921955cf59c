"""What the page of a ledger may ask of a record's own page: one that is worked through and not filled in as a form."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from xiaobao_desktop.ui import theme


class WorkPage(QWidget):
    """A record that is worked through; it lies over the list of its ledger.

    Signals:
        closed: back to the list.
        told: something was done, in Chinese; it can be undone.
        record_asked: key of another ledger and id of the record to open.
        edit_asked: the form of the record is wanted.
        status_changed: words for the status bar have changed.
    """

    closed = Signal()
    told = Signal(str)
    record_asked = Signal(str, int)
    edit_asked = Signal()
    status_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        theme.surface(self)

    @property
    def record_id(self) -> int:
        """Which record it is."""
        raise NotImplementedError

    def focus_first(self) -> None:
        """Put the keyboard where work goes on."""
        raise NotImplementedError

    def commit(self) -> None:
        """Keep what was typed."""
        raise NotImplementedError

    def reload(self) -> bool:
        """Show what the book has now; False when the record is gone."""
        raise NotImplementedError

    def status_text(self) -> str:
        """Words for the status bar."""
        return ""

    def has_unsaved(self) -> bool:
        """Whether something typed is not kept yet."""
        return False

    def help_topic(self) -> str:
        """The topic of the manual that explains it."""
        return ""

    def print_page(self) -> bool:
        """Print the record; False when there is nothing to print."""
        return False
