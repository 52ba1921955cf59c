"""交接清单: what the officer hands over to a successor, to be signed by both and a witness."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from xiaobao_desktop.domain.denominators import Denominators
from xiaobao_desktop.domain.period import chinese_date
from xiaobao_desktop.domain.todo import DueItem, days_text
from xiaobao_desktop.reports.document import (
    Block,
    Column,
    ColumnKind,
    Document,
    Heading,
    Paragraph,
    Run,
    Spacer,
    Table,
    TableStyle,
)
from xiaobao_desktop.reports.prose import Prose
from xiaobao_desktop.settings import BankSettings

TEMPLATE = "handover.j2"
DUE_DAYS = 30
"""How far ahead the list of due items looks."""

_BLANK = "　　　　　　"
_SIGNED = (("", 24), ("姓名", 30), ("签名", 60), ("日期", 46))
_CASES = (("编号", 30), ("投诉人", 20), ("收到", 22), ("最后期限", 22), ("状态", 22), ("网点或部门", 30))
_DUE = (("到期日", 18), ("期限", 20), ("编号", 30), ("事项", 60), ("网点或部门", 28))


@dataclass(frozen=True)
class OpenCase:
    """One complaint that is not closed, as texts; the name masked."""

    number: str
    person: str
    received: str
    due: str
    state: str
    unit: str


@dataclass(frozen=True)
class HandoverInput:
    """Everything the list is made from.

    Attributes:
        settings: the bank's names.
        given: real name of the officer who hands over.
        taken: real name of the successor, "" while it is not known.
        today: day of the hand-over.
        counts: name, measure word and number of records of each ledger.
        cases: complaints that are not closed.
        due: what is overdue or due within :data:`DUE_DAYS` days and is no case of ``cases``.
        reports: titles of reports that were begun and not filed.
        attachments: how many files.
        own_backup: when the last backup on this PC was made, "" for none.
        second_folder: the second place of the backups, "" for none.
        second_backup: when the last backup there was made, "" for none.
        denominators: numbers of the year.
        recovery_kept: whether the old recovery key is known to lie on paper.
        anchor: sequence and first digits of the end of the history.
        own_texts: how many files with own sentences of reports lie beside the book.
    """

    settings: BankSettings
    given: str
    taken: str
    today: date
    counts: Sequence[tuple[str, str, int]]
    cases: Sequence[OpenCase]
    due: Sequence[DueItem]
    reports: Sequence[str]
    attachments: int
    own_backup: str
    second_folder: str
    second_backup: str
    denominators: Denominators
    recovery_kept: bool
    anchor: tuple[int, str]
    own_texts: int = 0


def build(data: HandoverInput) -> Document:
    """The list with the lines for the signatures."""
    prose = Prose(TEMPLATE)
    blocks: list[Block] = [
        _paragraph(_opening(prose, data)),
        Heading("一、台账"),
        _counts(data),
        Heading("二、未办结的投诉"),
        _cases(data) if data.cases else _paragraph(prose.say("no_cases")),
        Heading("三、到期事项"),
        _due(data) if data.due else _paragraph(prose.say("no_due", days=DUE_DAYS)),
        Heading("四、报告"),
        _paragraph(prose.say("reports", names=list(data.reports))),
        Heading("五、附件、备份和钥匙"),
        *(_paragraph(text) for text in _keeping(prose, data)),
        Spacer(),
        _signatures(data),
    ]
    return Document(title=(prose.say("title_line"),), blocks=tuple(blocks))


def _opening(prose: Prose, data: HandoverInput) -> str:
    settings = data.settings
    return prose.say(
        "opening",
        bank=settings.printed_name,
        department=settings.department,
        given=data.given,
        taken=data.taken or _BLANK,
        day=chinese_date(data.today),
    )


def _counts(data: HandoverInput) -> Table:
    columns = (Column("台账", 60), Column("数量", 40, ColumnKind.CENTER), Column("核对", 60, ColumnKind.CENTER))
    rows = tuple((name, f"{number} {unit}", "□ 已核对") for name, unit, number in data.counts)
    return Table(columns, rows, style=TableStyle.FORM)


def _cases(data: HandoverInput) -> Table:
    rows = tuple((item.number, item.person, item.received, item.due, item.state, item.unit) for item in data.cases)
    return Table(_columns(_CASES), rows, style=TableStyle.FORM)


def _due(data: HandoverInput) -> Table:
    rows = tuple(
        (_day(item.due_on), days_text(item, data.today), item.number, item.subject, item.unit) for item in data.due
    )
    return Table(_columns(_DUE), rows, style=TableStyle.FORM)


def _keeping(prose: Prose, data: HandoverInput) -> list[str]:
    numbers = data.denominators
    filled = (("网点", numbers.outlets, "个"), ("个人客户", numbers.customers, "户"), ("员工", numbers.staff, "人"))
    sequence, mac = data.anchor
    return [
        prose.say("attachments", count=data.attachments, texts=data.own_texts),
        prose.say("backups", own=data.own_backup, folder=data.second_folder, second=data.second_backup),
        prose.say(
            "denominators",
            year=data.today.year,
            parts=[f"{name}{value}{unit}" for name, value, unit in filled if value is not None],
        ),
        prose.say("keys", kept=data.recovery_kept),
        prose.say("anchor", sequence=sequence, mac=mac),
    ]


def _signatures(data: HandoverInput) -> Table:
    """A frame to sign in: rows as high as a signature."""
    rows = tuple(
        (f"　\n{role}\n　", name, "", "年　　月　　日")
        for role, name in (("移交人", data.given), ("接收人", data.taken), ("监交人", ""))
    )
    return Table(_columns(_SIGNED), rows, style=TableStyle.FORM)


def _columns(heads: Sequence[tuple[str, int]]) -> tuple[Column, ...]:
    return tuple(Column(head, width, ColumnKind.TEXT if head == "事项" else ColumnKind.CENTER) for head, width in heads)


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _paragraph(text: str) -> Paragraph:
    return Paragraph((Run(text),))
