"""整改情况报告: what was to be put right in a period, by source, how far it is, and by what measures (samples 3, 9)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from xiaobao_desktop.domain import rectification_statistics as mended
from xiaobao_desktop.domain.catalog import UNFILLED
from xiaobao_desktop.domain.ledgers.rectification import DONE, FINISHED, OVERDUE
from xiaobao_desktop.domain.numbers import NO_BASE
from xiaobao_desktop.domain.period import chinese_date
from xiaobao_desktop.domain.rectification_statistics import RectificationRow, state_at
from xiaobao_desktop.reports.document import Block, Column, ColumnKind, Document, Heading, Note, Signature, Table
from xiaobao_desktop.reports.double_check import day_cell
from xiaobao_desktop.reports.governance_text import clause
from xiaobao_desktop.reports.parts import chinese_number, led_sections, paragraph
from xiaobao_desktop.reports.periodic import PeriodicInput, cut_off, governance_text, own_sections
from xiaobao_desktop.reports.prose import Prose
from xiaobao_desktop.reports.sheets import Cell, CellKind, Sheet, SheetColumn
from xiaobao_desktop.reports.work_text import WorkText

TEMPLATE = "rectification.j2"
_HEADS = (
    ("编号", 15),
    ("问题来源", 12),
    ("发现日期", 12),
    ("问题", 40),
    ("整改措施", 40),
    ("责任部门", 16),
    ("责任人", 10),
)
_MORE = (("计划完成日", 12), ("实际完成日", 12), ("验证人", 10), ("验证日期", 12), ("状态", 10), ("问责情况", 18))
_DAYS = ("发现日期", "计划完成日", "实际完成日", "验证日期")


@dataclass(frozen=True)
class RectificationInput:
    """What the report is made from besides the data of a report of a period.

    Attributes:
        data: as for the report of a period; its sections are product information, information security, then those
            that follow.
        states: Chinese names of the states by id.
    """

    data: PeriodicInput
    states: dict[str, str]

    @property
    def rows(self) -> list[RectificationRow]:
        """The rectifications told about."""
        return mended.concerned(self.data.governance.rectifications, self.data.period, self.data.as_of)

    @property
    def last(self) -> date:
        """The day of view."""
        return min(self.data.period.last, self.data.as_of)

    def state(self, row: RectificationRow) -> str:
        """Id of the state of one on the day of view."""
        return state_at(row, self.last)


def build(given: RectificationInput) -> Document:
    """The report as a document."""
    data = given.data
    settings = data.settings
    prose = Prose(TEMPLATE, int(settings.percent_digits))
    numbers = iter(range(1, 20))

    def heading(title: str) -> Heading:
        return Heading(f"{chinese_number(next(numbers))}、{title}")

    blocks: list[Block] = [
        paragraph(prose.say("opening", period=data.period.title)),
        heading(prose.say("overall_title")),
        *(paragraph(text) for text in _overall(given, prose)),
    ]
    work = led_sections(_work(data, prose))
    blocks += [heading(prose.say("work_title")), *work] if work else []
    blocks += _lists(given, prose, heading)
    following = tuple(chinese_number(number) for number in numbers)
    blocks += own_sections(data.sections[2:], following)
    if given.rows:
        blocks.append(Note(prose.say("note", as_of=chinese_date(given.last))))
    return Document(
        title=(settings.printed_name, prose.say("title_line", period=data.period.title)),
        blocks=tuple(blocks),
        addressee=f"{settings.regulator}：" if settings.regulator else "",
        signature=Signature(settings.printed_name, chinese_date(data.signed_on)),
    )


def _overall(given: RectificationInput, prose: Prose) -> list[str]:
    data, rows = given.data, given.rows
    if not rows:
        return [prose.say("nothing", period=data.period.title)]
    now = mended.figures(data.governance.rectifications, data.period, data.as_of)
    keys = ("opening", "added", "done", "ending", "waiting", "overdue", "in_time")
    counts = {key: getattr(now, key).count for key in keys}
    told = prose.say(
        "overall", period=data.period.title, cut_off=cut_off(data, within=True), concerned=now.concerned, **counts
    )
    sources = []
    for name, own in mended.by_source(rows).items():
        states = [given.state(row) for row in own]
        parts = {"done": states.count(DONE), "waiting": states.count(FINISHED), "overdue": states.count(OVERDUE)}
        sources.append({"name": name or UNFILLED, "total": len(own), **parts})
    return [told, prose.say("by_source", sources=sources)]


def _work(data: PeriodicInput, prose: Prose) -> list[tuple[str, Sequence[str]]]:
    """The five fields in which the banks report measures; fields of which nothing is known are left out."""
    told, work, known = governance_text(data), WorkText(data, data.period), data.governance
    mechanism = [
        told.organisation(),
        told.policies() if known.policies else "",
        told.meetings() if known.meetings else "",
    ]
    disclosure = [told.reviews()] if known.reviews else []
    (_label, product), (_other, security) = data.sections[:2]
    education = [work.outreach()] if data.activities.any_in(data.period, data.as_of) else []
    return [
        (prose.say("mechanism"), mechanism),
        (prose.say("disclosure"), [*disclosure, *product]),
        (prose.say("security"), security),
        (prose.say("complaints"), [work.handled()] if data.rows else []),
        (prose.say("education"), education),
    ]


def _lists(given: RectificationInput, prose: Prose, heading: Callable[[str], Heading]) -> list[Block]:
    """The two lists, each a section with its table; a list without an item is left out."""
    done = [row for row in given.rows if given.state(row) == DONE]
    left = [row for row in given.rows if given.state(row) != DONE]
    overdue = sum(given.state(row) == OVERDUE for row in left)
    blocks: list[Block] = []
    tables = 0
    for kind, rows in (("done", done), ("left", left)):
        if rows:
            tables += 1
            words = {
                "cut_off": cut_off(given.data, within=True),
                "count": len(rows),
                "table": f"表{tables}",
                "overdue": overdue,
            }
            blocks += [heading(prose.say(f"{kind}_title")), paragraph(prose.say(f"{kind}_text", **words))]
            blocks.append(_table(given, rows, f"表{tables}  {prose.say(f'{kind}_caption')}", done=kind == "done"))
    return blocks


def _table(given: RectificationInput, rows: Sequence[RectificationRow], caption: str, *, done: bool) -> Table:
    columns = (
        Column("序号", 9, ColumnKind.CENTER),
        Column("来源", 13, ColumnKind.CENTER),
        Column("存在问题", 37),
        Column("整改措施", 37),
        Column("责任部门\n责任人", 23, ColumnKind.CENTER),
        Column("计划\n完成日", 18, ColumnKind.CENTER),
        Column("实际\n完成日", 18, ColumnKind.CENTER),
        Column("验证人\n验证日", 19, ColumnKind.CENTER) if done else Column("状态", 13, ColumnKind.CENTER),
    )
    cells = tuple((str(place), *_cells(given, row, done=done)) for place, row in enumerate(rows, start=1))
    return Table(columns, cells, caption)


def _cells(given: RectificationInput, row: RectificationRow, *, done: bool) -> tuple[str, ...]:
    state = given.state(row)
    finished = row.finished_on if state in (DONE, FINISHED) else None
    verified = f"{row.verifier}\n{day_cell(row.verified_on)}" if row.verifier else day_cell(row.verified_on)
    return (
        row.source_name or NO_BASE,
        clause(row.problem),
        clause(row.measure) or NO_BASE,
        "\n".join(part for part in (row.department, row.owner) if part) or NO_BASE,
        day_cell(row.planned_on),
        day_cell(finished),
        verified if done else given.states.get(state, state),
    )


def sheet(given: RectificationInput) -> Sheet:
    """Every rectification told about as a row for Excel."""
    heads = (*_HEADS, *_MORE)
    columns = tuple(
        SheetColumn(head, width, CellKind.DATE if head in _DAYS else CellKind.TEXT, wrap=width >= 40)
        for head, width in heads
    )
    data = given.data
    return Sheet(
        name="整改事项",
        title=Prose(TEMPLATE).say("title_line", period=data.period.title),
        columns=columns,
        rows=tuple(_sheet_row(given, row) for row in given.rows),
        head_line="　　".join(
            (
                f"填报机构：{data.settings.printed_name}",
                f"期间：{data.period.title}",
                f"截至：{chinese_date(given.last)}",
            )
        ),
    )


def _sheet_row(given: RectificationInput, row: RectificationRow) -> tuple[Cell, ...]:
    state = given.state(row)
    finished = row.finished_on if state in (DONE, FINISHED) else None
    verified = row.verified_on if row.verified_on and row.verified_on <= given.last else None
    words = (row.number, row.source_name, row.found_on, row.problem, row.measure, row.department, row.owner)
    verifier = row.verifier if verified else ""
    return (*words, row.planned_on, finished, verifier, verified, given.states.get(state, state), row.accountability)
