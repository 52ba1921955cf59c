"""Who may open a book: names before the password is asked, changing the password, a fresh recovery key."""

from __future__ import annotations

from pathlib import Path

from xiaobao_desktop.services.books import RECOVERY_KEPT
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store import keyslots
from xiaobao_desktop.store.layout import KEY_FILE


def users(directory: Path) -> tuple[str, ...]:
    """Real names of those who have a password for the book in ``directory``.

    Raises:
        KeyFileMissing, KeyFileDamaged: the key file cannot be read.
    """
    return keyslots.users(directory / KEY_FILE)


def check_secret(directory: Path, secret: str) -> None:
    """Prove that ``secret`` opens the book, without opening it (the lock page asks this way).

    Raises:
        WrongPassword: it does not.
        KeyFileMissing, KeyFileDamaged: the key file cannot be read.
    """
    keyslots.unlock(directory / KEY_FILE, secret)


def change_password(directory: Path, secret: str, new_password: str, user: str | None = None) -> None:
    """Replace a password; ``secret`` is the old one or the recovery key. The book itself stays as it is.

    Raises:
        WrongPassword: the secret does not open the book.
        TargetNotWritable, DiskFull: the old password stays.
    """
    keyslots.change_password(directory / KEY_FILE, secret, new_password, user)


def renew_recovery_key(session: Session, password: str) -> str:
    """Make a new recovery key, to be shown once; the old one opens nothing any more and the to-do comes back.

    Raises:
        WrongPassword: not the password of this book.
        TargetNotWritable, DiskFull: the old key stays.
    """
    path = session.directory / KEY_FILE
    words = keyslots.new_recovery_key(path, keyslots.unlock(path, password).data_key)
    set_recovery_kept(session, kept=False)
    return words


def recovery_kept(session: Session) -> bool:
    """Whether the officer has proved that the recovery key lies on paper (two groups asked back)."""
    return bool(session.book.setting(RECOVERY_KEPT))


def set_recovery_kept(session: Session, *, kept: bool) -> None:
    """Note whether the recovery key lies on paper."""
    with session.book.transaction("恢复密钥留存", session.user, session.now()) as writing:
        writing.set_setting(RECOVERY_KEPT, session.today().isoformat() if kept else None)
