"""A double click on a 报送包 (.xbpack): the whole program as its own process shows what it is, on the data page."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli_program import ROOT, environment
from tests.services.support import COMPLAINT, Clock, a_complaint, new_book
from xiaobao_desktop.domain.period import parse_period
from xiaobao_desktop.services import exporting, options, records
from xiaobao_desktop.services.exporting import Order

HAND = """
import json, sys
from PySide6.QtCore import QThread, QTimer
from PySide6.QtWidgets import QApplication
from xiaobao_desktop import cli
from xiaobao_desktop.ui.dialogs.consolidation_dialog import ConsolidationDialog
from xiaobao_desktop.ui.main_window import MainWindow

app = QApplication([])
seen = []

def look():
    dialog = QApplication.activeModalWidget()
    if isinstance(dialog, ConsolidationDialog) and dialog.looked and not dialog.busy:
        seen.append([[item.bank, item.state.value, item.total] for item in dialog.looked])
        dialog.reject()
    for window in QApplication.topLevelWidgets():
        if isinstance(window, MainWindow) and window.isVisible() and dialog is None and seen:
            if QThread.currentThread().loopLevel():
                seen.append(window.current_key())
                window.close()

timer = QTimer()
timer.timeout.connect(look)
timer.start(50)
code = cli.run([sys.argv[1]])
print(json.dumps({"code": code, "seen": seen}))
"""


def test_the_data_page_shows_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bank = new_book(tmp_path / "bank", Clock())
    options.save_settings(bank, bank="云岭村镇银行")
    records.save(bank, COMPLAINT, a_complaint("2026-10-08"))
    order = Order(parse_period("2026-10"), ("complaint",), with_report=False, for_program=True)
    file = exporting.write(bank, exporting.make(exporting.prepare(bank, order)), tmp_path).path
    bank.close()
    assert file.suffix == ".xbpack"
    new_book(tmp_path / "home" / "小保账簿").close()
    monkeypatch.setenv("XIAOBAO_HOME", str(tmp_path / "home"))
    done = subprocess.run(
        [sys.executable, "-c", HAND, str(file)],
        cwd=ROOT,
        env=environment(QT_QPA_PLATFORM="offscreen"),
        capture_output=True,
        stdin=subprocess.DEVNULL,
        encoding="utf-8",
        timeout=60,
    )
    assert done.returncode == 0, done
    assert json.loads(done.stdout) == {"code": 0, "seen": [[["云岭村镇银行", "可汇总", 1]], "data"]}
