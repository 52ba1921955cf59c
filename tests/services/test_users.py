"""Users and rights: what a reader is refused, roles that cannot be raised by hand, tries that are counted."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.services.support import BANK, COMPLAINT, OFFICER, PASSWORD, Clock, a_complaint
from tests.store.books import QUICK
from xiaobao_desktop import services
from xiaobao_desktop.domain.period import parse_period
from xiaobao_desktop.domain.roles import Role
from xiaobao_desktop.services import (
    access,
    attachments,
    audit_log,
    backup_places,
    backups,
    books,
    chart_pictures,
    clock_watch,
    complaint_back_fill,
    complaint_dossier,
    credentials,
    drafts,
    erasing_papers,
    exporting,
    handover,
    list_export,
    opened_files,
    options,
    papers,
    records,
    reporting,
    restoring,
    todo_print,
    tries,
    undo,
    users,
)
from xiaobao_desktop.services.leaving import WayOut
from xiaobao_desktop.services.session import NotAllowed, Session
from xiaobao_desktop.services.tries import TooManyTries
from xiaobao_desktop.store import keyslots
from xiaobao_desktop.store.errors import BackupForOfficer, WrongPassword
from xiaobao_desktop.store.layout import KEY_COPY, KEY_FILE

READER, READER_PASSWORD = "李行长", "行长看台账 2026"
START = "行长临时 2026"
"""What the officer typed for him: good for one login."""
OCTOBER = parse_period("2026-10")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int, int, str, Path]:
    """A closed book with an officer, a reader, one complaint with a file, and a backup of it."""
    place = tmp_path_factory.mktemp("users") / "账簿"
    session, recovery = books.create_book(
        place, bank=BANK, officer=OFFICER, password=PASSWORD, clock=Clock(), cost=QUICK
    )
    record_id = int(str(records.save(session, COMPLAINT, a_complaint()).record.id))
    note = place.parent / "记录.txt"
    note.write_text("来电记录", encoding="utf-8")
    attachments.add(session, COMPLAINT, record_id, COMPLAINT.evidence[0].key, note)
    users.add(session, PASSWORD, READER, Role.READER, START)
    entry = attachments.list_of(session, COMPLAINT, record_id)[0].id
    session.close()
    books.open_book(place, START, clock=Clock(), new_password=READER_PASSWORD).close()
    session = books.open_book(place, PASSWORD, clock=Clock())
    backup = backups.backup(session, place.parent / "备份")
    session.close()
    return place, record_id, entry, recovery, backup


@pytest.fixture
def reader(kept: tuple[Path, int, int, str, Path]) -> Iterator[Session]:
    session = books.open_book(kept[0], READER_PASSWORD, clock=Clock())
    yield session
    session.close()


@pytest.fixture
def own(tmp_path: Path) -> Iterator[tuple[Session, str]]:
    """A book of the test's own, opened by its officer, and the recovery key."""
    session, recovery = books.create_book(
        tmp_path / "own", bank=BANK, officer=OFFICER, password=PASSWORD, clock=Clock(), cost=QUICK
    )
    yield session, recovery
    session.close()


def test_a_reader_reads_and_every_look_behind_a_mask_is_on_record(
    reader: Session, kept: tuple[Path, int, int, str, Path]
) -> None:
    assert (reader.user, reader.role) == (READER, Role.READER)
    assert records.get(reader, COMPLAINT, kept[1]).number == "TS-2026-0001"
    assert reporting.build(reader, "monthly", OCTOBER).document.blocks
    assert attachments.open_bytes(reader, kept[2]) == "来电记录".encode()
    attachments.looked_at(reader, kept[2])
    assert reader.book.history(COMPLAINT, kept[1])[-1].operation.startswith("查看附件：")
    WayOut(reader, "2026年10月消保工作月报").printed()
    access.reveal(reader, COMPLAINT, 1, "列表 F9")
    access.reveal_one(reader, COMPLAINT, kept[1], "手机号码")
    last = reader.book.history(COMPLAINT, kept[1])[-1]
    assert (last.operation, last.who) == ("查看手机号码", READER)
    assert all(item.ok for item in reader.book.verify())


def test_a_list_built_for_a_reader_is_masked(reader: Session, kept: tuple[Path, int, int, str, Path]) -> None:
    built = reporting.build(reader, "ledger", OCTOBER, subject="complaint")
    shown = str(built.document) + str(built.sheets)
    assert "刘**" in shown
    assert "刘秀兰" not in shown
    assert "13907991234" not in shown


def test_what_changes_or_carries_out_is_refused_to_a_reader(
    reader: Session, kept: tuple[Path, int, int, str, Path], tmp_path: Path
) -> None:
    _place, record_id, entry, _recovery, backup = kept
    order = exporting.Order(OCTOBER)
    built = reporting.build(reader, "monthly", OCTOBER)
    acts: dict[str, Callable[[], object]] = {
        "save": lambda: records.save(reader, COMPLAINT, a_complaint()),
        "delete": lambda: records.delete(reader, COMPLAINT, record_id),
        "draft": lambda: drafts.keep(reader, COMPLAINT, None, {"complainant": "张三"}, {}),
        "settings": lambda: options.save_settings(reader, phone="0799-1"),
        "attach": lambda: reader.book.keep_content(b"x"),
        "file out": lambda: attachments.export_to(reader, entry, tmp_path / "out"),
        "file opened elsewhere": lambda: opened_files.write_out(reader, entry),
        "package": lambda: exporting.prepare(reader, order),
        "table": lambda: exporting.table(reader, COMPLAINT, order, "xlsx"),
        "list": lambda: list_export.write(reader, list_export.whole(reader, COMPLAINT), tmp_path / "a.xlsx"),
        "paper": lambda: papers.build(reader, COMPLAINT, record_id, papers.papers(COMPLAINT)[0].key),
        "paper printed": lambda: papers.way_out(reader, COMPLAINT, record_id, "登记表").printed(),
        "dossier": lambda: complaint_dossier.read(reader, record_id),
        "back fill": lambda: complaint_back_fill.read(reader, record_id, complaint_back_fill.FORMS[0]),
        "backup": lambda: backups.backup(reader, tmp_path / "b"),
        "second place": lambda: backup_places.choose_folder(reader, tmp_path),
        "restore": lambda: restoring.restore_into(reader, backup, PASSWORD),
        "recovery key": lambda: credentials.renew_recovery_key(reader, READER_PASSWORD),
        "add user": lambda: users.add(reader, READER_PASSWORD, "张三", Role.OFFICER, "够长的密码 1"),
        "remove user": lambda: users.remove(reader, READER_PASSWORD, OFFICER),
        "reset": lambda: users.reset_password(reader, READER_PASSWORD, OFFICER, "够长的密码 1"),
        "hand over": lambda: handover.prepare(reader, READER_PASSWORD, "张三", "够长的密码 1"),
        "report out": lambda: reporting.save_into(reader, built, tmp_path / "r", "pdf"),
        "its bytes out": lambda: reporting.save(reader, built, tmp_path / "r.pdf", "pdf", b"%PDF"),
        "paper out": lambda: WayOut(reader, "复核页").saved(tmp_path / "c.pdf", b"%PDF", "pdf"),
        "chart out": lambda: chart_pictures.save(reader, "各月受理", tmp_path / "c.png", b"x", "png"),
        "chart copied": lambda: chart_pictures.copied(reader, "各月受理"),
        "rows copied": lambda: list_export.copied(reader, COMPLAINT, 1),
        "log out": lambda: audit_log.export(reader, audit_log.LogQuery(), tmp_path / "l.xlsx"),
        "to-do printed": lambda: todo_print.build(reader, reader.today()),
        "erasing list": lambda: erasing_papers.build(reader, ()),
        "erasing list out": lambda: erasing_papers.write_sheet(reader, (), tmp_path / "e.xlsx"),
        "clock": lambda: clock_watch.ClockWatch(reader).confirm(),
    }
    before = reader.book.anchor()
    for name, act in acts.items():
        with pytest.raises(NotAllowed, match="查阅人员，只能看") as refused:
            act()
        assert READER in str(refused.value), name
    assert reader.book.anchor() == before
    assert list(tmp_path.iterdir()) == []
    assert backup_places.back_up_if_changed(reader) is None
    assert undo.last_operation(reader) is None


def test_no_service_writes_past_the_gate() -> None:
    """Every transaction is ``Book.transaction``, which asks the gate; the door for notes leads to the log alone."""
    users_of_door = []
    for module in pkgutil.walk_packages(services.__path__, f"{services.__name__}."):
        source = inspect.getsource(importlib.import_module(module.name))
        if ".noting(" in source:
            users_of_door.append(module.name)
        assert "._writing(" not in source, module.name
        assert ".gate =" not in source or module.name.endswith(".session"), module.name
    assert users_of_door == ["xiaobao_desktop.services.access", "xiaobao_desktop.services.audit"]


def test_every_function_of_the_services_leaves_the_book_of_a_reader_as_it_is(
    reader: Session, kept: tuple[Path, int, int, str, Path]
) -> None:
    """Called with plain arguments as a reader, a service reads, refuses or fails; no change is written."""
    before, called, refused = _changes(reader), 0, set()
    for item in pkgutil.iter_modules(services.__path__):
        loaded = importlib.import_module(f"{services.__name__}.{item.name}")
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            arguments = _arguments(function, reader, kept)
            if name.startswith("_") or function.__module__ != loaded.__name__ or not arguments:
                continue
            called += 1
            try:
                function(**arguments)
            except NotAllowed:
                refused.add(f"{item.name}.{name}")
            except Exception:  # noqa: BLE001 - arguments that make no sense; the book is looked at below
                pass
            assert _changes(reader) == before, f"{item.name}.{name} wrote as a reader"
    assert called > 100
    assert {"records.save", "records.delete", "backups.backup", "complaint_dossier.read"} <= refused


def _changes(session: Session) -> tuple[int, dict[str, str]]:
    """How many entries of the history change something (looking is no change), and all settings."""
    (count,) = session.book._db.execute("SELECT count(*) FROM change WHERE action <> 'access'").fetchone()
    return count, session.book.settings()


def _arguments(function: Callable[..., object], reader: Session, kept: tuple[Path, int, int, str, Path]) -> Any:
    plain = {"Session": reader, "Ledger": COMPLAINT, "int": kept[1], "str": "甲", "date": date(2026, 11, 3)}
    plain |= {"int | None": kept[1], "bool": True, "Record": a_complaint(), "Period": OCTOBER, "Path": kept[0] / "new"}
    found = {}
    for item in inspect.signature(function).parameters.values():
        if item.default is not item.empty:
            continue
        if item.annotation not in plain:
            return None
        found[item.name] = plain[item.annotation]
    return found if reader in found.values() else None


@pytest.mark.parametrize("where", [KEY_FILE, KEY_COPY])
def test_a_role_edited_in_the_key_file_opens_nothing(
    kept: tuple[Path, int, int, str, Path], tmp_path: Path, where: str
) -> None:
    import shutil

    place = tmp_path / "edited"
    shutil.copytree(kept[0], place)
    for name in (KEY_FILE, KEY_COPY):
        body = json.loads((place / name).read_text("utf-8"))
        for slot in body["slots"]:
            slot.pop("role", None)
        body.pop("sha256")
        body["sha256"] = keyslots._checksum(body)
        (place / name).write_text(json.dumps(body, ensure_ascii=False), encoding="utf-8")
    if where == KEY_COPY:
        (place / KEY_FILE).unlink()
    with pytest.raises(WrongPassword):
        books.open_book(place, READER_PASSWORD)
    books.open_book(place, PASSWORD).close()


def test_the_books_own_list_counts_even_when_the_slot_says_more(own: tuple[Session, str]) -> None:
    session, _recovery = own
    users.add(session, PASSWORD, READER, Role.READER, START)
    path = session.directory / KEY_FILE
    data_key = keyslots.unlock(path, PASSWORD).data_key
    session.close()
    books.open_book(session.directory, START, new_password=READER_PASSWORD).close()
    keyslots.put_user(path, data_key, READER, Role.OFFICER, READER_PASSWORD, cost=QUICK)
    raised = books.open_book(session.directory, READER_PASSWORD)
    assert raised.role is Role.READER
    raised.close()
    keyslots.put_user(path, data_key, "外人", Role.OFFICER, "外人的密码 2026", cost=QUICK)
    with pytest.raises(users.UserRemoved, match="外人已经不在"):
        books.open_book(session.directory, "外人的密码 2026")
    books.open_book(session.directory, PASSWORD).close()


def test_users_are_added_reset_and_removed_on_record(own: tuple[Session, str]) -> None:
    session, recovery = own
    users.add(session, PASSWORD, f"  {READER} ", Role.READER, READER_PASSWORD)
    users.add(session, recovery, "赵敏", Role.OFFICER, "第二位专员 2026")
    assert users.listed(session) == (
        users.User(OFFICER, Role.OFFICER, own=True),
        users.User("赵敏", Role.OFFICER, own=False),
        users.User(READER, Role.READER, own=False),
    )
    with pytest.raises(users.UserKnown):
        users.add(session, PASSWORD, READER, Role.READER, READER_PASSWORD)
    with pytest.raises(WrongPassword):
        users.add(session, "不是这个", "钱七", Role.READER, READER_PASSWORD)
    with pytest.raises(credentials.PasswordUnfit, match="人人都会先试"):
        users.add(session, PASSWORD, "钱七", Role.READER, "password1")
    users.reset_password(session, PASSWORD, READER, "重设之后 2026")
    users.remove(session, PASSWORD, "赵敏")
    with pytest.raises(users.LastOfficer):
        users.remove(session, PASSWORD, OFFICER)
    said = [(note.operation, note.who) for note in session.book.notes(access.USERS)]
    assert (f"重设{READER}的密码", OFFICER) in said
    asked = audit_log.LogQuery(sort=audit_log.SORTS["密码、用户"])
    told = [row.operation for row in audit_log.rows(session, audit_log.find(session, asked))]
    # The list and who has to set an own password are two entries of one operation.
    assert list(dict.fromkeys(told)) == [
        "移除专员用户 赵敏",
        f"重设{READER}的密码",
        "添加专员用户 赵敏",
        f"添加查阅用户 {READER}",
    ]
    session.close()
    for gone in ("第二位专员 2026", READER_PASSWORD):
        with pytest.raises(WrongPassword):
            books.open_book(session.directory, gone)
    opened = books.open_book(session.directory, "重设之后 2026", user=READER, new_password=READER_PASSWORD)
    assert opened.role is Role.READER
    opened.close()


def test_a_password_that_another_typed_is_good_for_one_login(own: tuple[Session, str]) -> None:
    """The officer knew the reader's password for good, and could work under his name."""
    session, _recovery = own
    place = session.directory
    users.add(session, PASSWORD, READER, Role.READER, START)
    session.close()
    given = START
    for password in (READER_PASSWORD, "行长再设的 2026"):
        with pytest.raises(books.StartPassword, match=f"{READER}用的是临时密码"):
            books.open_book(place, given)
        with pytest.raises(credentials.PasswordUnfit, match="不能就是临时密码"):
            books.open_book(place, given, new_password=given)
        opened = books.open_book(place, given, new_password=password)
        assert (opened.user, opened.role) == (READER, Role.READER)
        opened.close()
        with pytest.raises(WrongPassword):
            books.open_book(place, given)
        officer = books.open_book(place, PASSWORD)
        assert officer.book.setting(books.START_PASSWORDS) is None
        given = "重设之后 2026"
        users.reset_password(officer, PASSWORD, READER, given)
        officer.close()
    officer = books.open_book(place, PASSWORD)
    users.remove(officer, PASSWORD, READER)
    assert officer.book.setting(books.START_PASSWORDS) is None
    officer.close()


def test_a_reader_changes_his_own_password_and_stays_a_reader(own: tuple[Session, str]) -> None:
    session, _recovery = own
    users.add(session, PASSWORD, READER, Role.READER, START)
    session.close()
    books.open_book(session.directory, START, new_password=READER_PASSWORD).close()
    credentials.change_password(session.directory, READER_PASSWORD, "行长自己的密码 1", READER)
    with pytest.raises(WrongPassword):
        credentials.change_password(session.directory, "行长自己的密码 1", "抢专员的密码 1", OFFICER)
    opened = books.open_book(session.directory, "行长自己的密码 1")
    assert (opened.user, opened.role) == (READER, Role.READER)
    opened.close()


def test_the_recovery_key_works_as_the_officer(own: tuple[Session, str]) -> None:
    session, recovery = own
    users.add(session, PASSWORD, READER, Role.READER, READER_PASSWORD)
    session.close()
    opened = books.open_book(session.directory, recovery)
    assert (opened.user, opened.role) == (OFFICER, Role.OFFICER)
    opened.close()


def test_a_hand_over_keeps_the_other_users(own: tuple[Session, str]) -> None:
    session, _recovery = own
    users.add(session, PASSWORD, READER, Role.READER, START)
    handover.carry_out(session, handover.prepare(session, PASSWORD, "赵敏", "接手人的密码 1"), "赵敏")
    assert {user.name: user.role for user in users.listed(session)} == {"赵敏": Role.OFFICER, READER: Role.READER}
    session.close()
    for secret, role, own_one in (("接手人的密码 1", Role.OFFICER, None), (START, Role.READER, READER_PASSWORD)):
        opened = books.open_book(session.directory, secret, new_password=own_one)
        assert opened.role is role
        opened.close()


def test_a_reader_cannot_put_a_backup_in_the_place_of_the_book(
    kept: tuple[Path, int, int, str, Path], tmp_path: Path
) -> None:
    with pytest.raises(BackupForOfficer, match="不能恢复备份"):
        backups.restore(kept[4], tmp_path / "new", READER_PASSWORD)
    assert not books.book_at(tmp_path / "new")
    back = restoring.restore_as_book(kept[4], tmp_path / "new", PASSWORD)
    assert back.role is Role.OFFICER
    back.close()


def test_wrong_passwords_make_pauses_that_outlive_the_program(own: tuple[Session, str]) -> None:
    session, _recovery = own
    place = session.directory
    session.close()
    clock = Clock()
    for count in range(tries.FREE):
        assert tries.left(place) == tries.FREE - count
        with pytest.raises(WrongPassword):
            books.open_book(place, "不对的密码", clock=clock)
    with pytest.raises(TooManyTries, match="请等 30 秒再试"):
        books.open_book(place, PASSWORD, clock=clock)
    clock.move(seconds=29)
    with pytest.raises(TooManyTries, match="请等 1 秒"):
        books.open_book(place, PASSWORD, clock=clock)
    clock.move(seconds=1)
    with pytest.raises(WrongPassword):
        books.open_book(place, "还是不对", clock=clock)
    assert tries.seconds_to_wait(place, clock()) == 60
    clock.move(days=-3)
    assert tries.seconds_to_wait(place, clock()) == 60
    clock.move(days=4)
    books.open_book(place, PASSWORD, clock=clock).close()
    assert tries.left(place) == tries.FREE


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", "请设一个密码"),
        ("短1234", "还差 3 位"),
        ("12345678", "人人都会先试"),
        ("Password2026!", "人人都会先试"),
        ("ｐａｓｓｗｏｒｄ", "人人都会先试"),
        ("abababab", "一两个字符"),
        ("23456789", "连着的字符"),
        ("hgfedcba", "连着的字符"),
        ("周敏202611", "姓名加数字"),
        ("春天的河口支行", "还差 1 位"),
        ("春天的河口支行-2026", ""),
        ("liuxi-2026", ""),
    ],
)
def test_passwords_that_are_tried_first_are_not_taken(password: str, reason: str) -> None:
    said = credentials.password_weakness(password, ("周敏",))
    assert reason in said
    assert bool(said) == bool(reason)


def test_a_suspended_book_knows_no_key_and_goes_on_where_it_was(own: tuple[Session, str]) -> None:
    session, _recovery = own
    saved = records.save(session, COMPLAINT, a_complaint()).record
    book = session.book
    book.suspend()
    assert book.closed
    assert (book._data_key, book._audit_key, book._match_key, book._pool._data_key) == (b"", b"", b"", b"")
    with pytest.raises(Exception, match="已经锁定"):
        records.get(session, COMPLAINT, int(str(saved.id)))
    assert books.in_use(session.directory), "nobody else takes the book meanwhile"
    with pytest.raises(WrongPassword):
        credentials.unlock(session, "不是这个")
    credentials.go_on(session, credentials.unlock(session, PASSWORD))
    assert records.get(session, COMPLAINT, int(str(saved.id))).number == saved.number
    assert undo.last_operation(session) is not None, "what was done before the lock can still be undone"
    book.suspend()
    session.close()
    assert not books.in_use(session.directory)
