"""宣传教育活动情况表 with its photos (no official form exists)."""

from __future__ import annotations

from dataclasses import dataclass

from xiaobao_desktop.reports.document import Document, Layout
from xiaobao_desktop.reports.forms import Box, CellKind, FormCell, FormGrid, FormRow, FormSheet, Photo, PhotoGrid

TITLE, PHOTO_TITLE = "金融知识宣传教育活动情况表", "宣传教育活动现场照片"
MOST_PHOTOS = 6
_COLUMNS = (24.0, 25.8, 34.4, 25.8, 28.0, 28.0)
_ROW, _CONTENT, _HIGHLIGHTS = 29.0, 160.0, 92.0
_NOTE = "注：宣传教育活动不得变相营销产品；数字与签到表、资料领用单、后台截图一致。"
LABEL, CENTER, TEXT = CellKind.LABEL, CellKind.CENTER, CellKind.TEXT


@dataclass(frozen=True)
class OutreachSheetInput:
    """Everything on the sheet, as finished texts; "" leaves the room empty.

    Attributes:
        counters: eight pairs of label and number with its measure word, in the order of the form.
        attachments: what is attached, in words.
        photos: at most six are printed.
    """

    number: str
    branch: str
    name: str
    time: str
    day: str
    place: str
    topic: str
    campaigns: tuple[Box, ...]
    forms: tuple[Box, ...]
    venues: tuple[Box, ...]
    groups: tuple[Box, ...]
    counters: tuple[tuple[str, str], ...]
    content: str
    highlights: str
    attachments: str
    photos: tuple[Photo, ...] = ()


def build(data: OutreachSheetInput) -> Document:
    """The sheet, and a sheet of photos when there are any."""
    number = f"编号：{data.number}"
    sheets = [
        FormSheet(TITLE, (_grid(data),), left=f"填报机构：{data.branch}", right=number, note=_NOTE),
    ]
    if data.photos:
        where = "　".join(text for text in (f"活动：{data.name}", data.day, data.place) if text)
        grid = PhotoGrid(data.photos[:MOST_PHOTOS])
        sheets.append(FormSheet(PHOTO_TITLE, (grid,), left=where, right=number))
    return Document((TITLE,), (), layout=Layout.FORM, sheets=tuple(sheets))


def _grid(data: OutreachSheetInput) -> FormGrid:
    rows = [
        _wide("活动名称", FormCell(data.name, columns=5)),
        _wide("所属专项", FormCell(columns=5, boxes=data.campaigns)),
        FormRow(
            (_label("活动时间"), FormCell(data.time, columns=2), _label("活动地点"), FormCell(data.place, columns=2)),
            _ROW,
        ),
        _wide("活动形式", FormCell(columns=5, boxes=data.forms)),
        _wide("进入场所", FormCell(columns=5, boxes=data.venues)),
        _wide("宣传主题", FormCell(data.topic, columns=5)),
        _wide("重点人群", FormCell(columns=5, boxes=data.groups)),
        *_counters(data.counters),
        _wide("活动内容", FormCell(data.content, TEXT, columns=5), _CONTENT),
        _wide("亮点与问题", FormCell(data.highlights, TEXT, columns=5), _HIGHLIGHTS),
        _wide("附　　件", FormCell(data.attachments, columns=5)),
        FormRow(
            (
                _label("填报人"),
                FormCell(),
                _label("机构负责人"),
                FormCell(),
                _label("填报日期"),
                FormCell("年　　月　　日", CENTER),
            ),
            _ROW,
        ),
    ]
    return FormGrid(_COLUMNS, tuple(rows))


def _wide(label: str, cell: FormCell, height: float = _ROW) -> FormRow:
    return FormRow((_label(label), cell), height)


def _counters(pairs: tuple[tuple[str, str], ...]) -> list[FormRow]:
    """Two counters a row beside the upright words 活动成效."""
    rows = []
    lines = [pairs[place : place + 2] for place in range(0, len(pairs), 2)]
    for number, line in enumerate(lines):
        cells = [FormCell("活动成效", LABEL, rows=len(lines), vertical=True)] if number == 0 else []
        for place, (label, value) in enumerate(line):
            cells += [_label(label), FormCell(value, CENTER, columns=1 + place)]
        rows.append(FormRow(tuple(cells), _ROW))
    return rows


def _label(text: str) -> FormCell:
    return FormCell(text, LABEL)
