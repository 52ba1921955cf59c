"""What stands before the papers of an archived case: 封面 and 卷内目录 (PAPER §4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from xiaobao_desktop.reports.document import Document, Layout
from xiaobao_desktop.reports.forms import CellKind, CoverSheet, FormCell, FormGrid, FormRow, FormSheet

COVER_TITLE, INDEX_TITLE = "消费投诉案卷", "卷 内 目 录"
ROWS = 20
"""Rows of a sheet of the index."""
_COLUMNS = (14.0, 26.0, 25.0, 52.0, 20.0, 15.0, 14.0)
_HEADS = ("顺序号", "文号", "责任者", "题名", "日期", "页号", "备注")
_HEAD, _ROW = 27.0, 27.5
_FACTS, _COUNTS = (30.0, 106.0), (20.0, 25.0, 20.0, 25.0, 24.0, 22.0)
LABEL, CENTER = CellKind.LABEL, CellKind.CENTER


@dataclass(frozen=True)
class Entry:
    """A line of the index.

    Attributes:
        title: 题名.
        responsible: 责任者.
        day: when it was made, None when unknown.
        first: its first page, 0 when it is kept apart.
        last: its last page.
        number: 文号.
        remark: 备注.
    """

    title: str
    responsible: str
    day: date | None
    first: int = 0
    last: int = 0
    number: str = ""
    remark: str = ""

    @property
    def pages(self) -> str:
        """Its pages as printed: 3, 1—2, "" when it is kept apart."""
        if not self.first:
            return ""
        return str(self.first) if self.first == self.last else f"{self.first}—{self.last}"


@dataclass(frozen=True)
class Archive:
    """What cover and index say besides the entries; texts as printed."""

    bank: str
    title: str
    number: str
    category: str
    span: str
    department: str
    year: str
    archive_number: str
    retention: str
    keeper: str
    day: str


def front(archive: Archive, entries: Sequence[Entry]) -> Document:
    """Cover and index as one document."""
    pages = max((entry.last for entry in entries), default=0)
    return Document(
        (COVER_TITLE,), (), layout=Layout.FORM, sheets=(_cover(archive, len(entries), pages), *_index(archive, entries))
    )


def _cover(archive: Archive, count: int, pages: int) -> CoverSheet:
    facts = (
        ("案卷题名", archive.title),
        ("投诉编号", archive.number),
        ("业务类别", archive.category),
        ("起止日期", archive.span),
        ("承办部门", archive.department),
    )
    rows = tuple(
        FormRow((FormCell(label, LABEL), FormCell(text)), 48.0 if place == 0 else 30.0)
        for place, (label, text) in enumerate(facts)
    )
    counts = (
        (("件　数", f"{count}件"), ("页　数", f"{pages}页"), ("保管期限", archive.retention)),
        (("年　度", archive.year), ("案卷号", ""), ("密　级", "内部")),
    )
    cells = tuple(
        FormRow(tuple(cell for label, text in row for cell in (FormCell(label, LABEL), FormCell(text, CENTER))), 30.0)
        for row in counts
    )
    keeper = f"立卷人：{archive.keeper}　　立卷日期：{archive.day}"
    number = f"档号：{archive.archive_number or '_' * 18}"
    return CoverSheet(
        archive.bank, COVER_TITLE, FormGrid(_FACTS, rows, size=12.0), FormGrid(_COUNTS, cells), (number, keeper)
    )


def _index(archive: Archive, entries: Sequence[Entry]) -> list[FormSheet]:
    pages = max((entry.last for entry in entries), default=0)
    sheets = []
    for start in range(0, max(len(entries), 1), ROWS):
        part = entries[start : start + ROWS]
        lines = [_line(start + place, entry) for place, entry in enumerate(part, start=1)]
        empty = FormRow(tuple(FormCell() for _head in _HEADS), _ROW)
        rows = (FormRow(tuple(FormCell(head, LABEL) for head in _HEADS), _HEAD), *lines)
        rows += (empty,) * (ROWS - len(part))
        last = start + ROWS >= len(entries)
        note = f"说明：{'以下空白。' if len(part) < ROWS else ''}本卷共{len(entries)}件{pages}页，由立卷人核对无误。"
        sheets.append(
            FormSheet(
                INDEX_TITLE,
                (FormGrid(_COLUMNS, rows, size=10.0),),
                over=f"案卷题名：{archive.title}",
                left=f"投诉编号：{archive.number}",
                right=f"档号：{archive.archive_number}" if archive.archive_number else "",
                note=note if last else "",
            )
        )
    return sheets


def _line(number: int, entry: Entry) -> FormRow:
    day = f"{entry.day:%Y%m%d}" if entry.day else ""
    cells = (
        FormCell(str(number), CENTER),
        FormCell(entry.number, CENTER),
        FormCell(entry.responsible, CENTER),
        FormCell(entry.title),
        FormCell(day, CENTER),
        FormCell(entry.pages, CENTER),
        FormCell(entry.remark, CENTER),
    )
    return FormRow(cells, _ROW)
