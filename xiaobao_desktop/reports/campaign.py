"""专项活动总结: what the bank did for one campaign of financial education, with the photos of its activities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from xiaobao_desktop.domain.catalog import UNFILLED
from xiaobao_desktop.domain.numbers import NO_BASE, plain_decimal, yuan
from xiaobao_desktop.domain.outreach_statistics import OutreachFigures, Tally
from xiaobao_desktop.domain.period import Period, chinese_date
from xiaobao_desktop.reports.document import (
    Appendix,
    Column,
    ColumnKind,
    Document,
    Heading,
    Photos,
    Signature,
    Table,
)
from xiaobao_desktop.reports.forms import Photo
from xiaobao_desktop.reports.parts import paragraph
from xiaobao_desktop.reports.periodic import own_sections
from xiaobao_desktop.reports.prose import Prose
from xiaobao_desktop.settings import BankSettings

TEMPLATE = "campaign.j2"
MOST_PHOTOS = 12
_OWN_NUMBERS = ("三", "四", "五")


@dataclass(frozen=True)
class Event:
    """One activity of the campaign as it is listed; None where a number was not filled in."""

    branch: str
    day: str
    name: str
    place: str
    sessions: int
    audience: int | None


@dataclass(frozen=True)
class CampaignInput:
    """Everything the summary is made from.

    Attributes:
        settings: the bank's names.
        campaign: the campaign's name, which holds its year when it belongs to one.
        theme: its theme, "" when none was announced.
        organiser: who called for it, "" when not known.
        period: the period reported on.
        first: day of the first activity.
        last: day of the last activity.
        figures: all counters added up.
        forms: the activities by form; those with several count under each.
        venues: by place, in the same way.
        groups: by people addressed, in the same way.
        events: the activities in the order of their branches and days.
        photos: at most :data:`MOST_PHOTOS` are printed.
        sections: headings and paragraphs of the officer's own.
        signed_on: date under the signature.
    """

    settings: BankSettings
    campaign: str
    theme: str
    organiser: str
    period: Period
    first: date
    last: date
    figures: OutreachFigures
    forms: Sequence[Tally]
    venues: Sequence[Tally]
    groups: Sequence[Tally]
    events: Sequence[Event]
    photos: Sequence[Photo]
    sections: Sequence[tuple[str, Sequence[str]]]
    signed_on: date


def build(data: CampaignInput) -> Document:
    """The summary as a document; its photos stand in an annex."""
    prose = Prose(TEMPLATE, int(data.settings.percent_digits))
    name = data.campaign if data.campaign.startswith(str(data.period.first.year)) else data.period.title + data.campaign
    settings = data.settings
    appendices = _photos(data, prose)
    return Document(
        title=(settings.printed_name, prose.say("title_line", campaign=name)),
        blocks=(
            paragraph(_opening(data, prose)),
            Heading("一、总体情况"),
            *(paragraph(text) for text in (_overall(data, prose), _online(data, prose), _spread(data, prose)) if text),
            Heading("二、活动开展情况"),
            paragraph(prose.say("listed", branches=_branches(data), events=len(data.events))),
            _events(data, prose),
            *own_sections(data.sections, _OWN_NUMBERS),
        ),
        signature=Signature(f"{settings.printed_name}{settings.department}", chinese_date(data.signed_on)),
        attachments=tuple(item.title for item in appendices),
        appendices=appendices,
    )


def _opening(data: CampaignInput, prose: Prose) -> str:
    return prose.say(
        "opening",
        campaign=data.campaign,
        theme=data.theme,
        organiser=data.organiser,
        first=chinese_date(data.first),
        last=chinese_date(data.last) if data.last != data.first else "",
    )


def _overall(data: CampaignInput, prose: Prose) -> str:
    sums = data.figures.sums
    return prose.say(
        "overall",
        activities=data.figures.activities.count,
        sessions=data.figures.sessions,
        branches=_branches(data),
        sums=sums,
        cost=yuan(sums["cost"]) if sums["cost"] else "",
        person_days=plain_decimal(sums["person_days"]) if sums["person_days"] else "",
    )


def _online(data: CampaignInput, prose: Prose) -> str:
    sums = data.figures.sums
    told = any(sums[key] for key in ("originals", "reposts", "clicks", "media_reports"))
    return prose.say("online", sums=sums) if told else ""


def _spread(data: CampaignInput, prose: Prose) -> str:
    forms, venues, groups = (_most_first(tallies) for tallies in (data.forms, data.venues, data.groups))
    return prose.say("spread", forms=forms, venues=venues, groups=groups) if forms or venues or groups else ""


def _most_first(tallies: Sequence[Tally]) -> list[dict[str, object]]:
    filled = sorted((tally for tally in tallies if tally.count and tally.name != UNFILLED), key=lambda t: -t.sessions)
    return [{"name": tally.name, "count": tally.sessions} for tally in filled]


def _branches(data: CampaignInput) -> int:
    return len({event.branch for event in data.events if event.branch != UNFILLED})


def _events(data: CampaignInput, prose: Prose) -> Table:
    columns = (
        Column("机构", 28, ColumnKind.CENTER),
        Column("日期", 25, ColumnKind.CENTER),
        Column("活动名称", 48),
        Column("地点", 27),
        Column("场次", 12, ColumnKind.NUMBER),
        Column("受众人次", 16, ColumnKind.NUMBER),
    )
    rows = [
        (
            event.branch,
            event.day,
            event.name,
            event.place or NO_BASE,
            str(event.sessions),
            NO_BASE if event.audience is None else f"{event.audience:,}",
        )
        for event in data.events
    ]
    total = ("合　计", "", "", "", str(data.figures.sessions), f"{data.figures.sums['audience_count']:,}")
    return Table(columns, (*rows, total), f"表1  {prose.say('events_caption')}", total=True)


def _photos(data: CampaignInput, prose: Prose) -> tuple[Appendix, ...]:
    if not data.photos:
        return ()
    return (Appendix("附件", prose.say("photos_title"), (Photos(tuple(data.photos[:MOST_PHOTOS])),)),)
