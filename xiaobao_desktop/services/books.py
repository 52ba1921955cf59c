"""Making and opening books: the encrypted folder that holds everything.

Opening derives the key in one thread while the store's libraries load in the other: both take about a tenth of a
second, and together they take no longer than one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from xiaobao_desktop.domain import passwords
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.files import ensure_folder, explain
from xiaobao_desktop.services import tries
from xiaobao_desktop.services.clock import Clock, wall_clock
from xiaobao_desktop.store import keyslots, layout, subkeys
from xiaobao_desktop.store.errors import BookExists, BookInUse, BookMissing
from xiaobao_desktop.store.layout import KEY_FILE
from xiaobao_desktop.store.lock import BookLock

if TYPE_CHECKING:
    from xiaobao_desktop.services.session import Session

PASSWORD_LENGTH = passwords.LEAST
START_PASSWORDS = "start_passwords"
"""Setting: names of users whose password another knows (made by the program, or typed by an officer), as JSON.

It is good for one login, at which its user sets an own one.
"""
HANDING_OVER = "handing_over"
"""Setting while a hand-over is under way: both names as JSON."""


class StartPassword(UserError):
    """{name}用的是临时密码，没有打开。请打开小保的窗口，用临时密码登录一次，先设一个只有自己知道的密码。"""  # noqa: D415


def book_at(directory: Path) -> bool:
    """Whether the folder holds a book."""
    return layout.book_at(directory)


def needs_password(directory: Path) -> bool:
    """Whether opening asks for a password (a demo book does not).

    Raises:
        KeyFileMissing, KeyFileDamaged: the key file cannot be read.
    """
    return keyslots.needs_password(directory / KEY_FILE)


def create_book(
    directory: Path,
    *,
    bank: str,
    officer: str,
    password: str,
    open_without_password: bool = False,
    clock: Clock = wall_clock,
    cost: keyslots.Cost = keyslots.DEFAULT_COST,
) -> tuple[Session, str]:
    """Make a new, empty book and open it.

    Args:
        directory: made if missing; must not hold a book.
        bank: full name of the bank.
        officer: real name of the consumer-protection officer.
        password: her password; empty only with ``open_without_password``.
        open_without_password: for the demo book only.
        clock: gives the local time.
        cost: of deriving a key from the password; lower for books that tests make by the hundred.

    Returns:
        The session, and the recovery key to be shown once.

    Raises:
        BookExists: the folder holds a book already.
        TargetNotWritable, DiskFull: the folder cannot be written.
    """
    if book_at(directory):
        raise BookExists(folder=directory)
    from xiaobao_desktop.domain.ledgers import all_ledgers
    from xiaobao_desktop.services.session import Session
    from xiaobao_desktop.store.book import Book

    data_key = subkeys.new_data_key()
    ensure_folder(directory)
    _keep_old_keys(directory / KEY_FILE, clock())
    # The keys first: keys without a book are replaced by the next try, a book without keys could never be opened.
    recovery = keyslots.create(
        directory / KEY_FILE,
        password=password,
        user=officer,
        data_key=data_key,
        open_without_password=open_without_password,
        cost=cost,
    )
    book = Book.create(directory, data_key, all_ledgers())
    try:
        session = Session(book, officer, clock)
        with book.transaction("建立账簿", officer, session.now()) as changes:
            changes.set_setting("bank", bank)
            changes.set_setting("preparer", officer)
    except BaseException:
        book.close()
        raise
    return session, recovery


def _keep_old_keys(file: Path, now: datetime) -> None:
    """Keys without a book may belong to one that was moved away: they are renamed, never overwritten."""
    if not file.exists():
        return
    aside = file.with_name(f"{file.stem}-{now:%Y%m%d-%H%M%S}{file.suffix}")
    try:
        file.replace(aside)
    except OSError as error:
        raise explain(error, aside) from error


def in_use(directory: Path) -> bool:
    """Whether the book in a folder is open somewhere."""
    try:
        BookLock(directory).release()
    except BookInUse:
        return True
    except UserError:
        # Opening meets the same trouble and tells it.
        return False
    return False


def open_book(
    directory: Path,
    secret: str | None,
    *,
    user: str | None = None,
    clock: Clock = wall_clock,
    new_password: str | None = None,
) -> Session:
    """Open a book with a password or the recovery key.

    Args:
        directory: folder of the book.
        secret: password or recovery key; None for a book that needs none.
        user: who opens it; None for whoever has this password.
        clock: gives the local time.
        new_password: an own password in the place of one that is good for one login only.

    Raises:
        BookMissing, BookEmpty, BookForeign, BookNewer, BookDamaged, BookInUse: the book cannot be opened, see each.
        WrongPassword, TooManyTries, KeyFileMissing, KeyFileDamaged: the key cannot be had.
        UserRemoved: the book's own list no longer has this user.
        StartPassword: this password is good for one login only, and there is no ``new_password``.
        PasswordUnfit: the new one is easy to guess, or the one that was good for one login.
    """
    if not book_at(directory):
        raise BookMissing(folder=directory)
    with ThreadPoolExecutor(1) as beside:
        unlocking = beside.submit(tries.prove, directory, secret or "", user, clock())
        from xiaobao_desktop.domain.ledgers import all_ledgers
        from xiaobao_desktop.services import users
        from xiaobao_desktop.services.session import Session
        from xiaobao_desktop.store.book import Book

        ledgers = all_ledgers()
        unlocked = unlocking.result()
    # The recovery key belongs to nobody by name: whoever opens with it works as the officer of the book.
    user = unlocked.user or keyslots.first_officer(directory / KEY_FILE)
    book = Book.open(directory, unlocked.data_key, ledgers)
    try:
        session = Session(book, user, clock)
        keyslots.mend_copy(directory / KEY_FILE)
        settle_hand_over(session)
        if not unlocked.by_recovery and user in with_start_password(session):
            _take_own_password(session, unlocked, secret or "", new_password or "")
        session.role = users.role_in(book, directory, user, by_recovery=unlocked.by_recovery)
    except BaseException:
        book.close()
        raise
    return session


def with_start_password(session: Session) -> list[str]:
    """Names of the users who have to set an own password at their next login."""
    kept = session.book.setting(START_PASSWORDS)
    return json.loads(kept) if kept else []


def start_passwords_text(names: Sequence[str]) -> str | None:
    """Those names as the setting keeps them."""
    return json.dumps(list(names), ensure_ascii=False) if names else None


def _take_own_password(session: Session, unlocked: keyslots.Unlocked, start: str, own: str) -> None:
    """Put a user's own password in the place of one that another knows; cut off, he is asked again."""
    from xiaobao_desktop.services import credentials
    from xiaobao_desktop.store.audit import KEYS

    name, file = session.user, session.directory / KEY_FILE
    if not own:
        raise StartPassword(name=name)
    if passwords.same(own, start):
        raise credentials.PasswordUnfit(reason="新密码不能就是临时密码，请另设一个")
    credentials.check_fit(own, keyslots.users(file))
    keyslots.put_user(file, unlocked.data_key, name, unlocked.role, own)
    with session.book.transaction("用临时密码登录，设自己的密码", name, session.now()) as writing:
        writing.note(KEYS, None, {})
        writing.set_setting(START_PASSWORDS, _without(session, name))


def forget_start_password(session: Session) -> None:
    """The user of the session has set an own password another way (after the recovery key)."""
    if session.user in with_start_password(session):
        with session.book.transaction("设自己的密码", session.user, session.now()) as writing:
            writing.set_setting(START_PASSWORDS, _without(session, session.user))


def _without(session: Session, name: str) -> str | None:
    return start_passwords_text([one for one in with_start_password(session) if one != name])


def settle_hand_over(session: Session) -> None:
    """Write down how a hand-over ended that was cut off: the keys say who has the book now."""
    begun = session.book.setting(HANDING_OVER)
    if begun is None:
        return
    given, taken = json.loads(begun)
    done = taken in keyslots.users(session.directory / KEY_FILE)
    finish_hand_over(session, given, taken, done=done)


def finish_hand_over(session: Session, given: str, taken: str, *, done: bool) -> None:
    """The last entry of a hand-over: done, or given up with everything as it was."""
    from xiaobao_desktop.services import users
    from xiaobao_desktop.services.access import USERS
    from xiaobao_desktop.services.credentials import RECOVERY_KEPT

    words = "交接完成" if done else "交接没有完成"
    with session.book.transaction(f"{words}：{given} → {taken}", taken if done else given, session.now()) as writing:
        writing.set_setting(HANDING_OVER, None)
        if done:
            writing.set_setting(RECOVERY_KEPT, None)
            writing.set_setting(USERS, users.handed_over(session.book.setting(USERS), given, taken))
            if session.settings.preparer == given:
                writing.set_setting("preparer", taken)
    session.forget()


def keep_reserve(session: Session) -> None:
    """Set the reserve file aside that lets a book be closed properly on a full disk; for after the start.

    What a re-encryption that was cut off left takes its room first: it goes.
    """
    from xiaobao_desktop.store import space

    layout.drop_rekeyed(session.directory)
    space.keep_reserve(session.directory)
