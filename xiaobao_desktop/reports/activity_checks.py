"""The figures about trainings and events of a report, for its check page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from xiaobao_desktop.domain import outreach_statistics, training_statistics
from xiaobao_desktop.domain.check_figures import IS, OVER, PLUS, Collector, number, total
from xiaobao_desktop.domain.ledgers.outreach import LEDGER as OUTREACH
from xiaobao_desktop.domain.ledgers.training import LEDGER as TRAINING
from xiaobao_desktop.domain.numbers import plain_decimal, yuan
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.reports.periodic_activities import Activities

_SUMS = (
    ("staff_count", "参与员工", "人次"),
    ("audience_count", "受众", "人次"),
    ("materials", "发放资料", "份"),
    ("questions", "解答咨询", "人次"),
    ("originals", "线上作品", "篇"),
)
_MOST_TERMS = 24


def activity_figures(
    collect: Collector, data: Activities, period: Period, as_of: date, *, compared: bool = True
) -> None:
    """Trainings, then events, of a period."""
    training_figures(collect, data, period, as_of)
    outreach_figures(collect, data, period, as_of, compared=compared)


def training_figures(collect: Collector, data: Activities, period: Period, as_of: date) -> None:
    """次数, 人次 by group, 参训率."""
    found = training_statistics.figures(data.trainings, period, as_of)
    rows = training_statistics.in_period(data.trainings, period, as_of)
    ids = found.sessions.ids
    key = TRAINING.key
    count = found.sessions.count
    collect.add("training", "培训次数", f"{count}次", "举办日期在期间内", f"明细{count}条", ids, ledger=key)
    attended = [row.attended for row in rows if row.attended is not None]
    collect.add(
        "training_attended",
        "培训参训",
        f"{number(found.attended)}人次",
        "各次培训实到之和",
        total(attended),
        ids,
        ledger=key,
        holds=sum(attended) == found.attended,
        note=bool(found.uncounted.count),
    )
    groups = [found.groups.get(group, 0) for group in data.groups]
    names = PLUS.join(data.groups.values())
    collect.add(
        "training_groups",
        "三类对象",
        f"{'、'.join(number(one) for one in groups)}人次",
        f"{names}，不多于实到",
        total(groups),
        ids,
        ledger=key,
        holds=sum(groups) <= found.attended or bool(found.uncounted.count),
        note=sum(groups) != found.attended,
    )
    both = [row for row in rows if row.expected is not None and row.attended is not None]
    present, expected = sum(row.attended or 0 for row in both), sum(row.expected or 0 for row in both)
    with_both = [row.id for row in both]
    collect.share("training_rate", "参训率", f"实到{OVER}应到", present, expected, with_both, ledger=key)


def outreach_figures(
    collect: Collector, data: Activities, period: Period, as_of: date, *, compared: bool = True
) -> None:
    """场次, against the period before where they are ``compared``, and every counter added up."""
    found = outreach_statistics.figures(data.events, period, as_of)
    base, _last_year = period.compared(as_of)
    before = outreach_statistics.figures(data.events, base, base.last)
    rows = outreach_statistics.in_period(data.events, period, as_of)
    key = OUTREACH.key
    terms = [row.times for row in rows]
    ids = found.activities.ids
    collect.add(
        "outreach",
        "宣传活动",
        f"{number(found.sessions)}场次",
        "举办日期在期间内的场次之和",
        f"明细{len(rows)}条" if set(terms) <= {1} else total(terms),
        ids,
        ledger=key,
        holds=sum(terms) == found.sessions,
    )
    if compared:
        both = (*ids, *before.activities.ids)
        words = ("本期", "上期")
        collect.change("outreach_growth", "活动环比", words, found.sessions, before.sessions, both, ledger=key)
    for counter, name, unit in _SUMS:
        filled = [row for row in rows if counter in row.counters]
        parts = [row.counters[counter] for row in filled]
        value = f"{number(found.sums[counter])}{unit}"
        holds = sum(parts) == found.sums[counter]
        told = f"各次活动{name}之和"
        behind = [row.id for row in filled]
        collect.add(f"outreach:{counter}", name, value, told, total(parts), behind, ledger=key, holds=holds)
    _summed(collect, rows, "cost", "投入费用", "元", yuan)
    _summed(collect, rows, "person_days", "投入人力", "人天", plain_decimal)


def _summed(
    collect: Collector,
    rows: list[outreach_statistics.OutreachRow],
    counter: str,
    name: str,
    unit: str,
    shown: Callable[[int], str],
) -> None:
    """A counter kept in hundredths (money in fen, days of work), added up exactly."""
    filled = [row for row in rows if counter in row.counters]
    whole = sum(row.counters[counter] for row in filled)
    parts = [shown(row.counters[counter]) for row in filled]
    terms = PLUS.join(parts) if len(parts) <= _MOST_TERMS else f"{len(parts)}项相加"
    reckoned = f"{terms}{IS}{shown(whole)}" if parts else f"没有明细{IS}0"
    value, told = f"{shown(whole)}{unit}", f"各次活动{name}之和"
    collect.add(f"outreach:{counter}", name, value, told, reckoned, [row.id for row in filled], ledger=OUTREACH.key)
