"""A working day with the real window, in a process that the kernel ends at the first internet socket.

``python -m tests.offline_session FOLDER`` prints what was done, step by step; Python's own sockets are also counted.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path

from tests.offline import forbid_internet

FAMILIES: list[int] = []


def _listen(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.__new__":
        FAMILIES.append(int(str(int(arguments[1]))))  # type: ignore[call-overload]
    elif event.startswith(("socket.getaddrinfo", "socket.gethostby", "socket.connect", "urllib.")):
        FAMILIES.append(-1)


def _tell(step: str) -> None:
    sys.stdout.write(f"{step}\n")
    sys.stdout.flush()


def main(folder: Path) -> None:
    """Open the window, import, look at every page, report, export, back up, check, close, restore."""
    from PySide6.QtCore import QEventLoop

    from tests.services.support import LEDGER_FILE, PASSWORD, imported
    from tests.store.books import QUICK
    from xiaobao_desktop import app
    from xiaobao_desktop.domain.period import parse_period
    from xiaobao_desktop.services import backup_places, backups, books, exporting, reporting
    from xiaobao_desktop.services.exporting import Order
    from xiaobao_desktop.ui.main_window import page_specs
    from xiaobao_desktop.ui.tasks import tasks

    made, _recovery = books.create_book(folder / "账簿", bank="某某银行", officer="王芳", password=PASSWORD, cost=QUICK)
    made.close()
    stages = app.Stages()
    application = app.application(stages)
    session = books.open_book(folder / "账簿", PASSWORD)
    window = app.show_window(application, session, stages)
    app._begin_log(session, window)
    _tell("window")
    imported(session, LEDGER_FILE)
    _tell("import")
    for spec in page_specs(session):
        window.show_page(spec.key)
        application.processEvents()
    window.open_manual()
    # The worker makes the report of its page meanwhile; in the program it makes all of them, one after the other.
    while tasks().busy:
        application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    _tell("pages")
    period = parse_period("2026-10")
    reporting.save_into(session, reporting.build(session, "monthly", period), folder / "报表", "pdf")
    _tell("report")
    exporting.write(session, exporting.make(exporting.prepare(session, Order(period, with_report=False))), folder)
    _tell("export")
    backup = backup_places.back_up_to_second(session, folder / "U 盘", backups.BackupKind.BY_HAND)
    assert all(finding.ok for finding in backups.verify(session))
    _tell("backup")
    window.close()
    app.end(session)
    backups.restore(backup, folder / "恢复", PASSWORD)
    _tell("restore")
    internet = [family for family in FAMILIES if family != 1]  # 1: AF_UNIX, inside this machine
    _tell(f"sockets {internet}")


if __name__ == "__main__":
    sys.addaudithook(_listen)
    forbid_internet()
    ended = False
    try:
        main(Path(sys.argv[1]))
        ended = True
    finally:
        if not ended:
            # The worker of the window would keep the process alive.
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)
