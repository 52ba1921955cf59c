"""The program has no way to the network: none in the code, none in a whole working day."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests import offline
from tests.test_architecture import imports

ROOT = Path(__file__).resolve().parent.parent
NETWORK = {
    "aiohttp",
    "asyncio",
    "ftplib",
    "http",
    "httpx",
    "imaplib",
    "nntplib",
    "poplib",
    "requests",
    "smtplib",
    "socket",
    "socketserver",
    "ssl",
    "telnetlib",
    "urllib",
    "urllib3",
    "webbrowser",
    "websockets",
    "xmlrpc",
}
"""Modules that reach the network."""
QT_NETWORK = ("PySide6.QtNetwork", "PySide6.QtWeb", "PySide6.QtHttpServer", "PySide6.QtRemoteObjects")
LOCAL_PARTS = {"urllib.parse"}
"""Of these, what only takes texts apart."""


def test_the_code_imports_nothing_that_reaches_the_network() -> None:
    found = [
        item.where
        for item in imports()
        if (item.module.split(".")[0] in NETWORK and item.module not in LOCAL_PARTS)
        or item.module.startswith(QT_NETWORK)
    ]
    assert found == []
    assert len(imports()) > 1000, "the imports were read"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    more = {"QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **more},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )


needs_filter = pytest.mark.skipif(not offline.possible(), reason="the filter is written for Linux on x86-64 and ARM")


@needs_filter
@pytest.mark.parametrize("family", ["AF_INET", "AF_INET6"])
def test_the_guard_ends_a_process_that_makes_an_internet_socket(family: str) -> None:
    program = (
        "import socket, subprocess, sys; from tests.offline import forbid_internet; forbid_internet();"
        "socket.socketpair(); print('inside', flush=True);"
        f"sys.exit(subprocess.run([sys.executable, '-c', 'import socket; socket.socket(socket.{family})']).returncode)"
    )
    ended = run("-c", program)
    assert ended.stdout == "inside\n", "sockets inside the machine are none of this"
    assert ended.returncode == 256 - signal.SIGSYS, "a program that was started is ended too"


@needs_filter
def test_a_whole_working_day_opens_no_internet_socket(tmp_path: Path) -> None:
    day = run("-m", "tests.offline_session", str(tmp_path))
    assert day.returncode == 0, day.stderr
    steps = ["window", "import", "pages", "report", "export", "backup", "restore", "sockets []"]
    assert day.stdout.split("\n")[:-1] == steps
