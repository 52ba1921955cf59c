"""Sentences on rectification, policies, meetings, reviews, inspections, organisation and plan of a period."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date

from xiaobao_desktop.domain import governance as rules
from xiaobao_desktop.domain import rectification_statistics as mended
from xiaobao_desktop.domain.governance import Governance, InspectionRow
from xiaobao_desktop.domain.ledgers.rectification import DONE, FINISHED, OVERDUE
from xiaobao_desktop.domain.period import Period, chinese_date, month
from xiaobao_desktop.domain.rectification_statistics import RectificationRow, state_at
from xiaobao_desktop.reports.document import Block, Heading
from xiaobao_desktop.reports.parts import led, paragraph
from xiaobao_desktop.reports.period_words import PeriodWords
from xiaobao_desktop.reports.prose import Prose

TEMPLATE = "governance.j2"
NAMED = 5
"""So many policies or inspections are named in a sentence, the others counted."""
MEASURES = 3
_NUMBERS = "一二三"
_ENDS = "。；，、：.;, \n"


def clause(text: str) -> str:
    """A text that somebody typed as part of a longer sentence: one line, without its own end marks."""
    lines = [line.strip(_ENDS) for line in re.split(r"[\n\r。]", text)]
    return "；".join(line for line in lines if line)


class GovernanceText:
    """The sentences about one period, seen on one day."""

    def __init__(self, data: Governance, period: Period, as_of: date, words: PeriodWords, digits: int) -> None:
        """Prepare the sentences; TemplateBroken when the template cannot be read."""
        self.data, self.period, self.as_of = data, period, as_of
        self.last = min(period.last, as_of)
        self._prose = Prose(TEMPLATE, digits, p=words, cut_off=_cut_off(period, as_of))

    def title(self, block: str) -> str:
        """A heading of the template."""
        return self._prose.say(block)

    def rectification(self) -> list[str]:
        """What was put right, where the new ones came from, by what measures; [] when there was nothing."""
        rows = mended.concerned(self.data.rectifications, self.period, self.as_of)
        if not rows:
            return []
        now = mended.figures(self.data.rectifications, self.period, self.as_of)
        counts = {key: getattr(now, key).count for key in ("opening", "added", "done", "ending", "waiting", "overdue")}
        told = self._prose.say("mended", **counts)
        added = [row for row in rows if row.found_on >= self.period.first]
        if added:
            sources = _counted(row.source_name for row in added if row.source_name)
            told += self._prose.say("sources", added=len(added), sources=sources)
        finished = [row for row in rows if state_at(row, self.last) in (DONE, FINISHED)]
        measures = list(dict.fromkeys(clause(row.measure) for row in finished if clause(row.measure)))[:MEASURES]
        return [told, self._prose.say("measures", measures=measures)] if measures else [told]

    def policies(self) -> str:
        """Policies made, revised, repealed, in force, and the categories without one."""
        found = rules.policy_changes(self.data.policies, self.period, self.as_of)
        return self._prose.say(
            "policies",
            made=len(found.made),
            revised=len(found.revised),
            repealed=len(found.repealed),
            made_names=[row.name for row in found.made[:NAMED]],
            revised_names=[row.name for row in found.revised[:NAMED]],
            holding=len(rules.holding(self.data.policies, self.last)),
            wanted=self.data.wanted,
            covered=self.data.wanted - len(self.data.missing),
            missing=self.data.missing,
        )

    def meetings(self) -> str:
        """Meetings by kind, resolutions and how many of them were carried out."""
        found = rules.meetings_in(self.data.meetings, self.period, self.as_of)
        resolutions = [item for row in found for item in row.resolutions]
        return self._prose.say(
            "meetings",
            meetings=len(found),
            kinds=_counted(row.kind_name for row in found if row.kind_name),
            resolutions=len(resolutions),
            done=sum(item.done_by(self.last) for item in resolutions),
        )

    def reviews(self) -> str:
        """Reviews received and finished, by conclusion, and how many opinions were followed."""
        names = self.data.review_conclusions
        found = rules.reviews_of(self.data.reviews, self.period, self.as_of, names)
        return self._prose.say(
            "reviews",
            received=found.received.count,
            finished=found.finished.count,
            conclusions=[
                {"name": names[key], "count": group.count} for key, group in found.conclusions.items() if group.count
            ],
            adopted=found.adopted.count,
            answered=found.answered.count,
            waiting=found.waiting.count,
        )

    def organisation(self) -> str:
        """Leading group, department in charge, people; "" when nobody is on record."""
        people = self.data.people
        executive = "".join(people.executive.split())
        return self._prose.say("organisation", people=asdict(people), executive=executive) if people.known else ""

    def inspections(self, checked: Sequence[InspectionRow] | None = None) -> str:
        """Inspections, findings, and what was drawn; ``checked`` in place of all of the period."""
        runs = self.runs() if checked is None else checked
        names = list(dict.fromkeys(clause(row.name) for row in runs if row.name))
        told = self._prose.say(
            "inspections",
            runs=len(runs),
            names=names[:NAMED],
            more=len(names) > NAMED,
            finished=sum(bool(row.finished_on and row.finished_on <= self.last) for row in runs),
            findings=sum(row.findings or 0 for row in runs),
        )
        return told + self._prose.say("drawn", drawn=[_drawn(row) for row in runs if row.sampled])

    def runs(self) -> list[InspectionRow]:
        """The inspections of the period."""
        return rules.inspections_in(self.data.inspections, self.period, self.as_of)

    def found_by(self, source: str, name: str) -> str:
        """How many faults one source found in the period and how far they are, then which they are.

        Args:
            source: id of the source.
            name: as the sentence says it (外部检查, 内部审计).
        """
        rows = self._found(source)
        states = Counter(state_at(row, self.last) for row in rows)
        told = self._prose.say(
            "found_by",
            source=name,
            found=len(rows),
            done=states[DONE],
            waiting=states[FINISHED],
            overdue=states[OVERDUE],
        )
        if not rows:
            return told
        items = [{"words": clause(row.problem), "done": state_at(row, self.last) == DONE} for row in rows[:NAMED]]
        return told + self._prose.say("found_words", source=name, items=items, more=len(rows) > NAMED)

    def plan(self) -> str:
        """The plan of the period and how much of it is done."""
        planned = rules.plans_in(self.data.plans, self.period)
        return self._prose.say("planned", planned=len(planned), done=len(rules.plans_done(planned, self.last)))

    def rectification_section(self, number: str) -> list[Block]:
        """The section on rectification; [] when there was none."""
        texts = self.rectification()
        heading = Heading(f"{number}、{self.title('rectification_title')}")
        return [heading, *(paragraph(text) for text in texts)] if texts else []

    def internal_section(self, number: str) -> list[Block]:
        """The section on policies, meetings and reviews: of each ledger that was ever used; [] when none was."""
        parts = (
            ("policies_lead", self.data.policies, self.policies),
            ("meetings_lead", self.data.meetings, self.meetings),
            ("reviews_lead", self.data.reviews, self.reviews),
        )
        used = [(lead, text) for lead, rows, text in parts if rows]
        heading = Heading(f"{number}、{self.title('internal_title')}")
        told = [
            led(f"（{one}）{self.title(lead)}。", text()) for one, (lead, text) in zip(_NUMBERS, used, strict=False)
        ]
        return [heading, *told] if told else []

    def _found(self, source: str) -> list[RectificationRow]:
        span = Period(self.period.first, self.last)
        return [row for row in self.data.rectifications if row.source == source and row.found_on in span]


def _counted(names: Iterable[str]) -> list[dict[str, object]]:
    """Names with their counts, the most frequent first."""
    return [{"name": name, "count": count} for name, count in Counter(names).most_common()]


def _drawn(row: InspectionRow) -> dict[str, object]:
    return {"name": clause(row.name), "sampled": row.sampled, "failed": row.failed or 0}


def _cut_off(period: Period, as_of: date) -> str:
    """Up to when, as a sentence goes on: 10月末, or the day of view."""
    whole = as_of >= period.last and period.last == month(period.last.year, period.last.month).last
    return f"{period.last.month}月末" if whole else chinese_date(min(as_of, period.last))
