"""Every declared ledger works by its declaration alone: exported and imported again, printed, searched, told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from tests.services.report_text import written
from tests.services.support import imported, new_book, pdf_text
from xiaobao_desktop.domain.fields import Field, Grade, Kind, Ledger, Record, Value
from xiaobao_desktop.domain.ledgers import all_ledgers
from xiaobao_desktop.domain.period import parse_period
from xiaobao_desktop.services import list_export, listing, records, reporting
from xiaobao_desktop.services.ledger_cells import Audience
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Query

DAY = "2026-10-08"
LEDGERS = {item.key: item for item in all_ledgers()}
WITH_A_WAY_OF_THEIR_OWN = {"inspection"}
"""Their records are begun from a checklist; the tests of their own make them."""


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    opened = new_book(tmp_path_factory.mktemp("every") / "book")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """Another, empty book."""
    opened = new_book(tmp_path_factory.mktemp("other") / "book")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def saved(session: Session) -> dict[str, Record]:
    """One record in every ledger, with what must be filled in sooner or later."""
    return {
        item.key: records.save(session, item, Record(entered(session, item))).record
        for item in LEDGERS.values()
        if item.key not in WITH_A_WAY_OF_THEIR_OWN
    }


def entered(session: Session, item: Ledger) -> dict[str, Value]:
    wanted = [field for field in item.entered_fields if field.grade is not Grade.FREE and field.kind is not Kind.LINK]
    return {**records.blank(session, item).values, **{field.key: value_of(session, field) for field in wanted}}


def value_of(session: Session, field: Field) -> Value:
    catalog = session.rules.catalog
    if field.kind is Kind.CHOICE:
        return catalog.list(field.options).items[0].id
    if field.kind is Kind.CHOICES:
        return tuple(choice.id for choice in catalog.list(field.options).items[:2])
    if field.kind is Kind.CODE:
        return catalog.tree(field.options).codes[0].key
    if field.kind is Kind.DATE:
        return DAY
    if field.kind in (Kind.INTEGER, Kind.DECIMAL, Kind.MONEY):
        return 300
    usual: dict[Kind, Value] = {Kind.TIME: "09:30", Kind.YES_NO: True, Kind.PHONE: "13856215621"}
    return usual.get(field.kind, f"某{field.label}")


@pytest.mark.parametrize("key", sorted(set(LEDGERS) - WITH_A_WAY_OF_THEIR_OWN))
def test_a_whole_export_is_imported_again_as_it_was(
    key: str, session: Session, saved: dict[str, Record], other: Session, tmp_path: Path
) -> None:
    item = LEDGERS[key]
    file = tmp_path / f"{item.label}.xlsx"
    list_export.write(session, list_export.whole(session, item, Audience.FULL), file)
    plan, result = imported(other, file, key=key)
    assert [(cell.column, cell.reason) for cell in plan.rejected] == []
    assert len(result.numbers) == 1
    found = records.get(other, item, 1).values
    before = saved[key].values
    shown = [field for field in item.entered_fields if field.grade is not Grade.FREE]
    assert {field.key: found.get(field.key) for field in shown} == {field.key: before.get(field.key) for field in shown}


@pytest.mark.parametrize("key", sorted(set(LEDGERS) - WITH_A_WAY_OF_THEIR_OWN))
def test_search_and_history_know_the_record(key: str, session: Session, saved: dict[str, Record]) -> None:
    item, record = LEDGERS[key], saved[key]
    words = str(record.values[item.title[0]] or record.number)
    assert record.id in listing.ids(session, item, Query(search=words))
    (made,) = records.history(session, item, int(str(record.id)))
    assert made.operation == f"登记{item.label}"
    assert item.field(item.title[0]).label in {line.label for line in made.lines}


@pytest.mark.parametrize("key", sorted(set(LEDGERS) - WITH_A_WAY_OF_THEIR_OWN))
def test_the_ledger_is_printed_with_its_title_and_rows(
    key: str, session: Session, saved: dict[str, Record], tmp_path: Path
) -> None:
    item = LEDGERS[key]
    built = reporting.build(session, "ledger", parse_period("2026"), subject=key)
    text = pdf_text(written(built, tmp_path, "pdf"))
    assert (item.print_title or f"{item.label}台账") in text
    assert f"共1{item.unit}" in text
    page = openpyxl.load_workbook(written(built, tmp_path, "xlsx")).active
    assert page is not None
    cells = {str(cell) for row in page.iter_rows(values_only=True) for cell in row if cell is not None}
    assert str(saved[key].number) in cells


def test_every_list_and_column_that_a_declaration_names_is_there(session: Session) -> None:
    wrong = []
    catalog = session.rules.catalog
    for item in LEDGERS.values():
        keys = {field.key for field in item.fields}
        named = {column.key for column in item.columns} | set(item.filters) | set(item.title) | set(item.not_copied)
        named |= {key for section in item.sections for key in section.fields}
        named |= {column.key for column in item.printed} - {"number"}
        wrong += [f"{item.key}: {key}" for key in sorted(named - keys)]
        fields = [*item.fields, *(field for table in item.children for field in table.fields)]
        for field in fields:
            known = {Kind.CODE: catalog.trees, Kind.LINK: LEDGERS}.get(field.kind, catalog.lists)
            if field.options and field.options not in known:
                wrong.append(f"{item.key}.{field.key}: {field.options}")
    assert wrong == []


def test_no_two_ledgers_share_key_label_or_prefix() -> None:
    for names in ([item.key for item in LEDGERS.values()], [item.label for item in LEDGERS.values()]):
        assert len(names) == len(set(names))
    assert len({item.prefix for item in LEDGERS.values()}) == len(LEDGERS)
