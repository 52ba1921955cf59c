"""Files that belong to records: added, named, looked at, taken out, and which of them are still missing."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from xiaobao_desktop.domain.fields import Evidence, Ledger, Record
from xiaobao_desktop.domain.masking import mask_named, name_fields
from xiaobao_desktop.domain.scrub import scrub
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.exchange import photos
from xiaobao_desktop.files import ensure_folder, write_atomically
from xiaobao_desktop.services import access, audit, export_log
from xiaobao_desktop.services.export_log import Export
from xiaobao_desktop.services.records import Changed, check_not_erased, get
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.attachments import Attachment, NewFile

LARGEST = 100 * 1024 * 1024
"""Bytes of one file: it is encrypted and opened in memory."""
_SNIFFED = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f<>:"/\\|?*]')
_LONGEST_NAME = 120
OPENED, LENT = "查看附件", "查看附件（用别的程序打开）"
"""How the log calls a file that was looked at."""


class FileUnreadable(UserError):
    """没有添加“{name}”：读不出这个文件。请检查它是否还在、U 盘是否接好，再添加一次。"""  # noqa: D415


class FileTooLarge(UserError):
    """没有添加“{name}”：它有 {size} MB，一个附件最大 {limit} MB。请先压缩或分成几个文件再添加。"""  # noqa: D415


class AttachmentKept(UserError):
    """“{name}”是定稿时存下的{kind}，不能移除或另行添加。要更正请重新定稿，原来的一版会留着。"""  # noqa: D415


class AttachmentGone(UserError):
    """这个附件已经移除了。需要时可以撤销，或把原来的文件重新添加一次。"""  # noqa: D415


@dataclass(frozen=True)
class FileEntry:
    """A file of a record as it is shown.

    Attributes:
        id: names it in the other calls of this module.
        name: with its ending.
        media_type: e.g. image/jpeg.
        size: bytes.
        evidence: key of its kind.
        caption: words under a picture.
        step_id: the dated step it belongs to, or None.
        added_at: moment.
        added_by: real name.
    """

    id: int
    name: str
    media_type: str
    size: int
    evidence: str
    caption: str
    step_id: int | None
    added_at: datetime
    added_by: str

    @property
    def is_picture(self) -> bool:
        """Whether it can be shown as a picture."""
        return self.media_type in ("image/jpeg", "image/png")

    @property
    def is_pdf(self) -> bool:
        """Whether it can be shown as a PDF."""
        return self.media_type == "application/pdf"


@dataclass(frozen=True)
class Added:
    """A file that was added, and what changed."""

    entry: FileEntry
    changed: Changed


@dataclass(frozen=True)
class AddedAll:
    """How many files were added in one operation, Chinese reasons for the others, and what changed."""

    count: int
    refused: tuple[str, ...]
    changed: Changed


def add(
    session: Session,
    ledger: Ledger,
    record_id: int,
    evidence: str,
    path: Path,
    caption: str = "",
    *,
    step_id: int | None = None,
) -> Added:
    """Copy a file into the book and put it at a record; photos are shrunk and lose the camera's notes.

    Args:
        session: the open book.
        ledger: of the record.
        record_id: which one.
        evidence: key of the kind of attachment.
        path: the file; it stays as it is.
        caption: words under a picture.
        step_id: row of a child table that it belongs to.

    Raises:
        FileUnreadable, FileTooLarge: nothing was added.
        RecordMissing: the record is gone.
        TargetRefused: the book's disk does not take it.
        KeyError: the ledger has no such kind (a bug).
    """
    kind = ledger.evidence_kind(evidence)
    record = get(session, ledger, record_id)
    check_not_erased(session, ledger, record)
    file = keep(session, path)
    # A file's name may tell a person: it stands in the content, which can be erased, and not in the chain itself.
    with session.book.transaction(f"{record.number} 添加{kind.label}", session.user, session.now()) as changes:
        link_id = changes.attach(ledger, record_id, file, evidence=evidence, caption=caption.strip(), child_id=step_id)
        changed = tuple(changes.changed)
    return Added(_entry(_found(session, link_id)), changed)


def add_all(
    session: Session,
    ledger: Ledger,
    record_id: int,
    evidence: str,
    paths: Sequence[Path],
    told: Callable[[int, Path], None] = lambda _place, _path: None,
    *,
    step_id: int | None = None,
) -> AddedAll:
    """Put several files at a record in one operation, so that one undo takes them all back.

    Args:
        session: the open book.
        ledger: of the record.
        record_id: which one.
        evidence: key of the kind of attachment.
        paths: the files; those that cannot be read or kept are told and left out.
        told: called before each file with its place.
        step_id: row of a child table that they belong to.

    Raises:
        RecordMissing: the record is gone; nothing was added.
    """
    kind = ledger.evidence_kind(evidence)
    record = get(session, ledger, record_id)
    check_not_erased(session, ledger, record)
    files: list[NewFile] = []
    refused: list[str] = []
    for place, path in enumerate(paths):
        told(place, path)
        try:
            files.append(keep(session, path))
        except UserError as error:
            refused.append(error.message)
    if not files:
        return AddedAll(0, tuple(refused), ())
    name = f"{record.number} 添加{kind.label}" + (f" {len(files)} 个" if len(files) > 1 else "")
    with session.book.transaction(name, session.user, session.now()) as changes:
        for file in files:
            changes.attach(ledger, record_id, file, evidence=evidence, caption="", child_id=step_id)
        changed = tuple(changes.changed)
    return AddedAll(len(files), tuple(refused), changed)


def keep(session: Session, path: Path) -> NewFile:
    """Take the bytes of a file into the book's pool, before it is put at a record; errors as in :func:`add`.

    The bytes come before the transaction: a file no record speaks of does no harm, a record without its file would.
    """
    return keep_bytes(session, _read(path), path.name)


def keep_bytes(session: Session, data: bytes, file_name: str) -> NewFile:
    """Take bytes into the book's pool as a file of a name with its ending; photos are shrunk.

    Raises:
        TargetRefused: the book's disk does not take it.
    """
    path = Path(file_name)
    picture = photos.tidied(data)
    name = _name(path.name if picture is None else f"{path.stem}{_ending(path, picture)}")
    kept = data if picture is None else picture.data
    content = session.book.keep_content(kept)
    media_type = _media_type(name, kept) if picture is None else picture.media_type
    size = (picture.width, picture.height) if picture else (None, None)
    return NewFile(content, hashlib.sha256(kept).hexdigest(), name, media_type, len(kept), *size)


def remove(session: Session, entry_id: int) -> Changed:
    """Take a file away from its record; it can be brought back by undoing.

    Raises:
        AttachmentGone: it was removed before.
        AttachmentKept: it is one that the program has put in for good.
    """
    found = _found(session, entry_id)
    ledger = session.ledger(found.place.ledger)
    kind = ledger.evidence_kind(found.place.evidence)
    if kind.made:
        raise AttachmentKept(name=found.file.name, kind=kind.label)
    number = get(session, ledger, found.place.record_id).number
    name = f"{number} 移除{kind.label}"
    return _change(session, name, lambda changes: changes.detach(entry_id))


def set_caption(session: Session, entry_id: int, caption: str) -> Changed:
    """Change the words under a picture; nothing changes when they are the same.

    Raises:
        AttachmentGone: it was removed.
    """
    found = _found(session, entry_id)
    number = get(session, session.ledger(found.place.ledger), found.place.record_id).number
    return _change(session, f"{number} 修改附件说明", lambda changes: changes.set_caption(entry_id, caption.strip()))


def list_of(session: Session, ledger: Ledger, record_id: int) -> tuple[FileEntry, ...]:
    """The files of a record, kind by kind as declared, oldest first; a reader gets their names masked."""
    order = {kind.key: place for place, kind in enumerate(ledger.evidence)}
    found = [_entry(item) for item in session.book.attachments(ledger, record_id)]
    record = session.book.record(ledger, record_id) if found and not session.role.may_change else None
    if record is not None:
        # A scan is often called after the person whom it shows.
        hide = access.hiding(session, ledger, record.values)
        found = [replace(entry, name=hide(entry.name), caption=hide(entry.caption)) for entry in found]
    return tuple(sorted(found, key=lambda entry: order.get(entry.evidence, len(order))))


def open_bytes(session: Session, entry_id: int) -> bytes:
    """The content of a file.

    Raises:
        AttachmentGone: it was removed.
        AttachmentMissing, AttachmentDamaged: the file beside the book is not to be had.
    """
    return session.book.content(_found(session, entry_id).file)


def looked_at(session: Session, entry_id: int) -> None:
    """Write down that somebody opened a file to look at it, before it is shown.

    What the program itself draws from a file (small pictures, photos of a report) is no such look.

    Raises:
        AttachmentGone: it was removed.
    """
    _note(session, _found(session, entry_id), OPENED)


def export_to(session: Session, entry_id: int, folder: Path) -> Path:
    """Write a file, decrypted, into a folder (made when missing) under a name that is free there; its path.

    Raises:
        NotAllowed: a reader.
        AttachmentGone, AttachmentMissing, AttachmentDamaged: as for :func:`open_bytes`.
        TargetRefused: the folder does not take it.
    """
    session.require("另存附件")
    found = _found(session, entry_id)
    data = session.book.content(found.file)
    ensure_folder(folder)
    target = _free(folder, found.file.name)
    ledger = session.ledger(found.place.ledger)
    record = get(session, ledger, found.place.record_id)
    # The name of a scan often names the person.
    told = mask_named(target.name, [record.values.get(item.key) for item in name_fields(ledger)])
    made = Export("另存附件", scrub(told), "", {ledger.key: 1}, masked=False)
    export_log.written(session, made, target, data)
    return target


def lend(session: Session, entry_id: int, folder: Path) -> Path:
    """Write a file, decrypted, for another program to show it; the caller wipes the folder.

    Raises:
        As :func:`export_to`.
    """
    session.require("用别的程序打开附件")
    found = _found(session, entry_id)
    data = session.book.content(found.file)
    ensure_folder(folder)
    target = _free(folder, found.file.name)

    def write(stream: BinaryIO) -> None:
        stream.write(data)

    write_atomically(target, write, ready=lambda: _note(session, found, LENT))
    return target


def missing_evidence(session: Session, ledger: Ledger, record: Record) -> tuple[Evidence, ...]:
    """The wanted kinds of attachments that a record has none of, as declared."""
    if record.id is None:
        return tuple(kind for kind in ledger.evidence if kind.wanted)
    have = session.book.attachment_kinds(ledger, (record.id,)).get(record.id, frozenset())
    return tuple(kind for kind in ledger.evidence if kind.wanted and kind.key not in have)


def size_text(size: int) -> str:
    """A size as shown: 214 KB, 1.2 MB."""
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024))} KB"
    tenths = (size * 10 + 512 * 1024) // (1024 * 1024)
    return f"{tenths // 10}.{tenths % 10} MB"


def _change(session: Session, name: str, act: Callable[..., None]) -> Changed:
    with session.book.transaction(name, session.user, session.now()) as changes:
        act(changes)
        return tuple(changes.changed)


def _found(session: Session, entry_id: int) -> Attachment:
    found = session.book.attachment(entry_id)
    if found is None:
        raise AttachmentGone
    return found


def _note(session: Session, found: Attachment, way: str) -> None:
    """Write down that a file was opened; kind and hash tell which, because its name may name a person."""
    place = found.place
    kind = session.ledger(place.ledger).evidence_kind(place.evidence)
    facts = {"field": kind.label, "sha256": found.file.sha256[:16]}
    audit.note(session, place.ledger, f"{way}：{kind.label}", facts, place.record_id)


def _entry(found: Attachment) -> FileEntry:
    file, place = found.file, found.place
    return FileEntry(
        found.id,
        file.name,
        file.media_type,
        file.size,
        place.evidence,
        place.caption,
        place.child_id,
        datetime.fromisoformat(found.added_at),
        found.added_by,
    )


def _read(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > LARGEST:
            megabyte = 1024 * 1024
            raise FileTooLarge(name=path.name, size=-(-size // megabyte), limit=LARGEST // megabyte)
        return path.read_bytes()
    except OSError as error:
        raise FileUnreadable(name=path.name) from error


def _ending(path: Path, picture: photos.Photo) -> str:
    """The ending that fits what the picture became; an equal one is left as it was written."""
    same = {".jpg": (".jpg", ".jpeg"), ".png": (".png",)}[picture.suffix]
    return path.suffix if path.suffix.lower() in same else picture.suffix


def _media_type(name: str, data: bytes) -> str:
    sniffed = next((media for magic, media in _SNIFFED.items() if data.startswith(magic)), None)
    return sniffed or mimetypes.guess_type(name)[0] or "application/octet-stream"


def _name(name: str) -> str:
    """A name that every system can write."""
    clean = _NOT_IN_NAMES.sub("_", name).strip(" .") or "附件"
    stem, suffix = Path(clean).stem, Path(clean).suffix[:20]
    return f"{stem[:_LONGEST_NAME]}{suffix}"


def _free(folder: Path, name: str) -> Path:
    found, number = folder / name, 1
    while found.exists():
        number += 1
        found = folder / f"{Path(name).stem}（{number}）{Path(name).suffix}"
    return found
