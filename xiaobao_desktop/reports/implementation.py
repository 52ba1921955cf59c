"""落实情况报告: complaints of the year so far in the banks' own sentences, then what was done (sample report 7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from xiaobao_desktop.domain.period import chinese_date
from xiaobao_desktop.domain.statistics import Figures, compare, figures
from xiaobao_desktop.reports.document import Block, Document, Heading, Note, Signature
from xiaobao_desktop.reports.parts import led_sections, paragraph
from xiaobao_desktop.reports.periodic import LISTED, PeriodicInput, cut_off, own_sections, ranked
from xiaobao_desktop.reports.prose import Prose
from xiaobao_desktop.reports.work_text import WorkText

TEMPLATE = "implementation.j2"
CLASSES = (("source", "其他来源"), ("category", "其他业务"), ("cause", "其他原因"))
MECHANISM = "消保机制运行情况"
"""The part that the program writes among those that the officer writes."""
_OWN_NUMBERS = ("三", "四")


def build(data: PeriodicInput, paid: Sequence[int]) -> Document:
    """The report as a document.

    Args:
        data: as for the report of a period; figures run from 1 January to the end of its period.
        paid: compensation in fen of the cases received in that time that had one.
    """
    digits = int(data.settings.percent_digits)
    prose = Prose(TEMPLATE, digits)
    span = data.period.year_to_date()
    now = figures(data.rows, span, data.as_of, data.method)
    work = WorkText(data)
    system, organisation, supervision = data.sections[:3]
    sections = [
        (system[0], (*work.system(), *system[1])),
        (MECHANISM, (work.governance.organisation(), work.training(), work.outreach())),
        organisation,
        (supervision[0], (*work.supervision(), *supervision[1])),
    ]
    settings = data.settings
    blocks: list[Block] = [
        paragraph(prose.say("opening", period=data.period.title)),
        Heading("一、金融消费者投诉情况"),
        *_complaints(data, prose, now, paid),
        Heading("二、消费者权益保护工作开展情况"),
        *led_sections(sections),
        *own_sections(data.sections[3:], _OWN_NUMBERS),
        Note(prose.say("note", first=chinese_date(span.first), last=chinese_date(min(span.last, data.as_of)))),
    ]
    return Document(
        title=(settings.printed_name, prose.say("title_line", period=data.period.title)),
        blocks=tuple(blocks),
        addressee=f"{settings.regulator}：" if settings.regulator else "",
        signature=Signature(settings.printed_name, chinese_date(data.signed_on)),
    )


def _complaints(data: PeriodicInput, prose: Prose, now: Figures, paid: Sequence[int]) -> list[Block]:
    span, total = data.period.year_to_date(), now.received.count
    method = replace(data.method, basis="received")
    overall = prose.say(
        "overall",
        cut_off=cut_off(data),
        received=total,
        closed=now.received_closed.count,
        open=now.received_open.count,
        overdue=now.open_overdue.count,
    )
    blocks: list[Block] = [paragraph(overall)]
    for key, tail in CLASSES if total else ():
        items = compare(data.rows, span, data.as_of, method, key, data.orders.get(key, ()))
        blocks.append(paragraph(prose.say(key, groups=ranked(items, LISTED, tail), total=total)))
    quality = WorkText(data).quality(now, paid)
    return [*blocks, paragraph(quality)] if quality else blocks
