"""The bank's own checklists: copied, changed in versions, put out of use, taken back; undone by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.services.support import new_book
from xiaobao_desktop.domain.checklist import Checklist, Item
from xiaobao_desktop.services import books, checklists, inspection_run, inspection_view, undo
from xiaobao_desktop.services.checklists import ChecklistUnfit
from xiaobao_desktop.services.session import Session


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened = new_book(tmp_path / "book")
    yield opened
    opened.close()


def current(session: Session, checklist_id: str) -> Checklist:
    known = session.rules.checklist(checklist_id)
    assert known is not None
    return known


def retitled(known: Checklist, title: str) -> Checklist:
    """The checklist with another title of its first item."""
    return replace(known, items=(replace(known.items[0], title=title), *known.items[1:]))


def test_a_change_lies_over_the_shipped_one_and_survives_a_restart(session: Session, tmp_path: Path) -> None:
    made = checklists.save(session, retitled(current(session, "outlet"), "投诉电话公示"))
    assert (made.version, made.own, made.base) == (2, True, 1)
    session.close()
    again = books.open_book(tmp_path / "book", None)
    known = current(again, "outlet")
    assert known == made
    assert [item.version for item in checklists.versions(again, "outlet")] == [2, 1]
    again.close()


def test_only_a_version_that_was_used_is_followed_by_another(session: Session) -> None:
    checklists.save(session, retitled(current(session, "outlet"), "甲"))
    assert checklists.save(session, retitled(current(session, "outlet"), "乙")).version == 2
    inspection_run.start_run(session, "outlet")
    assert checklists.save(session, retitled(current(session, "outlet"), "丙")).version == 3
    used = checklists.version(session, "outlet", 2)
    assert used is not None
    assert used.items[0].title == "乙"
    assert [item.runs for item in checklists.listed(session) if item.checklist.id == "outlet"] == [1]


def test_what_is_not_changed_writes_nothing(session: Session) -> None:
    before = undo.last_operation(session)
    assert checklists.save(session, current(session, "outlet")).version == 1
    assert undo.last_operation(session) == before


def test_weights_that_do_not_add_up_are_refused_and_nothing_is_lost(session: Session) -> None:
    known = current(session, "evaluation_2025")
    items = tuple(replace(item, weight=100) if item.key == "recording" else item for item in known.items)
    with pytest.raises(ChecklistUnfit) as refused:
        checklists.save(session, replace(known, items=items))
    assert "权重合计 87%，少 13%" in refused.value.message
    assert "“营销行为管理”的权重合计 22%，低于下限 25%，少 3%" in refused.value.message
    assert current(session, "evaluation_2025") == known


def test_the_rest_of_the_yearly_plan_makes_a_hundred(session: Session) -> None:
    known = current(session, "evaluation_2025")
    items = tuple(
        replace(item, weight=(item.weight or 0) + 1000) if item.key == "in_time" else item for item in known.items
    )
    made = checklists.save(session, replace(known, items=items))
    assert made.total == 10_000


def test_a_copy_is_a_checklist_of_the_banks_own(session: Session) -> None:
    made = checklists.copy(session, "outlet", " 乡镇网点检查 ")
    assert (made.id, made.title, made.version, made.own) == ("own_1", "乡镇网点检查", 1, True)
    assert made.items == current(session, "outlet").items
    saved = inspection_run.start_run(session, made.id)
    assert saved.record.values["name"] == "2026年乡镇网点检查"
    for title, reason in (
        ("乡镇网点检查", "这个名称已经有了"),
        ("网点检查", "这个名称已经有了"),
        (" ", "请填写检查表的名称"),
    ):
        with pytest.raises(ChecklistUnfit, match=reason):
            checklists.copy(session, "outlet", title)
    assert checklists.copy(session, made.id, "另一张").id == "own_2"


def test_the_shipped_version_comes_back(session: Session) -> None:
    original = current(session, "outlet")
    checklists.save(session, retitled(original, "甲"))
    inspection_run.start_run(session, "outlet")
    checklists.restore_shipped(session, "outlet")
    assert current(session, "outlet") == original
    kept = checklists.version(session, "outlet", 2)
    assert kept is not None
    assert kept.items[0].title == "甲"
    # A later change does not take the number of the version that a run has.
    assert checklists.save(session, retitled(original, "乙")).version == 3


def test_one_out_of_use_is_not_offered_until_it_is_used_again(session: Session) -> None:
    run = inspection_run.start_run(session, "outlet").record
    for active in (False, True):
        checklists.set_active(session, "outlet", active=active)
        choice = session.rules.catalog.list("checklist").get("outlet")
        assert choice is not None
        assert (choice.active, choice.name) == (active, "网点消保检查")
        assert [item.active for item in checklists.listed(session) if item.checklist.id == "outlet"] == [active]
    assert (
        inspection_view.view(session, int(str(run.id))).items[0].source == "《银行业保险业消费投诉处理管理办法》第八条"
    )


def test_a_new_item_never_takes_the_key_of_an_old_one(session: Session) -> None:
    known = current(session, "drill")
    first = checklists.new_key(session, "drill", known.items)
    inspection_run.start_run(session, "drill")
    checklists.save(session, replace(known, items=(*known.items, Item(first, "总结", "通报"))))
    inspection_run.start_run(session, "drill")
    checklists.save(session, known)
    assert first == "own_1"
    assert checklists.new_key(session, "drill", current(session, "drill").items) == "own_2"
