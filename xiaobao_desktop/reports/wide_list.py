"""A list on wide pages and the same as an Excel sheet: columns, rows of texts, words above and below."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

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
    Tone,
)
from xiaobao_desktop.reports.sheets import Cell, CellKind, Sheet, SheetColumn
from xiaobao_desktop.settings import BankSettings


@dataclass(frozen=True)
class WideColumn:
    """A column: its head, width in millimetres, whether its texts are centred, kind of its cells in Excel."""

    title: str
    width: float
    centred: bool = True
    kind: CellKind = CellKind.TEXT


@dataclass(frozen=True)
class WideList:
    """A list.

    Attributes:
        settings: the bank's names.
        title: above the list.
        name: of the sheet.
        span: period or day, as the head line says it.
        count: how many, as the head line says it.
        columns: in order.
        rows: cells for Excel; what is printed of a cell is its text, or that of ``texts``.
        texts: printed texts, one for each cell; () where the cells are texts themselves.
        note: below the list.
        strong: numbers of the rows set in 黑体 (totals, what is missing).
        subtitle: below the title, "" for none.
    """

    settings: BankSettings
    title: str
    name: str
    span: str
    count: str
    columns: Sequence[WideColumn]
    rows: Sequence[tuple[Cell, ...]]
    texts: Sequence[tuple[str, ...]] = ()
    note: str = ""
    strong: Collection[int] = field(default_factory=frozenset)
    subtitle: str = ""


def build(data: WideList) -> Document:
    """The list as wide pages."""
    settings = data.settings
    columns = tuple(
        Column(item.title, item.width, ColumnKind.CENTER if item.centred else ColumnKind.TEXT) for item in data.columns
    )
    printed = tuple(data.texts) or tuple(tuple("" if cell is None else str(cell) for cell in row) for row in data.rows)
    tones = tuple(
        (Tone.STRONG if place in data.strong else Tone.PLAIN,) * len(columns) for place in range(len(printed))
    )
    people = (("制表", settings.preparer), ("审核", settings.reviewer), ("负责人", settings.responsible))
    table = Table(columns, printed, style=TableStyle.LEDGER, tones=tones)
    return Document(
        title=(data.title,),
        subtitle=data.subtitle,
        blocks=(table, Note(data.note)) if data.note else (table,),
        layout=Layout.LANDSCAPE,
        head_line=HeadLine(f"填报机构：{settings.printed_name}", data.span, data.count),
        foot_line=SignatureLine(tuple(f"{label}：{name}" for label, name in people)),
    )


def sheet(data: WideList) -> Sheet:
    """The list as an Excel sheet."""
    columns = tuple(
        SheetColumn(item.title.replace("\n", ""), max(8.0, item.width / 2), item.kind, wrap=not item.centred)
        for item in data.columns
    )
    words = (f"填报机构：{data.settings.printed_name}", data.span, data.count)
    return Sheet(
        name=data.name,
        title=f"{data.title}（{data.subtitle}）" if data.subtitle else data.title,
        columns=columns,
        rows=tuple(data.rows),
        head_line="　　".join(word for word in words if word),
        notes=(data.note,) if data.note else (),
    )
