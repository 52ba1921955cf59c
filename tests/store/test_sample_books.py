from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.store.make_sample_book import BOOKS, PASSWORD
from xiaobao_desktop.domain.fields import Field, Kind, Ledger
from xiaobao_desktop.domain.ledgers import all_ledgers
from xiaobao_desktop.store import keyslots
from xiaobao_desktop.store.book import Book
from xiaobao_desktop.store.layout import BOOK_FILE, KEY_FILE
from xiaobao_desktop.store.query import Query
from xiaobao_desktop.store.schema import SCHEMA_VERSION

SAMPLES = sorted(path.name for path in BOOKS.iterdir())


def opened(name: str, tmp_path: Path, ledgers: tuple[Ledger, ...]) -> Book:
    directory = tmp_path / name
    directory.mkdir()
    for file in (BOOK_FILE, KEY_FILE):
        shutil.copyfile(BOOKS / name / file, directory / file)
    return Book.open(directory, keyslots.unlock(directory / KEY_FILE, PASSWORD).data_key, ledgers)


def test_there_is_a_sample_of_every_schema_version() -> None:
    assert [f"schema-{version}" for version in range(1, SCHEMA_VERSION + 1)] == SAMPLES


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("with_new_field", [False, True])
def test_a_book_of_an_older_program_opens_whole(name: str, with_new_field: bool, tmp_path: Path) -> None:
    ledgers = all_ledgers()
    if with_new_field:
        ledgers = tuple(
            replace(item, fields=(*item.fields, Field("added_later", "后加的", Kind.DATE))) for item in ledgers
        )
    complaint = next(item for item in ledgers if item.prefix == "TS")
    with opened(name, tmp_path, ledgers) as book:
        assert all(finding.ok for finding in book.verify())
        record = book.by_number(complaint, "TS-2026-0001")
        assert record is not None
        assert record.values["amount"] == 12000
        assert record.values["rights"] == ("know",)
        assert [row["kind"] for row in record.children["step"]] == ["received", "close"]
        assert book.ids(complaint, Query(search="刘某某 城关")) == [record.id]
        assert book.ids(complaint, Query(deleted=True)) != []
        assert [change.operation for change in book.history(complaint, record.id or 0)] == ["建立样本", "修改投诉"]
        assert book.setting("bank") == "样本村镇银行"
        assert book.own_choices()[0]["name"] == "行长信箱"
        assert book.fingerprints(complaint) == {"row 1": "TS-2026-0001"}
        assert ("added_later" in record.values) == with_new_field
