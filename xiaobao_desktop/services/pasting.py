"""A block copied in WPS or Excel, recognised as a table for a ledger; the import then goes on as with a file."""

from __future__ import annotations

from collections.abc import Sequence

from xiaobao_desktop.domain.fields import Ledger
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.exchange.errors import FileEmpty, HeaderNotFound
from xiaobao_desktop.exchange.mapping import SURE
from xiaobao_desktop.exchange.pasted import NAME as NAME
from xiaobao_desktop.exchange.pasted import read_pasted, with_header
from xiaobao_desktop.exchange.sheets import Workbook
from xiaobao_desktop.exchange.tables import RawTable
from xiaobao_desktop.services import importing


class NothingToPaste(UserError):
    """剪贴板里没有表格。请在 WPS 或 Excel 里选中要粘贴的行，按 Ctrl+C 复制，再到这里粘贴。"""  # noqa: D415


def recognise(ledger: Ledger, text: str, html: str, keys: Sequence[str]) -> tuple[Workbook, RawTable]:
    """The block and the table in it: by its own header, else by the columns of the list as they are shown.

    Args:
        ledger: where it is to go.
        text: the clipboard as plain text.
        html: the same as HTML, "" for none.
        keys: of the columns of the list as they are shown, the number included.

    Raises:
        NothingToPaste: one word or nothing.
        FileRefused: the block cannot be read.
    """
    if "\t" not in text and "\n" not in text.strip() and "<t" not in html.lower():
        raise NothingToPaste
    try:
        source = read_pasted(text, html)
    except FileEmpty as error:
        raise NothingToPaste from error
    found = _table(ledger, source)
    if found is None or not _has_header(ledger, found):
        source = with_header(source, [_label(ledger, key) for key in keys])
        found = _table(ledger, source)
    if found is None:
        raise NothingToPaste
    return source, found


def _label(ledger: Ledger, key: str) -> str:
    """The header of a column of the list; none for what is not typed in, so that it goes nowhere."""
    entered = ledger.has(key) and ledger.field(key).entered
    return ledger.field(key).label if entered else ""


def _table(ledger: Ledger, source: Workbook) -> RawTable | None:
    try:
        return importing.best_table(ledger, source)
    except HeaderNotFound:
        return None


def _has_header(ledger: Ledger, table: RawTable) -> bool:
    """Whether what was taken for the header names columns of the ledger: at least half of it, word for word."""
    columns = importing.propose(ledger, table).columns
    sure = sum(column.confidence == SURE or column.bookkeeping for column in columns)
    return sure > 0 and 2 * sure >= len(columns)
