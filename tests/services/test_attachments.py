from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.services.support import COMPLAINT, a_complaint, new_book
from xiaobao_desktop import paths
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.services import attachments, opened_files, records
from xiaobao_desktop.services.session import Session


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened = new_book(tmp_path / "book")
    yield opened
    opened.close()


@pytest.fixture
def case(session: Session) -> int:
    return int(str(records.save(session, COMPLAINT, a_complaint()).record.id))


def a_photo(path: Path, size: tuple[int, int] = (3000, 1500), *, turned: bool = False) -> Path:
    """A picture whose left half is red, with the notes of a camera in it."""
    picture = Image.new("RGB", size, "blue")
    picture.paste("red", (0, 0, size[0] // 2, size[1]))
    notes = picture.getexif()
    notes[0x010F] = "SECRET-CAMERA"
    notes[0x0112] = 6 if turned else 1
    picture.save(path, exif=notes)
    return path


def test_a_photo_is_shrunk_and_loses_the_cameras_notes(session: Session, case: int, tmp_path: Path) -> None:
    file = a_photo(tmp_path / "现场.JPG")
    assert b"SECRET-CAMERA" in file.read_bytes()
    entry = attachments.add(session, COMPLAINT, case, "material", file, " 营业厅 ").entry
    assert (entry.name, entry.media_type, entry.caption) == ("现场.JPG", "image/jpeg", "营业厅")
    data = attachments.open_bytes(session, entry.id)
    assert b"SECRET-CAMERA" not in data
    assert len(data) == entry.size
    with Image.open(io.BytesIO(data)) as kept:
        assert kept.size == (2000, 1000)
        assert not kept.getexif()


def test_a_photo_taken_upright_stands_upright(session: Session, case: int, tmp_path: Path) -> None:
    file = a_photo(tmp_path / "a.jpg", (400, 200), turned=True)
    entry = attachments.add(session, COMPLAINT, case, "material", file).entry
    with Image.open(io.BytesIO(attachments.open_bytes(session, entry.id))) as kept:
        assert kept.size == (200, 400)
        red, _green, blue = kept.convert("RGB").getpixel((100, 20))  # type: ignore[misc]  # a pixel of RGB
        assert red > 200 > blue


def test_a_screenshot_stays_sharp_and_other_pictures_become_jpeg(session: Session, case: int, tmp_path: Path) -> None:
    Image.new("RGBA", (300, 200), (1, 2, 3, 0)).save(tmp_path / "截图.png")
    Image.new("RGB", (300, 200), "green").save(tmp_path / "旧图.bmp")
    kept = [
        attachments.add(session, COMPLAINT, case, "material", tmp_path / name).entry
        for name in ("截图.png", "旧图.bmp")
    ]
    assert [(entry.name, entry.media_type) for entry in kept] == [
        ("截图.png", "image/png"),
        ("旧图.jpg", "image/jpeg"),
    ]
    with Image.open(io.BytesIO(attachments.open_bytes(session, kept[0].id))) as picture:
        assert picture.convert("RGBA").getpixel((5, 5)) == (1, 2, 3, 0)


def test_what_only_looks_like_a_picture_is_kept_as_it_is(session: Session, case: int, tmp_path: Path) -> None:
    data = b"\xff\xd8\xff" + b"no picture" * 20
    (tmp_path / "坏.jpg").write_bytes(data)
    entry = attachments.add(session, COMPLAINT, case, "material", tmp_path / "坏.jpg").entry
    assert attachments.open_bytes(session, entry.id) == data


def test_files_come_kind_by_kind_and_can_be_taken_out(session: Session, case: int, tmp_path: Path) -> None:
    for name in ("a.docx", "b.pdf"):
        (tmp_path / name).write_bytes(b"%PDF-1.4" if name == "b.pdf" else name.encode())
    later = attachments.add(session, COMPLAINT, case, "proof", tmp_path / "a.docx").entry
    first = attachments.add(session, COMPLAINT, case, "material", tmp_path / "b.pdf").entry
    assert first.is_pdf
    assert [entry.id for entry in attachments.list_of(session, COMPLAINT, case)] == [first.id, later.id]
    changed = attachments.remove(session, later.id)
    assert changed == (("complaint", case),)
    assert [entry.id for entry in attachments.list_of(session, COMPLAINT, case)] == [first.id]
    with pytest.raises(attachments.AttachmentGone):
        attachments.open_bytes(session, later.id)
    told = [entry.operation for entry in records.history(session, COMPLAINT, case)]
    assert told[:2] == ["TS-2026-0001 移除答复凭证", "TS-2026-0001 添加投诉材料"]


def test_export_takes_a_free_name_and_opened_files_are_wiped(session: Session, case: int, tmp_path: Path) -> None:
    (tmp_path / "说明.docx").write_bytes(b"words")
    entry = attachments.add(session, COMPLAINT, case, "other", tmp_path / "说明.docx").entry
    folder = tmp_path / "out"
    names = [attachments.export_to(session, entry.id, folder).name for _time in range(2)]
    assert names == ["说明.docx", "说明（2）.docx"]
    opened = opened_files.write_out(session, entry.id)
    assert opened.read_bytes() == b"words"
    assert opened.is_relative_to(paths.program_data_dir())
    opened_files.wipe()
    assert not opened.exists()


def test_unreadable_and_too_large_files_are_refused_in_plain_words(
    session: Session, case: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(attachments.FileUnreadable, match="没有添加“没有\\.pdf”"):
        attachments.add(session, COMPLAINT, case, "other", tmp_path / "没有.pdf")
    huge = tmp_path / "录像.mp4"
    with huge.open("wb") as stream:
        stream.truncate(attachments.LARGEST + 1)
    with pytest.raises(attachments.FileTooLarge, match="101 MB，一个附件最大 100 MB"):
        attachments.add(session, COMPLAINT, case, "other", huge)
    assert attachments.list_of(session, COMPLAINT, case) == ()


def test_wanted_kinds_are_missing_until_there_is_one(session: Session, tmp_path: Path) -> None:
    ledger = next(item for item in session.ledgers if any(kind.wanted for kind in item.evidence))
    wanted = [kind.key for kind in ledger.evidence if kind.wanted]
    record = Record({}, id=None)
    assert [kind.key for kind in attachments.missing_evidence(session, ledger, record)] == wanted
    # Complaints want none, whatever they have.
    case = records.save(session, COMPLAINT, a_complaint()).record
    assert attachments.missing_evidence(session, COMPLAINT, case) == ()


@pytest.mark.parametrize(
    ("size", "text"), [(1, "1 KB"), (214 * 1024, "214 KB"), (1258291, "1.2 MB"), (100 * 1024 * 1024, "100.0 MB")]
)
def test_sizes_in_words(size: int, text: str) -> None:
    assert attachments.size_text(size) == text
