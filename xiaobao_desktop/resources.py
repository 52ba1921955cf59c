"""The only finder of the files that come with the program: fonts, icons, rules, prose templates, help.

The same calls work in the three shapes of the program:

* source checkout: ``resources/`` lies beside the package;
* installed wheel: the files are in ``xiaobao_desktop/_resources``;
* frozen program (PyInstaller): the files are in ``resources/`` below ``sys._MEIPASS``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parent


class MissingResource(RuntimeError):
    """A file that belongs to the program is not there: our defect or a damaged installation, not her doing.

    Attributes:
        file: which one, below ``resources/``; "" for all of them.
    """

    def __init__(self, message: str, file: str = "") -> None:
        """Keep the file."""
        super().__init__(message)
        self.file = file


def root() -> Path:
    """Return the folder that holds the resources.

    Raises:
        MissingResource: none of the known places exists.
    """
    for place in _places():
        if place.is_dir():
            return place
    looked = ", ".join(str(place) for place in _places())
    raise MissingResource(f"no resources folder in: {looked}")


def path(*parts: str) -> Path:
    """Return the file or folder below ``resources/`` named by its parts, e.g. ``path("fonts", "fonts.json")``.

    Raises:
        MissingResource: there is nothing by that name.
    """
    found = root().joinpath(*parts)
    if not found.exists():
        raise MissingResource(f"missing resource {'/'.join(parts)} in {root()}", "/".join(parts))
    return found


def text(*parts: str) -> str:
    """Return the whole text of a UTF-8 resource; errors as in ``path``."""
    return path(*parts).read_text(encoding="utf-8")


def json_data(*parts: str) -> Any:
    """Return what a JSON resource holds; errors as in ``path``, and ``json.JSONDecodeError`` for a malformed file."""
    return json.loads(text(*parts))


def _places() -> list[Path]:
    """List where the resources may lie, the surest place first."""
    frozen: str | None = getattr(sys, "_MEIPASS", None)
    if frozen is not None:
        return [Path(frozen) / "resources"]
    return [PACKAGE / "_resources", PACKAGE.parent / "resources"]
