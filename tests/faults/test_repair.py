"""A damaged book: what can be read is saved, the newest good backup compared; the officer goes on with either."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults.work import state
from tests.services.support import AT, COMPLAINT, Clock, a_complaint, add_branch, new_book
from xiaobao_desktop.services import attachments, backups, books, drafts, records, repair
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store import errors, pages
from xiaobao_desktop.store.layout import ATTACHMENTS, BACKUPS, BOOK_FILE, CANDIDATE, RESCUE
from xiaobao_desktop.store.sqlite import columns_of
from xiaobao_desktop.store.wreck import Wreck

PAGE = pages.PAGE


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed book of some size: complaints, changes, a deletion, a file, a draft, a backup, later records."""
    folder = tmp_path_factory.mktemp("repair") / "book"
    session = new_book(folder)
    for number in range(40):
        records.save(session, COMPLAINT, a_complaint(phone=f"1380000{number:04d}", content="年费" * 200))
    add_branch(session, "第二支行")
    first = records.save(session, COMPLAINT, a_complaint(phone="13900000001")).record
    changed = replace(first, values={**first.values, "content": "短信费" * 3000})
    records.save(session, COMPLAINT, changed)
    paper = folder.parent / "回访.txt"
    paper.write_bytes("回访记录".encode() * 50)
    attachments.add(session, COMPLAINT, first.id or 0, COMPLAINT.evidence[0].key, paper)
    gone = records.save(session, COMPLAINT, a_complaint(phone="13900000002")).record
    records.delete(session, COMPLAINT, gone.id or 0)
    backups.backup(session, folder / BACKUPS)
    records.save(session, COMPLAINT, replace(changed, values={**changed.values, "phone": "13900000003"}))
    for number in range(12):
        records.save(session, COMPLAINT, a_complaint(phone=f"1391111{number:04d}", content="扣费" * 300))
    drafts.keep(session, COMPLAINT, None, {"content": "没写完"}, {})
    session.close()
    return folder


@pytest.fixture
def book(filled: Path, tmp_path: Path) -> Path:
    """A copy of the filled book to be damaged."""
    shutil.copytree(filled, tmp_path / "book")
    return tmp_path / "book"


def everything(directory: Path) -> dict[str, str | None]:
    """The state of every complaint of a sound book by its number."""
    session = books.open_book(directory, None, clock=Clock())
    try:
        assert [item for item in session.book.verify() if not item.ok] == []
        return {number: state(session, number) for number in numbers(session)}
    finally:
        session.close()


def numbers(session: Session) -> list[str]:
    """Numbers of all complaints."""
    rows = session.book._db.execute(f"SELECT number FROM {COMPLAINT.key} ORDER BY number")
    return [row[0] for row in rows]


def spoil(directory: Path, *numbers: int) -> None:
    """Change one byte in the middle of pages."""
    file = directory / BOOK_FILE
    content = bytearray(file.read_bytes())
    for number in numbers:
        content[(number - 1) * PAGE + 777] ^= 0xFF
    file.write_bytes(content)


def key_of(directory: Path) -> bytes:
    """The data key of a test book."""
    session = books.open_book(directory, None, clock=Clock())
    try:
        return session.book._data_key
    finally:
        session.close()


def pages_of(directory: Path, table: str, *, deepest: bool = True) -> list[int]:
    """Numbers of the pages of a table or index, leaves alone or inner pages alone."""
    session = books.open_book(directory, None, clock=Clock())
    try:
        root = session.book._db.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
    finally:
        session.close()
    sound = pages.sound(directory / BOOK_FILE, key_of(directory)).pages
    found: dict[bool, list[int]] = {True: [], False: []}
    waiting = [int(root)]
    while waiting:
        number = waiting.pop()
        page = sound[number]
        inner = page[0] in (0x02, 0x05)
        found[not inner].append(number)
        if inner:
            waiting.append(int.from_bytes(page[8:12], "big"))
            count = int.from_bytes(page[3:5], "big")
            places = [int.from_bytes(page[12 + 2 * at : 14 + 2 * at], "big") for at in range(count)]
            waiting += [int.from_bytes(page[place : place + 4], "big") for place in places]
    return found[deepest]


def test_a_sound_book_is_read_whole(book: Path) -> None:
    before = everything(book)
    examined = repair.examine(book, None, clock=Clock())
    assert examined.rescued is not None
    assert examined.rescued.whole
    assert examined.rescued.counts[COMPLAINT.label] == len(before)
    repair.go_on_with_rescued(examined, AT)
    assert everything(book) == before


@pytest.mark.parametrize(
    "what",
    [
        "data inner",
        "history inner",
        "children",
        *(pytest.param(what, marks=pytest.mark.full) for what in ("data", "index", "search", "history index")),
    ],
)
def test_a_damaged_page_that_the_history_makes_good(what: str, book: Path) -> None:
    key = COMPLAINT.key
    tables = {
        "data": (key, True),
        "data inner": (key, False),
        "index": (f"{key}_by_number", True),
        "search": (f"text_{key}", True),
        "history inner": ("change_content", False),
        "history index": ("change_record", True),
        "children": (f"{key}_step", True),
    }
    table, deepest = tables[what]
    before = everything(book)
    spoil(book, pages_of(book, table, deepest=deepest)[0])
    examined = repair.examine(book, None, clock=Clock())
    assert examined.rescued is not None
    assert examined.rescued.broken == 1
    assert not examined.rescued.lost
    assert examined.rescued_best
    aside = repair.go_on_with_rescued(examined, AT)
    assert aside is not None
    assert (aside / BOOK_FILE).is_file()
    assert everything(book) == before


def test_damaged_history_loses_no_record(book: Path) -> None:
    before = everything(book)
    spoil(book, *pages_of(book, "change")[:2], *pages_of(book, "change_content")[3:5])
    examined = repair.examine(book, None, clock=Clock())
    assert examined.rescued is not None
    assert not examined.rescued.whole
    assert examined.rescued.history_lost > 0
    assert "修改历史有一段读不出来" in "".join(repair.report(examined))
    repair.go_on_with_rescued(examined, AT)
    assert everything(book) == before


def test_the_first_page_lost(book: Path) -> None:
    before = everything(book)
    spoil(book, 1)
    with pytest.raises(errors.BookDamaged):
        books.open_book(book, None)
    examined = repair.examine(book, None, clock=Clock())
    repair.go_on_with_rescued(examined, AT)
    assert everything(book) == before


def test_the_salt_lost(book: Path) -> None:
    before = everything(book)
    content = bytearray((book / BOOK_FILE).read_bytes())
    content[3] ^= 1
    (book / BOOK_FILE).write_bytes(content)
    examined = repair.examine(book, None, clock=Clock())
    assert examined.rescued is not None
    assert examined.rescued.whole
    repair.go_on_with_rescued(examined, AT)
    assert everything(book) == before


def test_a_file_cut_short_is_compared_with_the_backup(book: Path) -> None:
    before = everything(book)
    file = book / BOOK_FILE
    file.write_bytes(file.read_bytes()[: file.stat().st_size * 3 // 4 + 100])
    examined = repair.examine(book, None, clock=Clock())
    assert examined.rescued is not None
    assert examined.rescued.broken > 0
    assert examined.backup is not None
    told = "".join(repair.report(examined))
    assert "最近一份完好的备份" in told
    repair.go_on_with_backup(examined, AT)
    kept = everything(book)
    assert 0 < len(kept) < len(before)
    changed = (*examined.differences.different, *examined.differences.only_backup)
    assert all(before[number] == found or number in changed for number, found in kept.items())


def test_the_report_says_what_differs_from_the_backup(book: Path) -> None:
    spoil(book, pages_of(book, COMPLAINT.key)[0])
    examined = repair.examine(book, None, clock=Clock())
    differences = examined.differences
    assert len(differences.only_rescued) == 12
    assert not differences.only_backup
    assert len(differences.different) == 1
    lines = repair.report(examined)
    assert any("只有救出的账簿里有：12 件" in line for line in lines)
    assert any(differences.different[0] in line for line in lines)


def test_a_damaged_backup_is_passed_over(book: Path) -> None:
    for file in (book / BACKUPS).glob("*.xbbak"):
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.write_bytes(content)
    examined = repair.examine(book, None, clock=Clock())
    assert examined.backup is None
    assert any("没有找到完好的备份" in line for line in repair.report(examined))
    assert not (book / CANDIDATE).exists()


def test_missing_attachments_are_named(book: Path) -> None:
    shutil.rmtree(book / ATTACHMENTS)
    examined = repair.examine(book, None, clock=Clock())
    assert examined.missing_files == ("回访.txt",)
    assert any("回访.txt" in line for line in repair.report(examined))


def test_nothing_is_changed_until_the_officer_chooses(book: Path) -> None:
    spoil(book, pages_of(book, COMPLAINT.key)[0])
    before = (book / BOOK_FILE).read_bytes()
    examined = repair.examine(book, None, clock=Clock())
    repair.discard(book)
    assert (book / BOOK_FILE).read_bytes() == before
    assert not (book / RESCUE).exists()
    with pytest.raises(repair.RepairGone, match="再检查一次"):
        repair.go_on_with_rescued(examined, AT)


def test_what_is_only_in_the_log_is_read_too(book: Path, tmp_path: Path) -> None:
    session = books.open_book(book, None, clock=Clock())
    saved = records.save(session, COMPLAINT, a_complaint(phone="13900000009"))
    # As after kill -9: the log was not moved into the file.
    shutil.copytree(book, tmp_path / "killed")
    session.close()
    examined = repair.examine(tmp_path / "killed", None, clock=Clock())
    repair.go_on_with_rescued(examined, AT)
    assert everything(tmp_path / "killed")[str(saved.record.number)] == "13900000009"


def test_rows_are_read_as_sqlite_reads_them(filled: Path, book: Path) -> None:
    session = books.open_book(book, None, clock=Clock())
    data_key = session.book._data_key
    tables = dict(session.book._db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall())
    tables = {name: sql for name, sql in tables.items() if sql and "VIRTUAL" not in sql and not name.startswith("sq")}
    expected = {
        name: sorted(map(repr, session.book._db.execute(f'SELECT {", ".join(columns(sql))} FROM "{name}"').fetchall()))
        for name, sql in tables.items()
    }
    session.close()
    wreck = Wreck(book / BOOK_FILE, data_key)
    for name, sql in tables.items():
        table = wreck.table(name)
        found = sorted(repr(tuple(row[column.strip('"')] for column in columns(sql))) for row in table.rows)
        assert (table.whole, found) == (True, expected[name]), name


def columns(sql: str) -> list[str]:
    """Quoted columns of a CREATE statement."""
    return [f'"{name}"' for name in columns_of(sql)[0]]


@pytest.mark.full
def test_two_hundred_books_with_damaged_pages(filled: Path, tmp_path: Path) -> None:
    before = everything(filled)
    total = (filled / BOOK_FILE).stat().st_size // PAGE
    draw = random.Random(8)
    spoilers: list[Callable[[], list[int]]] = [
        lambda: [draw.randrange(1, total + 1)],
        lambda: draw.sample(range(2, total + 1), 5),
        lambda: list(range(at := draw.randrange(2, total - 10), at + 10)),
    ]
    for turn in range(200):
        place = tmp_path / "book"
        shutil.copytree(filled, place)
        spoil(place, *spoilers[turn % 3]())
        examined = repair.examine(place, None, clock=Clock())
        repair.go_on_with_rescued(examined, AT)
        kept = everything(place)
        rescued = examined.rescued
        assert rescued is not None
        missing = before.keys() - kept.keys()
        assert not missing or not rescued.whole
        wrong = {number for number, found in kept.items() if before[number] != found}
        assert wrong <= set(rescued.uncertain), f"turn {turn}"
        shutil.rmtree(place)
