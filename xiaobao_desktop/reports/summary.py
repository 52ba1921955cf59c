"""工作总结: a year's or half a year's work in the order of the banks' own summaries (sample reports 2, 5, 8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from xiaobao_desktop.domain.catalog import UNFILLED
from xiaobao_desktop.domain.period import Period, chinese_date
from xiaobao_desktop.domain.statistics import Group, breakdown, countable, figures, in_period
from xiaobao_desktop.reports.document import Document, Heading, Signature
from xiaobao_desktop.reports.parts import foremost, led_sections, paragraph
from xiaobao_desktop.reports.period_words import period_words
from xiaobao_desktop.reports.periodic import PeriodicInput, cut_off, own_sections
from xiaobao_desktop.reports.prose import Prose
from xiaobao_desktop.reports.work_text import WorkText

TEMPLATE = "summary.j2"
OUTREACH, TRAINING, COMPLAINTS, MENDING = "加强宣传教育", "加强队伍培训", "妥善处理投诉", "加强监督整改"
"""The parts that the program writes among those that the officer writes."""
WORK_SECTIONS = 3
"""So many of the officer's sections belong to the work; the others follow as parts of their own."""
NAMED = 3
_OWN_NUMBERS = ("二", "三", "四")


def build(data: PeriodicInput, paid: Sequence[int]) -> Document:
    """The summary as a document, with the figures of its period.

    Args:
        data: as for the report of a period; its first sections are about system, service and information security.
        paid: compensation in fen of the cases received in that time that had one.
    """
    from_january = data.period.first.month == 1
    prose = Prose(TEMPLATE, int(data.settings.percent_digits))
    work = WorkText(data) if from_january else WorkText(data, data.period)
    system, service, security = data.sections[:WORK_SECTIONS]
    sections = [
        (system[0], (work.governance.organisation(), *work.system(), *system[1])),
        (OUTREACH, (work.outreach(), work.online(), work.offline())),
        (TRAINING, (work.training(),)),
        service,
        security,
        (COMPLAINTS, _complaints(data, prose, work, paid)),
        (MENDING, (*work.supervision(), *work.governance.rectification())),
    ]
    settings = data.settings
    return Document(
        title=(settings.printed_name, prose.say("title_line", period=data.period.title)),
        blocks=(
            paragraph(prose.say("opening", period=data.period.title)),
            Heading("一、工作开展情况"),
            *led_sections(sections),
            *own_sections(data.sections[WORK_SECTIONS:], _OWN_NUMBERS),
        ),
        signature=Signature(f"{settings.printed_name}{settings.department}", chinese_date(data.signed_on)),
    )


def _complaints(data: PeriodicInput, prose: Prose, work: WorkText, paid: Sequence[int]) -> tuple[str, ...]:
    now = figures(data.rows, work.span, data.as_of, data.method)
    method = replace(data.method, basis="received")
    chosen = in_period(countable(data.rows, method), work.span, data.as_of, method)
    most = [group for group in breakdown(chosen, "category", data.orders.get("category", ())) if group.name != UNFILLED]
    told = prose.say(
        "complaints",
        year=_year(data, work.span),
        received=now.received.count,
        closed=now.received_closed.count,
        open=now.received_open.count,
        overdue=now.open_overdue.count,
        categories=[{"name": group.name, "count": group.count} for group in foremost(most, _count, NAMED)],
    )
    return told, work.quality(now, paid)


def _count(group: Group) -> int:
    return group.count


def _year(data: PeriodicInput, span: Period) -> str:
    if span.first.month > 1:
        return period_words(data.period).this
    return "全年" if span.last.month == 12 and data.as_of >= span.last else f"截至{cut_off(data)}"
