"""Keys for single purposes, derived from the book's data key.

HKDF with SHA-256 (RFC 5869). The data key is random and 256 bits long, so the extraction step needs no salt.
"""

from __future__ import annotations

import hashlib
import hmac
import os

DATA_KEY_BYTES = 32


def new_data_key() -> bytes:
    """A fresh random 256-bit key for a new book."""
    return os.urandom(DATA_KEY_BYTES)


def derive(data_key: bytes, purpose: str, length: int = 32) -> bytes:
    """A key for one purpose.

    Args:
        data_key: the book's 256-bit key.
        purpose: a fixed text; different texts give unrelated keys.
        length: bytes wanted, at most 32 (one block of the hash).
    """
    if len(data_key) != DATA_KEY_BYTES or not 0 < length <= hashlib.sha256().digest_size:
        raise ValueError("a data key has 32 bytes, and at most 32 can be derived")
    extracted = hmac.digest(bytes(hashlib.sha256().digest_size), data_key, "sha256")
    return hmac.digest(extracted, purpose.encode() + b"\x01", "sha256")[:length]


def key_id(data_key: bytes) -> str:
    """A name for the key (16 hex digits) that says nothing about it; tells which key a file belongs to."""
    return derive(data_key, "xiaobao key id", 8).hex()
