"""The segmented control at the head of a page whose ledger shares an entry of the sidebar with others."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt

from xiaobao_desktop.domain.fields import Ledger
from xiaobao_desktop.ui.widgets.segmented import Segmented


class GroupSwitch(Segmented):
    """One part for each ledger of a group. Every page has its own, on which its own ledger is always the chosen one.

    ``chosen`` carries the key of another ledger.
    """

    def __init__(self, ledgers: Sequence[Ledger], shown: Ledger) -> None:
        super().__init__([(item.key, item.label) for item in ledgers])
        self._shown = shown.key
        self.setAccessibleName(shown.group.label if shown.group else shown.label)
        self.choose(shown.key)

    def settle(self) -> None:
        """Mark the page's own ledger again: the page is being left, or the officer stays."""
        self.choose(self._shown)

    def has_keyboard(self) -> bool:
        """Whether one walks through the parts with the arrow keys."""
        return any(part.hasFocus() for part in self._group.buttons())

    def take_keyboard(self) -> None:
        """Put the keyboard on the chosen part."""
        if (part := self._group.checkedButton()) is not None:
            part.setFocus(Qt.FocusReason.OtherFocusReason)
