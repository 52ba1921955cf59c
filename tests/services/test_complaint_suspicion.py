"""Repeated and joint complaints in a real book: what is suspected, why, what the officer judges, and taking it back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from tests.cli_program import xiaobao
from tests.services.support import COMPLAINT, Clock, a_complaint, add_branch, new_book, sheet
from xiaobao_desktop.domain.fields import Record, Value
from xiaobao_desktop.services import (
    complaint_relations,
    complaint_rows,
    complaint_suspicion,
    listing,
    records,
    todo,
    undo,
)
from xiaobao_desktop.services.complaint_relations import APART, DIFFERENT, GROUP, LINKED, REPEAT
from xiaobao_desktop.services.complaint_suspicion import Comparison, look
from xiaobao_desktop.services.session import Session

NOW = datetime(2026, 11, 3, 9, 30, tzinfo=timezone(timedelta(hours=8)))
TOLD = "柜台扣了短信服务费三十六元，本人没有签过短信服务协议，要求退回并取消"
AGAIN = "又来反映：柜台扣了短信服务费三十六元，没有签过短信服务协议，上次说退到现在没退"
CARD, LOAN = "B.02.01", "B.03.01"


@pytest.fixture(scope="module")
def module_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Session, int, int]]:
    opened = new_book(tmp_path_factory.mktemp("suspicion") / "book", Clock(NOW))
    yield opened, add_branch(opened, "城关支行"), add_branch(opened, "河口支行")
    opened.close()


@pytest.fixture
def bank(module_session: tuple[Session, int, int]) -> Iterator[tuple[Session, int, int]]:
    """One book for all tests; what a test added goes to the recycle bin, where it raises no suspicion."""
    yield module_session
    session = module_session[0]
    for one in listed(session):
        records.delete(session, COMPLAINT, one)


def listed(session: Session) -> list[int]:
    from xiaobao_desktop.store.query import Query

    return session.book.ids(COMPLAINT, Query(order=(("number", False),)))


def add(bank: tuple[Session, int, int], received: str, name: str, phone: str = "", **more: Value) -> Record:
    values: dict[str, Value] = {"category": CARD, "branch": bank[1], "content": TOLD, "phone": phone or None, **more}
    return records.save(bank[0], COMPLAINT, a_complaint(received, complainant=name, **values)).record


def now(session: Session, record: Record) -> Record:
    return records.get(session, COMPLAINT, record.id or 0)


def test_a_complaint_told_again_is_suspected_on_both_with_every_reason(bank: tuple[Session, int, int]) -> None:
    first = add(bank, "2026-10-08", "刘秀兰", "13907991234")
    second = add(bank, "2026-10-29", "刘秀兰", "139 0799-1234", content=AGAIN)
    add(bank, "2026-10-20", "刘秀兰", "13907991234", category=LOAN, content="贷款利率调整没有通知，多还了利息")
    add(bank, "2026-10-21", "赵国强", "13800000001", branch=bank[2])
    (suspect,) = look(bank[0], second).repeats
    assert (suspect.number, suspect.earlier, suspect.state) == (first.number, True, "新收到")
    assert suspect.reasons[:4] == ("同一电话", "同名", "同一业务类别", "同一机构")
    (back,) = look(bank[0], first).repeats
    assert (back.record_id, back.earlier) == (second.id, False)


def test_a_complaint_is_compared_while_it_is_being_typed(bank: tuple[Session, int, int]) -> None:
    first = add(bank, "2026-10-08", "刘秀兰", "13907991234")
    typed = a_complaint("2026-10-29", complainant="", phone="139-0799-1234", category=CARD)
    assert [item.record_id for item in look(bank[0], typed).repeats] == [first.id]
    for day in ("看不懂的日期", "0001-01-01", "9999-12-31"):
        assert not look(bank[0], a_complaint(day, complainant="刘秀兰", phone="13907991234"))


def test_who_calls_is_known_by_the_phone_alone(bank: tuple[Session, int, int]) -> None:
    session = bank[0]
    add(bank, "2025-08-01", "方志远", "13905550101")
    add(bank, "2026-09-30", "方志远", "13905550101")
    last = add(bank, "2026-10-08", "方志远", "139 0555 0101")
    typed: dict[str, Value] = {"received_on": "2026-10-20", "phone": "139-0555-0101"}
    found = complaint_suspicion.before(session, Record(typed))
    assert found is not None
    assert (found.times, found.number, found.state) == (2, last.number, "新收到"), "the one of a year ago is too old"
    assert not look(session, Record(typed)), "nothing says that it is the same matter"
    assert complaint_suspicion.before(session, Record({"received_on": "2026-10-20", "phone": "13905550109"})) is None
    assert complaint_suspicion.before(session, Record({"phone": "13905550101"})) is None


def test_what_lies_in_the_recycle_bin_is_not_compared(bank: tuple[Session, int, int]) -> None:
    first = add(bank, "2026-10-08", "刘秀兰", "13907991234")
    second = add(bank, "2026-10-29", "刘秀兰", "13907991234")
    records.delete(bank[0], COMPLAINT, first.id or 0)
    assert not look(bank[0], second)
    assert not look(bank[0], now(bank[0], first))


@pytest.mark.parametrize("kind", [REPEAT, LINKED, DIFFERENT])
def test_what_was_judged_is_not_asked_again_until_it_is_taken_back(bank: tuple[Session, int, int], kind: str) -> None:
    session = bank[0]
    first, second = add(bank, "2026-10-08", "刘秀兰"), add(bank, "2026-10-29", "刘秀兰")
    # Judged from the earlier one; a repetition is the later one all the same.
    complaint_relations.judge(session, first.id or 0, [second.id or 0], kind)
    assert not look(session, now(session, first))
    assert not look(session, now(session, second))
    assert [now(session, one).values.get("repeat") or False for one in (first, second)] == [False, kind == REPEAT]
    shown = [
        [item.number for item in complaint_relations.related(session, now(session, one))] for one in (first, second)
    ]
    assert shown == ([[], []] if kind == DIFFERENT else [[second.number], [first.number]])
    name = {REPEAT: "重复投诉", LINKED: "关联", DIFFERENT: "不是重复"}[kind]
    assert f"判断为{name}" in (undo.last_operation(session) or "")
    undo.undo(session)
    assert len(look(session, now(session, second)).repeats) == 1
    assert not now(session, second).values.get("repeat")


def test_another_judgement_takes_the_place_of_the_first(bank: tuple[Session, int, int]) -> None:
    session = bank[0]
    first, second = add(bank, "2026-10-08", "刘秀兰"), add(bank, "2026-10-29", "刘秀兰")
    complaint_relations.judge(session, second.id or 0, [first.id or 0], DIFFERENT)
    complaint_relations.judge(session, second.id or 0, [first.id or 0], LINKED)
    assert [item.words for item in complaint_relations.related(session, now(session, second))] == ["关联"]


def test_merging_keeps_both_ends_the_later_and_counts_once(bank: tuple[Session, int, int]) -> None:
    session = bank[0]
    first, second = add(bank, "2026-10-08", "刘秀兰"), add(bank, "2026-10-29", "刘秀兰")
    complaint_relations.merge(session, first.id or 0, second.id or 0)
    merged = now(session, second)
    assert (merged.values["merged_into"], merged.values["closed_on"], merged.values["ended_by"]) == (
        first.id,
        "2026-11-03",
        "merge",
    )
    assert now(session, first).values == first.values
    link = COMPLAINT.field("merged_into")
    assert [listing.display(session, link, one) for one in (first.id, 999_999)] == [first.number, "#999999"]
    shown = [
        [(item.words, item.number) for item in complaint_relations.related(session, one)] for one in (merged, first)
    ]
    assert shown == [[("并入", first.number)], [("已并入本件", second.number)]]
    assert [row.repeat for row in complaint_rows.case_rows(session)] == [False, True]
    assert not look(session, merged)
    undo.undo(session)
    assert now(session, second).values == second.values


def test_merging_into_a_merged_one_goes_to_the_first_of_all_and_never_in_a_circle(
    bank: tuple[Session, int, int],
) -> None:
    session = bank[0]
    first, second, third = (add(bank, day, "刘秀兰") for day in ("2026-10-08", "2026-10-20", "2026-10-29"))
    complaint_relations.merge(session, second.id or 0, first.id or 0)
    complaint_relations.merge(session, third.id or 0, second.id or 0)
    assert now(session, third).values["merged_into"] == first.id
    with pytest.raises(complaint_relations.MergedElsewhere, match=str(third.number)):
        complaint_relations.merge(session, third.id or 0, add(bank, "2026-10-01", "刘秀兰").id or 0)
    fourth = add(bank, "2026-10-07", "刘秀兰")
    late = replace(fourth, values={**fourth.values, "merged_into": third.id})
    records.save(session, COMPLAINT, late)
    # 10-07 was put into 10-29 by hand, which belongs to 10-08: 10-08 cannot go into 10-07 any more.
    with pytest.raises(complaint_relations.MergedInCircle):
        complaint_relations.merge(session, first.id or 0, fourth.id or 0)


def test_a_merged_complaint_is_spoken_for_by_the_one_that_took_it_up(bank: tuple[Session, int, int]) -> None:
    session = bank[0]
    first, second = add(bank, "2026-10-08", "刘秀兰"), add(bank, "2026-10-20", "刘秀兰")
    complaint_relations.merge(session, second.id or 0, first.id or 0)
    third = add(bank, "2026-10-29", "刘秀兰")
    assert [item.record_id for item in look(session, third).repeats] == [first.id]
    assert not look(session, now(session, second))
    complaint_relations.judge(session, third.id or 0, [first.id or 0], DIFFERENT)
    assert not look(session, now(session, third))


def test_a_closed_complaint_is_merged_without_a_new_step(bank: tuple[Session, int, int]) -> None:
    session = bank[0]
    first = add(bank, "2026-10-08", "刘秀兰")
    second = add(bank, "2026-10-20", "刘秀兰", closed_on="2026-10-25")
    complaint_relations.merge(session, second.id or 0, first.id or 0)
    merged = now(session, second)
    assert (merged.values["merged_into"], merged.values["closed_on"]) == (first.id, "2026-10-25")
    assert merged.children["step"] == second.children["step"]


def test_three_people_with_the_same_thing_within_a_month_may_be_a_group(bank: tuple[Session, int, int]) -> None:
    session = bank[0]
    first = add(bank, "2026-10-08", "刘秀兰", "13907991234")
    second = add(bank, "2026-10-12", "赵国强", "13800000001")
    assert look(session, second).crowd is None
    again = add(bank, "2026-10-13", "刘秀兰", "13907991234")
    assert look(session, second).crowd is None
    third = add(bank, "2026-10-20", "孙丽", "13800000002")
    add(bank, "2026-10-21", "周静", "13800000003", branch=bank[2])
    add(bank, "2026-08-21", "吴桂英", "13800000004")
    crowd = look(session, third).crowd
    assert crowd is not None
    assert (crowd.people, crowd.days, crowd.major, crowd.major_people) == (3, 30, False, 20)
    assert crowd.numbers == (first.number, second.number, again.number)
    # Of the same person nothing has to be judged as a group.
    mine = look(session, first).crowd
    assert mine is not None
    assert mine.others == (second.id, third.id)


def test_a_group_that_was_judged_is_shown_as_such_and_asked_about_a_new_member(bank: tuple[Session, int, int]) -> None:
    session = bank[0]
    people = [add(bank, f"2026-10-0{day}", name) for day, name in ((1, "刘秀兰"), (2, "赵国强"), (3, "孙丽"))]
    complaint_relations.judge(session, people[2].id or 0, [one.id or 0 for one in people[:2]], GROUP)
    assert look(session, now(session, people[2])).crowd is None
    assert [item.words for item in complaint_relations.related(session, now(session, people[2]))] == ["同一群体"] * 2
    # Each member is shown all others, and nobody is asked again, on whichever of them it was judged.
    for one in people:
        numbers = [item.number for item in complaint_relations.related(session, now(session, one))]
        assert numbers == [other.number for other in people if other.id != one.id]
        assert look(session, now(session, one)).crowd is None
    newcomer = add(bank, "2026-10-05", "周静")
    crowd = look(session, now(session, people[2])).crowd
    assert crowd is not None
    assert (crowd.people, crowd.others) == (4, (newcomer.id,))
    complaint_relations.judge(session, newcomer.id or 0, [one.id or 0 for one in people], APART)
    assert look(session, now(session, newcomer)).crowd is None


def test_twenty_people_are_told_as_a_major_complaint(bank: tuple[Session, int, int]) -> None:
    for day, name, people in ((1, "刘秀兰", 12), (2, "赵国强", 7)):
        add(bank, f"2026-10-0{day}", name, people_count=people)
    crowd = look(bank[0], add(bank, "2026-10-03", "孙丽")).crowd
    assert crowd is not None
    assert crowd.major


def test_many_are_compared_piece_by_piece_and_each_pair_is_told_once(bank: tuple[Session, int, int]) -> None:
    session = bank[0]
    ids = [
        add(bank, "2026-10-08", "刘秀兰").id or 0,
        add(bank, "2026-10-09", "赵国强", content="贷款利率调整没有通知，多还了利息", category=LOAN).id or 0,
        add(bank, "2026-10-29", "刘秀兰").id or 0,
    ]
    comparison = Comparison(session, ids)
    comparison.go_on(2)
    assert (comparison.done, comparison.total, [one.record_id for one in comparison.found]) == (2, 3, [ids[0]])
    comparison.go_on(2)
    assert (comparison.done, [one.record_id for one in comparison.found]) == (3, [ids[0]])


def test_new_open_doubts_stand_on_the_workbench_until_judged(bank: tuple[Session, int, int]) -> None:
    session = bank[0]
    first = add(bank, "2026-09-01", "刘秀兰", "13907991234")
    second = add(bank, "2026-10-29", "刘秀兰", "13907991234")
    add(bank, "2026-10-30", "赵国强", "13800000001", closed_on="2026-10-30")

    def doubts() -> list[tuple[str, tuple[int, ...]]]:
        return [(gap.words, gap.ids) for gap in todo.gaps(session, NOW.date()) if "疑似" in gap.words]

    assert doubts() == [("1 件疑似重复或群体，待判断", (second.id,))]
    complaint_relations.judge(session, second.id or 0, [first.id or 0], LINKED)
    assert doubts() == []


def test_the_command_line_names_what_looks_alike(tmp_path: Path) -> None:
    place = tmp_path / "book"
    new_book(place, Clock(NOW)).close()
    headers = ("收到日期", "投诉来源", "投诉人", "联系电话", "投诉内容")
    again = ("2026-10-20", "来访", "刘秀兰", "139 0799 1234", AGAIN)
    file = sheet(tmp_path / "台账.xlsx", headers, ("2026-10-08", "来电", "刘秀兰", "13907991234", TOLD), again)
    done = xiaobao("--book", place, "import", "complaint", file, "--json")
    (one,) = done.data["suspected"]
    assert (one["number"], one["repeats"][0]["number"], one["group"]) == ("TS-2026-0001", "TS-2026-0002", [])
    assert one["repeats"][0]["reasons"][:2] == ["同一电话", "同名"]


def test_the_limits_are_data_of_the_program() -> None:
    found = complaint_suspicion.limits()
    assert found.major_people == 20
    assert 0 < found.same_person < found.like_person < found.nobody <= 1
