"""The figures of 月报, 季报, 半年报, 年报 and of the reports told from the same data, for their check page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from xiaobao_desktop.domain.charts import short_cause
from xiaobao_desktop.domain.check_figures import (
    IS,
    LESS,
    OVER,
    PLUS,
    CheckFigure,
    Collector,
    division,
    number,
    rate,
    total,
    unique,
)
from xiaobao_desktop.domain.numbers import round_half_up, share
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.domain.statistics import (
    CaseRow,
    Comparison,
    Figures,
    Group,
    Method,
    breakdown,
    compare,
    countable,
    figures,
    in_period,
)
from xiaobao_desktop.reports.activity_checks import activity_figures
from xiaobao_desktop.reports.governance_checks import governance_figures
from xiaobao_desktop.reports.period_words import PeriodWords, period_words
from xiaobao_desktop.reports.periodic import LISTED, PeriodicInput, due_counts, overdue_ids, ranked

HEADLINE, CLASSES, QUOTED, TIMES, ACTIVITIES, GOVERNANCE = (
    "一、总体指标",
    "二、分类合计",
    "三、正文引用数",
    "四、时效和到期",
    "五、培训和宣传",
    "六、整改和内部管理",
)
DIMENSION_NAMES: Mapping[str, str] = {
    "source": "投诉来源",
    "channel": "业务办理渠道",
    "category": "业务类别",
    "cause": "投诉原因",
    "branch": "被投诉机构",
}
_TAILS = {"source": "其他来源", "channel": "其他渠道", "category": "其他业务", "cause": "其他原因"}


def figures_of(data: PeriodicInput, span: Period | None = None) -> tuple[CheckFigure, ...]:
    """Every figure of the report of a period.

    Args:
        data: what the report is made from.
        span: the period its figures run over where that is not the report's own (from 1 January).
    """
    period = span or data.period
    collect = Collector(int(data.settings.percent_digits))
    # A report of the year so far compares with no other period.
    headline(collect, data.rows, period, data.as_of, data.method, compared=span is None)
    class_sums(collect, data.rows, data.orders, period, data.as_of, data.method, tuple(DIMENSION_NAMES))
    if span is None:
        _compared_sums(collect, data.rows, data.orders, period, data.as_of, data.method, tuple(DIMENSION_NAMES))
    _quoted(collect, data, period)
    _times(collect, data, period)
    if span is None:
        known = {row.id for row in data.rows}
        name = f"{period_words(period).after}到期事项"
        ids = [item.record_id for item in data.due if item.record_id in known]
        cases = [item for item in data.due if item.record_id]
        collect.add("due", name, f"{len(cases)}项", "期末在办、下期到期", f"明细{len(cases)}条", ids)
        late = overdue_ids(data, figures(data.rows, period, data.as_of, data.method))
        told = "期末在办（不论何时受理）且已过期限"
        collect.add("overdue_all", "全部超期未办结", f"{number(len(late))}件", told, f"明细{number(len(late))}条", late)
        counts = due_counts([item for item in data.due if not item.record_id])
        if counts:
            # Named without their records: what is done later is no change of this report.
            terms = "＋".join(f"{kind}{count}" for kind, count in counts.items())
            total = sum(counts.values())
            name = f"{period_words(period).after}其他到期事项"
            collect.add("due_other", name, f"{total}项", "下期到期、期末没有完成", f"{terms}＝{total}项", ())
    collect.section = ACTIVITIES
    activity_figures(collect, data.activities, period, data.as_of, compared=span is None)
    collect.section = GOVERNANCE
    governance_figures(collect, data.governance, period, data.as_of)
    return tuple(collect.found)


def headline(
    collect: Collector, rows: Sequence[CaseRow], period: Period, as_of: date, method: Method, *, compared: bool = False
) -> None:
    """受理, 办结 and their rates; where they are ``compared``, the changes against other periods too."""
    collect.section = HEADLINE
    words = period_words(period)
    now = figures(rows, period, as_of, method)
    _received(collect, rows, period, as_of, method)
    if compared:
        _changes(collect, rows, now, method)
        _year(collect, rows, period, as_of, method)
    ids = now.received.ids
    carried, closed = now.carried_over.count, now.closed.count
    received = set(ids)
    own = sum(one in received for one in now.closed.ids)
    collect.add(
        "closed",
        f"{words.this}办结",
        f"{number(closed)}件",
        "办结日期在期间内",
        f"上期结转{number(carried)}{PLUS}{words.this}受理{number(own)}{IS}{number(carried + own)}",
        now.closed.ids,
        holds=carried + own == closed,
    )
    part, whole = now.received_closed.count, now.received.count
    collect.share("closed_rate", "办结率", f"{words.this}受理且期末已办结{OVER}{words.this}受理", part, whole, ids)
    _balance(collect, now)
    _quality(collect, now, words)


def _changes(collect: Collector, rows: Sequence[CaseRow], now: Figures, method: Method) -> None:
    """环比 and 同比 of what was received."""
    words, (before, last_year) = period_words(now.period, now.as_of), now.period.compared(now.as_of)
    for key, name, word, base in (
        ("received_growth", "受理环比", words.before, before),
        ("received_year_growth", "受理同比", words.last_year, last_year),
    ):
        then = figures(rows, base, base.last, method).received
        both = unique(now.received.ids, then.ids)
        collect.change(key, name, (words.this, word), now.received.count, then.count, both)


def _received(collect: Collector, rows: Sequence[CaseRow], period: Period, as_of: date, method: Method) -> None:
    now = figures(rows, period, as_of, method).received
    every = figures(rows, period, as_of, replace(method, merge_repeats=False)).received
    merged = every.count - now.count
    formula = (
        "收到日期在期间内，性质为投诉" if method.natures == Method().natures else "收到日期在期间内，含咨询、建议等"
    )
    known = set(every.ids)
    repeats = sum(row.repeat for row in rows if row.id in known)
    if method.merge_repeats:
        reckoned = f"登记{number(every.count)}{LESS}并入{number(merged)}{IS}{number(now.count)}"
        formula += "，剔除并入件"
    else:
        reckoned = f"明细{number(now.count)}条"
    collect.add(
        "received",
        f"{period_words(period).this}受理",
        f"{number(now.count)}件",
        formula,
        reckoned,
        now.ids,
        holds=merged == (repeats if method.merge_repeats else 0),
    )


def _year(collect: Collector, rows: Sequence[CaseRow], period: Period, as_of: date, method: Method) -> None:
    """本年累计, counted month by month, and against last year."""
    year, last = period.year_to_date(), _year_back(min(as_of, period.last))
    now = figures(rows, year, as_of, method).received
    base = figures(rows, Period(date(last.year, 1, 1), last), last, method).received
    months = breakdown(in_period(countable(rows, method), year, as_of, replace(method, basis="received")), "month")
    terms = [group.count for group in months]
    collect.add(
        "year_received",
        "本年累计受理",
        f"{number(now.count)}件",
        f"1至{last.month}月各月受理之和" if last.month > 1 else "1月受理",
        total(terms),
        now.ids,
        holds=sum(terms) == now.count,
    )
    collect.change("year_growth", "累计同比", ("本年", "上年"), now.count, base.count, unique(now.ids, base.ids))


def _balance(collect: Collector, now: Figures) -> None:
    opening, received, closed, ending = now.balance
    collect.add(
        "ending",
        "期末在办",
        f"{number(ending)}件",
        f"期初在办{PLUS}受理{LESS}办结",
        f"{number(opening)}{PLUS}{number(received)}{LESS}{number(closed)}{IS}{number(opening + received - closed)}",
        now.ending.ids,
        holds=now.balanced,
    )


def _quality(collect: Collector, now: Figures, words: PeriodWords) -> None:
    in_time, late, closed = now.closed_in_time.count, now.closed_late.count, now.closed.count
    plain = in_time - now.closed_extended.count
    collect.add(
        "in_time",
        "期限内办结",
        f"{number(in_time)}件",
        f"首个期限内{PLUS}经批准延期未超期",
        f"{number(plain)}{PLUS}{number(now.closed_extended.count)}{IS}{number(in_time)}",
        now.closed_in_time.ids,
        holds=in_time + late == closed,
    )
    collect.share("in_time_rate", "及时率", f"期限内办结{OVER}{words.this}办结", in_time, closed, now.closed.ids)
    satisfied, followed = now.satisfied.count, now.followed_up.count
    collect.share("satisfaction", "满意度", f"满意{OVER}有效回访", satisfied, followed, now.followed_up.ids)
    formula = f"办结用时之和{OVER}{words.this}办结"
    collect.average("average_days", "平均用时", formula, now.days_total, closed, now.closed.ids)
    for key, name, group, told in (
        ("regulator", "监管部门转送", now.regulator, "来源为监管部门"),
        ("repeats", "重复投诉", now.repeats, "标为重复或并入另一件"),
        ("major", "重大消费投诉", now.major, "等级为重大"),
        ("overdue", "超期未办结", now.open_overdue, f"{words.this}受理、未办结且已过期限"),
    ):
        collect.add(key, name, f"{number(group.count)}件", told, f"明细{number(group.count)}条", group.ids)


def counted_word(method: Method) -> str:
    """What the classes of a 口径 are parts of: what was received, or what ended."""
    return "办结" if method.basis == "closed" else "受理"


def class_sums(
    collect: Collector,
    rows: Sequence[CaseRow],
    orders: Mapping[str, Sequence[str]],
    period: Period,
    as_of: date,
    method: Method,
    dimensions: Sequence[str],
) -> None:
    """Each breakdown adds up to the total; the shares are told and never adjusted."""
    collect.section = CLASSES
    chosen = in_period(countable(rows, method), period, as_of, method)
    ids = [row.id for row in chosen]
    for dimension in dimensions:
        groups = [group for group in breakdown(chosen, dimension, orders.get(dimension, ())) if group.count]
        terms = [group.count for group in groups]
        shares = sum(round_half_up(Fraction(term * 100, len(chosen)), collect.digits) for term in terms)
        told = f"；占比合计{shares:.{collect.digits}f}%" if chosen else ""
        collect.add(
            f"sum:{dimension}",
            DIMENSION_NAMES[dimension],
            f"{number(len(chosen))}件",
            f"各类之和＝{counted_word(method)}{told}",
            total(terms),
            ids,
            holds=sum(terms) == len(chosen),
            note=bool(chosen) and shares != 100,
        )


def _compared_sums(
    collect: Collector,
    rows: Sequence[CaseRow],
    orders: Mapping[str, Sequence[str]],
    period: Period,
    as_of: date,
    method: Method,
    dimensions: Sequence[str],
) -> None:
    """The columns of the periods compared with add up as well."""
    counted = countable(rows, method)
    spans = period.compared(as_of)
    chosen = [in_period(counted, span, span.last, method) for span in spans]
    sums = [
        [sum(group.count for group in breakdown(part, key, orders.get(key, ()))) for key in dimensions]
        for part in chosen
    ]
    words = period_words(period, as_of)
    told = [
        f"{word}均为{len(part)}" if set(found) <= {len(part)} else f"{word}为{'、'.join(map(str, found))}"
        for word, part, found in zip((words.before, words.last_year), chosen, sums, strict=True)
    ]
    collect.add(
        "sum:compared",
        "对比期合计",
        "、".join(f"{number(len(part))}件" for part in chosen),
        f"每种分类各类之和＝该期{counted_word(method)}",
        "；".join(told),
        unique(*([row.id for row in part] for part in chosen)),
        holds=all(set(found) <= {len(part)} for part, found in zip(chosen, sums, strict=True)),
    )


def _quoted(collect: Collector, data: PeriodicInput, period: Period) -> None:
    """The names that the prose lists, each with its share, and the tail that takes the rest."""
    collect.section = QUOTED
    for dimension, tail in _TAILS.items():
        items = compare(data.rows, period, data.as_of, data.method, dimension, data.orders.get(dimension, ()))
        whole = sum(item.now.count for item in items)
        by_name = {item.name: item for item in items}
        clauses = [
            (clause, [by_name[name] for name in clause.names if name in by_name and clause.names != (tail,)])
            for clause in ranked(items, LISTED, tail, together=dimension != "cause")
        ]
        listed = [item for _clause, named in clauses for item in named]
        for _clause, named in clauses:
            for item in named:
                _one_class(collect, dimension, item.name, item.now, whole, counted_word(data.method))
            if not named:
                _tail(collect, dimension, tail, items, listed, whole, counted_word(data.method))


def _one_class(collect: Collector, dimension: str, name: str, group: Group, whole: int, word: str) -> None:
    value = f"{number(group.count)}件、{rate(share(group.count, whole), collect.digits)}"
    formula = f"该{DIMENSION_NAMES[dimension]}件数{OVER}{word}"
    reckoned = division(group.count, whole)
    shown = short_cause(name)
    collect.add(f"{dimension}:{name}", shown, value, formula, reckoned, group.ids, holds=group.count <= whole)


def _tail(
    collect: Collector,
    dimension: str,
    tail: str,
    items: Sequence[Comparison],
    listed: Sequence[Comparison],
    whole: int,
    word: str,
) -> None:
    rest = unique(*(item.now.ids for item in items if item not in listed))
    terms = "".join(f"{LESS}{number(item.now.count)}" for item in listed)
    left = whole - sum(item.now.count for item in listed)
    collect.add(
        f"{dimension}:{tail}:rest",
        tail,
        f"{number(left)}件、{rate(share(left, whole), collect.digits)}",
        f"{word}{LESS}已列示各类",
        f"{number(whole)}{terms}{IS}{number(left)}",
        rest,
        holds=len(rest) == left,
    )


def _times(collect: Collector, data: PeriodicInput, period: Period) -> None:
    """How the cases ended are spread over in time, extended and late; outlets and departments."""
    collect.section = TIMES
    now = figures(data.rows, period, data.as_of, data.method)
    words = period_words(period)
    extended = set(now.closed_extended.ids)
    plain = [one for one in now.closed_in_time.ids if one not in extended]
    for key, name, ids in (
        ("plain", "首个期限内办结占比", tuple(plain)),
        ("extended", "延期办结占比", now.closed_extended.ids),
        ("late", "逾期办结占比", now.closed_late.ids),
    ):
        formula = f"{name.removesuffix('占比')}{OVER}{words.this}办结"
        collect.share(f"times:{key}", name, formula, len(ids), now.closed.count, ids)
    chosen = in_period(countable(data.rows, data.method), period, data.as_of, data.method)
    units = [row for row in chosen if row.branch in data.departments]
    outlets = [row for row in chosen if row.branch and row.branch not in data.departments]
    unknown = len(chosen) - len(units) - len(outlets)
    unfilled = f"{PLUS}未填写{number(unknown)}" if unknown else ""
    collect.add(
        "units",
        "网点、总行部门",
        f"{number(len(outlets))}件、{number(len(units))}件",
        f"网点之和{PLUS}总行部门{IS}{counted_word(data.method)}",
        f"{number(len(outlets))}{PLUS}{number(len(units))}{unfilled}{IS}{number(len(chosen))}",
        [row.id for row in chosen],
        note=bool(unknown),
    )


def _year_back(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
