"""Key slots: the book's random data key, wrapped once per password and once by the recovery key.

Changing a password writes a new slot; the book itself keeps every byte. A slot is Argon2id (RFC 9106, its costs are
stored beside it) followed by AES-256-GCM, bound to its kind, user and role: a role that is edited in the file opens
nothing. Loads no database library, so that the slow derivation can run in a thread while those are imported.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from secrets import token_bytes
from typing import Any, BinaryIO, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from xiaobao_desktop.domain.roles import Role
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.files import write_atomically
from xiaobao_desktop.store import layout, recovery
from xiaobao_desktop.store.errors import BookExists, KeyFileDamaged, KeyFileMissing, WrongPassword
from xiaobao_desktop.store.lock import finish_restore
from xiaobao_desktop.store.subkeys import key_id

RecoveryKey = str
"""48 digits in 8 groups of 6 with blanks; each group ends with a check digit."""

FORMAT = 1
PASSWORD, RECOVERY, OPEN = "password", "recovery", "open"
_SALT_BYTES, _NONCE_BYTES = 16, 12


class Cost(NamedTuple):
    """Costs of Argon2id: memory in KiB, passes, lanes. The default takes about 0.14 s on an office PC.

    One lane, because the key is derived beside the start of the window and must leave it a core.
    """

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 1


DEFAULT_COST = Cost()


class Slot(NamedTuple):
    """One way to the data key. ``wrapped`` is the encrypted data key (the key itself in an open slot)."""

    kind: str
    user: str
    wrapped: bytes
    salt: bytes = b""
    nonce: bytes = b""
    cost: Cost = DEFAULT_COST
    role: Role = Role.OFFICER


class KeyFile(NamedTuple):
    """What ``keys.json`` says: which data key it is about, and the slots."""

    key_id: str
    slots: tuple[Slot, ...]


class Unlocked(NamedTuple):
    """The data key, whose slot opened it ("" for the recovery key), whether that was the recovery key, and the role."""

    data_key: bytes
    user: str
    by_recovery: bool
    role: Role = Role.OFFICER


def create(
    path: Path,
    *,
    password: str,
    user: str,
    data_key: bytes,
    open_without_password: bool = False,
    cost: Cost = DEFAULT_COST,
) -> RecoveryKey:
    """Write a new key file and return the recovery key, which is shown once and kept nowhere.

    Args:
        path: the ``keys.json`` of the book's folder.
        password: of the first user; may be empty only for a book that opens without one.
        user: real name of the first user.
        data_key: the book's 256-bit key.
        open_without_password: for demo books: the data key lies in the file in clear.
        cost: costs of the key derivation.

    Raises:
        BookExists: the folder already holds a book with keys.
        TargetNotWritable: the folder cannot be written.
        ValueError: no password for a book that needs one.
    """
    if path.exists() and (path.parent / layout.BOOK_FILE).exists():
        raise BookExists(folder=path.parent)
    if not password and not open_without_password:
        raise ValueError("a book that is not a demo needs a password")
    slots = []
    if open_without_password:
        slots.append(Slot(OPEN, user, data_key))
    if password:
        slots.append(_wrap(PASSWORD, user, _password_bytes(password), data_key, cost))
    words = recovery.new_recovery_key()
    slots.append(_wrap(RECOVERY, "", _recovery_bytes(words), data_key, cost))
    _write(path, KeyFile(key_id(data_key), tuple(slots)))
    return words


_one_derivation = threading.Lock()
"""Two derivations with several lanes at the same time wait for each other for ever in OpenSSL's thread pool."""


def unlock(path: Path, secret: str | None, user: str | None = None) -> Unlocked:
    """The data key for a password or the recovery key.

    Args:
        path: the ``keys.json`` of the book's folder.
        secret: password, or recovery key (blanks and dashes do not matter); None or "" opens demo books only.
        user: tries this user's slot only; None tries everyone's.

    Raises:
        WrongPassword: no slot opens.
        KeyFileMissing: there is no key file, nor its copy.
        KeyFileDamaged: neither the key file nor its copy can be read.
    """
    keys = _read(path)
    for slot in keys.slots:
        if slot.kind == OPEN and user in (None, slot.user):
            return Unlocked(slot.wrapped, slot.user, by_recovery=False, role=slot.role)
    digits = recovery.digits_of(secret or "")
    if digits is not None:
        found = _try(keys, digits.encode(), lambda slot: slot.kind == RECOVERY)
        if found is not None:
            return Unlocked(found[1], "", by_recovery=True)
    if secret:
        found = _try(keys, _password_bytes(secret), lambda slot: slot.kind == PASSWORD and user in (None, slot.user))
        if found is not None:
            return Unlocked(found[1], found[0].user, by_recovery=False, role=found[0].role)
    raise WrongPassword


def needs_password(path: Path) -> bool:
    """Whether a password is needed; demo books need none.

    Raises:
        KeyFileMissing, KeyFileDamaged: as :func:`unlock`.
    """
    return all(slot.kind != OPEN for slot in _read(path).slots)


def users(path: Path) -> tuple[str, ...]:
    """Real names of the users with a slot of their own. Raises as :func:`needs_password`."""
    return tuple(roles(path))


def roles(path: Path) -> dict[str, Role]:
    """The users with a slot of their own and their roles, in the file's order. Raises as :func:`needs_password`."""
    found: dict[str, Role] = {}
    for slot in _read(path).slots:
        if slot.kind in (PASSWORD, OPEN):
            found.setdefault(slot.user, slot.role)
    return found


def first_officer(path: Path) -> str:
    """The user as whom the recovery key works: the first who may do everything. Raises as :func:`needs_password`."""
    found = roles(path)
    return next((user for user, role in found.items() if role is Role.OFFICER), next(iter(found)))


def change_password(
    path: Path, secret: str | None, new_password: str, user: str | None = None, *, cost: Cost = DEFAULT_COST
) -> None:
    """Give a user a new password; the book's bytes stay as they are.

    Args:
        path: the ``keys.json`` of the book's folder.
        secret: the old password or the recovery key.
        new_password: the new one.
        user: whose; None means whoever the secret belongs to, or the only user for a recovery key.
        cost: costs of the key derivation.

    Raises:
        WrongPassword: the secret opens nothing, or belongs to another user.
        TargetNotWritable: the key file cannot be written; the old password stays.
        ValueError: the new password is empty, or the user is unknown.
    """
    if not new_password:
        raise ValueError("the new password is empty")
    known = roles(path)
    unlocked = unlock(path, secret, user)
    whose = user or unlocked.user or first_officer(path)
    if whose not in known:
        raise ValueError(f"no user called {whose}")
    put_user(path, unlocked.data_key, whose, known[whose], new_password, cost=cost)


def put_user(path: Path, data_key: bytes, user: str, role: Role, password: str, *, cost: Cost = DEFAULT_COST) -> None:
    """Give a user a slot, in place of the one there was; that of the others stays.

    Args:
        path: the ``keys.json`` of the book's folder.
        data_key: the key of the open book.
        user: real name.
        role: what the user may do.
        password: the user's own.
        cost: costs of the key derivation.

    Raises:
        TargetNotWritable: the key file cannot be written; the old slots stay.
        ValueError: a name or the password is empty, or the data key is not the one this file is about.
    """
    keys = _about(path, data_key)
    if not user or not password:
        raise ValueError("a user needs a name and a password")
    new = _wrap(PASSWORD, user, _password_bytes(password), data_key, cost, role)
    place = next((at for at, slot in enumerate(keys.slots) if slot.kind != RECOVERY and slot.user == user), None)
    slots = [slot for slot in keys.slots if slot.kind == RECOVERY or slot.user != user]
    slots.insert(min(place, len(slots)) if place is not None else len(slots), new)
    _write(path, KeyFile(keys.key_id, tuple(slots)))


def remove_user(path: Path, data_key: bytes, user: str) -> None:
    """Take a user's slot away; that of the recovery key and of the others stay.

    Raises:
        TargetNotWritable: the key file cannot be written; the slot stays.
        ValueError: nobody would be left who may do everything, or the data key is that of another book.
    """
    keys = _about(path, data_key)
    kept = tuple(slot for slot in keys.slots if slot.kind == RECOVERY or slot.user != user)
    if not any(slot.kind != RECOVERY and slot.role is Role.OFFICER for slot in kept):
        raise ValueError("a book keeps one officer at least")
    _write(path, KeyFile(keys.key_id, kept))


def new_recovery_key(path: Path, data_key: bytes, *, cost: Cost = DEFAULT_COST) -> RecoveryKey:
    """Replace the recovery key; the printed old one no longer opens anything.

    Args:
        path: the ``keys.json`` of the book's folder.
        data_key: the key of the open book.
        cost: costs of the key derivation.

    Raises:
        TargetNotWritable: the key file cannot be written; the old recovery key stays.
        ValueError: the data key is not the one this file is about.
    """
    keys = _about(path, data_key)
    words = recovery.new_recovery_key()
    kept = tuple(slot for slot in keys.slots if slot.kind != RECOVERY)
    _write(path, KeyFile(keys.key_id, (*kept, _wrap(RECOVERY, "", _recovery_bytes(words), data_key, cost))))
    return words


class Entrant(NamedTuple):
    """Somebody who is to have a slot: real name, role, password."""

    user: str
    role: Role
    password: str


class FreshKeys(NamedTuple):
    """The content of a key file that lies nowhere yet, and its recovery key, to be shown once."""

    content: bytes
    words: RecoveryKey


def fresh(data_key: bytes, entrants: Sequence[Entrant], *, cost: Cost = DEFAULT_COST) -> FreshKeys:
    """Keys for another data key; nothing is written.

    Args:
        data_key: of the book to come.
        entrants: everybody who is to open it, in the order of the file.
        cost: costs of the key derivation.

    Raises:
        ValueError: nobody of them may do everything, or a name or a password is empty.
    """
    if not any(one.role is Role.OFFICER for one in entrants) or not all(one.user and one.password for one in entrants):
        raise ValueError("a book needs an officer, and everybody a name and a password")
    words = recovery.new_recovery_key()
    slots = [_wrap(PASSWORD, one.user, _password_bytes(one.password), data_key, cost, one.role) for one in entrants]
    slots.append(_wrap(RECOVERY, "", _recovery_bytes(words), data_key, cost))
    return FreshKeys(_encode(KeyFile(key_id(data_key), tuple(slots))), words)


class HandOver(NamedTuple):
    """Keys that are ready for a successor and not in force yet, and the new recovery key, to be shown once."""

    before: KeyFile
    after: KeyFile
    words: RecoveryKey


def prepare_hand_over(
    path: Path, secret: str, user: str, new_user: str, new_password: str, *, cost: Cost = DEFAULT_COST
) -> HandOver:
    """Make the keys of a successor: his password instead of the old officer's, a new recovery key; writes nothing.

    Args:
        path: the ``keys.json`` of the book's folder.
        secret: password of the old officer, or the recovery key.
        user: real name of the old officer, whose slot goes.
        new_user: real name of the successor.
        new_password: his password.
        cost: costs of the key derivation.

    Raises:
        WrongPassword: the secret opens nothing, or belongs to another user.
        ValueError: a name or the password is empty, the successor has a slot already, or the old officer has none.
    """
    before = _read(path)
    known = {slot.user for slot in before.slots if slot.kind == PASSWORD}
    if not new_user or not new_password or new_user in known or user not in known:
        raise ValueError("hand-over needs an officer with a password and a successor without one")
    unlocked = unlock(path, secret, user)
    words = recovery.new_recovery_key()
    kept = tuple(slot for slot in before.slots if slot.kind == PASSWORD and slot.user != user)
    slots = (
        _wrap(PASSWORD, new_user, _password_bytes(new_password), unlocked.data_key, cost),
        *kept,
        _wrap(RECOVERY, "", _recovery_bytes(words), unlocked.data_key, cost),
    )
    return HandOver(before, KeyFile(before.key_id, slots), words)


def hand_over(path: Path, ready: HandOver) -> None:
    """Put prepared keys into force by one replacement of the file: at any moment exactly one of both officers opens.

    Raises:
        TargetNotWritable: the key file cannot be written; the old keys stay.
        ValueError: the keys were changed since they were prepared.
    """
    if _read(path) != ready.before:
        raise ValueError("the keys are not those that were prepared for")
    write_atomically(path, lambda target: _put(target, _encode(ready.after)), verify=True)
    mend_copy(path)


def mend_copy(path: Path) -> None:
    """Bring the copy of the key file up to date: a cut between both must not leave an old password in the copy."""
    copy = path.with_name(path.name + ".bak")
    try:
        keys = _decode(path.read_bytes())
        if copy.is_file() and copy.read_bytes() == _encode(keys):
            return
        write_atomically(copy, lambda target: _put(target, _encode(keys)), verify=True)
    except (OSError, ValueError, KeyError, TypeError, UserError):
        # The book opens all the same; the next opening tries again.
        return


def file_bytes(path: Path) -> bytes:
    """The key file as it is kept in a backup. Raises as :func:`needs_password`."""
    return _encode(_read(path))


def belongs_to(path: Path, data_key: bytes) -> bool:
    """Whether the key file is about this data key. Raises as :func:`needs_password`."""
    return _read(path).key_id == key_id(data_key)


def id_of(content: bytes) -> str:
    """Which data key the bytes of a key file are about; errors as for :func:`is_about`."""
    return _decode(content).key_id


def is_about(content: bytes, data_key: bytes) -> bool:
    """Whether the bytes of a key file are about this data key.

    Raises:
        ValueError, KeyError, TypeError: they are no key file.
    """
    return _decode(content).key_id == key_id(data_key)


def _try(keys: KeyFile, secret: bytes, fits: Callable[[Slot], bool]) -> tuple[Slot, bytes] | None:
    for slot in keys.slots:
        if not fits(slot):
            continue
        try:
            data_key = AESGCM(_stretch(secret, slot.salt, slot.cost)).decrypt(slot.nonce, slot.wrapped, _bound(slot))
        except InvalidTag:
            continue
        return slot, data_key
    return None


def _about(path: Path, data_key: bytes) -> KeyFile:
    """The key file, proven to be about this data key."""
    keys = _read(path)
    if keys.key_id != key_id(data_key):
        raise ValueError("the key file is about another book")
    return keys


def _wrap(kind: str, user: str, secret: bytes, data_key: bytes, cost: Cost, role: Role = Role.OFFICER) -> Slot:
    empty = Slot(kind, user, b"", token_bytes(_SALT_BYTES), token_bytes(_NONCE_BYTES), cost, role)
    wrapped = AESGCM(_stretch(secret, empty.salt, cost)).encrypt(empty.nonce, data_key, _bound(empty))
    return empty._replace(wrapped=wrapped)


def _bound(slot: Slot) -> bytes:
    """What a wrapped key is tied to: it opens in no other slot and for no other role.

    The slot of an officer is bound as before there were roles, so that older books open; a program that knows no
    roles opens no other slot.
    """
    role = [] if slot.role is Role.OFFICER else [slot.role.value]
    return json.dumps(["xiaobao slot", FORMAT, slot.kind, slot.user, *role]).encode()


def _stretch(secret: bytes, salt: bytes, cost: Cost) -> bytes:
    kdf = Argon2id(salt=salt, length=32, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory_kib)
    with _one_derivation:
        return kdf.derive(secret)


def _password_bytes(password: str) -> bytes:
    """The same bytes whether the input method gave full-width or half-width characters (NFKC)."""
    return unicodedata.normalize("NFKC", password).encode()


def _recovery_bytes(words: RecoveryKey) -> bytes:
    return words.replace(" ", "").encode()


def _write(path: Path, keys: KeyFile) -> None:
    """Write the file, then its copy: an old password must not live on in the copy."""
    content = _encode(keys)

    def write(target: BinaryIO) -> None:
        target.write(content)

    write_atomically(path, write, verify=True)
    write_atomically(path.with_name(path.name + ".bak"), write, verify=True)


def _put(target: BinaryIO, content: bytes) -> None:
    target.write(content)


def _read(path: Path) -> KeyFile:
    """The key file, or its copy when the file is missing or damaged."""
    finish_restore(path.parent)
    places = [place for place in (path, path.with_name(path.name + ".bak")) if place.is_file()]
    if not places:
        raise KeyFileMissing(folder=path.parent)
    for place in places:
        try:
            return _decode(place.read_bytes())
        except (ValueError, KeyError, TypeError, OSError):
            continue
    raise KeyFileDamaged(file=path)


def _encode(keys: KeyFile) -> bytes:
    body: dict[str, Any] = {
        "format": FORMAT,
        "key_id": keys.key_id,
        "slots": [
            {
                "kind": slot.kind,
                "user": slot.user,
                "argon2id": [slot.cost.memory_kib, slot.cost.passes, slot.cost.lanes],
                "salt": _text(slot.salt),
                "nonce": _text(slot.nonce),
                "wrapped": _text(slot.wrapped),
                **({} if slot.role is Role.OFFICER else {"role": slot.role.value}),
            }
            for slot in keys.slots
        ],
    }
    return json.dumps({**body, "sha256": _checksum(body)}, ensure_ascii=False).encode()


def _decode(content: bytes) -> KeyFile:
    """The parsed file; ValueError, KeyError or TypeError when a single bit differs from what was written."""
    body = json.loads(content)
    if body.pop("sha256") != _checksum(body) or body["format"] != FORMAT:
        raise ValueError("checksum or format differs")
    slots: Sequence[dict[str, Any]] = body["slots"]
    return KeyFile(
        body["key_id"],
        tuple(
            Slot(
                item["kind"],
                item["user"],
                base64.b64decode(item["wrapped"], validate=True),
                base64.b64decode(item["salt"], validate=True),
                base64.b64decode(item["nonce"], validate=True),
                Cost(*item["argon2id"]),
                Role(item.get("role", Role.OFFICER)),
            )
            for item in slots
        ),
    )


def _checksum(body: dict[str, Any]) -> str:
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
