"""“双查”工作情况报告: a run of the checklist on how consumer protection is built into the bank (sample report 9)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from xiaobao_desktop.domain.check_figures import OVER, PLUS, CheckFigure, Collector
from xiaobao_desktop.domain.inspection import CONFORM, FAULTY, NOT_APPLICABLE
from xiaobao_desktop.domain.ledgers.inspection import LEDGER as INSPECTION
from xiaobao_desktop.domain.ledgers.rectification import DONE, FINISHED, OVERDUE
from xiaobao_desktop.domain.ledgers.rectification import LEDGER as RECTIFICATION
from xiaobao_desktop.domain.numbers import NO_BASE
from xiaobao_desktop.domain.period import chinese_date
from xiaobao_desktop.domain.rectification_statistics import RectificationRow, state_at
from xiaobao_desktop.reports.document import Block, Column, ColumnKind, Document, Heading, Signature, Table
from xiaobao_desktop.reports.governance_text import clause
from xiaobao_desktop.reports.parts import chinese_number, led, listed, paragraph
from xiaobao_desktop.reports.periodic import own_sections
from xiaobao_desktop.reports.prose import Prose
from xiaobao_desktop.settings import BankSettings

TEMPLATE = "double_check.j2"
_OWN_NUMBERS = ("五", "六", "七")
_USUAL = 2
"""Evidence at more items than this is boilerplate."""
_PART = "："
"""Parts of one group are named 公司治理：董事会, 公司治理：高管层 …"""


@dataclass(frozen=True)
class CheckedItem:
    """An item of the run: its part, what it asks for, verdict, evidence, finding, and what was made of the finding."""

    section: str
    title: str
    text: str
    verdict: str
    evidence: str
    finding: str
    rectification: RectificationRow | None = None


@dataclass(frozen=True)
class DoubleCheckInput:
    """Everything the report is made from.

    Attributes:
        settings: the bank's names.
        record_id: of the run.
        as_of: day of view of its rectifications.
        begun_on, finished_on: of the run; no day while it goes on.
        number: of the notice that asked for it.
        leader, deputy, members: names with posts.
        branch, places: where it was held.
        items: of the run; () for one of which only the result is known.
        problems: what such a run found.
        conclusion: of such a run.
        names: Chinese name of each verdict, in order.
        sections: headings and paragraphs of the officer's own.
        signed_on: date under the signature.
    """

    settings: BankSettings
    record_id: int
    as_of: date
    begun_on: date
    finished_on: date | None
    number: str
    leader: str
    deputy: str
    members: str
    branch: str
    places: str
    items: Sequence[CheckedItem]
    problems: Sequence[str]
    conclusion: str
    names: Mapping[str, str]
    sections: Sequence[tuple[str, Sequence[str]]]
    signed_on: date

    @property
    def faulty(self) -> list[CheckedItem]:
        """The items at which something is to be put right."""
        return [item for item in self.items if item.verdict in FAULTY]

    @property
    def rows(self) -> list[RectificationRow]:
        """The rectifications of its findings."""
        return [item.rectification for item in self.faulty if item.rectification]


def build(data: DoubleCheckInput) -> Document:
    """The report as a document."""
    prose = Prose(TEMPLATE, int(data.settings.percent_digits))
    settings = data.settings
    blocks: list[Block] = [
        paragraph(prose.say("opening", number=data.number, ended=bool(data.finished_on), days=_days(data))),
        Heading(f"一、{prose.say('organisation_title')}"),
        *_organisation(data, prose),
        Heading(f"二、{prose.say('checks_title')}"),
        *_checks(data, prose),
        Heading(f"三、{prose.say('problems_title')}"),
        paragraph(_problems(data, prose)),
        Heading(f"四、{prose.say('plan_title')}"),
        *_plan(data, prose),
        *own_sections(data.sections[1:], _OWN_NUMBERS),
    ]
    contact = f"（联系人：{settings.preparer}，电话：{settings.phone}）" if settings.preparer and settings.phone else ""
    return Document(
        title=(f"{settings.printed_name}{prose.say('title_first')}", prose.say("title_line")),
        blocks=tuple(blocks),
        addressee=f"{settings.regulator}：" if settings.regulator else "",
        signature=Signature(settings.printed_name, chinese_date(data.signed_on), contact),
    )


def _days(data: DoubleCheckInput) -> str:
    first, last = data.begun_on, data.finished_on
    if last is None or last == first:
        return chinese_date(first)
    if last.year != first.year:
        return f"{chinese_date(first)}至{chinese_date(last)}"
    return f"{chinese_date(first)}至{'' if last.month == first.month else f'{last.month}月'}{last.day}日"


def _organisation(data: DoubleCheckInput, prose: Prose) -> list[Block]:
    names = {key: clause(getattr(data, key)) for key in ("branch", "places")}
    names |= {key: "".join(clause(getattr(data, key)).split()) for key in ("leader", "deputy", "members")}
    own = [paragraph(text) for text in data.sections[0][1] if text]
    told: list[Block] = [paragraph(prose.say("organisation", **names)), *own]
    if data.items:
        conform, counted = _conforming(data.items)
        parts = len(_groups(data.items))
        told.append(
            paragraph(prose.say("result", parts=parts, conform=conform, counted=counted, **_counts(data, data.items)))
        )
    return told


def _counts(data: DoubleCheckInput, items: Sequence[CheckedItem]) -> dict[str, object]:
    """How many items there are, how many have each verdict, how many are still to be checked."""
    verdicts = [item.verdict for item in items]
    counts = [{"name": name, "count": verdicts.count(key)} for key, name in data.names.items() if key in verdicts]
    return {"total": len(items), "counts": counts, "left": verdicts.count("")}


def _conforming(items: Sequence[CheckedItem]) -> tuple[int, int]:
    """How many items conform, of how many that were checked and apply."""
    counted = [item for item in items if item.verdict and item.verdict != NOT_APPLICABLE]
    return sum(item.verdict == CONFORM for item in counted), len(counted)


def _groups(items: Sequence[CheckedItem]) -> dict[str, dict[str, list[CheckedItem]]]:
    """The items by group (公司治理) and part (董事会), in the order of the run; "" for a group without parts."""
    found: dict[str, dict[str, list[CheckedItem]]] = {}
    for item in items:
        group, _mark, part = item.section.partition(_PART)
        found.setdefault(group, {}).setdefault(part, []).append(item)
    return found


def _checks(data: DoubleCheckInput, prose: Prose) -> list[Block]:
    if not data.items:
        return [paragraph(prose.say("only_result", conclusion=clause(data.conclusion)))]
    blocks: list[Block] = []
    counts = Counter(clause(item.evidence) for item in data.items)
    usual = {evidence for evidence, count in counts.items() if count > _USUAL}
    for number, (group, parts) in enumerate(_groups(data.items).items(), start=1):
        items = [item for own in parts.values() for item in own]
        lead = f"（{chinese_number(number)}）{group}。"
        blocks.append(led(lead, prose.say("group", **_counts(data, items))))
        for place, (part, own) in enumerate(parts.items(), start=1):
            told = listed([_item(prose, item, usual) for item in own])
            blocks.append(paragraph(f"{place}.{part}。{told}" if part else told))
    return blocks


def _item(prose: Prose, item: CheckedItem, usual: Collection[str]) -> str:
    """What is said of an item: what it asks for as a fact where it conforms, else what was found.

    Evidence that many items share (查阅制度和记录) says nothing of one of them and is left to the sheet of the run.
    """
    evidence = clause(item.evidence)
    return prose.say(
        "item",
        title=clause(item.title),
        verdict=item.verdict,
        text=clause(item.text),
        evidence="" if evidence in usual else evidence,
        finding=clause(item.finding),
    )


def _problems(data: DoubleCheckInput, prose: Prose) -> str:
    found = _findings(data)
    return listed(found) if found else prose.say("no_problems")


def _findings(data: DoubleCheckInput) -> list[str]:
    found = [clause(item.finding) or clause(item.title) for item in data.faulty]
    return found or [text for text in map(clause, data.problems) if text]


def _plan(data: DoubleCheckInput, prose: Prose) -> list[Block]:
    problems, rows = _findings(data), data.rows
    if not problems:
        return [paragraph(prose.say("nothing_planned"))]
    states = [state_at(row, data.as_of) for row in rows]
    settled = (DONE, FINISHED, OVERDUE)
    left = [row.planned_on for row, state in zip(rows, states, strict=True) if state not in settled]
    days = [day for day in left if day]
    text = prose.say(
        "planned",
        problems=len(problems),
        listed=len(rows),
        done=states.count(DONE),
        waiting=states.count(FINISHED),
        overdue=states.count(OVERDUE),
        under_way=len(left),
        last=chinese_date(max(days)) if days and len(days) == len(left) else "",
    )
    return [paragraph(text), *([_table(data, prose)] if rows else [])]


def _table(data: DoubleCheckInput, prose: Prose) -> Table:
    columns = (
        Column("序号", 9, ColumnKind.CENTER),
        Column("存在问题", 38),
        Column("整改措施", 43),
        Column("责任部门", 22, ColumnKind.CENTER),
        Column("责任人", 14, ColumnKind.CENTER),
        Column("完成期限", 19, ColumnKind.CENTER),
        Column("完成日期", 19, ColumnKind.CENTER),
    )
    rows = tuple(
        (str(place), clause(item.finding) or clause(item.title), *_cells(item.rectification, data.as_of))
        for place, item in enumerate(data.faulty, start=1)
    )
    return Table(columns, rows, f"表1  {prose.say('plan_caption')}")


def _cells(row: RectificationRow | None, as_of: date) -> tuple[str, str, str, str, str]:
    if row is None:
        return (NO_BASE,) * 5
    finished = row.finished_on if state_at(row, as_of) in (DONE, FINISHED) else None
    return (
        clause(row.measure) or NO_BASE,
        row.department or NO_BASE,
        row.owner or NO_BASE,
        day_cell(row.planned_on),
        day_cell(finished),
    )


def day_cell(day: date | None) -> str:
    """A day in a narrow cell: the year above month and day; — for none."""
    return f"{day.year}年\n{day.month}月{day.day}日" if day else NO_BASE


def figures(data: DoubleCheckInput) -> tuple[CheckFigure, ...]:
    """The figures of the report one by one."""
    collect = Collector(int(data.settings.percent_digits))
    collect.section = "一、检查项"
    _item_figures(collect, data)
    collect.section = "二、问题和整改"
    _finding_figures(collect, data)
    return tuple(collect.found)


def _item_figures(collect: Collector, data: DoubleCheckInput) -> None:
    """How many items have each verdict, and how many there are in each group."""
    key, ids = INSPECTION.key, (data.record_id,)
    counts = {name: sum(item.verdict == verdict for item in data.items) for verdict, name in data.names.items()}
    left = sum(not item.verdict for item in data.items)
    terms = PLUS.join([*(f"{name}{count}" for name, count in counts.items()), f"未检查{left}"])
    total = len(data.items)
    holds = sum(counts.values()) + left == total
    collect.add("items", "检查项", f"{total}项", "各结论之和", f"{terms}＝{total}", ids, ledger=key, holds=holds)
    conform, counted = _conforming(data.items)
    collect.share("conforming", "符合率", f"符合{OVER}已查且涉及", conform, counted, ids, ledger=key)
    for group, parts in _groups(data.items).items():
        sizes = [len(own) for own in parts.values()]
        told = f"{PLUS.join(map(str, sizes))}＝{sum(sizes)}"
        collect.add(f"group:{group}", group, f"{sum(sizes)}项", "各部分检查项之和", told, ids, ledger=key)


def _finding_figures(collect: Collector, data: DoubleCheckInput) -> None:
    """What was found, how much of it is a rectification, and how far those are."""
    found, rows = _findings(data), data.rows
    told = f"列入整改{len(rows)}＋未列入{len(found) - len(rows)}＝{len(found)}"
    collect.add(
        "problems",
        "存在问题",
        f"{len(found)}项",
        "结论为部分符合、不符合的项",
        told,
        (data.record_id,),
        ledger=INSPECTION.key,
    )
    told = f"明细{len(rows)}条"
    ids_of = [row.id for row in rows]
    collect.add("listed", "列入整改", f"{len(rows)}项", "由各项转成的整改", told, ids_of, ledger=RECTIFICATION.key)
    for name, label, states in (
        ("done", "已完成整改", (DONE,)),
        ("waiting", "完成待验证", (FINISHED,)),
        ("overdue", "逾期", (OVERDUE,)),
    ):
        chosen = [row.id for row in rows if state_at(row, data.as_of) in states]
        count = len(chosen)
        told = f"明细{count}条"
        formula = "由这次检查列入整改的"
        collect.add(name, label, f"{count}项", formula, told, chosen, ledger=RECTIFICATION.key)
