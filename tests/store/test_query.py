from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.books import AT, CASE, PLACE, WHO, a_case, add, make_book
from xiaobao_desktop.domain.fields import Record, Value
from xiaobao_desktop.store.book import Book
from xiaobao_desktop.store.query import Condition, Operator, Query
from xiaobao_desktop.store.search import folded, grams, searchable_text


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    with make_book(tmp_path_factory.mktemp("book"))[0] as made:
        add(made, Record({"name": "城关支行"}), ledger=PLACE)
        add(
            made,
            a_case("2026-10-08", title="收费 100%", group="a", tags=("x", "y"), amount=500, urgent=True, place=1),
            a_case("2026-09-30", title="收费_服务", group="b", tags=("y",), amount=-2, category="B.1.01"),
            a_case("2025-10-08", title="Loan", group=None, amount=None, urgent=False, category="B.1"),
            a_case("2026-10-08", title=None, group="a", amount=30, category="B.2"),
            a_case(None, title="无日期", group="c", merged_into=1),
        )
        yield made


def found(book: Book, field: str, op: Operator, *values: Value) -> list[int]:
    return book.ids(CASE, Query(where=(Condition(field, op, values),)))


def test_conditions(book: Book) -> None:
    assert found(book, "group", "eq", "a") == [1, 4]
    assert found(book, "group", "eq", None) == [3]
    assert found(book, "group", "in", "b", None) == [2, 3]
    assert found(book, "group", "in") == []
    assert found(book, "category", "under", "B.1", "B.1.01") == [2, 3]
    assert found(book, "on", "between", "2026-01-01", "2026-10-08") == [1, 2, 4]
    assert found(book, "on", "between", None, "2026-01-01") == [3]
    assert found(book, "on", "between", None, None) == [1, 2, 3, 4, 5]
    assert found(book, "amount", "between", 0, None) == [1, 4]
    assert found(book, "amount", "from_or_empty", 0) == sorted({1, 4, *found(book, "amount", "empty")})
    assert found(book, "group", "empty") == [3]
    assert found(book, "group", "not_empty") == [1, 2, 4, 5]
    assert found(book, "title", "contains", "100%") == [1]
    assert found(book, "title", "contains", "费_") == [2]
    assert found(book, "title", "contains", "loan") == [3]
    assert found(book, "urgent", "eq", False) == [3]
    assert found(book, "tags", "eq", "y") == [1, 2]
    assert found(book, "tags", "in", "x", None) == [1, 3, 4, 5]
    assert found(book, "place", "eq", 1) == [1]
    assert found(book, "merged_into", "not_empty") == [5]
    assert found(book, "number", "eq", "SX-2025-0001") == [3]
    assert found(book, "created_by", "eq", WHO) == [1, 2, 3, 4, 5]


def test_conditions_hold_together_and_hostile_values_stay_values(book: Book) -> None:
    both = Query(where=(Condition("group", "in", ("b", None)), Condition("on", "between", ("2026-01-01", None))))
    assert book.ids(CASE, both) == [2]
    assert book.count(CASE, both) == 1
    assert found(book, "title", "eq", "x' OR 1=1 --") == []
    with pytest.raises(KeyError):
        found(book, 'title" OR 1=1 --', "eq", "x")
    with pytest.raises(KeyError):
        book.ids(CASE, Query(order=(("1; DROP TABLE change", False),)))
    with pytest.raises(KeyError):
        book.rows(CASE, [1], ["nothing"])


def test_order_by_raw_value_empty_last_both_ways(book: Book) -> None:
    assert book.ids(CASE, Query(order=(("amount", False),))) == [2, 4, 1, 3, 5]
    assert book.ids(CASE, Query(order=(("amount", True),))) == [1, 4, 2, 5, 3]
    assert book.ids(CASE, Query(order=CASE.sort)) == [4, 1, 2, 3, 5]
    assert book.ids(CASE, Query(order=(("number", False),), limit=2)) == [3, 1]


def test_rows_select_children_and_distinct(book: Book) -> None:
    assert book.rows(CASE, [3, 1], ["urgent", "tags", "amount"]) == [
        {"id": 3, "number": "SX-2025-0001", "urgent": False, "tags": None, "amount": None},
        {"id": 1, "number": "SX-2026-0001", "urgent": True, "tags": ("x", "y"), "amount": 500},
    ]
    ordered = Query(order=(("amount", True),), limit=2)
    assert book.select(CASE, ordered, ["tags"]) == book.rows(CASE, book.ids(CASE, ordered), ["tags"])
    assert book.distinct(CASE, "group", Query()) == [("a", 2), ("b", 1), ("c", 1), (None, 1)]
    assert book.distinct(CASE, "tags", Query()) == [("x", 1), ("y", 2), (None, 3)]
    assert book.distinct(CASE, "urgent", Query(search="收费")) == [(True, 1), (None, 1)]
    assert book.distinct(CASE, "place", Query()) == [(1, 1), (None, 4)]


def test_raw_columns_of_records_and_of_their_children(tmp_path: Path) -> None:
    steps = ({"kind": "a", "note": "甲"}, {"kind": "a", "note": "乙"}, {"kind": None, "note": "丙"})
    with make_book(tmp_path / "book")[0] as book:
        add(book, a_case("2026-10-08", urgent=True, tags=("x", "y")), a_case("2026-09-30", urgent=False))
        one, two = book.ids(CASE, Query())
        with book.transaction("步骤", WHO, AT) as writing:
            writing.update(CASE, Record({}, {"step": steps}, two))
        order = Query(order=(("on", False),))
        assert book.each(CASE, order, ("id", "on", "urgent", "tags"), tuple) == [
            (two, "2026-09-30", 0, None),
            (one, "2026-10-08", 1, '["x", "y"]'),
        ]
        with pytest.raises(KeyError):
            book.each(CASE, order, ('on" FROM change --',), tuple)
        child = CASE.child("step")
        assert book.child_values(CASE, child, ("kind",), (two, 99)) == {two: frozenset({("a",), (None,)})}
        pairs = book.child_values(CASE, child, ("kind", "note"), (one, two))
        assert pairs == {two: frozenset({("a", "甲"), ("a", "乙"), (None, "丙")})}
        with pytest.raises(KeyError):
            book.child_values(CASE, child, ("nothing",), (two,))


_ALPHABET = "收费投诉手机银行转账客户不满意老人ＡBc12３%_'\"*-、。𬱖𠮷㛃 \n"


def test_search_equals_like_on_random_queries(tmp_path: Path) -> None:
    draw = random.Random(11)

    def text(longest: int) -> str:
        return "".join(draw.choice(_ALPHABET) for _ in range(draw.randint(1, longest)))

    with make_book(tmp_path)[0] as book:
        with book.transaction("登记", WHO, AT) as changes:
            kept = {
                stored.id: searchable_text(CASE, stored) + "\n" + folded(extra)
                for record, extra in [
                    (a_case(title=text(8), content=text(40), steps=({"note": text(10)},)), text(6)) for _ in range(150)
                ]
                for stored in [changes.insert(CASE, record, extra_text=extra)]
            }
        lengths = dict.fromkeys(range(1, 5), 0)
        for turn in range(600):
            typed = text(1 + turn % 4)
            words = folded(typed).split()
            expected = [key for key, value in kept.items() if all(word in value for word in words)]
            assert book.ids(CASE, Query(search=typed)) == expected, typed
            # Sorted as listed, the same question is asked in another way.
            assert sorted(book.ids(CASE, Query(search=typed, order=CASE.sort))) == expected, typed
            lengths[len("".join(words)) or 1] += bool(expected) and bool(words)
        assert min(lengths[1], lengths[2]) > 30
        assert lengths[3] > 0


def test_search_finds_number_child_rows_and_names_given_along(tmp_path: Path) -> None:
    with make_book(tmp_path)[0] as book:
        with book.transaction("登记", WHO, AT) as changes:
            first = changes.insert(
                CASE, a_case(person="刘某", phone="13800138000", steps=({"note": "转个金部"},)), extra_text="手机银行"
            )
        assert all(
            book.ids(CASE, Query(search=typed)) == [first.id]
            for typed in ("SX-2026-0001", "sx-2026", "0138", "个金", "手机银行 刘某", "刘某　13800138000", "１３８")
        )
        assert book.ids(CASE, Query(search="刘某 张")) == []
        with book.transaction("改", WHO, AT) as changes:
            changes.update(CASE, Record({"person": "陈某"}, id=first.id))
        assert book.ids(CASE, Query(search="刘某")) == []
        assert book.ids(CASE, Query(search="陈某 手机银行")) == [first.id]
        with book.transaction("改", WHO, AT) as changes:
            changes.update(CASE, Record({}, id=first.id), extra_text="柜面")
        assert book.ids(CASE, Query(search="手机银行")) == []
        assert book.ids(CASE, Query(search="柜面")) == [first.id]


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("", []),
        ("a", ["00061"]),
        ("𠮷野  a", ["00061", "091ce", "20bb7091ce"]),
        ("aaab", ["00062", "0006100061", "0006100062"]),
        ("\ud800x", ["00078", "0d80000078"]),
    ],
)
def test_each_pair_and_each_last_character_is_indexed_once(text: str, pairs: list[str]) -> None:
    assert sorted(grams(text).split()) == sorted(pairs)
