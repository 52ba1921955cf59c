"""Checks of the program itself, one line each: what a damaged or half-copied installation gets wrong.

It runs without a display, on a temporary book, and changes nothing of the officer's.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from xiaobao_desktop import resources
from xiaobao_desktop.errors import UserError

if TYPE_CHECKING:
    from tempfile import TemporaryDirectory

    from PySide6.QtWidgets import QApplication

    from xiaobao_desktop.services.session import Session


def run(as_json: bool) -> int:
    """Run every check, print one line for each, and return 1 when one went wrong."""
    from xiaobao_desktop.reports import selfcheck

    checks: tuple[tuple[str, Callable[[], str]], ...] = (
        ("字体", _fonts),
        ("许可证", _licences),
        ("中文 PDF", _pdf),
        ("打印", _printing),
        ("Word", selfcheck.word),
        ("Excel", _excel),
        ("图表", selfcheck.chart),
        ("临时账簿", _book),
        ("导入", _import),
        ("界面翻译", _translator),
        ("窗口", _window),
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

    stages = program.Stages()
    from xiaobao_desktop.services import books

    with ThreadPoolExecutor(1) as beside:
        opening = beside.submit(books.open_book, directory, secret)
        application = program.application(stages)
        program.load_window()
        session = opening.result()
    stages.mark("book")
    window = program.show_window(application, session, stages)
    report = {
        "usable_at": time.perf_counter(),
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


def _licences() -> str:
    from xiaobao_desktop import libraries

    found = libraries.libraries()
    without = [item.name for item in found if not item.text().strip()]
    if without:
        raise ValueError(f"没有许可证全文：{'、'.join(without)}")
    return f"{len(found)} 个程序库"


def _pdf() -> str:
    from xiaobao_desktop.reports import selfcheck
    from xiaobao_desktop.ui import selfcheck as window_parts

    data, detail = selfcheck.pdf()
    _application()
    if selfcheck.SENTENCE not in window_parts.text_of(data):
        raise ValueError("印进去的字没有读回来")
    return detail


def _folder() -> TemporaryDirectory[str]:
    """A folder for one check, gone afterwards."""
    import tempfile

    return tempfile.TemporaryDirectory(ignore_cleanup_errors=True)


def _printing() -> str:
    from xiaobao_desktop.reports import selfcheck
    from xiaobao_desktop.ui import selfcheck as window_parts

    _application()
    with _folder() as folder:
        sides = window_parts.print_to_file(selfcheck.pdf()[0], Path(folder) / "打印.pdf")
    return f"{sides} 页"


def _excel() -> str:
    from xiaobao_desktop.reports import selfcheck
    from xiaobao_desktop.services import importing

    with _folder() as folder:
        file = Path(folder) / "自检.xlsx"
        with file.open("wb") as target:
            selfcheck.excel(target)
        rows = importing.read_source(file).sheets[0].rows
    texts = {str(cell) for row in rows for cell in row}
    if not {selfcheck.SENTENCE, selfcheck.NUMBER} <= texts:
        raise ValueError("写进去的字没有读回来")
    return "写入并读回"


def _book() -> str:
    from xiaobao_desktop.services import backups, books, demo

    with _folder() as folder:
        place = Path(folder) / "book"
        made = demo.make_demo(place, complaints=20)
        session = books.open_book(place, None)
        try:
            _attach_photo(session, Path(folder))
            file = backups.backup(session, Path(folder) / "backup")
            wrong = [finding.detail for finding in backups.verify(session) if not finding.ok]
        finally:
            session.close()
        backups.restore(file, Path(folder) / "restored", None)
        if wrong:
            raise ValueError("；".join(wrong))
    return f"{sum(made.values())} 条记录，备份并恢复"


def _attach_photo(session: Session, folder: Path) -> None:
    """Put a picture at a record, by way of the library that shrinks photos."""
    from xiaobao_desktop.reports import selfcheck
    from xiaobao_desktop.services import attachments
    from xiaobao_desktop.store.query import Query

    ledger = next(item for item in session.ledgers if item.evidence)
    first = session.book.ids(ledger, Query())[0]
    photo = folder / "照片.png"
    photo.write_bytes(selfcheck.picture())
    entry = attachments.add(session, ledger, first, ledger.evidence[0].key, photo).entry
    if not entry.is_picture:
        raise ValueError("照片没有认出来")


def _import() -> str:
    from xiaobao_desktop.services import importing

    with _folder() as folder:
        file = Path(folder) / "台账.csv"
        file.write_text("投诉人,联系电话\n刘某,13800000000\n", encoding="utf-8-sig")
        rows = importing.read_source(file).sheets[0].rows
    return f"读回 {len(rows)} 行"


def _translator() -> str:
    _application()
    from xiaobao_desktop.app import translated_cancel

    return translated_cancel()


def _window() -> str:
    """Open the main window on a demo book, offscreen, and see that its first list is painted."""
    from xiaobao_desktop import app as program
    from xiaobao_desktop.services import books, demo

    application = _application()
    with _folder() as folder:
        demo.make_demo(Path(folder) / "book", complaints=20)
        session = books.open_book(Path(folder) / "book", None)
        window = program.show_window(application, session, program.Stages())
        size = window.size()
        window.close()
        program.end(session)
    return f"{size.width()}×{size.height()}"


@cache
def _application() -> QApplication:
    """The Qt application without a display."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from xiaobao_desktop import app as program

    return program.application(program.Stages())
