"""How a paper leaves the program, printed or as a file: one gate and one entry in the log, the same for every paper.

What is masked may be printed by everybody who may read; what names a person, and every file, is for the officer alone
(PRODUCT §7, issue 9: a reader reads, never changes, takes nothing along).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from xiaobao_desktop.domain.fields import Ledger
from xiaobao_desktop.files import write_atomically
from xiaobao_desktop.services import audit, export_log
from xiaobao_desktop.services.records import Changed
from xiaobao_desktop.services.session import Session

WORDS = {"pdf": "PDF", "docx": "Word", "xlsx": "Excel", "csv": "CSV", "png": "PNG", "svg": "SVG"}
"""How a kind of file is called in the log, by its ending."""


@dataclass(frozen=True)
class WayOut:
    """The ways out of one paper.

    Attributes:
        session: the open book; its user is the one who takes the paper along.
        title: what the log calls the paper: 答复函, 2026年10月消保工作月报.
        masked: personal data in it is hidden.
        rows: number of records in it by ledger key; {} for a paper that is no list.
        ledger: of a paper about one record.
        record_id: of that record; its history tells of the paper.
    """

    session: Session
    title: str
    masked: bool = True
    rows: Mapping[str, int] = field(default_factory=dict)
    ledger: Ledger | None = None
    record_id: int | None = None

    def check_printing(self) -> None:
        """Ask before the paper is sent to the printer.

        Raises:
            NotAllowed: a reader, and the paper names a person.
        """
        if not self.masked:
            self.session.require(f"打印{self.title}")

    def printed(self) -> Changed:
        """Write down that it was printed; returns the record whose history tells of it.

        Raises:
            NotAllowed: as for :meth:`check_printing`.
        """
        self.check_printing()
        return self._note(f"{audit.PRINTED} {self.title}", audit.PRINTED)

    def saved(self, target: Path, content: bytes, file_format: str) -> Changed:
        """Write it into a file; the entry is written before the file gets its name. Returns as :meth:`printed`.

        Args:
            target: the file to make or replace; its folder must exist.
            content: its bytes.
            file_format: its kind, a key of :data:`WORDS`.

        Raises:
            NotAllowed: a reader.
            TargetRefused: nothing is left of the file; an entry that was written already is followed by another one
                that says so.
        """
        way = f"{audit.SAVED} {WORDS[file_format]}"
        operation = f"{way} {self.title}"
        self.session.require(operation)
        if self.ledger is None:
            made = export_log.Export(operation, target.name, "", self.rows, self.masked)
            export_log.written(self.session, made, target, content)
            return ()
        noted: list[Changed] = []
        try:
            write_atomically(
                target,
                _putting(content),
                ready=lambda: noted.append(self._note(operation, way, target.name)),
            )
        except BaseException:
            if noted:
                self._note(f"{operation} 没有完成", way, target.name)
            raise
        return noted[0]

    def _note(self, operation: str, way: str, file: str = "") -> Changed:
        facts: dict[str, object] = {"paper": self.title, "way": way, "masked": self.masked}
        facts |= {"file": file} if file else {}
        facts |= {"rows": dict(self.rows)} if self.rows else {}
        if self.ledger is None or self.record_id is None:
            audit.note(self.session, audit.PAPER, operation, facts)
            return ()
        audit.note(self.session, self.ledger.key, operation, facts, self.record_id)
        return ((self.ledger.key, self.record_id),)


def _putting(content: bytes) -> Callable[[BinaryIO], None]:
    def put(stream: BinaryIO) -> None:
        stream.write(content)

    return put
