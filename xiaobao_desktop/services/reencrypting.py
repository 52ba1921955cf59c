"""疑似泄露：重新加密: a new key for the whole book, when a copy of it and a password may be in other hands.

A changed password does not help then: it opens the same data key. Copies that are out already stay readable with the
old password; from now on the book, its attachments and its new backups open with nothing that was known before.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from xiaobao_desktop.domain.roles import Role
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import anchors, audit, backup_places, credentials, tries, users
from xiaobao_desktop.services.backups import BackupKind, backup
from xiaobao_desktop.services.books import START_PASSWORDS, needs_password, start_passwords_text
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store import erasing, keyslots, rekeying, retired_copies
from xiaobao_desktop.store.audit import BACKUP
from xiaobao_desktop.store.errors import WrongPassword
from xiaobao_desktop.store.keyslots import Entrant
from xiaobao_desktop.store.layout import KEY_FILE
from xiaobao_desktop.store.rekeying import Room
from xiaobao_desktop.store.subkeys import new_data_key

OPERATION = "重新加密账簿"
SWAPPING = "正在换上新账簿…"
"""What is told when the work can no longer be given up."""
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without letters and digits that look alike on paper."""
_PARTS, _PART = 3, 4

OldCopy = erasing.OldCopy
"""A backup file, or a folder with a whole book: its path and moment."""
Stop = Callable[[], bool]
Tell = Callable[[int, int, str], None]


class ReasonMissing(UserError):
    """没有重新加密：请写明原因，操作记录里要用。"""  # noqa: D415


class NothingToReencrypt(UserError):
    """演示台账不要密码，没有可以泄露的，不用重新加密。请先建立自己的账簿。"""  # noqa: D415


class NotConfirmed(UserError):
    """没有删除：请在确认栏里照样输入“{phrase}”。"""  # noqa: D415


class NoNewBackup(UserError):
    """没有删除：用新密钥做的备份还没有做成。请先到“数据”点“现在备份”，再来删除旧的。"""  # noqa: D415


@dataclass(frozen=True)
class Outlook:
    """What a re-encryption will meet: room on the disk, how many attachments, names of the other users."""

    room: Room
    files: int
    others: tuple[str, ...]


@dataclass(frozen=True)
class StartPassword:
    """A password made by the program, for one login of a user who is not here: name, role, password."""

    name: str
    role: Role
    password: str


@dataclass(frozen=True)
class Ready:
    """New keys that are in force nowhere yet.

    Attributes:
        data_key: the new one.
        keys: content of the key file, and the recovery key, to be shown once.
        starts: start passwords of the other users, to be handed to each.
        reason: why, for the history.
    """

    data_key: bytes
    keys: keyslots.FreshKeys
    starts: tuple[StartPassword, ...]
    reason: str


@dataclass(frozen=True)
class Done:
    """What came of it.

    Attributes:
        aside: the folder that still holds the old set; None when it was deleted.
        backup: the first backup under the new key, None when it could not be made.
        trouble: what did not work afterwards, in Chinese; "" when all did. The re-encryption itself is done.
        lost: names of attachments that were missing or damaged before.
    """

    aside: Path | None
    backup: Path | None
    trouble: str
    lost: tuple[str, ...]


def look(session: Session) -> Outlook:
    """What the officer has to know beforehand.

    Raises:
        NotAllowed, NothingToReencrypt.
    """
    _require(session)
    others = tuple(one.name for one in users.listed(session) if not one.own)
    return Outlook(rekeying.room(session.book), session.book.attachment_count(), others)


def prepare(
    session: Session,
    secret: str,
    new_password: str,
    reason: str,
    *,
    cost: keyslots.Cost = keyslots.DEFAULT_COST,
) -> Ready:
    """Prove the officer and make the new keys, in memory only.

    Args:
        session: of an officer.
        secret: her password of now.
        new_password: her new one.
        reason: why, in her words.
        cost: of deriving a key from a password; lower for tests.

    Raises:
        NotAllowed, NothingToReencrypt, ReasonMissing: as their names say.
        PasswordUnfit: the new password is easy to guess, or the old one.
        WrongPassword, TooManyTries: not the password of this officer.
    """
    _require(session)
    if not reason.strip():
        raise ReasonMissing
    listed = users.listed(session)
    credentials.check_fit(new_password, [one.name for one in listed])
    tries.prove(session.directory, secret, session.user, session.now())
    if _opens(session, new_password):
        raise credentials.PasswordUnfit(reason="新密码不能和现在的一样，旧密码可能已经被别人知道")
    starts = tuple(StartPassword(one.name, one.role, _start_password()) for one in listed if not one.own)
    entrants = [Entrant(session.user, session.role, new_password)]
    entrants += [Entrant(one.name, one.role, one.password) for one in starts]
    data_key = new_data_key()
    return Ready(data_key, keyslots.fresh(data_key, entrants, cost=cost), starts, reason.strip())


def carry_out(
    session: Session,
    ready: Ready,
    *,
    recovery_kept: bool = False,
    keep_old: bool = False,
    tell: Tell = lambda _done, _of, _what: None,
    stop: Stop = lambda: False,
) -> Done:
    """Re-encrypt the open book; the session goes on with it. Until the last step nothing of the present book changes.

    Args:
        session: of the officer who prepared it; whoever shows records must read them again.
        ready: from :func:`prepare`.
        recovery_kept: the new recovery key was proved to lie on paper.
        keep_old: leave the old set in its folder even after the new backup was proven.
        tell: told of the progress.
        stop: asked until the last step whether to give it up.

    Raises:
        NotAllowed, NothingToReencrypt: as their names say.
        RekeyNoRoom, RekeyStopped, RekeyNotProven, RekeyOvertaken, BookDamaged, TargetRefused: the old book, password
            and recovery key are as they were.
        RekeyHalfway: the new ones are in force; the program has to be started again.
    """
    _require(session)
    registers, order = _registers(session), _order(session, ready, recovery_kept=recovery_kept)
    made = rekeying.make(session.book, order, tell, stop)
    tell(0, 0, SWAPPING)
    aside: Path | None = rekeying.swap(session.book, made, order)
    session.forget()
    anchors.remember(session)
    erasing.keep_register(session.book, registers)
    tell(0, 0, "正在做新备份并查验…")
    file, trouble = _back_up(session)
    if file is not None and aside is not None and not keep_old and not made.lost:
        trouble = "".join((trouble, _drop_old_set(session, aside)))
        aside = aside if aside.exists() else None
    return Done(aside, file, trouble, made.lost)


def old_copies(session: Session) -> tuple[OldCopy, ...]:
    """What still opens with an old password, in the places that the program knows, the oldest first."""
    return tuple(retired_copies.listed(session.book, _folders(session)))


def phrase(count: int) -> str:
    """What has to be typed before so many old copies are deleted."""
    return f"删除{count}份"


def drop(session: Session, copies: Sequence[OldCopy], typed: str) -> tuple[OldCopy, ...]:
    """Delete old backups and old sets for good; those that could not be deleted.

    Args:
        session: of an officer.
        copies: chosen of :func:`old_copies`.
        typed: the :func:`phrase`.

    Raises:
        NotAllowed: a reader.
        NotConfirmed: it was not typed.
        NoNewBackup: there is no backup under the new key yet.
    """
    session.require("删除旧备份")
    if typed.strip() != phrase(len(copies)):
        raise NotConfirmed(phrase=phrase(len(copies)))
    if not retired_copies.backed_up(session.book, _folders(session)):
        raise NoNewBackup
    left = tuple(erasing.drop(copies))
    gone = [one.path.name for one in copies if one not in left]
    retired_copies.clear_pools(session.book, _folders(session))
    if gone:
        audit.note(session, BACKUP, f"删除重新加密以前的旧备份 {len(gone)} 份", {"file": "、".join(gone)})
    return left


def _require(session: Session) -> None:
    session.require(OPERATION)
    if not needs_password(session.directory):
        raise NothingToReencrypt


def _opens(session: Session, password: str) -> bool:
    try:
        keyslots.unlock(session.directory / KEY_FILE, password, session.user)
    except WrongPassword:
        return False
    return True


def _start_password() -> str:
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(_PART)) for _ in range(_PARTS))


def _order(session: Session, ready: Ready, *, recovery_kept: bool) -> rekeying.Order:
    names = [one.name for one in ready.starts]
    settings = {
        START_PASSWORDS: start_passwords_text(names),
        credentials.RECOVERY_KEPT: session.today().isoformat() if recovery_kept else None,
    }
    facts = {"reason": ready.reason, "users": "、".join(names)}
    return rekeying.Order(ready.data_key, ready.keys.content, OPERATION, session.user, session.now(), facts, settings)


def _back_up(session: Session) -> tuple[Path | None, str]:
    """A proven backup beside the book, and one in the second place where it is there; what did not work."""
    file, trouble = None, ""
    try:
        file = backup(session, backup_places.own_folder(session), BackupKind.BY_ITSELF)
        second = backup_places.chosen_folder(session)
        if second is not None and second.is_dir():
            backup_places.back_up_to_second(session, second, BackupKind.BY_HAND)
    except UserError as error:
        trouble = error.message
    return file, trouble


def _drop_old_set(session: Session, aside: Path) -> str:
    """Delete the old set; why that did not work, "" when it did."""
    try:
        shutil.rmtree(aside)
    except OSError:
        return f"旧账簿的文件夹 {aside.name} 没有删干净，请关掉占用它的程序，再到这里删除。"
    # It is gone, whether or not the book still takes a note of it.
    with suppress(UserError):
        audit.note(session, BACKUP, "删除重新加密以前的账簿", {"file": aside.name})
    return ""


def _folders(session: Session) -> list[Path]:
    second = backup_places.chosen_folder(session)
    return [backup_places.own_folder(session), *([second] if second is not None and second.is_dir() else [])]


def _registers(session: Session) -> list[Path]:
    """Where the register of erasures lies: beside the book, and beside the backups that survive the PC."""
    return [session.directory, *_folders(session)[1:]]
