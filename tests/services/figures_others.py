"""What the reports other than those of a period must say about complaints, made from plain counts alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date

from tests.services.figures_book import BRANCHES, DEPARTMENTS, Plain
from tests.services.figures_expected import Expected, back, end_of, short
from tests.services.figures_oracle import UNFILLED, Counts, by_name, count, moved, name_by, names_of, pct


def a_year_back(counts: Counts, plain: Plain) -> Counts:
    """The same days of the year before, as known at their end; for whole months."""
    first, last = back(counts.first, 12), end_of(back(counts.last.replace(day=1), 12), 1)
    return count(plain, first, last, last)


def paid(counts: Counts) -> str:
    """赔付 of the cases received."""
    sums = [int(str(one.case.values["compensation"])) for one in counts.received if one.case.values["compensation"]]
    return f"赔付{len(sums)}件，金额{sum(sums) / 100:,.2f}元。" if sums else ""


def _open(counts: Counts, lead: str, told: str = "") -> str:
    left = len(counts.received) - counts.received_closed
    late = f"，其中超期{counts.overdue}件" if counts.overdue else f"{told}均在{'办理' if told else ''}期限内"
    return f"{lead}{left}件{late}" if left else ""


def quality(counts: Counts, word: str) -> str:
    closed = len(counts.closed)
    followed, satisfied = counts.judged
    told = f"{word}共办结投诉{closed}件，期限内办结{counts.in_time}件，及时率{pct(counts.in_time, closed)}%"
    told += f"；有效回访{followed}件，满意{satisfied}件，满意度{pct(satisfied, followed)}%" if followed else ""
    return f"{told}。" if closed else ""


def implementation(plain: Plain, first: date, last: date) -> list[str]:
    """落实情况报告: from 1 January."""
    now = count(plain, date(last.year, 1, 1), last, last)
    received = len(now.received)
    told = f"截至{last.month}月末，我行受理消费者投诉{received}件"
    if received:
        told += f"，办结{now.received_closed}件，办结率{pct(now.received_closed, received)}%{_open(now, '，未办结')}"
    return [f"{told}。", quality(now, "本年"), paid(now)]


def handled(plain: Plain, title: str, first: date, last: date) -> list[str]:
    """The sentences of 开展情况报告 and 保护站建设报告 on complaints."""
    now = count(plain, first, last, last)
    then = a_year_back(now, plain)
    received, closed = len(now.received), len(now.closed)
    told = [f"{title}受理消费投诉{received}件"]
    if received:
        rate = pct(now.received_closed, received)
        told = [f"{told[0]}，其中监管转办{now.regulator}件；办结{now.received_closed}件，办结率{rate}%"]
    if closed:
        told.append(f"共办结投诉{closed}件，其中期限内办结{now.in_time}件，及时率{pct(now.in_time, closed)}%")
    followed, satisfied = now.judged
    base, base_satisfied = then.judged
    if not followed:
        return [*told, f"{title}有效回访0件，满意度—。"]
    said = f"{title}有效回访{followed}件，满意{satisfied}件，满意度{pct(satisfied, followed)}%"
    if base:
        said += f"，上年同期满意度{pct(base_satisfied, base)}%，"
        more = satisfied * base - base_satisfied * followed
        points = pct(abs(more), followed * base)
        said += f"{'上升' if more > 0 else '下降'}{points}个百分点" if more else "持平"
    return [*told, f"{said}。"]


def analysis(plain: Plain, year: int) -> list[str]:
    """年度投诉分析报告."""
    now = count(plain, date(year, 1, 1), date(year, 12, 31), date(year, 12, 31))
    then = a_year_back(now, plain)
    received, closed = len(now.received), len(now.closed)
    grown = moved(received, len(then.received), "件", "上年")
    told = f"{year}年，我行共计受理金融消费者投诉{received}件，同比{grown}"
    if received:
        rate = pct(now.received_closed, received)
        told += f"；办结{now.received_closed}件，投诉办结率{rate}%{_open(now, '，未办结', '，')}"
    found = [f"{told}。"]
    if closed:
        found.append(
            f"全年办结的{closed}件投诉中，期限内办结{now.in_time}件，及时率{pct(now.in_time, closed)}%，"
            f"平均用时{now.average}日。"
        )
    for what, lead in (("业务类别", "投诉最多的是"), ("投诉原因", "最多的是")):
        counted = by_name((one.case for one in now.received), name_by(plain)[what])
        named = {name: number for name, number in counted.items() if name != UNFILLED}
        if not named:
            continue
        top = max(named.values())
        if list(named.values()).count(top) == 1:
            name = next(name for name, number in named.items() if number == top)
            found.append(f"{lead}{short(name)}，{top}件，占比{pct(top, received)}%")
    return found


def assessment(plain: Plain, first: date, last: date) -> dict[str, list[str]]:
    """网点考核表 without the columns on 要素齐全, by branch."""
    now = count(plain, first, last, last)
    name = name_by(plain)["被投诉机构"]
    found: dict[str, list[str]] = {}
    for unit in (*BRANCHES, *DEPARTMENTS, UNFILLED, "合计"):
        own = [one for one in now.closed if unit in (name(one.case), "合计")]
        in_time, judged = sum(one.in_time for one in own), [one.satisfaction for one in own if one.satisfaction]
        if own or unit != UNFILLED:
            found[unit] = [str(len(own)), str(in_time), pct(in_time, len(own))]
            found[unit] += [str(len(judged)), str(judged.count("yes")), pct(judged.count("yes"), len(judged))]
    return found


def crossed(plain: Plain, first: date, last: date) -> Mapping[tuple[str, str], int]:
    """业务类别 against 投诉原因."""
    names = name_by(plain)
    cases = [one.case for one in count(plain, first, last, last).received]
    return Counter((names["业务类别"](case), short(names["投诉原因"](case))) for case in cases)


def key_figures(expected: Expected) -> dict[str, str]:
    """The figures on top of the page of charts."""
    now = expected.now
    followed, satisfied = now.judged
    closed = len(now.closed)
    return {
        "受理投诉": f"{len(now.received):,}件",
        "本期办结": f"{closed:,}件",
        "办结率": pct(now.received_closed, len(now.received)),
        "在办": f"{len(now.ending):,}件",
        "其中超期": f"{sum(one.overdue for one in now.ending):,}件",
        "及时率": pct(now.in_time, closed),
        "平均用时": now.average,
        "满意度": pct(satisfied, followed),
    }


def ways(counts: Counts) -> str:
    """按办结方式 of what ended, in the order of the list."""
    names = names_of("closing_way")
    found = Counter(str(one.case.values["closing_way"] or "") for one in counts.closed)
    told = [f"{item['name']}{found[key]}件" for key, item in names.items() if found[key]]
    return f"；按办结方式，{'、'.join(told)}。" if told else ""
