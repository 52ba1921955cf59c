"""核对码: where the history stood, kept outside the book, so that an older book or a cut history is noticed.

Each backup carries one in its name, each package and each filed report one inside, and this PC remembers where the book
ended when it was last used. An anchor that is no part of the chain means: this is an older book, or another one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from xiaobao_desktop import paths
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.files import ensure_folder, write_atomically
from xiaobao_desktop.services.audit import anchor_text
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store import backup_files, container, keyslots
from xiaobao_desktop.store.audit import KEYS
from xiaobao_desktop.store.book import Anchor, Book
from xiaobao_desktop.store.history import RESTORED
from xiaobao_desktop.store.layout import BACKUP_SUFFIX, BACKUPS

_FILE = "anchors.json"
"""Among the program's own files, not in the book's folder: who copies an old folder back does not find it there."""
_FOLDER = "backup_folder"
"""Setting with the second place of the backups (``backup_places``)."""
_RETIRED = "retired:"
"""Begins the key under which the file keeps when a book was re-encrypted; its old sign follows."""
_TYPED = re.compile(r"(\d+)\s*[-－—–]\s*([0-9a-fA-F\s]{16,31})")
_MAC = 16


class AnchorUnreadable(UserError):
    """这不是核对码：{text}。核对码如 128-0123456789abcdef，复核页、交接清单和备份的文件名里都有。"""  # noqa: D415


class NoAnchorInFile(UserError):
    """{file}里没有核对码。请选小保做的备份（.xbbak）、报送包（.zip、.xbpack）或定稿的数字底稿（.json）。"""  # noqa: D415


@dataclass(frozen=True)
class Kept:
    """An anchor kept outside the book, and where, in Chinese."""

    anchor: Anchor
    where: str


@dataclass(frozen=True)
class Compared:
    """An anchor compared with the book: whether it is part of the history, and what that means, in Chinese."""

    ok: bool
    words: str


def parse(text: str) -> Anchor:
    """An anchor as it was typed; blanks between the digits do no harm.

    Raises:
        AnchorUnreadable: it is none.
    """
    found = _TYPED.search(text)
    mac = re.sub(r"\s", "", found[2]).lower() if found else ""
    if found is None or len(mac) != _MAC:
        raise AnchorUnreadable(text=text.strip() or "没有填")
    return Anchor(int(found[1]), mac)


def of_file(file: Path) -> Anchor:
    """The anchor that a backup, a package or the figures of a filed report carry.

    Raises:
        NoAnchorInFile: there is none in it, or it cannot be read.
        PackageLocked: an encrypted package; its anchor stands in the 导出台账.
    """
    from xiaobao_desktop.exchange import package_reading
    from xiaobao_desktop.exchange.package import PackageLocked

    if file.suffix == BACKUP_SUFFIX:
        try:
            return container.glance(file).manifest.anchor
        except UserError as error:
            raise NoAnchorInFile(file=file.name) from error
    with suppress(OSError, ValueError, KeyError, TypeError):
        body = json.loads(file.read_text(encoding="utf-8"))
        return Anchor(int(body["anchor"]["sequence"]), str(body["anchor"]["mac16"]))
    try:
        told = package_reading.check(file, "").manifest["anchor"]
        return Anchor(int(told["sequence"]), str(told["mac16"]))
    except PackageLocked:
        raise
    except (UserError, OSError, ValueError, KeyError, TypeError) as error:
        raise NoAnchorInFile(file=file.name) from error


def compare(session: Session, anchor: Anchor) -> Compared:
    """Whether the history of the open book is still the one in which the anchor was taken."""
    now = session.book.anchor()
    lacking = anchor.sequence - now.sequence
    if lacking > 0:
        return Compared(
            False,
            f"核对码记到第 {anchor.sequence} 条，这本账簿只有 {now.sequence} 条：少了 {lacking} 条。"
            "账簿比核对码旧，或者不是同一本。请到“数据”点“从备份恢复…”找较新的备份；不是您自己换回旧账簿的，请查明原因。",
        )
    here = session.book.log.anchor_at(anchor.sequence)
    if here != anchor:
        return Compared(
            False,
            f"第 {anchor.sequence} 条对不上：核对码是 {anchor.mac16}，账簿里是 {here.mac16 if here else '没有这一条'}。"
            "先看有没有抄错；没有抄错，就是另一本账簿的核对码，或者那以前的操作记录被改过。请点“现在检查”。",
        )
    entry = session.book.log.entries((anchor.sequence,))[0]
    later = now.sequence - anchor.sequence
    return Compared(
        True,
        f"一致：第 {anchor.sequence} 条（{entry.at:%Y-%m-%d %H:%M} {entry.who} {entry.operation}）和以前的都没有动过，"
        f"{f'之后又有 {later} 条' if later else '它就是最后一条'}。",
    )


def remember(session: Session) -> None:
    """Keep on this PC where the history of the book ends now; not while what is kept does not fit it."""
    if session.settings.demo or session.book.closed:
        return
    kept, sign = _all(), session.book.log.sign
    known = _anchor(kept.get(sign))
    if known is not None and session.book.misfits([known]) and known not in session.book.log.left_behind():
        return
    now, retired = session.book.anchor(), _newly_retired(session, kept)
    if known != now or retired:
        _write({**kept, **retired, sign: [now.sequence, now.mac16]})


def elsewhere(book: Book) -> list[Kept]:
    """Anchors of this book kept outside it; reading a second place that is away can take long."""
    found = [Kept(anchor, "这台电脑记下的") for anchor in [_anchor(_all().get(book.log.sign))] if anchor is not None]
    found += [Kept(anchor, "账簿旁边的备份") for anchor in backup_files.anchors_in(book.directory / BACKUPS)]
    chosen, restored = book.setting(_FOLDER), _last_restore(book)
    for item in backup_files.named_in(Path(chosen)) if chosen else []:
        # What was made before a backup came back may be of the book that it took the place of.
        if restored is None or item.made_at > restored:
            found.append(Kept(item.anchor, f"备份 {item.path.name}"))
    return [item for item in found if item.anchor not in book.log.left_behind()]


def not_fitting(book: Book) -> list[Kept]:
    """Those kept outside that are no part of this history: an older book was put in its place, or its end was cut."""
    known = elsewhere(book)
    wrong = set(book.misfits([item.anchor for item in known]))
    found = [item for item in known if item.anchor in wrong]
    return [item for item in found if not item.where.startswith("备份 ") or _is_ours(book, item)]


def retired_at(session: Session) -> datetime | None:
    """When the key of the open book was put out of use by a re-encryption, as far as this PC knows; None if it was not.

    Then an older book, or a backup of before, was put in the place of the book.
    """
    return retired_key(session.book.log.sign)


def retired_key(sign: str) -> datetime | None:
    """The same of a key by its id."""
    with suppress(KeyError, ValueError, TypeError):
        return datetime.fromisoformat(_all()[f"{_RETIRED}{sign}"])
    return None


def _newly_retired(session: Session, kept: dict[str, Any]) -> dict[str, str]:
    """Keys out of use that this PC does not know of yet, with their moments, as its file keeps them."""
    new = {sign for sign in session.book.retired_keys() if f"{_RETIRED}{sign}" not in kept}
    notes = session.book.notes(KEYS) if new else []
    moments = {str(note.facts.get("retired")): note.at for note in notes}
    return {f"{_RETIRED}{sign}": moments.get(sign, session.now()).isoformat(timespec="minutes") for sign in new}


def accept(session: Session, found: Iterable[Kept]) -> None:
    """Go on with a book that is older than the anchors say; that this was known stands in the history."""
    left_behind = [item.anchor for item in found]
    with session.book.transaction("继续使用较旧的账簿", session.user, session.now()) as writing:
        writing.note_restored(session.now().isoformat(timespec="seconds"), left_behind)
    remember(session)


def note_text(session: Session) -> str:
    """核对码 of now, as printed."""
    return anchor_text(session.book.anchor())


def _last_restore(book: Book) -> datetime | None:
    notes = book.notes(RESTORED)
    return notes[0].at.replace(tzinfo=None) if notes else None


def _is_ours(book: Book, kept: Kept) -> bool:
    """A second place may hold the backups of other books too."""
    chosen = book.setting(_FOLDER)
    path = Path(chosen or "") / kept.where.removeprefix("备份 ")
    try:
        return keyslots.id_of(container.glance(path).keys) == book.log.sign
    except (UserError, ValueError, KeyError, TypeError, OSError):
        return False


def _anchor(kept: object) -> Anchor | None:
    if isinstance(kept, list) and len(kept) == 2:
        with suppress(ValueError, TypeError):
            return Anchor(int(kept[0]), str(kept[1]))
    return None


def _place() -> Path:
    return paths.program_data_dir() / _FILE


def _all() -> dict[str, Any]:
    try:
        found = json.loads(_place().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write(kept: dict[str, Any]) -> None:
    content = json.dumps(kept).encode()

    def write(stream: BinaryIO) -> None:
        stream.write(content)

    # A remembered anchor is one proof of several; a full or read-only profile must not stop the work.
    with suppress(UserError):
        ensure_folder(_place().parent)
        write_atomically(_place(), write)
