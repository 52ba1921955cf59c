"""The bank's own sentences of reports go along with every backup and come back with it."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.support import Clock, new_book
from xiaobao_desktop.reports import prose
from xiaobao_desktop.services import backup_places, backups, handover, restoring
from xiaobao_desktop.services.backups import BackupKind
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store import container, own_texts
from xiaobao_desktop.store.layout import OWN_TEXTS
from xiaobao_desktop.store.records import canonical

FILE, OWN, LATER = (
    "periodic.j2",
    "{% block title_line %}我行的标题玛瑙{% endblock %}",
    "{% block title_line %}改过{% endblock %}",
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def session(tmp_path: Path, clock: Clock) -> Iterator[Session]:
    """A book with one text of its own beside it."""
    opened = new_book(tmp_path / "book", clock)
    folder = opened.directory / OWN_TEXTS
    folder.mkdir()
    (folder / FILE).write_text(OWN, encoding="utf-8")
    (folder / "说明.docx").write_bytes(b"no text of a report")
    yield opened
    opened.close()


def test_a_new_pc_gets_the_texts_with_the_backup_and_nobody_reads_them_in_it(session: Session, tmp_path: Path) -> None:
    file = backups.backup(session, tmp_path / "U 盘")
    raw = file.read_bytes()
    assert "玛瑙".encode() not in raw
    with zipfile.ZipFile(file) as archive:
        assert archive.namelist() == ["manifest.json", "keys.json", "book.db", "texts.bin"]
    fresh = restoring.restore_as_book(file, tmp_path / "new", None)
    assert own_texts.of_book(fresh.directory) == {FILE: OWN}
    with prose.own_texts(fresh.directory / OWN_TEXTS) as texts:
        assert texts.template(FILE) is not None
    fresh.close()
    sealed = container.texts(file, container.read(file))
    assert sealed is not None
    with pytest.raises(ValueError, match="this key"):
        own_texts.opened(sealed, bytes(32))


def test_a_present_text_that_differs_moves_to_the_old_book(session: Session, clock: Clock) -> None:
    file = backup_places.backup_here(session)
    mine = session.directory / OWN_TEXTS
    (mine / FILE).write_text(LATER, encoding="utf-8")
    (mine / "work.j2").write_text(OWN, encoding="utf-8")
    clock.move(minutes=1)
    result = restoring.restore_into(session, file, None)
    assert own_texts.of_book(session.directory) == {FILE: OWN, "work.j2": OWN}
    assert result.replaced is not None
    assert own_texts.of_book(result.replaced) == {FILE: LATER}


def test_a_changed_text_alone_is_backed_up(session: Session, clock: Clock) -> None:
    assert backup_places.back_up_if_changed(session) is not None
    assert not backup_places.changed(session)
    (session.directory / OWN_TEXTS / FILE).write_text(LATER, encoding="utf-8")
    assert backup_places.changed(session)
    clock.move(minutes=31)
    assert backup_places.back_up_if_changed(session) is not None
    assert not backup_places.changed(session)


def test_a_backup_without_texts_leaves_those_that_are_there(session: Session, clock: Clock) -> None:
    text = session.directory / OWN_TEXTS / FILE
    text.unlink()
    file = backup_places.backup_here(session)
    text.write_text(LATER, encoding="utf-8")
    clock.move(minutes=1)
    restoring.restore_into(session, file, None)
    assert own_texts.of_book(session.directory) == {FILE: LATER}
    backup_places.back_up_to_second(session, session.directory.parent / "stick", BackupKind.BY_HAND)


def test_a_name_in_a_backup_never_leads_out_of_the_folder(session: Session) -> None:
    key = session.book._data_key
    folder = session.directory / OWN_TEXTS
    (folder / "large.j2").write_text("x" * 300_000, encoding="utf-8")
    (folder / "binary.j2").write_bytes(b"\xff\xfe\x00")
    sealed = own_texts.sealed(session.directory, key)
    assert sealed is not None
    assert own_texts.opened(sealed, key) == {FILE: OWN}
    body = canonical({"../evil.j2": "x", "fein.j2": "y", "evil.exe": "z"}).encode()
    evil = b"XBT1" + bytes(12) + own_texts._cipher(key).encrypt(bytes(12), body, b"XBT1")
    assert own_texts.opened(evil, key) == {"fein.j2": "y"}


def test_the_list_of_a_hand_over_names_them(session: Session) -> None:
    found = handover.look(session, session.today())
    text = str(handover.sheet(session, found, "李静").document)
    assert "本行自己的报表文字：1个文件" in text
