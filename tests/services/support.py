"""What the tests of the services share: real books in temporary folders, sheets, the invented ledger of complaints."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from tests.store.books import QUICK
from xiaobao_desktop.domain.fields import Record, Value, Values
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.exchange.planning import ImportPlan, Unknown
from xiaobao_desktop.services import books, importing
from xiaobao_desktop.services.importing import ImportResult
from xiaobao_desktop.services.session import Session

AT = datetime(2026, 11, 3, 9, 30, tzinfo=timezone(timedelta(hours=8)))
PASSWORD = "消保 Xiaobao 2026"
BANK, OFFICER = "某某农村商业银行股份有限公司", "王芳"
DATA = Path(__file__).resolve().parents[1] / "data"
LEDGER_FILE = DATA / "complaint-ledger.xlsx"
KEY: Mapping[str, Any] = json.loads((DATA / "complaint-ledger.key.json").read_text(encoding="utf-8"))

COMPLAINT, BRANCH, STAFF = ledger("complaint"), ledger("branch"), ledger("staff")


class Clock:
    """A clock that stands until a test moves it."""

    def __init__(self, now: datetime = AT) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: int) -> None:
        """Move on by days, hours, minutes or seconds."""
        self.now += timedelta(**by)


def new_book(directory: Path, clock: Clock | None = None) -> Session:
    """A new open book; demo style without a password, and quickly made, because deriving a key takes time."""
    session, _recovery = books.create_book(
        directory,
        bank=BANK,
        officer=OFFICER,
        password="",
        open_without_password=True,
        clock=clock or Clock(),
        cost=QUICK,
    )
    return session


def planned(
    session: Session,
    file: Path = LEDGER_FILE,
    *,
    key: str = "complaint",
    unknown: Unknown = "add",
    named: Mapping[str, str] | None = None,
) -> ImportPlan:
    """The plan of importing a file."""
    target = ledger(key)
    table = importing.best_table(target, importing.read_source(file))
    mapping = importing.propose(target, table, named=named)
    return importing.plan(session, target, table, mapping, unknown=unknown)


def imported(
    session: Session,
    file: Path = LEDGER_FILE,
    *,
    key: str = "complaint",
    unknown: Unknown = "add",
    named: Mapping[str, str] | None = None,
) -> tuple[ImportPlan, ImportResult]:
    """A file imported: the plan and what came of it."""
    plan = planned(session, file, key=key, unknown=unknown, named=named)
    return plan, importing.carry_out(session, plan, file=file.name)


def sheet(path: Path, headers: Sequence[str], *rows: Sequence[object], title: str = "") -> Path:
    """A workbook with one table."""
    import openpyxl

    book = openpyxl.Workbook()
    page = book.active
    if title:
        page.append([title])
    page.append(list(headers))
    for row in rows:
        page.append(list(row))
    book.save(path)
    return path


def a_complaint(received: str = "2026-10-08", *steps: Values, **more: Value) -> Record:
    """An entered complaint."""
    values: dict[str, Value] = {
        **COMPLAINT.defaults(),
        "received_on": received,
        "source": "call",
        "complainant": "刘秀兰",
        "phone": "13907991234",
        **more,
    }
    return Record(values, {"step": steps} if steps else {})


def add_branch(session: Session, name: str, **more: Value) -> int:
    """A branch in the book; its id."""
    from xiaobao_desktop.services import records

    values: dict[str, Value] = {**BRANCH.defaults(), "name": name, **more}
    return int(str(records.save(session, BRANCH, Record(values)).record.id))


def filed_rows() -> list[dict[str, Any]]:
    """The good rows of the invented ledger, read by another library with its own small rules, for counting alone."""
    import openpyxl

    page = openpyxl.load_workbook(LEDGER_FILE).active
    heads = [cell.value for cell in page[4]][:15]
    rows = []
    for cells in page.iter_rows(min_row=5, max_row=143, max_col=15, values_only=True):
        row = dict(zip(heads, cells, strict=True))
        if row["收到日期"] is None:
            continue
        row["收到日期"], row["办结日期"] = a_day(row["收到日期"]), a_day(row["办结日期"])
        rows.append(row)
    return rows


def a_day(cell: object) -> date | None:
    """A cell of the invented ledger as a day, in the few ways it writes them."""
    if cell is None:
        return None
    if isinstance(cell, datetime):
        return cell.date()
    text = str(cell)
    for mark in ("年", "月", "/", "."):
        text = text.replace(mark, "-")
    text = text.replace("日", "")
    if text.isdigit() and len(text) == 8:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    if text.isdigit():
        return date(1899, 12, 30) + timedelta(days=int(text))
    year, month, day = (int(part) for part in text.split("-"))
    return date(year, month, day)


def pdf_text(file: Path) -> str:
    """All text of a PDF without blanks, as pdftotext reads it."""
    command = ["pdftotext", "-raw", str(file), "-"]
    text = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8").stdout
    return "".join(text.split())
