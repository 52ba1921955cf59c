"""Recurring obligations: which report is owed for which period by which day. Pure functions.

The program's own are dated data (``resources/rules/obligations.json``); the bank's changes and additions lie over them.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from xiaobao_desktop.domain.period import Period, parse_period

MONTHS: Mapping[str, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}
"""Cycles (choice list ``filing_cycle``) with the months of their periods."""
LONGEST_DAYS = 366
"""No paper is owed later than this after its period."""


@dataclass(frozen=True)
class DueRule:
    """By when: ``days`` after the end of the period, or the first ``month``-``day`` after it.

    A day that a month does not have is its last one: 29 February is the 28th in most years.
    """

    days: int = 0
    month: int = 0
    day: int = 0

    def after(self, period: Period) -> date:
        """The last day for the report of a period."""
        if not self.month:
            return period.last + timedelta(days=self.days)
        this_year = _day(period.last.year, self.month, self.day)
        return this_year if this_year > period.last else _day(period.last.year + 1, self.month, self.day)


@dataclass(frozen=True)
class Obligation:
    """A report owed again and again.

    Attributes:
        id: stable key.
        name: Chinese name of the report.
        cycle: one of :data:`MONTHS`.
        due: by when.
        report: kind of report (choice list ``filing_report``), "" for none.
        addressee: to whom, in Chinese.
        basis: act or notice that asks for it.
        effective_from: first day on which a period may end to be reported on, ISO; "" = always.
        effective_to: last such day, ISO; "" = still.
        certainty: how sure the source is; "" for the bank's own.
        active: the bank reports it.
        own: added by the bank.
        changed: the bank changed what came with the program.
    """

    id: str
    name: str
    cycle: str
    due: DueRule
    report: str = ""
    addressee: str = ""
    basis: str = ""
    effective_from: str = ""
    effective_to: str = ""
    certainty: str = ""
    active: bool = True
    own: bool = False
    changed: bool = False


class Owed(NamedTuple):
    """One report owed: for which period, by which day."""

    obligation: Obligation
    period: Period
    due_on: date

    @property
    def title(self) -> str:
        """Name with the period: 2026年10月消保工作月报, 2026年度消保工作报告."""
        name, title = self.obligation.name, self.period.title
        if self.period.months == MONTHS["year"]:
            return f"{title}{name.removeprefix('年')}" if name.startswith("年度") else f"{title}{name}"
        return f"{title}{name.removeprefix('季度').removeprefix('半年度')}"


def year_plan(obligations: Iterable[Obligation], year: int) -> tuple[Owed, ...]:
    """Everything owed by a day of a year, in order of the last days; what is turned off or not in force is left out."""
    found = [owed for item in obligations if item.active for owed in _of_year(item, year)]
    return tuple(sorted(found, key=lambda owed: (owed.due_on, owed.obligation.id, owed.period.first)))


def problem(item: Obligation) -> str:
    """Why an obligation cannot be kept as it is, a Chinese sentence; "" when it can."""
    if not item.name.strip():
        return "请填写事项名称"
    if item.cycle not in MONTHS:
        return "请选报送周期：每月、每季、每半年或每年"
    due = item.due
    if due.month < 0 or due.day < 0:
        return "几月几日请填数字"
    if not due.month:
        return "" if 1 <= due.days <= LONGEST_DAYS else f"期后天数请填 1 到 {LONGEST_DAYS}"
    if MONTHS[item.cycle] != 12:
        return "固定月日只能用于每年一次的；按月、季、半年报的请填期后多少天"
    if not 1 <= due.month <= 12 or not 1 <= due.day <= calendar.monthrange(2024, due.month)[1]:
        return f"没有 {due.month} 月 {due.day} 日，请核对"
    return ""


def due_words(rule: DueRule) -> str:
    """期后 10 天 or 次年 1 月 31 日前."""
    return f"次年 {rule.month} 月 {rule.day} 日前" if rule.month else f"期后 {rule.days} 天内"


def _of_year(item: Obligation, year: int) -> Iterator[Owed]:
    """The periods of an obligation whose last day to report lies in the year; they end in it or in the two before."""
    for period in _periods(MONTHS[item.cycle], range(year - 2, year + 1)):
        due_on = item.due.after(period)
        if due_on.year == year and _in_force(item, period.last.isoformat()):
            yield Owed(item, period, due_on)


def _in_force(item: Obligation, last: str) -> bool:
    return item.effective_from <= last and (not item.effective_to or last <= item.effective_to)


def _periods(months: int, years: Iterable[int]) -> Iterator[Period]:
    for year in years:
        period = parse_period({1: f"{year}-01", 3: f"{year}Q1", 6: f"{year}H1", 12: str(year)}[months])
        while period.first.year == year:
            yield period
            period = period.after()


def _day(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))
