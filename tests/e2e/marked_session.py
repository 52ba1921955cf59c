"""A session of the window with a marked person, for ``test_markers.py``: run as a program, it ends by being killed.

Arguments: the book, the folder for what is written out, a workbook to import, a file to attach.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

from tests.e2e.waiting import until
from tests.services.support import COMPLAINT, a_complaint, imported
from tests.store.books import QUICK
from xiaobao_desktop import app, paths
from xiaobao_desktop.domain.period import parse_period
from xiaobao_desktop.services import (
    attachments,
    audit_log,
    audit_paper,
    backup_places,
    backups,
    books,
    exporting,
    list_export,
    reporting,
    todo_print,
)
from xiaobao_desktop.services.audit_log import LogQuery
from xiaobao_desktop.services.backups import BackupKind
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Query
from xiaobao_desktop.ui.main_window import MainWindow
from xiaobao_desktop.ui.pages.record_form import RecordForm

NAME, PHONE, ID_NUMBER = "欧阳标记人", "13800138765", "110101199003070134"
PASSWORD = "liuxi-2026"
NOW = datetime(2026, 11, 23, 9, 41, tzinfo=timezone(timedelta(hours=8)))
NOVEMBER = parse_period("2026-11")


def main(book: Path, out: Path, workbook: Path, scan: Path) -> None:
    """The whole session; never returns."""
    paths.prepare_environment()
    stages = app.Stages()
    qt = app.application(stages)
    session, _key = books.create_book(
        book, bank="云岭惠民村镇银行", officer="周敏", password=PASSWORD, clock=lambda: NOW, cost=QUICK
    )
    app.remember(session)
    window = app.show_window(qt, session, stages)
    case_id = typed(session, window)
    attachments.add(session, COMPLAINT, case_id, COMPLAINT.evidence[0].key, scan)
    imported(session, workbook)
    looked_at(window, case_id)
    written_out(session, out)
    crashed()
    locked(window)
    # Typed and not saved, then the power goes.
    form = empty_form(window)
    form.cells["complainant"].editor.set_value(NAME)
    form.cells["content"].editor.set_value(f"{NAME} {PHONE} {ID_NUMBER}")
    form.draft.keep()
    os.kill(os.getpid(), signal.SIGKILL)


def typed(session: Session, window: MainWindow) -> int:
    """A complaint through its form."""
    window.show_page("complaint")
    form = empty_form(window)
    content = f"{NAME}来电 {PHONE}"
    entered = a_complaint("2026-11-20", complainant=NAME, phone=PHONE, id_number=ID_NUMBER, content=content)
    for key, value in entered.values.items():
        if key in form.cells and value is not None:
            form.cells[key].editor.set_value(value)
    form.draft.keep()
    form.save()
    (case_id,) = session.book.ids(COMPLAINT, Query())
    return case_id


def empty_form(window: MainWindow) -> RecordForm:
    """The form of a new complaint."""
    page = window.ledger_page("complaint")
    page.create_record()
    assert page._form is not None
    return page._form


def looked_at(window: MainWindow, case_id: int) -> None:
    """Every page, the opened case, the search, F9."""
    window.open_record("complaint", case_id)
    page = window.ledger_page("complaint")
    page._reveal(revealed=True)
    page.search_box.setText(NAME)
    for key in ("workbench", "charts", "reports", "data", "settings", "complaint"):
        window.show_page(key)
    from xiaobao_desktop.ui.tasks import tasks

    until(lambda: not tasks().busy)


def written_out(session: Session, out: Path) -> None:
    """Everything that leaves masked, and what leaves encrypted."""
    for index, order in enumerate((exporting.Order(NOVEMBER), exporting.Order(NOVEMBER, masked=False, reason="检查"))):
        exporting.write(session, exporting.make(exporting.prepare(session, order)), made(out / f"package{index}"))
    for ending in (list_export.XLSX, list_export.CSV):
        list_export.write(session, list_export.whole(session, COMPLAINT), made(out / "list") / f"投诉.{ending}")
    for name in ("monthly", "quarterly"):
        for built in reporting.build_all(session, name, NOVEMBER if name == "monthly" else parse_period("2026Q4")):
            for ending in ("pdf", "docx"):
                reporting.save_into(session, built, made(out / "report"), ending)
    audit_log.export(session, LogQuery(), made(out / "log") / "操作记录.xlsx")
    (out / "log" / "操作记录.pdf").write_bytes(todo_print.render(audit_paper.sheet(session, LogQuery())))
    (out / "log" / "本周待办.pdf").write_bytes(todo_print.render(todo_print.build(session, session.today())))
    backups.backup(session, made(out / "backup"))
    backup_places.back_up_to_second(session, made(out / "stick"), BackupKind.BY_HAND)
    backup_places.back_up_if_changed(session)


def crashed() -> None:
    """A defect whose message holds the person; its dialog is closed."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QDialog

    def close() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QDialog):
            dialog.reject()

    timer = QTimer(interval=20)
    timer.timeout.connect(close)
    timer.start()
    try:
        raise RuntimeError(f"cannot save {NAME} {PHONE} {ID_NUMBER}")
    except RuntimeError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    timer.stop()


def locked(window: MainWindow) -> None:
    """Locked and unlocked."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from xiaobao_desktop.ui.dialogs.login import LoginDialog

    def unlock() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, LoginDialog) and not dialog.busy:
            timer.stop()
            dialog.password.setText(PASSWORD)
            dialog.submit()

    timer = QTimer(interval=20)
    timer.timeout.connect(unlock)
    timer.start()
    window.lock()


def made(folder: Path) -> Path:
    """The folder, made."""
    folder.mkdir(parents=True, exist_ok=True)
    return folder


if __name__ == "__main__":
    main(*(Path(text) for text in sys.argv[1:5]))
