"""Speed of what goes out: ``python -m tests.benchmarks.export_speed`` (Linux). Prints a Markdown table; ends with 1
when a limit is missed.

A list of 100,000 rows against the same cells written by bare xlsxwriter, and the memory it takes; a package of a year
of 600 cases with 50 photos, from the book to the proven file.
"""

from __future__ import annotations

import io
import resource
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.domain.period import parse_period
from xiaobao_desktop.reports.sheets import Sheet
from xiaobao_desktop.services import attachments, books, demo, exporting, list_export
from xiaobao_desktop.services.exporting import Order
from xiaobao_desktop.services.list_export import ListOrder
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Condition, Query

ROWS, CASES, PHOTOS, ROUNDS = 100_000, 600, 50, 3
LIST_RATIO, LIST_MB, PACKAGE_SECONDS = 1.5, 400.0, 10.0
"""The promised limits."""


def main() -> int:
    """Measure both and print the table."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        place = Path(folder) / "book"
        demo.make_demo(place, seed=1, complaints=CASES, end="2026-12")
        session = books.open_book(place, None)
        add_photos(session, Path(folder))
        ours, bare, memory = of_list(session)  # first: the memory of the package's libraries is not its own
        package = of_package(session, Path(folder) / "stick")
        session.close()
    lines = [
        ("package of a year, s", package, PACKAGE_SECONDS),
        ("list of 100,000 rows in xlsxwriter's own time", ours / bare, LIST_RATIO),
        ("memory of it, MB", memory, LIST_MB),
    ]
    sys.stdout.write("| what | measured | limit |\n| --- | --- | --- |\n")
    for what, value, limit in lines:
        sys.stdout.write(f"| {what} | {value:.2f} | {limit} |{'' if value <= limit else ' **missed**'}\n")
    return int(any(value > limit for _what, value, limit in lines))


def add_photos(session: Session, folder: Path) -> None:
    """Photos as a telephone takes them, at the events of the year."""
    from PIL import Image

    events = ledger("outreach")
    days = Condition("held_on", "between", ("2026-01-01", "2026-12-31"))
    ids = session.book.ids(events, Query(where=(days,), limit=PHOTOS // 2))
    for number in range(PHOTOS):
        file = folder / f"{number}.jpg"
        Image.effect_noise((4000, 3000), 40).convert("RGB").save(file, "JPEG", quality=85)
        attachments.add(session, events, ids[number % len(ids)], "photo", file)


def of_package(session: Session, stick: Path) -> float:
    """Seconds from the book to the proven file, and to its check as the one who gets it makes it."""
    stick.mkdir()
    begin = time.perf_counter()
    made = exporting.make(exporting.prepare(session, Order(parse_period("2026"), with_files=True)))
    written = exporting.write(session, made, stick)
    assert exporting.verify(written.path).ok
    seconds = time.perf_counter() - begin
    photos = sum(part.endswith(".jpg") for part in made.parts)
    sys.stderr.write(f"package: {len(made.content) / 1024**2:.0f} MB, {photos} photos\n")
    return seconds


def of_list(session: Session) -> tuple[float, float, float]:
    """Seconds of our list and of bare xlsxwriter with the same cells, least of three, and the most memory in MB."""
    target = ledger("complaint")
    ids = list_export.whole(session, target).ids
    many = [*ids] * (ROWS // len(ids) + 1)
    keys = [column.key for column in target.columns if column.shown]
    ours, plain, memory = [], [], 0.0
    for _round in range(ROUNDS):
        begin = time.perf_counter()
        made = list_export.sheet(session, ListOrder(target, many[:ROWS], keys, {}))
        list_export.content(session, made, list_export.XLSX)
        ours.append(time.perf_counter() - begin)
        memory = memory or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        begin = time.perf_counter()
        bare(made)
        plain.append(time.perf_counter() - begin)
    return min(ours), min(plain), memory


def bare(sheet: Sheet) -> None:
    """The same cells by xlsxwriter alone, without a look."""
    import xlsxwriter

    book = xlsxwriter.Workbook(io.BytesIO(), {"in_memory": True, "strings_to_formulas": False})
    page = book.add_worksheet()
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for row, cells in enumerate(sheet.rows):
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                page.write_string(row, column, cell)
            elif isinstance(cell, date):
                page.write_datetime(row, column, cell, day)
            elif cell is not None:
                page.write_number(row, column, cell)
    book.close()


if __name__ == "__main__":
    sys.exit(main())
