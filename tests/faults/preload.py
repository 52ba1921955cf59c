"""The library that stands between a program and its disk, compiled once a run (Linux with a C compiler)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_SOURCE = Path(__file__).with_suffix(".c")
ROOT = Path(__file__).resolve().parents[2]
"""The checkout, from which modules of the tests are run."""


def compiled(folder: Path) -> Path:
    """The library, made in ``folder``; skips where it cannot be made."""
    compiler = shutil.which("cc")
    if sys.platform != "linux" or compiler is None:
        pytest.skip("needs Linux and a C compiler (cc)")
    library = folder / "preload.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", str(library), str(_SOURCE), "-ldl"], check=True)
    return library


def run(library: Path, root: Path, log: Path | None, module: str, *arguments: str) -> str:
    """Run ``python -m module`` with its disk below ``root`` watched; what it said."""
    environment = {**os.environ, "LD_PRELOAD": str(library), "XB_ROOT": str(root)}
    if log is not None:
        environment["XB_LOG"] = str(log)
    command = [sys.executable, "-X", "utf8", "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
