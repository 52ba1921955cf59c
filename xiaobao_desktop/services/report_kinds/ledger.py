"""台账: every ledger printed, one paper each; what its columns are is declared in the ledger."""

from __future__ import annotations

from collections.abc import Sequence

from xiaobao_desktop.domain.charts import short_cause
from xiaobao_desktop.domain.check_figures import CheckFigure
from xiaobao_desktop.domain.fields import Kind, Ledger, PrintColumn, Values
from xiaobao_desktop.domain.masking import is_masked
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.reports import ledger_print
from xiaobao_desktop.reports.document import Document
from xiaobao_desktop.reports.ledger_print import LedgerInput, PrintedColumn
from xiaobao_desktop.reports.sheets import Sheet, SheetColumn
from xiaobao_desktop.services.ledger_cells import Audience, brief, fitted, sheet_column, typed_cell
from xiaobao_desktop.services.report_figures import of_ledger
from xiaobao_desktop.services.report_kind import PAPER_FORMATS, ReportInfo, ReportKind, Request, Subject
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Condition, Query

NUMBER = "number"
PURPOSE = "内部使用"
_CENTRED = {Kind.DATE, Kind.TIME, Kind.INTEGER, Kind.DECIMAL, Kind.YES_NO, Kind.PERSON_NAME, Kind.PHONE, Kind.MONEY}
_MM_PER_LETTER = 2.4


def subjects(session: Session, period: Period) -> tuple[Subject, ...]:
    """The ledgers that have records in the period, then the lists that have any."""
    filled = (ledger for ledger in session.ledgers if session.book.count(ledger, _query(ledger, period)))
    return tuple(Subject(ledger.key, title(ledger)) for ledger in filled)


def title(ledger: Ledger) -> str:
    """How a ledger is called on paper."""
    return ledger.print_title or f"{ledger.label}台账"


def build(session: Session, request: Request) -> Document:
    """The ledger of the request as wide pages."""
    return ledger_print.build(_ledger_input(session, request))


def sheets(session: Session, request: Request) -> tuple[Sheet, ...]:
    """The ledger of the request with all its fields as an Excel sheet."""
    return (ledger_print.sheet(_ledger_input(session, request)),)


def check_figures(session: Session, request: Request) -> tuple[CheckFigure, ...]:
    """How many records the ledger of the request lists."""
    ledger = session.ledger(request.subject)
    return of_ledger(session, ledger, title(ledger), session.book.ids(ledger, _query(ledger, request.period)))


def _query(ledger: Ledger, period: Period) -> Query:
    if not ledger.dated_by:
        return Query(order=((NUMBER, False),))
    where = (Condition(ledger.dated_by, "between", (period.first.isoformat(), period.last.isoformat())),)
    return Query(where=where, order=((ledger.dated_by, False), (NUMBER, False)))


def _ledger_input(session: Session, request: Request) -> LedgerInput:
    ledger = session.ledger(request.subject)
    query = _query(ledger, request.period)
    columns = _columns(ledger)
    needed = tuple(dict.fromkeys(key for column in columns for key in (column.needs or (column.key,)) if key != NUMBER))
    # Derived dates and states that only the program needs are no columns of a ledger.
    shown = tuple(field for section in ledger.sections for field in map(ledger.field, section.fields))
    keys = tuple(dict.fromkeys((*needed, *(field.key for field in shown))))
    rows = session.book.rows(ledger, session.book.ids(ledger, query), keys)
    sheet_rows = [
        (str(row[NUMBER]), *(typed_cell(session, field, row[field.key], request.audience) for field in shown))
        for row in rows
    ]
    one_year = request.period.first.year == request.period.last.year and bool(ledger.dated_by)
    return LedgerInput(
        settings=session.settings,
        name=title(ledger),
        unit=ledger.unit,
        period=request.period,
        dated=f"按{ledger.field(ledger.dated_by).label}" if ledger.dated_by else "",
        columns=[_printed_column(ledger, column) for column in columns],
        rows=[
            tuple(_paper_text(session, ledger, column, row, one_year, request.audience) for column in columns)
            for row in rows
        ],
        sheet_columns=fitted((SheetColumn("编号", 15), *(sheet_column(field) for field in shown)), sheet_rows),
        sheet_rows=sheet_rows,
        printed_at=session.now(),
        printed_by=session.user,
        purpose=request.purpose or PURPOSE,
        masked=request.audience is not Audience.FULL and any(is_masked(field) for field in shown),
    )


def _columns(ledger: Ledger) -> Sequence[PrintColumn]:
    if ledger.printed:
        return ledger.printed
    shown = (column for column in ledger.columns if column.shown)
    return (
        PrintColumn(NUMBER, 22, "编号"),
        *(PrintColumn(column.key, column.width * _MM_PER_LETTER) for column in shown),
    )


def _printed_column(ledger: Ledger, column: PrintColumn) -> PrintedColumn:
    if column.key == NUMBER:
        return PrintedColumn(column.label, column.width, centred=True)
    field = ledger.field(column.key)
    centred = field.kind in _CENTRED or field.kind in (Kind.CHOICE, Kind.LINK) or column.words is not None
    return PrintedColumn(column.label or field.label, column.width, centred)


def _paper_text(
    session: Session, ledger: Ledger, column: PrintColumn, row: Values, one_year: bool, audience: Audience
) -> str:
    """The text of a cell on paper: days without the year where it is the same for all, masked persons, short causes."""
    if column.words is not None:
        return column.words(row)
    if column.key == NUMBER:
        return str(row[NUMBER]).replace("-", "", 1)
    field, value = ledger.field(column.key), row[column.key]
    if field.kind is Kind.DATE and value and one_year:
        return str(value)[5:]
    return short_cause(brief(session, field, value, audience))


REPORT = ReportKind(
    ReportInfo("ledger", "台账", (*PAPER_FORMATS, "xlsx"), group="表格", order=120),
    build,
    subjects=subjects,
    sheets=sheets,
    follows_method=False,
    figures=check_figures,
)
