from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from tests.store.books import AT, CASE, LEDGERS, PLACE, WHO, a_case, add, make_book
from xiaobao_desktop.domain.fields import Column, Field, Kind, Ledger, Record, Section, Value
from xiaobao_desktop.store.book import Book
from xiaobao_desktop.store.query import Condition, Query
from xiaobao_desktop.store.sqlite import DriverError


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    made, _key = make_book(tmp_path)
    with made:
        yield made


def test_every_kind_of_value_comes_back_as_it_went_in(book: Book) -> None:
    (place,) = add(book, Record({"name": "城关支行"}), ledger=PLACE)
    values: dict[str, Value] = {
        "on": "2026-10-08",
        "title": "收费",
        "content": "两行\n文字",
        "person": "𬱖某",
        "phone": "13800138000",
        "group": "a",
        "tags": ("elderly", "老人"),
        "category": "B.1.01",
        "amount": 12000,
        "people": 0,
        "urgent": False,
        "place": place.id,
        "merged_into": None,
    }
    steps = ({"kind": "received", "happened_on": "2026-10-08", "note": None}, {"kind": "close", "note": "办结"})
    (stored,) = add(book, Record(values, {"step": steps}))
    assert stored.id is not None
    assert stored.values == values
    assert [row["kind"] for row in stored.children["step"]] == ["received", "close"]
    assert all(isinstance(row["id"], int) for row in stored.children["step"])
    assert book.record(CASE, stored.id) == stored
    assert book.by_number(CASE, "SX-2026-0001") == stored
    assert book.records(CASE, [99, stored.id]) == [stored]
    assert book.record(CASE, 99) is None
    assert book.by_number(CASE, "SX-2026-0009") is None


def test_blank_text_and_no_choices_count_as_empty(book: Book) -> None:
    (stored,) = add(book, a_case(title="  ", tags=()))
    assert stored.values["title"] is None
    assert stored.values["tags"] is None


def test_numbers_run_by_year_and_are_never_given_twice(book: Book) -> None:
    first = add(book, a_case("2026-10-08"), a_case("2025-12-31"), a_case("2026-01-01"), a_case(None))
    assert [item.number for item in first] == ["SX-2026-0001", "SX-2025-0001", "SX-2026-0002", "SX-2026-0003"]
    with book.transaction("删除", WHO, AT) as changes:
        changes.delete(CASE, first[3].id or 0)
    assert add(book, a_case())[0].number == "SX-2026-0004"
    (place,) = add(book, Record({"name": "x"}), ledger=PLACE)
    assert place.number == "DD-2026-0001"


def test_number_keeps_growing_past_four_digits(book: Book) -> None:
    (first,) = add(book, a_case())
    book._db.execute('UPDATE "case" SET number = ?, number_seq = 9999', ("SX-2026-9999",))
    (next_one,) = add(book, a_case())
    assert next_one.number == "SX-2026-10000"
    assert book.ids(CASE, Query(order=(("number", False),))) == [first.id, next_one.id]


def test_update_touches_only_what_it_speaks_of(book: Book) -> None:
    (stored,) = add(book, a_case(title="旧", person="刘某", steps=({"kind": "received"}, {"kind": "close"})))
    with book.transaction("修改", WHO, AT) as changes:
        after = changes.update(CASE, Record({"title": "新", "person": None}, id=stored.id))
        assert changes.changed == [("case", stored.id)]
    assert after.values == {**stored.values, "title": "新", "person": None}
    assert after.children == stored.children
    rows = after.children["step"]
    with book.transaction("记一步", WHO, AT) as changes:
        after = changes.update(CASE, Record({}, {"step": (rows[1], {"kind": "inform"}, rows[0])}, id=stored.id))
    assert [row["kind"] for row in after.children["step"]] == ["close", "inform", "received"]
    assert [after.children["step"][0]["id"], after.children["step"][2]["id"]] == [rows[1]["id"], rows[0]["id"]]


def test_copied_child_rows_get_ids_of_their_own(book: Book) -> None:
    (stored,) = add(book, a_case(steps=({"kind": "received"},)))
    (copy,) = add(book, Record(stored.values, stored.children))
    assert copy.children["step"][0]["id"] != stored.children["step"][0]["id"]
    assert book.record(CASE, stored.id or 0) == stored


def test_nothing_changed_leaves_no_history(book: Book) -> None:
    (stored,) = add(book, a_case(title="旧"))
    before = book.anchor()
    with book.transaction("修改", WHO, AT) as changes:
        assert changes.update(CASE, stored) == stored
        assert changes.changed == []
    assert book.anchor() == before


def test_history_tells_before_and_after_with_child_rows(book: Book) -> None:
    (stored,) = add(book, a_case(title="旧", steps=({"kind": "received"},)))
    with book.transaction("修改事由", "李强", AT) as changes:
        after = changes.update(CASE, Record({"title": "新"}, {"step": ()}, id=stored.id))
        changes.delete(CASE, stored.id or 0)
    first, second, third = book.history(CASE, stored.id or 0)
    assert (first.action, first.operation, first.who, first.at) == ("insert", "登记事项", WHO, AT)
    assert (first.before, first.after) == (None, stored)
    assert (second.before, second.after, second.who) == (stored, after, "李强")
    assert (third.action, third.after) == ("delete", replace(after, deleted=True))
    assert second.operation_id == third.operation_id == second.sequence


def test_recycle_bin_and_back(book: Book) -> None:
    (stored,) = add(book, a_case(title="收费"))
    record_id = stored.id or 0
    with book.transaction("删除", WHO, AT) as changes:
        changes.delete(CASE, record_id)
    assert book.ids(CASE, Query()) == []
    assert book.ids(CASE, Query(search="收费")) == []
    assert book.ids(CASE, Query(deleted=True)) == [record_id]
    assert (book.record(CASE, record_id) or stored).deleted
    with book.transaction("恢复", WHO, AT) as changes:
        changes.restore(CASE, record_id)
        changes.restore(CASE, record_id)
    assert book.record(CASE, record_id) == stored
    assert book.ids(CASE, Query(search="收费")) == [record_id]
    assert [change.action for change in book.history(CASE, record_id)] == ["insert", "delete", "restore"]


def test_a_failed_transaction_leaves_nothing(book: Book) -> None:
    add(book, a_case(title="留下"))
    before = (book.anchor(), book.count(CASE, Query()), book.settings())

    def fail_halfway() -> None:
        with book.transaction("导入", WHO, AT) as changes:
            changes.set_setting("bank", "x")
            changes.insert(CASE, a_case(title="不留"))
            changes.insert(CASE, a_case(colour="red"))

    with pytest.raises(KeyError):
        fail_halfway()
    assert (book.anchor(), book.count(CASE, Query()), book.settings()) == before
    assert book.ids(CASE, Query(search="不留")) == []
    assert add(book, a_case())[0].number == "SX-2026-0002"


def test_values_of_the_wrong_type_are_bugs(book: Book) -> None:
    for values in ({"amount": "12"}, {"urgent": 1}, {"title": 5}, {"tags": "elderly"}, {"place": True}):
        with pytest.raises(TypeError):
            add(book, Record(values))
    with pytest.raises(DriverError):
        add(book, a_case(place=999))  # a link to nothing
    with pytest.raises(LookupError), book.transaction("改", WHO, AT) as changes:
        changes.update(CASE, Record({"title": "x"}, id=99))


def test_transactions_do_not_nest(book: Book) -> None:
    with (
        book.transaction("外", WHO, AT),
        pytest.raises(RuntimeError, match="nest"),
        book.transaction("里", WHO, AT),
    ):
        pass
    assert add(book, a_case())


def test_settings_and_own_choices(book: Book) -> None:
    with book.transaction("设置", WHO, AT) as changes:
        changes.set_setting("bank", "云岭村镇银行")
        changes.set_setting("theme", "dark")
        changes.put_choice({"list_name": "source", "id": "own1", "name": "行长信箱", "aliases": ["信箱"]})
        assert changes.changed == [("setting", 0), ("choice_item", 0)]
    with book.transaction("设置", WHO, AT) as changes:
        changes.set_setting("theme", None)
        changes.put_choice({"list_name": "source", "id": "own1", "name": "行长信箱", "active": False})
    assert book.settings() == {"bank": "云岭村镇银行"}
    assert book.setting("bank") == "云岭村镇银行"
    assert book.setting("theme") is None
    (row,) = book.own_choices()
    assert (row["name"], row["aliases"], row["active"], row["group"]) == ("行长信箱", ["信箱"], False, "")
    assert book.anchor().sequence == 5
    with pytest.raises(KeyError), book.transaction("设置", WHO, AT) as changes:
        changes.put_choice({"list_name": "source", "id": "own1", "name": "x", "colour": "red"})


def test_fingerprints_of_imported_rows_stay(book: Book) -> None:
    with book.transaction("导入", WHO, AT) as changes:
        stored = changes.insert(CASE, a_case(), fingerprint="f1")
        changes.delete(CASE, stored.id or 0)
    assert book.fingerprints(CASE) == {"f1": "SX-2026-0001"}
    assert book.fingerprints(PLACE) == {}
    with pytest.raises(DriverError), book.transaction("导入", WHO, AT) as changes:
        changes.insert(CASE, a_case(), fingerprint="f1")


def test_a_ledger_of_three_fields_from_one_declaration(tmp_path: Path) -> None:
    ledger = Ledger(
        key="leaflet",
        label="折页",
        prefix="ZY",
        unit="种",
        fields=(
            Field("name", "名称", Kind.TEXT),
            Field("printed_on", "印制日期", Kind.DATE),
            Field("copies", "份数", Kind.INTEGER),
        ),
        sections=(Section("折页", ("name", "printed_on", "copies")),),
        columns=(Column("name", 10), Column("copies", 6)),
        title=("name",),
    )
    with make_book(tmp_path, (ledger,))[0] as book:
        add(book, Record({"name": "守住钱袋子", "copies": 500}), Record({"name": "防诈骗"}), ledger=ledger)
        assert book.ids(ledger, Query(search="钱袋", order=(("copies", True),))) == [1]
        assert book.rows(ledger, [2, 1], ["name", "copies"]) == [
            {"id": 2, "number": "ZY-2026-0002", "name": "防诈骗", "copies": None},
            {"id": 1, "number": "ZY-2026-0001", "name": "守住钱袋子", "copies": 500},
        ]
        assert len(book.history(ledger, 1)) == 1
        assert all(finding.ok for finding in book.verify())


@pytest.mark.parametrize("key", ["setting", "change", "case_step", "search_case"])
def test_a_declaration_cannot_take_a_table_that_exists(tmp_path: Path, key: str) -> None:
    with pytest.raises(ValueError, match="taken"):
        make_book(tmp_path, (CASE, replace(PLACE, key=key)))


def test_a_declaration_cannot_use_a_reserved_column(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="reserved"):
        make_book(tmp_path, (replace(PLACE, fields=(Field("number", "编号", Kind.TEXT),)),))


def test_many_threads_share_one_book(book: Book) -> None:
    def work(name: int) -> int:
        for turn in range(10):
            add(book, a_case(title=f"{name}-{turn}"))
        return len(book.ids(CASE, Query(search=f"{name}-")))

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, range(4))) == [10] * 4
    numbers = [row["number"] for row in book.rows(CASE, book.ids(CASE, Query()), [])]
    assert sorted(numbers) == [f"SX-2026-{n:04d}" for n in range(1, 41)]  # type: ignore[type-var]  # numbers are texts
    assert all(finding.ok for finding in book.verify())


def test_closed_books_refuse_work(tmp_path: Path) -> None:
    book, key = make_book(tmp_path)
    add(book, a_case())
    book.close()
    book.close()
    with pytest.raises(RuntimeError, match="closed"):
        book.count(CASE, Query())
    with Book.open(tmp_path, key, LEDGERS) as again:
        assert again.count(CASE, Query(where=(Condition("on", "eq", ("2026-10-08",)),))) == 1
