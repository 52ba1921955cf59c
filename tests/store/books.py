"""What the tests of the store share: small ledgers, quick keys, books in temporary folders."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

from xiaobao_desktop.domain.fields import ChildTable, Column, Field, Grade, Kind, Ledger, Record, Section, Value
from xiaobao_desktop.store import keyslots
from xiaobao_desktop.store.book import Book
from xiaobao_desktop.store.layout import KEY_FILE
from xiaobao_desktop.store.subkeys import new_data_key

AT = datetime(2026, 10, 31, 9, 30, tzinfo=timezone(timedelta(hours=8)))
WHO = "王芳"
PASSWORD = "消保 Xiaobao 2026"
QUICK = keyslots.Cost(memory_kib=64, passes=1, lanes=1)
"""Costs of a key derivation that tests can wait for."""

PLACE = Ledger(
    key="place",
    label="地点",
    prefix="DD",
    unit="个",
    fields=(Field("name", "名称", Kind.TEXT, Grade.TO_SAVE),),
    sections=(Section("地点", ("name",)),),
    columns=(Column("name", 10),),
    title=("name",),
)

CASE = Ledger(
    key="case",
    label="事项",
    prefix="SX",
    unit="件",
    fields=(
        Field("on", "日期", Kind.DATE, Grade.TO_SAVE),
        Field("title", "事由", Kind.TEXT),
        Field("content", "内容", Kind.LONG_TEXT),
        Field("person", "姓名", Kind.PERSON_NAME),
        Field("phone", "电话", Kind.PHONE),
        Field("group", "类别", Kind.CHOICE, options="case_group"),
        Field("tags", "标签", Kind.CHOICES, options="case_tag"),
        Field("category", "业务", Kind.CODE, options="B"),
        Field("amount", "金额", Kind.MONEY),
        Field("people", "人数", Kind.INTEGER),
        Field("urgent", "急", Kind.YES_NO),
        Field("place", "地点", Kind.LINK, options="place"),
        Field("merged_into", "并入", Kind.LINK, options="case"),
    ),
    sections=(Section("事项", ("on", "title")),),
    columns=(Column("on", 8), Column("title", 20), Column("group", 8)),
    title=("title",),
    filters=("on", "group", "category", "place"),
    sort=(("on", True), ("number", True)),
    children=(
        ChildTable(
            "step",
            "过程",
            (
                Field("kind", "做了什么", Kind.CHOICE, options="step_kind"),
                Field("happened_on", "日期", Kind.DATE),
                Field("note", "说明", Kind.LONG_TEXT),
            ),
        ),
    ),
    dated_by="on",
)

LEDGERS = (CASE, PLACE)


def make_book(directory: Path, ledgers: tuple[Ledger, ...] = LEDGERS) -> tuple[Book, bytes]:
    """A new open book without a key file, and its data key."""
    data_key = new_data_key()
    return Book.create(directory, data_key, ledgers), data_key


def make_keyed_book(directory: Path, ledgers: tuple[Ledger, ...] = LEDGERS) -> tuple[Book, bytes]:
    """A new open book with a key file for :data:`PASSWORD`, and its data key."""
    book, data_key = make_book(directory, ledgers)
    keyslots.create(directory / KEY_FILE, password=PASSWORD, user=WHO, data_key=data_key, cost=QUICK)
    return book, data_key


def a_case(on: Value = "2026-10-08", steps: tuple[dict[str, Value], ...] = (), **values: Value) -> Record:
    """A record of the test ledger."""
    return Record({"on": on, **values}, {"step": steps} if steps else {})


def add(book: Book, *records: Record, ledger: Ledger = CASE) -> list[Record]:
    """Store records in one transaction and return them as stored."""
    with book.transaction("登记事项", WHO, AT) as changes:
        return [changes.insert(ledger, record) for record in records]


def fill(book: Book, count: int) -> None:
    """Store ``count`` invented records, each with two steps."""
    add(
        book,
        *(
            a_case(
                f"2026-{1 + n % 10:02d}-{1 + n % 28:02d}",
                ({"kind": "received", "note": f"来电 {n}"}, {"kind": "close", "happened_on": "2026-10-30"}),
                title=f"第 {n} 件：手机银行转账收费",
                content="客户反映短信通知服务未经同意扣费，要求退还并说明原因。" * 3,
                person="刘某",
                amount=100 * n,
                group=("a", "b", "c")[n % 3],
            )
            for n in range(count)
        ),
    )
