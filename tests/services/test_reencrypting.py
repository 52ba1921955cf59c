"""Re-encryption in a real book: what was known before opens nothing, nothing is lost, a cut leaves one good book."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from cryptography.exceptions import InvalidTag

from tests.services.support import BANK, COMPLAINT, OFFICER, PASSWORD, Clock, a_complaint, imported, new_book, sheet
from tests.store.books import QUICK
from xiaobao_desktop.domain.ledgers import all_ledgers
from xiaobao_desktop.domain.roles import Role
from xiaobao_desktop.services import (
    anchors,
    attachments,
    backup_places,
    backups,
    books,
    complaint_suspicion,
    credentials,
    drafts,
    erasing,
    handover,
    records,
    reencrypting,
    restoring,
    retention,
    undo,
    users,
)
from xiaobao_desktop.services.erasing import Approval
from xiaobao_desktop.services.reencrypting import Done, Ready
from xiaobao_desktop.services.session import NotAllowed, Session
from xiaobao_desktop.store import errors, history, keyslots, layout, opening, retired, schema
from xiaobao_desktop.store.audit import LogQuery
from xiaobao_desktop.store.book import Book
from xiaobao_desktop.store.pool import Pool
from xiaobao_desktop.store.query import Query
from xiaobao_desktop.store.repair import rebuild
from xiaobao_desktop.store.sqlite import Database, open_database, opens
from xiaobao_desktop.store.wreck import Wreck

SUCCESSOR, HER_PASSWORD, NEW_PASSWORD = "李静", "接手 Lijing 2026", "换过的 Lijing 2027"
READER, READER_PASSWORD = "赵行长", "行长看台账 2026"
REASON = "备份 U 盘和密码本一起丢失"
TEXT = b"%PDF-1.7 " + "小额账户管理费".encode() * 40_000


class Template(NamedTuple):
    """A closed book, its data key and recovery key."""

    folder: Path
    data_key: bytes
    recovery: str


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """A closed book that was imported, handed over, has a reader, files, a draft and a backup beside it."""
    folder = tmp_path_factory.mktemp("rekey") / "账簿"
    clock = Clock()
    session, _words = books.create_book(folder, bank=BANK, officer=OFFICER, password=PASSWORD, clock=clock, cost=QUICK)
    heads = ("收到日期", "投诉人", "联系电话", "投诉内容")
    rows = [(f"2026-09-{day:02}", f"刘秀{day}", f"139079912{day:02}", f"信用卡收费{day}") for day in range(1, 13)]
    imported(session, sheet(folder.parent / "旧台账.xlsx", heads, *rows))
    place = folder.parent / "材料"
    place.mkdir()
    for name, data in (("答复函.pdf", TEXT), ("短信.txt", "尊敬的客户".encode()), ("空.txt", b"")):
        (place / name).write_bytes(data)
    for on in ("2026-09-01", "2026-10-08"):
        case = int(str(records.save(session, COMPLAINT, a_complaint(on, id_number="110101199003078047")).record.id))
    attachments.add_all(session, COMPLAINT, case, "other", sorted(place.iterdir()))
    users.add(session, PASSWORD, READER, Role.READER, READER_PASSWORD)
    ready = keyslots.prepare_hand_over(folder / layout.KEY_FILE, PASSWORD, OFFICER, SUCCESSOR, HER_PASSWORD, cost=QUICK)
    handover.carry_out(session, ready, SUCCESSOR)
    drafts.keep(session, COMPLAINT, None, a_complaint(complainant="草稿里的人").values, {})
    backups.backup(session, folder / layout.BACKUPS)
    session.close()
    data_key = keyslots.unlock(folder / layout.KEY_FILE, HER_PASSWORD).data_key
    return Template(folder, data_key, ready.words)


@pytest.fixture
def clock() -> Clock:
    made = Clock()
    made.move(days=1)
    return made


@pytest.fixture
def session(template: Template, tmp_path: Path, clock: Clock) -> Iterator[Session]:
    """A copy of it, open."""
    shutil.copytree(template.folder, tmp_path / "账簿")
    opened = books.open_book(tmp_path / "账簿", HER_PASSWORD, clock=clock)
    yield opened
    opened.close()


def prepared(session: Session, secret: str = HER_PASSWORD, new: str = NEW_PASSWORD) -> Ready:
    return reencrypting.prepare(session, secret, new, REASON, cost=QUICK)


def reencrypted(session: Session, **more: Any) -> tuple[Ready, Done]:
    ready = prepared(session)
    return ready, reencrypting.carry_out(session, ready, **more)


def told(session: Session) -> dict[str, Any]:
    """Everything that the officer can see of the book, as far as one can say it."""
    book = session.book
    found: dict[str, Any] = {"drafts": book.drafts(), "choices": book.own_choices()}
    for ledger in session.ledgers:
        for gone in (False, True):
            ids = book.ids(ledger, Query(deleted=gone))
            found[f"{ledger.key} {gone}"] = book.records(ledger, ids)
            found[f"history {ledger.key} {gone}"] = [book.history(ledger, one) for one in ids]
            found[f"files {ledger.key} {gone}"] = [
                (item.file.name, item.file.sha256, hashlib.sha256(book.content(item.file)).hexdigest())
                for one in ids
                for item in book.attachments(ledger, one)
            ]
    found["search"] = [book.ids(COMPLAINT, Query(search=words)) for words in ("刘秀", "收费", "1390799", "信用卡")]
    found["fingerprints"] = book.fingerprints(COMPLAINT)
    case = session.book.records(COMPLAINT, [session.book.ids(COMPLAINT, Query(order=(("number", True),)))[0]])[0]
    found["same person"] = book.with_marks(COMPLAINT, book.marks(COMPLAINT, case.values))
    found["suspicion"] = complaint_suspicion.look(session, case)
    assert len(found["same person"]) > 1
    return found


def all_well(session: Session) -> None:
    assert [item for item in session.book.verify() if not item.ok] == []


def test_nothing_that_was_known_opens_it_and_nothing_is_lost(
    session: Session, template: Template, clock: Clock
) -> None:
    entered = records.save(session, COMPLAINT, a_complaint("2026-11-02")).record.id or 0
    operation = undo.last_operation(session)
    before, end, directory = told(session), session.book.anchor(), session.directory
    old_files = Pool(directory / layout.ATTACHMENTS, template.data_key).contents()
    ready, done = reencrypted(session, recovery_kept=True)
    assert (done.aside, done.trouble, done.lost) == (None, "", ())
    assert told(session) == before
    all_well(session)
    assert session.book.log.anchor_at(end.sequence) == end
    entry = session.book.log.entries([end.sequence + 1])[0]
    assert (entry.operation, entry.who) == (reencrypting.OPERATION, SUCCESSOR)
    assert REASON in str(entry.after)
    secrets = (NEW_PASSWORD, ready.data_key.hex(), *(one.password for one in ready.starts), ready.keys.words)
    logged = session.book.log.entries(session.book.log.sequences(LogQuery()))
    assert not any(secret in str(part) for one in logged for part in one for secret in secrets)
    assert credentials.recovery_kept(session)
    assert undo.last_operation(session) == operation
    undo.undo(session)
    assert entered not in session.book.ids(COMPLAINT, Query())
    session.close()
    for secret in (HER_PASSWORD, PASSWORD, READER_PASSWORD, template.recovery):
        with pytest.raises(errors.WrongPassword):
            keyslots.unlock(directory / layout.KEY_FILE, secret)
    assert not opens(directory / layout.BOOK_FILE, template.data_key)
    pool, stale = (
        Pool(directory / layout.ATTACHMENTS, ready.data_key),
        Pool(directory / layout.ATTACHMENTS, template.data_key),
    )
    assert len(pool.contents()) == len(old_files) == 3
    assert not pool.contents() & old_files
    for content in pool.contents():
        with pytest.raises((errors.AttachmentDamaged, InvalidTag)):
            stale.read(content, "")
    assert not list(directory.glob(f"{layout.ASIDE_BEGINS}*"))
    assert not (directory / layout.REKEYED).exists()
    again = books.open_book(directory, ready.keys.words, clock=clock)
    assert again.user == SUCCESSOR
    again.close()


def test_who_was_not_there_sets_an_own_password_first(session: Session, clock: Clock) -> None:
    ready, _done = reencrypted(session)
    directory = session.directory
    (start,) = ready.starts
    assert (start.name, start.role) == (READER, Role.READER)
    assert len(start.password.replace("-", "")) == 12
    session.close()
    for own, refusal in (
        (None, books.StartPassword),
        (start.password, credentials.PasswordUnfit),
        ("12345678", credentials.PasswordUnfit),
    ):
        with pytest.raises(refusal):
            books.open_book(directory, start.password, user=READER, clock=clock, new_password=own)
    own = "行长新设的 2027"
    opened = books.open_book(directory, start.password, user=READER, clock=clock, new_password=own)
    assert (opened.user, opened.role) == (READER, Role.READER)
    opened.close()
    with pytest.raises(errors.WrongPassword):
        books.open_book(directory, start.password, user=READER, clock=clock)
    again = books.open_book(directory, own, user=READER, clock=clock)
    assert again.book.setting(books.START_PASSWORDS) is None
    assert "用临时密码登录，设自己的密码" in [
        one.operation for one in again.book.log.entries(again.book.log.sequences(LogQuery()))
    ]
    again.close()
    books.open_book(directory, NEW_PASSWORD, clock=clock).close()


def test_only_an_officer_with_her_password_and_a_new_one_may(session: Session) -> None:
    before = (session.directory / layout.KEY_FILE).read_bytes()
    for secret, new, reason, refusal in (
        ("不是这个密码", NEW_PASSWORD, REASON, errors.WrongPassword),
        (HER_PASSWORD, HER_PASSWORD, REASON, credentials.PasswordUnfit),
        (HER_PASSWORD, "12345678", REASON, credentials.PasswordUnfit),
        (HER_PASSWORD, NEW_PASSWORD, "  ", reencrypting.ReasonMissing),
    ):
        with pytest.raises(refusal):
            reencrypting.prepare(session, secret, new, reason, cost=QUICK)
    ready = prepared(session)
    session.role = Role.READER
    for act in (
        lambda: reencrypting.look(session),
        lambda: prepared(session),
        lambda: reencrypting.carry_out(session, ready),
        lambda: reencrypting.drop(session, (), ""),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert (session.directory / layout.KEY_FILE).read_bytes() == before


def changed(file: Path, data_key: bytes, *statements: str, rewriting: bool = False) -> None:
    """Write into a closed book past the program, as somebody with the key could."""
    db = open_database(file, data_key, "rw")
    if rewriting:
        for name in schema.TRIGGERS:
            db.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        db.execute(statement)
    if rewriting:
        for statement in schema.TRIGGERS.values():
            db.execute(statement)
    db.conn.close()


def forged(db: Database, key: bytes) -> None:
    """Add an entry at the end under some audit key."""
    with db.atomic():
        history.Chain(db, key, operation="伪造", who="某人", at=Clock().now).append("access", "keys", 0, None, "{}")


def test_old_and_new_entries_are_proved_with_the_key_of_their_time(
    session: Session, template: Template, clock: Clock
) -> None:
    ready, _done = reencrypted(session)
    end = retired.keys(session.book._db)[-1].upto
    records.save(session, COMPLAINT, a_complaint("2026-11-02"))
    finding = next(item for item in session.book.verify() if item.what == "修改历史")
    assert finding.ok
    assert f"前 {end} 条是重新加密以前的" in finding.detail
    directory, place = session.directory, session.directory.parent / "篡改"
    session.close()
    old_key = opening.audit_key(template.data_key)
    for touched, wrong in (
        (f"UPDATE change SET who = '某人' WHERE seq = {end - 3}", f"第 {end - 3} 条"),
        (f"UPDATE change SET who = '某人' WHERE seq = {end + 1}", f"第 {end + 1} 条"),
        (f"UPDATE retired_key SET upto = {end + 1}", f"第 {end + 1} 条"),
        ("DELETE FROM retired_key", "第 1 条"),
    ):
        shutil.copytree(directory, place)
        changed(place / layout.BOOK_FILE, ready.data_key, touched, rewriting=True)
        with Book.open(place, ready.data_key, all_ledgers()) as book:
            found = next(item for item in book.verify() if item.what == "修改历史")
        assert not found.ok
        assert wrong in found.detail
        shutil.rmtree(place)
    shutil.copytree(directory, place)
    db = open_database(place / layout.BOOK_FILE, ready.data_key, "rw")
    forged(db, old_key)
    assert "被改动过" in history.check(db, opening.audit_key(ready.data_key)).faults[0]
    db.conn.close()
    with pytest.raises(errors.BookDamaged, match="修改历史被改动过"):
        books.open_book(place, NEW_PASSWORD, clock=clock)
    # Cut back to before the re-encryption, where an old copy could go on.
    cut = [f"DELETE FROM {name} WHERE seq > {end}" for name in ("change_content", "change")]
    shutil.copyfile(directory / layout.BOOK_FILE, place / layout.BOOK_FILE)
    changed(place / layout.BOOK_FILE, ready.data_key, *cut, rewriting=True)
    with pytest.raises(errors.BookDamaged, match="修改历史被改动过"):
        books.open_book(place, NEW_PASSWORD, clock=clock)


def test_backups_of_before_and_after_and_a_second_time(session: Session, clock: Clock, tmp_path: Path) -> None:
    before, first_backup = told(session), backup_places.latest(backup_places.own_folder(session))
    stick = tmp_path / "U 盘"
    backup_places.back_up_to_second(session, stick, backups.BackupKind.BY_HAND)
    old_in_pool = {path.stem for path in (stick / layout.BACKUP_POOL).rglob("*.bin")}
    assert first_backup is not None
    clock.move(minutes=5)
    _ready, done = reencrypted(session, keep_old=True)
    assert done.aside is not None
    assert done.backup is not None
    # A backup of before brings everything back, under the key that is out of use; that is told.
    clock.move(minutes=5)
    result = restoring.restore_into(session, first_backup.path, HER_PASSWORD)
    assert result.missing_attachments == 0
    assert told(session) == before
    assert anchors.retired_at(session) == clock.now.replace(minute=clock.now.minute - 5, second=0)
    assert backups.restored_before_reencryption(session.directory)
    all_well(session)
    # One of after, too; the old files then lie beside the new ones and do no harm.
    clock.move(minutes=5)
    restoring.restore_into(session, done.backup, NEW_PASSWORD)
    assert told(session) == before
    assert anchors.retired_at(session) is None
    assert not backups.restored_before_reencryption(session.directory)
    all_well(session)
    clock.move(minutes=5)
    second = reencrypting.prepare(session, NEW_PASSWORD, "第三个密码 2027", REASON, cost=QUICK)
    again = reencrypting.carry_out(session, second)
    assert (again.trouble, again.aside) == ("", None)
    assert told(session) == before
    all_well(session)
    assert len(retired.keys(session.book._db)) == 2
    old = reencrypting.old_copies(session)
    assert {one.path for one in old if one.path.is_dir()} == set(session.directory.glob("replaced-*"))
    assert {done.backup, first_backup.path} < {one.path for one in old}
    assert again.backup not in {one.path for one in old}
    with pytest.raises(reencrypting.NotConfirmed):
        reencrypting.drop(session, old, "删除")
    assert reencrypting.drop(session, old, f"删除{len(old)}份") == ()
    assert reencrypting.old_copies(session) == ()
    assert not old_in_pool & {path.stem for path in (stick / layout.BACKUP_POOL).rglob("*.bin")}
    clock.move(minutes=5)
    assert again.backup is not None
    restoring.restore_into(session, again.backup, "第三个密码 2027")
    assert told(session) == before
    all_well(session)


def state(directory: Path) -> dict[str, bytes]:
    """Every file of the folder but the log of the open book."""
    return {
        str(path.relative_to(directory)): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file() and not path.name.startswith((layout.BOOK_FILE, layout.LOCK_FILE))
    }


def test_it_can_be_stopped_until_the_exchange(session: Session) -> None:
    before, end, ready = state(session.directory), session.book.anchor(), prepared(session)
    said: list[str] = []
    for allowed in (0, 3, 40, 80):
        left = [False] * allowed
        with pytest.raises(errors.RekeyStopped, match="都没有改动"):
            reencrypting.carry_out(
                session,
                ready,
                tell=lambda _done, _of, what: said.append(what),
                stop=lambda left=left: left.pop() if left else True,  # type: ignore[misc]
            )
        assert state(session.directory) == before
        assert session.book.anchor() == end
    assert {"正在用新密钥写附件…", "正在逐条核对新账簿…"} <= set(said)
    records.save(session, COMPLAINT, a_complaint("2026-11-02"))


def test_what_changes_meanwhile_is_never_lost(session: Session) -> None:
    ready = prepared(session)

    def enter(_done: int, _of: int, what: str) -> None:
        if "核对" in what:
            records.save(session, COMPLAINT, a_complaint("2026-11-02"))

    with pytest.raises(errors.RekeyOvertaken, match="请再做一次"):
        reencrypting.carry_out(session, ready, tell=enter)
    all_well(session)
    assert not (session.directory / layout.REKEYED).exists()

    def type_on(_done: int, _of: int, what: str) -> None:
        if "核对" in what:
            drafts.keep(session, COMPLAINT, None, a_complaint(complainant="锁定前打的字").values, {})

    reencrypting.carry_out(session, ready, tell=type_on)
    assert [one.body["values"]["complainant"] for one in session.book.drafts()] == ["锁定前打的字", "草稿里的人"]
    all_well(session)


def test_damage_is_told_and_nothing_is_replaced(session: Session, template: Template, clock: Clock) -> None:
    directory = session.directory
    pool = Pool(directory / layout.ATTACHMENTS, template.data_key)
    broken, gone = sorted(pool.contents(), key=lambda one: pool.path(one).stat().st_size)[1:]
    pool.path(broken).write_bytes(pool.path(broken).read_bytes()[:-1])
    pool.path(gone).unlink()
    _ready, done = reencrypted(session)
    assert sorted(done.lost) == ["短信.txt", "答复函.pdf"]
    assert done.aside is not None, "what is left of them may still be wanted"
    files = next(item for item in session.book.verify() if item.what == "附件")
    assert files.detail.startswith("2 个有问题")
    root = "SELECT rootpage FROM sqlite_master WHERE name = 'import_row'"
    page = int(session.book._db.execute(root).fetchone()[0])
    session.close()
    file = directory / layout.BOOK_FILE
    content = bytearray(file.read_bytes())
    content[(page - 1) * 4096 + 100] ^= 1
    file.write_bytes(content)
    again = books.open_book(directory, NEW_PASSWORD, clock=clock)
    keys = (directory / layout.KEY_FILE).read_bytes()
    with pytest.raises(errors.BookDamaged, match="账簿 里的台账有损坏"):
        reencrypting.carry_out(again, reencrypting.prepare(again, NEW_PASSWORD, "再换 2028 一次", REASON, cost=QUICK))
    assert (directory / layout.KEY_FILE).read_bytes() == keys
    assert file.read_bytes()[4096:8192] == bytes(content[4096:8192])
    again.close()


def test_a_damaged_book_is_rescued_with_the_keys_of_before(session: Session, tmp_path: Path) -> None:
    ready, _done = reencrypted(session)
    records.save(session, COMPLAINT, a_complaint("2026-11-02"))
    end, directory = session.book.anchor(), session.directory
    session.close()
    wreck = Wreck(directory / layout.BOOK_FILE, ready.data_key)
    rescued = rebuild(wreck, tmp_path / "救出", ready.data_key, all_ledgers(), who=SUCCESSOR, at=Clock().now)
    assert (rescued.history, rescued.history_lost, rescued.gaps) == (end.sequence, 0, ())
    with Book.open(tmp_path / "救出", ready.data_key, all_ledgers()) as book:
        assert [item for item in book.verify() if not item.ok and item.what != "附件"] == []
        assert len(book.retired_keys()) == 1


def test_the_demo_book_has_nothing_to_re_encrypt(tmp_path: Path) -> None:
    demo = new_book(tmp_path / "演示")
    with pytest.raises(reencrypting.NothingToReencrypt):
        reencrypting.look(demo)
    demo.close()


def test_what_was_destroyed_stays_so_under_both_keys(session: Session, clock: Clock, tmp_path: Path) -> None:
    steps = tuple({"kind": kind, "happened_on": "2026-10-20", "note": "已办"} for kind in ("decide", "inform", "close"))
    cases = [records.save(session, COMPLAINT, a_complaint("2026-10-08", *steps)).record for _ in range(2)]
    paper = tmp_path / "身份证.txt"
    paper.write_text("翡翠", encoding="utf-8")
    attachments.add_all(session, COMPLAINT, cases[1].id or 0, "other", [paper])
    old = backup_places.back_up_to_second(session, tmp_path / "U 盘", backups.BackupKind.BY_HAND)
    pool = tmp_path / "U 盘" / layout.BACKUP_POOL
    count = len(list(pool.rglob("*.bin")))
    clock.move(days=366 * 6)

    def destroy(number: str | None) -> None:
        chosen = [one for one in retention.candidates(session, session.today()) if one.number == number]
        approved = Approval("李建国", session.today(), "1号", "保管期满")
        erasing.erase(session, chosen, approved, erasing.phrase(1))

    destroy(cases[0].number)
    reencrypted(session)
    destroy(cases[1].number)
    assert len([path for path in pool.rglob("*.bin") if path.stem not in session.book._pool.contents()]) == count - 1
    assert old in [one.path for one in erasing.leftovers(session).copies]
    all_well(session)
    restoring.restore_into(session, old, HER_PASSWORD)
    back = [number for one in erasing.returned(session) for number in one.numbers]
    assert back == [cases[0].number, cases[1].number]
    assert erasing.erase_again(session, erasing.returned(session)) == 2
    assert erasing.returned(session) == ()
