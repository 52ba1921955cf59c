"""汇总表: the work of a period bank by bank, for paper and for Excel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from xiaobao_desktop.domain.numbers import NO_BASE, percent, round_half_up, share
from xiaobao_desktop.domain.period import Period, chinese_date, chinese_days
from xiaobao_desktop.reports.document import (
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
_COMPLAINTS = "消费投诉（件）"
_ACTIVITIES = "其他工作"
_NAME_WIDTH, _COUNT_WIDTH, _RATE_WIDTH = 62.0, 17.0, 20.0


@dataclass(frozen=True)
class Line:
    """One bank.

    Attributes:
        name: of the bank, or of all.
        received: complaints that came in.
        received_closed: of these, how many have ended.
        closed: complaints that ended in the period, whenever they came in.
        in_time: of these, how many within the limit.
        counts: records of each other ledger.
    """

    name: str
    received: int
    received_closed: int
    closed: int
    in_time: int
    counts: tuple[int, ...]

    @property
    def closed_rate(self) -> Fraction | None:
        """办结率: of those that came in."""
        return share(self.received_closed, self.received)

    @property
    def in_time_rate(self) -> Fraction | None:
        """及时率: of those that ended."""
        return share(self.in_time, self.closed)


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


def build(data: ConsolidatedInput) -> Document:
    """The table as wide pages."""
    settings = data.settings
    people = (("制表", settings.preparer), ("审核", settings.reviewer), ("负责人", settings.responsible))
    signers = [f"{label}：{name}" for label, name in people]
    return Document(
        title=(TITLE,),
        blocks=(_table(data), Note(_note(data))),
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
    digits = int(data.settings.percent_digits)
    columns = (
        SheetColumn("序号", 6),
        SheetColumn("机构", 34),
        *(SheetColumn(name, 12, CellKind.INTEGER) for name in ("收到投诉", "其中办结")),
        SheetColumn("办结率(%)", 11, CellKind.DECIMAL),
        *(SheetColumn(name, 12, CellKind.INTEGER) for name in ("本期办结", "期限内")),
        SheetColumn("及时率(%)", 11, CellKind.DECIMAL),
        *(SheetColumn(f"{name}（{unit}）", 13, CellKind.INTEGER) for name, unit in data.ledgers),
    )
    rows = [(str(place), *_cells(line, digits)) for place, line in enumerate(data.lines, start=1)]
    return Sheet(
        name="汇总表",
        title=f"{TITLE}（{data.period.title}）",
        columns=columns,
        rows=(*rows, ("", *_cells(data.total, digits))),
        head_line=f"填报机构：{data.settings.printed_name}　　统计期间：{chinese_days(data.period)}",
        totals=1,
        notes=(_note(data),),
    )


def _table(data: ConsolidatedInput) -> Table:
    digits = int(data.settings.percent_digits)
    number = ColumnKind.NUMBER
    columns = (
        Column("序号", 10, ColumnKind.CENTER),
        Column("机构", _NAME_WIDTH),
        Column("收到", _COUNT_WIDTH, number, _COMPLAINTS),
        Column("其中\n办结", _COUNT_WIDTH, number, _COMPLAINTS),
        Column("办结率\n(%)", _RATE_WIDTH, number, _COMPLAINTS),
        Column("本期\n办结", _COUNT_WIDTH, number, _COMPLAINTS),
        Column("期限内", _COUNT_WIDTH, number, _COMPLAINTS),
        Column("及时率\n(%)", _RATE_WIDTH, number, _COMPLAINTS),
        *(Column(f"{name}\n（{unit}）", _COUNT_WIDTH, number, _ACTIVITIES) for name, unit in data.ledgers),
    )
    rows = [(str(place), *_texts(line, digits)) for place, line in enumerate(data.lines, start=1)]
    return Table(columns, (*rows, ("", *_texts(data.total, digits))), total=True, style=TableStyle.LEDGER)


def _texts(line: Line, digits: int) -> tuple[str, ...]:
    return (
        line.name,
        str(line.received),
        str(line.received_closed),
        percent(line.closed_rate, digits) if line.closed_rate is not None else NO_BASE,
        str(line.closed),
        str(line.in_time),
        percent(line.in_time_rate, digits) if line.in_time_rate is not None else NO_BASE,
        *map(str, line.counts),
    )


def _cells(line: Line, digits: int) -> tuple[Cell, ...]:
    rates = (line.closed_rate, line.in_time_rate)
    closed_rate, in_time_rate = (None if one is None else round_half_up(one * 100, digits) for one in rates)
    return (
        line.name,
        line.received,
        line.received_closed,
        closed_rate,
        line.closed,
        line.in_time,
        in_time_rate,
        *line.counts,
    )


def _note(data: ConsolidatedInput) -> str:
    return (
        f"注：数据截至{chinese_date(data.as_of)}，由各机构的报送包汇总。办结率=收到的投诉中已办结的件数÷收到件数；"
        "及时率=本期办结的投诉中期限内办结的件数÷本期办结件数。"
    )
