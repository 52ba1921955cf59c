"""What the main window may ask of a page."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from xiaobao_desktop.ui import theme

DATA = "data"
"""Key of the page that imports."""


class Page(QWidget):
    """A page of the main window.

    Signals:
        status_changed: words at the left of the status bar.
        page_asked: key of a page to go to.
        record_asked: key of a ledger and id of the record to open.
        records_asked: key of a ledger, ids to show in its list, words that say where they come from.
        begin_asked: key of a ledger and a new record of it, filled in as far as it is known.
    """

    status_changed = Signal(str)
    page_asked = Signal(str)
    record_asked = Signal(str, int)
    records_asked = Signal(str, object, str)
    begin_asked = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.surface(self)

    def status_text(self) -> str:
        """Words at the left of the status bar while the page is shown."""
        return ""

    def focus_main(self) -> None:
        """Put the focus where work begins, when the page is shown."""

    def has_switch_focus(self) -> bool:
        """Whether the keyboard is on the control that goes to another ledger of the same group."""
        return False

    def focus_switch(self) -> None:
        """Put the keyboard on that control, when one walked here from its counterpart on another page."""
        self.focus_main()

    def focus_search(self) -> bool:
        """Put the cursor into the search field; False when the page has none."""
        return False

    def create_record(self) -> bool:
        """Begin a new record; False when the page has none to begin."""
        return False

    def print_page(self) -> bool:
        """Print what is shown; False when there is nothing to print."""
        return False

    def help_topic(self) -> str:
        """What F1 explains here, when it is not the page as a whole (see ``ui/models/manual.py``); "" for the page."""
        return ""

    def may_leave(self) -> bool:
        """Whether the page may be left now; asks the officer when something typed is not saved."""
        return True

    @property
    def editing(self) -> bool:
        """Whether a form is open; what it shows must not be changed behind it."""
        return False

    def has_unsaved(self) -> bool:
        """Whether something typed would be lost if the page went away now; asks nobody."""
        return False

    def set_narrow(self, *, narrow: bool) -> None:
        """Use the layout for windows below 1100 logical pixels."""
