"""专项活动总结: one paper for each campaign that had activities in the period, with their photos."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from xiaobao_desktop.domain.catalog import UNFILLED
from xiaobao_desktop.domain.fields import Value
from xiaobao_desktop.domain.ledgers.outreach import LEDGER as OUTREACH
from xiaobao_desktop.domain.outreach_statistics import figures
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.exchange import photos as pictures
from xiaobao_desktop.reports import campaign
from xiaobao_desktop.reports.campaign import MOST_PHOTOS, CampaignInput, Event
from xiaobao_desktop.reports.document import Document
from xiaobao_desktop.reports.forms import Photo
from xiaobao_desktop.services import attachments
from xiaobao_desktop.services.complaint_statistics import orders
from xiaobao_desktop.services.listing import display
from xiaobao_desktop.services.outreach_statistics import outreach_rows, summarise
from xiaobao_desktop.services.report_figures import of_events
from xiaobao_desktop.services.report_kind import OUTREACH_EVENTS, ReportInfo, ReportKind, Request, Subject, WordsSection
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Condition, Query

SECTIONS = (
    WordsSection("highlights", "主要做法和成效", "怎样组织的，哪些做法有新意，群众有什么反响"),
    WordsSection("problems", "存在问题"),
    WordsSection("next_steps", "下一步打算"),
)
PRINTED_PIXELS = 1_000
"""Longest side of a printed photo: 76 mm at 330 dots an inch."""
_KEYS = ("held_on", "ended_on", "name", "place", "branch", "campaign", "sessions", "audience_count")


def subjects(session: Session, period: Period) -> tuple[Subject, ...]:
    """The campaigns that had activities in the period, in the order of the list."""
    used = dict.fromkeys(str(row["campaign"]) for row in _rows(session, period, period.last) if row["campaign"])
    choices = session.rules.catalog.list("campaign")
    order = {item.id: place for place, item in enumerate(choices.items)}
    return tuple(Subject(key, choices.label(key)) for key in sorted(used, key=lambda item: order.get(item, len(order))))


def events(session: Session, request: Request) -> list[int]:
    """Ids of the activities of the request's campaign, by day."""
    return [int(str(row["id"])) for row in _chosen(session, request)]


def build(session: Session, request: Request) -> Document:
    """The summary of one campaign; its photos are read and shrunk here, so that drawing needs no book."""
    rows = _chosen(session, request)
    ids = {int(str(row["id"])) for row in rows}
    counted = [row for row in outreach_rows(session) if row.id in ids]
    dimensions = summarise(session, counted, request.period, request.as_of).dimensions
    choice = session.rules.catalog.list("campaign").get(request.subject)
    extra: Mapping[str, str] = choice.extra if choice else {}
    days = [date.fromisoformat(str(row["held_on"])) for row in rows]
    ends = [date.fromisoformat(str(row["ended_on"])) for row in rows if row["ended_on"]]
    return campaign.build(
        CampaignInput(
            settings=request.settings(session),
            campaign=choice.name if choice else request.subject,
            theme=extra.get("theme", ""),
            organiser=extra.get("organiser", ""),
            period=request.period,
            first=min(days, default=request.period.first),
            last=max((*days, *ends), default=request.period.first),
            figures=figures(counted, request.period, request.as_of),
            forms=dimensions["form"],
            venues=dimensions["venue"],
            groups=dimensions["group"],
            events=_listed(session, rows),
            photos=_photos(session, rows),
            sections=[(section.label, request.words.get(section.key, ())) for section in SECTIONS],
            signed_on=session.today(),
        )
    )


def _rows(session: Session, period: Period, as_of: date) -> list[dict[str, Value]]:
    last = min(period.last, as_of)
    where = (Condition("held_on", "between", (period.first.isoformat(), last.isoformat())),)
    order = (("held_on", False), ("number", False))
    return session.book.select(OUTREACH, Query(where=where, order=order), _KEYS)


def _chosen(session: Session, request: Request) -> list[dict[str, Value]]:
    return [row for row in _rows(session, request.period, request.as_of) if row["campaign"] == request.subject]


def _listed(session: Session, rows: Sequence[Mapping[str, Value]]) -> list[Event]:
    """The activities by branch, in the order of the branches, each branch's by day."""
    place = {name: number for number, name in enumerate(orders(session)["branch"])}

    def text(row: Mapping[str, Value], key: str) -> str:
        return display(session, OUTREACH.field(key), row[key])

    found = [
        Event(
            branch=text(row, "branch") or UNFILLED,
            day=text(row, "held_on"),
            name=str(row["name"] or ""),
            place=str(row["place"] or ""),
            sessions=row["sessions"] if isinstance(row["sessions"], int) else 1,
            audience=row["audience_count"] if isinstance(row["audience_count"], int) else None,
        )
        for row in rows
    ]
    return sorted(found, key=lambda event: (event.branch == UNFILLED, place.get(event.branch, len(place))))


def _photos(session: Session, rows: Sequence[Mapping[str, Value]]) -> list[Photo]:
    """Photos of the activities: one of each before a second of any, printed in the order of the activities.

    A damaged file is left out: it shows nothing.
    """
    kinds = {kind.key for kind in OUTREACH.evidence if kind.captions}
    found: list[tuple[int, int, int, str]] = []
    for place, row in enumerate(rows):
        entries = attachments.list_of(session, OUTREACH, int(str(row["id"])))
        shown = [entry for entry in entries if entry.evidence in kinds and entry.is_picture]
        found += [
            (number, place, entry.id, entry.caption or str(row["name"] or "")) for number, entry in enumerate(shown)
        ]
    chosen = sorted(sorted(found)[:MOST_PHOTOS], key=lambda item: (item[1], item[0]))
    read = (
        (pictures.shrunk(attachments.open_bytes(session, entry_id), PRINTED_PIXELS), caption)
        for _number, _place, entry_id, caption in chosen
    )
    return [Photo(data, caption) for data, caption in read if data is not None]


REPORT = ReportKind(
    ReportInfo("campaign", "专项活动总结", months=(12, 6, 3, 1), group="专题", order=90),
    build,
    subjects=subjects,
    sections=SECTIONS,
    follows_method=False,
    events=events,
    topics=(OUTREACH_EVENTS,),
    figures=lambda session, request: of_events(session, request, events(session, request)),
    nothing="请先在“宣传教育”里登记活动，并选好“专项活动”，或换一个期间。",
)
