"""Speed of reports and screens at 100,000 complaints: ``python -m tests.benchmarks.report_speed`` (Linux).

Every job runs in a process of its own, so that the most memory it took is its own. A report is timed from a book that
has just changed (nothing kept from the report before) to the bytes of the PDF, libraries and fonts loaded; beside it,
in the same process and on the same book, what no report can do without: the narrow columns fetched by one bare SELECT
and which cases moved later by others, and the figures of the report reckoned from rows that are there. The limit
holds for the rest. Seconds are those of the processor, the least of some rounds: all this is reckoning in one thread,
and what else the machine does must not count. Options:
``--complaints N``, ``--book DIR`` (kept and used again), ``--rounds N``. Ends with 1 when a limit is missed.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

from tests.benchmarks.common import Line, make_book, table
from tests.benchmarks.common import timed as timed_by
from tests.cli_program import PASSWORD, ROOT, environment
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.domain.ledgers.complaint import STEPS
from xiaobao_desktop.domain.period import Period, parse_period
from xiaobao_desktop.domain.statistics import CaseRow, Cases, Method, compare, figures
from xiaobao_desktop.services import (
    books,
    complaint_charts,
    complaint_month,
    complaint_rows,
    filing_look,
    listing,
    quick_answers,
    report_suggestions,
    reporting,
    todo,
)
from xiaobao_desktop.services.complaint_statistics import orders
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Query

COMPLAINTS, ROUNDS = 100_000, 5
MONTHLY_SECONDS, ANNUAL_SECONDS, LEDGER_SECONDS, SCREEN_SECONDS, MEGABYTES = 1.0, 3.0, 2.0, 1.0, 400.0
"""The promised limits: a month's and a year's report beyond SQL and aggregates, a ledger of 5,000 rows, what a screen
reads, and the most memory of any of these processes."""
LEDGER_ROWS, SEARCHES, SHOWN_ROWS = 5_000, 60, 60
COMPLAINT = ledger("complaint")
Figures = dict[str, float]


def main() -> int:
    """Measure everything and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--complaints", type=int, default=COMPLAINTS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--book", type=Path, default=None)
    parser.add_argument("--job", choices=tuple(JOBS), default=None, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.job:
        return run_job(options.job, options.book, options.rounds)
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        lines = measure(options.book or Path(folder) / "book", options.complaints, options.rounds)
    sys.stdout.write(
        table(f"{options.complaints:,} complaints, processor seconds, the least of {options.rounds} rounds", lines)
    )
    return 0 if all(line.kept for line in lines) else 1


def measure(place: Path, complaints: int, rounds: int) -> list[Line]:
    """Every job on the book in ``place``, which is made when it is not there."""
    if not books.book_at(place):
        make_book(place, complaints)
    books.open_book(place, PASSWORD).close()  # once, should the program have tables that the kept book lacks
    found = {name: child(name, place, rounds) for name in JOBS}
    lines = [
        report_line("monthly PDF with charts", found["monthly"], MONTHLY_SECONDS),
        report_line("annual PDF with charts", found["annual"], ANNUAL_SECONDS),
        *(
            Line(f"{name} report, {what}", f"{found[name][key]:.2f} s")
            for name in ("monthly", "annual")
            for key, what in (
                ("first", "the first of the process"),
                ("words", "again with other words of one's own"),
                ("look", "its check page, warnings and filings"),
            )
        ),
        limited(f"ledger of {LEDGER_ROWS:,} rows as PDF", found["ledger"]["pdf"], LEDGER_SECONDS),
        *(limited(what, seconds, SCREEN_SECONDS) for what, seconds in found["screens"].items() if what != "memory"),
    ]
    for name, figures_of in found.items():
        used = figures_of["memory"]
        lines.append(Line(f"most memory: {name}", f"{used:.0f} MB", f"{MEGABYTES:.0f} MB", used <= MEGABYTES))
    return lines


def limited(what: str, seconds: float, limit: float) -> Line:
    """A line of seconds with a limit."""
    return Line(what, f"{seconds:.2f} s", f"{limit:.1f} s", seconds <= limit)


def report_line(what: str, found: Figures, limit: float) -> Line:
    """A report beside what it cannot do without."""
    bare = found["sql"] + found["aggregates"]
    beyond = found["report"] - bare
    value = f"{found['report']:.2f} s = SQL {found['sql']:.2f} + aggregates {found['aggregates']:.2f} + {beyond:.2f} s"
    return Line(what, value, f"the last ≤ {limit:.1f} s", beyond <= limit)


def child(job: str, place: Path, rounds: int) -> Figures:
    """What a job measured in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.report_speed", "--job", job, "--book", str(place)]
    command += ["--rounds", str(rounds)]
    done = subprocess.run(command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, check=True, encoding="utf-8")
    found: Figures = json.loads(done.stdout)
    return found


def run_job(job: str, place: Path, rounds: int) -> int:
    """Do a job in this process, print what it measured."""
    session = books.open_book(place, PASSWORD)
    try:
        found = JOBS[job](session, rounds)
    finally:
        session.close()
    found["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps(found))
    return 0


def of_report(session: Session, rounds: int, name: str, period: Period) -> Figures:
    """A report of a period from a changed book to its bytes, and what it cannot do without."""

    def make(words: Mapping[str, tuple[str, ...]] | None = None) -> reporting.Built:
        built = reporting.build(session, name, period, words=words)
        reporting.render(built, "pdf")
        return built

    def changed() -> None:
        session.forget(COMPLAINT.key)
        make()

    first = timed(changed, 1)[0]
    report = min(timed(changed, rounds))
    words = min(timed(lambda: make({"problems": ("另写了一段话。",)}), rounds))
    built = make()
    assert built.request is not None
    request = built.request
    report_suggestions.suggestions(session, reporting.kind(name), request)
    look = timed(lambda: filing_look.look(session, built), 1)[0]
    rows, order = tuple(complaint_rows.case_rows(session)), orders(session)
    compared = [span.last for span in period.compared(request.as_of)]
    return {
        "first": first,
        "report": report,
        "words": words,
        "look": look,
        "sql": min(timed(lambda: bare_select(session, [request.as_of, *compared]), rounds)),
        "aggregates": min(timed(lambda: aggregates(rows, order, period, request.as_of), rounds)),
    }


def bare_select(session: Session, days: Sequence[date]) -> None:
    """The columns that statistics need, and which cases moved after some days, fetched and let go.

    Without these nobody can say what was known on such a day, as a report and its comparisons have to.
    """
    session.book.each(COMPLAINT, complaint_rows.EVERY, complaint_rows.KEYS, lambda _raws: None)
    for day in days:
        session.book.moved_after(COMPLAINT, STEPS, day.isoformat())


def timed(act: Callable[[], object], rounds: int) -> list[float]:
    """Seconds of the processor in each round."""
    return timed_by(act, rounds, time.process_time)


def aggregates(rows: tuple[CaseRow, ...], order: Mapping[str, tuple[str, ...]], period: Period, as_of: date) -> None:
    """The figures that a report of a period prints, from rows nothing was reckoned from before."""
    cases, method = Cases(rows), Method()
    year = period.year_to_date()
    for span in (period, period.before(), period.year_before(), year, year.year_before()):
        figures(cases, span, min(as_of, span.last), method)
    for name, names in order.items():
        compare(cases, period, as_of, method, name, names)


def of_ledger(session: Session, rounds: int) -> Figures:
    """The printed ledger of as many days as hold 5,000 complaints."""
    days = [row.received_on for row in complaint_rows.case_rows(session)]
    period = Period(days[-LEDGER_ROWS:][0], days[-1])

    def make() -> None:
        reporting.render(reporting.build(session, "ledger", period, subject=COMPLAINT.key), "pdf")

    make()
    return {"pdf": min(timed(make, rounds))}


def of_screens(session: Session, rounds: int) -> Figures:
    """What the pages of the window read; each the first time after a change where something is kept."""
    today, year = date(2026, 10, 31), parse_period("2026")
    keys = tuple(column.key for column in COMPLAINT.columns if column.shown)

    def open_list() -> None:
        found = listing.ids(session, COMPLAINT, Query(order=COMPLAINT.sort))
        listing.rows(session, COMPLAINT, found[:SHOWN_ROWS], keys)

    def charts() -> None:
        session.forget(COMPLAINT.key)
        complaint_charts.build(session, year, today, Method())

    def answers() -> None:
        session.forget(COMPLAINT.key)
        quick_answers.answers(session, year)

    screens: dict[str, Callable[[], object]] = {
        "list of complaints opened": open_list,
        "filter of the list by category": lambda: listing.facets(session, COMPLAINT, "category", Query()),
        "workbench, what is due": lambda: todo.bands(session, today),
        "workbench, figures of the month": lambda: complaint_month.month_view(session, today),
        "workbench, what is missing": lambda: todo.gaps(session, today),
        "charts page": charts,
        "charts page, another period": lambda: complaint_charts.build(session, parse_period("2026Q3"), today, Method()),
        "quick answers": answers,
    }
    found = {what: min(timed(act, rounds)) for what, act in screens.items()}
    return {**found, **searches(session)}


def searches(session: Session) -> Figures:
    """Random words of contents, names and telephone numbers looked for."""
    draw = random.Random(4)
    ids = draw.sample(listing.ids(session, COMPLAINT, Query()), SEARCHES)
    rows = listing.rows(session, COMPLAINT, ids, ("complainant", "phone", "content"))
    taken = []
    for number, row in enumerate(rows):
        content = str(row["content"])
        at = draw.randrange(max(1, len(content) - 4))
        word = (str(row["complainant"]), str(row["phone"])[-4:], content[at : at + 2], content[at : at + 4])[number % 4]
        query = Query(search=word, order=COMPLAINT.sort)
        taken += timed(lambda query=query: listing.ids(session, COMPLAINT, query), 1)  # type: ignore[misc]
    return {f"search, slowest of {SEARCHES} random ones": max(taken)}


JOBS: dict[str, Callable[[Session, int], Figures]] = {
    "monthly": lambda session, rounds: of_report(session, rounds, "monthly", parse_period("2026-10")),
    "annual": lambda session, rounds: of_report(session, rounds, "annual", parse_period("2026")),
    "ledger": of_ledger,
    "screens": of_screens,
}
"""What is measured, each in a process of its own."""


if __name__ == "__main__":
    sys.exit(main())
