"""The rows of a ledger list: all ids of the result, the shown values fetched page by page when they are looked at.

Sorting and filtering happen in the store, by raw values; the model only knows the order it was given.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from xiaobao_desktop.domain.fields import Kind, Ledger, Value
from xiaobao_desktop.domain.masking import name_fields
from xiaobao_desktop.services import listing
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.models.cells import Cell
from xiaobao_desktop.ui.models.copied import CopiedCell
from xiaobao_desktop.ui.models.query import Query
from xiaobao_desktop.ui.pages.ledger_presenter import NUMBER, Presenter

PAGE = 200
"""Rows fetched at once."""
PAGES_KEPT = 20
CELL_ROLE = int(Qt.ItemDataRole.UserRole) + 1
"""Gives the :class:`Cell` to paint."""
RAW_ROLE = int(Qt.ItemDataRole.UserRole) + 2
"""Gives the raw value."""

AnyIndex = QModelIndex | QPersistentModelIndex
Row = dict[str, Value]


class LedgerModel(QAbstractTableModel):
    """Read-only table of one query over one ledger; the first column is the number."""

    def __init__(self, session: Session, ledger: Ledger, presenter: Presenter) -> None:
        super().__init__()
        self._session, self._ledger, self._presenter = session, ledger, presenter
        self._ids: list[int] = []
        self._places: dict[int, int] = {}
        self._columns: tuple[str, ...] = (NUMBER,)
        self._pages: OrderedDict[int, list[Row]] = OrderedDict()
        self.query = Query()

    @property
    def ids(self) -> Sequence[int]:
        """Ids of all rows, in order."""
        return self._ids

    @property
    def columns(self) -> tuple[str, ...]:
        """Keys of the columns, the number first."""
        return self._columns

    def ask(self, query: Query) -> None:
        """Show the result of another query."""
        self.beginResetModel()
        self.query = query
        self._ids = self._presenter.ids(query)
        self._places = {record_id: place for place, record_id in enumerate(self._ids)}
        self._pages.clear()
        self.endResetModel()

    def show_columns(self, keys: Sequence[str]) -> None:
        """Show these field keys behind the number."""
        self.beginResetModel()
        self._columns = (NUMBER, *keys)
        self._pages.clear()
        self.endResetModel()

    def record_id(self, row: int) -> int:
        """Id of the record in a row."""
        return self._ids[row]

    def row_of(self, record_id: int) -> int:
        """Row of a record, -1 when it is not in the result."""
        return self._places.get(record_id, -1)

    def values(self, row: int) -> Row:
        """Raw values of a row: the shown fields and what the presenter asked for."""
        number = row // PAGE
        page = self._pages.get(number)
        if page is None:
            wanted = self._ids[number * PAGE : (number + 1) * PAGE]
            page = listing.rows(self._session, self._ledger, wanted, self._keys())
            self._pages[number] = page
            if len(self._pages) > PAGES_KEPT:
                self._pages.popitem(last=False)
        else:
            self._pages.move_to_end(number)
        return page[row % PAGE]

    def cell(self, row: int, column: int) -> Cell:
        """What a cell shows."""
        return self._presenter.cell(self._columns[column], self.values(row))

    def copied_cell(self, row: int, column: int) -> CopiedCell:
        """What a cell gives to the clipboard: always masked; days and numbers whole, as a spreadsheet reads them."""
        key, values = self._columns[column], self.values(row)
        raw = values.get(key)
        kind = self._presenter.field(key).kind if key != NUMBER else Kind.TEXT
        if raw is not None and kind is Kind.DATE and key == self._date_shown(key):
            return CopiedCell(str(raw), "day")
        if isinstance(raw, int) and kind in (Kind.MONEY, Kind.DECIMAL):
            return CopiedCell(str(Decimal(raw).scaleb(-2)), "number")
        if isinstance(raw, int) and kind is Kind.INTEGER:
            return CopiedCell(str(raw), "number")
        return CopiedCell(self._presenter.masked_cell(key, values).text)

    def _date_shown(self, key: str) -> str:
        """The key of a day that the list shows as a day, "" where it shows words (逾期 3 天) instead."""
        return "" if self._presenter.right(key) else key

    def rowCount(self, parent: AnyIndex | None = None) -> int:
        """Number of rows of the result."""
        return 0 if parent is not None and parent.isValid() else len(self._ids)

    def columnCount(self, parent: AnyIndex | None = None) -> int:
        """Number of shown columns."""
        return 0 if parent is not None and parent.isValid() else len(self._columns)

    def data(self, index: AnyIndex, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        """Text for screen readers and copying, the cell for the delegate, the raw value."""
        if not index.isValid() or index.row() >= len(self._ids):
            return None
        if role == CELL_ROLE:
            return self.cell(index.row(), index.column())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.cell(index.row(), index.column()).text
        if role == RAW_ROLE:
            return self.values(index.row()).get(self._columns[index.column()])
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)
    ) -> object:
        """Chinese label of a column."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._presenter.label(self._columns[section]) if section < len(self._columns) else None
        return None

    def _keys(self) -> tuple[str, ...]:
        shown = [key for key in self._columns if key != NUMBER]
        # Names that are masked are looked for in the words of the record.
        names = [item.key for item in name_fields(self._ledger)]
        return tuple(dict.fromkeys([*shown, *self._presenter.needed_keys, *names]))
