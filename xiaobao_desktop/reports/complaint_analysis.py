"""金融消费者投诉数据及分析报告: what a bank makes public each year (PBOC order 5 of 2020, art. 36)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import itemgetter

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
from xiaobao_desktop.reports.parts import foremost, led, paragraph
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
    words = period_words(data.period, data.as_of)
    prose = Prose(TEMPLATE, digits, p=words, running=data.as_of < data.period.last)
    now = figures(data.rows, data.period, data.as_of, data.method)
    before = data.figures_last_year()
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
    digits = max(int(data.settings.percent_digits), 1)
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
        average="" if now.average_days is None else f"{round_half_up(now.average_days, digits)}",
    )


def _classified(data: PeriodicInput, now: Figures) -> int:
    """How many cases the classifications are of."""
    return now.closed.count if data.method.basis == "closed" else now.received.count


def _classes(
    data: PeriodicInput, prose: Prose, now: Figures, found: Mapping[str, tuple[Comparison, ...]], digits: int
) -> list[Block]:
    total, words, by_end = _classified(data, now), period_words(data.period, data.as_of), data.method.basis == "closed"
    if not total:
        return [paragraph(prose.say("nothing", period=data.period.title, by_end=by_end))]
    blocks: list[Block] = [paragraph(prose.say("by_end", total=total))] if by_end else []
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
    total = _classified(data, now)
    if not total:
        return [paragraph(prose.say("nothing", period=data.period.title, by_end=data.method.basis == "closed"))]
    categories, category_count = _most(found["category"])
    causes, cause_count = _most(found["cause"])
    most = prose.say(
        "features_most",
        categories=categories,
        category_count=category_count,
        # Names that hold a 、 themselves stand whole where there are several.
        causes=causes if len(causes) > 1 else [short_cause(name) for name in causes],
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

    def told(sign: int) -> list[dict[str, object]]:
        moved = [(item.name, sign * item.year_change) for item in named if sign * item.year_change > 0]
        # Where too many share the first place all are told: to name some of them would be wrong.
        found = foremost(moved, itemgetter(1), MOST_CHANGES) or moved
        return [{"name": name, "change": change} for name, change in found]

    return told(1), told(-1)


def _note(data: PeriodicInput, prose: Prose, digits: int) -> str:
    return prose.say(
        "note",
        first=chinese_date(data.period.first),
        last=chinese_date(data.period.last),
        as_of=chinese_date(data.as_of),
        merged=data.method.merge_repeats,
        by_end=data.method.basis == "closed",
        digits=digits,
    )
