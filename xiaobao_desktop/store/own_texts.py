"""The bank's own versions of the sentences of reports, beside the book: they go along with every backup, and come back.

In a backup they are sealed with the book's key like all the rest. The seal is the same for the same texts, so that the
manifest alone tells whether a backup has them as they are now.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from xiaobao_desktop.errors import UserError
from xiaobao_desktop.files import ensure_folder, write_atomically
from xiaobao_desktop.store.layout import OWN_TEXTS
from xiaobao_desktop.store.records import canonical
from xiaobao_desktop.store.subkeys import derive

SUFFIX = ".j2"
_LARGEST, _MOST = 256 * 1024, 200
"""Bytes of a file and number of files: what is beyond that is no text of a report."""
_NONCE, _MAGIC = 12, b"XBT1"


def of_book(directory: Path) -> dict[str, str]:
    """The texts beside a book by the names of their files; what cannot be read as text is left out."""
    found: dict[str, str] = {}
    with suppress(OSError):
        for path in sorted((directory / OWN_TEXTS).glob(f"*{SUFFIX}"))[:_MOST]:
            with suppress(OSError, UnicodeDecodeError):
                if path.is_file() and path.stat().st_size <= _LARGEST:
                    found[path.name] = path.read_text(encoding="utf-8")
    return found


def sealed(directory: Path, data_key: bytes) -> bytes | None:
    """The texts beside a book, for its backup; None when there are none."""
    texts = of_book(directory)
    if not texts:
        return None
    content = canonical(texts).encode()
    nonce = hmac.digest(derive(data_key, "xiaobao own texts nonce"), content, "sha256")[:_NONCE]
    return _MAGIC + nonce + _cipher(data_key).encrypt(nonce, content, _MAGIC)


def digest(directory: Path, data_key: bytes) -> str | None:
    """What the manifest of a backup with these texts says of them; None when there are none."""
    content = sealed(directory, data_key)
    return hashlib.sha256(content).hexdigest() if content is not None else None


def opened(raw: bytes, data_key: bytes) -> dict[str, str]:
    """The texts of a backup.

    Raises:
        ValueError: they were not sealed with this key.
    """
    head = len(_MAGIC) + _NONCE
    try:
        texts = json.loads(_cipher(data_key).decrypt(raw[len(_MAGIC) : head], raw[head:], raw[: len(_MAGIC)]))
    except InvalidTag as error:
        raise ValueError("not sealed with this key") from error
    # A name is a name, never a way to another folder.
    return {str(name): str(text) for name, text in texts.items() if Path(name).name == name and name.endswith(SUFFIX)}


def put_back(texts: Mapping[str, str], directory: Path, aside: Path | None) -> None:
    """Write the texts of a backup beside the restored book; a present one that differs moves to the old book.

    A text that cannot be written stays as it is: the book itself was restored already.
    """
    now = of_book(directory)
    for name, text in texts.items():
        if now.get(name) == text:
            continue
        with suppress(UserError):
            if name in now and aside is not None:
                _write(aside / OWN_TEXTS / name, now[name])
            _write(directory / OWN_TEXTS / name, text)


def _write(target: Path, text: str) -> None:
    def write(stream: BinaryIO) -> None:
        stream.write(text.encode())

    ensure_folder(target.parent)
    write_atomically(target, write)


def _cipher(data_key: bytes) -> AESGCM:
    return AESGCM(derive(data_key, "xiaobao own texts"))
