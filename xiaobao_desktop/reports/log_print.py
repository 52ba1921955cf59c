"""操作记录 on wide pages for inspectors: every entry with its place in the chain, and how to prove the list."""

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

TITLE = "操作记录"
COLUMNS = (
    Column("序号", 13, ColumnKind.CENTER),
    Column("时间", 23, ColumnKind.CENTER),
    Column("人员", 17, ColumnKind.CENTER),
    Column("类型", 22, ColumnKind.CENTER),
    Column("操作", 44),
    Column("台账和编号", 32),
    Column("改动", 50),
    Column("说明", 40),
    Column("校验", 20),
)
EXPLAINED = (
    "每条记录的“校验”由它自己和上一条一起算出，改动、删除或插入任何一条，后面的都对不上；记录只能添加，不能改写。"
    "核对办法：在小保“数据”页点“现在检查”，再点“核对码”，填上面的核对码，应显示“对得上”。"
)


@dataclass(frozen=True)
class LogList:
    """A list of entries.

    Attributes:
        bank: as printed.
        rows: texts of :data:`COLUMNS`, the oldest entry first.
        narrowed: what the log was narrowed by, in Chinese.
        anchor: 核对码 of the last entry of the log.
        mark: who printed it, and when.
    """

    bank: str
    rows: Sequence[tuple[str, ...]]
    narrowed: str
    anchor: str
    mark: str


def build(data: LogList) -> Document:
    """The list as wide pages."""
    head = HeadLine(f"填报机构：{data.bank}", data.narrowed, f"共{len(data.rows)}条")
    note = Note(f"核对码 {data.anchor}（打印时操作记录的最后一条）。{EXPLAINED}个人信息已遮盖。")
    return Document(
        title=(TITLE,),
        blocks=(Table(COLUMNS, tuple(data.rows), style=TableStyle.LEDGER), note),
        layout=Layout.LANDSCAPE,
        head_line=head,
        foot_line=SignatureLine(("提供：　　　　", "检查人：　　　　", "日期：　　　　")),
        print_mark=data.mark,
    )
