"""培训总结: the trainings of a period, what they were about, whom they reached (PBOC order 5 of 2020, art. 10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from xiaobao_desktop.domain.numbers import percent, plain_decimal, share
from xiaobao_desktop.domain.period import Period, chinese_date
from xiaobao_desktop.domain.statistics import Group
from xiaobao_desktop.domain.training_statistics import Coverage, TrainingFigures
from xiaobao_desktop.reports.document import Block, Column, ColumnKind, Document, Heading, Signature, Table
from xiaobao_desktop.reports.parts import paragraph
from xiaobao_desktop.reports.periodic import own_sections
from xiaobao_desktop.reports.prose import Prose
from xiaobao_desktop.settings import BankSettings

TEMPLATE = "training_summary.j2"
_OWN_NUMBERS = ("四", "五", "六")


@dataclass(frozen=True)
class Session:
    """One training as it is listed: texts as printed."""

    day: str
    topic: str
    category: str
    expected: str
    attended: str
    hours: str


@dataclass(frozen=True)
class TrainingInput:
    """Everything the summary is made from.

    Attributes:
        settings: the bank's names.
        period: the period.
        as_of: day of view.
        now: figures of the period.
        last_year: figures of the same period last year.
        categories: trainings by category.
        forms: trainings by form.
        coverage: of the year up to the day of view, each with the name of its group.
        sessions: the trainings of the period by day.
        sections: headings and paragraphs of the officer's own.
        signed_on: date under the signature.
    """

    settings: BankSettings
    period: Period
    as_of: date
    now: TrainingFigures
    last_year: TrainingFigures
    categories: Sequence[Group]
    forms: Sequence[Group]
    coverage: Sequence[tuple[str, Coverage]]
    sessions: Sequence[Session]
    sections: Sequence[tuple[str, Sequence[str]]]
    signed_on: date


def build(data: TrainingInput) -> Document:
    """The summary as a document."""
    digits = int(data.settings.percent_digits)
    prose = Prose(TEMPLATE, digits)
    blocks: list[Block] = [
        paragraph(prose.say("opening", period=data.period.title)),
        Heading("一、总体情况"),
        paragraph(_overall(data, prose, digits)),
        *([_sessions(data, prose)] if data.sessions else []),
        *_contents(data, prose),
        Heading(f"{'三' if data.sessions else '二'}、覆盖情况"),
        paragraph(_coverage(data, prose)),
        _coverage_table(data, prose, digits),
        *own_sections(data.sections, _OWN_NUMBERS if data.sessions else ("三", *_OWN_NUMBERS)),
    ]
    settings = data.settings
    return Document(
        title=(settings.printed_name, prose.say("title_line", period=data.period.title)),
        blocks=tuple(blocks),
        signature=Signature(f"{settings.printed_name}{settings.department}", chinese_date(data.signed_on)),
    )


def _overall(data: TrainingInput, prose: Prose, digits: int) -> str:
    now = data.now
    return prose.say(
        "overall",
        period=data.period.title,
        sessions=now.sessions.count,
        sessions_last_year=data.last_year.sessions.count,
        expected=now.expected,
        attended=now.attended,
        rate=f"{percent(now.rate, digits)}%" if now.rate is not None else "",
        hours=plain_decimal(now.hours),
        examined=now.examined.count,
        passed=now.passed,
        pass_rate=f"{percent(now.pass_rate, digits)}%",
        uncounted=now.uncounted.count,
        extra=now.extra.count,
    )


def _contents(data: TrainingInput, prose: Prose) -> list[Block]:
    if not data.sessions:
        return []
    categories, forms = (_most_first(groups) for groups in (data.categories, data.forms))
    text = prose.say("contents", categories=categories, forms=forms)
    return [Heading("二、培训内容和形式"), paragraph(text)]


def _most_first(groups: Sequence[Group]) -> list[dict[str, object]]:
    filled = sorted((group for group in groups if group.count), key=lambda group: -group.count)
    return [{"name": group.name, "count": group.count} for group in filled]


def _sessions(data: TrainingInput, prose: Prose) -> Table:
    columns = (
        Column("序号", 11, ColumnKind.CENTER),
        Column("日期", 25, ColumnKind.CENTER),
        Column("培训主题", 58),
        Column("类别", 24, ColumnKind.CENTER),
        Column("应到", 13, ColumnKind.NUMBER),
        Column("实到", 13, ColumnKind.NUMBER),
        Column("学时", 12, ColumnKind.NUMBER),
    )
    rows = tuple(
        (str(place), item.day, item.topic, item.category, item.expected, item.attended, item.hours)
        for place, item in enumerate(data.sessions, start=1)
    )
    return Table(columns, rows, f"表1  {prose.say('sessions_caption')}", "单位：人次")


def _coverage(data: TrainingInput, prose: Prose) -> str:
    return prose.say(
        "coverage",
        day=chinese_date(min(data.as_of, data.period.last)),
        missing=[name for name, item in data.coverage if not item.covered],
        covered=[name for name, item in data.coverage if item.covered],
        groups=[{"name": name, "staff": item.staff, "people": item.people} for name, item in data.coverage],
    )


def _coverage_table(data: TrainingInput, prose: Prose, digits: int) -> Table:
    columns = (
        Column("人员类别", 40),
        Column("培训次数", 22, ColumnKind.NUMBER),
        Column("参训人次", 22, ColumnKind.NUMBER),
        Column("在册人数", 22, ColumnKind.NUMBER),
        Column("已参训人数", 24, ColumnKind.NUMBER),
        Column("覆盖率(%)", 26, ColumnKind.NUMBER),
    )
    rows = tuple(
        (
            name,
            str(item.sessions.count),
            f"{item.attended:,}",
            str(item.staff),
            str(item.people),
            percent(share(item.people, item.staff), digits),
        )
        for name, item in data.coverage
    )
    return Table(columns, rows, f"表{2 if data.sessions else 1}  {prose.say('coverage_caption')}")
