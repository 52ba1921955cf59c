"""The ledger of meetings: counts and terms from the resolutions, refusals with their words."""

from __future__ import annotations

from xiaobao_desktop.domain.fields import Record, Value, Values
from xiaobao_desktop.domain.ledgers import meeting
from xiaobao_desktop.services import rules

RULES = rules.load()
TODAY = "2026-11-23"
MEETING: Values = {"held_on": "2026-10-15", "title": "消保委员会2026年第2次会议"}


def completed(*rows: Values) -> Record:
    return meeting.complete(None, Record(MEETING, {"resolutions": rows}), RULES)


def messages(*rows: Values, **values: Value) -> list[str]:
    record = Record({**MEETING, **values}, {"resolutions": rows})
    return [problem.message for problem in meeting.check(record, TODAY, RULES)]


def test_counts_term_and_state_come_from_the_resolutions() -> None:
    found = completed(
        {"resolution": "甲", "due_on": "2026-12-31"},
        {"resolution": "乙", "due_on": "2026-11-30"},
        {"resolution": "丙", "due_on": "2026-11-01", "done": True},
    )
    assert [found.values[key] for key in ("resolution_count", "open_count", "due_on", "state")] == [
        3,
        2,
        "2026-11-30",
        meeting.OPEN,
    ]


def test_a_day_of_carrying_out_means_done() -> None:
    found = completed({"resolution": "甲", "due_on": "2026-11-30", "done_on": "2026-11-20"})
    assert found.children["resolutions"][0]["done"] is True
    assert (found.values["state"], found.values["due_on"]) == (meeting.DONE, None)


def test_without_resolutions_there_is_nothing_to_carry_out() -> None:
    found = meeting.complete(None, Record(MEETING), RULES)
    assert (found.values["resolution_count"], found.values["state"]) == (0, None)
    assert found.children == {}


def test_what_cannot_be_is_refused_with_its_row() -> None:
    assert messages({"department": "运营管理部"}) == ["第 1 条决议没有内容，请写明或删去这一行"]
    assert "第 2 条" in messages({"resolution": "甲"}, {"resolution": "乙", "due_on": "2026-10-14"})[0]
    assert "还没有到" in messages({"resolution": "甲", "done_on": "2026-11-24"})[0]
    assert "早于会议日期" in messages({"resolution": "甲", "done_on": "2026-10-14"})[0]
    assert "多于应到" in messages(expected=5, attended=6)[0]
    assert "还没有到" in messages(held_on="2026-11-24", attended=6)[0]
    assert messages({"resolution": "甲", "due_on": "2026-10-15"}, expected=5, attended=5) == []
