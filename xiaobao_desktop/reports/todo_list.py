"""本周待办 on paper: one table of what is due, overdue first, with boxes to tick."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from xiaobao_desktop.domain.period import chinese_date
from xiaobao_desktop.domain.todo import Band, days_text
from xiaobao_desktop.reports.document import (
    Column,
    ColumnKind,
    Document,
    Note,
    Paragraph,
    Run,
    SignatureLine,
    Table,
    TableStyle,
)

BOX = "□"
_COLUMNS = (
    Column("", 8, ColumnKind.CENTER),
    Column("到期日", 17, ColumnKind.CENTER),
    Column("期限", 19, ColumnKind.CENTER),
    Column("编号", 30, ColumnKind.CENTER),
    Column("事项", 60),
    Column("网点或部门", 27),
)


def build(bands: Sequence[Band], today: date, officer: str) -> Document:
    """The sheet for the desk.

    Args:
        bands: what is due; empty bands are left out.
        today: day of printing, the first of the seven days.
        officer: who has to see to it.
    """
    items = [(item, band) for band in bands for item in band.items]
    rows = tuple(
        (BOX, f"{item.due_on.month}月{item.due_on.day}日", days_text(item, today), item.number, item.subject, item.unit)
        for item, _band in items
    )
    counts = "，".join(f"{band.name} {len(band.items)} 件" for band in bands if band.items)
    if not rows:
        body: tuple[Paragraph | Table | Note, ...] = (Paragraph((Run("没有逾期事项，今后 7 天内也没有事项到期。"),)),)
    else:
        body = (
            Table(_COLUMNS, rows, style=TableStyle.FORM),
            Note(f"共 {len(rows)} 件：{counts}。做完一件在方框里打勾；姓名已遮盖，全文在程序中查看。"),
        )
    return Document(
        title=("本周待办",),
        blocks=(Paragraph((Run(f"{chinese_date(today)}起7天"),), indent=False), *body, _signed(officer)),
        page_numbers=True,
    )


def _signed(officer: str) -> SignatureLine:
    return SignatureLine((f"经办人：{officer}", "完成日期：　　　　年　　月　　日"))
