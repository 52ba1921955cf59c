"""How long the import of 2,816 real messages takes (goal: under 5 seconds). Run from the project's folder.

python -m tests.benchmarks.import_messages ../shared/data/messages-with-replies.xlsx
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from tests.services.support import COMPLAINT, DATA, new_book
from xiaobao_desktop.services import importing


def main() -> int:
    """Import the file once into a new book and print the seconds of each stage."""
    with tempfile.TemporaryDirectory() as folder:
        session = new_book(Path(folder) / "book")
        began = time.perf_counter()
        table = importing.best_table(COMPLAINT, importing.read_source(Path(sys.argv[1])))
        read = time.perf_counter()
        named = importing.read_mapping_file(DATA / "mappings" / "messages.json")
        plan = importing.plan(session, COMPLAINT, table, importing.propose(COMPLAINT, table, named=named))
        planned = time.perf_counter()
        result = importing.carry_out(session, plan)
        done = time.perf_counter()
        session.close()
    rows = len(result.numbers)
    stages = f"read {read - began:.2f} s, plan {planned - read:.2f} s, write {done - planned:.2f} s"
    print(f"{rows} rows in {done - began:.2f} s ({stages})")  # noqa: T201 - a benchmark prints
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
