"""Bringing a backup back while the window is open: proven first, then exchanged, then the session goes on with it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from xiaobao_desktop.domain.ledgers import all_ledgers
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services.backups import note_restored
from xiaobao_desktop.services.clock import Clock, wall_clock
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.services.users import role_in
from xiaobao_desktop.store import keyslots
from xiaobao_desktop.store.book import Book
from xiaobao_desktop.store.layout import KEY_FILE
from xiaobao_desktop.store.restore import RestoreResult
from xiaobao_desktop.store.restore import restore as restore_file


class RestoreHalfway(UserError):
    """恢复没有做完：{reason}请关掉小保重新打开；原来的账簿和备份文件都还在。"""  # noqa: D415


def restore_as_book(file: Path, directory: Path, secret: str | None, *, clock: Clock = wall_clock) -> Session:
    """Make the book of this computer out of a backup, as on a new one, and open it.

    Args:
        file: the backup file.
        directory: where the book is to lie; made when missing.
        secret: password or recovery key of the time of the backup; None for demo books.
        clock: gives the local time.

    Raises:
        BackupMissing, BackupDamaged, BookNewer, WrongPassword, BookInUse, TargetRefused: there is no new book.
    """
    result = restore_file(file, directory, secret)
    user = _user(result)
    book = Book.open(directory, result.data_key, all_ledgers())
    try:
        note_restored(book, result, clock())
        return Session(book, user, clock, role_in(book, directory, user, by_recovery=not result.user))
    except BaseException:
        book.close()
        raise


def _user(result: RestoreResult) -> str:
    """Who works on: whose password opened the backup; with the recovery key the first officer."""
    return result.user or keyslots.first_officer(result.directory / KEY_FILE)


def restore_into(session: Session, file: Path, secret: str | None) -> RestoreResult:
    """Replace the open book by the one in a backup; the session works with it afterwards.

    The backup is first unpacked and proven in a folder of its own, while the present book stays open: a damaged
    backup or a wrong password changes nothing.

    Args:
        session: the open book; everything that shows it must be refreshed after the call.
        file: the backup file.
        secret: password or recovery key of the time of the backup; None for demo books.

    Raises:
        BackupMissing, BackupDamaged, BookNewer, WrongPassword, TargetRefused: the present book is open and unchanged.
        RestoreHalfway: the present book was closed; the program has to be started again.
    """
    from xiaobao_desktop.services import erasing

    session.require("恢复备份")
    with tempfile.TemporaryDirectory(prefix="xiaobao-") as place:
        restore_file(file, Path(place) / "book", secret, with_attachments=False)
    directory = session.directory
    try:
        erased = erasing.known(session)
    except UserError:
        # A damaged book is restored, too; its registers tell the rest.
        erased = []
    session.close()
    try:
        result = restore_file(file, directory, secret)
        session.book = Book.open(directory, result.data_key, all_ledgers())
        note_restored(session.book, result, session.now())
    except UserError as error:
        raise RestoreHalfway(reason=error.message) from error
    session.user = _user(result)
    session.role = role_in(session.book, directory, session.user, by_recovery=not result.user)
    session.forget()
    erasing.remember(session, erased)
    return result
