"""The training ledger: numbers from its attendees, refusals with their words."""

from __future__ import annotations

import pytest

from xiaobao_desktop.domain.fields import Record, Value, Values
from xiaobao_desktop.domain.ledgers import all_ledgers, training
from xiaobao_desktop.services import rules

RULES = rules.load()
TODAY = "2026-11-23"


def person(number: int, group: str, attended: bool = True, passed: bool = False) -> Values:
    return {"staff": number, "group": group, "attended": attended, "passed": passed}


def completed(values: Values, *people: Values) -> Record:
    entered = Record({"held_on": "2026-10-15", "topic": "适当性管理", **values}, {"attendee": people})
    return training.complete(None, entered, RULES)


def problems(**values: Value) -> dict[str, str]:
    record = Record({"held_on": "2026-10-15", "topic": "适当性管理", **values})
    return {item.field: item.message for item in training.check(record, TODAY, RULES)}


def test_the_daily_ledgers_come_first_in_their_order() -> None:
    assert [item.key for item in all_ledgers()[:3]] == ["complaint", "training", "outreach"]
    assert [item.label for item in all_ledgers()[:3]] == ["投诉", "培训", "宣传教育"]


@pytest.mark.parametrize("ledger", [item for item in all_ledgers() if item.prefix in ("PX", "XC")])
def test_every_list_a_field_takes_from_exists(ledger: object) -> None:
    found = next(item for item in all_ledgers() if item is ledger)
    lists = [item.options for item in found.fields if item.kind.value in ("choice", "choices")]
    assert lists
    assert all(RULES.catalog.list(name).items for name in lists)
    keys = {item.key for item in found.fields}
    shown = {column.key for column in found.columns}
    assert shown | set(found.filters) | set(found.title) <= keys
    assert [key for section in found.sections for key in section.fields] == [item.key for item in found.fields]


def test_numbers_come_from_the_attendees() -> None:
    people = (
        person(1, "managers"),
        person(2, "front_line", passed=True),
        person(3, "front_line", attended=False, passed=True),
        person(4, "newcomers", passed=True),
    )
    found = completed({"expected": 99, "exam_way": "written"}, *people).values
    assert [found[key] for key in ("expected", "attended", "passed")] == [4, 3, 2]
    assert [found[key] for key in training.GROUP_COUNTS.values()] == [1, 1, 1]
    assert found["audience"] == ("managers", "front_line", "newcomers")


def test_without_attendees_the_numbers_are_those_typed() -> None:
    found = completed({"expected": 40, "attended": 38, "front_line_count": 38, "audience": ("front_line",)}).values
    assert [found[key] for key in ("expected", "attended", "front_line_count")] == [40, 38, 38]
    assert found["audience"] == ("front_line",)


def test_without_an_examination_nobody_passed_or_failed() -> None:
    assert completed({"exam_way": "none"}, person(1, "managers")).values["passed"] is None
    assert completed({"exam_way": "oral"}, person(1, "managers")).values["passed"] == 0


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"expected": 10, "attended": 12}, "attended", "实到 12 人多于应到 10 人，请核对"),
        ({"attended": 12, "passed": 13}, "passed", "考核合格 13 人多于实到 12 人，请核对"),
        ({"ended_on": "2026-10-14"}, "ended_on", "结束日期早于开始日期，请核对"),
        ({"start_time": "14:30", "end_time": "14:30"}, "end_time", "结束时间不晚于开始时间，请核对"),
        (
            {"attended": 5, "managers_count": 3, "newcomers_count": 3},
            "managers_count",
            "三类人员合计 6 人，多于实到 5 人，请核对",
        ),
    ],
)
def test_impossible_entries_are_refused(values: dict[str, Value], field: str, words: str) -> None:
    assert problems(**values) == {field: words}


def test_what_is_possible_is_not_refused() -> None:
    assert (
        problems(expected=10, attended=10, passed=10, ended_on="2026-10-16", start_time="14:30", end_time="9:00") == {}
    )


def test_the_same_person_twice_and_nobody_are_refused() -> None:
    twice = Record({}, {"attendee": (person(1, "managers"), person(1, "managers"))})
    nobody = Record({}, {"attendee": ({"attended": True},)})
    assert [item.field for item in training.check(twice, TODAY, RULES)] == ["attendee"]
    assert "没有选人" in training.check(nobody, TODAY, RULES)[0].message


def test_a_list_of_a_training_to_come_counts_nobody_yet() -> None:
    people: tuple[Values, ...] = ({"staff": 1, "group": "managers"}, {"staff": 2, "group": "front_line"})
    found = completed({"held_on": "2026-12-01", "exam_way": "written"}, *people).values
    assert [found[key] for key in ("expected", "attended", "passed", "managers_count")] == [2, None, None, None]
    away = completed({}, {**people[0], "attended": False}, people[1]).values
    assert (away["attended"], away["managers_count"]) == (0, 0)
