"""Checks of single values; expectations from the numbering rules, not from the code."""

from __future__ import annotations

import pytest

from xiaobao_desktop.domain.fields import ChildTable, Field, Grade, Kind, Ledger, Record, Value
from xiaobao_desktop.domain.values import check_children, check_id_number, check_phone, check_value, check_values


@pytest.mark.parametrize(
    "text",
    [
        "13907991234",
        "139 0799 1234",
        "139-0799-1234",
        "+8613907991234",
        "07996123456",
        "0799-6123456",
        "(0799)6123456",
        "（0799）6123456转801",
        "02161234567",
        "95588",
        "4008001234",
        "12345",
        "13907991234、13907991235",
        "13907991234/0799-6123456",
    ],
)
def test_telephone_numbers_as_people_write_them(text: str) -> None:
    assert check_phone(text) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("1390799123", "少 1 位"),
        ("139079912345", "多 1 位"),
        ("139", "少 8 位"),
        ("1390799123四", "夹着别的字"),
        ("13907991234柳河", "写在备注里"),
        ("(0799)6123456 找王会计", "写在备注里"),
        ("柳河13907991234", "只能由数字组成"),
        ("无", "只能由数字组成"),
        ("0799", "区号"),
    ],
)
def test_telephone_numbers_that_cannot_be(text: str, says: str) -> None:
    assert says in (check_phone(text) or "")


@pytest.mark.parametrize(
    "text",
    # Check digits worked out by hand with ISO 7064 MOD 11-2 for an invented district.
    ["11010519491231002X", "11010519491231002x", "110105491231002", "G12345678", "台胞证0001", " 11010519491231002X "],
)
def test_papers_that_can_be(text: str) -> None:
    assert check_id_number(text) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("110105194912310021", "校验不符"),
        ("110105194902310020", "出生日期不存在"),
        ("1101051949123100", "应为 18 位，现在是 16 位"),
        ("11010519491231002X1", None),  # not only digits before the last place: other papers are accepted
        ("1101051949123100212", "现在是 19 位"),
    ],
)
def test_papers_that_cannot_be(text: str, says: str | None) -> None:
    found = check_id_number(text)
    assert (found is None) if says is None else says in (found or "")


def field(kind: Kind, **more: object) -> Field:
    return Field("x", "某项", kind, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("item", "value", "says"),
    [
        (field(Kind.DATE), "2026-02-28", None),
        (field(Kind.DATE), "2024-02-29", None),
        (field(Kind.DATE), "1990-01-01", None),
        (field(Kind.DATE), "2026-02-29", "不是日期"),
        (field(Kind.DATE), "三月五日", "不是日期"),
        (field(Kind.DATE), "1989-12-31", "年份 1989"),
        (field(Kind.DATE), "2101-01-01", "年份 2101"),
        (field(Kind.TIME), "00:00", None),
        (field(Kind.TIME), "23:59", None),
        (field(Kind.TIME), "24:00", "不是时间"),
        (field(Kind.TIME), "9:30", "不是时间"),
        (field(Kind.INTEGER, minimum=1), 1, None),
        (field(Kind.INTEGER, minimum=1), 0, "不能小于 1"),
        (field(Kind.MONEY, minimum=0), 0, None),
        (field(Kind.MONEY, minimum=0), -1, "不能小于 0"),
        (field(Kind.MONEY), -100, None),
        (field(Kind.TEXT), "任何文字", None),
    ],
)
def test_values_by_kind(item: Field, value: Value, says: str | None) -> None:
    problem = check_value(item, value)
    if says is None:
        assert problem is None
    else:
        assert problem is not None
        assert (problem.field, problem.blocking) == ("x", True)
        assert says in problem.message


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("empty", [None, "", "  ", ()])
def test_nothing_is_no_problem(kind: Kind, empty: Value) -> None:
    assert check_value(field(kind), empty) is None


def test_odd_numbers_are_hints_only() -> None:
    for kind, value in ((Kind.PHONE, "139"), (Kind.ID_NUMBER, "110105194912310021")):
        problem = check_value(field(kind), value)
        assert problem is not None
        assert not problem.blocking


LEDGER = Ledger(
    key="thing",
    label="事",
    prefix="SS",
    unit="件",
    fields=(
        Field("on", "日期", Kind.DATE, Grade.TO_SAVE),
        Field("what", "事由", Kind.TEXT, Grade.TO_SAVE),
        Field("later", "结果", Kind.TEXT, Grade.TO_CLOSE),
    ),
    sections=(),
    columns=(),
    title=("what",),
    children=(ChildTable("step", "过程", (Field("on", "日期", Kind.DATE), Field("who", "电话", Kind.PHONE))),),
)


def test_only_what_saving_needs_is_asked_for() -> None:
    found = check_values(LEDGER, {"on": "2026-02-30", "what": " "})
    assert [(problem.field, problem.blocking) for problem in found] == [("on", True), ("what", True)]
    assert found[1].message == "请填写事由"
    assert check_values(LEDGER, {"on": "2026-02-28", "what": "x"}) == ()


def test_problems_of_child_rows_name_their_table() -> None:
    rows = ({"on": "2026-02-30", "who": "139"}, {"on": "2026-02-28"})
    found = check_children(LEDGER, Record({}, {"step": rows}))
    assert [(problem.field, problem.blocking) for problem in found] == [("step", True), ("step", False)]
    assert all(problem.message.startswith("过程：") for problem in found)
    assert check_children(LEDGER, Record({})) == ()
