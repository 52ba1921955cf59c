"""Opens a book of an older program on a watched disk: ``python -m tests.faults.upgrade FOLDER SAMPLE`` (preload.c)."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from tests.services.support import Clock
from tests.store.make_sample_book import BOOKS, PASSWORD
from xiaobao_desktop.services import books
from xiaobao_desktop.store.layout import BOOK_FILE, KEY_FILE, sync_folder


def main() -> None:
    """Lay the sample out, lastingly, say so, and open it: it is backed up and brought up."""
    root = Path(sys.argv[1])
    book = root / "book"
    book.mkdir()
    sync_folder(root)
    for name in (BOOK_FILE, KEY_FILE):
        shutil.copyfile(BOOKS / sys.argv[2] / name, book / name)
        with (book / name).open("rb+") as file:
            os.fsync(file.fileno())
    sync_folder(book)
    with (root / "acks").open("ab", buffering=0) as said:
        said.write(b"laid out\n")
        books.open_book(book, PASSWORD, clock=Clock()).close()
        said.write(b"opened\n")


if __name__ == "__main__":
    main()
