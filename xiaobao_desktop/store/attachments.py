"""Rows of attachments: which file belongs to which record, as what, in which order. The bytes lie in the pool."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from xiaobao_desktop.domain.fields import Ledger
from xiaobao_desktop.store.records import canonical, insert
from xiaobao_desktop.store.sqlite import Database


class NewFile(NamedTuple):
    """A file whose bytes are in the pool already.

    Attributes:
        content: its id in the pool.
        sha256: of the bytes, hexadecimal.
        name: as shown, e.g. 短信截图.jpg.
        media_type: e.g. image/jpeg.
        size: bytes.
        width: of a picture in pixels, else None.
        height: of a picture in pixels, else None.
    """

    content: str
    sha256: str
    name: str
    media_type: str
    size: int
    width: int | None = None
    height: int | None = None


class Place(NamedTuple):
    """Where a file belongs.

    Attributes:
        ledger: key of the ledger.
        record_id: of the record.
        child_id: row of a child table it belongs to, or None.
        evidence: key of its kind.
        caption: words under a picture, "" for none.
    """

    ledger: str
    record_id: int
    child_id: int | None
    evidence: str
    caption: str


class Attachment(NamedTuple):
    """A file at its place.

    Attributes:
        id: of the place (link), what detaching and captions name.
        file: what lies there.
        place: record, child row, kind and caption.
        added_at: ISO moment.
        added_by: real name.
    """

    id: int
    file: NewFile
    place: Place
    added_at: str
    added_by: str


_FILE = "a.content, a.sha256, a.name, a.media_type, a.size, a.width, a.height"
_SELECT = (
    f"SELECT l.id, l.ledger, l.record_id, l.child_id, l.evidence, l.caption, a.added_at, a.added_by, {_FILE}"
    " FROM attachment_link l JOIN attachment a ON a.id = l.attachment_id"
)


def of_record(db: Database, ledger: Ledger, record_id: int) -> list[Attachment]:
    """The attachments of a record in their order."""
    sql = f"{_SELECT} WHERE l.ledger = ? AND l.record_id = ? ORDER BY l.position, l.id"
    return [_read(row) for row in db.execute(sql, (ledger.key, record_id))]


def by_id(db: Database, link_id: int) -> Attachment | None:
    """The attachment at a place, or None."""
    row = db.execute(f"{_SELECT} WHERE l.id = ?", (link_id,)).fetchone()
    return _read(row) if row else None


def kinds(db: Database, ledger: Ledger, record_ids: Sequence[int]) -> dict[int, frozenset[str]]:
    """Kinds of attachments that records have, by record id; records without any are left out."""
    found: dict[int, set[str]] = {}
    sql = (
        "SELECT DISTINCT record_id, evidence FROM attachment_link"
        " WHERE ledger = ? AND record_id IN (SELECT value FROM json_each(?))"
    )
    for record_id, evidence in db.execute(sql, (ledger.key, json.dumps(list(record_ids)))):
        found.setdefault(record_id, set()).add(evidence)
    return {record_id: frozenset(keys) for record_id, keys in found.items()}


def contents(db: Database) -> dict[str, tuple[str, str]]:
    """Every content that a link or the history knows, by id: its SHA-256 and a name."""
    rows = db.execute("SELECT content, min(sha256), min(name) FROM attachment GROUP BY content ORDER BY content")
    return {content: (digest, name) for content, digest, name in rows}


def add(db: Database, file: NewFile, place: Place, *, at: str, who: str) -> int:
    """Note a file and put it last at a record; the id of the place."""
    attachment_id = insert(db, "attachment", {**file._asdict(), "added_at": at, "added_by": who})
    position = db.execute(
        "SELECT coalesce(max(position), -1) + 1 FROM attachment_link WHERE ledger = ? AND record_id = ?",
        (place.ledger, place.record_id),
    ).fetchone()[0]
    return insert(db, "attachment_link", {**place._asdict(), "attachment_id": attachment_id, "position": int(position)})


def facts(db: Database, link_id: int) -> Mapping[str, Any] | None:
    """A place as history keeps it: its columns and the name of the file; None when it is gone."""
    row = db.execute(
        "SELECT l.id, l.attachment_id, l.ledger, l.record_id, l.child_id, l.evidence, l.caption, l.position, a.name"
        " FROM attachment_link l JOIN attachment a ON a.id = l.attachment_id WHERE l.id = ?",
        (link_id,),
    ).fetchone()
    return None if row is None else dict(zip((*_LINK, "name"), row, strict=True))


def put_back(db: Database, kept: Mapping[str, Any]) -> None:
    """Make a place as :func:`facts` told of it, replacing what is there."""
    names = ", ".join(_LINK)
    marks = ", ".join("?" * len(_LINK))
    db.execute(
        f"INSERT OR REPLACE INTO attachment_link ({names}) VALUES ({marks})", tuple(kept[name] for name in _LINK)
    )


def remove(db: Database, link_id: int) -> None:
    """Take a place away; file and note stay, because history speaks of them."""
    db.execute("DELETE FROM attachment_link WHERE id = ?", (link_id,))


def text(kept: Mapping[str, Any] | None) -> str | None:
    """Facts as canonical JSON for the history."""
    return None if kept is None else canonical(dict(kept))


_LINK = ("id", "attachment_id", "ledger", "record_id", "child_id", "evidence", "caption", "position")


def _read(row: tuple[Any, ...]) -> Attachment:
    return Attachment(row[0], NewFile(*row[8:]), Place(*row[1:6]), row[6], row[7])
