"""Taking a whole import back, at once or long after: all of it goes but what was changed since; then it comes again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.services.support import BRANCH, COMPLAINT, imported, new_book, sheet
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.services import attachments, books, import_undo, listing, records, undo
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Query

HEADS = ("收到日期", "投诉来源", "被投诉机构", "业务类别", "投诉内容")
ROWS = [("2026-03-02", "来电", f"第{place}支行", f"老类{place}", f"内容 {place}") for place in range(4)]


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened = new_book(tmp_path / "book")
    yield opened
    opened.close()


def living(session: Session) -> list[Record]:
    return [
        records.get(session, COMPLAINT, one)
        for one in listing.ids(session, COMPLAINT, Query(order=(("number", False),)))
    ]


def in_use(session: Session) -> set[str]:
    return {str(row["name"]) for row in session.book.own_choices() if row["active"]}


def branches(session: Session) -> int:
    return listing.count(session, BRANCH, Query())


def test_an_untouched_import_goes_whole_and_comes_again(session: Session, tmp_path: Path) -> None:
    file = sheet(tmp_path / "a.csv", HEADS, *ROWS)
    imported(session, file)
    assert (len(living(session)), branches(session), in_use(session)) == (4, 4, {f"老类{place}" for place in range(4)})
    (past,) = import_undo.past_imports(session, COMPLAINT)
    assert (past.rows, past.who) == (4, session.user)
    assert import_undo.changed_since(session, COMPLAINT, past) == ()
    done = import_undo.take_back(session, COMPLAINT, past)
    assert (done.records, done.kept) == (4, ())
    assert (living(session), branches(session), in_use(session)) == ([], 0, set())
    assert import_undo.past_imports(session, COMPLAINT) == ()
    plan, _result = imported(session, file)
    assert (len(plan.rows), plan.repeats, branches(session)) == (4, {}, 4)
    assert in_use(session) == {f"老类{place}" for place in range(4)}
    assert all(finding.ok for finding in session.book.verify())


def test_what_was_changed_since_is_told_and_stays_with_its_names(session: Session, tmp_path: Path) -> None:
    file = sheet(tmp_path / "a.csv", HEADS, *ROWS)
    imported(session, file)
    edited, with_file, binned, _other = living(session)
    records.save(session, COMPLAINT, replace(edited, values={**edited.values, "content": "核对过"}))
    paper = tmp_path / "回执.txt"
    paper.write_text("回执", encoding="utf-8")
    attachments.add(session, COMPLAINT, with_file.id or 0, "material", paper)
    records.delete(session, COMPLAINT, binned.id or 0)
    (past,) = import_undo.past_imports(session, COMPLAINT)
    kept = import_undo.changed_since(session, COMPLAINT, past)
    assert [one.number for one in kept] == [edited.number, with_file.number]
    assert kept[0].later == "修改投诉"
    done = import_undo.take_back(session, COMPLAINT, past)
    assert (done.records, done.kept) == (1, kept)
    assert [record.number for record in living(session)] == [edited.number, with_file.number]
    assert (branches(session), in_use(session)) == (2, {"老类0", "老类1"})
    plan, _result = imported(session, file)
    assert [row.number for row in plan.rows] == [4, 5]
    assert set(plan.repeats.values()) == {edited.number, with_file.number}


def test_the_undo_of_single_steps_goes_on_behind_it(session: Session, tmp_path: Path) -> None:
    imported(session, sheet(tmp_path / "a.csv", HEADS, *ROWS[:2]))
    first = living(session)[0]
    records.save(session, COMPLAINT, replace(first, values={**first.values, "content": "核对过"}))
    import_undo.take_back(session, COMPLAINT, import_undo.past_imports(session, COMPLAINT)[0])
    assert undo.last_operation(session) == "修改投诉"
    undo.undo(session)
    assert living(session)[0].values["content"] == "内容 0"
    (past,) = import_undo.past_imports(session, COMPLAINT)
    assert import_undo.take_back(session, COMPLAINT, past).records == 1
    assert living(session) == []


def test_an_import_of_an_earlier_day_can_still_be_taken_back(tmp_path: Path) -> None:
    session = new_book(tmp_path / "book")
    imported(session, sheet(tmp_path / "a.csv", HEADS, *ROWS[:2]))
    imported(session, sheet(tmp_path / "b.csv", HEADS, *ROWS))
    session.close()
    session = books.open_book(tmp_path / "book", None)
    try:
        newest, oldest = import_undo.past_imports(session, COMPLAINT)
        assert (newest.rows, oldest.rows) == (2, 2)
        import_undo.take_back(session, COMPLAINT, oldest)
        assert [record.values["content"] for record in living(session)] == ["内容 2", "内容 3"]
        assert undo.last_operation(session) is None
    finally:
        session.close()
