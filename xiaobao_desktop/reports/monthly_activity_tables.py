"""附件2 of the monthly report: trainings by category and events by campaign, this month and this year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from xiaobao_desktop.domain import outreach_statistics, training_statistics
from xiaobao_desktop.domain.catalog import UNFILLED
from xiaobao_desktop.domain.numbers import percent, yuan
from xiaobao_desktop.domain.outreach_statistics import OutreachRow
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.domain.training_statistics import TrainingRow
from xiaobao_desktop.reports.document import Column, ColumnKind, Table, TableStyle

NUMBER = ColumnKind.NUMBER
_COUNTERS = ("staff_count", "audience_count", "materials", "questions", "cost")
"""Counters of events in the order of the columns."""


def tables(
    trainings: Sequence[TrainingRow], events: Sequence[OutreachRow], period: Period, as_of: date, digits: int
) -> tuple[Table, ...]:
    """The tables of what took place this year up to the period's end; none for what did not take place at all."""
    year = period.year_to_date()
    found = []
    if training_statistics.in_period(trainings, year, as_of):
        found.append(_trainings(trainings, period, as_of, digits))
    if outreach_statistics.in_period(events, year, as_of):
        found.append(_events(events, period, as_of, len(found) + 1))
    return tuple(found)


def _trainings(rows: Sequence[TrainingRow], period: Period, as_of: date, digits: int) -> Table:
    year = training_statistics.in_period(rows, period.year_to_date(), as_of)
    names = _names(row.category for row in year)

    def line(name: str, chosen: Sequence[TrainingRow]) -> tuple[str, ...]:
        now = training_statistics.figures(chosen, period, as_of)
        to_date = training_statistics.figures(chosen, period.year_to_date(), as_of)
        counts = (now.sessions.count, now.expected, now.attended)
        return (
            name,
            *(f"{count:,}" for count in counts),
            percent(now.rate, digits),
            str(to_date.sessions.count),
            f"{to_date.attended:,}",
        )

    lines = [line(name, [row for row in year if (row.category or UNFILLED) == name]) for name in names]
    columns = (
        Column("培训类别", 50),
        Column("次数", 16, NUMBER, "本月"),
        Column("应到人次", 20, NUMBER, "本月"),
        Column("实到人次", 20, NUMBER, "本月"),
        Column("参训率(%)", 20, NUMBER, "本月"),
        Column("次数", 16, NUMBER, "本年累计"),
        Column("实到人次", 20, NUMBER, "本年累计"),
    )
    rows_of_table = (*lines, line("合　计", year))
    return Table(columns, rows_of_table, "附表1  教育培训情况", "", total=True, style=TableStyle.ANNEX)


def _events(rows: Sequence[OutreachRow], period: Period, as_of: date, number: int) -> Table:
    year = outreach_statistics.in_period(rows, period.year_to_date(), as_of)
    names = _names(row.series for row in year)

    def line(name: str, chosen: Sequence[OutreachRow]) -> tuple[str, ...]:
        now = outreach_statistics.figures(chosen, period, as_of)
        to_date = outreach_statistics.figures(chosen, period.year_to_date(), as_of)
        sums = [yuan(now.sums[key]) if key == "cost" else f"{now.sums[key]:,}" for key in _COUNTERS]
        return (name, str(now.sessions), *sums, str(to_date.sessions), f"{to_date.sums['audience_count']:,}")

    lines = [line(name, [row for row in year if (row.series or UNFILLED) == name]) for name in names]
    columns = (
        Column("专项活动", 42),
        Column("场次", 12, NUMBER, "本月"),
        Column("参与员工", 16, NUMBER, "本月"),
        Column("受众人次", 16, NUMBER, "本月"),
        Column("资料(份)", 16, NUMBER, "本月"),
        Column("解答咨询", 16, NUMBER, "本月"),
        Column("费用(元)", 20, NUMBER, "本月"),
        Column("场次", 12, NUMBER, "本年累计"),
        Column("受众人次", 17, NUMBER, "本年累计"),
    )
    rows_of_table = (*lines, line("合　计", year))
    return Table(columns, rows_of_table, f"附表{number}  宣传教育情况", "", total=True, style=TableStyle.ANNEX)


def _names(found: Iterable[str]) -> tuple[str, ...]:
    """Each name once in order of appearance, 未填写 last."""
    names = dict.fromkeys(name or UNFILLED for name in found)
    return (*(name for name in names if name != UNFILLED), *(name for name in names if name == UNFILLED))
