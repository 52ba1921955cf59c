"""What was done from 1 January on, in sentences that several reports share: quality of handling, training, outreach."""

from __future__ import annotations

from collections.abc import Sequence

from xiaobao_desktop.domain import outreach_statistics, training_statistics
from xiaobao_desktop.domain.catalog import UNFILLED
from xiaobao_desktop.domain.numbers import yuan
from xiaobao_desktop.domain.statistics import Figures
from xiaobao_desktop.reports.periodic import PeriodicInput
from xiaobao_desktop.reports.prose import Prose

TEMPLATE = "work.j2"


class WorkText:
    """The sentences about one year up to the end of a period."""

    def __init__(self, data: PeriodicInput) -> None:
        """Prepare the sentences; TemplateBroken when the template cannot be read."""
        self.data = data
        self.span = data.period.year_to_date()
        self._prose = Prose(TEMPLATE, int(data.settings.percent_digits))

    def quality(self, now: Figures, paid: Sequence[int]) -> str:
        """How complaints were handled; "" when none ended and nothing was paid.

        Args:
            now: figures of the time.
            paid: compensation in fen of each case that had one.
        """
        return self._prose.say(
            "quality",
            ended=now.closed.count,
            in_time=now.closed_in_time.count,
            followed=now.followed_up.count,
            satisfied=now.satisfied.count,
            paid=len(paid),
            paid_yuan=yuan(sum(paid)),
        )

    def training(self) -> str:
        """Trainings, people of each group, groups not yet reached."""
        activities, as_of = self.data.activities, self.data.as_of
        trained = training_statistics.figures(activities.trainings, self.span, as_of)
        reached = training_statistics.coverage(
            activities.trainings, self.span.last.year, as_of, {group: frozenset() for group in activities.groups}
        )
        counts = [{"name": name, "count": trained.groups.get(key, 0)} for key, name in activities.groups.items()]
        return self._prose.say(
            "training",
            sessions=trained.sessions.count,
            attended=trained.attended,
            groups=[item for item in counts if item["count"]],
            missing=[activities.groups[item.group] for item in reached if not item.covered],
        )

    def outreach(self) -> str:
        """Events, campaigns, people reached."""
        events = outreach_statistics.in_period(self.data.activities.events, self.span, self.data.as_of)
        told = outreach_statistics.figures(self.data.activities.events, self.span, self.data.as_of)
        campaigns = tuple(dict.fromkeys(row.campaign for row in events if row.campaign and row.campaign != UNFILLED))
        return self._prose.say("outreach", sessions=told.sessions, sums=told.sums, campaigns=campaigns)

    def online(self) -> str:
        """What was published; "" when nothing was."""
        sums = outreach_statistics.figures(self.data.activities.events, self.span, self.data.as_of).sums
        told = any(sums[key] for key in ("originals", "reposts", "clicks", "media_reports"))
        return self._prose.say("online", sums=sums) if told else ""

    def offline(self) -> str:
        """Where events took place, the most frequent first; "" when no place is told."""
        counts: dict[str, int] = {}
        for row in outreach_statistics.in_period(self.data.activities.events, self.span, self.data.as_of):
            for venue in row.venues:
                counts[venue] = counts.get(venue, 0) + row.times
        ordered = sorted(counts.items(), key=lambda item: -item[1])
        return self._prose.say("offline", venues=[{"name": name, "count": count} for name, count in ordered])
