"""Defects and sudden ends in real processes: kept without names, told, and told again by the next start."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli_program import ROOT
from tests.services.support import COMPLAINT, a_complaint, new_book
from xiaobao_desktop.services import drafts, records

_NAMES = ("刘秀兰", "13907991234", "zhoumin")

_DEFECTS = """
import threading
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from xiaobao_desktop import app as application
app = application.application(application.Stages())
app.setQuitOnLastWindowClosed(False)
told = []

def in_slot():
    raise ValueError("刘秀兰 13907991234 /home/zhoumin/账簿")

def in_thread():
    raise LookupError("刘秀兰 13907991234")

def look():
    dialog = QApplication.activeModalWidget()
    if dialog is None:
        return
    told.append(dialog.trouble.title)
    dialog.copy()
    print(ascii(QApplication.clipboard().text()))
    dialog.accept()
    if len(told) == 1:
        QTimer.singleShot(100, lambda: threading.Thread(target=in_thread).start())
    else:
        QTimer.singleShot(0, app.quit)

timer = QTimer()
timer.timeout.connect(look)
timer.start(20)
QTimer.singleShot(0, in_slot)
app.exec()
print(len(told))
"""

_START_FAILS = """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from xiaobao_desktop import app as application

app = application.application(application.Stages())

def look():
    dialog = QApplication.activeModalWidget()
    if dialog is not None:
        print("told")
        dialog.accept()

timer = QTimer()
timer.timeout.connect(look)
timer.start(20)
raise RuntimeError("刘秀兰 13907991234")
"""

_KILLED = """
import os, signal, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from xiaobao_desktop import app as application
shown = application.show_window
def show_and_die(*arguments):
    window = shown(*arguments)
    QTimer.singleShot(300, lambda: os.kill(os.getpid(), signal.SIGKILL))
    return window
application.show_window = show_and_die
application.start(Path(sys.argv[1]))
"""

_NEXT = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel
from xiaobao_desktop import app as application
shown = application.show_window
looks = []
def look(window):
    dialog = QApplication.activeModalWidget()
    if dialog is not None:
        print(ascii(" ".join(label.text() for label in dialog.findChildren(QLabel))))
        dialog.yes_button.click()
        return
    looks.append(1)
    if len(looks) == 10:
        print(ascii(" ".join(label.text() for label in window.findChildren(QLabel) if label.isVisible())))
        QApplication.exit(0)
def show_and_look(*arguments):
    window = shown(*arguments)
    window.timer = QTimer(window)
    window.timer.timeout.connect(lambda: look(window))
    window.timer.start(50)
    return window
application.show_window = show_and_look
application.start(Path(sys.argv[1]))
"""


def run(code: str, home: Path, *arguments: Path) -> subprocess.CompletedProcess[str]:
    """A process of its own with its own home folder."""
    environment = {**os.environ, "XIAOBAO_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-X", "utf8", "-c", code, *map(str, arguments)]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", timeout=60, check=False
    )


def everything_under(folder: Path) -> str:
    """What stands in all small files of a folder, names included."""
    return "\n".join(
        f"{path}\n{path.read_bytes().decode('utf-8', 'replace')}" for path in folder.rglob("*") if path.is_file()
    )


def test_a_defect_in_a_slot_and_one_in_a_thread_are_kept_and_told_without_names(tmp_path: Path) -> None:
    done = run(_DEFECTS, tmp_path)
    *copied, count = done.stdout.splitlines()
    assert count == "2", done.stderr
    assert "ValueError" in copied[0]
    assert "LookupError" in copied[1]
    kept = (tmp_path / "program" / "defects.log").read_text(encoding="utf-8")
    assert "in_slot" in kept
    assert "in_thread" in kept
    for name in _NAMES:
        assert name not in everything_under(tmp_path / "program")
        assert name not in done.stdout + done.stderr
        assert ascii(name)[1:-1] not in done.stdout


def test_a_defect_in_the_start_is_told(tmp_path: Path) -> None:
    done = run(_START_FAILS, tmp_path)
    assert done.stdout.split() == ["told"]
    assert done.returncode == 1
    assert "RuntimeError" in (tmp_path / "program" / "defects.log").read_text(encoding="utf-8")
    assert not [name for name in _NAMES if name in done.stderr]


@pytest.mark.skipif(os.name == "nt", reason="needs kill -9")
def test_after_a_kill_the_next_start_says_so_and_brings_the_draft_back(tmp_path: Path) -> None:
    home, book = tmp_path / "home", tmp_path / "book"
    session = new_book(book)
    records.save(session, COMPLAINT, a_complaint())
    drafts.keep(session, COMPLAINT, None, {"content": "客户说没有收到短信"}, {})
    drafts.keep_typed(session, "obligation.new", "新增报送事项", {"name": "季度报告"})
    session.close()
    assert run(_KILLED, home, book).returncode == -signal.SIGKILL
    after = run(_NEXT, home, book)
    told, shown = (line.encode().decode("unicode_escape") for line in after.stdout.splitlines()[:2])
    assert "上次小保没有正常关闭" in told
    assert "登记投诉" in told
    assert "新增报送事项" in told
    assert "再打开那里就在" in told
    assert "上次没有保存的内容已恢复" in shown
    # Ended as it should: nothing is told any more, and nothing of that run is left.
    again = run(_NEXT, home, book)
    assert again.returncode == 0, again.stderr
    assert "没有正常关闭" not in again.stdout.encode().decode("unicode_escape")
    assert not list((home / "program").glob("running-*"))
    assert not list((home / "program").glob("native-*"))


def test_a_crash_below_python_leaves_where_it_was(tmp_path: Path) -> None:
    crash = "from xiaobao_desktop import log\nimport faulthandler\nlog.watch_native_crashes()\nfaulthandler._sigsegv()"
    assert run(crash, tmp_path).returncode != 0
    found = run("from xiaobao_desktop import log\nprint(log.native_crash())\nprint(repr(log.native_crash()))", tmp_path)
    assert "Segmentation fault" in found.stdout
    assert found.stdout.splitlines()[-1] == "''"
    assert str(Path.home()) not in found.stdout
