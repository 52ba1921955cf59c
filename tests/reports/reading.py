"""Reading printed matter back: the text of each page of a PDF, all text of a Word file; without blanks."""

from __future__ import annotations

import io
import subprocess
from datetime import datetime
from pathlib import Path

import docx

from xiaobao_desktop.reports.document import Document, Metadata
from xiaobao_desktop.reports.docx import write_docx
from xiaobao_desktop.reports.pdf import write_pdf

METADATA = Metadata("表", "某某农村商业银行", datetime(2026, 11, 3, 9, 30), "小保")  # noqa: DTZ001 - local time


def pages(document: Document, folder: Path) -> list[str]:
    """The text of each page of a document's PDF."""
    stream = io.BytesIO()
    write_pdf(document, stream, metadata=METADATA)
    return pdf_pages(stream.getvalue(), folder)


def pdf_pages(data: bytes, folder: Path) -> list[str]:
    """The text of each page of a PDF."""
    file = folder / "read.pdf"
    file.write_bytes(data)
    done = subprocess.run(["pdftotext", "-layout", str(file), "-"], check=True, capture_output=True, encoding="utf-8")
    return ["".join(page.split()) for page in done.stdout.split("\f")[:-1]]


def word_text(document: Document) -> str:
    """All text of a document's Word file, merged cells once."""
    stream = io.BytesIO()
    write_docx(document, stream, metadata=METADATA)
    body = docx.Document(stream).element.body
    return "".join("".join(node.text or "" for node in body.iter() if node.tag.endswith("}t")).split())
