"""操作记录: every way of touching the book is an entry; found, masked, shown whole on record, exported."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest

from tests.services.support import COMPLAINT, OFFICER, PASSWORD, Clock, a_complaint, new_book
from tests.store.books import QUICK
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.services import (
    access,
    audit,
    audit_log,
    backups,
    books,
    chart_pictures,
    export_log,
    list_export,
    papers,
    records,
)
from xiaobao_desktop.services.audit_log import SORTS, LogQuery
from xiaobao_desktop.services.leaving import WayOut
from xiaobao_desktop.services.options import save_settings
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.errors import WrongPassword
from xiaobao_desktop.store.undoing import MARK

NAME, PHONE = "刘秀兰", "13907991234"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def session(tmp_path: Path, clock: Clock) -> Iterator[Session]:
    made = new_book(tmp_path / "账簿", clock)
    yield made
    made.close()


def found(session: Session, **asked: object) -> list[audit_log.Row]:
    query = LogQuery(**asked)  # type: ignore[arg-type]
    return audit_log.rows(session, audit_log.find(session, query))


def of_sort(session: Session, sort: str) -> list[str]:
    return [row.operation for row in found(session, sort=SORTS[sort])]


def saved(session: Session, **more: str) -> Record:
    return records.save(session, COMPLAINT, a_complaint(**more)).record


def test_every_kind_of_use_is_an_entry_of_its_kind(session: Session, tmp_path: Path) -> None:
    record = saved(session)
    assert record.id is not None
    records.save(session, COMPLAINT, Record({"phone": "13800138000"}, {}, record.id))
    records.delete(session, COMPLAINT, record.id)
    records.restore(session, COMPLAINT, record.id)
    access.reveal(session, COMPLAINT, 3, "检查组查阅")
    access.reveal_one(session, COMPLAINT, record.id, "证件号码")
    papers.way_out(session, COMPLAINT, record.id, "答复函").printed()
    WayOut(session, "2026年10月消保工作月报").printed()
    WayOut(session, "2026年10月消保工作月报").saved(tmp_path / "月报.pdf", b"%PDF", "pdf")
    list_export.copied(session, COMPLAINT, 2)
    chart_pictures.copied(session, "各月受理")
    save_settings(session, phone="0799-1234567")
    backups.backup(session, tmp_path / "U 盘")
    backups.verify(session)
    audit.signed_in(session)
    audit.locked(session, "自动锁定")
    audit.keys_changed(session, "修改密码")
    audit_log.export(session, LogQuery(), tmp_path / "记录.xlsx")
    assert of_sort(session, "新增") == ["登记投诉"]
    assert of_sort(session, "修改") == ["修改投诉"]
    assert of_sort(session, "删除") == [f"删除投诉 {record.number}"]
    assert of_sort(session, "恢复记录") == [f"恢复投诉 {record.number}"]
    assert of_sort(session, "查看完整信息") == ["查看证件号码", "查看投诉完整信息"]
    assert of_sort(session, "打印、另存") == [
        "复制图表：各月受理",
        "复制投诉列表",
        "打印 2026年10月消保工作月报",
        "打印 答复函",
    ]
    assert of_sort(session, "备份") == ["手工备份"]
    assert of_sort(session, "检查") == ["检查账簿：都正常"]
    assert of_sort(session, "登录、锁定") == ["自动锁定", "打开账簿"]
    assert of_sort(session, "密码、用户") == ["修改密码"]
    assert of_sort(session, "导出") == ["导出操作记录", "另存 PDF 2026年10月消保工作月报"]
    assert len(of_sort(session, "设置")) >= 3, "making the book, and the telephone"
    every = found(session)
    assert [row.sequence for row in every] == sorted((row.sequence for row in every), reverse=True)
    assert all(row.sort in SORTS for row in every), "nothing of this is 其他"
    assert all(row.who == OFFICER for row in every)
    assert [row.sequence for row in every] == list(range(session.book.anchor().sequence, 0, -1)), "the whole chain"


def test_entries_are_found_by_day_person_ledger_words_and_number(session: Session, clock: Clock) -> None:
    first = saved(session)
    clock.move(days=2)
    second = saved(session, complainant="张三")
    session.user = "李丽"
    records.save(session, COMPLAINT, Record({"content": "100%的手续费"}, {}, second.id))
    assert audit_log.people(session) == ("李丽", OFFICER)
    today = session.today().isoformat()
    assert [row.what for row in found(session, since=today)] == [f"投诉 {second.number}"] * 2
    earlier = (session.today() - timedelta(days=1)).isoformat()
    assert f"投诉 {first.number}" in [row.what for row in found(session, until=earlier)]
    assert f"投诉 {second.number}" not in [row.what for row in found(session, until=earlier)]
    assert [row.operation for row in found(session, who="李丽")] == ["修改投诉"]
    assert len(found(session, ledger=COMPLAINT.key)) == 3
    assert [row.what for row in found(session, words=f"{first.number}")] == [f"投诉 {first.number}"]
    assert len(found(session, words="ts-2026-")) == 3
    assert [row.operation for row in found(session, words="修改 李")] == ["修改投诉"]
    assert found(session, words="%") == []
    assert found(session, words=MARK) == []


def test_before_and_after_are_masked_until_asked_for_and_the_asking_is_an_entry(session: Session) -> None:
    record = saved(session)
    records.save(session, COMPLAINT, Record({"phone": "13800138000"}, {}, record.id))
    sequence = found(session, sort=SORTS["修改"])[0].sequence
    shown = audit_log.detail(session, sequence)
    assert shown is not None
    assert shown.masked
    assert [(line.label, line.old, line.new) for line in shown.lines] == [("联系电话", "139****1234", "138****8000")]
    whole = audit_log.reveal(session, sequence)
    assert whole is not None
    assert [(line.old, line.new) for line in whole.lines] == [(PHONE, "13800138000")]
    newest = found(session)[0]
    assert newest.operation == f"查看操作记录第 {sequence} 条的完整内容"
    assert newest.what == f"投诉 {record.number}"
    assert newest.sort == "查看完整信息"
    assert audit_log.detail(session, 10_000) is None


def test_a_change_of_a_setting_shows_old_and_new(session: Session) -> None:
    save_settings(session, phone="0799-1")
    save_settings(session, phone="0799-2")
    shown = audit_log.detail(session, found(session)[0].sequence)
    assert shown is not None
    assert [(line.label, line.old, line.new) for line in shown.lines] == [("消保电话", "0799-1", "0799-2")]
    assert not shown.masked


def test_the_export_is_masked_proven_and_an_entry_itself(session: Session, tmp_path: Path) -> None:
    saved(session, content=f"请回电 {PHONE}")
    access.reveal(session, COMPLAINT, 1, f"回访 {PHONE}")
    anchor = session.book.anchor()
    target = tmp_path / "操作记录.xlsx"
    steps: list[tuple[int, int]] = []
    digest = audit_log.export(session, LogQuery(), target, told=lambda done, total: steps.append((done, total)))
    assert hashlib.sha256(target.read_bytes()).hexdigest() == digest
    page = openpyxl.load_workbook(target).active
    cells = [str(cell) for row in page.iter_rows(values_only=True) for cell in row if cell is not None]
    text = "\n".join(cells)
    assert NAME not in text
    assert PHONE not in text
    assert "刘**" in text
    assert audit.anchor_text(anchor) in text
    assert anchor.mac16 in cells, "the last line ends where the anchor says"
    assert steps == [(anchor.sequence, anchor.sequence)]
    logged = export_log.entries(session)[0]
    assert (logged.operation, logged.sha256, logged.total) == ("导出操作记录", digest, anchor.sequence)
    assert logged.anchor == (anchor.sequence, anchor.mac16)


def test_wrong_passwords_before_the_book_opened_stand_in_the_log(tmp_path: Path, clock: Clock) -> None:
    place = tmp_path / "带密码"
    made, _recovery = books.create_book(
        place, bank="某某银行", officer=OFFICER, password=PASSWORD, clock=clock, cost=QUICK
    )
    made.close()
    for _ in range(2):
        clock.move(minutes=1)
        with pytest.raises(WrongPassword):
            books.open_book(place, "不是这个密码", clock=clock)
    opened = books.open_book(place, PASSWORD, clock=clock)
    try:
        audit.signed_in(opened)
        newest, before = found(opened)[:2]
        assert (newest.operation, before.operation) == ("打开账簿", "登录失败 2 次")
        assert f"{clock.now:%Y-%m-%d %H:%M}" in before.note
        audit.signed_in(opened)
        assert of_sort(opened, "登录、锁定").count("登录失败 2 次") == 1, "told once"
    finally:
        opened.close()


def test_notes_of_the_running_ask_for_no_new_backup(session: Session) -> None:
    from xiaobao_desktop.services import backup_places

    backup_places.back_up_if_changed(session)
    audit.signed_in(session)
    audit.locked(session, "锁定")
    backups.verify(session)
    assert not backup_places.changed(session)
    access.reveal(session, COMPLAINT, 1, "检查")
    assert backup_places.changed(session), "what was looked at must be in a backup"


def test_the_last_check_is_told_with_its_result(session: Session, clock: Clock) -> None:
    assert backups.last_check(session) is None
    backups.verify(session)
    last = backups.last_check(session)
    assert last is not None
    assert (last.at, last.who, last.wrong) == (clock.now, OFFICER, ())
    session.book._db.execute("UPDATE text_complaint SET text = 'x'")
    saved(session)
    session.book._db.execute("UPDATE text_complaint SET text = 'x'")
    findings = {item.what: item for item in backups.verify(session)}
    assert "从备份恢复" in findings["投诉"].advice
    assert findings["附件"].advice == ""
    assert all(item.how for item in findings.values())
    last = backups.last_check(session)
    assert last is not None
    assert last.wrong == ("投诉",)


def test_what_was_shown_is_told_in_words(session: Session) -> None:
    record = saved(session)
    assert record.id is not None
    access.reveal_one(session, COMPLAINT, record.id, "证件号码")
    audit.note(session, COMPLAINT.key, "查看投诉", {"fields": ["姓名", "电话"]}, record.id)
    newest, before = found(session)[:2]
    assert (newest.note, newest.what) == ("项目：姓名、电话", f"投诉 {record.number}")
    assert before.note == "项目：证件号码"
