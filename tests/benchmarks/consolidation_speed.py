"""Speed of 汇总: ``python -m tests.benchmarks.consolidation_speed`` (Linux). Prints a Markdown table.

200 packages of 30 complaints each, with their steps, trainings and outreach events, from 200 invented banks, looked at
and taken in in one go; then the same packages again, of which nothing is new; then newer ones of all 200, in which one
complaint in ten was changed and one was deleted.
"""

from __future__ import annotations

import hashlib
import json
import resource
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from xiaobao_desktop.domain.period import parse_period
from xiaobao_desktop.services import books, consolidation, demo, exporting
from xiaobao_desktop.services.consolidation import Result
from xiaobao_desktop.services.exporting import Order
from xiaobao_desktop.services.session import Session

BANKS, CASES = 200, 30


def main() -> int:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        pattern = one_package(folder)
        size = pattern.stat().st_size
        first, second = folder / "first", folder / "second"
        send(pattern, first, lambda data, manifest: None)
        send(pattern, second, newer)
        union = books.open_book(demo_book(folder / "union", 3), None)
        found = [
            *measured(union, first, "first time"),
            *measured(union, first, "again"),
            *measured(union, second, "newer"),
        ]
        found.append(("memory of the process, MB", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, ""))
        union.close()
    head = f"{BANKS} packages × {CASES} complaints, {size:,} bytes each"
    lines = [f"| {what} | {value:.2f} | {told} |" for what, value, told in found]
    sys.stdout.write("\n".join([head, "", "| what | measured | |", "| --- | --- | --- |", *lines, ""]))
    return 0


def one_package(folder: Path) -> Path:
    """The package that all banks send, from a book with so many complaints in a year."""
    session = books.open_book(demo_book(folder / "bank", CASES), None)
    order = Order(parse_period("2020-01-01..2026-10-31"), ("complaint", "training", "outreach"), with_report=False)
    made = exporting.make(exporting.prepare(session, order))
    assert made.export.rows["complaint"] == CASES
    written = exporting.write(session, made, folder)
    session.close()
    return written.path


def demo_book(place: Path, complaints: int) -> Path:
    """A demo book."""
    demo.make_demo(place, seed=7, complaints=complaints)
    return place


def newer(data: dict[str, Any], manifest: dict[str, Any]) -> None:
    """What a bank did to its complaints until its next package."""
    records = data["ledgers"]["complaint"]["records"]
    del records[0]
    for record in records[::10]:
        record["values"]["remark"] = "后来补记"
    manifest["made_at"] = f"{manifest['made_at'][:10]}T23:59:59+00:00"


def send(pattern: Path, folder: Path, change: Callable[[dict[str, Any], dict[str, Any]], None]) -> None:
    """The package of every bank: the same records under another name and sign."""
    folder.mkdir()
    with zipfile.ZipFile(pattern) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    data, manifest = json.loads(files["小保数据.json"]), json.loads(files["manifest.json"])
    change(data, manifest)
    content = json.dumps(data, ensure_ascii=False).encode()
    for item in manifest["files"]:
        if item["kind"] == "data":
            item["sha256"] = hashlib.sha256(content).hexdigest()
    for number in range(BANKS):
        manifest.update(origin=f"{number:016x}", bank=f"第{number + 1}农村商业银行股份有限公司")
        with zipfile.ZipFile(folder / f"{number:03d}.xbpack", "w", zipfile.ZIP_DEFLATED) as made:
            new = {**files, "小保数据.json": content, "manifest.json": json.dumps(manifest).encode()}
            for name, body in new.items():
                made.writestr(name, body)


def measured(session: Session, folder: Path, what: str) -> list[tuple[str, float, str]]:
    """Seconds of looking and of taking in, with what came of it."""
    begin = time.perf_counter()
    looked = consolidation.look(session, consolidation.find([folder]))
    middle = time.perf_counter()
    result = consolidation.run(session, looked)
    end = time.perf_counter()
    return [(f"{what}: looked at, s", middle - begin, ""), (f"{what}: taken in, s", end - middle, told(result))]


def told(result: Result) -> str:
    """Numbers of a run."""
    parts = ("added", "changed", "same", "gone")
    return ", ".join([f"{len(result.taken)} taken", *(f"{part} {result.total(part):,}" for part in parts)])


if __name__ == "__main__":
    sys.exit(main())
