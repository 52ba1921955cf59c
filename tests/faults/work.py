"""Random work of an officer through the real services, each step told before it begins and after it is done.

One line of JSON a message: ``{"begun": n}`` before step n, ``{"done": n, …}`` when the service has returned. What a
done step promises: ``anchor`` (end of the history), ``records`` (states by number), ``draft``, ``backup``, ``file``.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.services.support import COMPLAINT, Clock, a_complaint, new_book
from xiaobao_desktop.services import attachments, backups, books, drafts, records, undo
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.layout import BACKUPS

Tell = Callable[[dict[str, Any]], None]


def state(session: Session, number: str) -> str | None:
    """What a promise says of a record: its phone number, "bin" while it is deleted, None when it is not there."""
    found = session.book.by_number(COMPLAINT, number)
    if found is None:
        return None
    return "bin" if found.deleted else str(found.values["phone"])


class Worker:
    """An officer who never stops."""

    def __init__(self, directory: Path, seed: int, tell: Tell) -> None:
        """Open the book in ``directory``, or make it."""
        self.draw = random.Random(seed)
        self.tell, self.directory, self.count = tell, directory, 0
        self.mark = seed * 100_000
        tell({"begun": 0})
        clock = Clock()
        self.session = (
            books.open_book(directory, None, clock=clock) if books.book_at(directory) else new_book(directory)
        )
        tell({"done": 0, **self.promise()})
        self.numbers = self.known()

    def known(self) -> dict[int, str]:
        """Numbers of the living complaints by id."""
        found: dict[int, str] = {}
        for record_id in self.session.link_names(COMPLAINT.key):
            record = self.session.book.record(COMPLAINT, record_id)
            if record is not None and not record.deleted:
                found[record_id] = str(record.number)
        return found

    def promise(self, ids: Iterable[int] = (), **more: Any) -> dict[str, Any]:
        """What holds from now on."""
        anchor = self.session.book.anchor()
        numbers = [
            str(record.number)
            for record_id in ids
            if (record := self.session.book.record(COMPLAINT, record_id)) is not None
        ]
        states = {number: state(self.session, number) for number in numbers}
        return {"anchor": [anchor.sequence, anchor.mac16], "records": states, **more}

    def step(self) -> None:
        """One random step."""
        self.count += 1
        acts = (self.enter, self.change, self.delete, self.undo, self.attach, self.type, self.back_up, self.reopen)
        act = self.draw.choices(acts, (34, 30, 4, 8, 8, 10, 2, 4))[0]
        if not self.numbers and act in (self.change, self.delete, self.attach):
            act = self.enter
        self.tell({"begun": self.count})
        self.tell({"done": self.count, **act()})

    def enter(self) -> dict[str, Any]:
        """A new complaint."""
        self.mark += 1
        saved = records.save(self.session, COMPLAINT, a_complaint(phone=self.phone(), content="收费" * 60))
        self.numbers[saved.record.id or 0] = str(saved.record.number)
        return self.promise([saved.record.id or 0])

    def change(self) -> dict[str, Any]:
        """Another phone number in a complaint."""
        self.mark += 1
        record_id = self.draw.choice(list(self.numbers))
        record = records.get(self.session, COMPLAINT, record_id)
        values = {**record.values, "phone": self.phone()}
        records.save(self.session, COMPLAINT, replace(record, values=values))
        return self.promise([record_id])

    def phone(self) -> str:
        """A number not used before."""
        return f"13{self.mark:09d}"

    def delete(self) -> dict[str, Any]:
        """A complaint into the recycle bin."""
        record_id = self.draw.choice(list(self.numbers))
        records.delete(self.session, COMPLAINT, record_id)
        del self.numbers[record_id]
        return self.promise([record_id])

    def undo(self) -> dict[str, Any]:
        """The last operation taken back, where there is one."""
        if undo.last_operation(self.session) is None:
            return self.promise()
        try:
            done = undo.undo(self.session)
        except undo.UndoRefused:
            return self.promise()
        self.numbers = self.known()
        return self.promise([record_id for key, record_id in done.changed if key == COMPLAINT.key])

    def attach(self) -> dict[str, Any]:
        """A file at a complaint."""
        record_id = self.draw.choice(list(self.numbers))
        content = f"回访记录 {self.mark}-{self.count}。".encode() * 40
        with tempfile.TemporaryDirectory(prefix="xb-work-") as folder:
            path = Path(folder) / f"回访{self.count}.txt"
            path.write_bytes(content)
            kind = COMPLAINT.evidence[0].key
            added = attachments.add(self.session, COMPLAINT, record_id, kind, path)
        return self.promise([record_id], file=added.entry.id)

    def type(self) -> dict[str, Any]:
        """A form that is not saved yet."""
        text = f"草稿 {self.mark}-{self.count}"
        drafts.keep(self.session, COMPLAINT, None, {"content": text}, {}, draft_id=1)
        return self.promise(draft=text)

    def back_up(self) -> dict[str, Any]:
        """A backup into the book's own folder."""
        file = backups.backup(self.session, self.directory / BACKUPS)
        return self.promise(backup=file.name)

    def reopen(self) -> dict[str, Any]:
        """Closed and opened again: the log goes into the file."""
        self.session.close()
        self.session = books.open_book(self.directory, None, clock=Clock())
        return self.promise()


def work_over(directory: str, seed: int, pipe: Any) -> None:
    """Without end, telling through a connection (``multiprocessing``)."""
    worker = Worker(Path(directory), seed, lambda said: pipe.send_bytes(json.dumps(said).encode()))
    while True:
        worker.step()


def main() -> None:
    """``python -m tests.faults.work FOLDER SEED STEPS``: telling into ``FOLDER/acks``, a file of the watched disk."""
    folder, seed, steps = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    with (folder / "acks").open("ab", buffering=0) as said:

        def tell(line: dict[str, Any]) -> None:
            said.write(json.dumps(line).encode() + b"\n")

        worker = Worker(folder / "book", seed, tell)
        for _ in range(steps):
            worker.step()
        worker.session.close()


if __name__ == "__main__":
    main()
