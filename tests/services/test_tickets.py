"""粘贴工单: invented tickets of the intake systems, read with a real book; nothing of a text is lost."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.services.support import BRANCH, COMPLAINT, DATA, STAFF, add_branch, new_book
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.services import records, tickets
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.services.tickets import Proposal

GIVEN: dict[str, Any] = json.loads((DATA / "tickets" / "tickets.json").read_text(encoding="utf-8"))
TICKETS: dict[str, dict[str, Any]] = {item["id"]: item for item in GIVEN["tickets"]}


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    opened = new_book(tmp_path_factory.mktemp("tickets") / "book")
    for name in GIVEN["branches"]:
        add_branch(opened, name)
    yield opened
    opened.close()


def read(session: Session, text: str) -> Proposal:
    return tickets.recognise(session, COMPLAINT, text)


def everything(proposal: Proposal) -> set[str]:
    return {item.field.key for item in proposal.fields}


def made(session: Session, proposal: Proposal, *left_out: str) -> Record:
    return tickets.record(session, COMPLAINT, proposal, everything(proposal) - set(left_out))


@pytest.mark.parametrize("name", list(TICKETS))
def test_every_layout_is_recognised(session: Session, name: str) -> None:
    ticket = TICKETS[name]
    proposal = read(session, ticket["text"])
    found = {item.field.key: item for item in proposal.fields}
    assert proposal.layout == ticket["layout"]
    for key, value in ticket["values"].items():
        assert key in found, key
        assert (found[key].shown if key == "branch" else found[key].value) == value, key
    for key, words in ticket["in"].items():
        for part in words:
            assert part in str(found[key].value), key


@pytest.mark.parametrize("name", list(TICKETS))
def test_every_word_of_a_ticket_stands_in_some_field(session: Session, name: str) -> None:
    """Words between separators are looked up in the new record as saved; only labels may be missing."""
    record = records.save(session, COMPLAINT, made(session, read(session, TICKETS[name]["text"]))).record
    proposal = read(session, TICKETS[name]["text"])
    kept = squeezed(" ".join([*(str(value) for value in record.values.values()), *shown(proposal)]))
    for word in re.split(r"[\s：:；\t【】]+", TICKETS[name]["text"]):
        bare = squeezed(re.sub(r"^[一二三四五六]、", "", word))
        if bare and not is_label(bare) and not re.fullmatch(r"吴|敏|09|05|33|星期三|15|42|08|47|20|16", bare):
            assert bare in kept, word


def squeezed(text: str) -> str:
    """Full-width forms narrow, no blanks, dates as digits: what stays the same when a value is read."""
    import unicodedata

    return re.sub(r"[\s,]", "", unicodedata.normalize("NFKC", text))


def shown(proposal: Proposal) -> list[str]:
    return [item.words for item in proposal.fields] + [item.shown for item in proposal.fields]


def is_label(word: str) -> bool:
    rules = tickets._rules(COMPLAINT.key)
    return word in rules.labels.names or word in ("投", "诉", "人")


@pytest.mark.parametrize("name", list(TICKETS))
def test_the_record_can_be_saved_as_it_is(session: Session, name: str) -> None:
    saved = records.save(session, COMPLAINT, made(session, read(session, TICKETS[name]["text"])))
    assert saved.record.number is not None


def test_what_was_not_ticked_goes_to_the_remark(session: Session) -> None:
    proposal = read(session, TICKETS["12378"]["text"])
    record = made(session, proposal, "phone", "category", "remark")
    assert record.values.get("phone") is None
    remark = str(record.values["remark"])
    assert "联系电话：13907990017" in remark
    assert "业务类别：银行卡/借记卡" in remark
    assert "办理时限：15个自然日" in remark


def test_a_value_that_cannot_be_read_is_kept_with_its_name(session: Session) -> None:
    proposal = read(
        session, "投诉人：张桂兰\n收到日期：上周\n被投诉机构：没有这一家支行\n业务类别：说不清的业务\n诉求：退钱"
    )
    found = {item.field.key: item.value for item in proposal.fields}
    assert "received_on" not in found
    assert "branch" not in found
    assert str(found["remark"]).split("\n") == [
        "收到日期：上周",
        "被投诉机构：没有这一家支行",
        "业务类别：说不清的业务",
    ]


def test_of_two_dates_the_day_it_came_to_the_bank_counts(session: Session) -> None:
    proposal = read(session, "受理时间：2026-10-01 08:00\n转办时间：2026-10-03 16:30\n内容：排队太久")
    found = {item.field.key: item.value for item in proposal.fields}
    assert (found["received_on"], found["received_time"]) == ("2026-10-03", "16:30")
    assert "受理时间：2026-10-01 08:00" in str(found["remark"])


def test_a_date_without_year_is_the_last_one_before_today(session: Session) -> None:
    assert session.today().isoformat() == "2026-11-03"
    days = {"12月30日 王芳来电": "2025-12-30", "11月2日 王芳来电": "2026-11-02", "昨天下午3点 王芳来电": "2026-11-02"}
    for text, day in days.items():
        found = {item.field.key: item.value for item in read(session, text).fields}
        assert found["received_on"] == day, text
    late = {item.field.key: item.value for item in read(session, "昨天下午3点 王芳来电").fields}
    assert late["received_time"] == "15:00"


def test_a_telephone_number_does_not_name_a_hotline(session: Session) -> None:
    found = {item.field.key: item.value for item in read(session, "客户13812345678致电称扣费").fields}
    assert (found["source"], found["phone"]) == ("call", "13812345678")


def test_only_ledgers_with_rules_take_tickets() -> None:
    assert tickets.takes_tickets(COMPLAINT)
    assert not tickets.takes_tickets(BRANCH)
    assert not tickets.takes_tickets(STAFF)
