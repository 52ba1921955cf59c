"""复核页: every figure of a report with its formula, reckoning, number of records and check.

It is an internal sheet of its own and never goes out with the report. Order and columns follow the check page of the
printed target.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from xiaobao_desktop.domain.check_figures import Check, CheckFigure, verdict
from xiaobao_desktop.reports.document import (
    Block,
    Column,
    ColumnKind,
    Document,
    Note,
    SignatureLine,
    Table,
    TableStyle,
    Tone,
)

MARKS = {Check.OK: "√", Check.NOTE: "注", Check.WRONG: "×"}
_COLUMNS = (
    Column("序号", 9, ColumnKind.CENTER),
    Column("指标", 27),
    Column("报告值", 23, ColumnKind.CENTER),
    Column("公式（口径）", 36),
    Column("计算", 40),
    Column("记录", 11, ColumnKind.CENTER),
    Column("校验", 10, ColumnKind.CENTER),
)
_EXPLAINED = (
    "占比之和仅供参考，不作调整；省略号表示未舍入的精确值截到四位小数，报告值按精确分数四舍五入；“记录”为数字背后的台账记录条数，"
    "在程序的报表页点数字可打开这些记录；校验“√”为对得上，“注”为对得上但有附注，“×”为对不上。"
    "本页供内部复核，不随报告报出。"
)


@dataclass(frozen=True)
class CheckPageInput:
    """What a check page is made from.

    Attributes:
        title: of the report with its period, e.g. 2026年10月消保工作月报.
        figures: in their order.
        method: 口径 as a sentence part, "" when the report has none.
        made_at: moment of making as printed.
        as_of: last day of the data as printed.
        preparer: who made it.
        reviewer: who checks it.
        day: date at the foot as printed.
        anchor: 核对码, where the history of the book stood when the figures were read.
    """

    title: str
    figures: Sequence[CheckFigure]
    method: str
    made_at: str
    as_of: str
    preparer: str
    reviewer: str
    day: str
    anchor: str


def build(data: CheckPageInput) -> Document:
    """The sheet as a document."""
    method = f"；口径：{data.method}" if data.method else ""
    head = f"生成时间：{data.made_at}；数据截至：{data.as_of}{method}。校验结论：{verdict(data.figures)}。"
    blocks: list[Block] = [Note(head)]
    rows: list[tuple[str, ...]] = []
    tones: list[tuple[Tone, ...]] = []
    number = 0
    for section, members in groupby(data.figures, key=lambda figure: figure.section):
        rows.append(("", section, *("" for _column in _COLUMNS[2:])))
        tones.append((Tone.SHADED,) * len(_COLUMNS))
        for figure in members:
            number += 1
            rows.append(_row(number, figure))
            tones.append((Tone.PLAIN,) * len(_COLUMNS))
    if rows:
        blocks.append(Table(_COLUMNS, tuple(rows), style=TableStyle.ANNEX, tones=tuple(tones)))
    blocks.append(Note(f"注：{_EXPLAINED}"))
    blocks.append(Note(f"核对码：{data.anchor}（填到程序“数据”页的“核对码”里，可查出此后账簿有没有被改动）。"))
    blocks.append(SignatureLine((f"制表：{data.preparer}", f"复核：{data.reviewer}", data.day)))
    return Document(title=(f"{data.title}复核页",), blocks=tuple(blocks))


def _row(number: int, figure: CheckFigure) -> tuple[str, ...]:
    return (
        f"{number:02d}",
        figure.name,
        figure.value,
        figure.formula,
        figure.calculation,
        f"{len(figure.ids):,}",
        MARKS[figure.state],
    )
