"""The program is killed (kill -9, task manager) in the middle of random work: nothing acknowledged is lost."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import time
from pathlib import Path

import pytest

from tests.faults.promises import Promises
from tests.faults.work import work_over

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs kill -9")

_BOOK_LASTS = 25
"""Kills that one book takes before a new one is begun: a large one takes longer to check."""


def kill_often(folder: Path, seed: int, times: int) -> tuple[int, int]:
    """Kill an officer at work again and again; how many acknowledged steps there were, and broken promises none."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.faults.work"])
    draw, steps, promises = random.Random(seed), 0, Promises()
    for turn in range(times):
        directory = folder / f"book-{turn // _BOOK_LASTS}"
        if turn % _BOOK_LASTS == 0:
            steps += promises.count
            promises = Promises()
        hearing, telling = context.Pipe(duplex=False)
        worker = context.Process(target=work_over, args=(str(directory), seed * 1000 + turn, telling))
        worker.start()
        telling.close()
        if draw.random() < 0.9:
            # Its first words; one in ten is killed while it opens or makes the book.
            promises.hear(json.loads(hearing.recv_bytes()))
        time.sleep(draw.uniform(0, 0.2))
        worker.kill()
        while True:
            try:
                promises.hear(json.loads(hearing.recv_bytes()))
            except (EOFError, OSError):
                break
        worker.join()
        broken = promises.broken_by(directory)
        assert broken == [], f"seed {seed}, kill {turn}"
    return times, steps + promises.count


def test_a_kill_loses_nothing_acknowledged(tmp_path: Path) -> None:
    _kills, steps = kill_often(tmp_path, 5, 6)
    assert steps > 6


@pytest.mark.full
def test_two_hundred_and_fifty_kills(tmp_path: Path) -> None:
    _kills, steps = kill_often(tmp_path, 6, 250)
    assert steps > 1000
