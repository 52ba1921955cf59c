"""Freezes the program on Windows and prepares what the installer's script needs.

Run by a Windows Python that has the locked packages: under Wine by ``build.sh``, on a real PC by ``build.cmd``:

    python packaging/windows/freeze.py FOLDER

FOLDER then holds ``xiaobao/`` (the program), ``setup.nsh`` (version and places for ``setup.nsi``) and ``welcome.bmp``
(the picture of the installer's first and last page). Ends with an error when something is inside that must not be.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import contents  # noqa: E402 - beside this folder

LARGEST = 230 * 1024 * 1024
"""Bytes of the installed program."""
FORBIDDEN = re.compile(
    r"readline|virtualkeyboard|bcryptprimitives|windows\.ui\.dll|opengl32sw|(^|/)_?ssl\.pyd$|(^|/)_sqlite3\.pyd$",
    re.IGNORECASE,
)
"""Under the GPL (libreadline, Qt Virtual Keyboard), stand-ins of the test's Wine, or left out on purpose."""
ALLOWED = re.compile(r"^_internal/(sqlcipher3/|licenses/)")
"""The encrypted book's own ``_sqlite3``, and texts."""
GROUND = "#24569E"


def main() -> int:
    """Freeze, check, write what the installer's script needs."""
    target = Path(sys.argv[1]).resolve()
    target.mkdir(parents=True, exist_ok=True)
    freeze(target)
    faults = faults_in(target / contents.NAME)
    if faults:
        print("\n".join(faults), file=sys.stderr)
        return 1
    draw_welcome(target / "welcome.bmp")
    write_defines(target)
    return 0


def freeze(target: Path) -> None:
    """Run PyInstaller with the one specification of both systems."""
    command = [sys.executable, "-X", "utf8", "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    places = ["--distpath", str(target), "--workpath", str(target / "work")]
    subprocess.run([*command, *places, str(HERE.parent / "xiaobao.spec")], check=True)


def faults_in(folder: Path) -> list[str]:
    """What is wrong with a frozen folder: files that must not be inside, programs that are missing, size."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    names = [path.relative_to(folder).as_posix() for path in files]
    faults = [f"must not be inside: {name}" for name in names if FORBIDDEN.search(name) and not ALLOWED.match(name)]
    wanted = {f"{contents.NAME}.exe", f"{contents.CONSOLE_NAME}.exe"}
    faults += [f"missing: {name}" for name in sorted(wanted - set(names))]
    size = contents.sizes(files)
    print(f"{len(files)} files, {size / 1024 / 1024:.0f} MB")
    if size > LARGEST:
        faults.append(f"{size} bytes are more than {LARGEST}")
    return faults


def draw_welcome(file: Path) -> None:
    """The picture beside the words of the first and the last page: the program's mark on its colour."""
    from PIL import Image

    picture = Image.new("RGB", (328, 628), GROUND)
    mark = Image.open(HERE.parent / "icons" / "xiaobao-256.png").convert("RGBA").resize((176, 176))
    picture.paste(mark, (76, 120), mark)
    picture.save(file)


def write_defines(target: Path) -> None:
    """Version and places, in the installer's language; UTF-8 with mark, as makensis reads it without options."""
    text = contents.version()
    lines = {
        "VERSION": text,
        "VERSION4": ".".join(map(str, contents.numbers(text))),
        "ICON": "xiaobao.ico",
        "PICTURE": "welcome.bmp",
        "PROGRAM": contents.NAME,
        "OUT": f"XiaobaoSetup-{text}.exe",
    }
    (target / "xiaobao.ico").write_bytes((HERE.parent / "icons" / "xiaobao.ico").read_bytes())
    (target / "setup.nsh").write_text(
        "".join(f'!define {key} "{value}"\n' for key, value in lines.items()), encoding="utf-8-sig"
    )


if __name__ == "__main__":
    sys.exit(main())
