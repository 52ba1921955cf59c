"""Start of the installed program against a bare frozen window: ``python -m tests.benchmarks.frozen_start FOLDER``.

FOLDER is the frozen program. The yardstick, one window with one table, is frozen here the same way. Both are started
in fresh processes, taking turns, warm (files in memory) and cold (files dropped from memory before each start); the
time runs from the start of the process to the painted list. Prints a Markdown table with the load of the machine
(figures taken on a busy one tell little), ends with 1 when the limit is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.__main__ import START_RATIO
from tests.benchmarks.common import Line, make_book
from tests.cli_program import PASSWORD, ROOT, environment

BARE = Path(__file__).with_name("bare_window.py")
DROP = Path("/proc/sys/vm/drop_caches")


def main() -> int:
    """Freeze the yardstick, measure both, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--complaints", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--book", type=Path, default=None)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="benchmark-") as place:
        book = options.book or Path(place) / "book"
        if not book.exists():
            make_book(book, options.complaints)
        bare = [str(frozen_bare_window(Path(place)))]
        ours = [str(options.folder.resolve() / "xiaobao"), "--book", str(book), "self-test", "--startup"]
        lines = [
            *measured("warm", bare, ours, options.rounds, Path(place)),
            *cold(bare, ours, book, options.rounds, place),
            Line("load of the last minute, processors", f"{os.getloadavg()[0]:.1f}, {os.cpu_count()}"),
        ]
    rows = [
        f"| {line.what} | {line.value} | {line.limit or '—'} | {'' if line.kept else '**missed**'} |" for line in lines
    ]
    sys.stdout.write("\n".join(["| what | measured | limit | |", "| --- | --- | --- | --- |", *rows, ""]))
    return 0 if all(line.kept for line in lines) else 1


def frozen_bare_window(place: Path) -> Path:
    """Freeze the yardstick with what the program's own specification leaves out; returns its executable."""
    sys.path.insert(0, str(ROOT / "packaging"))
    import contents

    out = [arg for name in contents.EXCLUDED for arg in ("--exclude-module", name)]
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR", "--onedir", "--name", "bare"]
    folders = ["--distpath", str(place / "dist"), "--workpath", str(place / "work"), "--specpath", str(place)]
    subprocess.run([*command, *folders, *out, str(BARE)], check=True)
    return place / "dist" / "bare" / "bare"


def cold(bare: list[str], ours: list[str], book: Path, rounds: int, place: str) -> list[Line]:
    """The same with the files of both dropped from memory before each start."""
    folders = [Path(bare[0]).parent, Path(ours[0]).parent, book]
    return measured(
        "cold" if os.access(DROP, os.W_OK) else "cold (own files)", bare, ours, rounds, Path(place), folders
    )


def measured(
    what: str, bare: list[str], ours: list[str], rounds: int, home: Path, drop: Sequence[Path] = ()
) -> list[Line]:
    """Seconds of both, middle of the rounds, after one that is not counted."""
    found: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds + 1):
        for command, seconds in zip((bare, ours), found, strict=True):
            if drop:
                forget(drop)
            taken = usable_after(command, home)
            if number:
                seconds.append(taken)
    base, own = statistics.median(found[0]), statistics.median(found[1])
    value = f"{own:.2f} s = {own / base:.2f} ×"
    return [
        Line(f"{what}: bare frozen window", f"{base:.2f} s"),
        Line(
            f"{what}: installed program to the painted list", value, f"{START_RATIO:.0f} ×", own / base <= START_RATIO
        ),
    ]


def usable_after(command: Sequence[str], home: Path) -> float:
    """Seconds from starting a process to what it reports as usable; both read the system's one clock."""
    more = {"QT_QPA_PLATFORM": "offscreen", "XIAOBAO_PASSWORD": PASSWORD, "XIAOBAO_HOME": str(home / "home")}
    began = time.perf_counter()
    done = subprocess.run(command, env=environment(**more), stdout=subprocess.PIPE, check=True, encoding="utf-8")
    return float(json.loads(done.stdout)["usable_at"]) - began


def forget(folders: Sequence[Path]) -> None:
    """Let the system drop files from memory: all of them where that is allowed, else those of these folders."""
    os.sync()
    if os.access(DROP, os.W_OK):
        DROP.write_text("3", encoding="ascii")
        return
    for folder in folders:
        for file in folder.rglob("*"):
            if file.is_file():
                with file.open("rb") as opened:
                    os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


if __name__ == "__main__":
    sys.exit(main())
