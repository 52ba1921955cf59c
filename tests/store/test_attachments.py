from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.store.books import AT, CASE, LEDGERS, PASSWORD, WHO, a_case, add, make_book, make_keyed_book
from xiaobao_desktop.files import TargetRefused
from xiaobao_desktop.store import layout
from xiaobao_desktop.store.attachments import NewFile
from xiaobao_desktop.store.book import Book
from xiaobao_desktop.store.errors import AttachmentDamaged, AttachmentMissing
from xiaobao_desktop.store.pool import Pool
from xiaobao_desktop.store.restore import restore
from xiaobao_desktop.store.subkeys import new_data_key

SIZES = (0, 1, 1024 * 1024 - 1, 1024 * 1024, 1024 * 1024 + 1, 3 * 1024 * 1024)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    made, _key = make_keyed_book(tmp_path / "book")
    yield made
    made.close()


def a_file(book: Book, data: bytes, name: str = "证据.bin") -> NewFile:
    digest = hashlib.sha256(data).hexdigest()
    return NewFile(book.keep_content(data), digest, name, "application/octet-stream", len(data))


def attached(book: Book, record_id: int, data: bytes, name: str = "证据.bin", evidence: str = "proof") -> int:
    file = a_file(book, data, name)
    with book.transaction("添加附件", WHO, AT) as changes:
        return changes.attach(CASE, record_id, file, evidence=evidence)


def verdict(book: Book) -> tuple[bool, str]:
    finding = next(item for item in book.verify() if item.what == "附件")
    return finding.ok, finding.detail


@pytest.mark.parametrize("size", SIZES)
def test_what_is_put_in_comes_out(size: int, tmp_path: Path) -> None:
    data = bytes(range(256)) * (size // 256 + 1)
    pool = Pool(tmp_path, new_data_key())
    assert pool.read(pool.put(data[:size]), "x") == data[:size]


def test_equal_contents_are_stored_once_and_nothing_is_readable(tmp_path: Path) -> None:
    pool = Pool(tmp_path, new_data_key())
    data = "刘秀兰 13907991234".encode() * 10
    assert pool.put(data) == pool.put(data)
    (file,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    raw = file.read_bytes()
    assert data[:20] not in raw
    assert hashlib.sha256(data).hexdigest() not in file.name


def test_another_key_names_and_encrypts_otherwise(tmp_path: Path) -> None:
    pool, other = Pool(tmp_path, new_data_key()), Pool(tmp_path, new_data_key())
    content = pool.put(b"x")
    assert other.content_id(b"x") != content
    with pytest.raises(AttachmentDamaged):
        other.read(content, "证据.pdf")


@pytest.mark.parametrize("change", ["flip", "cut chunk", "cut all", "swap"])
def test_a_changed_file_is_noticed(change: str, tmp_path: Path) -> None:
    pool = Pool(tmp_path, new_data_key())
    content = pool.put(b"a" * (2 * 1024 * 1024 + 5))
    file = pool.path(content)
    raw = bytearray(file.read_bytes())
    chunk = 1024 * 1024 + 16
    if change == "flip":
        raw[len(raw) // 2] ^= 1
    elif change == "cut chunk":
        raw = raw[: 11 + 2 * chunk]
    elif change == "cut all":
        raw = raw[:3]
    else:
        raw[11 : 11 + 2 * chunk] = raw[11 + chunk : 11 + 2 * chunk] + raw[11 : 11 + chunk]
    file.write_bytes(bytes(raw))
    with pytest.raises(AttachmentDamaged, match="有损坏"):
        pool.read(content, "证据.pdf")
    # Adding it again mends the file.
    assert pool.put(b"a" * (2 * 1024 * 1024 + 5)) == content
    assert pool.read(content, "证据.pdf")


def test_attaching_is_listed_and_kept_in_history(book: Book) -> None:
    (record,) = add(book, a_case())
    assert record.id
    first = attached(book, record.id, b"one", "a.pdf")
    second = attached(book, record.id, b"two", "b.pdf", "photo")
    with book.transaction("修改说明", WHO, AT) as changes:
        changes.set_caption(second, "集市")
    found = book.attachments(CASE, record.id)
    assert [(item.id, item.file.name, item.place.caption) for item in found] == [
        (first, "a.pdf", ""),
        (second, "b.pdf", "集市"),
    ]
    assert book.content(found[1].file) == b"two"
    assert book.attachment_kinds(CASE, [record.id, 99]) == {record.id: frozenset({"proof", "photo"})}
    with book.transaction("移除附件", WHO, AT) as changes:
        changes.detach(first)
    assert [item.id for item in book.attachments(CASE, record.id)] == [second]
    actions = [change.action for change in book.history(CASE, record.id)]
    assert actions == ["insert", "attach", "attach", "caption", "detach"]
    assert all(finding.ok for finding in book.verify())


def test_a_refused_transaction_leaves_no_attachment(book: Book) -> None:
    (record,) = add(book, a_case())
    assert record.id
    file = a_file(book, b"one")
    with suppress(ZeroDivisionError), book.transaction("添加附件", WHO, AT) as changes:
        changes.attach(CASE, record.id, file, evidence="proof")
        raise ZeroDivisionError
    assert book.attachments(CASE, record.id) == []
    # The file that nothing speaks of is counted, not hidden.
    assert verdict(book) == (True, "0 个文件，另有 1 个不再用到的文件")


def test_verify_names_missing_and_damaged_files(book: Book) -> None:
    (record,) = add(book, a_case())
    assert record.id
    attached(book, record.id, b"one", "甲.pdf")
    attached(book, record.id, b"two", "乙.pdf")
    assert verdict(book) == (True, "2 个文件，逐个解密比对，和放入时一致")
    pool = book._pool
    pool.path(pool.content_id(b"one")).unlink()
    damaged = pool.path(pool.content_id(b"two"))
    damaged.write_bytes(damaged.read_bytes()[:-1])
    ok, detail = verdict(book)
    assert not ok
    assert "“甲.pdf”的文件不在" in detail
    assert "“乙.pdf”的文件有损坏" in detail
    with pytest.raises(AttachmentMissing):
        book.content(a_file(book, b"three")._replace(content=pool.content_id(b"one")))


def test_backup_copies_each_file_once_and_restore_brings_all_back(book: Book, tmp_path: Path) -> None:
    (record,) = add(book, a_case())
    assert record.id
    attached(book, record.id, b"one" * 1000, "甲.pdf")
    target = tmp_path / "U盘"
    book.backup(target)
    pool = target / layout.BACKUP_POOL
    before = {path: path.stat().st_mtime_ns for path in pool.rglob("*.bin")}
    assert len(before) == 1
    attached(book, record.id, b"two", "乙.pdf")
    file = book.backup(target, at=AT)
    after = {path: path.stat().st_mtime_ns for path in pool.rglob("*.bin")}
    assert len(after) == 2
    assert before.items() <= after.items()
    result = restore(file, tmp_path / "new", PASSWORD)
    assert result.missing_attachments == 0
    with Book.open(tmp_path / "new", result.data_key, LEDGERS) as copy:
        found = copy.attachments(CASE, record.id)
        assert [copy.content(item.file) for item in found] == [b"one" * 1000, b"two"]
        assert all(finding.ok for finding in copy.verify())


def test_restore_tells_files_that_are_not_to_be_had(book: Book, tmp_path: Path) -> None:
    (record,) = add(book, a_case())
    assert record.id
    attached(book, record.id, b"one", "甲.pdf")
    file = book.backup(tmp_path / "U盘")
    (stored,) = (tmp_path / "U盘" / layout.BACKUP_POOL).rglob("*.bin")
    stored.write_bytes(b"XBA1" + bytes(100))
    assert restore(file, tmp_path / "new", PASSWORD).missing_attachments == 1


def test_a_backup_into_the_books_own_folder_makes_no_second_copy(book: Book, tmp_path: Path) -> None:
    (record,) = add(book, a_case())
    assert record.id
    attached(book, record.id, b"one", "甲.pdf")
    file = book.backup(book.directory / layout.BACKUPS)
    assert not (book.directory / layout.BACKUPS / layout.BACKUP_POOL).exists()
    assert restore(file, tmp_path / "new", PASSWORD).missing_attachments == 0


def test_a_backup_whose_pool_cannot_be_written_leaves_nothing(book: Book, tmp_path: Path) -> None:
    (record,) = add(book, a_case())
    assert record.id
    attached(book, record.id, b"one", "甲.pdf")
    target = tmp_path / "U盘"
    target.mkdir()
    (target / layout.BACKUP_POOL).write_text("a file in the way")
    with pytest.raises(TargetRefused):
        book.backup(target)
    assert [path.name for path in target.iterdir()] == [layout.BACKUP_POOL]
    assert not list(book.directory.glob("*.tmp"))


def test_a_book_without_attachments_makes_no_folders(tmp_path: Path) -> None:
    book, _key = make_book(tmp_path / "book")
    book.close()
    assert not (tmp_path / "book" / layout.ATTACHMENTS).exists()
