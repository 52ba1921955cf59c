"""Where things lie on the officer's PC: the book by default, documents, and the program's own per-user files.

The environment variable ``XIAOBAO_HOME`` puts all of it below one folder; tests use it. So does a file ``portable``
beside the frozen program, for a stick: book, settings, window state and caches then lie in ``小保数据`` beside it and
nothing is written on the PC. Asking for a folder does not make it: whoever writes into one does that.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

BOOK_NAME = "小保账簿"
PROGRAM_NAME = "xiaobao-desktop"
HOME_VARIABLE = "XIAOBAO_HOME"
PORTABLE_MARKER = "portable"
PORTABLE_FOLDER = "小保数据"
_TEMPORARY = ("TMPDIR", "TEMP", "TMP")


def default_book_dir() -> Path:
    r"""Return the folder proposed for a new book.

    On Windows ``D:\小保账簿`` where D: is a fixed drive, because a reinstalled system wipes C: (PRODUCT 10.4);
    elsewhere a folder in the documents.
    """
    home = _override()
    if home is not None:
        return home / BOOK_NAME
    if sys.platform == "win32" and _is_fixed_drive("D:\\"):
        return Path("D:\\") / BOOK_NAME
    return documents_dir() / BOOK_NAME


def documents_dir() -> Path:
    """Return the user's documents folder, or the home folder where there is none."""
    home = _override()
    if home is not None:
        return home / "documents"
    if sys.platform == "win32":
        return _windows_documents()
    return _xdg_documents(Path.home())


def program_data_dir() -> Path:
    """Return the per-user folder for window state, log and caches: things that may be thrown away."""
    home = _override()
    if home is not None:
        return home / "program"
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return (Path(local) if local else Path.home() / "AppData" / "Local") / PROGRAM_NAME
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / PROGRAM_NAME


def portable_dir() -> Path | None:
    """Return the folder that holds everything of a program carried on a stick, None where it is not portable."""
    if not getattr(sys, "frozen", False):
        return None
    beside = Path(sys.executable).resolve().parent
    return beside / PORTABLE_FOLDER if (beside / PORTABLE_MARKER).exists() else None


def temporary_dir() -> Path | None:
    """Return the folder for temporary files of a portable program, None where the system's own serves."""
    return (
        program_data_dir() / "temporary" if portable_dir() is not None and not os.environ.get(HOME_VARIABLE) else None
    )


def prepare_environment() -> None:
    """Set what libraries read before they are loaded: where matplotlib keeps its list of fonts, and temporary files.

    Without the first matplotlib makes a new temporary folder, and the list anew, at each start. A portable program
    keeps temporary files on its stick too, because they may hold what the book keeps secret.
    """
    os.environ.setdefault("MPLCONFIGDIR", str(program_data_dir() / "charts"))
    place = temporary_dir()
    if place is None or os.environ.get(_TEMPORARY[0]) == str(place):
        return
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError:
        # A stick that cannot be written: opening the book will say so.
        return
    os.environ.update(dict.fromkeys(_TEMPORARY, str(place)))


def clear_temporary() -> None:
    """Delete the temporary files of a portable program: those of this run at its end, of a killed one at the start."""
    place = temporary_dir()
    if place is None:
        return
    import shutil

    # What another program holds open stays until the next time.
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True, exist_ok=True)


def _override() -> Path | None:
    """Return the folder that takes everything: the one of the environment variable, else the portable one."""
    named = os.environ.get(HOME_VARIABLE)
    return Path(named) if named else portable_dir()


def _xdg_documents(home: Path) -> Path:
    """Return the documents folder of a Linux desktop: as ``user-dirs.dirs`` says, else by its usual names."""
    config = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "user-dirs.dirs"
    places = [home / "文档", home / "Documents"]
    if config.is_file():
        found = re.search(
            r'^XDG_DOCUMENTS_DIR="(.+)"', config.read_text(encoding="utf-8", errors="replace"), re.MULTILINE
        )
        if found:
            places.insert(0, Path(found[1].replace("$HOME", str(home), 1)))
    return next((place for place in places if place.is_dir()), home)


if sys.platform == "win32":
    import ctypes

    _DRIVE_FIXED = 3  # winbase.h
    _PERSONAL = 5  # shlobj.h, CSIDL_PERSONAL: the documents folder, wherever the user moved it

    def _is_fixed_drive(drive: str) -> bool:
        r"""Tell whether a drive such as ``D:\`` is there and built in."""
        return bool(ctypes.windll.kernel32.GetDriveTypeW(drive) == _DRIVE_FIXED)

    def _windows_documents() -> Path:
        """Ask Windows where the documents folder is."""
        buffer = ctypes.create_unicode_buffer(260)
        if ctypes.windll.shell32.SHGetFolderPathW(None, _PERSONAL, None, 0, buffer) == 0:
            return Path(buffer.value)
        return Path.home()
