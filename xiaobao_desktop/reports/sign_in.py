"""培训签到表: the sheet that people sign, empty or with the names of those invited (no official form exists)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xiaobao_desktop.reports.document import Document, Layout
from xiaobao_desktop.reports.forms import Box, CellKind, FormCell, FormGrid, FormRow, FormSheet

TITLE = "消费者权益保护培训签到表"
ROWS = 20
"""Rows of a sheet; two people stand beside each other."""
_HEAD_COLUMNS = (24.0, 44.0, 22.0, 24.0, 23.5, 28.5)
_BLANK_HALF, _NAMED_HALF = (8.5, 27.0, 19.0, 28.5), (8.5, 16.5, 23.8, 15.5, 18.7)
_BLANK_TITLES, _NAMED_TITLES = (
    ("序号", "部门（网点）", "岗位", "签名"),
    ("序号", "姓名", "部门（网点）", "岗位", "签名"),
)
_TOPIC_LINE, _LINE = 36, 12.2
_HEAD_HEIGHT, _TITLE_HEIGHT, _ROW_HEIGHT, _GAP = 21.8, 19.0, 26.6, 5.0
_NOTE = "注：由本人签名，不得代签；线上培训以系统导出的签到记录代替，打印后附于本表之后。"
LABEL, CENTER = CellKind.LABEL, CellKind.CENTER


@dataclass(frozen=True)
class Signer:
    """Someone on the sheet; ``remark`` stands where she would sign (未到), "" leaves the room for it."""

    name: str
    unit: str
    post: str
    remark: str = ""


@dataclass(frozen=True)
class SignInInput:
    """Everything on the sheet, as finished texts; "" leaves the room empty.

    Attributes:
        groups: the groups to tick.
        signers: those invited, in order; none makes an empty sheet.
        expected: how many are expected, for the number of empty sheets.
    """

    number: str
    department: str
    topic: str
    time: str
    place: str
    lecturer: str
    hours: str
    groups: tuple[Box, ...]
    expected: int = 0
    attended: str = ""
    signers: Sequence[Signer] = ()


def build(data: SignInInput) -> Document:
    """The sheets, each with its head; 40 people a sheet."""
    people = len(data.signers) or data.expected
    count = max(1, -(-people // (2 * ROWS)))
    sheets = tuple(
        FormSheet(
            TITLE,
            (_head(data), _people(data, sheet * 2 * ROWS)),
            left=f"主办部门：{data.department}",
            right=f"编号：{data.number}",
            foot=("记录人：", "审核人："),
            note=_NOTE,
        )
        for sheet in range(count)
    )
    return Document((TITLE,), (), layout=Layout.FORM, sheets=sheets)


def _head(data: SignInInput) -> FormGrid:
    rows = (
        (_label("培训主题"), FormCell(data.topic, columns=5)),
        (_label("培训时间"), FormCell(data.time, columns=2), _label("培训地点"), FormCell(data.place, columns=2)),
        (
            _label("主 讲 人"),
            FormCell(data.lecturer),
            _label("学　　时"),
            FormCell(data.hours),
            _label("应到人数"),
            FormCell(str(data.expected) if data.expected else "", CENTER),
        ),
        (
            _label("培训对象"),
            FormCell(columns=3, boxes=data.groups),
            _label("实到人数"),
            FormCell(data.attended, CENTER),
        ),
    )
    return FormGrid(_HEAD_COLUMNS, tuple(FormRow(cells, _HEAD_HEIGHT) for cells in rows))


def _people(data: SignInInput, first: int) -> FormGrid:
    named = bool(data.signers)
    half, titles = (_NAMED_HALF, _NAMED_TITLES) if named else (_BLANK_HALF, _BLANK_TITLES)
    rows = [FormRow(tuple(_label(title) for title in (*titles, *titles)), _TITLE_HEIGHT)]
    # A topic of many lines takes its room from the rows below, so that a sheet stays one page.
    more = max(0, -(-len(data.topic) // _TOPIC_LINE) - 2)
    height = _ROW_HEIGHT - more * _LINE / ROWS
    for line in range(ROWS):
        cells = tuple(
            cell
            for column in range(2)
            for cell in _person(data.signers, first + column * ROWS + line, named=named, width=len(half))
        )
        rows.append(FormRow(cells, height))
    return FormGrid((*half, *half), tuple(rows), gap=_GAP)


def _person(signers: Sequence[Signer], place: int, *, named: bool, width: int) -> tuple[FormCell, ...]:
    number = FormCell(str(place + 1), CENTER)
    if not named or place >= len(signers):
        return (number, *(FormCell() for _cell in range(width - 1)))
    who = signers[place]
    texts = (who.name, who.unit, who.post, who.remark)
    return (number, *(FormCell(text, CENTER) for text in texts))


def _label(text: str) -> FormCell:
    return FormCell(text, LABEL)
