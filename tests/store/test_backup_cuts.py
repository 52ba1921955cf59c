"""Programs killed in the middle of a backup or a restore: always one good book, never a false backup.

A seeded few in the suite; a hundred with ``--full``.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.store.books import AT, CASE, LEDGERS, PASSWORD, a_case, add, fill, make_keyed_book
from xiaobao_desktop.store import backup_files, container, keyslots
from xiaobao_desktop.store.book import Book
from xiaobao_desktop.store.layout import BACKUP_SUFFIX, KEY_FILE
from xiaobao_desktop.store.query import Query
from xiaobao_desktop.store.restore import restore

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs kill -9")

_BACKING_UP = """
import sys
from pathlib import Path
from tests.store.books import LEDGERS, PASSWORD, a_case, add
from xiaobao_desktop.store import keyslots
from xiaobao_desktop.store.book import Book
directory = Path(sys.argv[1])
book = Book.open(directory, keyslots.unlock(directory / "keys.json", PASSWORD).data_key, LEDGERS)
print("open", flush=True)
while True:
    print(add(book, a_case(title="新的一件"))[0].number, flush=True)
    book.backup(Path(sys.argv[2]))
"""

_RESTORING = """
import sys
from pathlib import Path
from tests.store.books import PASSWORD
from xiaobao_desktop.store.restore import restore
print("open", flush=True)
while True:
    for file in sys.argv[2:]:
        restore(Path(file), Path(sys.argv[1]), PASSWORD)
"""


def killed(code: str, *arguments: Path, after: float) -> list[str]:
    """Run a child until it is killed ``after`` seconds from its first word; the whole lines it said since."""
    command = [sys.executable, "-X", "utf8", "-c", code, *map(str, arguments)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8")
    assert child.stdout is not None
    assert child.stdout.readline().strip() == "open"
    time.sleep(after)
    child.send_signal(signal.SIGKILL)
    said = [line.strip() for line in child.stdout if line.endswith("\n")]
    child.wait()
    return said


def titles(directory: Path) -> list[str]:
    """The titles in a book, which must be sound."""
    with Book.open(directory, keyslots.unlock(directory / KEY_FILE, PASSWORD).data_key, LEDGERS) as book:
        assert all(finding.ok for finding in book.verify())
        return [str(row["title"]) for row in book.rows(CASE, book.ids(CASE, Query()), ["title"])]


def cut_backups(place: Path, times: int) -> int:
    """Kill a program that backs up without end; how many backups were whole."""
    book, _key = make_keyed_book(place / "book")
    fill(book, 30)
    book.close()
    draw, stick, acknowledged = random.Random(11), place / "stick", 30
    for _ in range(times):
        acknowledged += len(killed(_BACKING_UP, place / "book", stick, after=draw.uniform(0, 0.25)))
        assert len(titles(place / "book")) >= acknowledged, "nothing acknowledged is lost"
    whole = sorted(stick.glob(f"*{BACKUP_SUFFIX}"))
    for file in whole:
        container.read(file)
        result = restore(file, place / "proof", PASSWORD)
        assert len(titles(result.directory)) == result.counts["case"]
        shutil.rmtree(place / "proof")
    with Book.open(place / "book", keyslots.unlock(place / "book" / KEY_FILE, PASSWORD).data_key, LEDGERS) as again:
        again.backup(stick, at=datetime.now().astimezone() + timedelta(hours=2))
        # What a cut left behind is no backup by name, and goes when the next one was made.
        assert len(backup_files.named_in(stick)) == len(whole) + 1
        again.thin_out(stick)
        assert not list(stick.glob("*.part"))
    return len(whole)


def cut_restores(place: Path, times: int) -> set[str]:
    """Kill a program that restores one of two backups after the other; which books were found."""
    book, data_key = make_keyed_book(place / "book")
    add(book, a_case(title="早"))
    early = book.backup(place / f"early{BACKUP_SUFFIX}", at=AT)
    with book.transaction("修改", "王芳", AT) as changes:
        stored = book.records(CASE, book.ids(CASE, Query()))[0]
        changes.update(CASE, type(stored)({"title": "晚"}, {}, id=stored.id))
    late = book.backup(place / f"late{BACKUP_SUFFIX}", at=AT)
    book.close()
    draw, seen = random.Random(12), set()
    for _ in range(times):
        killed(_RESTORING, place / "book", early, late, after=draw.uniform(0, 0.3))
        found = titles(place / "book")
        assert found in (["早"], ["晚"])
        seen.update(found)
        for aside in (place / "book").glob("replaced-*"):
            shutil.rmtree(aside)
    assert keyslots.unlock(place / "book" / KEY_FILE, PASSWORD).data_key == data_key
    return seen


def test_a_backup_killed_anywhere_costs_nothing(tmp_path: Path) -> None:
    cut_backups(tmp_path, 2)


def test_a_restore_killed_anywhere_leaves_one_good_book(tmp_path: Path) -> None:
    cut_restores(tmp_path, 2)


@pytest.mark.full
def test_fifty_backups_and_fifty_restores_killed_anywhere(tmp_path: Path) -> None:
    assert cut_backups(tmp_path / "backups", 50) > 5
    assert cut_restores(tmp_path / "restores", 50) == {"早", "晚"}
