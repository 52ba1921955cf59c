"""Excel files: read back with another library, set up to be printed, the same bytes each time."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from tests.reports.all_reports import Paper
from xiaobao_desktop.reports.document import Metadata
from xiaobao_desktop.reports.sheets import CellKind, Sheet, SheetColumn
from xiaobao_desktop.reports.xlsx import sheet_name, write_xlsx
from xiaobao_desktop.services import reporting

METADATA = Metadata("台账", "某某农村商业银行", datetime(2026, 11, 3, 9, 20), "小保")  # noqa: DTZ001 - local time
COLUMNS = (
    SheetColumn("编号", 14),
    SheetColumn("收到日期", 12, CellKind.DATE),
    SheetColumn("件数", 8, CellKind.INTEGER),
    SheetColumn("金额", 12, CellKind.MONEY),
    SheetColumn("内容", 40, wrap=True),
)
ROWS = (
    ("110101199003070011", date(2026, 10, 1), 3, Decimal("4600.50"), "多扣年费"),
    ("0012", None, 0, None, "=HYPERLINK(1)"),
    ("合　计", None, 3, Decimal("4600.50"), ""),
)


def written(*sheets: Sheet) -> bytes:
    buffer = io.BytesIO()
    write_xlsx(sheets, buffer, metadata=METADATA)
    return buffer.getvalue()


@pytest.fixture
def sheet() -> Sheet:
    return Sheet("台账", "消费投诉台账", COLUMNS, ROWS, head_line="填报机构：某某农村商业银行", totals=1, notes=("注",))


def test_cells_keep_their_kinds(sheet: Sheet) -> None:
    page = openpyxl.load_workbook(io.BytesIO(written(sheet))).active
    assert page is not None
    assert page["A1"].value == "消费投诉台账"
    assert [cell.value for cell in page[3]] == [column.title for column in COLUMNS]
    first = page[4]
    assert (first[0].value, first[0].data_type) == ("110101199003070011", "s"), "18 digits are text"
    assert first[1].value == datetime(2026, 10, 1), "a real date"  # noqa: DTZ001
    assert (first[2].value, first[3].value) == (3, 4600.5)
    assert first[3].number_format == "#,##0.00"
    assert (page["E5"].value, page["E5"].data_type) == ("=HYPERLINK(1)", "s"), "never a formula"
    assert page["B5"].value is None
    assert page["A8"].value == "注"


def test_the_sheet_is_ready_to_be_filtered_and_printed(sheet: Sheet) -> None:
    page = openpyxl.load_workbook(io.BytesIO(written(sheet))).active
    assert page is not None
    assert page.freeze_panes == "A4"
    assert page.auto_filter.ref == "A3:E5", "the total stays out of the filter"
    assert page.print_title_rows == "$1:$3"
    assert (page.page_setup.orientation, str(page.page_setup.paperSize)) == ("landscape", "9")
    assert page.sheet_properties.pageSetUpPr is not None
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight) in ((None, 0), (1, 0))


def test_names_of_tabs_are_what_excel_takes(sheet: Sheet) -> None:
    taken: set[str] = set()
    assert sheet_name("业务类别/投诉原因:2026", taken) == "业务类别_投诉原因_2026"
    assert len(sheet_name("长" * 40, taken)) == 31
    assert sheet_name("台账", {"台账"}) == "台账（2）"
    book = openpyxl.load_workbook(io.BytesIO(written(sheet, sheet)))
    assert book.sheetnames == ["台账", "台账（2）"]


def test_the_same_sheets_give_the_same_bytes(sheet: Sheet) -> None:
    assert written(sheet) == written(sheet)


def printed_tables(papers: list[Paper]) -> list[Paper]:
    """Every report that has a workbook, of the books with records."""
    found = [paper for paper in papers if paper.built.sheets and paper.book != "empty"]
    wanted = {info.name for info in reporting.reports() if "xlsx" in info.formats}
    assert {paper.built.info.name for paper in found} == wanted
    return found


def test_every_workbook_is_ready_to_be_filtered_and_printed(papers: list[Paper]) -> None:
    texts, days = 0, 0
    for paper in printed_tables(papers):
        book = openpyxl.load_workbook(io.BytesIO(reporting.render(paper.built, "xlsx")))
        for page, sheet in zip(book.worksheets, paper.built.sheets, strict=True):
            head = 3 if sheet.head_line else 2
            last = head + len(sheet.rows) - sheet.totals
            assert page.freeze_panes == f"A{head + 1}", paper.name
            wide = get_column_letter(len(sheet.columns))
            assert page.auto_filter.ref == (f"A{head}:{wide}{last}" if last > head else None), paper.name
            assert page.print_title_rows == f"$1:${head}", paper.name
            setup = page.page_setup
            assert (str(setup.paperSize), setup.fitToHeight) == ("9", 0), paper.name
            assert page.sheet_properties.pageSetUpPr is not None
            assert page.sheet_properties.pageSetUpPr.fitToPage, paper.name
            assert [cell.value for cell in page[head]] == [column.title for column in sheet.columns]
            for cells, row in zip(page.iter_rows(min_row=head + 1), sheet.rows, strict=False):
                for cell, value in zip(cells, row, strict=True):
                    texts += isinstance(value, str) and cell.data_type == "s"
                    days += isinstance(value, date) and cell.is_date
                    assert cell.data_type != "f", paper.name
                    kept = cell.value.date() if isinstance(cell.value, datetime) else cell.value
                    assert kept == (float(value) if isinstance(value, Decimal) else value or None) or value == 0
    assert texts > 1000
    assert days > 100


def test_numbers_of_persons_stay_text(papers: list[Paper]) -> None:
    """Telephone numbers and staff numbers are text, or Excel takes away their zeros."""
    staff = next(paper for paper in printed_tables(papers) if paper.name == "ledger-2026-staff")
    page = openpyxl.load_workbook(io.BytesIO(reporting.render(staff.built, "xlsx"))).active
    assert page is not None
    column = [cell.value for cell in page[3]].index("工号") + 1
    numbers = [row[0] for row in page.iter_rows(min_row=4, min_col=column, max_col=column) if row[0].value]
    assert len(numbers) > 10
    assert all(cell.data_type == "s" and str(cell.value).startswith("0") for cell in numbers[:5])
