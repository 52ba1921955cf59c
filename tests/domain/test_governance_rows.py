"""Policies, reviews and resolutions counted for a period as of a day."""

from __future__ import annotations

from datetime import date

from xiaobao_desktop.domain.governance import (
    PlanRow,
    PolicyRow,
    Resolution,
    ReviewRow,
    holding,
    plans_done,
    plans_in,
    policy_changes,
    reviews_of,
)
from xiaobao_desktop.domain.period import month, parse_period


def a_policy(number: int, day: str, change: str = "made", repealed: str = "", *, external: bool = False) -> PolicyRow:
    issued, gone = date.fromisoformat(day), date.fromisoformat(repealed) if repealed else None
    values = {"issued_on": day, "in_force_on": day, "repealed_on": repealed or None}
    return PolicyRow(number, f"办法{number}", external, (), change, issued, gone, values)


POLICIES = (
    a_policy(1, "2024-05-01", repealed="2026-03-10"),
    a_policy(2, "2026-03-10", "revised"),
    a_policy(3, "2026-02-01"),
    a_policy(4, "2026-02-02", external=True),
    a_policy(5, "2026-06-30", "repealed", "2026-06-30"),
)


def test_a_rule_of_others_and_a_mere_repeal_are_no_new_policy() -> None:
    found = policy_changes(POLICIES, parse_period("2026"), date(2026, 12, 31))
    assert [row.id for row in found.made] == [3]
    assert [row.id for row in found.revised] == [2]
    assert [row.id for row in found.repealed] == [1, 5]
    assert [row.id for row in found.adjusted] == [3, 2], "by day"


def test_a_policy_holds_until_the_day_before_its_repeal() -> None:
    assert [row.id for row in holding(POLICIES, date(2026, 3, 9))] == [1, 3]
    assert [row.id for row in holding(POLICIES, date(2026, 3, 10))] == [2, 3]


def test_nothing_after_the_day_of_view_is_known() -> None:
    year, february = parse_period("2026"), date(2026, 2, 28)
    found = policy_changes(POLICIES, year, february)
    assert ([row.id for row in found.adjusted], found.repealed) == ([3], ())
    assert not Resolution("修订", done=True, done_on=date(2026, 3, 1)).done_by(february)
    assert Resolution("修订", done=True).done_by(february), "the day may be unknown"


def test_a_review_belongs_to_the_months_of_its_receipt_and_of_its_end() -> None:
    rows = (
        ReviewRow(1, date(2026, 5, 30), "海报", "营销宣传", date(2026, 6, 2), "agreed", "adopted"),
        ReviewRow(2, date(2026, 6, 10), "协议", "协议文本", date(2026, 7, 1), "refused", "refused", assessed=True),
    )
    names = ("agreed", "refused")
    june = reviews_of(rows, month(2026, 6), date(2026, 6, 30), names)
    assert (june.received.ids, june.finished.ids, june.waiting.ids) == ((2,), (1,), (2,))
    assert {key: group.ids for key, group in june.conclusions.items()} == {"agreed": (1,), "refused": ()}
    july = reviews_of(rows, month(2026, 7), date(2026, 7, 31), names)
    assert (july.assessed.ids, july.adopted.ids, july.answered.ids, july.waiting.ids) == ((2,), (), (2,), ())


def test_what_was_called_off_is_not_planned() -> None:
    rows = (
        PlanRow(1, "培训", "task", date(2026, 3, 1), date(2026, 3, 5), "done"),
        PlanRow(2, "演练", "drill", date(2026, 4, 1), None, "cancelled"),
        PlanRow(3, "宣传", "task", date(2026, 9, 1), None, "not_started"),
    )
    planned = plans_in(rows, parse_period("2026"))
    assert [row.id for row in planned] == [1, 3]
    assert plans_done(planned, date(2026, 3, 4)) == []
    assert [row.id for row in plans_done(planned, date(2026, 3, 5))] == [1]
