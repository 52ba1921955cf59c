"""自查底稿: the items of a run with verdict, evidence and finding as a wide table, to be signed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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

_NOT_CHECKED = "未检查"


@dataclass(frozen=True)
class SheetItem:
    """An item as printed; ``result`` holds evidence and finding as finished lines."""

    number: str
    title: str
    text: str
    verdict: str
    drawn: str
    result: str


@dataclass(frozen=True)
class InspectionSheetInput:
    """Everything on the sheet, as finished texts.

    Attributes:
        title: name of the inspection.
        bank: printed name.
        number: of the record.
        days: when it was done.
        about: what it follows, where it was done; left out when empty.
        summary: numbers and score in one sentence.
        sections: name of each section with its items.
        people: pairs of label and names for the foot.
        mark: for whom and when it was printed.
    """

    title: str
    bank: str
    number: str
    days: str
    about: Sequence[str]
    summary: str
    sections: Sequence[tuple[str, Sequence[SheetItem]]]
    people: Sequence[tuple[str, str]]
    mark: str


def build(data: InspectionSheetInput) -> Document:
    """The sheet as wide pages; each section is headed by a line of its own."""
    columns = (
        Column("序号", 11, ColumnKind.CENTER),
        Column("检查项", 34),
        Column("要求", 64),
        Column("结论", 18, ColumnKind.CENTER),
        Column("抽查/\n不合格", 18, ColumnKind.CENTER),
        Column("证据和发现的问题", 100),
    )
    rows: list[tuple[str, ...]] = []
    heavy = []
    for place, (name, items) in enumerate(data.sections, start=1):
        heavy.append(len(rows))
        rows.append((str(place), name, "", "", "", ""))
        rows += [
            (item.number, item.title, item.text, item.verdict or _NOT_CHECKED, item.drawn, item.result)
            for item in items
        ]
    notes = tuple(Note(words) for words in (*data.about, data.summary) if words)
    return Document(
        title=(f"{data.title}底稿",),
        blocks=(Table(columns, tuple(rows), style=TableStyle.LEDGER, heavy_rows=tuple(heavy)), *notes),
        layout=Layout.LANDSCAPE,
        head_line=HeadLine(f"填报机构：{data.bank}", data.days, f"编号：{data.number}"),
        foot_line=SignatureLine(tuple(f"{label}：{names}" for label, names in data.people)),
        print_mark=data.mark,
    )
