"""Named filters of a list: kept in the book, renamed, replaced, deleted, and read from a book of another version."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.support import AT, BRANCH, COMPLAINT, OFFICER, Clock, new_book
from xiaobao_desktop.errors import ValueRefused
from xiaobao_desktop.services import saved_filters
from xiaobao_desktop.services.saved_filters import SavedFilter, SavedPart
from xiaobao_desktop.services.session import Session


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened = new_book(tmp_path / "账 簿", Clock())
    yield opened
    opened.close()


OPEN_12345 = SavedFilter(
    " 12345  未办结 ",
    "open",
    "年费",
    ("due_on", True),
    (SavedPart("source", "ticked", ("hotline_12345", None)), SavedPart("received_on", "span", ("本月",))),
)


def names(session: Session) -> list[str]:
    return [entry.name for entry in saved_filters.saved_filters(session, COMPLAINT)]


def test_a_filter_comes_back_as_it_was_kept(session: Session) -> None:
    kept = saved_filters.keep(session, COMPLAINT, OPEN_12345)
    assert kept.name == "12345 未办结"
    assert saved_filters.saved_filters(session, COMPLAINT) == (kept,)
    assert saved_filters.saved_filters(session, BRANCH) == ()


def test_the_same_name_is_replaced_in_its_place(session: Session) -> None:
    for name in ("甲", "乙"):
        saved_filters.keep(session, COMPLAINT, SavedFilter(name))
    saved_filters.keep(session, COMPLAINT, SavedFilter("甲", search="年费"))
    assert names(session) == ["甲", "乙"]
    assert saved_filters.saved_filters(session, COMPLAINT)[0].search == "年费"


def test_renaming_and_deleting(session: Session) -> None:
    for name in ("甲", "乙"):
        saved_filters.keep(session, COMPLAINT, SavedFilter(name))
    saved_filters.rename(session, COMPLAINT, "甲", "丙")
    assert names(session) == ["丙", "乙"]
    with pytest.raises(ValueRefused, match="已有一个叫“乙”的常用筛选"):
        saved_filters.rename(session, COMPLAINT, "丙", "乙")
    saved_filters.remove(session, COMPLAINT, "丙")
    saved_filters.remove(session, COMPLAINT, "乙")
    assert names(session) == []


@pytest.mark.parametrize(("name", "words"), [("  ", "起个名字"), ("字" * 21, "现在是 21 个")])
def test_bad_names_are_refused_with_the_reason(session: Session, name: str, words: str) -> None:
    with pytest.raises(ValueRefused, match=words):
        saved_filters.keep(session, COMPLAINT, SavedFilter(name))
    assert names(session) == []


def test_there_is_an_end_to_their_number(session: Session) -> None:
    for number in range(saved_filters.MOST):
        saved_filters.keep(session, COMPLAINT, SavedFilter(f"第{number}个"))
    with pytest.raises(ValueRefused, match="请先删掉不用的"):
        saved_filters.keep(session, COMPLAINT, SavedFilter("再来一个"))
    saved_filters.keep(session, COMPLAINT, SavedFilter("第3个", search="换"))


@pytest.mark.parametrize("text", ["{", '[{"name": "甲"}]', "3", '["甲"]'])
def test_what_another_version_wrote_does_not_stop_the_list(session: Session, text: str) -> None:
    with session.book.transaction("测试", OFFICER, AT) as writing:
        writing.set_setting("saved_filters.complaint", text)
    assert saved_filters.saved_filters(session, COMPLAINT) == ()
