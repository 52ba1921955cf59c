"""Starts the reading child process, waits for its answer, and stops it when it takes too long or is not wanted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Final

from xiaobao_desktop.exchange.errors import FileTimeout, ReadCancelled, ReaderNotStarted
from xiaobao_desktop.exchange.sheets import ReadLimits

CHILD_ARGUMENT: Final = "--read-workbook-child"
_MODULE: Final = "xiaobao_desktop.exchange.reader_child"
_SLICE_SECONDS: Final = 0.2


def child_command() -> list[str]:
    """How this program starts its reading child: itself with a hidden argument when frozen, else Python."""
    if getattr(sys, "frozen", False):
        return [sys.executable, CHILD_ARGUMENT]
    return [sys.executable, "-X", "utf8", "-m", _MODULE]


def _environment() -> dict[str, str]:
    """The parent's environment, with the folder of this package first on the module path (source checkout)."""
    environment = dict(os.environ)
    if not getattr(sys, "frozen", False):
        root = str(Path(__file__).resolve().parents[2])
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, (root, environment.get("PYTHONPATH"))))
    return environment


def ask_child(path: Path, limits: ReadLimits, cancelled: Callable[[], bool]) -> tuple[bytes, int]:
    """Let a child read ``path``.

    Args:
        path: an absolute path.
        limits: what the child may use.
        cancelled: asked several times a second; True stops the child.

    Returns:
        The child's whole answer and its exit code (not 0: it died; below 0: of that signal).

    Raises:
        FileTimeout: no answer within ``limits.seconds``.
        ReadCancelled: ``cancelled`` said so.
        ReaderNotStarted: the child could not be started.
    """
    question = json.dumps({"path": str(path), "limits": asdict(limits)}).encode()
    try:
        child = subprocess.Popen(  # noqa: S603 - our own program, no shell
            child_command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as error:
        raise ReaderNotStarted(file=path.name, reason="电脑没有让它运行") from error
    deadline = time.monotonic() + limits.seconds
    with child:
        try:
            return _wait(child, question, deadline, cancelled, path.name, limits)
        finally:
            if child.poll() is None:
                child.kill()


def _wait(
    child: subprocess.Popen[bytes],
    question: bytes,
    deadline: float,
    cancelled: Callable[[], bool],
    file: str,
    limits: ReadLimits,
) -> tuple[bytes, int]:
    unsent: bytes | None = question
    while True:
        try:
            answer, _ = child.communicate(unsent, timeout=_SLICE_SECONDS)
        except subprocess.TimeoutExpired as expired:
            unsent = None
            if cancelled():
                raise ReadCancelled(file=file) from expired
            if time.monotonic() > deadline:
                raise FileTimeout(file=file, seconds=limits.seconds) from expired
        else:
            return answer, child.returncode
