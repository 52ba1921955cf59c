"""Speed at 20,000 complaints against the limits the program promises: ``python -m tests.benchmarks`` (Linux).

Every figure is measured in this run on this machine; times of the window are told as a ratio to a bare PySide6 window.
Both windows load compiled modules, as an installed program does, whatever the caller's environment says of bytecode.
Options: ``--complaints N``, ``--book DIR`` (kept and used again), ``--rounds N``, ``--reports DIR`` (also
``report_speed`` on its large book, kept there). Prints a Markdown table; ends with 1 when a limit is missed.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from tests.benchmarks import large_backup, report_speed
from tests.benchmarks.common import Line, make_book, table, timed
from tests.cli_program import PASSWORD, ROOT, environment
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.domain.period import month, parse_period
from xiaobao_desktop.services import (
    books,
    complaint_statistics,
    complaint_suspicion,
    listing,
    records,
    reporting,
)
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Query

COMPLAINT = ledger("complaint")
START_RATIO, START_MB, PDF_SECONDS, SEARCH_SECONDS, COMPARE_SECONDS = 3.0, 120.0, 1.0, 0.1, 0.05
"""The promised limits: start in bare windows, memory beyond one, monthly PDF after the first, a search's answer, one
complaint compared with all others."""
SEARCHES, SHOWN_ROWS = 200, 60
BACKUP_MB, BACKUP_SECONDS, CHECK_SECONDS, WAIT_SECONDS = 200, 5.0, 3.0, 0.25
"""The promised limits: seconds of backup and quick check for a book of this size, and how long a read or save waits."""


def main() -> int:
    """Measure everything and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--complaints", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--book", type=Path, default=None)
    parser.add_argument("--reports", type=Path, default=None)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        place = options.book or Path(folder) / "book"
        if not books.book_at(place):
            make_book(place, options.complaints)
        lines = [*start(place, options.rounds, Path(folder) / "bytecode"), *inside(place, options.rounds)]
        lines += large_backup_lines(Path(folder), options.rounds)
    if options.reports:
        lines += report_speed.measure(options.reports, report_speed.COMPLAINTS, options.rounds)
    head = f"{options.complaints:,} complaints, medians of {options.rounds} rounds"
    sys.stdout.write(table(head, lines))
    return 0 if all(line.kept for line in lines) else 1


def start(place: Path, rounds: int, bytecode: Path) -> list[Line]:
    """From nothing to a usable window, fresh processes, the bare window and ours taking turns.

    Args:
        place: folder of the book.
        rounds: how often each is started.
        bytecode: folder for the compiled modules of both.
    """
    bare_command = [sys.executable, str(Path(__file__).with_name("bare_window.py"))]
    our_command = [sys.executable, "-m", "xiaobao_desktop", "--book", str(place), "self-test", "--startup"]
    child(bare_command, bytecode), child(our_command, bytecode)  # once, to compile and to have the files in memory
    bare, ours = [], []
    for _round in range(rounds):
        bare.append(child(bare_command, bytecode))
        ours.append(child(our_command, bytecode))
    base, seconds = middle(bare, "seconds"), middle(ours, "seconds")
    whole_base, whole = middle(bare, "process"), middle(ours, "process")
    more = middle(ours, "memory_mb") - middle(bare, "memory_mb")
    ratio = seconds / base
    start_value = f"{seconds:.2f} s = {ratio:.2f} ×"
    stages = {name: statistics.median(one["stages"][name] for one in ours) for name in ours[0]["stages"]}
    told = ", ".join(f"{name} {value:.2f}" for name, value in stages.items())
    return [
        Line("bare window with one table", f"{base:.2f} s, {middle(bare, 'memory_mb'):.0f} MB"),
        Line("start to usable window", start_value, f"{START_RATIO:.0f} ×", ratio <= START_RATIO),
        Line("stages reached at (s)", told),
        Line("whole process, start to end", f"{whole:.2f} s = {whole / whole_base:.2f} ×"),
        Line("memory beyond the bare window", f"{more:.0f} MB", f"{START_MB:.0f} MB", more <= START_MB),
    ]


def child(command: Sequence[str], bytecode: Path) -> dict[str, Any]:
    """One fresh process; what it printed, and its seconds from start to end."""
    more = {"QT_QPA_PLATFORM": "offscreen", "XIAOBAO_PASSWORD": PASSWORD, "PYTHONPYCACHEPREFIX": str(bytecode)}
    given = {key: value for key, value in environment(**more).items() if key != "PYTHONDONTWRITEBYTECODE"}
    began = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, env=given, stdout=subprocess.PIPE, check=True, encoding="utf-8")
    return {**json.loads(done.stdout), "process": time.perf_counter() - began}


def middle(found: Sequence[dict[str, Any]], key: str) -> float:
    """The median of one figure over all rounds."""
    return statistics.median(float(item[key]) for item in found)


def inside(place: Path, rounds: int) -> list[Line]:
    """What happens in one running program on the open book."""
    session = books.open_book(place, PASSWORD)
    try:
        found = [*lists(session, rounds), *searches(session), *reports(session, rounds), *saving(session, rounds)]
        return [*found, *suspicions(session)]
    finally:
        session.close()


def lists(session: Session, rounds: int) -> list[Line]:
    """Opening the list: all ids in order, one screen of rows as texts; the values offered by a filter."""
    keys = tuple(column.key for column in COMPLAINT.columns if column.shown)

    def open_list() -> None:
        ids = listing.ids(session, COMPLAINT, Query(order=COMPLAINT.sort))
        for row in listing.rows(session, COMPLAINT, ids[:SHOWN_ROWS], keys):
            for key in keys:
                listing.display(session, COMPLAINT.field(key), row[key])

    return [
        Line("list opened", milliseconds(timed(open_list, rounds))),
        Line("values of a filter", milliseconds(timed(lambda: facets_of(session), rounds))),
    ]


def facets_of(session: Session) -> None:
    """The values and counts of the category column."""
    listing.facets(session, COMPLAINT, "category", Query())


def searches(session: Session) -> list[Line]:
    """Random searches as an officer types them: names, digits, words of the content, two of them together."""
    draw = random.Random(4)
    ids = listing.ids(session, COMPLAINT, Query())
    rows = listing.rows(session, COMPLAINT, draw.sample(ids, SEARCHES), ("complainant", "phone", "content", "branch"))
    words = []
    for number, row in enumerate(rows):
        name, phone, content = str(row["complainant"]), str(row["phone"]), str(row["content"])
        at = draw.randrange(max(1, len(content) - 4))
        branch = session.link_names("branch").get(int(str(row["branch"])), "")
        words.append(
            (name, name[:1], phone[-4:], content[at : at + 2], content[at : at + 4], f"{branch} {name[:1]}")[number % 6]
        )
    taken = []
    for word in words:
        began = time.perf_counter()
        found = listing.ids(session, COMPLAINT, Query(search=word, order=COMPLAINT.sort))
        taken.append(time.perf_counter() - began)
        assert found, word
    taken.sort()
    last = taken[int(len(taken) * 0.99) - 1]
    value = f"median {1000 * statistics.median(taken):.0f} ms, p99 {1000 * last:.0f} ms, most {1000 * taken[-1]:.0f} ms"
    return [Line(f"search, {len(words)} random ones", value, f"{1000 * SEARCH_SECONDS:.0f} ms", last <= SEARCH_SECONDS)]


def reports(session: Session, rounds: int) -> list[Line]:
    """Statistics of a year, the monthly report as PDF and Word."""

    def made(file_format: str) -> None:
        reporting.render(reporting.build(session, "monthly", month(2026, 10)), file_format)

    first = timed(lambda: made("pdf"), 1)[0]
    again = statistics.median(timed(lambda: made("pdf"), rounds))
    word = statistics.median(timed(lambda: made("docx"), rounds))
    year = timed(lambda: complaint_statistics.statistics(session, parse_period("2026")), rounds)
    return [
        Line("statistics of a year", milliseconds(year)),
        Line("monthly PDF, the first", f"{first:.2f} s"),
        Line("monthly PDF, after the first", f"{again:.2f} s", f"{PDF_SECONDS:.0f} s", again <= PDF_SECONDS),
        Line("monthly Word file", f"{word:.2f} s"),
    ]


def saving(session: Session, rounds: int) -> list[Line]:
    """One complaint saved, with its history and search index."""

    def save() -> None:
        values = {"received_on": "2026-10-08", "source": "call", "complainant": "刘秀兰", "category": "B.02"}
        records.save(session, COMPLAINT, Record({**COMPLAINT.defaults(), **values}))

    return [Line("one complaint saved", milliseconds(timed(save, rounds)))]


def suspicions(session: Session) -> list[Line]:
    """Random complaints compared with all others: repeated, or one of a group."""
    ids = random.Random(4).sample(listing.ids(session, COMPLAINT, Query()), SEARCHES)
    taken = []
    for record in session.book.records(COMPLAINT, ids):
        taken += timed(partial(complaint_suspicion.look, session, record), 1)
    half, last = statistics.median(taken), sorted(taken)[int(len(taken) * 0.95) - 1]
    value = f"median {1000 * half:.0f} ms, p95 {1000 * last:.0f} ms"
    limit = f"{1000 * COMPARE_SECONDS:.0f} ms"
    return [Line(f"{len(taken)} complaints compared for repetitions", value, limit, half <= COMPARE_SECONDS)]


def large_backup_lines(folder: Path, rounds: int) -> list[Line]:
    """A backup of a large book, and how long the window waits for the book while it is made."""
    found = large_backup.measure(folder / "large", BACKUP_MB, rounds)
    waited = max(found.read, found.save)
    value = f"reading {1000 * found.read:.0f} ms, saving {1000 * found.save:.0f} ms"
    limit = f"{1000 * WAIT_SECONDS:.0f} ms"
    return [
        Line(
            f"backup of a book of {found.megabytes:.0f} MB, verified",
            f"{found.seconds:.2f} s",
            f"{BACKUP_SECONDS:.0f} s",
            found.seconds <= BACKUP_SECONDS,
        ),
        Line(
            f"look at every page of a book of {found.megabytes:.0f} MB after the start, beside the work",
            f"{found.check:.2f} s",
            f"{CHECK_SECONDS:.0f} s",
            found.check <= CHECK_SECONDS,
        ),
        Line("longest wait during backup and check", value, limit, waited <= WAIT_SECONDS),
    ]


def milliseconds(found: Sequence[float]) -> str:
    """The median in milliseconds."""
    return f"{1000 * statistics.median(found):.0f} ms"


if __name__ == "__main__":
    sys.exit(main())
