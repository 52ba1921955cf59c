"""What was done from 1 January on, in sentences that several reports share: quality of handling, training, outreach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from xiaobao_desktop.domain import outreach_statistics, training_statistics
from xiaobao_desktop.domain.catalog import UNFILLED
from xiaobao_desktop.domain.charts import short_cause
from xiaobao_desktop.domain.ledgers.rectification import AUDIT, SUPERVISION
from xiaobao_desktop.domain.numbers import percent, yuan
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.domain.statistics import Figures, breakdown, countable, figures, in_period
from xiaobao_desktop.reports.governance_text import GovernanceText, clause
from xiaobao_desktop.reports.parts import foremost
from xiaobao_desktop.reports.period_words import period_words
from xiaobao_desktop.reports.periodic import PeriodicInput, cut_off
from xiaobao_desktop.reports.prose import Prose

TEMPLATE = "work.j2"
NAMED, TOPICS = 3, 6
"""So many causes and topics of trainings are named."""
OUTSIDE, INSIDE = "外部检查", "内部审计"
"""How findings are called by who made them."""


class WorkText:
    """The sentences about one year up to the end of a period, or about another span."""

    def __init__(self, data: PeriodicInput, span: Period | None = None) -> None:
        """Prepare the sentences; TemplateBroken when the template cannot be read."""
        self.data = data
        self.span = span or data.period.year_to_date()
        digits = int(data.settings.percent_digits)
        told = span or Period(self.span.first, self.span.last, 12)
        # A span that ends within the year is told as the year so far: its end is the day up to which it goes.
        words = replace(period_words(told), end=f"截至{cut_off(data, within=True)}")
        self._prose = Prose(TEMPLATE, digits, p=words)
        shown = Period(self.span.first, self.span.last, data.period.months)
        self.governance = GovernanceText(data.governance, shown, data.as_of, words, digits)

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

    def system(self) -> list[str]:
        """Policies and meetings, of each ledger that was ever used."""
        known, told = self.data.governance, self.governance
        texts = [told.policies()] if known.policies else []
        return [*texts, told.meetings()] if known.meetings else texts

    def supervision(self) -> list[str]:
        """Inspections, then what audit and supervisors found, of each ledger that was ever used."""
        known, told = self.data.governance, self.governance
        texts = [told.inspections()] if known.inspections else []
        if known.rectifications:
            texts += [told.found_by(AUDIT, INSIDE), told.found_by(SUPERVISION, OUTSIDE)]
        return texts

    def handled(self, ways: Sequence[tuple[str, int]] = ()) -> str:
        """Complaints of the span, the most frequent causes, how many were closed in time, and in which ``ways``."""
        data = self.data
        now = figures(data.rows, self.span, data.as_of, data.method)
        # The sentence goes on from what was received.
        method = replace(data.method, basis="received")
        chosen = in_period(countable(data.rows, method), self.span, data.as_of, method)
        causes = [group for group in breakdown(chosen, "cause", data.orders.get("cause", ())) if group.name != UNFILLED]
        most = foremost(causes, lambda group: group.count, NAMED)
        return self._prose.say(
            "handled",
            span=data.period.title,
            received=now.received.count,
            regulator=now.regulator.count,
            closed=now.received_closed.count,
            causes=[{"name": short_cause(group.name), "count": group.count} for group in most],
            some=len(most) < len([group for group in breakdown(chosen, "cause") if group.count]),
            ended=now.closed.count,
            in_time=now.closed_in_time.count,
            ways=[{"name": name, "count": count} for name, count in ways],
        )

    def satisfaction(self) -> str:
        """满意度 of the span against the same span a year before."""
        data = self.data
        now = figures(data.rows, self.span, data.as_of, data.method)
        then = data.figures_last_year(self.span)
        rates = now.satisfaction_rate, then.satisfaction_rate
        points = rates[0] - rates[1] if rates[0] is not None and rates[1] is not None else None
        shown = percent(abs(points), int(data.settings.percent_digits)) if points else ""
        return self._prose.say(
            "satisfaction",
            span=data.period.title,
            followed=now.followed_up.count,
            satisfied=now.satisfied.count,
            base_followed=then.followed_up.count,
            base_satisfied=then.satisfied.count,
            moved_points=f"{'上升' if points and points > 0 else '下降'}{shown}个百分点" if shown else "",
        )

    def paid(self, paid: Sequence[int]) -> str:
        """How many cases were compensated and with how much; "" when none was."""
        return self._prose.say("paid", paid=len(paid), paid_yuan=yuan(sum(paid))) if paid else ""

    def topics(self, names: Sequence[str]) -> str:
        """What trainings were about; "" without any."""
        kept = list(dict.fromkeys(clause(name) for name in names if clause(name)))
        return self._prose.say("topics", topics=kept[:TOPICS], more=len(kept) > TOPICS) if kept else ""

    def training(self) -> str:
        """Trainings, people of each group, groups not yet reached."""
        activities, as_of = self.data.activities, self.data.as_of
        trained = training_statistics.figures(activities.trainings, self.span, as_of)
        groups: dict[str, frozenset[int]] = {group: frozenset() for group in activities.groups}
        day = min(as_of, self.span.last)
        reached = training_statistics.coverage(activities.trainings, day.year, day, groups)
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
