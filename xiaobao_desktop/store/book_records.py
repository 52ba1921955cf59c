"""What is read of the records of an open book: whole ones, their values, their child rows, their history."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, TypeVar

from xiaobao_desktop.domain.fields import ChildTable, Ledger, Record, Value, Values
from xiaobao_desktop.store import history, matching, origins, reading, records
from xiaobao_desktop.store.history import Change, Moved, Note
from xiaobao_desktop.store.origins import Origin, Taken
from xiaobao_desktop.store.query import Query
from xiaobao_desktop.store.records import Raw
from xiaobao_desktop.store.sqlite import Database
from xiaobao_desktop.store.tables import quoted

T = TypeVar("T")


class BookRecords:
    """Part of :class:`Book`, which has all that is declared here."""

    _db: Database
    _match_key: bytes

    def _reading(self) -> AbstractContextManager[None]:
        raise NotImplementedError

    def record(self, ledger: Ledger, record_id: int) -> Record | None:
        """The record with its child rows, also from the recycle bin; None for an unknown id."""
        with self._reading():
            return records.load(self._db, ledger, record_id)

    def records(self, ledger: Ledger, record_ids: Sequence[int]) -> list[Record]:
        """Whole records in the order of the ids; unknown ids are left out."""
        with self._reading():
            return records.load_many(self._db, ledger, record_ids)

    def taken_in(self, ledger: Ledger, book: str) -> dict[str, Taken]:
        """Every record that came from another book, recycle bin included, by its number there."""
        with self._reading():
            return origins.of_book(self._db, ledger, book)

    def origin(self, ledger: Ledger, record_id: int) -> Origin | None:
        """Where a record comes from, None for an own one."""
        with self._reading():
            return origins.of_record(self._db, ledger, record_id)

    def by_number(self, ledger: Ledger, number: str) -> Record | None:
        """The record with this number, also from the recycle bin, or None."""
        with self._reading():
            row = self._db.execute(f"SELECT id FROM {quoted(ledger.key)} WHERE number = ?", (number,)).fetchone()
            return records.load(self._db, ledger, row[0]) if row else None

    def ids(self, ledger: Ledger, query: Query) -> list[int]:
        """Ids of all records the query asks for, in its order."""
        with self._reading():
            return reading.ids(self._db, ledger, query)

    def count(self, ledger: Ledger, query: Query) -> int:
        """How many records the query asks for."""
        with self._reading():
            return reading.count(self._db, ledger, query)

    def rows(self, ledger: Ledger, ids: Sequence[int], keys: Sequence[str]) -> list[dict[str, Value]]:
        """id, number and the values of ``keys`` of the given records, in the order of the ids."""
        with self._reading():
            return reading.rows(self._db, ledger, ids, keys)

    def select(self, ledger: Ledger, query: Query, keys: Sequence[str]) -> list[dict[str, Value]]:
        """Values of the given keys (and id and number) of every record of a query, in its order, in one pass."""
        with self._reading():
            return reading.select(self._db, ledger, query, keys)

    def each(self, ledger: Ledger, query: Query, keys: Sequence[str], make: Callable[[tuple[Any, ...]], T]) -> list[T]:
        """What ``make`` makes of the raw values of the given keys, record by record, for every record of a query.

        ``make`` must not call the book.
        """
        with self._reading():
            return reading.each(self._db, ledger, query, keys, make)

    def child_values(
        self, ledger: Ledger, child: ChildTable, keys: Sequence[str], ids: Sequence[int]
    ) -> dict[int, frozenset[tuple[Raw, ...]]]:
        """What some columns hold in the child rows of many records, each different tuple once, by record id."""
        with self._reading():
            return reading.child_values(self._db, ledger, child, keys, ids)

    def moved_after(self, ledger: Ledger, child: ChildTable, day: str) -> set[int]:
        """Ids of the records with a child row of a later day (``dated_by``) than ``day``, written YYYY-MM-DD."""
        with self._reading():
            return reading.moved_after(self._db, ledger, child, day)

    def child_rows(self, ledger: Ledger, child: ChildTable, ids: Sequence[int]) -> dict[int, tuple[Values, ...]]:
        """Child rows of many records by record id; records without rows are left out."""
        with self._reading():
            return records.child_rows(self._db, ledger, child, ids)

    def pointing_at(
        self, ledger: Ledger, child: ChildTable, key: str, named: int | str
    ) -> dict[int, tuple[Values, ...]]:
        """Child rows whose LINK or RECORD field ``key`` names a record, by the id of the record they belong to."""
        with self._reading():
            return records.pointing_at(self._db, ledger, child, key, named)

    def marks(self, ledger: Ledger, values: Values) -> dict[str, str]:
        """Keyed hashes of what tells the person or ticket of a record, by field key; nothing is read or written."""
        return matching.hashes(self._match_key, ledger, values)

    def marks_of(self, ledger: Ledger, record_ids: Sequence[int]) -> dict[int, dict[str, str]]:
        """The kept hashes of records by id and field key; records without any are left out."""
        with self._reading():
            return matching.of_records(self._db, ledger, record_ids)

    def with_marks(self, ledger: Ledger, marks: Mapping[str, str]) -> list[int]:
        """Ids of living records that have one of these hashes, in order of entry."""
        with self._reading():
            return matching.equal(self._db, ledger, marks)

    def distinct(self, ledger: Ledger, key: str, query: Query) -> list[tuple[Value, int]]:
        """Values of a field among the records of the query, with counts; None last; each of several choices counts."""
        with self._reading():
            return reading.distinct(self._db, ledger, key, query)

    def history(self, ledger: Ledger, record_id: int) -> list[Change]:
        """The changes of a record, oldest first."""
        with self._reading():
            return history.of_record(self._db, ledger, record_id)

    def moved_since(self, ledger: Ledger, sequence: int) -> list[Moved]:
        """Records of a ledger that are not as they were at a sequence of the history, the last changed last."""
        with self._reading():
            return history.moved_since(self._db, ledger, sequence)

    def last_deletions(self, ledger: Ledger) -> dict[int, tuple[int, datetime, str]]:
        """When each record was last put into the recycle bin, by id: sequence, moment, who."""
        with self._reading():
            return history.last_deletions(self._db, ledger)

    def notes(self, about: str) -> list[Note]:
        """The notes written under a name (``Transaction.note``), the newest first."""
        with self._reading():
            return history.notes(self._db, about)
