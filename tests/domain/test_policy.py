"""The ledger of policies: how one stands on a day, which systems are missing, days and replacements that cannot be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from xiaobao_desktop.domain.fields import Record, Value, Values
from xiaobao_desktop.domain.ledgers import policy
from xiaobao_desktop.domain.ledgers.policy import Standing, standing, uncovered
from xiaobao_desktop.services import rules

RULES = rules.load()
TODAY = "2026-11-23"
WANTED = (
    "考核评价",
    "风险等级评估",
    "消费者金融信息保护",
    "信息披露查询",
    "营销宣传管理",
    "金融知识普及教育",
    "投诉处理",
    "内部监督与责任追究",
    "重大事件应急",
)


def problems(record_id: int | None = None, known: dict[int, Values] | None = None, **values: Value) -> dict[str, str]:
    asked = replace(
        RULES,
        link_name=lambda _ledger, one: str((known or {}).get(one, {}).get("name", "")),
        link_values=lambda _ledger, one: (known or {}).get(one, {}),
    )
    record = Record({"name": "投诉处理办法", **values}, {}, record_id)
    return {item.field: item.message for item in policy.check(record, TODAY, asked)}


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({}, Standing.IN_FORCE),
        ({"in_force_on": "2026-11-23"}, Standing.IN_FORCE),
        ({"in_force_on": "2026-11-24"}, Standing.TO_COME),
        ({"issued_on": "2026-11-24"}, Standing.TO_COME),
        ({"issued_on": "2026-11-01", "in_force_on": "2027-01-01"}, Standing.TO_COME),
        ({"in_force_on": "2020-01-01", "repealed_on": "2026-11-23"}, Standing.REPEALED),
        ({"in_force_on": "2020-01-01", "repealed_on": "2026-11-24"}, Standing.IN_FORCE),
        ({"in_force_on": "2020-01-01", "review_due_on": "2026-11-23"}, Standing.REVIEW_DUE),
        ({"in_force_on": "2020-01-01", "review_due_on": "2026-11-24"}, Standing.IN_FORCE),
        ({"review_due_on": "2020-01-01", "repealed_on": "2026-01-01"}, Standing.REPEALED),
    ],
)
def test_how_a_policy_stands_on_a_day(values: Values, found: Standing) -> None:
    assert standing(values, TODAY) is found


def test_missing_systems_are_those_nothing_in_force_serves() -> None:
    whole: Values = {"categories": ("complaint_handling", "assessment"), "in_force_on": "2026-01-01"}
    assert uncovered((), TODAY, RULES) == WANTED, "其他 is never missed"
    assert uncovered((whole,), TODAY, RULES) == tuple(name for name in WANTED if name not in ("投诉处理", "考核评价"))
    assert uncovered((whole,), "2025-12-31", RULES) == WANTED, "not in force yet"
    assert "投诉处理" in uncovered(({**whole, "repealed_on": TODAY},), TODAY, RULES)
    assert "投诉处理" not in uncovered(({**whole, "review_due_on": "2026-01-02"},), TODAY, RULES)
    assert uncovered(({**whole, "level": policy.EXTERNAL},), TODAY, RULES) == WANTED, "a rule of others is no system"


def test_days_that_cannot_be_are_refused_and_odd_ones_told() -> None:
    assert "早于生效日期" in problems(in_force_on="2026-02-01", repealed_on="2026-01-01")["repealed_on"]
    assert "早于印发日期" in problems(issued_on="2026-02-01", repealed_on="2026-01-01")["repealed_on"]
    assert "还没有到" in problems(reviewed_on="2026-11-24")["reviewed_on"]
    assert "应晚于" in problems(reviewed_on="2026-11-01", review_due_on="2026-11-01")["review_due_on"]
    assert "请填写废止日期" in problems(change="repealed")["repealed_on"]
    assert problems(change="made", issued_on="2026-01-01", in_force_on="2026-01-01", review_due_on="2027-01-01") == {}


def test_a_chain_of_replacements_may_not_come_back() -> None:
    known: dict[int, Values] = {
        1: {"name": "甲办法", "replaces": 2},
        2: {"name": "乙办法", "replaces": 3},
        3: {"name": "丙办法"},
    }
    assert "不能替代它自己" in problems(3, known, replaces=3)["replaces"]
    words = problems(3, known, replaces=1)["replaces"]
    assert "绕成了圈" in words
    assert "《甲办法》、《乙办法》" in words
    gone = {**known, 1: {**known[1], "repealed_on": "2026-01-01"}}
    assert problems(4, gone, replaces=1) == {}
    assert problems(None, gone, replaces=1) == {}, "a new record is in no chain yet"


def test_the_old_policy_needs_its_day_of_repeal() -> None:
    known: dict[int, Values] = {1: {"name": "甲办法"}}
    assert problems(None, known, replaces=1) == {"replaces": "《甲办法》还没有废止日期，填上这一项的生效日期它就有了"}
    assert problems(None, known, replaces=1, in_force_on=TODAY) == {}, "saving gives it that day"


def test_a_broken_chain_in_the_book_ends_the_walk() -> None:
    known: dict[int, Values] = {1: {"replaces": 2, "repealed_on": TODAY}, 2: {"replaces": 1}}
    assert problems(3, known, replaces=1) == {}


def test_state_and_day_follow_from_what_was_entered() -> None:
    def completed(**values: Value) -> Values:
        return policy.complete(None, Record(values), RULES).values

    assert completed(issued_on="2026-01-05", in_force_on="2026-02-01")["dated_on"] == "2026-01-05"
    assert completed(in_force_on="2026-02-01")["dated_on"] == "2026-02-01"
    assert completed(dated_on=TODAY)["dated_on"] == TODAY
    assert completed()["state"] == policy.CURRENT
    assert completed(repealed_on="2026-02-01")["state"] == policy.REPEALED
