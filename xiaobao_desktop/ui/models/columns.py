"""Which columns a list shows, in which order and how wide: remembered by field key, never by title."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from xiaobao_desktop.domain.fields import Column, Kind, Ledger
from xiaobao_desktop.services import origins
from xiaobao_desktop.ui import theme
from xiaobao_desktop.ui.pages.ledger_presenter import NUMBER
from xiaobao_desktop.ui.state import WindowState

NUMBER_WIDTH, CHARACTER, EXTRA, LONG_DATE = 126, 10, 3, 98
"""Pixels of the design sheet: the first column, one character of a width, what is added to it, a long date."""


class ColumnLayout:
    """The layout of one ledger's list; every change is kept at once."""

    def __init__(
        self,
        ledger: Ledger,
        columns: Sequence[Column],
        state: WindowState,
        least: Callable[[str], int] = lambda _key: 0,
    ) -> None:
        """Read what was kept.

        Args:
            ledger: whose list it is.
            columns: those it may show, in their usual order.
            state: where the layout is kept.
            least: pixels a column's header needs; a declared width never falls below.
        """
        self._ledger, self._state, self._least = ledger, state, least
        self._declared = {column.key: column for column in columns}
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
        if long_dates and origins.field_of(self._ledger, key).kind is Kind.DATE:
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

    def dropped(self, room: int, kept: Collection[str], *, long_dates: bool) -> tuple[str, ...]:
        """Shown columns to leave out, the last first, so that a list beside an open record needs no sideways scrolling.

        Only for a layout that was never changed; the stretch column gives up what :func:`stretch_reserve` says.

        Args:
            room: the width of the whole list in pixels.
            kept: columns that stay, such as the state and the one sorted by.
            long_dates: whether dates are written in full.
        """
        shown, stretch = self.shown(), self.stretch()
        if self.own or not stretch:
            return ()
        wide = {key: self.width(key, long_dates=long_dates) for key in (NUMBER, *shown)}
        over = sum(wide.values()) - stretch_reserve(wide[stretch]) - room
        less: list[str] = []
        for key in reversed(shown):
            if over > 0 and key != stretch and key not in kept:
                less.append(key)
                over -= wide[key]
        return tuple(less)

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


def stretch_reserve(width: int) -> int:
    """How much a stretch column of this width may give up when the list is narrow, in pixels."""
    return width // 4


def _is_entry(entry: object) -> bool:
    """Whether a kept entry is [key, width, shown]."""
    return (
        isinstance(entry, list)
        and len(entry) == 3
        and isinstance(entry[0], str)
        and isinstance(entry[1], int)
        and isinstance(entry[2], bool)
    )
