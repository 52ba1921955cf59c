"""消保工作开展情况报告: education, supervision, cooperation, complaints, in the order of sample report 4, of a bank."""

from __future__ import annotations

from collections.abc import Sequence

from xiaobao_desktop.domain.period import chinese_date
from xiaobao_desktop.reports.document import Block, Document, Heading, Signature
from xiaobao_desktop.reports.parts import chinese_number, paragraph
from xiaobao_desktop.reports.periodic import PeriodicInput
from xiaobao_desktop.reports.prose import Prose
from xiaobao_desktop.reports.work_text import WorkText

TEMPLATE = "progress.j2"


def build(data: PeriodicInput, ways: Sequence[tuple[str, int]], paid: Sequence[int]) -> Document:
    """The report as a document.

    Args:
        data: as for the report of a period; the first of its sections is about cooperation.
        ways: in which ways cases ended, each with how many.
        paid: compensation in fen of each case that had one.
    """
    prose, settings = Prose(TEMPLATE, int(data.settings.percent_digits)), data.settings
    blocks: list[Block] = [paragraph(prose.say("opening", period=data.period.title))]
    parts = [(title, [text for text in texts if text]) for title, texts in _parts(data, prose, ways, paid)]
    filled = [(title, texts) for title, texts in parts if texts]
    for number, (title, texts) in enumerate(filled, start=1):
        blocks += [Heading(f"{chinese_number(number)}、{title}"), *(paragraph(text) for text in texts)]
    return Document(
        title=(settings.printed_name, prose.say("title_line", period=data.period.title)),
        blocks=tuple(blocks),
        signature=Signature(f"{settings.printed_name}{settings.department}", chinese_date(data.signed_on)),
    )


def _parts(
    data: PeriodicInput, prose: Prose, ways: Sequence[tuple[str, int]], paid: Sequence[int]
) -> list[tuple[str, Sequence[str]]]:
    """The sections with their paragraphs, the officer's own last."""
    work, known = WorkText(data, data.period), data.governance
    told = work.governance
    (_label, cooperation), *own = data.sections
    return [
        (prose.say("outreach_title"), [work.outreach(), work.online(), work.offline()]),
        (prose.say("supervision_title"), [*work.supervision(), *told.rectification()]),
        (
            prose.say("cooperation_title"),
            [
                told.meetings() if known.meetings else "",
                told.reviews() if known.reviews else "",
                *cooperation,
            ],
        ),
        (prose.say("complaints_title"), [work.handled(ways), work.satisfaction(), work.paid(paid)]),
        (
            prose.say("team_title"),
            [told.organisation(), told.policies() if known.policies else "", work.training()],
        ),
        *own,
    ]
