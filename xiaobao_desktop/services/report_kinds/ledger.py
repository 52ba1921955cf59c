"""台账: every ledger printed, one paper each; what its columns are is declared in the ledger."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import TypeVar

from xiaobao_desktop.domain.charts import short_cause
from xiaobao_desktop.domain.check_figures import CheckFigure
from xiaobao_desktop.domain.fields import Field, Kind, Ledger, PrintColumn, Value, Values
from xiaobao_desktop.domain.masking import is_masked, mask_named, name_fields
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.reports import ledger_print
from xiaobao_desktop.reports.document import Document
from xiaobao_desktop.reports.ledger_print import LedgerInput, PrintedColumn
from xiaobao_desktop.reports.sheets import Cell, Sheet, SheetColumn
from xiaobao_desktop.services import origins
from xiaobao_desktop.services.ledger_cells import Audience, brief, fitted, sheet_column, typed_cell, without_names
from xiaobao_desktop.services.report_figures import of_ledger
from xiaobao_desktop.services.report_kind import PAPER_FORMATS, ReportInfo, ReportKind, Request, Subject
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Condition, Query

NUMBER = "number"
PURPOSE = "内部使用"
_CENTRED = {Kind.DATE, Kind.TIME, Kind.INTEGER, Kind.DECIMAL, Kind.YES_NO, Kind.PERSON_NAME, Kind.PHONE, Kind.MONEY}
_FEW_VALUES = {Kind.DATE, Kind.TIME, Kind.CHOICE, Kind.CHOICES, Kind.CODE, Kind.LINK, Kind.YES_NO}
_MM_PER_LETTER = 2.4
_ORIGIN_WIDTH = 26
T = TypeVar("T")


def subjects(session: Session, period: Period) -> tuple[Subject, ...]:
    """The ledgers that have records in the period, then the lists that have any."""
    filled = (ledger for ledger in session.ledgers if session.book.count(ledger, _query(ledger, period)))
    return tuple(Subject(ledger.key, title(ledger)) for ledger in filled)


def title(ledger: Ledger) -> str:
    """How a ledger is called on paper."""
    return ledger.print_title or f"{ledger.label}台账"


def build(session: Session, request: Request) -> Document:
    """The ledger of the request as wide pages."""
    return ledger_print.build(_on_paper(session, request))


def sheets(session: Session, request: Request) -> tuple[Sheet, ...]:
    """The ledger of the request with all its fields as an Excel sheet."""
    return (ledger_print.sheet(_as_sheet(session, request)),)


def check_figures(session: Session, request: Request) -> tuple[CheckFigure, ...]:
    """How many records the ledger of the request lists."""
    ledger = session.ledger(request.subject)
    return of_ledger(session, ledger, title(ledger), session.book.ids(ledger, _query(ledger, request.period)))


def _query(ledger: Ledger, period: Period) -> Query:
    if not ledger.dated_by:
        return Query(order=((NUMBER, False),))
    where = (Condition(ledger.dated_by, "between", (period.first.isoformat(), period.last.isoformat())),)
    return Query(where=where, order=((ledger.dated_by, False), (NUMBER, False)))


def _on_paper(session: Session, request: Request) -> LedgerInput:
    """The ledger with the texts of its columns on paper."""
    ledger, period = session.ledger(request.subject), request.period
    columns = _columns(session, ledger)
    people = _people(ledger, request)
    needed = dict.fromkeys(key for column in columns for key in (column.needs or (column.key,)) if key != NUMBER)
    one_year = period.first.year == period.last.year and bool(ledger.dated_by)
    texts = [_paper_text(session, ledger, column, one_year, request.audience) for column in columns]
    today = session.today().isoformat()
    found = session.book.select(ledger, _query(ledger, period), tuple({**needed, **dict.fromkeys(people)}))
    told = ({**row, **ledger.on_day(row, today)} for row in found)
    rows = [tuple(mask_named(text(row), [row[key] for key in people]) for text in texts) for row in told]
    printed = [_printed_column(ledger, column) for column in columns]
    return replace(_ledger_input(session, request), columns=printed, rows=rows)


def _as_sheet(session: Session, request: Request) -> LedgerInput:
    """The ledger with all its fields as typed cells."""
    ledger = session.ledger(request.subject)
    shown = (*_shown(ledger), *((origins.FIELD,) if session.banks else ()))
    people = _people(ledger, request)
    keys = tuple(dict.fromkeys((*(field.key for field in shown), *people)))
    cells = [(field.key, _typed(session, field, request.audience)) for field in shown]
    rows = [
        (str(row[NUMBER]), *without_names((cell(row[key]) for key, cell in cells), [row[key] for key in people]))
        for row in session.book.select(ledger, _query(ledger, request.period), keys)
    ]
    columns = fitted((SheetColumn("编号", 15), *(sheet_column(field) for field in shown)), rows)
    return replace(_ledger_input(session, request), sheet_columns=columns, sheet_rows=rows)


def _people(ledger: Ledger, request: Request) -> tuple[str, ...]:
    """The fields whose names must not stand in the texts either."""
    return tuple(item.key for item in name_fields(ledger)) if request.audience is Audience.OUTSIDE else ()


def _ledger_input(session: Session, request: Request) -> LedgerInput:
    """What paper and sheet say alike; nothing is read from the ledger."""
    ledger = session.ledger(request.subject)
    return LedgerInput(
        settings=session.settings,
        name=title(ledger),
        unit=ledger.unit,
        period=request.period,
        dated=f"按{ledger.field(ledger.dated_by).label}" if ledger.dated_by else "",
        columns=(),
        rows=(),
        sheet_columns=(),
        sheet_rows=(),
        printed_at=session.now(),
        printed_by=session.user,
        purpose=request.purpose or PURPOSE,
        masked=request.audience is not Audience.FULL and any(is_masked(field) for field in _shown(ledger)),
    )


def _shown(ledger: Ledger) -> tuple[Field, ...]:
    """The fields of a ledger's form: derived dates and states that only the program needs are no columns of it."""
    return tuple(field for section in ledger.sections for field in map(ledger.field, section.fields))


def _columns(session: Session, ledger: Ledger) -> Sequence[PrintColumn]:
    """The columns on paper; 来源机构 is the last once there are records of other books."""
    of_origin = (PrintColumn(origins.FIELD.key, _ORIGIN_WIDTH),) if session.banks else ()
    if ledger.printed:
        return (*ledger.printed, *of_origin)
    shown = (column for column in ledger.columns if column.shown)
    return (
        PrintColumn(NUMBER, 22, "编号"),
        *(PrintColumn(column.key, column.width * _MM_PER_LETTER) for column in shown),
        *of_origin,
    )


def _printed_column(ledger: Ledger, column: PrintColumn) -> PrintedColumn:
    if column.key == NUMBER:
        return PrintedColumn(column.label, column.width, centred=True)
    field = origins.field_of(ledger, column.key)
    centred = field.kind in _CENTRED or field.kind in (Kind.CHOICE, Kind.LINK) or column.words is not None
    return PrintedColumn(column.label or field.label, column.width, centred)


def _paper_text(
    session: Session, ledger: Ledger, column: PrintColumn, one_year: bool, audience: Audience
) -> Callable[[Values], str]:
    """What a column says of a record on paper: days without the year where it is the same for all, short causes."""
    key = column.key
    if column.words is not None:
        return column.words
    if key == NUMBER:
        return lambda row: str(row[NUMBER]).replace("-", "", 1)
    if key == origins.FIELD.key:
        return lambda row: origins.short_name(session, row[key])
    field = ledger.field(key)

    def text(value: Value) -> str:
        if field.kind is Kind.DATE and value and one_year:
            return str(value)[5:]
        return short_cause(brief(session, field, value, audience))

    kept = _kept(field, text)
    return lambda row: kept(row[key])


def _typed(session: Session, field: Field, audience: Audience) -> Callable[[Value], Cell]:
    """How a value of a field becomes a typed cell."""
    if field is origins.FIELD:
        return cache(lambda value: origins.name(session, value))
    return _kept(field, lambda value: typed_cell(session, field, value, audience))


def _kept(field: Field, make: Callable[[Value], T]) -> Callable[[Value], T]:
    """``make``, asked once for each value where a field has few of them for many records."""
    return cache(make) if field.kind in _FEW_VALUES else make


REPORT = ReportKind(
    ReportInfo("ledger", "台账", (*PAPER_FORMATS, "xlsx"), group="表格", order=120),
    build,
    subjects=subjects,
    sheets=sheets,
    follows_method=False,
    figures=check_figures,
)
