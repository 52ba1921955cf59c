"""What was promised so far, and whether a book keeps it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.faults.work import state
from tests.services.support import COMPLAINT, Clock
from xiaobao_desktop.services import books
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store import container
from xiaobao_desktop.store.book import Book
from xiaobao_desktop.store.history import Anchor
from xiaobao_desktop.store.layout import BACKUPS


class Promises:
    """What the done steps promised."""

    def __init__(self) -> None:
        self.anchor: Anchor | None = None
        self.records: dict[str, str | None] = {}
        self.backups: set[str] = set()
        self.file: int | None = None
        self.draft: str | None = None
        self.count = 0
        self.begun_since = False

    def hear(self, line: dict[str, Any]) -> None:
        """One message of the worker."""
        if "begun" in line:
            self.begun_since = True
            return
        self.begun_since = False
        self.count += 1
        self.anchor = Anchor(*line["anchor"])
        self.records.update(line["records"])
        self.draft = line.get("draft", self.draft)
        self.file = line.get("file", self.file)
        if "backup" in line:
            self.backups.add(line["backup"])

    def hear_all(self, text: bytes) -> None:
        """Whole lines of messages; a line cut in the middle was not said."""
        for line in text.split(b"\n")[:-1]:
            self.hear(json.loads(line))

    def broken_by(self, directory: Path) -> list[str]:
        """What the book in ``directory`` does not keep; empty when all is well.

        Beyond the promises there may be one step more: the one that was under way.
        """
        if self.anchor is None and not books.book_at(directory):
            return []
        session = books.open_book(directory, None, clock=Clock())
        try:
            wrong = [finding.detail for finding in session.book.verify() if not finding.ok]
            if self.anchor is None:
                return wrong
            if session.book.misfits([self.anchor]):
                wrong.append(f"history ends at {session.book.anchor()}, not beyond {self.anchor}")
            wrong += self._states(session, self.anchor)
            return [*wrong, *self._drafts(session.book), *self._backups(directory)]
        finally:
            session.close()

    def _states(self, session: Session, anchor: Anchor) -> Iterable[str]:
        """Records that are not as promised; what the step under way made of one counts from now on."""
        moved = {item.record_id for item in session.book.moved_since(COMPLAINT, anchor.sequence)}
        for number, promised in list(self.records.items()):
            record, found = session.book.by_number(COMPLAINT, number), state(session, number)
            if record is not None and record.id in moved:
                self.records[number] = found
            elif found != promised:
                yield f"{number} is {found}, not {promised}"

    def _drafts(self, book: Book) -> Iterable[str]:
        kept = book.draft(COMPLAINT, None)
        found = None if kept is None else str(kept.body["values"]["content"])
        # A newer one may have been under way.
        if self.draft is not None and found != self.draft and (found is None or not self.begun_since):
            yield f"draft {self.draft} is lost"
        self.draft = found

    def _backups(self, directory: Path) -> Iterable[str]:
        for name in self.backups:
            file = directory / BACKUPS / name
            if not file.is_file():
                yield f"backup {name} is lost"
            else:
                container.read(file)
