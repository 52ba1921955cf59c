"""附件2 of the report of a period: trainings by category and events by campaign, in the period and this year."""

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
from xiaobao_desktop.reports.period_words import period_words

NUMBER = ColumnKind.NUMBER
TO_DATE = "本年累计"
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
    this = period_words(period).this
    columns = (
        Column("培训类别", 50),
        Column("次数", 16, NUMBER, this),
        Column("应到人次", 20, NUMBER, this),
        Column("实到人次", 20, NUMBER, this),
        Column("参训率(%)", 20, NUMBER, this),
        Column("次数", 16, NUMBER, TO_DATE),
        Column("实到人次", 20, NUMBER, TO_DATE),
    )
    return _told_once(columns, (*lines, line("合　计", year)), "附表1  教育培训情况", period)


def _events(rows: Sequence[OutreachRow], period: Period, as_of: date, number: int) -> Table:
    year = outreach_statistics.in_period(rows, period.year_to_date(), as_of)
    names = _names(row.series for row in year)

    def line(name: str, chosen: Sequence[OutreachRow]) -> tuple[str, ...]:
        now = outreach_statistics.figures(chosen, period, as_of)
        to_date = outreach_statistics.figures(chosen, period.year_to_date(), as_of)
        sums = [yuan(now.sums[key]) if key == "cost" else f"{now.sums[key]:,}" for key in _COUNTERS]
        return (name, str(now.sessions), *sums, str(to_date.sessions), f"{to_date.sums['audience_count']:,}")

    lines = [line(name, [row for row in year if (row.series or UNFILLED) == name]) for name in names]
    this = period_words(period).this
    columns = (
        Column("专项活动", 42),
        Column("场次", 12, NUMBER, this),
        Column("参与员工", 16, NUMBER, this),
        Column("受众人次", 16, NUMBER, this),
        Column("资料(份)", 16, NUMBER, this),
        Column("解答咨询", 16, NUMBER, this),
        Column("费用(元)", 20, NUMBER, this),
        Column("场次", 12, NUMBER, TO_DATE),
        Column("受众人次", 17, NUMBER, TO_DATE),
    )
    return _told_once(columns, (*lines, line("合　计", year)), f"附表{number}  宣传教育情况", period)


def _told_once(columns: tuple[Column, ...], rows: tuple[tuple[str, ...], ...], caption: str, period: Period) -> Table:
    """The table; in the report of a year without the columns of the year so far, which would say the same."""
    if period.months == 12:
        kept = [place for place, column in enumerate(columns) if column.group != TO_DATE]
        columns = tuple(columns[place] for place in kept)
        rows = tuple(tuple(row[place] for place in kept) for row in rows)
    return Table(columns, rows, caption, "", total=True, style=TableStyle.ANNEX)


def _names(found: Iterable[str]) -> tuple[str, ...]:
    """Each name once in order of appearance, 未填写 last."""
    names = dict.fromkeys(name or UNFILLED for name in found)
    return (*(name for name in names if name != UNFILLED), *(name for name in names if name == UNFILLED))
