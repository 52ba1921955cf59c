"""消保工作月报, 季报, 半年报: the report of a period, from exact figures to a document. No clock, no book, no drawing.

Parts of ledgers that were never used (rectification, policies, meetings, reviews) are left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from xiaobao_desktop.domain import outreach_statistics, training_statistics
from xiaobao_desktop.domain.catalog import UNFILLED
from xiaobao_desktop.domain.charts import OTHER
from xiaobao_desktop.domain.governance import Governance, policy_changes, reviews_of
from xiaobao_desktop.domain.numbers import plain_decimal, round_half_up, yuan
from xiaobao_desktop.domain.period import Period, chinese_date, month
from xiaobao_desktop.domain.statistics import (
    CaseRow,
    Comparison,
    Figures,
    Method,
    compare,
    figures,
    in_period,
    monthly_counts,
)
from xiaobao_desktop.reports import periodic_tables as tables
from xiaobao_desktop.reports.document import (
    Appendix,
    Block,
    DayLimit,
    DaysDots,
    Document,
    DotSeries,
    DotStyle,
    Figure,
    Heading,
    MonthlyPairs,
    Note,
    Signature,
    SignatureLine,
)
from xiaobao_desktop.reports.governance_text import GovernanceText
from xiaobao_desktop.reports.parts import foremost, led, paragraph
from xiaobao_desktop.reports.period_words import period_words
from xiaobao_desktop.reports.periodic_activities import Activities, section
from xiaobao_desktop.reports.periodic_activity_tables import tables as activity_tables
from xiaobao_desktop.reports.prose import Prose
from xiaobao_desktop.settings import BankSettings

NUMBERS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四", "十五", "十六")
"""Numbers of the sections."""
LISTED = 4
"""Names listed in a sentence before the tail 其他 takes the rest."""
LEADING = 3
"""Outlets named as those with the most complaints."""


@dataclass(frozen=True)
class DueItem:
    """Something due: the day, what, which kind of record, who answers for it, the complaint it is (0 = none)."""

    day: date
    what: str
    kind: str
    department: str
    record_id: int = 0


@dataclass(frozen=True)
class PeriodicInput:
    """Everything the report of a period is made from.

    Attributes:
        settings: the bank's names.
        period: a month, a quarter, half a year or a year.
        as_of: day of view, usually its last day.
        method: 口径.
        rows: every complaint of the book as known on the day of view.
        rows_before, rows_last_year: the same as known at the end of the period before and of the same one last year,
            so that the columns of those periods say what their own reports said; None for ``rows``.
        orders: the names of each dimension in their order (sources, top categories, causes, channels, branches).
        outlets: number of outlets in use.
        departments: names of head-office departments among the branches.
        due: what is due in the period after.
        extensions: limits in days of the default rule profile, for the chart.
        signed_on: date under the signature.
        activities: trainings and events.
        governance: policies, meetings, reviews, rectifications and what else the book keeps.
        sections: headings and paragraphs of the officer's own.
        adjusted: how many changes of the organisation the officer tells of, for the opening of a year's report.
        told_apart: policies, meetings and reviews are told among ``sections`` and need no section of their own.
    """

    settings: BankSettings
    period: Period
    as_of: date
    method: Method
    rows: Sequence[CaseRow]
    orders: Mapping[str, Sequence[str]]
    outlets: int
    departments: frozenset[str]
    due: tuple[DueItem, ...]
    limits: tuple[int, ...]
    signed_on: date
    activities: Activities = field(default_factory=Activities)
    governance: Governance = field(default_factory=Governance)
    sections: Sequence[tuple[str, Sequence[str]]] = ()
    adjusted: int = 0
    told_apart: bool = False
    rows_before: Sequence[CaseRow] | None = None
    rows_last_year: Sequence[CaseRow] | None = None

    def figures_before(self) -> Figures:
        """The figures of the period before, as known at its end; of the same days while this one is not over."""
        rows = self.rows if self.rows_before is None else self.rows_before
        base, _last_year = self.period.compared(self.as_of)
        return figures(rows, base, base.last, self.method)

    def figures_last_year(self, span: Period | None = None) -> Figures:
        """The figures of the same period (or ``span``) last year, as those of the period before."""
        rows = self.rows if self.rows_last_year is None else self.rows_last_year
        _before, base = (span or self.period).compared(self.as_of)
        return figures(rows, base, base.last, self.method)


@dataclass(frozen=True)
class Ranked:
    """Names with the same count, for one clause of a sentence; ``before`` is the period before, None for several."""

    names: tuple[str, ...]
    count: int
    before: int | None = None


def build(data: PeriodicInput) -> Document:
    """The report as a document."""
    digits = int(data.settings.percent_digits)
    words = period_words(data.period, data.as_of)
    running = data.as_of < data.period.last
    prose = Prose("periodic.j2", digits, p=words, yearly=data.period.months == 12, running=running)
    now = figures(data.rows, data.period, data.as_of, data.method)
    before, last_year = data.figures_before(), data.figures_last_year()
    to_date = figures(data.rows, data.period.year_to_date(), data.as_of, data.method)
    breakdowns = {
        name: compare(data.rows, data.period, data.as_of, data.method, name, order)
        for name, order in data.orders.items()
    }
    title = prose.say("title_line", period=data.period.title)
    blocks: list[Block] = [
        paragraph(prose.say("opening", period=data.period.title, active=_active(data))),
        *_year_counters(data, prose, now),
        Heading("一、消费投诉总体情况"),
        *_overall(data, prose, now, before, last_year, to_date),
        tables.headline(now, before, last_year, to_date, digits, words),
        _months_chart(data),
        Heading("二、消费投诉分类情况"),
        *_classes(data, prose, now, breakdowns),
        Heading("三、投诉办理时效和质量"),
        *_timeliness(data, prose, now, digits),
        *_work_sections(data, prose, now),
    ]
    appendices = _appendices(data, prose, now, breakdowns, digits)
    return Document(
        title=(data.settings.printed_name, title),
        blocks=tuple(blocks),
        addressee=f"{data.settings.addressee}：" if data.settings.addressee else "",
        signature=Signature(f"{data.settings.printed_name}{data.settings.department}", chinese_date(data.signed_on)),
        attachments=tuple(item.title for item in appendices),
        appendices=appendices,
    )


def governance_text(data: PeriodicInput) -> GovernanceText:
    """The sentences on rectification, policies, meetings and the rest for the period of a report."""
    digits = int(data.settings.percent_digits)
    return GovernanceText(data.governance, data.period, data.as_of, period_words(data.period, data.as_of), digits)


def _work_sections(data: PeriodicInput, prose: Prose, now: Figures) -> list[Block]:
    """The sections after those on complaints, numbered on; those of ledgers that were never used are left out."""
    digits, words, told = int(data.settings.percent_digits), period_words(data.period), governance_text(data)
    numbers = iter(NUMBERS[3:])
    mended = told.rectification_section("四")
    blocks: list[Block] = [*mended]
    if mended:
        next(numbers)
    blocks += section(next(numbers), data.activities, data.period, data.as_of, prose, digits)
    following = next(numbers)
    internal = [] if data.told_apart else told.internal_section(following)
    if internal:
        blocks += internal
        following = next(numbers)
    blocks += [
        Heading(f"{following}、{words.after}到期事项"),
        paragraph(_due_words(data, prose, now)),
        *([tables.due_items(data.due, data.period.after().title)] if data.due else []),
        *own_sections(data.sections, tuple(numbers)),
    ]
    return blocks


def _due_words(data: PeriodicInput, prose: Prose, now: Figures) -> str:
    kinds = due_counts(data.due)
    overdue = len(overdue_ids(data, now))
    return prose.say("due", due=len(data.due), due_kinds=kinds, overdue_now=overdue, cut_off=cut_off(data))


def due_counts(items: Sequence[DueItem]) -> dict[str, int]:
    """How many items are due, by kind; complaints first."""
    cases = [item for item in items if item.record_id]
    counts = {cases[0].kind: len(cases)} if cases else {}
    for item in items:
        if not item.record_id:
            counts[item.kind] = counts.get(item.kind, 0) + 1
    return counts


def _appendices(
    data: PeriodicInput, prose: Prose, now: Figures, breakdowns: Mapping[str, tuple[Comparison, ...]], digits: int
) -> tuple[Appendix, ...]:
    """附件1 with the breakdowns of complaints; 附件2 where there were trainings or events this year."""
    parts: list[tuple[str, tuple[Block, ...]]] = [
        (f"{data.period.title}消费投诉分类统计表", _appendix(data, prose, now, breakdowns, digits))
    ]
    activities = _activity_tables(data)
    if activities:
        parts.append((f"{data.period.title}教育培训和宣传教育情况表", activities))
    return tuple(
        Appendix(f"附件{number}" if len(parts) > 1 else "附件", title, blocks)
        for number, (title, blocks) in enumerate(parts, start=1)
    )


def _activity_tables(data: PeriodicInput) -> tuple[Block, ...]:
    digits = int(data.settings.percent_digits)
    return activity_tables(data.activities.trainings, data.activities.events, data.period, data.as_of, digits)


def _overall(
    data: PeriodicInput, prose: Prose, now: Figures, before: Figures, last_year: Figures, to_date: Figures
) -> list[Block]:
    year_before = figures(data.rows, data.period.year_to_date().year_before(), _year_back(data.as_of), data.method)
    overall = prose.say(
        "overall",
        cut_off=cut_off(data),
        received=now.received.count,
        received_before=before.received.count,
        received_last_year=last_year.received.count,
        received_closed=now.received_closed.count,
        received_open=now.received_open.count,
        overdue=now.open_overdue.count,
        to_date_month=min(data.period.last, data.as_of).month if data.period.first.month > 1 else 0,
        year_received=to_date.received.count,
        year_received_before=year_before.received.count,
    )
    closed = prose.say(
        "closed",
        closed=now.closed.count,
        carried_over=now.carried_over.count,
        in_time=now.closed_in_time.count,
        late=now.closed_late.count,
        repeats=now.repeats.count,
        merged=data.method.merge_repeats,
        major=now.major.count,
        opening=now.opening.count,
        ending=now.ending.count,
    )
    return [paragraph(overall), paragraph(closed)]


def _classes(
    data: PeriodicInput, prose: Prose, now: Figures, breakdowns: Mapping[str, tuple[Comparison, ...]]
) -> list[Block]:
    by_end = data.method.basis == "closed"
    total = now.closed.count if by_end else now.received.count
    if not total:
        return [paragraph(prose.say("nothing", by_end=by_end))]
    tails = {"source": "其他来源", "channel": "其他渠道", "category": "其他业务", "cause": "其他原因"}
    blocks: list[Block] = [paragraph(prose.say("by_end", total=total))] if by_end else []
    for name, tail in tails.items():
        groups = ranked(breakdowns[name], LISTED, tail, together=name != "cause")
        none = tuple(item.name for item in breakdowns[name] if not item.now.count and (item.before or item.year_before))
        text = prose.say(f"by_{name}", groups=groups, total=total, none=none)
        blocks.append(led(prose.say(f"by_{name}_lead"), text))
    blocks.append(led(prose.say("by_branch_lead"), _branches(data, prose, breakdowns["branch"], total)))
    return blocks


def _branches(data: PeriodicInput, prose: Prose, items: Sequence[Comparison], total: int) -> str:
    outlets = [item for item in items if item.name not in data.departments and item.name != UNFILLED]
    departments = [item for item in items if item.name in data.departments]
    leading = foremost(outlets, lambda item: item.now.count, LEADING)
    return prose.say(
        "by_branch",
        total=total,
        outlets=data.outlets,
        outlet_count=sum(item.now.count for item in outlets),
        department_count=sum(item.now.count for item in departments),
        unfilled=sum(item.now.count for item in items if item.name == UNFILLED),
        annex="附件1" if _activity_tables(data) else "附件",
        leading=[{"name": item.name, "count": item.now.count} for item in leading],
    )


def ranked(items: Sequence[Comparison], listed: int, tail: str, *, together: bool = True) -> tuple[Ranked, ...]:
    """The clauses of a breakdown: equal counts ``together``, at most ``listed`` names, the rest as one tail.

    The tail is the total less the listed names, never a sum of its own rounding; it is used only when it holds at
    least two names, and an existing name equal to ``tail``, or 其他, goes into it. 未填写 is no other name: it stands
    by itself at the end. A name with a 、 of its own is never one of several in a clause.
    """
    ordered = sorted((item for item in items if item.now.count), key=lambda item: -item.now.count)
    unfilled = [item for item in ordered if item.name == UNFILLED]
    filled = [item for item in ordered if item.name != UNFILLED]
    named = [item for item in filled if item.name != OTHER and not item.name.endswith(tail)]
    rest = [item for item in filled if item not in named]
    if len(named) + len(rest) > listed + 1:
        named, rest = named[:listed], [*named[listed:], *rest]
    groups: list[Ranked] = []
    for item in named:
        same = bool(groups) and groups[-1].count == item.now.count
        # 自助机具、中、后台业务渠道各2件 would be three.
        if together and same and "、" not in item.name + groups[-1].names[-1]:
            groups[-1] = Ranked((*groups[-1].names, item.name), item.now.count)
        else:
            groups.append(Ranked((item.name,), item.now.count, item.before))
    if len(rest) == 1:
        groups.append(Ranked((rest[0].name,), rest[0].now.count))
    elif rest:
        total = sum(item.now.count for item in filled)
        groups.append(Ranked((tail,), total - sum(item.now.count for item in named)))
    return (*groups, *(Ranked((item.name,), item.now.count) for item in unfilled))


def _timeliness(data: PeriodicInput, prose: Prose, now: Figures, digits: int) -> list[Block]:
    satisfaction = prose.say("satisfaction", followed=now.followed_up.count, satisfied=now.satisfied.count)
    if not now.closed.count or now.average_days is None:
        return [paragraph(prose.say("none_closed") + satisfaction)]
    plain = set(now.closed_in_time.ids) - set(now.closed_extended.ids)
    by_id = {row.id: row for row in data.rows}
    text = prose.say(
        "timeliness",
        closed=now.closed.count,
        plain=len(plain),
        extended=now.closed_extended.count,
        late=now.closed_late.count,
        within_limit=all((by_id[row_id].days or 0) <= data.limits[0] for row_id in plain),
        first_limit=data.limits[0],
        average=f"{round_half_up(now.average_days, max(digits, 1))}",
    )
    return [paragraph(text + satisfaction), _days_chart(data, now, plain, by_id)]


def _months_chart(data: PeriodicInput) -> Figure:
    # Months that have not begun are no months without a complaint.
    last = min(data.period.last, max(data.as_of, data.period.first))
    month, year = last.month, last.year
    single = data.period.months == 1
    spec = MonthlyPairs(
        months=tuple(range(1, month + 1)),
        last_year=tuple(monthly_counts(data.rows, year - 1, month, data.as_of, data.method)),
        this_year=tuple(monthly_counts(data.rows, year, month, data.as_of, data.method)),
        last_label=f"{year - 1}年",
        this_label=f"{year}年",
        marked=month if single else None,
        marked_label=period_words(data.period).this,
        axis_label="受理件数（件）",
    )
    span = f"1—{month}月" if month > 1 else "1月"
    return Figure(f"图1  {year}年{span}消费投诉受理件数与上年同月对比", spec, lines=6)


def _year_counters(data: PeriodicInput, prose: Prose, now: Figures) -> list[Block]:
    """The counters with which a year's report opens; other periods have none."""
    if data.period.months != 12:
        return []
    events = outreach_statistics.figures(data.activities.events, data.period, data.as_of)
    trainings = training_statistics.figures(data.activities.trainings, data.period, data.as_of)
    governance, view = data.governance, min(data.as_of, data.period.last)
    conclusions = governance.review_conclusions
    counters = prose.say(
        "year_counters",
        adjusted=data.adjusted,
        policies=len(policy_changes(governance.policies, data.period, view).adjusted),
        reviews=reviews_of(governance.reviews, data.period, view, conclusions).assessed.count,
        received=now.received.count,
        received_closed=now.received_closed.count,
        trainings=trainings.sessions.count,
        attended=trainings.attended,
        events=events.sessions,
        sums=events.sums,
        cost=yuan(events.sums["cost"]),
        person_days=plain_decimal(events.sums["person_days"]),
    )
    return [paragraph(counters)]


def own_sections(sections: Sequence[tuple[str, Sequence[str]]], numbers: Sequence[str]) -> list[Block]:
    """The officer's own parts, with the numbers that follow those of the report; a part without words is left out."""
    blocks: list[Block] = []
    filled = [(title, paragraphs) for title, paragraphs in sections if any(paragraphs)]
    for number, (title, paragraphs) in zip(numbers, filled, strict=False):
        blocks.append(Heading(f"{number}、{title}"))
        blocks += [paragraph(text) for text in paragraphs if text]
    return blocks


def _days_chart(data: PeriodicInput, now: Figures, plain: set[int], by_id: Mapping[int, CaseRow]) -> Figure:
    def days(ids: Sequence[int]) -> tuple[int, ...]:
        return tuple(sorted(by_id[row_id].days or 0 for row_id in ids))

    longest = max((by_id[row_id].days or 0 for row_id in now.closed.ids), default=0)
    first, *more = data.limits
    limits = [DayLimit(first, f"{first}日期限")]
    limits += [DayLimit(limit, f"延期后{limit}日期限") for limit in more if limit <= 30 or longest > 30]
    spec = DaysDots(
        series=(
            DotSeries("期限内", DotStyle.IN_TIME, days(sorted(plain))),
            DotSeries("经批准延期", DotStyle.EXTENDED, days(now.closed_extended.ids)),
            DotSeries("逾期", DotStyle.LATE, days(now.closed_late.ids)),
        ),
        limits=tuple(limits),
        axis_label=f"收到之日至办结之日的自然日数（收到当日为第0日；每点{{per_dot}}件，共{now.closed.count}件）",
        unit="日",
        count_unit="件",
    )
    return Figure(f"图2  {data.period.title}办结投诉用时分布", spec, lines=5)


def _appendix(
    data: PeriodicInput, prose: Prose, now: Figures, breakdowns: Mapping[str, tuple[Comparison, ...]], digits: int
) -> tuple[Block, ...]:
    heads = {
        "source": "投诉来源",
        "channel": "业务办理渠道",
        "category": "业务类别",
        "cause": "投诉原因",
        "branch": "被投诉机构",
    }
    folded = False
    words = period_words(data.period, data.as_of)
    blocks: list[Block] = []
    for number, (name, head) in enumerate(heads.items(), start=1):
        items = breakdowns[name]
        if name != "branch":
            items, merged = tables.fold_zeros(items)
            folded = folded or merged
        blocks.append(tables.breakdown_table(f"附表{number}  按{head}分类", head, items, digits, words))
    people = ("制表", data.settings.preparer), ("审核", data.settings.reviewer), ("负责人", data.settings.responsible)
    note = prose.say(
        "method",
        first=chinese_date(data.period.first),
        last=chinese_date(data.period.last),
        as_of=chinese_date(data.as_of),
        natures=_natures(data),
        by_end=data.method.basis == "closed",
        merged=data.method.merge_repeats,
        withdrawn=now.withdrawn.count,
        digits=digits,
        folded=folded,
        mended=bool(data.governance.rectifications),
        opening=now.opening.count,
        received=now.received.count,
        closed=now.closed.count,
        ending=now.ending.count,
    )
    return (*blocks, Note(note), SignatureLine(tuple(f"{label}：{name}" for label, name in people)))


def _active(data: PeriodicInput) -> bool:
    """Whether people were trained or the public was reached in the month."""
    return data.activities.any_in(data.period, data.as_of)


def overdue_ids(data: PeriodicInput, now: Figures) -> tuple[int, ...]:
    """The cases open at the end, whenever received, that are past their limit on the day of view."""
    open_ids = set(now.ending.ids)
    late = (row for row in data.rows if row.id in open_ids and not row.closed_by(data.as_of))
    return tuple(row.id for row in late if row.overdue_on(data.as_of))


def _natures(data: PeriodicInput) -> str:
    """仅含投诉，不含咨询46件、建议5件: what was received in the period and does not count."""
    names = {"inquiry": "咨询", "suggestion": "建议", "praise": "表扬", "report": "举报", "petition": "信访"}
    received = in_period(data.rows, data.period, data.as_of, replace(data.method, basis="received"))
    counts = Counter(row.nature for row in received if not (data.method.merge_repeats and row.repeat))
    left_out = [f"{name}{counts[key]}件" for key, name in names.items() if key not in data.method.natures]
    return f"仅含投诉，不含{'、'.join(left_out)}" if left_out else "含投诉、咨询、建议等全部来件"


def cut_off(data: PeriodicInput, *, within: bool = False) -> str:
    """Up to when the figures go, as a sentence begins: 10月末, or the day of view.

    ``within``: for what is told as it was at the end of the period, also on a later day of view.
    """
    day = min(data.as_of, data.period.last) if within else data.as_of
    if day == data.period.last == month(day.year, day.month).last:
        return f"{day.month}月末"
    return chinese_date(day)


def _year_back(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
