"""What a file is, told by its content and never by its name."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

from xiaobao_desktop.exchange.archive import Archive
from xiaobao_desktop.exchange.errors import FileEmpty, FileEncrypted, FileUnreadable, NotAWorkbook
from xiaobao_desktop.exchange.html_sheets import looks_like_html
from xiaobao_desktop.exchange.xlsx_parts import workbook_part

Format = Literal["zip", "xls", "html", "text"]
BookFormat = Literal["xlsx", "xlsb", "ods"]

_HEAD: Final = 4096
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER: Final = (
    (b"%PDF", "是一份 PDF"),
    (b"\x89PNG", "是一张图片"),
    (b"\xff\xd8\xff", "是一张图片"),
    (b"GIF8", "是一张图片"),
    (b"BM6", "是一张图片"),
    (b"Rar!", "是压缩包，请先解压"),
    (b"7z\xbc\xaf", "是压缩包，请先解压"),
    (b"\x1f\x8b", "是压缩包，请先解压"),
    (b"{\\rtf", "是一份文档"),
    (b"MIME-Version:", "是网页归档，请用 WPS 打开后另存为 .xlsx"),
    (b"MZ", "是一个程序"),
    (b"\x7fELF", "是一个程序"),
    (b"SQLite format 3", "是一个数据库文件"),
    (b"PK\x05\x06", "是一个空的压缩包"),
    (b"\x09\x08\x08\x00", "是 1995 年以前的表格格式，请用 WPS 另存为 .xlsx"),
    (b"\x09\x04\x06\x00", "是 1995 年以前的表格格式，请用 WPS 另存为 .xlsx"),
    (b"\x09\x02\x06\x00", "是 1995 年以前的表格格式，请用 WPS 另存为 .xlsx"),
)


def sniff(path: Path) -> Format:
    """The outer format of ``path``.

    Raises:
        FileEmpty, NotAWorkbook, FileEncrypted, FileUnreadable: by what its first bytes (and an OLE file's own
            directory) tell.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if not head.strip(b"\0 \t\r\n"):
        raise FileEmpty(file=path.name)
    if head.startswith(b"PK\x03\x04"):
        return "zip"
    if head.startswith(_OLE):
        _check_ole(path)
        return "xls"
    for mark, reason in _OTHER:
        if head.startswith(mark):
            raise NotAWorkbook(file=path.name, reason=reason)
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head and b"<html" not in head.lower():
        raise FileUnreadable(file=path.name, reason="是 2003 年的 XML 表格格式")
    return "html" if looks_like_html(head) else "text"


def _check_ole(path: Path) -> None:
    """Office files before 2007 and encrypted ones share a container; its directory names what is inside."""
    data = path.read_bytes()

    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        raise FileEncrypted(file=path.name)
    if not (holds("Workbook") or holds("Book")):
        reason = "是一份 Word 文档" if holds("WordDocument") else "是另一种 Office 文件"
        raise NotAWorkbook(file=path.name, reason=reason)


def sniff_archive(archive: Archive, file: str) -> tuple[BookFormat, str]:
    """The kind of workbook inside a zip, and the name of its main part.

    Raises:
        NotAWorkbook, FileEncrypted, FileUnreadable, FileHostile: as the content deserves.
    """
    if "mimetype" in archive.names:
        return _check_open_document(archive, file)
    main = workbook_part(archive, file)
    if not main:
        raise NotAWorkbook(file=file, reason="是压缩包，请先解压")
    if main.endswith("workbook.bin"):
        return "xlsb", main
    if "word/" in main or "ppt/" in main:
        raise NotAWorkbook(file=file, reason="是一份 Word 文档" if "word/" in main else "是一份演示文稿")
    return "xlsx", main


def _check_open_document(archive: Archive, file: str) -> tuple[BookFormat, str]:
    if b"opendocument.spreadsheet" not in archive.read("mimetype"):
        raise NotAWorkbook(file=file, reason="是另一种文档")
    if "META-INF/manifest.xml" in archive.names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise FileEncrypted(file=file)
    return "ods", "content.xml"
