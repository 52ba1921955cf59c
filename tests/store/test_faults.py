"""Power, disk and process faults, small seeded doses of each."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.store.books import AT, CASE, LEDGERS, WHO, a_case, add, fill, make_book
from xiaobao_desktop.store import errors, space
from xiaobao_desktop.store.book import Book
from xiaobao_desktop.store.layout import BOOK_FILE, RESERVE_FILE
from xiaobao_desktop.store.query import Query


def test_every_flipped_bit_is_noticed(tmp_path: Path) -> None:
    book, data_key = make_book(tmp_path)
    fill(book, 40)
    book.close()
    file = tmp_path / BOOK_FILE
    content = file.read_bytes()
    unseen = []
    for bit in random.Random(5).sample(range(len(content) * 8), 40):
        flipped = bytearray(content)
        flipped[bit // 8] ^= 1 << bit % 8
        file.write_bytes(flipped)
        try:
            with Book.open(tmp_path, data_key, LEDGERS) as damaged:
                seen = not all(finding.ok for finding in damaged.verify())
        except errors.BookDamaged:
            seen = True
        if not seen:
            unseen.append(bit)
        for name in (BOOK_FILE + "-wal", BOOK_FILE + "-shm"):
            (tmp_path / name).unlink(missing_ok=True)
    assert unseen == []


_WORKER = """
import sys
from pathlib import Path
from tests.store.books import CASE, LEDGERS, a_case, add
from xiaobao_desktop.store.book import Book
book = Book.open(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), LEDGERS)
while True:
    for stored in add(book, *(a_case(title="文字" * 200, steps=({"kind": "received"},)) for _ in range(3))):
        print(stored.number, flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="needs kill -9")
def test_a_killed_program_loses_nothing_it_acknowledged(tmp_path: Path) -> None:
    book, data_key = make_book(tmp_path)
    book.close()
    acknowledged: set[str] = set()
    draw = random.Random(6)
    for _ in range(5):
        command = [sys.executable, "-X", "utf8", "-c", _WORKER, str(tmp_path), data_key.hex()]
        worker = subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8")
        assert worker.stdout is not None
        acknowledged.add(worker.stdout.readline().strip())
        time.sleep(draw.uniform(0, 0.15))
        worker.send_signal(signal.SIGKILL)
        # A line cut in the middle was not acknowledged.
        acknowledged.update(line.strip() for line in worker.stdout if line.endswith("\n"))
        worker.wait()
        with Book.open(tmp_path, data_key, LEDGERS) as book:
            kept = {str(row["number"]) for row in book.rows(CASE, book.ids(CASE, Query()), [])}
            assert acknowledged <= kept
            assert len(kept) % 3 == 0  # whole transactions only
            assert all(finding.ok for finding in book.verify())
    assert len(acknowledged) > 5


def test_a_full_disk_costs_one_step_and_no_more(tmp_path: Path) -> None:
    book, data_key = make_book(tmp_path)
    fill(book, 5)
    assert space.keep_reserve(tmp_path, 64 * 1024)
    assert (tmp_path / RESERVE_FILE).stat().st_size == 64 * 1024
    with book:
        pages = book._db.execute("PRAGMA page_count").fetchone()[0]
        book._db.execute(f"PRAGMA max_page_count = {pages + 3}")
        before = book.anchor()
        with pytest.raises(errors.BookDiskFull, match="这一步没有保存"):
            fill(book, 50)
        assert book.anchor() == before
        assert not (tmp_path / RESERVE_FILE).exists()
        book._db.execute("PRAGMA max_page_count = 1000000")
        assert add(book, a_case())[0].number == "SX-2026-0006"
        assert all(finding.ok for finding in book.verify())
    with Book.open(tmp_path, data_key, LEDGERS) as book:
        assert book.count(CASE, Query()) == 6


def test_free_space_is_told(tmp_path: Path) -> None:
    state = space.free_space_state(tmp_path)
    assert state.free > 0
    assert state.low == (state.free < space.LOW_BYTES)
    assert not state.reserve
    assert space.keep_reserve(tmp_path, 4096)
    assert space.free_space_state(tmp_path).reserve
    assert space.release_reserve(tmp_path)
    assert not space.release_reserve(tmp_path)
    assert not space.keep_reserve(tmp_path, 1 << 60)


def test_many_changes_in_one_transaction_are_one_operation(tmp_path: Path) -> None:
    with make_book(tmp_path)[0] as book:
        with book.transaction("导入 3 件", WHO, AT) as changes:
            ids = [changes.insert(CASE, a_case()).id or 0 for _ in range(3)]
        assert {book.history(CASE, record_id)[0].operation_id for record_id in ids} == {1}
