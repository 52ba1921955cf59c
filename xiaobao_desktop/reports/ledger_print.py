"""台账: the records of a ledger in a period as a wide table, for paper and for Excel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from xiaobao_desktop.domain.period import Period, chinese_date, chinese_days
from xiaobao_desktop.reports.document import (
    Column,
    ColumnKind,
    Document,
    HeadLine,
    Layout,
    SignatureLine,
    Table,
    TableStyle,
)
from xiaobao_desktop.reports.sheets import Cell, Sheet, SheetColumn
from xiaobao_desktop.settings import BankSettings


@dataclass(frozen=True)
class PrintedColumn:
    """A column on paper: head, width as a proportion, whether its cells are centred."""

    title: str
    width: float
    centred: bool


@dataclass(frozen=True)
class LedgerInput:
    """Everything a ledger print is made from.

    Attributes:
        settings: the bank's names.
        name: of the ledger, e.g. 消费投诉台账.
        unit: measure word of its records.
        period: the period whose records are listed.
        dated: how the period was meant, e.g. 按收到日期; "" for a list without days.
        columns: on paper, without the running number.
        rows: texts on paper, one for each column, personal data masked.
        sheet_columns: of the Excel sheet, without the running number.
        sheet_rows: typed cells for Excel.
        printed_at: when and by whom, for the mark at the foot.
        printed_by: who prints.
        purpose: what for.
        masked: something on it is masked.
    """

    settings: BankSettings
    name: str
    unit: str
    period: Period
    dated: str
    columns: Sequence[PrintedColumn]
    rows: Sequence[tuple[str, ...]]
    sheet_columns: Sequence[SheetColumn]
    sheet_rows: Sequence[tuple[Cell, ...]]
    printed_at: datetime
    printed_by: str
    purpose: str
    masked: bool


def build(data: LedgerInput) -> Document:
    """The ledger as wide pages; a ledger without records says so in one row."""
    columns = (
        Column("序号", 9, ColumnKind.CENTER),
        *(
            Column(item.title, item.width, ColumnKind.CENTER if item.centred else ColumnKind.TEXT)
            for item in data.columns
        ),
    )
    rows = [(str(number), *row) for number, row in enumerate(data.rows, start=1)]
    if not rows:
        rows = [("", "本期没有记录", *[""] * (len(columns) - 2))]
    settings = data.settings
    people = (("制表", settings.preparer), ("审核", settings.reviewer), ("负责人", settings.responsible))
    return Document(
        title=(data.name,),
        blocks=(Table(columns, tuple(rows), style=TableStyle.LEDGER),),
        layout=Layout.LANDSCAPE,
        head_line=HeadLine(f"填报机构：{settings.printed_name}", _period_words(data), f"共{len(data.rows)}{data.unit}"),
        foot_line=SignatureLine(tuple(f"{label}：{name}" for label, name in people)),
        print_mark=_mark(data),
    )


def sheet(data: LedgerInput) -> Sheet:
    """The ledger as an Excel sheet: every column of the list, masked as on paper."""
    head = (f"填报机构：{data.settings.printed_name}", _period_words(data), f"共{len(data.sheet_rows)}{data.unit}")
    return Sheet(
        name=data.name,
        title=data.name,
        columns=(SheetColumn("序号", 6), *data.sheet_columns),
        rows=tuple((str(number), *row) for number, row in enumerate(data.sheet_rows, start=1)),
        head_line="　　".join(head),
        notes=(_mark(data),),
    )


def _period_words(data: LedgerInput) -> str:
    if not data.dated:
        return f"截至：{chinese_date(data.printed_at.date())}"
    return f"期间：{chinese_days(data.period)}（{data.dated}）"


def _mark(data: LedgerInput) -> str:
    moment = data.printed_at
    when = f"{chinese_date(moment.date())}{moment.hour}时{moment.minute:02d}分"
    masked = "　个人信息已遮蔽" if data.masked else ""
    return f"内部资料{masked}　打印：{data.printed_by}　{when}　用途：{data.purpose}"
