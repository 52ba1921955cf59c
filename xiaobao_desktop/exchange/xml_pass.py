"""One pass over an XML part, piece by piece, with everything refused that a table never needs.

A document type (and with it every entity) is refused outright, so that neither entity bombs nor outside files can
be reached. Names come without their prefix: transitional, strict and WPS files look the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol
from xml.parsers import expat

from xiaobao_desktop.exchange.errors import FileHostile, FileUnreadable

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class Handler(Protocol):
    """Receives the elements of a part."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins; ``name`` has no prefix, attribute names keep theirs."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, text: str) -> None:
        """Characters inside the element begun last."""


def walk(chunks: Iterable[bytes], handler: Handler, file: str, *, mixed: bool = False) -> None:
    """Feed ``chunks`` through ``handler``; ``mixed`` says that elements may have prefixes though the root has none.

    Raises:
        FileHostile: the part declares a document type.
        FileUnreadable: the part is no well-formed XML, or in an unknown encoding.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def root(name: str, attributes: dict[str, str]) -> None:
        # Most files write no prefixes at all; theirs is the short way, taken a million times.
        bare = ":" not in name and not mixed
        parser.StartElementHandler = handler.start if bare else start
        parser.EndElementHandler = handler.end if bare else end
        parser.StartElementHandler(name, attributes)

    def start(name: str, attributes: dict[str, str]) -> None:
        handler.start(name.rpartition(":")[2], attributes)

    def end(name: str) -> None:
        handler.end(name.rpartition(":")[2])

    def doctype(*_: object) -> None:
        raise FileHostile(file=file, reason="含有不该有的实体声明")

    parser.StartElementHandler = root
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = doctype
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError) as error:  # LookupError: an encoding that nobody knows
        raise FileUnreadable(file=file, reason="文件已损坏，内容不完整") from error


def attribute(attributes: dict[str, str], name: str) -> str:
    """The attribute ``name`` with any prefix; empty without one."""
    if name in attributes:
        return attributes[name]
    return next((value for key, value in attributes.items() if key.endswith(":" + name)), "")


def is_on(attributes: dict[str, str], name: str) -> bool:
    """Whether a yes/no attribute is set."""
    return attributes.get(name, "") in ("1", "true", "on")


def plain_text(text: str) -> str:
    """Text of a cell without the ``_x000D_`` escapes and control characters that XML cannot hold."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char for char in text if (char >= " " and char != "\x7f") or char in "\n\t")
