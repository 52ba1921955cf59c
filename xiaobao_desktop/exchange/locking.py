"""A workbook with an opening password, as Excel and WPS ask for it (ECMA-376 agile encryption, AES-256)."""

from __future__ import annotations

import io


def locked_xlsx(content: bytes, passphrase: str) -> bytes:
    """The workbook encrypted with ``passphrase``; it was opened again and compared.

    Raises:
        ValueError: what was made does not open to the same bytes (a bug of the library).
    """
    from msoffcrypto.format.ooxml import OOXMLFile

    made = io.BytesIO()
    OOXMLFile(io.BytesIO(content)).encrypt(passphrase, made)
    if opened_xlsx(made.getvalue(), passphrase) != content:
        raise ValueError("the encrypted workbook does not open to what was put in")
    return made.getvalue()


def opened_xlsx(content: bytes, passphrase: str) -> bytes:
    """The workbook behind an opening password."""
    from msoffcrypto.format.ooxml import OOXMLFile

    locked = OOXMLFile(io.BytesIO(content))
    locked.load_key(password=passphrase)
    plain = io.BytesIO()
    locked.decrypt(plain)
    return plain.getvalue()
