"""How much of the Windows Python's compiled standard library the Python Software Foundation's signature vouches for.

Usage: ``python3.11 check_stdlib.py FOLDER`` with the unpacked embeddable edition (``python311.zip``, ``python.cat``).
The catalogue is signed; it holds the SHA-1 of the library's sources as Windows has them. Where this machine's own
Python has a source of that hash, compiling it must give the code in the archive. ``build.sh`` proves the signature.
"""

from __future__ import annotations

import hashlib
import marshal
import sys
import sysconfig
import zipfile
from pathlib import Path
from types import CodeType


def main() -> int:
    """Compare every module and print the counts; 1 when one differs."""
    folder = Path(sys.argv[1])
    catalogue = (folder / "python.cat").read_bytes()
    library = Path(sysconfig.get_paths()["stdlib"])
    equal: list[str] = []
    different: list[str] = []
    unknown: list[str] = []
    with zipfile.ZipFile(folder / "python311.zip") as archive:
        for name in sorted(item for item in archive.namelist() if item.endswith(".pyc")):
            source = library / Path(name).with_suffix(".py")
            if not source.is_file() or not signed(source.read_bytes(), catalogue):
                unknown.append(name)
                continue
            code = marshal.loads(archive.read(name)[16:])  # noqa: S302 - compared, never run
            (equal if compiles_to(source.read_bytes(), code) else different).append(name)
    print(f"{len(equal)} equal, {len(different)} different, {len(unknown)} without a source of a signed hash")
    print("\n".join(f"different: {name}" for name in different))
    return 1 if different else 0


def signed(source: bytes, catalogue: bytes) -> bool:
    """Whether the catalogue holds the hash of a source, with line ends of Windows."""
    windows = source.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return hashlib.sha1(windows, usedforsecurity=False).digest() in catalogue


def compiles_to(source: bytes, code: CodeType) -> bool:
    """Whether a source compiles to this code at one of the levels of optimisation."""
    return any(
        parts(compile(source, "", "exec", dont_inherit=True, optimize=level)) == parts(code) for level in (2, 1, 0)
    )


def parts(code: CodeType) -> tuple[object, ...]:
    """All that a code object does, without the name of its file; constants with their types (1 is not 1.0)."""
    constants = tuple(
        parts(item) if isinstance(item, CodeType) else (type(item).__name__, shown(item)) for item in code.co_consts
    )
    return (
        code.co_code,
        constants,
        code.co_names,
        code.co_varnames,
        code.co_freevars,
        code.co_cellvars,
        code.co_flags,
        code.co_qualname,
        code.co_argcount,
        code.co_posonlyargcount,
        code.co_kwonlyargcount,
        code.co_exceptiontable,
        code.co_linetable,
    )


def shown(item: object) -> object:
    """A constant in a form that compares; sets have no order of their own."""
    return sorted(map(repr, item)) if isinstance(item, frozenset) else repr(item)


if __name__ == "__main__":
    sys.exit(main())
