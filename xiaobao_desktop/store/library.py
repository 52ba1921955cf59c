"""sqlite-utils on SQLCipher: the one module that loads the library.

sqlite-utils looks for ``pysqlite3`` before the standard library's ``sqlite3``; with SQLCipher under that name it
catches the right error classes. Its hook module imports ``sqlite3`` plainly, so that name stands for SQLCipher while
sqlite-utils loads and is given back afterwards: other tools of the process keep the standard module. It also loads
numpy and pandas where they are installed, only to know their number types; they would cost a third of the start.
Likewise it loads what its plug-ins and its own command line need. No plug-in ever gets at the book (each connection is
opened with ``execute_plugins=False``), so empty modules stand for those parts.
"""

from __future__ import annotations

import sys
from types import ModuleType

import sqlcipher3
from sqlcipher3 import dbapi2

_PLAIN_NAMES = ("sqlite3", "sqlite3.dbapi2")
_NOT_NEEDED = ("numpy", "pandas")
_standard: dict[str, ModuleType | None] = {name: sys.modules.get(name) for name in (*_PLAIN_NAMES, *_NOT_NEEDED)}
for _name in _NOT_NEEDED:
    sys.modules[_name] = None  # type: ignore[assignment]  # the documented way to make an import fail
sys.modules["pysqlite3"] = sys.modules["sqlite3"] = sqlcipher3
sys.modules["pysqlite3.dbapi2"] = sys.modules["sqlite3.dbapi2"] = dbapi2

_EMPTY: dict[str, tuple[str, ...]] = {
    # This program reads no dates with sqlite-utils and shows no bars of progress on a terminal.
    "dateutil": ("parser",),
    "click": (),
    "sqlite_utils.plugins": ("ensure_plugins_loaded", "pm"),
    "sqlite_utils.hookspecs": ("hookimpl", "hookspec"),
}
"""Modules that sqlite-utils only names while it loads, with the names it takes from them."""

for _name, _taken in _EMPTY.items():
    if _name not in sys.modules:
        _standard[_name] = None
        sys.modules[_name] = ModuleType(_name)
        vars(sys.modules[_name]).update(dict.fromkeys(_taken))

# These two lines must come after the names above are in place.
from sqlite_utils import Database  # noqa: E402
from sqlite_utils.migrations import Migrations  # noqa: E402

for _name, _module in _standard.items():
    if _module is None:
        del sys.modules[_name]
    else:
        sys.modules[_name] = _module

__all__ = ["Database", "Migrations"]
