"""金融消费者投诉数据及分析报告: what a bank makes public each year (PBOC order 5 of 2020, art. 36)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xiaobao_desktop.domain.catalog import UNFILLED
from xiaobao_desktop.domain.charts import short_cause
from xiaobao_desktop.domain.numbers import round_half_up
from xiaobao_desktop.domain.period import chinese_date
from xiaobao_desktop.domain.statistics import Comparison, Figures, compare, figures
from xiaobao_desktop.reports import periodic_tables
from xiaobao_desktop.reports.document import (
    Block,
    Document,
    Heading,
    Note,
    Signature,
    TableStyle,
)
from xiaobao_desktop.reports.parts import led, paragraph
from xiaobao_desktop.reports.period_words import period_words
from xiaobao_desktop.reports.periodic import LISTED, PeriodicInput, own_sections, ranked
from xiaobao_desktop.reports.prose import Prose

TEMPLATE = "complaint_analysis.j2"
CLASSES = (
    ("channel", "业务办理渠道", "其他渠道"),
    ("category", "业务类别", "其他业务"),
    ("cause", "投诉原因", "其他原因"),
)
REGION = "region"
MOST_CHANGES = 3
"""Categories named as risen or fallen."""
_NUMBERS = ("（一）", "（二）", "（三）", "（四）")
_OWN_NUMBERS = ("四", "五")


def build(data: PeriodicInput) -> Document:
    """The report as a document; it goes outside, and so names no case and nobody."""
    digits = int(data.settings.percent_digits)
    prose = Prose(TEMPLATE, digits)
    now = figures(data.rows, data.period, data.as_of, data.method)
    before = figures(data.rows, data.period.year_before(), data.period.year_before().last, data.method)
    found = {
        key: compare(data.rows, data.period, data.as_of, data.method, key, data.orders.get(key, ()))
        for key in (*(name for name, _label, _tail in CLASSES), REGION)
    }
    blocks: list[Block] = [
        paragraph(prose.say("opening", period=data.period.title)),
        Heading("一、投诉总体情况"),
        paragraph(_overall(data, prose, now, before)),
        Heading("二、投诉分类情况"),
        *_classes(data, prose, now, found, digits),
        Heading("三、投诉特点分析"),
        *_features(data, prose, now, found),
        *own_sections(data.sections, _OWN_NUMBERS),
        Note(_note(data, prose, digits)),
    ]
    settings = data.settings
    return Document(
        title=(settings.printed_name, prose.say("title_line", period=data.period.title)),
        blocks=tuple(blocks),
        signature=Signature(settings.printed_name, chinese_date(data.signed_on)),
    )


def _overall(data: PeriodicInput, prose: Prose, now: Figures, before: Figures) -> str:
    return prose.say(
        "overall",
        period=data.period.title,
        received=now.received.count,
        before=before.received.count,
        closed=now.received_closed.count,
        open=now.received_open.count,
        overdue=now.open_overdue.count,
        merged=data.method.merge_repeats,
        repeats=now.repeats.count,
        ended=now.closed.count,
        in_time=now.closed_in_time.count,
        average=f"{round_half_up(now.average_days, 2)}" if now.average_days is not None else "",
    )


def _classes(
    data: PeriodicInput, prose: Prose, now: Figures, found: Mapping[str, tuple[Comparison, ...]], digits: int
) -> list[Block]:
    total, words = now.received.count, period_words(data.period)
    if not total:
        return [paragraph(prose.say("nothing", period=data.period.title))]
    blocks: list[Block] = []
    for place, (key, label, tail) in enumerate(CLASSES):
        items = found[key]
        lead = prose.say("classes_lead", number=_NUMBERS[place], label=label)
        none = [item.name for item in items if not item.now.count and item.year_before]
        text = prose.say("classes", groups=ranked(items, LISTED, tail), total=total, none=none)
        blocks.append(led(lead, text))
        shown, _folded = periodic_tables.fold_zeros(items)
        caption = f"表{place + 1}  按{label}分类"
        blocks.append(periodic_tables.breakdown_table(caption, label, shown, digits, words, TableStyle.IN_TEXT))
    regions = [item for item in found[REGION] if item.now.count]
    if [item for item in regions if item.name != UNFILLED]:
        lead = prose.say("classes_lead", number=_NUMBERS[len(CLASSES)], label="地区")
        groups = [{"name": item.name, "count": item.now.count} for item in regions]
        blocks.append(led(lead, prose.say("regions", groups=groups, total=total)))
    return blocks


def _features(
    data: PeriodicInput, prose: Prose, now: Figures, found: Mapping[str, tuple[Comparison, ...]]
) -> list[Block]:
    total = now.received.count
    if not total:
        return [paragraph(prose.say("nothing", period=data.period.title))]
    categories, category_count = _most(found["category"])
    causes, cause_count = _most(found["cause"])
    most = prose.say(
        "features_most",
        categories=categories,
        category_count=category_count,
        causes=[short_cause(name) for name in causes],
        cause_count=cause_count,
        total=total,
    )
    rises, falls = _changes(found["category"])
    return [paragraph(most), paragraph(prose.say("features_change", rises=rises, falls=falls))]


def _most(items: Sequence[Comparison]) -> tuple[list[str], int]:
    """The names with the largest count, 未填写 only when there is nothing else."""
    filled = [item for item in items if item.name != UNFILLED and item.now.count] or list(items)
    top = max(item.now.count for item in filled)
    return [item.name for item in filled if item.now.count == top], top


def _changes(items: Sequence[Comparison]) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """The names that rose and fell most against last year, each with its amount."""
    named = [item for item in items if item.name != UNFILLED]
    rises = sorted((item for item in named if item.year_change > 0), key=lambda item: -item.year_change)
    falls = sorted((item for item in named if item.year_change < 0), key=lambda item: item.year_change)

    def told(found: Sequence[Comparison]) -> list[dict[str, object]]:
        return [{"name": item.name, "change": abs(item.year_change)} for item in found[:MOST_CHANGES]]

    return told(rises), told(falls)


def _note(data: PeriodicInput, prose: Prose, digits: int) -> str:
    return prose.say(
        "note",
        first=chinese_date(data.period.first),
        last=chinese_date(data.period.last),
        as_of=chinese_date(data.as_of),
        merged=data.method.merge_repeats,
        digits=digits,
    )
