"""The one mechanism of change: what was changed, by whom, before and after, in a chain nobody can mend unseen.

Each row of ``change`` carries ``mac`` = HMAC-SHA256(audit key, previous mac | all its columns), and ``digest`` =
SHA-256 of a random salt and the content. The content lies in ``change_content``: erasing it (``erasing.py``) leaves the
chain whole, and the erased salt keeps the digest from being guessed. A tail cut off is noticed only against an anchor
kept elsewhere.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from secrets import token_hex
from typing import Any, Literal, NamedTuple

from xiaobao_desktop.domain.fields import Ledger, Record
from xiaobao_desktop.store import retired
from xiaobao_desktop.store.records import canonical, from_snapshot
from xiaobao_desktop.store.sqlite import Database

Action = Literal[
    "insert", "update", "delete", "restore", "setting", "choice", "access", "attach", "detach", "caption", "erase"
]

Fate = Literal["new", "changed", "deleted", "restored"]

ON_RECORDS = ("insert", "update", "delete", "restore", "erase")
"""Actions whose content is the record before and after; that of the others is their own JSON."""

_FIRST_MAC = "0" * 64
_SALT_BYTES = 16
# Lists and objects made here hold no circles; looking for them takes time.
_COMPACT = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode
_COLUMNS = "seq, operation_id, operation, at, who, action, ledger, record_id, digest"


class Anchor(NamedTuple):
    """How far the chain goes: its last sequence number and the first 16 hex digits of its last mac.

    Kept outside the book (backup names, manifests, printed reports), it proves that nothing was cut off since.
    """

    sequence: int
    mac16: str


class Change(NamedTuple):
    """One change of one record.

    Attributes:
        sequence: place in the chain, from 1.
        operation_id: sequence of the first change of the same transaction.
        operation: what the officer did, in Chinese.
        at: when, with the offset of the clock that was used.
        who: real name.
        action: kind of change.
        ledger: key of the ledger.
        record_id: row id.
        before: the record before, None for a new one, when the content was erased, or when no record was changed.
        after: the record after, None when the content was erased or no record was changed.
    """

    sequence: int
    operation_id: int
    operation: str
    at: datetime
    who: str
    action: Action
    ledger: str
    record_id: int
    before: Record | None
    after: Record | None


class Note(NamedTuple):
    """A note in the history: what was looked at or taken out.

    Attributes:
        sequence: place in the chain.
        operation: what the officer did, in Chinese.
        at: when.
        who: real name.
        facts: what was kept about it; {} when its content was erased.
    """

    sequence: int
    operation: str
    at: datetime
    who: str
    facts: dict[str, Any]


class Moved(NamedTuple):
    """What became of one record after some point of the chain.

    Attributes:
        record_id: row id.
        fate: "new", "changed", "deleted" or "restored", the first state compared with the last one.
        operation: the last thing done to it, in Chinese.
        at: when that was.
        who: real name.
    """

    record_id: int
    fate: Fate
    operation: str
    at: datetime
    who: str


class ChainCheck(NamedTuple):
    """Result of reading the whole chain: ``faults`` are Chinese sentences, ``macs`` the mac of each row.

    ``erased`` counts the records whose content was destroyed as the rules ask, which is no fault; up to ``retired``
    the rows were proved with a key that a re-encryption has put out of use since.
    """

    faults: tuple[str, ...]
    macs: Sequence[str]
    erased: int = 0
    retired: int = 0


class Chain:
    """Writes changes of one transaction at the end of the chain."""

    def __init__(self, db: Database, key: bytes, *, operation: str, who: str, at: datetime) -> None:
        """Read where the chain ends now.

        Args:
            db: inside a transaction.
            key: the audit key.
            operation: what the officer did, in Chinese.
            who: real name.
            at: moment of the transaction.
        """
        self._db = db
        self._key = key
        self._sequence, self._mac = _tail(db)
        self._common = (self._sequence + 1, operation, at.isoformat(timespec="seconds"), who)

    def append(self, action: Action, ledger: str, record_id: int, before: str | None, after: str | None) -> None:
        """Write one change; ``before`` and ``after`` are canonical JSON."""
        self.append_many([(action, ledger, record_id, before, after)])

    def append_many(self, changes: Iterable[tuple[Action, str, int, str | None, str | None]]) -> None:
        """Write changes, each given as the arguments of :meth:`append`."""
        given = list(changes)
        salts = token_hex(_SALT_BYTES * len(given))
        links, contents = [], []
        for place, (action, ledger, record_id, before, after) in enumerate(given):
            salt = salts[place * 2 * _SALT_BYTES : (place + 1) * 2 * _SALT_BYTES]
            row = (self._sequence + 1, *self._common, action, ledger, record_id, content_digest(salt, before, after))
            self._sequence, self._mac = row[0], _mac(self._key, self._mac, row)
            links.append((*row, self._mac))
            contents.append((row[0], salt, before, after))
        self._db.conn.executemany(f"INSERT INTO change ({_COLUMNS}, mac) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", links)
        self._db.conn.executemany("INSERT INTO change_content (seq, salt, before, after) VALUES (?, ?, ?, ?)", contents)


def anchor(db: Database) -> Anchor:
    """Where the chain ends."""
    sequence, mac = _tail(db)
    return Anchor(sequence, mac[:16])


ERASURE = "erasure"
"""Stands in the column of the ledger's key in the entry that tells of an erasure: approval, records, files."""

RESTORED = "restore"
"""Stands in the column of the ledger's key in the note that a backup took the place of a book."""


def misfits(db: Database, anchors: Iterable[Anchor]) -> list[Anchor]:
    """The anchors that are no part of this chain."""
    found = []
    for anchor in sorted(set(anchors), key=lambda item: (item.sequence, item.mac16)):
        row = db.execute("SELECT mac FROM change WHERE seq = ?", (anchor.sequence,)).fetchone()
        if anchor.sequence and (row is None or row[0][:16] != anchor.mac16):
            found.append(anchor)
    return found


def left_behind(db: Database) -> set[Anchor]:
    """Anchors of books that a backup took the place of, as the notes of the restores tell them."""
    notes = db.execute(
        "SELECT t.after FROM change c JOIN change_content t ON t.seq = c.seq"
        " WHERE c.action = 'access' AND c.ledger = ?",
        (RESTORED,),
    )
    return {Anchor(*pair) for (text,) in notes if text for pair in json.loads(text)["left_behind"]}


def of_record(db: Database, ledger: Ledger, record_id: int) -> list[Change]:
    """The changes of a record, oldest first."""
    rows = db.execute(
        "SELECT c.seq, c.operation_id, c.operation, c.at, c.who, c.action, t.before, t.after FROM change c"
        " LEFT JOIN change_content t ON t.seq = c.seq WHERE c.ledger = ? AND c.record_id = ? ORDER BY c.seq",
        (ledger.key, record_id),
    )
    return [
        Change(
            sequence,
            operation_id,
            operation,
            datetime.fromisoformat(at),
            who,
            action,
            ledger.key,
            record_id,
            from_snapshot(ledger, record_id, before) if before and action in ON_RECORDS else None,
            from_snapshot(ledger, record_id, after) if after and action in ON_RECORDS else None,
        )
        for sequence, operation_id, operation, at, who, action, before, after in rows
    ]


def moved_since(db: Database, ledger: Ledger, sequence: int) -> list[Moved]:
    """Records of a ledger that are not as they were at a sequence of the chain, in order of their last change.

    What was changed and taken back counts as unchanged, what was made and deleted since as never having been there.
    """
    rows = db.execute(
        "WITH span AS (SELECT record_id, min(seq) AS first, max(seq) AS last FROM change"
        " WHERE ledger = ? AND seq > ? AND action IN ('insert', 'update', 'delete', 'restore') GROUP BY record_id)"
        " SELECT s.record_id, f.action, a.before, b.after, l.operation, l.at, l.who FROM span s"
        " JOIN change f ON f.seq = s.first JOIN change l ON l.seq = s.last"
        " LEFT JOIN change_content a ON a.seq = s.first LEFT JOIN change_content b ON b.seq = s.last ORDER BY s.last",
        (ledger.key, sequence),
    )
    return [
        Moved(record_id, fate, operation, datetime.fromisoformat(at), who)
        for record_id, first, before, after, operation, at, who in rows
        if (fate := _fate(first == "insert", before, after)) is not None
    ]


def _fate(made: bool, before: str | None, after: str | None) -> Fate | None:
    """What the states at both ends say; None for no difference. Erased content counts as changed."""
    gone = bool(after and json.loads(after)["deleted"])
    if made:
        return None if gone else "new"
    if before == after and before is not None:
        return None
    was_gone = bool(before and json.loads(before)["deleted"])
    if gone:
        return None if was_gone else "deleted"
    return "restored" if was_gone else "changed"


def last_deletions(db: Database, ledger: Ledger) -> dict[int, tuple[int, datetime, str]]:
    """When each record of a ledger was last put into the recycle bin, by id: sequence, moment, who."""
    rows = db.execute(
        "SELECT record_id, max(seq), at, who FROM change WHERE ledger = ? AND action = 'delete' GROUP BY record_id",
        (ledger.key,),
    )
    return {record_id: (sequence, datetime.fromisoformat(at), who) for record_id, sequence, at, who in rows}


def notes(db: Database, about: str) -> list[Note]:
    """The notes under a name (``Transaction.note``), the newest first."""
    rows = db.execute(
        "SELECT c.seq, c.operation, c.at, c.who, t.after FROM change c"
        " LEFT JOIN change_content t ON t.seq = c.seq WHERE c.ledger = ? AND c.action = 'access' ORDER BY c.seq DESC",
        (about,),
    )
    return [
        Note(sequence, operation, datetime.fromisoformat(at), who, json.loads(after) if after else {})
        for sequence, operation, at, who, after in rows
    ]


def tail_fits(db: Database, key: bytes) -> bool:
    """Whether the last link of the chain was made with this book's key: the cheap check of every opening."""
    rows = db.execute(f"SELECT {_COLUMNS}, mac FROM change ORDER BY seq DESC LIMIT 2").fetchall()
    if not rows:
        return True
    before = str(rows[1][-1]) if len(rows) > 1 else _FIRST_MAC
    return hmac.compare_digest(str(rows[0][-1]), _mac(key, before, rows[0][:-1]))


def check(db: Database, key: bytes) -> ChainCheck:
    """Read the whole chain and every content: sequence without gaps, macs and digests as computed.

    Each row must be signed with the key of its time: one of before a re-encryption with the key of then, any other
    with ``key``.
    """
    faults: list[str] = []
    macs: list[str] = []
    mac = _FIRST_MAC
    erased, signed = _Erased(db), retired.Signing(db, key)
    renamed = {operation_id: hashlib.sha256() for operation_id in erased.renamed}
    for expected, (row, found_mac, salt, before, after) in enumerate(_all(db), start=1):
        if row[0] != expected:
            faults.append(f"第 {expected} 条历史记录不见了")
            break
        if (digest := renamed.get(str(row[1]))) is not None:
            # Proved by the entry that tells of the erasure; the link still ties what follows to what was before.
            digest.update(_COMPACT(row).encode())
            mac = found_mac
        else:
            mac = _mac(signed.key_at(expected), mac, row)
        if not hmac.compare_digest(mac, found_mac):
            faults.append(f"第 {expected} 条历史记录被改动过")
            break
        if erased.covers(row):
            if salt is not None:
                faults.append(f"第 {expected} 条历史记录的内容登记为已销毁，却还在")
        elif salt is None:
            faults.append(f"第 {expected} 条历史记录的内容不见了")
        elif content_digest(salt, before, after) != row[-1]:
            faults.append(f"第 {expected} 条历史记录的内容被改动过")
        macs.append(mac)
    for operation_id, digest in renamed.items():
        if not faults and digest.hexdigest() != erased.renamed[operation_id]:
            faults.append(f"第 {operation_id} 条历史记录被改动过")
    return ChainCheck(tuple(faults), macs, len(erased.records), min(signed.retired_to, len(macs)))


class _Erased:
    """Which contents were destroyed as the chain itself tells: those of whole records, and single notes."""

    def __init__(self, db: Database) -> None:
        rows = db.execute("SELECT ledger, record_id, max(seq) FROM change WHERE action = 'erase' GROUP BY 1, 2")
        self.records: dict[tuple[str, int], int] = {(key, ref): seq for key, ref, seq in rows if key != ERASURE}
        self.single: dict[int, int] = {}
        self.renamed: dict[str, str] = {}
        for sequence, facts in erasures(db):
            self.single.update(dict.fromkeys(facts["also"], sequence))
            self.renamed.update(facts.get("renamed", {}))

    def covers(self, row: Sequence[str | int]) -> bool:
        """Whether the content of a link (its columns up to the digest) must be gone."""
        sequence, place = int(row[0]), (str(row[6]), int(row[7]))
        return sequence < max(self.records.get(place, 0), self.single.get(sequence, 0))


def erasures(db: Database) -> list[tuple[int, dict[str, Any]]]:
    """Every erasure that the chain tells of, the first first: its sequence, and what was kept about it."""
    rows = db.execute(
        "SELECT c.seq, t.after FROM change c JOIN change_content t ON t.seq = c.seq"
        " WHERE c.ledger = ? AND c.action = 'erase' ORDER BY c.seq",
        (ERASURE,),
    )
    return [(sequence, json.loads(text)) for sequence, text in rows]


def erased_at(db: Database, ledger: Ledger, record_id: int) -> tuple[datetime, str] | None:
    """When the content of a record was destroyed, and by what operation; None when it was not."""
    row = db.execute(
        "SELECT at, operation FROM change WHERE ledger = ? AND record_id = ? AND action = 'erase' ORDER BY seq DESC",
        (ledger.key, record_id),
    ).fetchone()
    return (datetime.fromisoformat(row[0]), str(row[1])) if row else None


def operation_digest(db: Database, operation_id: int) -> str:
    """What ties the entries of an operation, as they stand now, to the entry that gave it another name."""
    digest = hashlib.sha256()
    for row in db.execute(f"SELECT {_COLUMNS} FROM change WHERE operation_id = ? ORDER BY seq", (operation_id,)):
        digest.update(_COMPACT(row).encode())
    return digest.hexdigest()


def content_digest(salt: str, before: str | None, after: str | None) -> str:
    """The digest that ties a content to its link of the chain."""
    parts = ["null" if text is None else canonical(text) for text in (salt, before, after)]
    # A list as canonical() writes it, made of its parts: for a text alone that takes a fifth of the time.
    return hashlib.sha256(f"[{','.join(parts)}]".encode()).hexdigest()


def _all(db: Database) -> Iterator[tuple[tuple[str | int, ...], str, str | None, str | None, str | None]]:
    rows = db.execute(
        "SELECT c.seq, operation_id, operation, at, who, action, ledger, record_id, digest, mac, salt, before, after"
        " FROM change c LEFT JOIN change_content t ON t.seq = c.seq ORDER BY c.seq"
    )
    for row in rows:
        yield tuple(row[:9]), row[9], row[10], row[11], row[12]


def _tail(db: Database) -> tuple[int, str]:
    row = db.execute("SELECT seq, mac FROM change ORDER BY seq DESC LIMIT 1").fetchone()
    return (int(row[0]), str(row[1])) if row else (0, _FIRST_MAC)


def _mac(key: bytes, before: str, row: Sequence[str | int]) -> str:
    text = _COMPACT([before, *row])
    return hmac.digest(key, text.encode(), "sha256").hex()
