"""Starts the window, in stages.

1. environment: scaling policy, folders for caches, UTF-8;
2. application: Qt, bundled fonts, colours, Chinese standard buttons;
3. book: the last one, a given one, the demo book, or the welcome window; a password is asked where there is one;
4. window: the main window on the book;
5. usable: the first list is painted.

A book without a password opens in a thread beside stage 2, as does the key derivation of ``self-test --startup``.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from xiaobao_desktop import log, paths
from xiaobao_desktop.errors import UserError

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from xiaobao_desktop.services.session import Session
    from xiaobao_desktop.ui.main_window import MainWindow

TRANSLATION = "qtbase_zh_CN"
_LAST_BOOK = "last-book.json"
_LOGIN_PAINTED = 150
"""Milliseconds after which the login stands there and waits for its password."""


class Stages:
    """Seconds at which each stage of the start was reached, counted from its making."""

    def __init__(self) -> None:
        self._began = time.perf_counter()
        # Loading makes tens of thousands of lasting objects; looking for garbage among them only costs time.
        gc.disable()
        self.reached: dict[str, float] = {}

    def mark(self, name: str) -> None:
        """A stage is done now."""
        self.reached[name] = time.perf_counter() - self._began


class RestoreWhileOpen(UserError):
    """小保已经开着，没有恢复这个备份：{file}。请到开着的小保窗口，在“数据”里点“从备份恢复…”，选这个文件。"""  # noqa: D415


class PackageWhileOpen(UserError):
    """小保已经开着，没有打开这个报送包：{file}。请到开着的小保窗口，在“数据”里点“汇总报送包…”，选这个文件。"""  # noqa: D415


def start(
    directory: Path | None, *, demo: bool = False, backup: Path | None = None, package: Path | None = None
) -> int:
    """Open the window and stay until it is closed.

    Args:
        directory: folder of the book; None takes the last one, else the welcome window.
        demo: the demo book instead, made when there is none.
        backup: a backup file that the officer opened: she is asked whether to restore it.
        package: a 报送包 that she opened: the data page shows it and offers to take it in.

    Returns:
        Exit code: 0 when the window was closed, 1 when no book could be opened.
    """
    stages = Stages()
    paths.prepare_environment()
    log.watch_native_crashes()
    opening = _open_beside(directory, demo=demo)
    app = application(stages)
    if opening is not None and opening[1] is not None:
        load_window()
    if (backup or package) and opening is not None and opening[1] is None and _told_open(opening[0], backup, package):
        return 1
    session = _session(directory, opening, backup)
    if session is None:
        return 0
    stages.mark("book")
    # The book is ours alone now: nobody else needs what an earlier run left.
    paths.clear_temporary()
    remember(session)
    window = show_window(app, session, stages)
    _begin_log(session, window)
    if backup is not None and opening is not None:
        _offer_restore(window, backup)
    if package is not None:
        _offer_package(window, package)
    _afterwards(session)
    _back_up_beside(session, window)
    _check_beside(session, window)
    _tell_of_last_run(session, window)
    try:
        code = app.exec()
        _back_up_at_end(session)
        return code
    finally:
        window.deleteLater()
        end(session)


def application(stages: Stages) -> QApplication:
    """The Qt application with fonts, colours and Chinese standard texts; defects go to the defect dialog."""
    from PySide6.QtCore import QLibraryInfo, QLocale, QSettings, Qt, QTranslator
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtWidgets import QApplication

    from xiaobao_desktop.ui import crash, theme

    stages.mark("libraries")
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    # Qt's own file dialog keeps its width and last folders; they stay among the program's files.
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(paths.program_data_dir() / "qt"))
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    crash.install()
    app.setApplicationName("xiaobao-desktop")
    app.setDesktopFileName("xiaobao-desktop")
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    translator = QTranslator(app)
    if translator.load(TRANSLATION, QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(translator)
    theme.apply(app)
    stages.mark("application")
    return app


def translated_cancel() -> str:
    """The word for Cancel in Qt's own Chinese translation.

    Raises:
        FileNotFoundError: the translation is not installed.
    """
    from PySide6.QtCore import QLibraryInfo, QTranslator

    translator = QTranslator()
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if not translator.load(TRANSLATION, folder):
        raise FileNotFoundError(f"{TRANSLATION}.qm")
    return translator.translate("QPlatformTheme", "Cancel")


def load_window() -> None:
    """Load the window's modules while the book is opening in its thread, or while its password is being typed."""
    from xiaobao_desktop.domain.ledgers import all_ledgers
    from xiaobao_desktop.ui import main_window  # noqa: F401 - loaded for the one who shows the window
    from xiaobao_desktop.ui.pages.ledger_presenter import presenter_type

    for ledger in all_ledgers():
        presenter_type(ledger.key)


def _prepare_window() -> None:
    """Load the window and draw its parts once, unseen, while the officer finds the keys of her password."""
    from xiaobao_desktop.ui import rehearsal

    load_window()
    rehearsal.rehearse()


def show_window(app: QApplication, session: Session, stages: Stages) -> MainWindow:
    """The main window on a book, shown; returns when its first list has been painted."""
    from xiaobao_desktop.ui import theme
    from xiaobao_desktop.ui.main_window import MainWindow

    theme.apply(app, session.settings.theme)
    window = MainWindow(session)
    window.show()
    stages.mark("window")
    app.processEvents()
    stages.mark("usable")
    gc.freeze()
    gc.enable()
    return window


def _begin_log(session: Session, window: MainWindow) -> None:
    """Compare clock and book with what is known of them, and write down that the book was opened."""
    from xiaobao_desktop.services import audit

    # The clock first: the entry of the opening carries its time.
    window.notices.look_at_clock()
    try:
        audit.signed_in(session)
    except UserError as error:
        from xiaobao_desktop.ui.dialogs.error_dialog import show_user_error

        show_user_error(error, window)
    window.notices.look_at_book()


def _afterwards(session: Session) -> None:
    """What the officer need not wait for."""
    from xiaobao_desktop.services import opened_files
    from xiaobao_desktop.services.books import keep_reserve
    from xiaobao_desktop.ui.tasks import tasks

    def work(_progress: object) -> None:
        # What a run that was killed had written out for other programs.
        opened_files.wipe()
        keep_reserve(session)

    tasks().run(work, lambda _result: None, lambda _error: None)


def _back_up_beside(session: Session, window: MainWindow) -> None:
    """Back the book up every half an hour while the window is open."""
    from xiaobao_desktop.ui.auto_backup import AutoBackup

    def tell(words: str) -> None:
        window.toast.tell(words, icon="triangle-alert")

    AutoBackup(session, window).failed.connect(tell)


def _tell_of_last_run(session: Session, window: MainWindow) -> None:
    """Once the window works: what is known of a run that did not end as it should, and the way to its drafts."""
    from PySide6.QtCore import QTimer

    began = log.run_begins(session.directory, session.now())

    def tell(began: datetime) -> None:
        from xiaobao_desktop.ui import crash

        draft = crash.tell_of_last_run(session, began, window)
        if draft is not None and draft.record_id is not None:
            window.open_record(draft.ledger.key, draft.record_id)
        elif draft is not None and window.show_page(draft.ledger.key):
            window.ledger_page(draft.ledger.key).create_record()

    if began is not None:
        QTimer.singleShot(0, window, lambda: tell(began))


def _check_beside(session: Session, window: MainWindow) -> None:
    """Look at the book's file a while after the start; once a week at everything."""
    from xiaobao_desktop.ui.book_check import BookCheck

    BookCheck(session, window).skipped.connect(lambda words: window.toast.tell(words, icon="triangle-alert"))


def _back_up_at_end(session: Session) -> None:
    """The backups that are due on leaving; whatever stands in their way, the book is closed afterwards."""
    from xiaobao_desktop.ui.dialogs.closing_backup import back_up_at_end

    if not session.book.closed:
        back_up_at_end(session)


def end(session: Session) -> None:
    """Stop work beside the window and close the book."""
    from xiaobao_desktop.services import opened_files
    from xiaobao_desktop.ui import clipboard
    from xiaobao_desktop.ui.tasks import tasks

    clipboard.clear_now()
    tasks().close()
    _end_log(session)
    session.close()
    opened_files.wipe()
    paths.clear_temporary()
    log.run_ends(session.directory)


def _end_log(session: Session) -> None:
    """Write down that the book is closed, and remember on this PC where its history ends."""
    from contextlib import suppress

    from xiaobao_desktop.services import anchors, audit

    if session.book.closed:
        return
    # A full disk must not keep the book open; the last entry then is not the closing.
    with suppress(UserError):
        audit.signed_out(session)
    anchors.remember(session)


def remember(session: Session) -> None:
    """Note which book was opened last; the demo book is not one to come back to."""
    if session.settings.demo:
        return
    file = paths.program_data_dir() / _LAST_BOOK
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        kept = {"directory": str(_within_stick(session.directory))}
        file.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
    except OSError:
        # Only a convenience is lost: the next start asks for the book.
        return


def _within_stick(directory: Path) -> Path:
    """A book's folder as noted: relative on a stick, whose drive letter differs from PC to PC."""
    stick = paths.portable_dir()
    return directory.relative_to(stick) if stick is not None and directory.is_relative_to(stick) else directory


def last_book() -> Path | None:
    """The book opened last, or the one in the usual place; None when there is neither."""
    from xiaobao_desktop.services.books import book_at

    try:
        kept = json.loads((paths.program_data_dir() / _LAST_BOOK).read_text(encoding="utf-8"))
        candidates = [(paths.portable_dir() or Path()) / kept["directory"]]
    except (OSError, ValueError, KeyError, TypeError):
        candidates = []
    candidates.append(paths.default_book_dir())
    return next((place for place in candidates if book_at(place)), None)


Opening = tuple[Path, "Future[Session] | None"]
"""A book to open, and the opening under way where no password is asked."""


def _open_beside(directory: Path | None, *, demo: bool) -> Opening | None:
    """Begin to open the book beside Qt's own start, where no password is needed."""
    from xiaobao_desktop.services import books

    place = directory or (None if demo else last_book())
    if demo:
        from xiaobao_desktop.services import demo as demo_book

        place = place or paths.program_data_dir() / demo_book.FOLDER
        return place, _submit(lambda: demo_book.open_demo(place))
    if place is None:
        return None
    try:
        open_now = books.book_at(place) and not books.needs_password(place)
    except UserError:
        # The login window meets the same error and tells it.
        open_now = False
    return place, _submit(lambda: books.open_book(place, None)) if open_now else None


def _submit(work: Callable[[], Session]) -> Future[Session]:
    pool = ThreadPoolExecutor(1, thread_name_prefix="opening")
    future = pool.submit(work)
    pool.shutdown(wait=False)
    return future


def _told_open(place: Path, backup: Path | None, package: Path | None) -> bool:
    """Whether the book is open in another window; the officer was then told where to open the file."""
    from xiaobao_desktop.services.books import in_use
    from xiaobao_desktop.ui.dialogs.error_dialog import show_user_error

    if not in_use(place):
        return False
    show_user_error(RestoreWhileOpen(file=backup) if backup else PackageWhileOpen(file=package))
    return True


def _offer_restore(window: MainWindow, backup: Path) -> None:
    """Ask on the data page, once the window works, whether a backup is to replace the present book."""
    from PySide6.QtCore import QTimer

    from xiaobao_desktop.ui.pages.data_page import DataPage
    from xiaobao_desktop.ui.pages.page import DATA

    page = window.page(DATA)
    if isinstance(page, DataPage) and window.show_page(DATA):
        QTimer.singleShot(0, page, lambda: page.offer_restore(backup))


def _offer_package(window: MainWindow, package: Path) -> None:
    """Show a package on the data page, once the window works, and offer to take it in."""
    from PySide6.QtCore import QTimer

    from xiaobao_desktop.ui.pages.data_page import DataPage
    from xiaobao_desktop.ui.pages.page import DATA

    page = window.page(DATA)
    if isinstance(page, DataPage) and window.show_page(DATA):
        QTimer.singleShot(0, page, lambda: page.export_card.open_consolidation((package,)))


def _session(directory: Path | None, opening: Opening | None, backup: Path | None = None) -> Session | None:
    """The opened book; asks for a password or shows the welcome window as needed. None when the officer gave up."""
    from xiaobao_desktop.services.books import book_at

    if opening is None:
        return _welcome(backup)
    place, under_way = opening
    try:
        if under_way is not None:
            return under_way.result()
        if directory is not None and not book_at(directory):
            from xiaobao_desktop.store.errors import BookMissing

            raise BookMissing(folder=directory)
    except UserError as error:
        return _mended(place, error) or _welcome()
    return _login(place)


def _mended(place: Path, error: UserError) -> Session | None:
    """Tell why a book without a password did not open; for a damaged one what can be done, and then that book."""
    from xiaobao_desktop.store.errors import BookDamaged
    from xiaobao_desktop.ui.dialogs.error_dialog import show_user_error

    if not isinstance(error, BookDamaged):
        show_user_error(error)
        return None
    from xiaobao_desktop.ui.dialogs.repair_dialog import repaired

    return repaired(place, f"{error.values['reason']}。")


def _login(place: Path) -> Session | None:
    from PySide6.QtCore import QTimer

    from xiaobao_desktop.ui.dialogs.login import CREATE_WANTED, LoginDialog

    dialog = LoginDialog(place)
    QTimer.singleShot(_LOGIN_PAINTED, dialog, _prepare_window)
    result = dialog.exec()
    session = dialog.session
    dialog.deleteLater()
    return _welcome() if result == CREATE_WANTED else session


def _welcome(backup: Path | None = None) -> Session | None:
    from PySide6.QtCore import QTimer

    from xiaobao_desktop.ui.dialogs.welcome import WelcomeWindow

    window = WelcomeWindow()
    if backup is not None:
        QTimer.singleShot(0, window, lambda: window.offer_restore(backup))
    window.exec()
    session = window.session
    window.deleteLater()
    return session
