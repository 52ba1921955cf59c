"""What still opens with a key that a re-encryption has put out of use: old backups, sets put aside, their pools."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from xiaobao_desktop.store import keyslots, layout, retired
from xiaobao_desktop.store.backup_files import key_of, named_in
from xiaobao_desktop.store.erasing import OldCopy
from xiaobao_desktop.store.pool import Pool

if TYPE_CHECKING:
    from xiaobao_desktop.store.book import Book


def listed(book: Book, folders: Iterable[Path]) -> list[OldCopy]:
    """What still opens with a key that is out of use: backups in some folders, whole copies of the book beside it."""
    with book._reading():
        ids = retired.ids(book._db)
    found = [
        OldCopy(one.path, one.made_at) for folder in folders for one in named_in(folder) if key_of(one.path) in ids
    ]
    # One without keys is what a deletion that was cut off has left.
    sets = [place for place in book.directory.glob(f"{layout.ASIDE_BEGINS}*") if _key_of_set(place) in (*ids, "")]
    sets += [place for place in (book.directory / layout.BACKUPS).glob("*/") if _key_of_set(place) in ids]
    moments = (datetime.fromtimestamp(place.stat().st_mtime) for place in sets)  # noqa: DTZ006 - the PC's own time
    found += [OldCopy(place, moment) for place, moment in zip(sets, moments, strict=True)] if ids else []
    return sorted(found, key=lambda copy: copy.made_at)


def backed_up(book: Book, folders: Iterable[Path]) -> bool:
    """Whether a backup under the key of now lies in one of the folders."""
    return any(key_of(one.path) == book.log.sign for folder in folders for one in named_in(folder))


def clear_pools(book: Book, folders: Iterable[Path]) -> None:
    """Delete attachments under keys out of use from the pools beside backups, where no backup needs them any more."""
    with book._reading():
        ids = retired.ids(book._db)
    for folder in folders:
        left = {key_of(one.path) for one in named_in(folder)}
        with book._reading():
            gone = retired.names_under(book._db, ids - left)
        if gone:
            Pool(folder / layout.BACKUP_POOL, book._data_key).remove(gone)


def _key_of_set(place: Path) -> str:
    try:
        return keyslots.id_of((place / layout.KEY_FILE).read_bytes())
    except (OSError, ValueError, KeyError, TypeError):
        return ""
