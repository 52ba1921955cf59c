"""The Excel file of refused rows: the same columns as the source, the bad cells marked, the reason in the last column.

The officer mends the cells and imports this file; the reason column is ignored then.
"""

from __future__ import annotations

import io

from xiaobao_desktop.exchange.mapping import REASON_HEADER, ROW_HEADER, cell_text
from xiaobao_desktop.exchange.planning import ImportPlan


def rejects_workbook(plan: ImportPlan) -> bytes:
    """The refused rows of a plan as xlsx bytes: every cell as text, so that 18-digit numbers stay whole."""
    import xlsxwriter

    buffer = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    book = xlsxwriter.Workbook(buffer, options)
    sheet = book.add_worksheet("不能导入的行")
    head = book.add_format({"bold": True, "bg_color": "#F3F2EF", "border": 1, "text_wrap": True, "valign": "vcenter"})
    plain = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top", "border": 1})
    bad = book.add_format(
        {
            "num_format": "@",
            "text_wrap": True,
            "valign": "top",
            "border": 1,
            "bg_color": "#FBEBE9",
            "font_color": "#B3261E",
        }
    )
    # A mended file may be refused again: its old row numbers and reasons give way to the new ones.
    own = (ROW_HEADER, REASON_HEADER)
    kept = [index for index, header in enumerate(plan.table.headers) if header not in own]
    headers = [*(plan.table.headers[index] for index in kept), *own]
    for column, header in enumerate(headers):
        sheet.write_string(0, column, header, head)
        sheet.set_column(column, column, 36 if header == REASON_HEADER else max(10, min(24, 2 * len(header) + 2)))
    reasons = {number: [item for item in plan.rejected if item.row == number] for number in plan.rejected_rows}
    rows = [row for row in plan.table.rows if row.number in reasons]
    for line, row in enumerate(rows, start=1):
        marked = {item.column for item in reasons[row.number]}
        for column, index in enumerate(kept):
            text = cell_text(row.cells[index])
            sheet.write_string(line, column, text, bad if plan.table.headers[index] in marked else plain)
        sheet.write_string(line, len(headers) - 2, str(row.number), plain)
        text = "；".join(f"{item.column}：{item.reason}" for item in reasons[row.number])
        sheet.write_string(line, len(headers) - 1, text, bad)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(rows), 1), len(headers) - 1)
    book.close()
    return buffer.getvalue()
