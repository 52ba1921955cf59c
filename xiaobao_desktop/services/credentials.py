"""Who may open a book: names before the password is asked, changing the password, a fresh recovery key."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from xiaobao_desktop import resources
from xiaobao_desktop.domain import passwords
from xiaobao_desktop.domain.roles import Role
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import tries
from xiaobao_desktop.services.clock import wall_clock
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store import keyslots
from xiaobao_desktop.store.layout import KEY_FILE

RECOVERY_KEPT = "recovery_kept"
"""Setting: the day on which the officer proved that the recovery key lies on paper."""


Unlocked = keyslots.Unlocked
"""What a secret opens: hand it on to :func:`go_on`."""


class PasswordUnfit(UserError):
    """没有设密码：{reason}。"""  # noqa: D415


def users(directory: Path) -> tuple[str, ...]:
    """Real names of those who have a password for the book in ``directory``.

    Raises:
        KeyFileMissing, KeyFileDamaged: the key file cannot be read.
    """
    return keyslots.users(directory / KEY_FILE)


def roles(directory: Path) -> dict[str, Role]:
    """Those who have a password for the book, with their roles as the key file tells; errors as for :func:`users`."""
    return keyslots.roles(directory / KEY_FILE)


def password_weakness(password: str, names: Sequence[str] = ()) -> str:
    """Why a password cannot be taken, as a Chinese sentence; "" when it can. ``names`` are those of the users."""
    return passwords.weakness(password, names, _common())


def check_fit(password: str, names: Sequence[str] = ()) -> None:
    """Refuse a password that is easy to guess.

    Raises:
        PasswordUnfit: says why.
    """
    reason = password_weakness(password, names)
    if reason:
        raise PasswordUnfit(reason=reason)


def check_secret(directory: Path, secret: str) -> None:
    """Prove that ``secret`` opens the book, whoever's it is, without opening it; errors as for :func:`tries.prove`."""
    tries.prove(directory, secret, None, wall_clock())


def unlock(session: Session, secret: str) -> keyslots.Unlocked:
    """What the one who locked the program types to go on, for :func:`go_on`; errors as for :func:`tries.prove`."""
    return tries.prove(session.directory, secret, session.user, session.now())


def go_on(session: Session, unlocked: keyslots.Unlocked) -> None:
    """Open the locked book again.

    Raises:
        BookDamaged, BookForeign, BookReadOnly: it stays locked.
    """
    session.book.resume(unlocked.data_key)


def change_password(directory: Path, secret: str, new_password: str, user: str | None = None) -> None:
    """Replace a password; ``secret`` is the old one or the recovery key. The book itself stays as it is.

    Raises:
        PasswordUnfit: it is easy to guess.
        WrongPassword, TooManyTries: the secret does not open the book.
        TargetNotWritable, DiskFull: the old password stays.
    """
    check_fit(new_password, users(directory))
    with tries.counted(directory, secret, wall_clock()):
        keyslots.change_password(directory / KEY_FILE, secret, new_password, user)


def renew_recovery_key(session: Session, password: str) -> str:
    """Make a new recovery key, to be shown once; the old one opens nothing any more and the to-do comes back.

    Raises:
        NotAllowed: a reader.
        WrongPassword, TooManyTries: not the password of this officer.
        TargetNotWritable, DiskFull: the old key stays.
    """
    session.require("重新做恢复密钥")
    data_key = tries.prove(session.directory, password, session.user, session.now()).data_key
    words = keyslots.new_recovery_key(session.directory / KEY_FILE, data_key)
    set_recovery_kept(session, kept=False)
    return words


def recovery_kept(session: Session) -> bool:
    """Whether the officer has proved that the recovery key lies on paper (two groups asked back)."""
    return bool(session.book.setting(RECOVERY_KEPT))


def set_recovery_kept(session: Session, *, kept: bool) -> None:
    """Note whether the recovery key lies on paper."""
    with session.book.transaction("恢复密钥留存", session.user, session.now()) as writing:
        writing.set_setting(RECOVERY_KEPT, session.today().isoformat() if kept else None)


@cache
def _common() -> frozenset[str]:
    found: list[str] = resources.json_data("rules", "common_passwords.json")["items"]
    return frozenset(found)
