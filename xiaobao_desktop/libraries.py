"""What the program is made of: the libraries that come with it, their versions and the full texts of their licences.

Names and uses are data (``resources/about/libraries.json``). Version and licence text come from the library's own
package data, which the frozen program carries along; texts that a package lacks lie in ``resources/about/texts``.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xiaobao_desktop import resources

PYTHON = "Python"
LICENCES, LICENCE_INDEX = "licenses", "index.json"
"""Folder beside the frozen program with all texts, and the list in it."""
_SYSTEM_USE = "系统库"
_USUAL_NAMES = ["LICENSE", "LICENSE.txt"]
"""Where older packages keep the text without naming the file."""
_BETWEEN = "\n\n" + "—" * 40 + "\n\n"


@dataclass(frozen=True)
class Library:
    """One library.

    Attributes:
        name: as its makers write it.
        version: empty where it is a part of another library and not known apart.
        licence: short name of its licence.
        use: Chinese, what the program uses it for.
        package: name of its Python package, empty when it is none.
        texts: files below ``about/texts`` that hold its licence; the package's own follow them.
        beside: a text file of the frozen program that holds its licence, for libraries of the system it was built on.
    """

    name: str
    version: str
    licence: str
    use: str
    package: str = ""
    texts: tuple[str, ...] = ()
    beside: Path | None = None

    def text(self) -> str:
        """The full text of its licence, several one below the other (``MissingResource``: one is gone)."""
        if self.beside is not None:
            return self.beside.read_text(encoding="utf-8")
        found = [resources.text("about", "texts", file) for file in self.texts]
        return _BETWEEN.join([*found, *_packaged_texts(self.package)])


def libraries() -> tuple[Library, ...]:
    """Every library of this copy of the program, in the order of the list; those of another system are left out."""
    made = (_library(item) for item in resources.json_data("about", "libraries.json")["libraries"])
    return (*(item for item in made if item is not None), *_of_the_system())


def _of_the_system() -> list[Library]:
    """Libraries of the Linux system that the frozen program was built on and took along, as its build noted them."""
    if not getattr(sys, "frozen", False):
        return []
    folder = Path(sys.executable).resolve().parent / LICENCES
    try:
        index = json.loads((folder / LICENCE_INDEX).read_text(encoding="utf-8"))
    except OSError:
        return []
    return [
        Library(item["name"], item["version"], item["licence"], _SYSTEM_USE, beside=folder / item["text"])
        for item in index
        if "debian" in item
    ]


def _library(item: dict[str, Any]) -> Library | None:
    import platform
    from importlib import metadata

    package = item.get("package", "")
    try:
        version = metadata.version(item.get("version_of", package)) if package or "version_of" in item else ""
    except metadata.PackageNotFoundError:
        return None
    if item["name"] == PYTHON:
        version = platform.python_version()
    return Library(item["name"], version, item["licence"], item["use"], package, tuple(item.get("texts", ())))


def _packaged_texts(package: str) -> list[str]:
    """The licence files that the package names in its own data."""
    if not package:
        return []
    from importlib import metadata

    found = metadata.distribution(package)
    names = found.metadata.get_all("License-File") or _USUAL_NAMES
    texts = (found.read_text(f"licenses/{name}") or found.read_text(name) for name in names)
    return [text for text in texts if text]
