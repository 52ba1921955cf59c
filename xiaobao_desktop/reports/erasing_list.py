"""销毁清单 on paper: what is to be destroyed, masked, with places for the signatures of those who agree and watch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from xiaobao_desktop.domain.period import chinese_date
from xiaobao_desktop.reports.document import (
    Column,
    ColumnKind,
    Document,
    Note,
    Paragraph,
    Run,
    SignatureLine,
    Spacer,
    Table,
    TableStyle,
)

TITLE = "销毁清单"
COLUMNS = (
    Column("序号", 12, ColumnKind.CENTER),
    Column("台账", 16, ColumnKind.CENTER),
    Column("编号", 32, ColumnKind.CENTER),
    Column("摘要（已遮盖）", 54),
    Column("起算日期", 24, ColumnKind.CENTER),
    Column("可销毁日", 24, ColumnKind.CENTER),
)
EXPLAINED = (
    "销毁后，姓名、电话、证件号等个人信息和各项文字、附件从台账、修改历史、搜索和附件库中清除，不能恢复；"
    "编号、日期、分类和数字保留，统计数字不变。"
)
_WHY = "销毁原因：　　　　　　　　　　　　　　批准文号："
_AGREED = "部门负责人：　　　　　　　　　　　　　批准人："
_WATCHED = ("经办人：　　　　　　", "监销人：　　　　　　", "销毁日期：　　　　年　　月　　日")


class Line(NamedTuple):
    """One record of the list: ledger, number, masked title, ISO days of its end and from which it may go."""

    ledger: str
    number: str
    title: str
    ended_on: str
    due_on: str


def cells(lines: Sequence[Line]) -> tuple[tuple[str, ...], ...]:
    """The rows of the table."""
    return tuple((str(place), *line) for place, line in enumerate(lines, start=1))


def build(lines: Sequence[Line], bank: str, terms: Sequence[str], today: date) -> Document:
    """The list for the signatures.

    Args:
        lines: what is to be destroyed.
        bank: as printed.
        terms: how long each of the ledgers is kept, as sentences.
        today: day of printing.
    """
    head = f"{bank}　{chinese_date(today)}　共 {len(lines)} 件"
    return Document(
        title=("到期记录销毁清单",),
        blocks=(
            Paragraph((Run(head),), indent=False),
            Table(COLUMNS, cells(lines), style=TableStyle.FORM),
            Note("；".join(terms) + f"。{EXPLAINED}"),
            Spacer(),
            Paragraph((Run(_WHY),), indent=False),
            Spacer(),
            Paragraph((Run(_AGREED),), indent=False),
            SignatureLine(_WATCHED),
        ),
        page_numbers=True,
    )
