"""What goes into the frozen program and what stays out: read by ``xiaobao.spec`` and by the checks of the built folder.

Leaving out is a licence duty for some parts (libreadline and Qt Virtual Keyboard are under the GPL) and a matter of
size for the others. Nothing that can talk to a network is needed, so nothing of the kind is taken along on purpose.
"""

from __future__ import annotations

import compileall
import importlib.util
import py_compile
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
NAME = "xiaobao"
CONSOLE_NAME = "xiaobao-cli"
"""On Windows the program without a window is a second file beside the first; both share all libraries."""

LICENCES = "licenses"
LICENCE_INDEX = "index.json"
"""Folder beside the program with all licence texts, and the list in it."""

VENDOR = "小保"
DESCRIPTION = "小保·消保台账"

EXCLUDED = (
    # Tools of building, never used by the program; setuptools would be loaded at every start.
    "pip",
    "setuptools",
    "pkg_resources",
    "_distutils_hack",
    "distutils",
    "ensurepip",
    "lib2to3",
    "pydoc",
    "doctest",
    # libreadline is under GPL-3: the command line asks for one password and needs no line editor.
    "readline",
    "rlcompleter",
    "curses",
    "_curses",
    # The book is SQLCipher's; Python's own SQLite is an older one with the WAL defect and is never loaded.
    "_sqlite3",
    # No network: no TLS either.
    "_ssl",
    "ssl",
    "ftplib",
    "smtplib",
    "imaplib",
    "poplib",
    "nntplib",
    "telnetlib",
    "xmlrpc",
    "socketserver",
    "http.server",
    # Windows: names of time zones; the program knows local time only.
    "tzdata",
    # pycryptodomex takes ctypes where there is no cffi; of cffi, only what cryptography loads goes along.
    "cffi",
    "pycparser",
    # Other windows and other drawing back ends.
    "tkinter",
    "_tkinter",
    "PyQt5",
    "PyQt6",
    "PySide2",
    "IPython",
    "PIL.ImageQt",
    "PIL.ImageTk",
    "PIL._imagingtk",
    "PIL._avif",
    "PIL.AvifImagePlugin",
    "matplotlib.backends.backend_qtagg",
    "matplotlib.backends.backend_qt",
    "matplotlib.backends.qt_compat",
    "matplotlib.backends.backend_tkagg",
    "matplotlib.backends.backend_webagg",
    "matplotlib.backends.backend_webagg_core",
    "matplotlib.tests",
    "numpy.f2py",
    "numpy.distutils",
    # Qt modules that bring the declarative engine, whose plug-ins include the virtual keyboard (GPL).
    "PySide6.QtQml",
    "PySide6.QtQuick",
    "PySide6.QtQuickWidgets",
    "PySide6.QtNetwork",
    "PySide6.QtVirtualKeyboard",
)
"""Modules left out."""

START_HOOKS_LEFT_OUT = (
    # For programs that look for their own source text.
    "pyi_rth_inspect",
    # A new temporary folder for matplotlib at each start: paths.py names a lasting one.
    "pyi_rth_mplconfig",
    # For the children of multiprocessing: there are none.
    "pyi_rth_multiprocessing",
    # Loads Qt before the program's first line, for a command too, and hands the places of our plug-ins on to whatever
    # program opens an attachment. PySide6's own packages find their plug-ins without it.
    "pyi_rth_pyside6",
)
"""Hooks of PyInstaller that would run at each start of the program."""

KEPT_TRANSLATIONS = ("qtbase_zh_CN.qm",)

LEFT_OUT = (
    r"opengl32sw\.dll$",  # software OpenGL: widgets draw without OpenGL
    r"(lib)?Qt6(Qml|Quick|VirtualKeyboard|OpenGL|ShaderTools)\w*\.(dll|so)",
    r"(lib)?Qt6(Egl|WaylandEgl)\w*\.(dll|so)",  # drawing by OpenGL, which widgets do without
    r"plugins/wayland-graphics-integration-client/",
    r"plugins/platforms/\w*wayland-egl",
    r"platforminputcontexts/\w*virtualkeyboard",
    r"plugins/(qmltooling|sqldrivers|networkinformation|tls|generic|egldeviceintegrations|position|multimedia)/",
    r"plugins/imageformats/\w*(pdf|tga|tiff|wbmp|webp|icns|gif)\w*\.(so|dll)$",
    r"plugins/platformthemes/\w*gtk3",  # would pull GTK in for its file dialog; Qt's own speaks Chinese too
    r"plugins/platforms/\w*(eglfs|linuxfb|vnc|minimalegl|vkkhrdisplay|direct2d)\w*\.(so|dll)$",
    r"(^|/)libreadline\b",
    r"(^|/)libtinfo\b",
    r"matplotlib/mpl-data/(sample_data|images|plot_directive)/",
    r"matplotlib/mpl-data/fonts/(afm|pdfcorefonts)/",
    r"\.dist-info/(RECORD|INSTALLER|REQUESTED|direct_url\.json|WHEEL|top_level\.txt|entry_points\.txt)$",
    r"(^|/)(tests?|testing/data)/",
    r"reportlab/fonts/",
    r"docx/templates/default-docx-template/",
)
"""Files left out, as patterns of their place in the bundle."""

_LEFT_OUT = tuple(re.compile(pattern, re.IGNORECASE) for pattern in LEFT_OUT)

BUNDLED_SYSTEM_LIBRARIES = re.compile(r"^lib(python3|ffi|crypto|xcb-(cursor|util|icccm|image|keysyms|render-util))\b")
"""Linux: libraries of the build machine that go along, because their version differs between distributions or a desktop
may lack them. All others are the desktop's own, so that it keeps them up to date; an older libstdc++ or libexpat
of ours would besides keep its graphics drivers and its fontconfig from loading."""


def hidden_imports() -> list[str]:
    """Modules that the program finds by name: all of its own, and the back ends that matplotlib loads by name."""
    package = ROOT / "xiaobao_desktop"
    own = [
        ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for file in sorted(package.rglob("*.py"))
    ]
    return [*own, "matplotlib.backends.backend_agg", "matplotlib.backends.backend_pdf", "reportlab.graphics.barcode"]


def data_files() -> list[tuple[str, str]]:
    """Files beside the modules: the resources, and what PyInstaller's own knowledge of a library leaves out."""
    found = importlib.util.find_spec("docx")
    assert found is not None
    assert found.origin is not None
    # python-docx looks for its templates by way of this folder, which must therefore exist.
    parts = Path(found.origin).parent / "parts" / "__init__.py"
    return [(str(ROOT / "resources"), "resources"), (str(parts), "docx/parts")]


_STUB_MAKER = "shibokensupport/signature/lib/pyi_generator.py"
"""Shiboken loads it at each start for nothing; compiling its patterns takes longer than all the rest."""


def signature_files(folder: Path) -> list[tuple[str, str, str]]:
    """Shiboken's own Python modules as files, compiled: it loads these instead of compiling its sources at each start.

    Shiboken looks for them in ``files.dir`` beside itself (what its variable ``SBK_EMBED=0`` writes there).

    Args:
        folder: where the files are made; must not exist.

    Returns:
        Entries of the bundle: place, source file, PyInstaller's type code.

    Raises:
        SystemExit: this Shiboken keeps its modules otherwise.
    """
    import shiboken6  # noqa: F401 - loads its modules

    sources = getattr(sys.modules["shibokensupport"].__loader__, "zfile", None)
    if sources is None:
        raise SystemExit("Shiboken keeps its Python modules otherwise now: see signature_files in contents.py")
    names = [name for name in sources.namelist() if name.startswith("shibokensupport/") and name.endswith(".py")]
    sources.extractall(folder, names)
    (folder / _STUB_MAKER).write_text(
        '"""Left out: makes type stubs, which a program that runs never does."""\n', "utf-8"
    )
    unchecked = py_compile.PycInvalidationMode.UNCHECKED_HASH
    if not compileall.compile_dir(folder, ddir="files.dir", quiet=1, invalidation_mode=unchecked):
        raise SystemExit("Shiboken's Python modules cannot be compiled")
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return [(f"shiboken6/files.dir/{file.relative_to(folder).as_posix()}", str(file), "DATA") for file in files]


def wanted(place: str, source: str, kind: str) -> bool:
    """Whether a collected file goes into the bundle.

    Args:
        place: where it would lie in the bundle.
        source: the file it comes from.
        kind: PyInstaller's type code of the entry.
    """
    place = place.replace("\\", "/")
    if any(pattern.search(place) for pattern in _LEFT_OUT):
        return False
    if place.endswith(".qm"):
        return place.rsplit("/", 1)[-1] in KEPT_TRANSLATIONS
    if kind == "BINARY" and is_system(source):
        return "/" in place or BUNDLED_SYSTEM_LIBRARIES.search(place) is not None
    return True


def is_system(source: str) -> bool:
    """Whether a file is a library of the Linux system the program is built on."""
    return sys.platform == "linux" and source.startswith(("/lib/", "/usr/lib/"))


def version() -> str:
    """The program's version, from its one place."""
    text = (ROOT / "xiaobao_desktop" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "(.+)"$', text, re.MULTILINE)
    if found is None:
        raise SystemExit("no version in xiaobao_desktop/__init__.py")
    return found[1]


def numbers(text: str) -> tuple[int, int, int, int]:
    """A version as the four numbers of a Windows version resource: 0.1.0 → (0, 1, 0, 0)."""
    parts = [int(part) for part in re.findall(r"\d+", text)][:4]
    return tuple([*parts, 0, 0, 0, 0][:4])  # type: ignore[return-value]


def version_resource(name: str) -> Any:
    """What Windows shows of the file's properties: name, version, maker; made from the program's version."""
    from PyInstaller.utils.win32 import versioninfo as info

    text = version()
    words = {
        "CompanyName": VENDOR,
        "FileDescription": DESCRIPTION,
        "FileVersion": text,
        "InternalName": name,
        "OriginalFilename": f"{name}.exe",
        "ProductName": DESCRIPTION,
        "ProductVersion": text,
    }
    strings = [info.StringStruct(key, value) for key, value in words.items()]
    return info.VSVersionInfo(
        ffi=info.FixedFileInfo(filevers=numbers(text), prodvers=numbers(text)),
        kids=[
            info.StringFileInfo([info.StringTable("080404B0", strings)]),
            info.VarFileInfo([info.VarStruct("Translation", [0x0804, 0x04B0])]),
        ],
    )


def sizes(files: Iterable[Path]) -> int:
    """Bytes of all these files together."""
    return sum(file.stat().st_size for file in files if file.is_file())
