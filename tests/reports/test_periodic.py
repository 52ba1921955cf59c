"""The monthly report as a document: what its sentences say in every kind of month, and that its tables agree."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xiaobao_desktop.domain.catalog import UNFILLED
from xiaobao_desktop.domain.numbers import percent
from xiaobao_desktop.domain.period import Period, month, parse_period
from xiaobao_desktop.domain.statistics import CaseRow, Comparison, Group, Method
from xiaobao_desktop.reports import periodic
from xiaobao_desktop.reports.document import Document, Figure, Heading, MonthlyPairs, Note, Paragraph, Table
from xiaobao_desktop.reports.parts import foremost
from xiaobao_desktop.settings import BankSettings

ORDERS: dict[str, tuple[str, ...]] = {
    "source": ("来电", "来访", "金融监管总局12378转办", "人民银行转办"),
    "channel": ("营业现场", "移动客户端", "中、后台业务渠道"),
    "category": ("人民币储蓄", "贷款", "银行卡", "支付结算", "外汇", "其他"),
    "cause": ("因服务态度及服务质量引起的投诉", "因定价收费引起的投诉", "其他原因"),
    "branch": ("营业部", "城关支行", "河东支行", "零售金融部"),
}
HEADS = {
    "source": "投诉来源",
    "channel": "业务办理渠道",
    "category": "业务类别",
    "cause": "投诉原因",
    "branch": "被投诉机构",
}
BANK = BankSettings(bank="某某农村商业银行", preparer="王芳", reviewer="李强", responsible="赵敏")


def case(number: int, received: date, days: int | None = None, **more: object) -> CaseRow:
    """A complaint due after 15 days, ended after ``days`` (None: open)."""
    ended = received + timedelta(days=days) if days is not None else None
    row = CaseRow(
        number,
        received,
        ended,
        ended,
        received + timedelta(days=15),
        source="来电",
        category="贷款",
        cause="因定价收费引起的投诉",
        channel="营业现场",
        branch="城关支行",
        limit_days=15,
        first_limit=15,
    )
    return row._replace(**more)  # type: ignore[arg-type]


def built(
    rows: Sequence[CaseRow],
    period: Period = month(2026, 10),  # noqa: B008 - frozen
    as_of: date | None = None,
    method: Method = Method(),  # noqa: B008 - frozen
    due: tuple[periodic.DueItem, ...] = (),
    bank: BankSettings = BANK,
) -> Document:
    return periodic.build(
        periodic.PeriodicInput(
            settings=bank,
            period=period,
            as_of=as_of or period.last,
            method=method,
            rows=rows,
            orders=ORDERS,
            outlets=3,
            departments=frozenset({"零售金融部"}),
            due=due,
            limits=(15, 30, 60),
            signed_on=date(2026, 11, 3),
        )
    )


def texts(document: Document) -> list[str]:
    """Every sentence-bearing text: paragraphs, notes and headings, annexes included."""
    blocks = [*document.blocks, *(block for annex in document.appendices for block in annex.blocks)]
    return [block.text for block in blocks if isinstance(block, Paragraph | Note | Heading)]


def prose(document: Document) -> str:
    return "\n".join(texts(document))


def table(document: Document, caption: str) -> Table:
    blocks = [*document.blocks, *(block for annex in document.appendices for block in annex.blocks)]
    return next(block for block in blocks if isinstance(block, Table) and caption in block.caption)


def breakdown(document: Document, name: str) -> dict[str, tuple[str, ...]]:
    """An annex table by the name in its first column."""
    return {row[0]: row[1:] for row in table(document, f"按{HEADS[name]}分类").rows}


def in_october(count: int, days: int | None = 5, first: int = 1, **more: object) -> list[CaseRow]:
    return [case(first + index, date(2026, 10, 1 + index % 20), days, **more) for index in range(count)]


def test_a_month_without_complaints_says_zero() -> None:
    document = built([])
    said = prose(document)
    assert "截至10月末，我行本月受理消费投诉0件，环比持平，同比持平。" in said
    assert "1至10月累计受理0件，同比持平。" in said
    assert "本月办结投诉0件。月初未结0件，月末未结0件。重大消费投诉0件。" in said
    assert "本月未受理消费投诉（0件），不作分类。" in said
    assert "有效回访0件，满意度—。" in said
    assert "下月无到期事项（0项）。" in said
    rates = {row[0]: row[1] for row in table(document, "表1").rows}
    assert (rates["受理投诉（件）"], rates["办结率（%）"], rates["及时率（%）"]) == ("0", "—", "—")
    assert not any(isinstance(block, Figure) and "图2" in block.caption for block in document.blocks)


def test_a_month_with_one_complaint_has_no_each() -> None:
    said = prose(built(in_october(1)))
    assert "我行本月受理消费投诉1件，环比增加1件（上月为0，不计算增幅）" in said
    assert "办结1件，办结率100.00%。" in said
    assert "均在期限内，及时率100.00%。" in said
    assert "（一）按投诉来源分类。来电1件，占比100.00%。" in said
    assert "3个网点1件，占比100.00%；总行部门0件，占比0.00%。" in said
    assert "各" not in said.split("统计口径")[0]


def test_open_overdue_and_late_cases_are_told() -> None:
    rows = [
        *in_october(6),
        case(7, date(2026, 10, 2)),  # due 17 October, open
        case(8, date(2026, 10, 28)),  # due 12 November, open
        case(9, date(2026, 8, 3)),  # due 18 August, open since
        case(10, date(2026, 9, 1), 40),  # ended 11 October, late
        case(11, date(2026, 9, 10), 25, limit_days=30, due_on=date(2026, 10, 10)),  # ended 5 October, extended
    ]
    document = built(rows)
    said = prose(document)
    assert "办结6件，办结率75.00%，未办结2件，其中超期1件。" in said
    assert "本月共办结投诉8件（含上月结转2件），其中期限内办结7件、逾期办结1件，及时率87.50%。" in said
    assert (
        "15日内办结6件，占比75.00%；经批准延期办结1件，占比12.50%；逾期办结1件，占比12.50%；平均用时11.88日。" in said
    )
    assert "月初未结3件，月末未结3件。" in said
    # The overdue case of August is not of this month, but it has to be dealt with all the same.
    assert "截至10月末已超期未办结2件，应立即办理。" in said
    assert "期初未结3件＋新收8件－办结8件＝期末未结3件。" in said


def test_open_cases_within_their_time_are_told_as_such() -> None:
    said = prose(built([*in_october(3), case(9, date(2026, 10, 28))]))
    assert "未办结1件均在期限内。" in said
    assert "超期" not in said.split("统计口径")[0].replace("已超期", "")
    assert "应立即办理" not in said


def test_comparisons_name_amount_and_rate_and_keep_quiet_at_zero_base() -> None:
    before = [case(100 + n, date(2026, 9, 1 + n), 5) for n in range(3)]
    last_year = [case(200 + n, date(2025, 10, 1 + n), 5) for n in range(4)]
    said = prose(built([*in_october(2), *before, *last_year]))
    assert "受理消费投诉2件，环比减少1件、下降33.33%，同比减少2件、下降50.00%；" in said
    assert "1至10月累计受理5件，同比增加1件、上升25.00%。" in said
    said = prose(built([*in_october(2), *before]))
    assert "同比增加2件（上年同期为0，不计算增幅）" in said


def test_january_has_no_sum_of_months_and_looks_back_over_new_year() -> None:
    rows = [
        case(1, date(2027, 1, 5), 3),
        case(2, date(2026, 12, 5), 3),
        case(3, date(2026, 12, 6), 3),
        case(4, date(2026, 1, 5), 3),
    ]
    document = built(rows, month(2027, 1))
    said = prose(document)
    assert "截至1月末，我行本月受理消费投诉1件，环比减少1件、下降50.00%，同比持平；" in said
    assert "月累计受理" not in said
    captions = [block.caption for block in document.blocks if isinstance(block, Figure)]
    assert captions[0] == "图1  2027年1月消费投诉受理件数与上年同月对比"


def test_the_end_of_february_in_a_leap_year_compares_with_the_28th() -> None:
    said = prose(built([case(1, date(2024, 2, 29), 0)], month(2024, 2)))
    assert "受理消费投诉1件，环比增加1件" in said
    assert "数据截至2024年2月29日" in said


def test_a_day_of_view_within_the_month_is_said_and_obeyed() -> None:
    said = prose(built([case(1, date(2026, 10, 5), 3), case(2, date(2026, 10, 20), 3)], as_of=date(2026, 10, 7)))
    assert "截至2026年10月7日，我行本月受理消费投诉1件" in said
    assert "办结0件，办结率0.00%，未办结1件均在期限内。" in said
    assert "数据截至2026年10月7日" in said


def test_equal_counts_share_a_clause_and_tails_add_up() -> None:
    rows = [
        *in_october(3, category="贷款"),
        *in_october(2, first=10, category="银行卡"),
        *in_october(2, first=20, category="外汇"),
        *in_october(1, first=30, category="支付结算"),
        *in_october(1, first=40, category="人民币储蓄"),
        *in_october(1, first=50, category="其他"),
        *in_october(1, first=60, category=""),
    ]
    document = built(rows)
    said = next(text for text in texts(document) if text.startswith("（三）按业务类别分类。"))
    assert said == (
        "（三）按业务类别分类。贷款3件，占比27.27%，环比增加3件（上月为0，不计算增幅）；"
        "银行卡、外汇各2件，占比各18.18%；人民币储蓄1件，占比9.09%；其他业务2件，占比18.18%；"
        "未填写1件，占比9.09%。"
    )
    shown = breakdown(document, "category")
    assert {name: row[:2] for name, row in shown.items()} == {
        "人民币储蓄": ("1", "9.09"),
        "贷款": ("3", "27.27"),
        "银行卡": ("2", "18.18"),
        "支付结算": ("1", "9.09"),
        "外汇": ("2", "18.18"),
        "其他": ("1", "9.09"),
        "未填写": ("1", "9.09"),
        "合　计": ("11", "100.00"),
    }


def groups(*counts: tuple[str, int]) -> tuple[Comparison, ...]:
    return tuple(Comparison(name, Group(name, tuple(range(count))), 0, 0, 0) for name, count in counts)


@pytest.mark.parametrize(
    ("items", "clauses"),
    [
        ((), ()),
        ((("甲", 0),), ()),
        ((("甲", 2), ("乙", 2), ("丙", 1)), ((("甲", "乙"), 2), (("丙",), 1))),
        # Five names are all told; of six, four and a tail of two.
        (tuple((name, 1) for name in "甲乙丙丁戊"), ((("甲", "乙", "丙", "丁", "戊"), 1),)),
        (tuple((name, 1) for name in "甲乙丙丁戊己"), ((("甲", "乙", "丙", "丁"), 1), (("其他业务",), 2))),
        # One name alone is no tail, 未填写 keeps its name.
        ((("甲", 1), (UNFILLED, 3)), ((("甲",), 1), ((UNFILLED,), 3))),
        ((("甲", 1), ("其他业务", 3)), ((("甲",), 1), (("其他业务",), 3))),
    ],
)
def test_clauses_of_a_breakdown(items: tuple[tuple[str, int], ...], clauses: tuple[object, ...]) -> None:
    found = periodic.ranked(groups(*items), 4, "其他业务")
    assert tuple((group.names, group.count) for group in found) == clauses


def test_repeats_withdrawals_major_cases_and_other_natures_are_told() -> None:
    rows = [
        *in_october(3),
        case(11, date(2026, 10, 6), 2, repeat=True),
        case(12, date(2026, 10, 7), 2, withdrawn=True, major=True),
        case(13, date(2026, 10, 8), 2, nature="inquiry"),
        case(14, date(2026, 10, 9), 2, nature="praise"),
    ]
    said = prose(built(rows))
    assert "受理消费投诉5件" in said
    assert "受理的投诉中有重复投诉1件。重大消费投诉1件。" in said
    assert (
        "仅含投诉，不含咨询1件、建议0件、表扬1件、举报0件、信访0件；重复投诉按件分别计数；撤诉1件计入受理和办结" in said
    )
    merged = prose(built(rows, method=Method(merge_repeats=True)))
    assert "受理消费投诉4件" in merged
    assert "另有重复投诉1件已合并处理，未计入受理件数。" in merged
    assert "重复投诉合并计1件" in merged


def test_departments_and_unfilled_units_stand_beside_the_outlets() -> None:
    rows = [*in_october(5), *in_october(2, first=20, branch="零售金融部"), *in_october(1, first=30, branch="")]
    said = prose(built(rows))
    assert "3个网点5件，占比62.50%；总行部门2件，占比25.00%；未填写1件，占比12.50%。居前的为城关支行5件。" in said


def test_due_items_stand_in_their_table() -> None:
    item = periodic.DueItem(date(2026, 11, 4), "TS-2026-0002答复（第15日）", "投诉", "")
    document = built(in_october(1), due=(item,))
    assert "下月投诉到期事项共1项（见表2）。" in prose(document)
    assert table(document, "表2").rows == (("1", "11月4日", "TS-2026-0002答复（第15日）", "投诉", "—"),)


@pytest.mark.parametrize(("digits", "rate"), [("2", "66.67%"), ("1", "66.7%"), ("0", "67%")])
def test_decimals_of_percentages_are_a_setting(digits: str, rate: str) -> None:
    document = built([*in_october(2), case(9, date(2026, 10, 28))], bank=replace(BANK, percent_digits=digits))
    assert f"办结率{rate}" in prose(document)
    kept = f"保留{digits}位小数" if digits != "0" else "取整数"
    assert f"占比四舍五入{kept}，" in prose(document)
    assert {row[0]: row[1] for row in table(document, "表1").rows}["办结率（%）"] == rate[:-1]


DAYS = st.dates(date(2025, 9, 1), date(2026, 10, 31))
ROWS = st.lists(
    st.builds(
        lambda received, days, **more: (received, days, more),
        DAYS,
        st.none() | st.integers(0, 70),
        source=st.sampled_from([*ORDERS["source"], "", "行长信箱"]),
        category=st.sampled_from([*ORDERS["category"], "", "惠民业务"]),
        cause=st.sampled_from([*ORDERS["cause"], ""]),
        channel=st.sampled_from([*ORDERS["channel"], ""]),
        branch=st.sampled_from([*ORDERS["branch"], "", "撤并网点"]),
        nature=st.sampled_from(["complaint"] * 5 + ["inquiry"]),
        satisfaction=st.sampled_from(["satisfied", "unsatisfied", ""]),
        repeat=st.booleans(),
        withdrawn=st.booleans(),
        major=st.booleans(),
        regulator=st.booleans(),
        limit_days=st.sampled_from([15, 30]),
    ),
    max_size=60,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(rows=ROWS, merge=st.booleans(), number=st.sampled_from([1, 6, 10]), digits=st.sampled_from("012"))
def test_whatever_the_data_the_prose_is_well_formed_and_agrees_with_the_tables(
    rows: list[tuple[date, int | None, dict[str, object]]], merge: bool, number: int, digits: str
) -> None:
    period = month(2026, number)
    cases = [case(index, received, days, **more) for index, (received, days, more) in enumerate(rows, start=1)]
    cases = [row for row in cases if row.received_on <= period.last]
    document = built(cases, period, method=Method(merge_repeats=merge), bank=replace(BANK, percent_digits=digits))
    for text in texts(document):
        assert not re.search(r"[，。；：、]{2,}|[（][，。；：、）]|[，；：、][）]|\s\s|None|[{}]", text), text
        assert text == text.strip()
    for text in texts(document):
        if text[:1] not in "一二三四五六":
            assert text[-1] in "。：", text
    headline = {row[0]: row[1:] for row in table(document, "表1").rows}
    total = int(headline["受理投诉（件）"][0])
    said = prose(document)
    assert f"受理消费投诉{total}件，" in said
    closed = int(headline["办结投诉（含结转，件）"][0])
    assert (f"本月共办结投诉{closed}件" if closed else "本月办结投诉0件。") in said
    assert f"月末未结{headline['期末在办（件）'][0]}件" in said
    if total:
        assert f"办结率{headline['办结率（%）'][0]}%" in said
    for name in HEADS:
        shown = breakdown(document, name)
        counts = {key: int(row[0]) for key, row in shown.items()}
        assert counts.pop("合　计") == sum(counts.values()) == total
        for row in shown.values():
            assert row[1] == (percent(Fraction(int(row[0]), total), int(digits)) if total else "—")
        for column in (2, 5):
            values = [int(row[column]) for key, row in shown.items() if key != "合　计"]
            assert int(shown["合　计"][column]) == sum(values)
        if name != "branch" and total:
            check_clauses(next(text for text in texts(document) if f"按{HEADS[name]}分类。" in text), counts, total)


TAILS = ("其他来源", "其他渠道", "其他业务", "其他原因")


def check_clauses(text: str, counts: dict[str, int], total: int) -> None:
    """The clauses of a sentence add up to the total, and every count in it is that of the table (but the tail's)."""
    added = 0
    for clause in text.split("分类。", 1)[1].rstrip("。").split("；"):
        found = re.fullmatch(r"(.+?)(各?)(\d+)件(?:，占比各?[\d.]+%(?:，环比.+)?)?", clause)
        assert found is not None, clause
        names, count = split_names(found[1], list(counts)), int(found[3])
        assert (len(names) > 1) == bool(found[2])
        added += count * len(names)
        for name in names:
            assert name in TAILS or counts[name] == count, clause
    assert added == total


def split_names(text: str, known: list[str]) -> list[str]:
    """Names joined by 、, which some of them hold themselves; as the tables write them."""
    names = []
    while text:
        if text.startswith("因"):
            name, end = text[1 : text.index("引起的投诉")], text.index("引起的投诉") + 5
        else:
            name = max((item for item in (*known, *TAILS) if text.startswith(item)), key=len)
            end = len(name)
        names.append(name)
        text = text[end:].removeprefix("、")
    return names


def test_names_that_share_the_last_place_are_told_together_or_not_at_all() -> None:
    def told(*counts: int) -> list[int]:
        return foremost(counts, lambda number: number, 3)

    assert told(5, 4, 3, 2) == [5, 4, 3]
    assert told(0, 2, 0, 1) == [2, 1]
    assert told(5, 3, 3, 3, 1) == [5, 3, 3, 3]
    assert told(5, 2, 2, 2, 2, 2, 2) == [5]
    assert told(1, 1, 1, 1, 1, 1) == []


def test_outlets_of_the_same_count_are_not_left_out() -> None:
    rows = [
        case(number, date(2026, 10, 5), 5, branch=f"{name}支行") for number, name in enumerate("甲甲乙乙丙丙丁丁", 1)
    ]
    assert "居前的为丁支行2件、丙支行2件、乙支行2件、甲支行2件。" in prose(built(rows)).replace("\n", "")


def test_what_is_called_other_is_part_of_the_tail_and_a_name_with_a_pause_mark_stands_alone() -> None:
    rows = [
        *in_october(3, category="贷款", channel="自助机具"),
        *in_october(3, first=10, category="其他", channel="中、后台业务渠道"),
        *in_october(1, first=20, category="外汇", channel="自助机具"),
        *in_october(1, first=30, category="国库", channel="中、后台业务渠道"),
        *in_october(1, first=40, category="银行卡", channel=""),
        *in_october(1, first=50, category="支付结算", channel=""),
        *in_october(1, first=60, category="贵金属", channel=""),
    ]
    said = prose(built(rows))
    assert "；其他业务5件，占比45.45%。" in said
    assert "中、后台业务渠道4件，占比36.36%；自助机具4件，占比36.36%；未填写3件，占比27.27%。" in said


def test_a_month_that_runs_speaks_of_the_same_days_and_draws_no_month_to_come() -> None:
    rows = [*in_october(2), case(50, date(2026, 9, 2), 1), case(51, date(2026, 9, 20), 1)]
    document = built(rows, as_of=date(2026, 10, 3))
    said = prose(document)
    assert "截至2026年10月3日，我行本月受理消费投诉2件，环比增加1件、上升100.00%，" in said
    assert "月初未结0件，截至2026年10月3日未结2件。" in said
    assert "本月尚未结束，对比期只计同样的日期" in said
    assert [column.title for column in table(document, "表1").columns][1:3] == ["本月", "上月同期"]
    assert "1至8月累计受理0件" in prose(built(rows, parse_period("2026Q3"), date(2026, 8, 20)))
    year = built(rows, parse_period("2026"), date(2026, 10, 3))
    assert "本年调整组织0个" in prose(year)
    chart = next(block for block in year.blocks if isinstance(block, Figure))
    assert isinstance(chart.spec, MonthlyPairs)
    assert (chart.caption, chart.spec.months[-1]) == ("图1  2026年1—10月消费投诉受理件数与上年同月对比", 10)


def test_a_range_that_ends_within_a_month_names_its_day() -> None:
    assert "截至2026年10月15日，我行本期受理" in prose(built(in_october(1), parse_period("2026-01-01..2026-10-15")))
    assert "截至10月末，我行本期受理" in prose(built(in_october(1), parse_period("2026-01-01..2026-10-31")))


def test_a_second_half_year_is_followed_by_the_next_period() -> None:
    said = prose(built(in_october(1), parse_period("2026H2")))
    assert "下期无到期事项（0项）。" in said
    assert "下半年到期" not in said
