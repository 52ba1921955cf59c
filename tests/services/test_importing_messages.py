"""2,816 real messages with replies: all rows in with a mapping file, no text cut, gaps shown."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.services.support import COMPLAINT, DATA, new_book
from xiaobao_desktop.domain.fields import gaps
from xiaobao_desktop.exchange.planning import ImportPlan
from xiaobao_desktop.services import importing, listing, records
from xiaobao_desktop.services.importing import ImportResult
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Query

FILE = Path(__file__).resolve().parents[3] / "shared" / "data" / "messages-with-replies.xlsx"
MAPPING = DATA / "mappings" / "messages.json"
ROWS = 2816

pytestmark = pytest.mark.skipif(not FILE.is_file(), reason="../shared/data/messages-with-replies.xlsx is absent")


def filed() -> list[dict[str, Any]]:
    """The rows as another library reads them."""
    import openpyxl

    book = openpyxl.load_workbook(FILE)
    found = list(book.active.iter_rows(values_only=True))
    return [dict(zip(found[0], row, strict=True)) for row in found[1:]]


def carry(session: Session) -> tuple[ImportPlan, ImportResult]:
    table = importing.best_table(COMPLAINT, importing.read_source(FILE))
    mapping = importing.propose(COMPLAINT, table, named=importing.read_mapping_file(MAPPING))
    plan = importing.plan(session, COMPLAINT, table, mapping)
    return plan, importing.carry_out(session, plan, file=FILE.name)


def words(text: object) -> str:
    """A text without the blanks around it, with one kind of line break, which the file may write as _x000D_."""
    return re.sub(r"\r\n?", "\n", str(text or "").replace("_x000D_", "\r")).strip()


def day(cell: object) -> str:
    """The day of a moment, which the file writes as text or as a date."""
    return "-".join(part.zfill(2) for part in re.findall(r"\d+", str(cell))[:3])


class Brought(NamedTuple):
    """The file in a book, and how long that took."""

    session: Session
    plan: ImportPlan
    result: ImportResult
    seconds: float


@pytest.fixture(scope="module")
def brought(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Brought]:
    session = new_book(tmp_path_factory.mktemp("messages") / "book")
    began = time.perf_counter()
    plan, result = carry(session)
    yield Brought(session, plan, result, time.perf_counter() - began)
    session.close()


def test_every_message_comes_in_whole_with_its_gaps_shown(
    brought: Brought, record_property: Callable[[str, object], None]
) -> None:
    session, plan, result, seconds = brought
    record_property("seconds", round(seconds, 2))
    assert (plan.read, len(plan.rows), plan.rejected, dict(plan.repeats)) == (ROWS, ROWS, (), {})
    assert len(result.numbers) == ROWS
    keys = ("source_number", "complainant", "request", "received_on", "received_time", "content", "decision")
    ids = listing.ids(session, COMPLAINT, Query(order=(("id", False),)))
    for row, stored in zip(filed(), listing.rows(session, COMPLAINT, ids, (*keys, "closed_on")), strict=True):
        number = row["留言编号"]
        assert stored["source_number"] == str(int(number)), number
        assert stored["complainant"] == words(row["留言用户"]), number
        for header, key in (("留言主题", "request"), ("留言详情", "content"), ("答复意见", "decision")):
            assert words(stored[key]) == words(row[header]), (number, header)
        assert stored["received_on"] == day(row["留言时间"]), number
        assert stored["closed_on"] == day(row["答复时间"]), number
    assert max(len(str(row["decision"])) for row in listing.rows(session, COMPLAINT, ids, ("decision",))) > 7_800
    outcome = importing.as_json(plan, result)
    assert outcome["incomplete"] == ROWS
    first = records.get(session, COMPLAINT, ids[0])
    assert {item.label for item in gaps(COMPLAINT, first.values)} >= {"来源", "联系电话", "业务类别", "被投诉机构"}


def test_the_file_again_adds_nothing(brought: Brought) -> None:
    plan, result = carry(brought.session)
    assert (len(plan.rows), len(plan.repeats), len(result.numbers)) == (0, ROWS, 0)
    assert listing.count(brought.session, COMPLAINT, Query()) == ROWS
