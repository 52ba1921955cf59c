"""Which libraries went into a frozen program, and their licences beside it.

Used by ``xiaobao.spec``: package data of each library goes along (关于 reads versions and licences from it), and
``licenses/`` beside the program gets the same texts for whoever checks the folder without starting the program, with
``index.json`` as the list from which the bill of materials is made. A library that ``resources/about/libraries.json``
does not name stops the build: nothing is shipped whose licence is not shown.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import Any

import contents

from xiaobao_desktop.libraries import Library, libraries

BUILDER = "pyinstaller"
"""Its start program is a part of every frozen program."""

Entry = tuple[str, str, str]
"""Place in the bundle, source file, PyInstaller's type code."""

STRIPPED = re.compile(r"^(libpython|python3\.\d+/lib-dynload/|sqlcipher3/|kiwisolver/|fontTools/)")
"""Linux: binaries that carry symbol tables nobody reads, 35 MB in all; stripping breaks those of NumPy."""


def packages(modules: Iterable[str], files: Iterable[str]) -> set[str]:
    """Names of the packages, as in their metadata, that these modules and files in the bundle belong to.

    Args:
        modules: dotted names of the collected modules.
        files: places of the collected libraries and data, below the bundle's root.
    """
    tops = {name.split(".")[0] for name in modules} | {re.split(r"[/\\.]", place)[0] for place in files}
    known = metadata.packages_distributions()
    return {package for top in tops for package in known.get(top, ())} - {"xiaobao-desktop"} | {BUILDER}


def named(found: set[str]) -> list[Library]:
    """The entries of 关于 for these packages and for the parts that are no package.

    Raises:
        SystemExit: a package is named nowhere.
    """
    known = {_plain(item.package): item for item in libraries() if item.package}
    missing = sorted(name for name in found if _plain(name) not in known)
    if missing:
        raise SystemExit(f"name these in resources/about/libraries.json, with their licence: {', '.join(missing)}")
    inside = {_plain(name) for name in found}
    return [item for item in libraries() if not item.package or _plain(item.package) in inside]


def package_data(shown: Iterable[Library]) -> list[Entry]:
    """The entries of the bundle that let ``importlib.metadata`` find versions and licences of these libraries."""
    from PyInstaller.utils.hooks import copy_metadata

    entries: list[Entry] = []
    for item in shown:
        for folder, place in copy_metadata(item.package) if item.package else ():
            files = (file for file in sorted(Path(folder).rglob("*")) if file.is_file())
            entries += [(f"{place}/{file.relative_to(folder).as_posix()}", str(file), "DATA") for file in files]
    return [entry for entry in entries if contents.wanted(*entry)]


def finish(folder: Path, shown: Iterable[Library], binaries: Iterable[Entry]) -> None:
    """Complete a collected program: the licence folder and, on Linux, binaries without symbol tables.

    Args:
        folder: the collected program.
        shown: its libraries.
        binaries: its libraries in machine code, with their sources.
    """
    target = folder / contents.LICENCES
    target.mkdir(exist_ok=True)
    index = [_written(item, target) for item in shown] + _fonts(target)
    if sys.platform == "linux":
        index += _system_libraries(target, binaries)
        _strip(folder / "_internal", binaries)
    text = json.dumps(index, ensure_ascii=False, indent=1) + "\n"
    (target / contents.LICENCE_INDEX).write_text(text, encoding="utf-8", newline="\n")


def _written(item: Library, target: Path) -> dict[str, Any]:
    file = f"{re.sub(r'[^A-Za-z0-9_.-]+', '-', item.name).strip('-')}.txt"
    (target / file).write_text(item.text(), encoding="utf-8", newline="\n")
    kind = "library"
    return {"kind": kind, "name": item.name, "version": item.version, "licence": item.licence, "text": file} | (
        {"package": item.package} if item.package else {}
    )


def _fonts(target: Path) -> list[dict[str, Any]]:
    """The fonts and icons; their licence files lie beside them in the resources and are copied."""
    resources = contents.ROOT / "resources"
    faces = json.loads((resources / "fonts" / "fonts.json").read_text(encoding="utf-8"))["faces"].values()
    shown = {face["family"]: (face["licence"], Path("fonts", face["licence_file"])) for face in faces}
    shown["Lucide"] = ("ISC", Path("icons", "LICENSE-lucide.txt"))
    entries = []
    for name, (licence, file) in shown.items():
        shutil.copyfile(resources / file, target / file.name)
        entries.append({"kind": "data", "name": name, "version": "", "licence": licence, "text": file.name})
    return entries


def _system_libraries(target: Path, binaries: Iterable[Entry]) -> list[dict[str, Any]]:
    """The libraries of the build machine that went along, with Debian's own account of their licences."""
    taken = sorted({Path(source).resolve() for _place, source, _kind in binaries if contents.is_system(source)})
    entries: dict[str, dict[str, Any]] = {}
    for file in taken:
        owner = _owner(file)
        version = _output(["dpkg-query", "-W", "-f=${Version}", owner])
        package = owner.split(":")[0]
        shutil.copyfile(f"/usr/share/doc/{package}/copyright", target / f"{package}.txt")
        entries[package] = {
            "kind": "library",
            "name": package,
            "version": version,
            "licence": "见全文",
            "text": f"{package}.txt",
            "debian": package,
        }
    return list(entries.values())


def _owner(file: Path) -> str:
    """The Debian package of a library; on merged systems it may be known by the other of its two places."""
    for place in (str(file), str(file).removeprefix("/usr")):
        done = subprocess.run(["dpkg", "-S", place], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return done.stdout.rsplit(": ", 1)[0].split(",")[0]
    raise SystemExit(f"no Debian package owns {file}: its licence is not known")


def _strip(folder: Path, binaries: Iterable[Entry]) -> None:
    files = [folder / place for place, _source, _kind in binaries if STRIPPED.search(place)]
    plain = [str(file) for file in files if file.is_file() and not file.is_symlink()]
    subprocess.run(["strip", "--strip-unneeded", *plain], check=True)


def _output(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _plain(package: str) -> str:
    """A package's name in its normal form."""
    return re.sub(r"[-_.]+", "-", package).lower()
