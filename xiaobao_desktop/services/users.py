"""Users of the book: real names with a role and a password of their own; an officer adds, resets and removes them.

A role stands twice: bound into the user's key slot, where an edited role opens nothing, and in the book's own list.
The lower one counts, and who is on the list no more stays outside although an older key file has his slot.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from xiaobao_desktop.domain import roles
from xiaobao_desktop.domain.roles import Role
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import books, credentials, tries
from xiaobao_desktop.services.access import USERS
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store import keyslots
from xiaobao_desktop.store.book import Book, Transaction
from xiaobao_desktop.store.layout import KEY_FILE


class User(NamedTuple):
    """One who may open the book: real name, role, and whether it is the one who works in it now."""

    name: str
    role: Role
    own: bool


class UserRemoved(UserError):
    """{name}已经不在这本账簿的用户名单里，没有打开。需要查看时，请消保专员在“设置 → 用户与权限”里重新添加。"""  # noqa: D415


class UserKnown(UserError):
    """没有添加：已经有一位{name}了。同名的请在姓名后加部门，如“{name}（合规部）”。"""  # noqa: D415


class UserUnknown(UserError):
    """用户名单里没有{name}，没有改动。请刷新名单再看。"""  # noqa: D415


class LastOfficer(UserError):
    """没有移除：{name}是最后一位专员，移除后谁也不能登记了。换人请用“设置 → 密码 → 开始交接”。"""  # noqa: D415


class OwnAccount(UserError):
    """没有移除：这是您自己。请由另一位专员来移除，或用“设置 → 密码 → 开始交接”。"""  # noqa: D415


class NameMissing(UserError):
    """请填姓名：操作记录里写的是真实姓名。"""  # noqa: D415


def listed(session: Session) -> tuple[User, ...]:
    """Everybody who may open the book, officers first."""
    found = _all(session)
    order = sorted(found, key=lambda name: found[name] is not Role.OFFICER)
    return tuple(User(name, found[name], name == session.user) for name in order)


def role_in(book: Book, directory: Path, user: str, *, by_recovery: bool = False) -> Role:
    """What somebody may do whose secret has opened the book.

    Args:
        book: the open book.
        directory: its folder.
        user: whose slot opened it.
        by_recovery: it was the recovery key, which lies in the officer's safe: everything may be done.

    Raises:
        UserRemoved: the book's list does not have this user.
    """
    if by_recovery:
        return Role.OFFICER
    slot = keyslots.roles(directory / KEY_FILE).get(user, Role.READER)
    kept = book.setting(USERS)
    if kept is None:
        return slot
    known = roles.from_text(kept)
    if user not in known:
        raise UserRemoved(name=user)
    return roles.lower(slot, known[user])


def add(session: Session, secret: str, name: str, role: Role, password: str) -> None:
    """Let somebody open the book with a password of his own.

    Args:
        session: of an officer.
        secret: the officer's password, or the recovery key.
        name: real name, as it will stand in the log.
        role: what he may do.
        password: good for his first login, at which he sets his own.

    Raises:
        NotAllowed, NameMissing, UserKnown, PasswordUnfit, WrongPassword, TooManyTries, TargetNotWritable, DiskFull:
            nobody was added.
    """
    session.require("添加用户")
    name = " ".join(name.split())
    if not name:
        raise NameMissing
    before = _all(session)
    if name in before:
        raise UserKnown(name=name)
    credentials.check_fit(password, (*before, name))
    data_key = tries.prove(session.directory, secret, session.user, session.now()).data_key
    starts = books.with_start_password(session)
    # The list first: a slot without an entry would open nothing.
    _keep(session, f"添加{role.label}用户 {name}", {**before, name: role}, [*starts, name])
    try:
        keyslots.put_user(session.directory / KEY_FILE, data_key, name, role, password)
    except UserError:
        _keep(session, f"添加{role.label}用户 {name} 没有完成", before, starts)
        raise


def reset_password(session: Session, secret: str, name: str, password: str) -> None:
    """Give another user, who forgot his password, one for his next login; he sets his own then. Errors as :func:`add`.

    Raises:
        UserUnknown: there is no such user.
    """
    session.require("重设密码")
    known = _all(session)
    if name not in known:
        raise UserUnknown(name=name)
    credentials.check_fit(password, tuple(known))
    data_key = tries.prove(session.directory, secret, session.user, session.now()).data_key
    starts, operation = books.with_start_password(session), f"重设{name}的密码"
    # The mark first: cut off in between, he sets another own password once more.
    _mark(session, operation, name, [*starts, name])
    try:
        keyslots.put_user(session.directory / KEY_FILE, data_key, name, known[name], password)
    except UserError:
        _mark(session, f"{operation} 没有完成", name, starts)
        raise


def remove(session: Session, secret: str, name: str) -> None:
    """Take somebody's way into the book away; errors as for :func:`add`.

    Raises:
        UserUnknown, LastOfficer, OwnAccount: nobody was removed.
    """
    session.require("移除用户")
    before = _all(session)
    if name not in before:
        raise UserUnknown(name=name)
    rest = {other: role for other, role in before.items() if other != name}
    if Role.OFFICER not in rest.values():
        raise LastOfficer(name=name)
    if name == session.user:
        raise OwnAccount
    data_key = tries.prove(session.directory, secret, session.user, session.now()).data_key
    keyslots.remove_user(session.directory / KEY_FILE, data_key, name)
    _keep(session, f"移除{before[name].label}用户 {name}", rest, books.with_start_password(session))


def handed_over(kept: str | None, given: str, taken: str) -> str | None:
    """The book's list after a hand-over: the successor instead of the old officer; None where there is no list."""
    if kept is None:
        return None
    known = {name: role for name, role in roles.from_text(kept).items() if name != given}
    return roles.to_text({taken: Role.OFFICER, **known})


def _all(session: Session) -> dict[str, Role]:
    """The users by the key file, with the role that counts; entries of the list without a slot are left out."""
    kept = session.book.setting(USERS)
    slots = keyslots.roles(session.directory / KEY_FILE)
    if kept is None:
        return slots
    known = roles.from_text(kept)
    return {name: roles.lower(role, known[name]) for name, role in slots.items() if name in known}


def _keep(session: Session, operation: str, known: dict[str, Role], starts: list[str]) -> None:
    """Write the list, and who of it has to set an own password."""
    with session.book.transaction(operation, session.user, session.now()) as writing:
        writing.set_setting(USERS, roles.to_text(known))
        _keep_starts(session, writing, [name for name in starts if name in known])


def _mark(session: Session, operation: str, name: str, starts: list[str]) -> None:
    """Note what is done with a user's password, and who has to set an own one."""
    with session.book.transaction(operation, session.user, session.now()) as writing:
        writing.note(USERS, None, {"user": name})
        _keep_starts(session, writing, list(dict.fromkeys(starts)))


def _keep_starts(session: Session, writing: Transaction, starts: list[str]) -> None:
    if starts != books.with_start_password(session):
        writing.set_setting(books.START_PASSWORDS, books.start_passwords_text(starts))
