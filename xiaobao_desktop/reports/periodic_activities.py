"""The part of a report about training and outreach: figures of the period, and what the year still lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from xiaobao_desktop.domain import outreach_statistics, training_statistics
from xiaobao_desktop.domain.numbers import percent, yuan
from xiaobao_desktop.domain.outreach_statistics import OutreachRow
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.domain.training_statistics import TrainingRow
from xiaobao_desktop.reports.document import Block, Heading
from xiaobao_desktop.reports.parts import led
from xiaobao_desktop.reports.prose import Prose


@dataclass(frozen=True)
class Activities:
    """Every training and event of the book.

    Attributes:
        trainings: statistics rows.
        events: statistics rows.
        groups: id and name of each group that training must reach, in order.
    """

    trainings: Sequence[TrainingRow] = ()
    events: Sequence[OutreachRow] = ()
    groups: Mapping[str, str] = field(default_factory=dict)

    def any_in(self, period: Period, as_of: date) -> bool:
        """Whether there was a training or an event in a period."""
        return bool(
            training_statistics.in_period(self.trainings, period, as_of)
            or outreach_statistics.in_period(self.events, period, as_of)
        )


def section(number: str, data: Activities, period: Period, as_of: date, prose: Prose, digits: int) -> list[Block]:
    """The section with its two paragraphs.

    Args:
        number: the section's Chinese number, e.g. 四.
        data: trainings and events.
        period: the period of the report.
        as_of: day of view.
        prose: sentences of the report.
        digits: decimals of percentages.
    """
    return [
        Heading(f"{number}、{prose.say('activities_title')}"),
        led(prose.say("training_lead"), _training(data, period, as_of, prose, digits)),
        led(prose.say("outreach_lead"), _outreach(data, period, as_of, prose)),
    ]


def _training(data: Activities, period: Period, as_of: date, prose: Prose, digits: int) -> str:
    now = training_statistics.figures(data.trainings, period, as_of)
    to_date = training_statistics.figures(data.trainings, period.year_to_date(), as_of)
    year = period.last.year
    day = min(as_of, period.last)
    reached = training_statistics.coverage(data.trainings, year, day, {group: frozenset() for group in data.groups})
    return prose.say(
        "training_text",
        sessions=now.sessions.count,
        expected=now.expected,
        attended=now.attended,
        rate=f"{percent(now.rate, digits)}%" if now.rate is not None else "",
        uncounted=now.uncounted.count,
        groups=[{"name": name, "count": now.groups.get(group, 0)} for group, name in data.groups.items()],
        grouped_people=bool(now.groups),
        year_sessions=to_date.sessions.count,
        missing=[data.groups[item.group] for item in reached if not item.covered],
    )


def _outreach(data: Activities, period: Period, as_of: date, prose: Prose) -> str:
    now = outreach_statistics.figures(data.events, period, as_of)
    before, last_year = (outreach_statistics.figures(data.events, span, span.last) for span in period.compared(as_of))
    to_date = outreach_statistics.figures(data.events, period.year_to_date(), as_of)
    return prose.say(
        "outreach_text",
        sessions=now.sessions,
        sessions_before=before.sessions,
        sessions_last_year=last_year.sessions,
        year_sessions=to_date.sessions,
        sums=now.sums,
        cost=yuan(now.sums["cost"]),
    )
