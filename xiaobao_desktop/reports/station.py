"""金融消费者权益保护站建设报告: founding, plan, site, training, policies, results (sample report 1)."""

from __future__ import annotations

from collections.abc import Sequence

from xiaobao_desktop.domain.governance import plans_done, plans_in
from xiaobao_desktop.domain.period import chinese_date
from xiaobao_desktop.reports.document import Block, Document, Heading, Signature
from xiaobao_desktop.reports.governance_text import clause
from xiaobao_desktop.reports.parts import paragraph
from xiaobao_desktop.reports.periodic import PeriodicInput, own_sections
from xiaobao_desktop.reports.prose import Prose
from xiaobao_desktop.reports.work_text import WorkText

TEMPLATE = "station.j2"
NAMED = 5
_OWN_NUMBERS = ("四", "五", "六")


def build(data: PeriodicInput, topics: Sequence[str]) -> Document:
    """The report as a document.

    Args:
        data: as for the report of a period; its first sections are founding, site and results.
        topics: of the trainings of the period.
    """
    prose, work = Prose(TEMPLATE, int(data.settings.percent_digits)), WorkText(data, data.period)
    told, known, settings = work.governance, data.governance, data.settings
    founding, site, results = (texts for _label, texts in data.sections[:3])
    progress = (
        ("plan_lead", [told.plan() + _planned(data, prose)] if known.plans else []),
        ("site_lead", [*site, told.inspections() if known.inspections else ""]),
        ("training_lead", [work.training() + work.topics(topics)]),
        ("system_lead", [told.policies()] if known.policies else []),
    )
    done = (
        ("satisfaction_lead", [work.satisfaction()]),
        ("handled_lead", [work.handled()]),
        ("outreach_lead", [work.outreach(), *results]),
    )
    blocks: list[Block] = [paragraph(prose.say("opening", period=data.period.title))]
    first = [*founding, told.organisation()]
    parts: list[tuple[str, list[Block]]] = [(prose.say("founding_title"), [paragraph(text) for text in first if text])]
    parts += [
        (prose.say(f"{key}_title"), _numbered(prose, items))
        for key, items in (("progress", progress), ("results", done))
    ]
    filled = [(title, texts) for title, texts in parts if texts]
    for number, (title, texts) in zip("一二三", filled, strict=False):
        blocks += [Heading(f"{number}、{title}"), *texts]
    blocks += own_sections(data.sections[3:], _OWN_NUMBERS if len(filled) > 2 else ("三", *_OWN_NUMBERS))
    return Document(
        title=(settings.printed_name, prose.say("title_line", period=data.period.title)),
        blocks=tuple(blocks),
        signature=Signature(f"{settings.printed_name}{settings.department}", chinese_date(data.signed_on)),
    )


def _numbered(prose: Prose, parts: Sequence[tuple[str, Sequence[str]]]) -> list[Block]:
    """Parts as 1.工作计划。… in the order given; a part without words is left out."""
    blocks: list[Block] = []
    filled = [(lead, [text for text in texts if text]) for lead, texts in parts if any(texts)]
    for place, (lead, texts) in enumerate(filled, start=1):
        blocks.append(paragraph(f"{place}.{prose.say(lead)}。{texts[0]}"))
        blocks += [paragraph(text) for text in texts[1:]]
    return blocks


def _planned(data: PeriodicInput, prose: Prose) -> str:
    """The first items of the plan of the period and whether they are done."""
    items = plans_in(data.governance.plans, data.period)
    if not items:
        return ""
    done = {row.id for row in plans_done(items, min(data.as_of, data.period.last))}
    shown = [{"title": clause(row.title), "done": row.id in done} for row in items[:NAMED]]
    return prose.say("planned", items=shown, more=len(items) > NAMED)
