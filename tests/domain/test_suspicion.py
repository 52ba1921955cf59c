"""Which complaints look like one told before or like a group: person, matter, text and days together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from xiaobao_desktop.domain.fields import Field, Kind
from xiaobao_desktop.domain.marks import mark_text
from xiaobao_desktop.domain.suspicion import Limits, Matter, different_people, repeat_reasons, same_matter

LIMITS = Limits(365, Fraction(20, 100), Fraction(55, 100), Fraction(80, 100), 30, 3, Fraction(45, 100), 20)
TOLD = "柜台扣了短信服务费三十六元，本人没有签过短信服务协议，要求退回并取消"
AGAIN = "又来反映：柜台扣了短信服务费三十六元，没有签过短信服务协议，上次说退到现在没退"
OTHER = "贷款利率调整没有提前通知，多还了利息，要求按原合同利率计算并说明调整的依据"
FIRST = Matter(1, date(2026, 10, 8), "刘秀兰", {"phone": "p1"}, "B.02.01", 3, text=TOLD)


def other(**more: object) -> Matter:
    again = replace(FIRST, id=2, received_on=date(2026, 10, 20), text=AGAIN)
    return replace(again, **more)  # type: ignore[arg-type]


def test_the_same_phone_and_matter_with_every_reason() -> None:
    found = repeat_reasons(other(), FIRST, LIMITS)
    assert found[:4] == ("同一电话", "同名", "同一业务类别", "同一机构")
    assert found[4].startswith("内容相似 ")


def test_the_same_phone_with_another_matter_is_no_repetition() -> None:
    assert repeat_reasons(other(category="B.05", text=OTHER), FIRST, LIMITS) == ()


def test_the_category_is_enough_for_one_person_where_a_text_is_missing() -> None:
    found = repeat_reasons(other(text=""), FIRST, LIMITS)
    assert found == ("同一电话", "同名", "同一业务类别", "同一机构")
    assert repeat_reasons(other(text="", category="B.05"), FIRST, LIMITS) == ()


def test_a_coarse_category_holds_the_finer_ones_under_it_and_no_neighbour() -> None:
    assert "同一业务类别" in repeat_reasons(other(category="B.02"), FIRST, LIMITS)
    assert "同一业务类别" not in repeat_reasons(other(category="B.02.011"), FIRST, LIMITS)


@pytest.mark.parametrize(("days", "told"), [(365, True), (366, False)])
def test_only_within_the_days_of_a_repetition(days: int, told: bool) -> None:
    later = replace(other(), received_on=date.fromordinal(FIRST.received_on.toordinal() + days))
    assert bool(repeat_reasons(later, FIRST, LIMITS)) == told
    assert repeat_reasons(later, FIRST, LIMITS) == repeat_reasons(FIRST, later, LIMITS)


def test_equal_names_need_a_like_text_because_names_are_shared() -> None:
    namesake = other(marks={"phone": "p2"})
    assert repeat_reasons(namesake, FIRST, LIMITS)[0] == "同名"
    assert repeat_reasons(replace(namesake, text=OTHER), FIRST, LIMITS) == ()
    assert repeat_reasons(replace(namesake, text=""), FIRST, LIMITS) == ()


def test_two_id_numbers_are_two_people_whatever_else_agrees() -> None:
    one = replace(FIRST, marks={"phone": "p1", "id_number": "i1"})
    assert repeat_reasons(other(marks={"phone": "p1", "id_number": "i2"}), one, LIMITS) == ()
    assert repeat_reasons(other(marks={"id_number": "i1"}, name=""), one, LIMITS)[0] == "同一证件号"


def test_one_phone_under_two_names_is_told_with_the_difference() -> None:
    found = repeat_reasons(other(name="王建国"), FIRST, LIMITS)
    assert found[:2] == ("同一电话", "姓名不同")
    assert repeat_reasons(other(name="王建国", text=OTHER), FIRST, LIMITS) == ()


def test_the_same_ticket_entered_twice_needs_no_other_reason() -> None:
    one = Matter(1, date(2026, 10, 8), marks={"source_number": "t1"})
    assert repeat_reasons(Matter(2, date(2026, 10, 9), marks={"source_number": "t1"}), one, LIMITS) == ("工单号相同",)


def test_a_nameless_complaint_counts_only_with_nearly_the_same_text() -> None:
    nameless = Matter(2, date(2026, 10, 9), category="B.02.01", text=TOLD)
    assert repeat_reasons(nameless, FIRST, LIMITS) == ("同一业务类别", "内容相似 100%")
    assert repeat_reasons(replace(nameless, text=AGAIN), FIRST, LIMITS) == ()


def test_a_group_speaks_of_the_same_thing_within_its_days() -> None:
    stranger = other(name="赵国强", marks={"phone": "p9"})
    assert same_matter(stranger, FIRST, LIMITS)
    assert not same_matter(replace(stranger, branch=4), FIRST, LIMITS)
    assert same_matter(replace(stranger, branch=4, product="惠民卡"), replace(FIRST, product="惠民卡"), LIMITS)
    assert not same_matter(replace(stranger, received_on=date(2026, 11, 8)), FIRST, LIMITS)
    assert not same_matter(replace(stranger, text=OTHER), FIRST, LIMITS)


def test_people_are_counted_once_by_name_phone_or_id_number() -> None:
    renamed = other(name="王建国")
    again = other(marks={"phone": "p7"})
    stranger = other(name="赵国强", marks={"phone": "p9"})
    nameless = other(name="", marks={})
    assert different_people([FIRST, renamed, again]) == 1
    assert different_people([renamed, again, FIRST]) == 1
    assert different_people([FIRST, stranger, nameless, replace(nameless, id=5)]) == 4


@pytest.mark.parametrize(
    ("kind", "text", "mark"),
    [
        (Kind.PHONE, "139 0799-1234", "13907991234"),
        (Kind.PHONE, "+86 13907991234", "13907991234"),
        (Kind.PHONE, "0799-6123456", "07996123456"),
        (Kind.PHONE, "139****1234", ""),
        (Kind.PHONE, "12345", ""),
        (Kind.ID_NUMBER, "99999919900307803x", "99999919900307803x"),
        (Kind.ID_NUMBER, "999999********803X", ""),
        (Kind.TEXT, " TS—2026 0012 ", "ts20260012"),
        (Kind.TEXT, "12", ""),
    ],
)
def test_marks_are_compared_in_one_form_and_never_when_masked(kind: Kind, text: str, mark: str) -> None:
    assert mark_text(Field("value", "值", kind), text) == mark
