from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.services.support import COMPLAINT, a_complaint, imported, new_book
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.services import attachments, books, listing, records, undo
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Query


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened = new_book(tmp_path / "book")
    yield opened
    opened.close()


def saved(session: Session, **values: str) -> Record:
    return records.save(session, COMPLAINT, a_complaint(**values)).record


def test_nothing_to_undo_in_a_new_book(session: Session) -> None:
    assert undo.last_operation(session) is None
    with pytest.raises(undo.NothingToUndo):
        undo.undo(session)


def test_undoing_step_by_step_brings_back_what_was(session: Session) -> None:
    record = saved(session)
    changed = records.save(
        session, COMPLAINT, replace(record, values={**record.values, "content": "短信费"}), operation="修改投诉内容"
    ).record
    records.delete(session, COMPLAINT, changed.id or 0)
    assert undo.last_operation(session) == "删除投诉 TS-2026-0001"
    assert undo.undo(session).changed == (("complaint", record.id),)
    assert undo.last_operation(session) == "修改投诉内容"
    assert undo.undo(session).name == "修改投诉内容"
    assert records.get(session, COMPLAINT, record.id or 0) == record
    assert undo.last_operation(session) == "登记投诉"
    undo.undo(session)
    assert records.get(session, COMPLAINT, record.id or 0).deleted
    assert undo.last_operation(session) is None
    told = [entry.operation for entry in records.history(session, COMPLAINT, record.id or 0)]
    assert told[:3] == ["撤销：登记投诉", "撤销：修改投诉内容", "撤销：删除投诉 TS-2026-0001"]
    assert all(finding.ok for finding in session.book.verify())


def test_undone_words_are_found_again(session: Session) -> None:
    record = saved(session, content="短信费")
    records.save(session, COMPLAINT, replace(record, values={**record.values, "content": "年费"}))
    undo.undo(session)
    assert listing.ids(session, COMPLAINT, Query(search="短信费")) == [record.id]
    assert listing.ids(session, COMPLAINT, Query(search="年费")) == []


def test_steps_come_back_as_they_were(session: Session) -> None:
    record = saved(session)
    ended = ({"kind": kind, "happened_on": "2026-10-20"} for kind in ("decide", "close"))
    steps = (*record.children["step"], *ended)
    records.save(session, COMPLAINT, replace(record, children={"step": steps}))
    assert records.get(session, COMPLAINT, record.id or 0).values["closed_on"] == "2026-10-20"
    undo.undo(session)
    assert records.get(session, COMPLAINT, record.id or 0) == record


def test_a_whole_import_is_taken_back_and_may_come_again(session: Session) -> None:
    imported(session)
    count = listing.count(session, COMPLAINT, Query())
    assert count == 137
    found = undo.look(session)
    assert found is not None
    assert found.records >= count
    undo.undo(session)
    assert listing.count(session, COMPLAINT, Query()) == 0
    assert listing.count(session, COMPLAINT, Query(deleted=True)) == count
    assert all(finding.ok for finding in session.book.verify())
    # The wrong file or mapping was undone: the right one must not be refused as imported before.
    imported(session)
    assert listing.count(session, COMPLAINT, Query()) == count


def test_files_are_undone_too(session: Session, tmp_path: Path) -> None:
    record_id = saved(session).id or 0
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4")
    entry = attachments.add(session, COMPLAINT, record_id, "proof", tmp_path / "a.pdf", "说明").entry
    attachments.set_caption(session, entry.id, "别的说明")
    attachments.remove(session, entry.id)
    undo.undo(session)
    (back,) = attachments.list_of(session, COMPLAINT, record_id)
    assert (back.id, back.caption) == (entry.id, "别的说明")
    undo.undo(session)
    assert attachments.list_of(session, COMPLAINT, record_id)[0].caption == "说明"
    undo.undo(session)
    assert attachments.list_of(session, COMPLAINT, record_id) == ()
    assert all(finding.ok for finding in session.book.verify())


def test_refused_when_a_record_was_changed_since(session: Session) -> None:
    record = saved(session)
    operation = session.book.last_undoable()
    assert operation is not None
    with session.book.transaction("改名", "王芳", session.now()) as changes:
        changes.update(COMPLAINT, Record({"complainant": "刘秀英"}, id=record.id))
    with pytest.raises(undo.UndoRefused, match="TS-2026-0001后来又改过（改名）"):
        undo._check_untouched(session, operation, session.book.changes_of(operation))


def test_undo_goes_back_no_further_than_the_opening(session: Session, tmp_path: Path) -> None:
    saved(session)
    session.close()
    again = books.open_book(tmp_path / "book", None)
    assert undo.last_operation(again) is None
    again.close()


def test_what_was_only_looked_at_is_no_operation(session: Session) -> None:
    saved(session)
    with session.book.transaction("显示个人信息", "王芳", session.now()) as changes:
        changes.note("complaint", None, {"count": 1})
    with session.book.transaction("修改设置", "王芳", session.now()) as changes:
        changes.set_setting("department", "办公室")
    assert undo.last_operation(session) == "登记投诉"


def test_files_added_together_are_taken_back_together(session: Session, tmp_path: Path) -> None:
    case = int(str(records.save(session, COMPLAINT, a_complaint()).record.id))
    good = [tmp_path / name for name in ("一.txt", "二.txt")]
    for file in good:
        file.write_text(file.name, encoding="utf-8")
    added = attachments.add_all(session, COMPLAINT, case, "material", [*good, tmp_path / "没有.txt"])
    assert (added.count, len(added.refused)) == (2, 1)
    assert [entry.name for entry in attachments.list_of(session, COMPLAINT, case)] == ["一.txt", "二.txt"]
    assert "添加投诉材料 2 个" in str(undo.last_operation(session))
    undo.undo(session)
    assert attachments.list_of(session, COMPLAINT, case) == ()
