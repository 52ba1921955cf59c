"""A person's name, phone and ID never lie in clear in any file of the program: profile, temporary files, book, exports.

A session in a process of its own types them, imports, prints, exports, crashes, locks and is killed; then every file is
read, packed ones unpacked, in every encoding a Chinese PC writes.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from tests.e2e.marked_session import ID_NUMBER, NAME, PHONE
from tests.services.support import sheet

ROOT = Path(__file__).resolve().parents[2]
MARKERS = (NAME, PHONE, ID_NUMBER)
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "gb18030", "unicode_escape")


@pytest.mark.skipif(sys.platform == "win32", reason="ends by SIGKILL")
def test_no_file_holds_the_person_in_clear(tmp_path: Path) -> None:
    watched = tmp_path / "watched"
    for folder in ("home", "tmp", "out", "work"):
        (watched / folder).mkdir(parents=True)
    # The person's own papers lie elsewhere: they were there before the program came.
    workbook = sheet(
        tmp_path / "台账.xlsx",
        ("收到日期", "来源", "投诉人", "联系电话", "证件号码", "投诉内容"),
        ("2026-11-02", "来电", NAME, PHONE, ID_NUMBER, f"{NAME}反映服务问题"),
    )
    scan = tmp_path / f"{NAME}.txt"
    scan.write_text(f"{NAME} {PHONE} {ID_NUMBER}", encoding="utf-8")
    environment = {
        **os.environ,
        "XIAOBAO_HOME": str(watched / "home"),
        "TMPDIR": str(watched / "tmp"),
        "HOME": str(watched / "home"),
        "XDG_CONFIG_HOME": str(watched / "home/config"),
        "XDG_CACHE_HOME": str(watched / "home/cache"),
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "QT_QPA_PLATFORM": "offscreen",
    }
    places = [str(item) for item in (watched / "账簿", watched / "out", workbook, scan)]
    command = [sys.executable, "-m", "tests.e2e.marked_session", *places]
    done = subprocess.run(command, cwd=watched / "work", env=environment, capture_output=True, timeout=100, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()[-3000:]
    read, found = set(), []
    for path in sorted(item for item in watched.rglob("*") if item.is_file()):
        read.add(path.relative_to(watched).parts[0])
        found += [f"{path.name}: {marker}" for marker in MARKERS if marker in path.name]
        for name, content in unpacked(path.name, path.read_bytes()):
            found += [f"{path.relative_to(watched)} {name}: {marker}" for marker in held(content)]
    assert found == []
    assert {"home", "out", "账簿"} <= read
    # The session did what it was to do: exports are there and hold the masked person.
    kept = [content for path in (watched / "out").rglob("*.zip") for _name, content in unpacked("", path.read_bytes())]
    assert any("欧**".encode() in content for content in kept)
    assert list((watched / "home").rglob("defects.log"))


def test_the_search_would_find_them() -> None:
    """The check is worth something: in each encoding, and packed twice, a marker is found."""
    for encoding in ENCODINGS:
        assert held(b"..." + NAME.encode(encoding) + b"...") == [NAME]
    inner, outer = BytesIO(), BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/a.xml", f"<t>{PHONE}</t>")
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a.xlsx", inner.getvalue())
    assert [held(content) for _name, content in unpacked("a.zip", outer.getvalue())][-1] == [PHONE]


def held(content: bytes) -> list[str]:
    """The markers that stand in some bytes."""
    return [marker for marker in MARKERS if any(marker.encode(encoding) in content for encoding in ENCODINGS)]


def unpacked(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """The bytes themselves, what is packed in them (locked entries as they lie), and the text of a PDF."""
    yield name, content
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(BytesIO(content)) as archive:
            for entry in archive.infolist():
                yield f"{name}!{entry.filename}", entry.filename.encode()
                if not entry.flag_bits & 1:
                    yield from unpacked(f"{name}!{entry.filename}", archive.read(entry))
    if content.startswith(b"%PDF"):
        command = ["pdftotext", "-raw", "-", "-"]
        yield f"{name} (text)", subprocess.run(command, input=content, capture_output=True, check=True).stdout
