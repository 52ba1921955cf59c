"""How values are shown, what filters offer, conditions over a subtree of codes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.services.support import BRANCH, COMPLAINT, STAFF, a_complaint, add_branch, new_book
from xiaobao_desktop.domain.fields import Field, Kind, Privacy, Record, Value
from xiaobao_desktop.services import listing, records
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Query


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A book with three branches and five complaints; read only."""
    opened = new_book(tmp_path_factory.mktemp("books") / "book")
    city, river = add_branch(opened, "城关支行"), add_branch(opened, "河东支行")
    add_branch(opened, "老街分理处", active=False)
    records.save(opened, STAFF, Record({**STAFF.defaults(), "name": "李强", "branch": city}))
    entered: tuple[dict[str, Value], ...] = (
        {"branch": city, "category": "B.02", "rights": ("know", "fair")},
        {"branch": city, "category": "B.02.01", "rights": ("know",)},
        {"branch": river, "category": "B.03.01.1", "amount": 1050},
        {"source": "visit", "branch": None},
        {"source": None, "category": "B.03"},
    )
    for day, values in enumerate(entered, start=1):
        records.save(opened, COMPLAINT, a_complaint(f"2026-10-0{day}", **values))
    yield opened
    opened.close()


def shown(session: Session, kind: Kind, value: Value, options: str = "", privacy: Privacy = Privacy.NONE) -> str:
    return listing.display(session, Field("some", "某项", kind, options=options, privacy=privacy), value)


@pytest.mark.parametrize(
    ("kind", "options", "value", "text"),
    [
        (Kind.TEXT, "", "零售部", "零售部"),
        (Kind.LONG_TEXT, "", "一行\n两行", "一行\n两行"),
        (Kind.INTEGER, "", 0, "0"),
        (Kind.INTEGER, "", 1234, "1234"),
        (Kind.MONEY, "", 12000, "120.00"),
        (Kind.MONEY, "", 0, "0.00"),
        (Kind.MONEY, "", 123456789, "1,234,567.89"),
        (Kind.DATE, "", "2026-10-31", "2026-10-31"),
        (Kind.TIME, "", "14:20", "14:20"),
        (Kind.YES_NO, "", True, "是"),
        (Kind.YES_NO, "", False, "否"),
        (Kind.CHOICE, "source", "call", "来电"),
        (Kind.CHOICE, "source", "own-12345678", "own-12345678"),
        (Kind.CHOICES, "rights", ("know", "fair"), "知情权、公平交易权"),
        (Kind.CODE, "B", "B.02", "贷款"),
        (Kind.LINK, "branch", 1, "城关支行"),
        (Kind.LINK, "staff", 1, "李强"),
        (Kind.LINK, "branch", 99, "#99"),
    ],
)
def test_each_kind_is_shown_as_people_write_it(
    session: Session, kind: Kind, options: str, value: Value, text: str
) -> None:
    assert shown(session, kind, value, options) == text
    assert all(shown(session, kind, empty, options) == "" for empty in (None, "", "  ", ()))


@pytest.mark.parametrize(
    ("kind", "value", "masked"),
    [
        (Kind.PERSON_NAME, "刘秀兰", "刘**"),
        (Kind.PHONE, "13907991234", "139****1234"),
        (Kind.ID_NUMBER, "410121200211074852", "410***********4852"),
        (Kind.ACCOUNT, "6217001234567890123", "***************0123"),
        (Kind.ADDRESS, "云岭市城关镇人民路3号", "云岭市城关镇**"),
        (Kind.TEXT, "某事", "某*"),
    ],
)
def test_personal_data_is_masked_unless_asked_for(session: Session, kind: Kind, value: str, masked: str) -> None:
    field = Field("some", "某项", kind, privacy=Privacy.C2)
    assert listing.display(session, field, value) == masked
    assert listing.display(session, field, value, masked=False) == value
    assert shown(session, kind, value, privacy=Privacy.C1) == value


def test_every_declared_personal_field_is_masked_in_lists(session: Session) -> None:
    personal = {item.key for item in COMPLAINT.fields if item.privacy is Privacy.C2}
    assert personal == {"complainant", "phone", "id_number", "agent"}
    row = listing.rows(session, COMPLAINT, [1], ("complainant", "phone"))[0]
    assert (row["id"], row["number"], row["complainant"]) == (1, "TS-2026-0001", "刘秀兰")
    assert listing.display(session, COMPLAINT.field("phone"), row["phone"]) == "139****1234"


def test_a_complaint_is_linked_to_by_its_number_not_by_a_name(session: Session) -> None:
    assert shown(session, Kind.LINK, 1, "complaint") == "TS-2026-0001"


def test_facets_count_every_record_and_name_the_empty_ones(session: Session) -> None:
    assert listing.facets(session, COMPLAINT, "source", Query()) == [
        ("call", "来电", 3),
        ("visit", "来访", 1),
        (None, "未填写", 1),
    ]
    assert listing.facets(session, COMPLAINT, "branch", Query()) == [
        (1, "城关支行", 2),
        (2, "河东支行", 1),
        (None, "未填写", 2),
    ]
    # Of several choices each one counts.
    assert listing.facets(session, COMPLAINT, "rights", Query()) == [
        ("know", "知情权", 2),
        ("fair", "公平交易权", 1),
        (None, "未填写", 3),
    ]
    searched = listing.facets(session, COMPLAINT, "source", Query(search="城关"))
    assert searched == [("call", "来电", 2)]
    assert listing.facets(session, COMPLAINT, "amount", Query(search="河东")) == [(1050, "10.50", 1)]
    assert all(text == "刘**" for _value, text, _count in listing.facets(session, COMPLAINT, "complainant", Query()))


def test_under_finds_a_code_and_everything_below_it(session: Session) -> None:
    def found(code: str) -> list[int]:
        condition = listing.under(session, COMPLAINT, "category", code)
        return sorted(listing.ids(session, COMPLAINT, Query(where=(condition,))))

    assert found("B.02") == [1, 2]
    assert found("B.02.01") == [2]
    assert found("B.03") == [3, 5]
    assert found("B.01") == []
    assert listing.count(session, COMPLAINT, Query(where=(listing.under(session, COMPLAINT, "category", "B.03"),))) == 2


def test_choices_for_a_link_leave_out_what_is_out_of_use(session: Session) -> None:
    assert listing.link_options(session, "branch") == ((1, "城关支行"), (2, "河东支行"))
    assert listing.link_options(session, "branch", active_only=False)[-1] == (3, "老街分理处")
    assert len(listing.link_options(session, "complaint")) == 5
    assert BRANCH.has("active")
