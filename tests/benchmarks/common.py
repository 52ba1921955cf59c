"""What the benchmarks share: a line of the result, the table of lines, books to measure on."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.cli_program import PASSWORD
from xiaobao_desktop.services import demo
from xiaobao_desktop.store import keyslots
from xiaobao_desktop.store.layout import KEY_COPY, KEY_FILE


@dataclass(frozen=True)
class Line:
    """A row of the result: what, how much, the limit ("" = none), whether it was kept."""

    what: str
    value: str
    limit: str = ""
    kept: bool = True


def table(head: str, lines: Sequence[Line]) -> str:
    """The lines as a Markdown table under a sentence."""
    rows = [
        f"| {line.what} | {line.value} | {line.limit or '—'} | {'' if line.kept else '**missed**'} |" for line in lines
    ]
    return "\n".join([head, "", "| what | measured | limit | |", "| --- | --- | --- | --- |", *rows, ""])


def make_book(place: Path, complaints: int) -> None:
    """A demo book that asks for a password, as the officer's own does."""
    demo.make_demo(place, complaints=complaints)
    data_key = keyslots.unlock(place / KEY_FILE, None).data_key
    for name in (KEY_FILE, KEY_COPY):
        (place / name).unlink(missing_ok=True)
    aside = place / "key-making"
    aside.mkdir()
    keyslots.create(aside / KEY_FILE, password=PASSWORD, user="周敏", data_key=data_key)
    (aside / KEY_FILE).replace(place / KEY_FILE)


def timed(act: Callable[[], object], rounds: int, clock: Callable[[], float] = time.perf_counter) -> list[float]:
    """Seconds of each round."""
    found = []
    for _round in range(rounds):
        began = clock()
        act()
        found.append(clock() - began)
    return found
