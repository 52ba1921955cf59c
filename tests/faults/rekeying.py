"""A worker that re-encrypts, with too little room on the disk or once (``… -m tests.faults.rekeying FOLDER [ROOMS]``).

Runs below ``preload.c``. Prints one line of JSON for each room in pages: what was said, and what opens the book then.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from tests.faults.full import FullDisk
from tests.services.support import BANK, COMPLAINT, OFFICER, PASSWORD, Clock, a_complaint
from tests.store.books import QUICK
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import attachments, books, records, reencrypting
from xiaobao_desktop.store import layout
from xiaobao_desktop.store.errors import WrongPassword
from xiaobao_desktop.store.query import Query

NEW_PASSWORD = "换过的 Lijing 2027"
CASES = 2


def made(directory: Path) -> None:
    """A closed book with some complaints and two files."""
    session, _key = books.create_book(
        directory, bank=BANK, officer=OFFICER, password=PASSWORD, clock=Clock(), cost=QUICK
    )
    for number in range(CASES):
        case = records.save(session, COMPLAINT, a_complaint(complainant=f"客户{number}")).record.id or 0
        file = directory.parent / f"材料{number}.txt"
        file.write_text(f"说明{number}" * 50_000, encoding="utf-8")
        attachments.add_all(session, COMPLAINT, case, "other", [file])
        file.unlink()
    session.close()


def opens(directory: Path) -> list[str]:
    """Which of both passwords opens the book; it must be sound and whole then, with nothing left over."""
    found = []
    for secret in (PASSWORD, NEW_PASSWORD):
        try:
            session = books.open_book(directory, secret, clock=Clock())
        except WrongPassword:
            continue
        found.append(secret)
        assert [item for item in session.book.verify() if not item.ok] == []
        assert session.book.count(COMPLAINT, Query()) == CASES
        assert session.book.attachment_count() == CASES
        books.keep_reserve(session)
        session.close()
    assert not (directory / layout.REKEYED).exists()
    assert not (directory / layout.READY).exists()
    return found


def main(folder: Path, rooms: list[int]) -> None:
    """Try with one room after the other, each time a book of its own; at the end with all of it."""
    disk, template, directory = FullDisk(), folder / "原来的", folder / "账簿"
    made(template)
    for room in (*rooms, -1):
        shutil.copytree(template, directory)
        session = books.open_book(directory, PASSWORD, clock=Clock())
        ready = reencrypting.prepare(session, PASSWORD, NEW_PASSWORD, "泄露", cost=QUICK)
        told, trouble, before = "", "", session.book.anchor()
        disk.leave(room)
        try:
            trouble = reencrypting.carry_out(session, ready).trouble
        except UserError as error:
            told = error.message
            assert session.book.anchor() == before, "the book goes on as it was"
        disk.leave(-1)
        session.close()
        result = {"room": room, "told": told, "trouble": trouble, "opens": opens(directory)}
        sys.stdout.write(json.dumps(result) + "\n")
        shutil.rmtree(directory)


def told(folder: Path) -> None:
    """Re-encrypt once, telling in the file ``acks`` when it begins and when it is done: for a log of the writes."""
    made(folder / "账簿")
    with (folder / "acks").open("ab", buffering=0) as said:
        session = books.open_book(folder / "账簿", PASSWORD, clock=Clock())
        ready = reencrypting.prepare(session, PASSWORD, NEW_PASSWORD, "泄露", cost=QUICK)
        said.write(b"begun ")
        reencrypting.carry_out(session, ready)
        said.write(b"done ")
        session.close()


if __name__ == "__main__":
    if len(sys.argv) > 2:
        main(Path(sys.argv[1]), json.loads(sys.argv[2]))
    else:
        told(Path(sys.argv[1]))
