"""Makes the sample book of the present schema version under tests/data/books. Run once per version:

    python -m tests.store.make_sample_book

A released sample is what officers' books look like; later programs have to open it as it is.
"""

from __future__ import annotations

import shutil
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.domain.ledgers import all_ledgers, ledger
from xiaobao_desktop.store import keyslots
from xiaobao_desktop.store.book import Book
from xiaobao_desktop.store.layout import KEY_COPY, KEY_FILE, LOCK_FILE
from xiaobao_desktop.store.schema import SCHEMA_VERSION
from xiaobao_desktop.store.subkeys import new_data_key

BOOKS = Path(__file__).parent.parent / "data" / "books"
PASSWORD = "样本 Sample 2026"
AT = datetime(2026, 10, 31, 9, 30, tzinfo=timezone(timedelta(hours=8)))
WHO = "样本专员"


def fill(book: Book) -> None:
    """One branch, two complaints (one changed, one in the bin), a setting and an own choice; all invented."""
    with book.transaction("建立样本", WHO, AT) as changes:
        changes.set_setting("bank", "样本村镇银行")
        changes.put_choice({"list_name": "source", "id": "own1", "name": "行长信箱"})
        branch = changes.insert(ledger("branch"), Record({"name": "城关支行", "active": True}))
        steps = ({"kind": "received", "happened_on": "2026-10-08"}, {"kind": "close", "happened_on": "2026-10-20"})
        values = {"received_on": "2026-10-08", "complainant": "刘某某", "branch": branch.id, "amount": 12000}
        first = changes.insert(
            ledger("complaint"), Record({**values, "rights": ("know",)}, {"step": steps}), fingerprint="row 1"
        )
        second = changes.insert(ledger("complaint"), Record({"received_on": "2025-12-31", "content": "误登"}))
    with book.transaction("修改投诉", WHO, AT) as changes:
        changes.update(ledger("complaint"), Record({"closed_on": "2026-10-20"}, id=first.id), extra_text="城关支行")
        changes.delete(ledger("complaint"), second.id or 0)


def main() -> int:
    """Make the book; refuse to replace one that exists."""
    directory = BOOKS / f"schema-{SCHEMA_VERSION}"
    if directory.exists() and "--again" not in sys.argv:
        sys.stderr.write(f"{directory} exists; --again replaces it (only before its version is released)\n")
        return 1
    shutil.rmtree(directory, ignore_errors=True)
    data_key = new_data_key()
    with Book.create(directory, data_key, all_ledgers()) as book:
        keyslots.create(directory / KEY_FILE, password=PASSWORD, user=WHO, data_key=data_key)
        fill(book)
    for name in (LOCK_FILE, KEY_COPY):
        (directory / name).unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
