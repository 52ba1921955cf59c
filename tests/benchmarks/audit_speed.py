"""``python -m tests.benchmarks.audit_speed``: a log of 100,000 entries, opened, searched, paged, exported, checked."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.services.support import COMPLAINT, a_complaint, new_book
from xiaobao_desktop.services import audit_log, backups
from xiaobao_desktop.services.audit_log import SORTS, LogQuery
from xiaobao_desktop.store.book import NewRecord

ENTRIES = 100_000
_AT_ONCE = 5_000


def main() -> None:
    """Make the book and print what was measured."""
    with tempfile.TemporaryDirectory(prefix="xiaobao-log-") as place:
        session = new_book(Path(place) / "book")
        for start in range(0, ENTRIES, _AT_ONCE):
            with session.book.transaction("登记投诉", session.user, session.now(), many=True) as writing:
                items = [NewRecord(a_complaint(complainant=f"某{start + n}")) for n in range(_AT_ONCE)]
                writing.insert_many(COMPLAINT, items)
        found: list[int] = []
        _measure("opened", lambda: found.extend(audit_log.find(session, LogQuery())))
        _measure("one kind", lambda: audit_log.find(session, LogQuery(sort=SORTS["设置"])))
        _measure("a word", lambda: audit_log.find(session, LogQuery(words="登记")))
        _measure("a number", lambda: audit_log.find(session, LogQuery(words="TS-2026-4")))
        _measure("a page in the middle", lambda: audit_log.rows(session, found[50_000:50_200]))
        _measure("one entry", lambda: audit_log.detail(session, found[50_000]))
        _measure("exported", lambda: audit_log.export(session, LogQuery(), Path(place) / "log.xlsx"))
        _measure("book checked", lambda: backups.verify(session))
        session.close()


def _measure(what: str, work: Callable[[], object]) -> None:
    began = time.perf_counter()
    work()
    sys.stdout.write(f"{what}: {1000 * (time.perf_counter() - began):.0f} ms\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
