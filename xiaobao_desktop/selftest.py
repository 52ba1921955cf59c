"""Checks of the program itself, one line each: what a damaged or half-copied installation gets wrong.

It runs without a display, on a temporary book, and changes nothing of the officer's.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from xiaobao_desktop import resources
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.reports import selfcheck


def run(as_json: bool) -> int:
    """Run every check, print one line for each, and return 1 when one went wrong."""
    checks: tuple[tuple[str, Callable[[], str]], ...] = (
        ("字体", _fonts),
        ("中文 PDF", selfcheck.pdf),
        ("Word", selfcheck.word),
        ("图表", selfcheck.chart),
        ("临时账簿", _book),
        ("导入", _import),
        ("界面翻译", _translator),
    )
    rows = []
    for name, check in checks:
        began = time.perf_counter()
        try:
            detail, ok = check(), True
        except Exception as error:  # noqa: BLE001 - a check that breaks is a finding, the others still run
            detail, ok = (error.message if isinstance(error, UserError) else f"{type(error).__name__}：{error}"), False
        rows.append({"ok": ok, "what": name, "detail": detail, "seconds": round(time.perf_counter() - began, 3)})
        if not as_json:
            print(f"{'正常' if ok else '有问题'}\t{name}\t{detail}")
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    return 0 if all(row["ok"] for row in rows) else 1


def startup(directory: Path, secret: str | None) -> int:
    """Open the window offscreen on a book and print the seconds of each stage and the memory as JSON.

    Args:
        directory: folder of the book.
        secret: its password, None for a book that needs none.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from xiaobao_desktop import app as program
    from xiaobao_desktop.services import books

    stages = program.Stages()
    with ThreadPoolExecutor(1) as beside:
        opening = beside.submit(books.open_book, directory, secret)
        application = program.application(stages)
        program.load_window()
        session = opening.result()
    stages.mark("book")
    window = program.show_window(application, session, stages)
    report = {
        "stages": {name: round(seconds, 3) for name, seconds in stages.reached.items()},
        "seconds": round(stages.reached["usable"], 3),
        "memory_mb": round(_memory_mb(), 1),
        "modules": len(sys.modules),
    }
    window.close()
    program.end(session)
    print(json.dumps(report, ensure_ascii=False, indent=2))
    return 0


def _memory_mb() -> float:
    """Resident memory of this process now, in MB; the peak where the system tells no more."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024
    if sys.platform == "win32":
        return _windows_memory_mb()
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / 1024


def _windows_memory_mb() -> float:
    import ctypes

    class Counters(ctypes.Structure):
        """PROCESS_MEMORY_COUNTERS of psapi."""

        _fields_ = (
            ("cb", ctypes.c_ulong),
            ("PageFaultCount", ctypes.c_ulong),
            *(
                (name, ctypes.c_size_t)
                for name in (
                    "Peak",
                    "WorkingSet",
                    "PeakPaged",
                    "Paged",
                    "PeakNonPaged",
                    "NonPaged",
                    "Pagefile",
                    "PeakPagefile",
                )
            ),
        )

    counters = Counters()
    counters.cb = ctypes.sizeof(counters)
    windll = getattr(ctypes, "windll")  # noqa: B009 - exists on Windows only, so the type checker must not look
    process = windll.kernel32.GetCurrentProcess()
    windll.psapi.GetProcessMemoryInfo(process, ctypes.byref(counters), counters.cb)
    return float(counters.WorkingSet) / 1024 / 1024


def _fonts() -> str:
    faces = resources.json_data("fonts", "fonts.json")["faces"]
    missing = [face["file"] for face in faces.values() if not resources.path("fonts", face["file"]).stat().st_size]
    if missing:
        raise ValueError("、".join(missing))
    return f"{len(faces)} 种"


def _book() -> str:
    from xiaobao_desktop.services import backups, books, demo

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        place = Path(folder) / "book"
        made = demo.make_demo(place, complaints=20)
        session = books.open_book(place, None)
        try:
            file = backups.backup(session, Path(folder) / "backup")
            wrong = [finding.detail for finding in backups.verify(session) if not finding.ok]
        finally:
            session.close()
        backups.restore(file, Path(folder) / "restored", None)
        if wrong:
            raise ValueError("；".join(wrong))
    return f"{sum(made.values())} 条记录，备份并恢复"


def _import() -> str:
    from xiaobao_desktop.services import importing

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        file = Path(folder) / "台账.csv"
        file.write_text("投诉人,联系电话\n刘某,13800000000\n", encoding="utf-8-sig")
        rows = importing.read_source(file).sheets[0].rows
    return f"读回 {len(rows)} 行"


def _translator() -> str:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from xiaobao_desktop.app import translated_cancel

    return translated_cancel()
