"""Importing a foreign table into a ledger: read, map, plan, carry out in one transaction, hand back what is refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from xiaobao_desktop.collector import collector_resting
from xiaobao_desktop.domain.catalog import plain
from xiaobao_desktop.domain.dates import DateHints
from xiaobao_desktop.domain.fields import Kind, Ledger, Problem, Record, Value
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.exchange import headers
from xiaobao_desktop.exchange import mapping as mapping_rules
from xiaobao_desktop.exchange.mapping import ColumnMapping
from xiaobao_desktop.exchange.planning import ImportPlan, NewName, Planner, Told, Unknown, with_links
from xiaobao_desktop.exchange.readers import read_workbook
from xiaobao_desktop.exchange.rejects import rejects_workbook
from xiaobao_desktop.exchange.sheets import Workbook
from xiaobao_desktop.exchange.tables import RawTable
from xiaobao_desktop.services import attachments, import_names, reading
from xiaobao_desktop.services.leaving import WayOut
from xiaobao_desktop.services.records import Changed, completed, search_words
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.book import NewFile, NewRecord, Transaction


class MappingFileUnreadable(UserError):
    """读不懂对应关系文件“{file}”：它应是 JSON，写成 {{"表头": "项目"}}。请核对后再试。"""  # noqa: D415


class SourceKept(UserError):
    """不能导入的行没有写成：“{file}”就是正在导入的文件，会盖掉原来的台账。请换一个文件名。"""  # noqa: D415


class RequiredColumnMissing(UserError):
    """不能导入：表里没有对应“{labels}”的列。请在“对应列”里指定，或在表里补上这一列。"""  # noqa: D415


@dataclass(frozen=True)
class ImportResult:
    """What was written: sheet row -> number of the new record, what changed, and how many pictures were attached."""

    numbers: Mapping[int, str]
    changed: Changed
    pictures: int = 0


def read_source(path: Path) -> Workbook:
    """Read a file in a child process with limits.

    Raises:
        FileRefused: one of its kinds, each with its reason.
    """
    with collector_resting():
        return read_workbook(path)


def tables(ledger: Ledger, source: Workbook) -> list[RawTable]:
    """The tables of a workbook, the likeliest for this ledger first.

    Raises:
        HeaderNotFound: there is none.
    """
    with collector_resting():
        return headers.find_tables(source, known=mapping_rules.known_names(ledger))


def best_table(ledger: Ledger, source: Workbook) -> RawTable:
    """The likeliest table; errors as in :func:`tables`."""
    return tables(ledger, source)[0]


def propose(ledger: Ledger, table: RawTable, *, named: Mapping[str, str] | None = None) -> ColumnMapping:
    """Which column goes into which field; ``named`` (header -> field key) is what the officer said."""
    return mapping_rules.propose(ledger, table, named or {})


def read_mapping_file(path: Path) -> dict[str, str]:
    """A mapping file: JSON object of header -> field key, "" or null to leave a column out.

    Raises:
        MappingFileUnreadable: not such a file.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise MappingFileUnreadable(file=path.name) from error
    if not isinstance(found, dict) or not all(isinstance(value, str | None) for value in found.values()):
        raise MappingFileUnreadable(file=path.name)
    return {str(key): value or "" for key, value in found.items()}


def plan(
    session: Session,
    ledger: Ledger,
    table: RawTable,
    mapping: ColumnMapping,
    *,
    unknown: Unknown = "add",
    hints: DateHints | None = None,
    told: Told | None = None,
) -> ImportPlan:
    """Work out the import without writing anything.

    Args:
        session: the open book.
        ledger: the target.
        table: the recognised table.
        mapping: which column goes where.
        unknown: what an unknown choice becomes.
        hints: answers about the dates of this table.
        told: what unknown names stand for; None takes what was said when a table with these headers came before.

    Raises:
        RequiredColumnMissing: a field that must be there to save has no column.
    """
    if mapping.missing:
        raise RequiredColumnMissing(labels="、".join(item.label for item in mapping.missing))

    def finish(record: Record) -> tuple[Record, tuple[Problem, ...]]:
        return completed(session, ledger, None, record)

    dates = hints or DateHints(date_1904=table.date_1904)
    said = import_names.told(session, ledger, table) if told is None else told
    known = session.book.fingerprints(ledger)
    planner = Planner(mapping, reading.lookups(session, ledger), known, finish, unknown, dates, said)
    with collector_resting():
        return planner.plan(table)


def carry_out(session: Session, plan: ImportPlan, *, file: str = "") -> ImportResult:
    """Write the planned rows, their new names and fingerprints in one transaction: all, or nothing.

    Args:
        session: the open book.
        plan: as worked out by :func:`plan`.
        file: name of the source file, for the history.
    """
    if not plan.rows:
        return ImportResult({}, ())
    ledger, pictures = plan.ledger, _kept_pictures(session, plan)
    operation = f"导入{ledger.label} {len(plan.rows)} {ledger.unit}" + (f"（{file}）" if file else "")
    try:
        when = session.now()
        with collector_resting(), session.book.transaction(operation, session.user, when, many=True) as changes:
            made = _add_names(session, changes, plan)
            new, words = [], dict[tuple[str, Value], str]()
            for row in plan.rows:
                record = with_links(row, made, ledger)
                new.append(NewRecord(record, row.fingerprint, search_words(session, ledger, record, words)))
            written = changes.insert_many(ledger, new)
            numbers = {row.number: str(record.number) for row, record in zip(plan.rows, written, strict=True)}
            ids = {row.number: record.id or 0 for row, record in zip(plan.rows, written, strict=True)}
            for number, evidence, picture in pictures:
                changes.attach(ledger, ids[number], picture, evidence=evidence)
            changed = tuple(changes.changed)
    finally:
        # Names added inside the transaction were read for the search words; they count only if it went through.
        session.forget()
    return ImportResult(numbers, changed, len(pictures))


def write_rejects(session: Session, plan: ImportPlan, path: Path, *, source: Path | None = None) -> None:
    """Write the refused rows with their cells and reasons as an Excel file that can be mended and imported again.

    The rows stand there as they came, so the log tells of the file as of everything unmasked.

    Args:
        session: the open book.
        plan: as worked out by :func:`plan`.
        path: the file to make or replace.
        source: the imported file, which is never written over.

    Raises:
        NotAllowed: a reader.
        SourceKept: ``path`` is the imported file itself.
        TargetRefused: the file cannot be written.
    """
    if source is not None and path.exists() and path.samefile(source):
        raise SourceKept(file=path.name)
    title = f"{plan.ledger.label}不能导入的行"
    rows = {plan.ledger.key: len(plan.rejected_rows)}
    WayOut(session, title, masked=False, rows=rows).saved(path, rejects_workbook(plan), "xlsx")


def as_json(plan: ImportPlan, result: ImportResult | None) -> dict[str, object]:
    """The outcome for the command line; without a result (dry run) repeats name the earlier row as 第N行."""
    numbers = result.numbers if result else {}

    def earlier(of: str | int) -> str:
        return of if isinstance(of, str) else numbers.get(of, f"第{of}行")

    return {
        "read": plan.read,
        "imported": len(plan.rows),
        "duplicates": [{"row": row, "of": earlier(of)} for row, of in plan.repeats.items()],
        "rejected": [item._asdict() for item in plan.rejected],
        "pictures": result.pictures if result else plan.pictures,
        "incomplete": sum(bool(row.gaps) for row in plan.rows),
        "new_names": [{"list": new.options, "name": new.name} for new in plan.new_names],
        "skipped": [item._asdict() for item in plan.table.skipped],
        "warnings": list(plan.warnings),
        "dry_run": result is None,
    }


def as_text(plan: ImportPlan, result: ImportResult | None) -> str:
    """The outcome in Chinese lines."""
    lines = [
        f"读到 {plan.read} 行，{'导入' if result else '可导入'} {len(plan.rows)} 行，"
        f"重复 {len(plan.repeats)} 行，不能导入 {len(plan.rejected_rows)} 行。"
        + (f"图片 {plan.pictures} 张，存为附件。" if plan.pictures else "")
    ]
    lines += [f"第 {item.row} 行“{item.column}”{item.value}：{item.reason}" for item in plan.rejected]
    return "\n".join([*lines, *plan.warnings])


def _kept_pictures(session: Session, plan: ImportPlan) -> list[tuple[int, str, NewFile]]:
    """The pictures of the planned rows, taken into the pool: sheet row, key of the kind of attachment, file."""
    kept: dict[bytes, NewFile] = {}
    found = []
    for row in plan.rows if plan.table.pictures else ():
        for place, picture in enumerate(plan.table.pictures.get(row.number, ()), start=1):
            header = plan.table.header_of(picture)
            kind = mapping_rules.evidence_for(plan.ledger, header)
            if kind is None:
                continue
            name = f"{header or kind.label} {place}{Path(picture.name).suffix}"
            if picture.data not in kept:
                kept[picture.data] = attachments.keep_bytes(session, picture.data, name)
            found.append((row.number, kind.key, kept[picture.data]))
    return found


def _add_names(session: Session, changes: Transaction, plan: ImportPlan) -> dict[tuple[str, str], int]:
    """Add the new names to lists and linked ledgers; ids of the records made, by ledger key and plain name."""
    made = {_link_key(new): _make(session, changes, new) for new in plan.new_names if new.kind is Kind.LINK}
    for new in plan.new_names:
        if new.kind is not Kind.LINK:
            changes.put_choice(_own_entry(new))
    session.forget()
    return made


def _link_key(new: NewName) -> tuple[str, str]:
    return new.options, plain(new.name)


def _make(session: Session, changes: Transaction, new: NewName) -> int:
    """A linked record that has only its name so far; the rest shows as 待补."""
    target = session.ledger(new.options)
    values: dict[str, Value] = {**target.defaults(), target.title[0]: new.name}
    record = target.complete(None, Record(values), session.rules)
    written = changes.insert(target, record, extra_text=search_words(session, target, record))
    return int(str(written.id))


def _own_entry(new: NewName) -> dict[str, object]:
    return {"list_name": new.options, "id": new.id, "name": new.name, "code_parent": new.parent, "active": True}
