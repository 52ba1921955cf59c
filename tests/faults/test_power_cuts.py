"""The power goes while the officer works: nothing acknowledged is lost, whatever of the unsynced writes survived.

The real services work in a process whose writes and syncs are logged; the log is then cut at many places, half of them
right after an acknowledgement, and what a disk could hold at that moment is opened and checked in full.
"""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from tests.faults import disk, preload
from tests.faults.promises import Promises
from xiaobao_desktop.errors import UserError

_KEPT = (0.0, 0.0, 0.3, 0.7, 1.0)
"""Shares of unsynced writes that survive; without any is the hardest."""


def cuts(log: list[disk.Entry], root: Path, wanted: int, draw: random.Random) -> list[int]:
    """Places in the log: half right after acknowledgements, half anywhere else."""
    told = disk.Disk(root)
    acknowledged = []
    for place, entry in enumerate(log):
        before = len(told.said)
        told.take(entry)
        if b'"done"' in told.said[before:]:
            acknowledged.append(place)
    after = draw.sample(acknowledged, min(wanted // 2, len(acknowledged)))
    return sorted([*after, *draw.sample(range(len(log)), wanted - len(after))])


def worked(folder: Path, library: Path, seed: int, steps: int) -> tuple[list[disk.Entry], Path]:
    """The log of an officer's work, and the folder whose disk was watched."""
    root, log_file = folder / "disk", folder / "log"
    root.mkdir(parents=True)
    preload.run(library, root, log_file, "tests.faults.work", str(root), str(seed), str(steps))
    return list(disk.entries(log_file)), root


def cut_often(folder: Path, library: Path, *, seed: int, steps: int, wanted: int) -> tuple[int, int]:
    """Cut a working officer's power at many places; how many cuts, and how many of them had promises to keep."""
    (log, root), draw = worked(folder, library, seed, steps), random.Random(seed)
    watched, taken, promised = disk.Disk(root), 0, 0
    places = cuts(log, root, wanted, draw)
    for place in places:
        while taken <= place:
            watched.take(log[taken])
            taken += 1
        promises, left = Promises(), folder / "left"
        promises.hear_all(watched.said)
        watched.cut(left, draw, draw.choice(_KEPT))
        try:
            broken = promises.broken_by(left / "book")
        except UserError as error:
            broken = [error.message]
        assert broken == [], f"seed {seed}, cut after record {place} of the log"
        promised += promises.anchor is not None
        shutil.rmtree(left)
    return len(places), promised


def test_a_power_cut_loses_nothing_acknowledged(tmp_path: Path) -> None:
    done, promised = cut_often(tmp_path / "work", preload.compiled(tmp_path), seed=3, steps=40, wanted=24)
    assert done == 24
    assert promised > 12


def test_a_disk_that_only_pretends_to_sync_is_seen(tmp_path: Path) -> None:
    log, root = worked(tmp_path / "work", preload.compiled(tmp_path), 4, 12)
    watched, promises = disk.Disk(root), Promises()
    for entry in log:
        # Names last, contents do not.
        if entry.kind != disk.SYNCED or not watched.is_file(entry.descriptor):
            watched.take(entry)
    promises.hear_all(watched.said)
    watched.cut(tmp_path / "left", random.Random(4), 0.0)
    with pytest.raises(UserError):
        promises.broken_by(tmp_path / "left" / "book")


@pytest.mark.full
def test_eight_hundred_power_cuts(tmp_path: Path) -> None:
    library = preload.compiled(tmp_path)
    found = [cut_often(tmp_path / str(seed), library, seed=seed, steps=90, wanted=80) for seed in range(100, 110)]
    assert sum(done for done, _promised in found) == 800
    assert sum(promised for _done, promised in found) > 600
