"""Which columns a list shows, in which order and how wide: remembered by field key, never by title."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xiaobao_desktop.domain.fields import Kind, Ledger
from xiaobao_desktop.ui import theme
from xiaobao_desktop.ui.pages.ledger_presenter import NUMBER
from xiaobao_desktop.ui.state import WindowState

NUMBER_WIDTH, CHARACTER, EXTRA, LONG_DATE = 126, 10, 3, 98
"""Pixels of the design sheet: the first column, one character of a width, what is added to it, a long date."""


class ColumnLayout:
    """The layout of one ledger's list; every change is kept at once."""

    def __init__(self, ledger: Ledger, state: WindowState, least: Callable[[str], int] = lambda _key: 0) -> None:
        """Read what was kept.

        Args:
            ledger: declares the columns.
            state: where the layout is kept.
            least: pixels a column's header needs; a declared width never falls below.
        """
        self._ledger, self._state, self._least = ledger, state, least
        self._declared = {column.key: column for column in ledger.columns}
        self._order: list[str] = []
        self._shown: set[str] = set()
        self._widths: dict[str, int] = {}
        self.own = False
        self._read()

    @property
    def keys(self) -> tuple[str, ...]:
        """All columns but the number, in order, hidden ones too."""
        return tuple(self._order)

    def is_shown(self, key: str) -> bool:
        """Whether a column is shown."""
        return key in self._shown

    def shown(self) -> tuple[str, ...]:
        """The shown columns in order, without the number."""
        return tuple(key for key in self._order if key in self._shown)

    def stretch(self) -> str:
        """The column that takes the rest, the last shown one when the declared one is hidden, "" when none is shown."""
        shown = self.shown()
        chosen = next((key for key in shown if self._declared[key].stretch), "")
        return chosen or (shown[-1] if shown else "")

    def width(self, key: str, *, long_dates: bool = False) -> int:
        """Width of a column in pixels: as pulled by the officer, else as declared."""
        if key in self._widths:
            return self._widths[key]
        if key == NUMBER:
            return theme.px(NUMBER_WIDTH)
        declared = max(theme.px(self._declared[key].width * CHARACTER + EXTRA), self._least(key))
        if long_dates and self._ledger.field(key).kind is Kind.DATE:
            return max(declared, theme.px(LONG_DATE))
        return declared

    def added(self, room: int, limit: int, *, long_dates: bool) -> tuple[str, ...]:
        """Hidden columns to add on a wide screen before the stretch column passes ``limit`` pixels.

        Only for a layout that was never changed; ``room`` is the width of the whole list.
        """
        if self.own:
            return ()
        rest = room - sum(self.width(key, long_dates=long_dates) for key in (NUMBER, *self.shown()))
        stretch = self.stretch()
        rest += self.width(stretch) if stretch else 0
        more: list[str] = []
        for key in self._order:
            wide = self.width(key, long_dates=long_dates)
            if key not in self._shown and rest > limit and rest - wide >= self.width(stretch or NUMBER):
                more.append(key)
                rest -= wide
        return tuple(more)

    def set_width(self, key: str, width: int) -> None:
        """Keep the width a column was pulled to."""
        self._widths[key] = width
        self._keep()

    def set_shown(self, key: str, shown: bool) -> None:
        """Show or hide a column."""
        (self._shown.add if shown else self._shown.discard)(key)
        self._keep()

    def set_order(self, keys: Sequence[str]) -> None:
        """Put the columns into this order; columns not named follow in their old order."""
        named = [key for key in keys if key in self._declared]
        self._order = [*named, *(key for key in self._order if key not in named)]
        self._keep()

    def reset(self) -> None:
        """Back to the declared columns."""
        self._state.put_for("columns", self._ledger.key, None)
        self._read()

    def _read(self) -> None:
        """Take what was kept; columns that are no longer declared are dropped, new ones stand where declared."""
        self._order = list(self._declared)
        self._shown = {key for key, column in self._declared.items() if column.shown}
        self._widths = {}
        kept: list[object] = self._state.get_for("columns", self._ledger.key, [])
        entries = [entry for entry in kept if _is_entry(entry)]
        self.own = bool(entries)
        named: list[str] = []
        for entry in entries:
            assert isinstance(entry, list)
            key, width, shown = entry
            if width and (key in self._declared or key == NUMBER):
                self._widths[key] = width
            if key in self._declared:
                named.append(key)
                (self._shown.add if shown else self._shown.discard)(key)
        self._order = [*named, *(key for key in self._order if key not in named)]

    def _keep(self) -> None:
        self.own = True
        entries: list[object] = [[NUMBER, self._widths.get(NUMBER, 0), True]]
        entries += [[key, self._widths.get(key, 0), key in self._shown] for key in self._order]
        self._state.put_for("columns", self._ledger.key, entries)


def _is_entry(entry: object) -> bool:
    """Whether a kept entry is [key, width, shown]."""
    return (
        isinstance(entry, list)
        and len(entry) == 3
        and isinstance(entry[0], str)
        and isinstance(entry[1], int)
        and isinstance(entry[2], bool)
    )
