"""State of the window that may be thrown away: size and place, column layouts, last tab. A JSON file beside the book.

A damaged or older file is read as far as it makes sense and never stops the start: unknown keys are dropped, values of
the wrong type are ignored.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TypeVar

T = TypeVar("T", str, int, list[object], dict[str, object])

FILE = "window.json"
_KEYS = ("geometry", "maximized", "page", "detail", "compact", "columns", "tab", "sort", "group")
"""The only names kept; ``columns``, ``tab`` and ``sort`` hold one entry per ledger key, ``group`` one per group."""


class WindowState:
    """Named values of the window, read once and written when something changes."""

    def __init__(self, file: Path) -> None:
        """Read ``file``; whatever cannot be read counts as empty."""
        self._file = file
        self._values = _read(file)

    def get(self, key: str, default: T) -> T:
        """The value called ``key`` when it has the type of ``default``, else ``default``."""
        assert key in _KEYS, f"unknown window state {key}"
        value = self._values.get(key)
        return value if isinstance(value, type(default)) else default

    def put(self, key: str, value: str | int | bool | list[object] | dict[str, object]) -> None:
        """Keep ``value`` and write the file; a folder that cannot be written is no reason to stop work."""
        assert key in _KEYS, f"unknown window state {key}"
        if self._values.get(key) == value:
            return
        self._values[key] = value
        self._write()

    def get_for(self, key: str, ledger_key: str, default: T) -> T:
        """The entry of one ledger below ``key``, as in :meth:`get`."""
        value = self.get(key, {}).get(ledger_key)
        return value if isinstance(value, type(default)) else default

    def put_for(self, key: str, ledger_key: str, value: str | list[object] | dict[str, object] | None) -> None:
        """Keep the entry of one ledger below ``key``; None forgets it."""
        entries = {name: entry for name, entry in self.get(key, {}).items() if name != ledger_key}
        if value is not None:
            entries[ledger_key] = value
        self.put(key, entries)

    def _write(self) -> None:
        beside = self._file.with_name(f"{self._file.name}.part")
        try:
            beside.write_text(json.dumps(self._values, ensure_ascii=False), encoding="utf-8")
            beside.replace(self._file)
        except OSError:
            # The book may lie on a medium that is read-only or gone; only the layout is lost.
            return


@cache
def state_for(directory: Path) -> WindowState:
    """The window state kept beside the book in ``directory``."""
    return WindowState(directory / FILE)


def _read(file: Path) -> dict[str, object]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {key: value for key, value in found.items() if key in _KEYS} if isinstance(found, dict) else {}
