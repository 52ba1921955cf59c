"""The checks of an open book: everything, everything in a copy, or only the seals of its pages."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from xiaobao_desktop.domain.fields import Ledger
from xiaobao_desktop.store import backup, backup_files, layout, retired
from xiaobao_desktop.store.history import Anchor
from xiaobao_desktop.store.pool import Pool
from xiaobao_desktop.store.sqlite import Database

if TYPE_CHECKING:
    from xiaobao_desktop.store.verify import Finding


class BookChecks:
    """Part of :class:`Book`, which has all that is declared here."""

    directory: Path
    _db: Database
    _raw: backup.RawFile
    _pool: Pool
    _data_key: bytes
    _audit_key: bytes
    _match_key: bytes
    _ledgers: tuple[Ledger, ...]
    _backups: threading.Lock
    _closing: threading.Event

    def _reading(self) -> AbstractContextManager[None]:
        raise NotImplementedError

    def _header_fits(self) -> bool:
        raise NotImplementedError

    def verify(self, anchors: Sequence[Anchor] = ()) -> list[Finding]:
        """The full check: pages, triggers, history, anchors, attachments, and every record against its history.

        Args:
            anchors: kept elsewhere; those in the names of the book's own backups are always compared.
        """
        with self._backups, self._reading():
            return self._verified(self._db, anchors)

    def verify_copy(self, anchors: Sequence[Anchor] = (), stop: backup.Stop = backup.never) -> list[Finding]:
        """As :meth:`verify`, of a copy beside the book that is deleted afterwards; other calls go on meanwhile.

        Raises:
            BackupStopped: ``stop`` said so, or the book is being closed.
            DiskFull: the copy has no room beside the book.
        """
        with (
            self._backups,
            backup.opened_copy(self._db, self._raw, self._data_key, self._reading, self._stopped(stop)) as copy,
        ):
            return self._verified(copy, anchors)

    def broken_pages(self, stop: backup.Stop = backup.never) -> list[int]:
        """Numbers of the pages of the file that are not as they were written; other calls go on meanwhile."""
        with self._backups:
            return backup.broken_pages(self._db, self._raw, self._data_key, self._reading, self._stopped(stop))

    def retired_keys(self) -> frozenset[str]:
        """Ids of the keys that re-encryptions have put out of use: copies under them may lie about."""
        with self._reading():
            return retired.ids(self._db)

    def _stopped(self, stop: backup.Stop) -> backup.Stop:
        return lambda: self._closing.is_set() or stop()

    def _verified(self, db: Database, anchors: Sequence[Anchor]) -> list[Finding]:
        from xiaobao_desktop.store import verify

        kept = [*anchors, *backup_files.anchors_in(self.directory / layout.BACKUPS)]
        keys = (self._audit_key, self._match_key)
        return verify.run(db, *keys, self._ledgers, kept, self._pool, header_fits=self._header_fits())
