"""Files at a dated step: saved with it in one operation, of the kind that the step's data names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.support import COMPLAINT, a_complaint, new_book
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.services import attachments, records, step_files, undo
from xiaobao_desktop.services.session import Session


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened = new_book(tmp_path / "book")
    yield opened
    opened.close()


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    file = tmp_path / "答复函.pdf"
    file.write_bytes(b"%PDF-1.4 letter")
    return file


def with_step(record: Record, kind: str, on: str) -> tuple[Record, int]:
    rows = (*record.children["step"], {"kind": kind, "happened_on": on})
    return Record(record.values, {**record.children, "step": rows}, record.id), len(rows) - 1


def test_a_step_and_its_files_come_and_go_together(session: Session, letter: Path) -> None:
    saved = records.save(session, COMPLAINT, a_complaint()).record
    candidate, place = with_step(saved, "supplement", str(saved.values["received_on"]))
    done = step_files.save_step(
        session, COMPLAINT, candidate, ("step", place), [letter], operation="记一步：补充材料"
    ).record
    case_id = int(str(done.id))
    (entry,) = attachments.list_of(session, COMPLAINT, case_id)
    assert (entry.name, entry.evidence, entry.step_id) == ("答复函.pdf", "material", done.children["step"][place]["id"])
    assert undo.undo(session).name == "记一步：补充材料"
    assert attachments.list_of(session, COMPLAINT, case_id) == ()
    assert len(records.get(session, COMPLAINT, case_id).children["step"]) == len(saved.children["step"])


def test_a_file_that_is_gone_saves_nothing(session: Session, letter: Path, tmp_path: Path) -> None:
    saved = records.save(session, COMPLAINT, a_complaint()).record
    candidate, place = with_step(saved, "supplement", str(saved.values["received_on"]))
    with pytest.raises(attachments.FileUnreadable):
        step_files.save_step(
            session, COMPLAINT, candidate, ("step", place), [letter, tmp_path / "没有.pdf"], operation="记一步"
        )
    case_id = int(str(saved.id))
    assert attachments.list_of(session, COMPLAINT, case_id) == ()
    assert records.get(session, COMPLAINT, case_id).children == saved.children


def test_every_kind_of_step_names_a_kind_of_attachment_that_exists(session: Session) -> None:
    found = {kind.id: step_files.kind_for(session, COMPLAINT, kind.id).key for kind in session.rules.step_kinds}
    assert found["inform"] == "proof"
    assert found["received"] == "material"
    assert found["transfer"] == COMPLAINT.evidence[-1].key
