"""A list as it is shown, or a whole ledger, as a workbook or CSV: same columns, same order, masked, texts scrubbed."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from xiaobao_desktop import __version__
from xiaobao_desktop.collector import collector_resting
from xiaobao_desktop.domain.fields import Field, Kind, Ledger, Value
from xiaobao_desktop.domain.masking import is_masked, name_fields
from xiaobao_desktop.domain.period import chinese_date
from xiaobao_desktop.exchange import usb
from xiaobao_desktop.exchange.csv_sheets import csv_bytes
from xiaobao_desktop.reports.document import Metadata
from xiaobao_desktop.reports.sheets import Cell, Sheet, SheetColumn
from xiaobao_desktop.reports.xlsx import write_xlsx
from xiaobao_desktop.services import audit, export_log, origins
from xiaobao_desktop.services.export_log import Export
from xiaobao_desktop.services.ledger_cells import Audience, fitted, sheet_column, typed_cell, without_names
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Query

NUMBER, NUMBER_LABEL = "number", "编号"
XLSX, CSV = "xlsx", "csv"
_CHUNK = 500
_NAMED = frozenset({Kind.CHOICE, Kind.CHOICES, Kind.CODE, Kind.LINK, Kind.YES_NO})


@dataclass(frozen=True)
class ListOrder:
    """What is to be exported.

    Attributes:
        ledger: whose records.
        ids: of the records, in their order.
        keys: field keys of the columns, in their order; the number comes first by itself.
        labels: how columns are called in the list, where that is not the field's own label.
        narrowed: in words what the list was narrowed by, "" for nothing; for the log alone, it may name a person.
        audience: for whom.
    """

    ledger: Ledger
    ids: Sequence[int]
    keys: Sequence[str]
    labels: Mapping[str, str]
    narrowed: str = ""
    audience: Audience = Audience.OUTSIDE


def whole(session: Session, ledger: Ledger, audience: Audience = Audience.OUTSIDE) -> ListOrder:
    """Every living record of a ledger with all the fields of its form, the oldest first."""
    order = ((ledger.dated_by, False), (NUMBER, False)) if ledger.dated_by else ((NUMBER, False),)
    keys = tuple(key for section in ledger.sections for key in section.fields)
    return ListOrder(ledger, session.book.ids(ledger, Query(order=order)), keys, {}, audience=audience)


def sheet(session: Session, order: ListOrder, told: Callable[[int, int], None] | None = None) -> Sheet:
    """The list as typed cells; 来源机构 is a column in any case once records of other books were taken in.

    Args:
        session: the open book.
        order: what is wanted.
        told: hears (rows done, rows in all); what it raises ends the work.
    """
    ledger = order.ledger
    fields = [origins.field_of(ledger, key) for key in order.keys if key != NUMBER]
    fields += [origins.FIELD] if session.banks and origins.FIELD not in fields else []
    rows: list[tuple[Cell, ...]] = []
    keys = [field.key for field in fields]
    people = [item.key for item in name_fields(ledger)] if order.audience is Audience.OUTSIDE else []
    named: dict[tuple[str, Value], Cell] = {}

    def cell(field: Field, value: Value) -> Cell:
        """Names of choices and linked records come again and again: each is looked up once."""
        if field is origins.FIELD:
            return origins.name(session, value)
        if field.kind not in _NAMED:
            return typed_cell(session, field, value, order.audience)
        if (field.key, value) not in named:
            named[field.key, value] = typed_cell(session, field, value, order.audience)
        return named[field.key, value]

    for start in range(0, len(order.ids), _CHUNK):
        for row in session.book.rows(ledger, order.ids[start : start + _CHUNK], [*keys, *people]):
            cells = (cell(field, row[field.key]) for field in fields)
            rows.append((str(row[NUMBER]), *without_names(cells, [row[key] for key in people])))
        if told is not None:
            told(len(rows), len(order.ids))
    masked = order.audience is not Audience.FULL and any(is_masked(field) for field in fields)
    columns = (
        SheetColumn(NUMBER_LABEL, 15),
        *(sheet_column(field, order.labels.get(field.key, "")) for field in fields),
    )
    head = [f"填报机构：{session.settings.printed_name}", f"共{len(rows)}{ledger.unit}"]
    return Sheet(
        name=ledger.label,
        title=ledger.print_title or f"{ledger.label}台账",
        columns=fitted(columns, rows),
        rows=tuple(rows),
        head_line="　　".join([*head, *(["按列表的筛选"] if order.narrowed else [])]),
        notes=(_mark(session, masked=masked),),
    )


def content(session: Session, made: Sheet, file_format: str) -> bytes:
    """A sheet as the bytes of an ``xlsx`` or ``csv`` file; a CSV has the header in its first line."""
    if file_format == CSV:
        return csv_bytes([column.title for column in made.columns], list(made.rows))
    buffer = io.BytesIO()
    metadata = Metadata(made.title, session.settings.printed_name, session.now(), f"小保 {__version__}")
    with collector_resting():
        write_xlsx((made,), buffer, metadata=metadata)
    return buffer.getvalue()


def write(session: Session, order: ListOrder, target: Path, told: Callable[[int, int], None] | None = None) -> str:
    """Write a list into ``target`` (ending ``.xlsx`` or ``.csv``), log it, and return its SHA-256.

    Raises:
        TargetRefused: nothing was written, nothing was logged.
    """
    session.require(f"导出{order.ledger.label}列表")
    made = sheet(session, order, told)
    data = content(session, made, target.suffix.lower().removeprefix("."))
    export = Export(
        operation=f"导出{order.ledger.label}列表",
        file=target.name,
        sha256="",
        rows={order.ledger.key: len(made.rows)},
        masked=order.audience is not Audience.FULL,
        purpose=order.narrowed,
    )
    return export_log.written(session, export, target, data)


def copied(session: Session, ledger: Ledger, count: int) -> None:
    """Write down that rows of a list are put, masked, on the clipboard; ask before they are.

    Raises:
        NotAllowed: a reader.
    """
    operation = f"复制{ledger.label}列表"
    session.require(operation)
    audit.note(session, ledger.key, operation, {"way": "复制到剪贴板", "rows": {ledger.key: count}, "masked": True})


def file_stem(session: Session, ledger: Ledger) -> str:
    """The proposed name of the file, without ending: 云岭村行投诉20261123."""
    return usb.safe_name(f"{session.settings.printed_name}{ledger.label}{session.today():%Y%m%d}")


def _mark(session: Session, *, masked: bool) -> str:
    now = session.now()
    words = "　个人信息已遮蔽" if masked else ""
    return f"内部资料{words}　导出：{session.user}　{chinese_date(now.date())}{now.hour}时{now.minute:02d}分"
