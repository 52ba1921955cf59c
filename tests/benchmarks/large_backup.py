"""Backup and quick check of a large book: how long they take, and how long the window waits for the book meanwhile."""

from __future__ import annotations

import random
import statistics
import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from tests.services.support import Clock, a_complaint, new_book
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.services import backups, health, listing, records
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.layout import BOOK_FILE
from xiaobao_desktop.store.query import Query

COMPLAINT = ledger("complaint")
_MEGABYTE = 1_000_000
_ROW_BYTES = 4_000
_PAUSE_SECONDS = 0.02


@dataclass(frozen=True)
class Figures:
    """What was measured: size of the book in MB; seconds of a backup, of the look at every page after a start, and of
    the slowest read and save meanwhile."""

    megabytes: float
    seconds: float
    check: float
    read: float
    save: float


def measure(folder: Path, megabytes: int, rounds: int) -> Figures:
    """Back a book of about ``megabytes`` up while records are read and saved in another thread.

    The bytes lie in rows of drafts: random text, so that nothing about them is quicker than in records.
    """
    clock = Clock()
    session = new_book(folder / "book", clock)
    try:
        _fill(session, megabytes * _MEGABYTE)
        records.save(session, COMPLAINT, a_complaint())
        taken, checks, reads, saves = [], [], [0.0], [0.0]
        for _round in range(rounds):
            clock.now += timedelta(minutes=30)
            done = threading.Event()
            officer = threading.Thread(target=_work, args=(session, done, reads, saves))
            officer.start()
            began = time.perf_counter()
            file = backups.backup(session, folder / "stick")
            taken.append(time.perf_counter() - began)
            began = time.perf_counter()
            assert health.quick_check(session).sound
            checks.append(time.perf_counter() - began)
            done.set()
            officer.join()
            file.unlink()
        size = (session.directory / BOOK_FILE).stat().st_size / _MEGABYTE
        return Figures(size, statistics.median(taken), statistics.median(checks), max(reads), max(saves))
    finally:
        session.close()


def _fill(session: Session, size: int) -> None:
    draw, db = random.Random(9), session.book._db
    with db.atomic():
        for number in range(size // _ROW_BYTES):
            db.execute(
                "INSERT INTO draft (ledger, record_id, saved_at, who, body) VALUES ('complaint', ?, '', '', ?)",
                (number, draw.randbytes(_ROW_BYTES // 2).hex()),
            )
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _work(session: Session, done: threading.Event, reads: list[float], saves: list[float]) -> None:
    """Read and save as an officer does, and note how long each took."""
    while not done.is_set():
        began = time.perf_counter()
        listing.ids(session, COMPLAINT, Query())
        between = time.perf_counter()
        records.save(session, COMPLAINT, a_complaint())
        saves.append(time.perf_counter() - between)
        reads.append(between - began)
        time.sleep(_PAUSE_SECONDS)
