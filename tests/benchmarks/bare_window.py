"""The yardstick of the start: a bare PySide6 window with one table, in a process of its own. Prints JSON."""

from __future__ import annotations

import time

BEGAN = time.perf_counter()

import json  # noqa: E402 - the clock starts before anything is imported
import sys  # noqa: E402
from pathlib import Path  # noqa: E402

from PySide6.QtGui import QStandardItem, QStandardItemModel  # noqa: E402
from PySide6.QtWidgets import QApplication, QMainWindow, QTableView  # noqa: E402

ROWS, COLUMNS = 40, 8


def main() -> None:
    """Show the window, wait for its first paint, print seconds and resident memory."""
    app = QApplication(sys.argv[:1])
    model = QStandardItemModel(ROWS, COLUMNS)
    for row in range(ROWS):
        for column in range(COLUMNS):
            model.setItem(row, column, QStandardItem(f"第{row}行 {column}"))
    window, table = QMainWindow(), QTableView()
    table.setModel(model)
    window.setCentralWidget(table)
    window.resize(1366, 738)
    window.show()
    app.processEvents()
    usable_at = time.perf_counter()
    sys.stdout.write(json.dumps({"seconds": usable_at - BEGAN, "usable_at": usable_at, "memory_mb": memory_mb()}))


def memory_mb() -> float:
    """Resident memory of this process in MB (Linux)."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


main()
