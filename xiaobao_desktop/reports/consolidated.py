"""汇总表: the work of a period bank by bank, against all together, for paper and for Excel.

A bank that sent nothing for the period has no numbers: its cells are empty or —, never 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from xiaobao_desktop.domain.numbers import NO_BASE, percent, round_half_up, share
from xiaobao_desktop.domain.period import Period, chinese_date, chinese_days
from xiaobao_desktop.domain.reported import NOT_SENT
from xiaobao_desktop.reports.document import (
    Block,
    Column,
    ColumnKind,
    Document,
    HeadLine,
    Layout,
    Note,
    SignatureLine,
    Table,
    TableStyle,
)
from xiaobao_desktop.reports.sheets import Cell, CellKind, Sheet, SheetColumn
from xiaobao_desktop.settings import BankSettings

TITLE = "消费者权益保护工作汇总表"
TOTAL = "合　计"
WHOLE = "齐"
_COMPLAINTS = "消费投诉（件）"
_ACTIVITIES = "其他工作"
_PLACE_WIDTH, _NAME_WIDTH, _SENT_WIDTH, _COUNT_WIDTH, _RATE_WIDTH = 10.0, 56.0, 30.0, 14.0, 17.0
_BESIDE = 4
"""Up to so many other ledgers stand beside the complaints; more of them have a table of their own."""
_RATE_DIGITS = 2
_COMPLAINT_COLUMNS = 8


@dataclass(frozen=True)
class Complaints:
    """The complaints of one bank.

    Attributes:
        received: how many came in.
        received_closed: of these, how many have ended.
        closed: how many ended in the period, whenever they came in.
        in_time: of these, how many within the limit.
        followed_up: of these, how many were asked and answered.
        satisfied: of these, how many were satisfied.
        per_10k: received per ten thousand personal customers; None without their number.
    """

    received: int
    received_closed: int
    closed: int
    in_time: int
    followed_up: int = 0
    satisfied: int = 0
    per_10k: Fraction | None = None

    @property
    def closed_rate(self) -> Fraction | None:
        """办结率: of those that came in."""
        return share(self.received_closed, self.received)

    @property
    def in_time_rate(self) -> Fraction | None:
        """及时率: of those that ended."""
        return share(self.in_time, self.closed)

    @property
    def satisfaction_rate(self) -> Fraction | None:
        """满意率: of valid follow-ups."""
        return share(self.satisfied, self.followed_up)

    @property
    def parts(self) -> tuple[int | Fraction | None, ...]:
        """The cells of the table but the last, shares as such."""
        counts = (self.received, self.received_closed, self.closed_rate, self.closed, self.in_time, self.in_time_rate)
        return (*counts, self.satisfaction_rate)


@dataclass(frozen=True)
class Line:
    """One bank.

    Attributes:
        name: of the bank, or of all.
        sent: what is missing of what it was to send, in Chinese; 齐 for nothing.
        complaints: None when nothing was sent for the period.
        counts: records of each other ledger; None when nothing was sent.
    """

    name: str
    sent: str
    complaints: Complaints | None
    counts: tuple[int | None, ...]


@dataclass(frozen=True)
class ConsolidatedInput:
    """Everything the table is made from.

    Attributes:
        settings: of the bank that consolidates.
        period: the period counted.
        as_of: day of view.
        ledgers: (name, measure word) of the other ledgers that have records.
        lines: one a bank, the own first.
        total: all together.
        signed_on: day of filling in.
    """

    settings: BankSettings
    period: Period
    as_of: date
    ledgers: Sequence[tuple[str, str]]
    lines: Sequence[Line]
    total: Line
    signed_on: date

    @property
    def with_customers(self) -> bool:
        """Whether any bank told its number of personal customers."""
        return any(line.complaints is not None and line.complaints.per_10k is not None for line in self.lines)


def build(data: ConsolidatedInput) -> Document:
    """The table as wide pages."""
    settings = data.settings
    people = (("制表", settings.preparer), ("审核", settings.reviewer), ("负责人", settings.responsible))
    signers = [f"{label}：{name}" for label, name in people]
    return Document(
        title=(TITLE,),
        blocks=(*_tables(data), Note(_note(data))),
        page_numbers=True,
        numbers_from=2,
        layout=Layout.LANDSCAPE,
        subtitle=f"（{data.period.title}）",
        head_line=HeadLine(
            f"填报机构：{settings.printed_name}", f"统计期间：{chinese_days(data.period)}", f"机构：{len(data.lines)}家"
        ),
        foot_line=SignatureLine((*signers, f"填报日期：{chinese_date(data.signed_on)}")),
    )


def sheet(data: ConsolidatedInput) -> Sheet:
    """The same for Excel."""
    columns = (
        SheetColumn("序号", 6),
        SheetColumn("机构", 34),
        SheetColumn("报送情况", 22),
        *(SheetColumn(name, 12, CellKind.INTEGER) for name in ("收到投诉", "其中办结")),
        SheetColumn("办结率(%)", 11, CellKind.DECIMAL),
        *(SheetColumn(name, 12, CellKind.INTEGER) for name in ("本期办结", "期限内")),
        SheetColumn("及时率(%)", 11, CellKind.DECIMAL),
        SheetColumn("满意率(%)", 11, CellKind.DECIMAL),
        *((SheetColumn("每万客户投诉(件)", 16, CellKind.DECIMAL),) if data.with_customers else ()),
        *(SheetColumn(f"{name}（{unit}）", 13, CellKind.INTEGER) for name, unit in data.ledgers),
    )
    rows = [(str(place), *_cells(data, line)) for place, line in enumerate(data.lines, start=1)]
    return Sheet(
        name="汇总表",
        title=f"{TITLE}（{data.period.title}）",
        columns=columns,
        rows=(*rows, ("", *_cells(data, data.total))),
        head_line=f"填报机构：{data.settings.printed_name}　　统计期间：{chinese_days(data.period)}",
        totals=1,
        notes=(_note(data),),
    )


def _tables(data: ConsolidatedInput) -> tuple[Block, ...]:
    together = len(data.ledgers) <= _BESIDE
    complaints, activities = _complaint_columns(data), _activity_columns(data)
    first = _table(data, (*complaints, *activities) if together else complaints, together=together)
    if together:
        return (first,)
    rows = [(*_head(data, line), *_counts(line)) for line in (*data.lines, data.total)]
    return (first, Table((*_name_columns(), *activities), tuple(rows), total=True, style=TableStyle.LEDGER))


def _table(data: ConsolidatedInput, columns: Sequence[Column], *, together: bool) -> Table:
    rows = [
        (*_head(data, line), *_texts(data, line), *(_counts(line) if together else ()))
        for line in (*data.lines, data.total)
    ]
    return Table((*_name_columns(), *columns), tuple(rows), total=True, style=TableStyle.LEDGER)


def _name_columns() -> tuple[Column, ...]:
    sent = Column("报送情况", _SENT_WIDTH, ColumnKind.CENTER)
    return (Column("序号", _PLACE_WIDTH, ColumnKind.CENTER), Column("机构", _NAME_WIDTH), sent)


def _complaint_columns(data: ConsolidatedInput) -> tuple[Column, ...]:
    number, group = ColumnKind.NUMBER, _COMPLAINTS
    columns = (
        Column("收到", _COUNT_WIDTH, number, group),
        Column("其中\n办结", _COUNT_WIDTH, number, group),
        Column("办结率\n(%)", _RATE_WIDTH, number, group),
        Column("本期\n办结", _COUNT_WIDTH, number, group),
        Column("期限内", _COUNT_WIDTH, number, group),
        Column("及时率\n(%)", _RATE_WIDTH, number, group),
        Column("满意率\n(%)", _RATE_WIDTH, number, group),
        Column("每万客\n户投诉", _RATE_WIDTH, number, group),
    )
    return columns[: _shown_columns(data)]


def _activity_columns(data: ConsolidatedInput) -> tuple[Column, ...]:
    return tuple(
        Column(f"{name}\n（{unit}）", _COUNT_WIDTH + 2, ColumnKind.NUMBER, _ACTIVITIES) for name, unit in data.ledgers
    )


def _shown_columns(data: ConsolidatedInput) -> int:
    return _COMPLAINT_COLUMNS if data.with_customers else _COMPLAINT_COLUMNS - 1


def _head(data: ConsolidatedInput, line: Line) -> tuple[str, str, str]:
    place = "" if line is data.total else str(list(data.lines).index(line) + 1)
    return place, line.name, line.sent


def _texts(data: ConsolidatedInput, line: Line) -> tuple[str, ...]:
    """The complaints of a bank on paper."""
    shown = _shown_columns(data)
    if line.complaints is None:
        return (NO_BASE,) * shown
    digits = int(data.settings.percent_digits)
    texts = [str(one) if isinstance(one, int) else percent(one, digits) for one in line.complaints.parts]
    per_10k = line.complaints.per_10k
    customers = NO_BASE if per_10k is None else str(round_half_up(per_10k, _RATE_DIGITS))
    return (*texts, customers)[:shown]


def _counts(line: Line) -> tuple[str, ...]:
    return tuple(NO_BASE if count is None else str(count) for count in line.counts)


def _cells(data: ConsolidatedInput, line: Line) -> tuple[Cell, ...]:
    """A bank in Excel; what is not known is empty."""
    shown = _shown_columns(data)
    found: tuple[Cell, ...] = (None,) * shown
    if line.complaints is not None:
        digits = int(data.settings.percent_digits)
        parts, per_10k = line.complaints.parts, line.complaints.per_10k
        rates: list[Cell] = [round_half_up(one * 100, digits) if isinstance(one, Fraction) else one for one in parts]
        found = (*rates, None if per_10k is None else round_half_up(per_10k, _RATE_DIGITS))[:shown]
    return (line.name, line.sent, *found, *line.counts)


def _note(data: ConsolidatedInput) -> str:
    customers = "每万客户投诉=收到件数÷个人客户数×10000，没有客户数的机构为“—”；" if data.with_customers else ""
    return (
        f"注：数据截至{chinese_date(data.as_of)}，由各机构的报送包汇总；“—”为{NOT_SENT}或没有基数，不是0；"
        f"合计只含已报送的，{NOT_SENT}月份的投诉后来办结了，也计入合计的办结。办结率=收到的投诉中已办结的件数÷收到件数；"
        "及时率=本期办结的投诉中期限内办结的件数÷本期办结件数；满意率=有效回访中满意的件数÷有效回访件数；"
        f"{customers}报送情况以投诉为准，其他工作另缺的写明。"
    )
