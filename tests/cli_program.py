"""Runs the command line as its own process, without a display, the way a scheduled task or an officer does."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

ROOT = Path(__file__).resolve().parents[1]
PASSWORD = "消保 Xiaobao 2026"
CHINESE = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Outcome:
    """What a finished process left: exit code and both streams."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)

    @property
    def refusal(self) -> str:
        """The message of a refusal: exit 1, nothing on standard output, one Chinese paragraph, no trace."""
        assert self.code == 1, self
        assert self.out == "", self
        assert CHINESE.search(self.err), self
        assert "Traceback" not in self.err, self
        assert self.err.count("\n") == 1, self
        return self.err


def environment(**more: str) -> dict[str, str]:
    """The environment of a task without a display."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if key not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "XIAOBAO_PASSWORD")
    }
    return {**kept, "PYTHONIOENCODING": "ascii", **more}


def xiaobao(*arguments: str | Path, password: str | None = None) -> Outcome:
    """Run a command to its end.

    Args:
        arguments: as typed after the program's name.
        password: goes into the environment, where the program looks for it.
    """
    more = {} if password is None else {"XIAOBAO_PASSWORD": password}
    done = subprocess.run(
        [sys.executable, "-m", "xiaobao_desktop", *map(str, arguments)],
        cwd=ROOT,
        env=environment(**more),
        capture_output=True,
        stdin=subprocess.DEVNULL,
        encoding="utf-8",
        timeout=120,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def here(*arguments: str | Path, password: str | None = None) -> Outcome:
    """The same within this process, which spares its start: for the many ways to say or refuse one thing.

    That a process of its own says the same is a test of its own in ``test_cli.py``.

    Args:
        arguments: as typed after the program's name.
        password: goes into the environment, where the program looks for it.
    """
    from xiaobao_desktop import cli

    streams = [io.TextIOWrapper(io.BytesIO(), encoding="ascii", newline="\n") for _stream in range(2)]
    with (
        mock.patch.dict(os.environ, environment(**({} if password is None else {"XIAOBAO_PASSWORD": password}))),
        Path(os.devnull).open(encoding="ascii") as nothing,
        mock.patch.object(sys, "stdin", nothing),
        contextlib.redirect_stdout(streams[0]),
        contextlib.redirect_stderr(streams[1]),
    ):
        if password is None:
            os.environ.pop("XIAOBAO_PASSWORD", None)
        try:
            code = cli.run([str(item) for item in arguments])
        except SystemExit as ended:
            code = int(ended.code or 0)
    out, err = (_text(stream) for stream in streams)
    return Outcome(code, out, err)


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    written = stream.buffer
    assert isinstance(written, io.BytesIO)
    return written.getvalue().decode("utf-8")
