"""消费投诉登记处理单: one sheet a case, with the lines to be signed (FACTS §4.1, PAPER §6; no official form exists).

A text too long for the sheet is cut there and stands whole on a second sheet (附页).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil

from xiaobao_desktop.reports.case_facts import CaseFacts, Extension, Node
from xiaobao_desktop.reports.cjk_text import wrap_cell
from xiaobao_desktop.reports.document import Document, Layout
from xiaobao_desktop.reports.forms import FORM_WIDTH, Box, CellKind, FormCell, FormGrid, FormRow, FormSheet
from xiaobao_desktop.reports.pdf_fonts import Role, role_font
from xiaobao_desktop.reports.typeset_forms import DENSE_LEADING, DENSE_PADDING, SHEET_ROOM, grid_marks

TITLE, REST_TITLE = "消费投诉登记处理单", "消费投诉登记处理单（附页）"
_SIZE, _GROUP, _LABEL = 10.0, 8.0, 22.0
_COLUMNS = (_LABEL, 39.0, 18.6, 30.0, 16.4, 32.0)
_MARKED = (_LABEL, 41.0, 18.6, 34.0, 16.4, 26.0)
_ROW, _TALL, _THIN, _SIGN, _LOW_SIGN = 19.0, 32.0, 17.0, 92.0, 66.0
_SPARE = 6.0
"""Points left free on the sheet: Word sets its lines a little wider."""
_TEXT_WIDTH = FORM_WIDTH - _GROUP - _LABEL - 2 * 1.3
_MM = 72.0 / 25.4
_CUT = "……（全文见附页）"
_NOTE = (
    "填表说明：1.收到当日为第0日，按自然日计算；延期须在期限届满前批准并告知投诉人，暂停期间不计入期限。\n"
    "　　　　　2.本单一案一份，随卷归档；单上有投诉人姓名和电话，供行内办理使用，注意保管。"
)
_DASH = "—"
LABEL, CENTER, TEXT = CellKind.LABEL, CellKind.CENTER, CellKind.TEXT
Placed = tuple[float, FormCell]
"""A cell with its width in millimetres."""


@dataclass(frozen=True)
class _Long:
    """A long text of the sheet: its label, the text, how many lines it has there at least."""

    label: str
    text: str
    least: int


def build(facts: CaseFacts) -> Document:
    """The sheet, and the sheet with the rest when a text is too long for it."""
    grid, rest = _one_sheet(facts)
    left = f"登记机构：{facts.short_name}{facts.department_in_charge}"
    right = f"编号：{facts.number}"
    sheets = [FormSheet(TITLE, (grid,), left=left, right=right, note=_NOTE)]
    if rest:
        rows = tuple(FormRow((_label(item.label), FormCell(item.text, TEXT)), 40.0) for item in rest)
        whole = FormGrid((_LABEL, FORM_WIDTH - _LABEL), rows)
        sheets.append(FormSheet(REST_TITLE, (whole,), left=left, right=right))
    return Document((TITLE,), (), layout=Layout.FORM, sheets=tuple(sheets))


def _long_texts(facts: CaseFacts) -> tuple[_Long, ...]:
    return (
        _Long("投诉内容", facts.content, 3),
        _Long("投诉诉求", facts.request, 1),
        _Long("调查经过\n及证据", facts.inquiry, 3),
        _Long("处理依据", facts.basis, 1),
        _Long("处理结果", facts.decision, 2),
    )


def _one_sheet(facts: CaseFacts) -> tuple[FormGrid, tuple[_Long, ...]]:
    """The grid of the sheet that fits its page, and the texts that go on to the second sheet.

    First the room for opinions becomes lower; then the text with the most lines to spare is cut.
    """
    texts = _long_texts(facts)
    lines = {item.label: max(_line_count(item.text), item.least) for item in texts}
    sign = _SIGN
    while True:
        shown = {item.label: _cut(item.text, lines[item.label]) for item in texts}
        grid = _grid(facts, shown, sign)
        over = grid_marks(grid)[1] - SHEET_ROOM + _SPARE
        longest = max(texts, key=lambda item: lines[item.label] - item.least)
        free = lines[longest.label] - longest.least
        if over <= 0.01 or (free == 0 and sign == _LOW_SIGN):
            return grid, tuple(item for item in texts if shown[item.label] != item.text)
        if sign > _LOW_SIGN:
            sign = max(_LOW_SIGN, sign - over)
        else:
            lines[longest.label] -= min(free, ceil(over / DENSE_LEADING))


def _line_count(text: str) -> int:
    return len(_lines(text))


def _lines(text: str) -> list[str]:
    """The text broken as the sheet breaks it."""
    font = role_font(Role.SONG)
    found: list[str] = []
    for paragraph in text.split("\n"):
        indented = f"　　{paragraph}"
        found += wrap_cell(indented, lambda part: [a * _SIZE for a in font.advances(part)], _TEXT_WIDTH * _MM)
    return found


def _cut(text: str, lines: int) -> str:
    """As much of a text as stands in some lines, with the words that the rest follows."""
    if _line_count(text) <= lines:
        return text
    kept = text[: sum(len(line) for line in _lines(text)[:lines])]
    while kept and _line_count(kept + _CUT) > lines:
        kept = kept[:-1]
    return kept.rstrip() + _CUT


# Rows


def _grid(facts: CaseFacts, shown: dict[str, str], sign: float) -> FormGrid:
    groups: tuple[tuple[str, list[tuple[list[Placed], float]]], ...] = (
        ("登记", [*_intake(facts), *_matter(facts), *_longs(facts, shown, ("投诉内容", "投诉诉求"))]),
        ("办理", _handling(facts, shown)),
        ("时限", _nodes(facts.nodes)),
        ("延期", _extensions(facts)),
        ("意见", _opinions(sign)),
    )
    rows: list[tuple[list[Placed], float]] = []
    for name, group in groups:
        for place, (cells, height) in enumerate(group):
            head = [(_GROUP, FormCell(name, LABEL, rows=len(group), vertical=True))] if place == 0 else []
            rows.append(([*head, *cells], height))
    rows.append(_archive(facts))
    return _spanned(rows)


def _intake(facts: CaseFacts) -> list[tuple[list[Placed], float]]:
    agent = (Box("无", not facts.by_agent), Box(f"有：{facts.agent}", facts.by_agent))
    return [
        _six("收到时间", facts.received_at, "投诉来源", facts.source, "来源文号", facts.source_number or _DASH),
        _six("投诉人", facts.complainant, "联系电话", facts.phone, "投诉人数", facts.people),
        _six("代理人", agent, "委托材料", facts.agent_papers or _DASH, "证件号码", facts.id_number or "未采集"),
        _six("被投诉机构", facts.branch, "被投诉人员", facts.respondent or _DASH, "涉及金额", facts.amount or _DASH),
        _six("业务办理渠道", facts.channel, "业务类别", facts.category, "投诉原因", facts.cause, height=_ROW + 5.0),
    ]


def _matter(facts: CaseFacts) -> list[tuple[list[Placed], float]]:
    repeat = (Box("否", not facts.repeat), Box(f"是，并入：{facts.merged_into}", facts.repeat))
    rights = FormCell(boxes=facts.rights_boxes, box_columns=4)
    return [
        ([(_LABEL, _label("涉及权利")), (_rest(), rights)], _TALL),
        _four(_MARKED, "投诉等级", facts.level_boxes, "重复投诉", repeat, "适用期限", facts.limits),
    ]


def _handling(facts: CaseFacts, shown: dict[str, str]) -> list[tuple[list[Placed], float]]:
    informed = " ".join(text for text in (facts.informed, facts.inform_way) if text)
    wide = (_COLUMNS[0], sum(_COLUMNS[1:4]), _COLUMNS[4], _COLUMNS[5])
    return [
        _six("承办部门", facts.department, "承办人", facts.handler, "回避确认", (Box("无利害关系", facts.recusal),)),
        *_longs(facts, shown, ("调查经过\n及证据", "处理依据", "处理结果")),
        _four(wide, "办结方式", facts.closing_boxes, "退赔金额", facts.compensation or _DASH),
        _six("告知", informed, "告知凭证", facts.inform_proof, "反馈来源", facts.fed_back or _DASH),
        _four(wide, "满意度", facts.satisfaction_boxes, "回访日期", facts.followed_up or _DASH),
        _four(wide, "溯源原因", facts.root_cause, "整改编号", facts.rectification or _DASH),
    ]


def _longs(facts: CaseFacts, shown: dict[str, str], labels: Sequence[str]) -> list[tuple[list[Placed], float]]:
    least = {item.label: item.least * DENSE_LEADING + 2 * DENSE_PADDING for item in _long_texts(facts)}
    return [
        ([(_LABEL, _label(name)), (_rest(), FormCell(shown[name], TEXT, dense=True))], least[name]) for name in labels
    ]


def _nodes(nodes: Sequence[Node]) -> list[tuple[list[Placed], float]]:
    width = _rest() / max(len(nodes), 1)
    lines = (
        ("节点", [_label(node.label) for node in nodes]),
        ("日期", [FormCell(node.day or _DASH, CENTER) for node in nodes]),
        ("自然日", [FormCell(node.nth or _DASH, CENTER) for node in nodes]),
    )
    return [([(_LABEL, _label(name)), *((width, cell) for cell in cells)], _THIN) for name, cells in lines]


def _extensions(facts: CaseFacts) -> list[tuple[list[Placed], float]]:
    def row(item: Extension, last: str, value: str) -> tuple[list[Placed], float]:
        boxes = (Box("未延期", not item.granted), Box("已批准", item.granted))
        cells = (
            (30.0, _label(item.label)),
            (37.0, FormCell(boxes=boxes)),
            (24.5, _label("批准人／日期")),
            (34.0, FormCell(item.approved or _DASH, CENTER)),
            (15.5, _label(last)),
            (17.0, FormCell(value or _DASH, CENTER)),
        )
        return list(cells), _THIN

    rows = [row(item, "告知", item.told) for item in facts.extensions]
    if rows:
        last, _height = rows[-1]
        last[-2:] = [(15.5, _label("暂停")), (17.0, FormCell(facts.paused or "0日", CENTER))]
    return rows


def _opinions(height: float) -> list[tuple[list[Placed], float]]:
    width = (FORM_WIDTH - _GROUP) / 3
    titles = ("承办人意见", "部门负责人意见", "分管领导意见")
    return [
        ([(width, _label(title)) for title in titles], _THIN),
        ([(width, FormCell(kind=TEXT, sign=True)) for _title in titles], height),
    ]


def _archive(facts: CaseFacts) -> tuple[list[Placed], float]:
    cells = (
        (_GROUP + _LABEL, _label("归档号")),
        (_COLUMNS[1], FormCell(facts.archive_number, CENTER)),
        (_COLUMNS[2], _label("卷内页数")),
        (_COLUMNS[3], FormCell("页", CENTER)),
        (_COLUMNS[4], _label("归档日期")),
        (_COLUMNS[5], FormCell(facts.archived, CENTER)),
    )
    return list(cells), _ROW


def _six(*parts: str | tuple[Box, ...], height: float = _ROW) -> tuple[list[Placed], float]:
    """Three pairs of label and value over the six columns."""
    return _four(_COLUMNS, *parts, height=height)


def _four(widths: Sequence[float], *parts: str | tuple[Box, ...], height: float = _ROW) -> tuple[list[Placed], float]:
    """Labels and values in turn over columns of some widths."""
    cells = [
        _label(part) if place % 2 == 0 and isinstance(part, str) else _value(part) for place, part in enumerate(parts)
    ]
    return list(zip(widths, cells, strict=True)), height


def _value(part: str | tuple[Box, ...]) -> FormCell:
    return FormCell(part) if isinstance(part, str) else FormCell(boxes=part)


def _label(text: str) -> FormCell:
    return FormCell(text, LABEL)


def _rest() -> float:
    """Width beside the group and the label."""
    return FORM_WIDTH - _GROUP - _LABEL


def _spanned(rows: Sequence[tuple[list[Placed], float]]) -> FormGrid:
    """Rows with columns of their own as one grid over the edges of all of them."""
    lefts = _lefts(rows)
    edges = sorted({0.0, *(round(edge, 3) for row in lefts for edge in row)})
    place = {edge: number for number, edge in enumerate(edges)}
    made = []
    for (cells, height), row_edges in zip(rows, lefts, strict=True):
        spans = [place[round(end, 3)] - place[round(start, 3)] for start, end in pairwise(row_edges)]
        made.append(
            FormRow(tuple(replace(cell, columns=span) for (_w, cell), span in zip(cells, spans, strict=True)), height)
        )
    return FormGrid(tuple(end - start for start, end in pairwise(edges)), tuple(made), size=_SIZE)


def _lefts(rows: Sequence[tuple[list[Placed], float]]) -> list[list[float]]:
    """The edges of each row from left to right; rows beside a cell that reaches over them begin after it."""
    found = []
    until, width = -1, 0.0
    for number, (cells, _height) in enumerate(rows):
        if cells[0][1].rows > 1:
            until, width = number + cells[0][1].rows - 1, cells[0][0]
            x = 0.0
        else:
            x = width if number <= until else 0.0
        edges = [x]
        for cell_width, _cell in cells:
            x += cell_width
            edges.append(x)
        edges[-1] = FORM_WIDTH
        found.append(edges)
    return found
