"""What belongs together: links both ways, records put beside each other, deletion, what follows of a record."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.services.support import BRANCH, COMPLAINT, STAFF, Clock, a_complaint, add_branch, new_book
from xiaobao_desktop.domain.fields import Record, Value
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.domain.ledgers.meeting import RESOLUTIONS
from xiaobao_desktop.domain.relations import RELATED, read_reference, reference
from xiaobao_desktop.errors import RecordMissing
from xiaobao_desktop.services import followups, records, relations, undo
from xiaobao_desktop.services.relations import NotRelated, RelatedAlready, RelatedToItself, StillReferred
from xiaobao_desktop.services.session import Session

RECTIFICATION, PLAN, MEETING, TRAINING = (ledger(key) for key in ("rectification", "plan", "meeting", "training"))


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return new_book(tmp_path / "book", Clock())


def saved(session: Session, key: str, record: Record) -> int:
    """The id of a record as saved."""
    return int(str(records.save(session, session.ledger(key), record).record.id))


def a_training(session: Session, topic: str = "收费政策专题培训") -> int:
    return saved(session, "training", Record({"held_on": "2026-10-20", "topic": topic, "extra_for_complaints": False}))


def shown(session: Session, key: str, record_id: int) -> dict[str, list[tuple[str, str, bool]]]:
    """Number, reason and whether it can be taken away, by ledger."""
    target = session.ledger(key)
    found = relations.related(session, target, records.get(session, target, record_id))
    return {
        group.ledger.key: [(str(item.record.number), item.why, item.removable) for item in group.items]
        for group in found
    }


def test_records_put_together_are_seen_from_both_sides_and_undone(session: Session) -> None:
    complaint, training = saved(session, "complaint", a_complaint()), a_training(session)
    relations.add(session, session.ledger("complaint"), complaint, reference("training", training))
    assert shown(session, "complaint", complaint) == {"training": [("PX-2026-0001", "", True)]}
    assert shown(session, "training", training) == {"complaint": [("TS-2026-0001", "", True)]}
    told = records.history(session, session.ledger("complaint"), complaint)[0]
    assert (told.operation, [line.new for line in told.lines]) == (
        "TS-2026-0001 关联 PX-2026-0001",
        ["培训 PX-2026-0001 2026-11-03"],
    )
    undo.undo(session)
    assert shown(session, "complaint", complaint) == shown(session, "training", training) == {}


def test_a_relation_is_taken_away_from_either_side(session: Session) -> None:
    complaint, training = saved(session, "complaint", a_complaint()), a_training(session)
    relations.add(session, session.ledger("complaint"), complaint, reference("training", training))
    relations.remove(session, session.ledger("training"), training, reference("complaint", complaint))
    assert shown(session, "complaint", complaint) == {}
    with pytest.raises(NotRelated):
        relations.remove(session, session.ledger("training"), training, reference("complaint", complaint))


def test_itself_twice_and_nothing_are_refused_and_a_circle_is_harmless(session: Session) -> None:
    ids = [a_training(session, topic) for topic in ("一", "二", "三")]
    training = session.ledger("training")
    with pytest.raises(RelatedToItself):
        relations.add(session, training, ids[0], reference("training", ids[0]))
    for one, other in ((0, 1), (1, 2), (2, 0)):
        relations.add(session, training, ids[one], reference("training", ids[other]))
    with pytest.raises(RelatedAlready, match="PX-2026-0001"):
        relations.add(session, training, ids[1], reference("training", ids[0]))
    with pytest.raises(RecordMissing):
        relations.add(session, training, ids[0], reference("complaint", 99))
    assert len(shown(session, "training", ids[0])["training"]) == 2


def test_links_of_declarations_are_seen_from_both_sides(session: Session) -> None:
    complaint = saved(session, "complaint", a_complaint(root_cause="告知不到位"))
    (way,) = followups.ways(session, session.ledger("complaint"), records.get(session, COMPLAINT, complaint))
    done = followups.carry_out(session, way).record
    assert (way.target, done.values["source"], done.values["problem"]) == (
        "rectification",
        "root_cause",
        "告知不到位",
    )
    assert shown(session, "complaint", complaint) == {"rectification": [("ZG-2026-0001", "来自投诉", False)]}
    assert shown(session, "rectification", int(str(done.id))) == {"complaint": [("TS-2026-0001", "来自投诉", False)]}
    # The complaint prints the number of its rectification; a second one does not push the first aside.
    assert records.get(session, COMPLAINT, complaint).values["rectification_number"] == "ZG-2026-0001"
    followups.carry_out(session, way)
    assert records.get(session, COMPLAINT, complaint).values["rectification_number"] == "ZG-2026-0001"
    undo.undo(session)
    undo.undo(session)
    assert records.get(session, COMPLAINT, complaint).values["rectification_number"] is None


def test_a_complaint_without_a_root_cause_gives_its_cause_and_no_name(session: Session) -> None:
    complaint = records.save(session, session.ledger("complaint"), a_complaint(category="B.03")).record
    (way,) = followups.ways(session, session.ledger("complaint"), complaint)
    problem = str(way.begun.values["problem"])
    assert problem.endswith("（TS-2026-0001）"), "the number last: names that are made of it begin with the matter"
    assert "刘" not in problem


@pytest.mark.parametrize(
    ("problem", "topic"),
    [
        ("人民币储蓄，因金融机构管理制度、业务规则与流程引起的投诉（TS-2026-0001）", "人民币储蓄专题培训"),
        ("信用卡（TS-2026-0001）", "信用卡专题培训"),
        ("厅堂人员不熟悉投诉流程" * 3, "厅堂人员不熟悉投诉流程厅堂人员不熟悉投诉流程厅堂…专题培训"),
    ],
)
def test_a_long_problem_gives_its_first_clause_to_the_training(session: Session, problem: str, topic: str) -> None:
    fault = records.save(
        session,
        session.ledger("rectification"),
        Record({"source": "root_cause", "found_on": "2026-10-08", "problem": problem}),
    ).record
    training, _policy = followups.ways(session, session.ledger("rectification"), fault)
    assert training.begun.values["topic"] == topic
    assert problem in str(training.begun.values["content"])


def test_what_answers_a_rectification_stands_beside_it(session: Session) -> None:
    fault = records.save(
        session,
        session.ledger("rectification"),
        Record({"source": "audit", "found_on": "2026-10-08", "problem": "厅堂人员不熟悉投诉流程"}),
    ).record
    training, policy = followups.ways(session, session.ledger("rectification"), fault)
    saved_training = followups.carry_out(session, training).record
    assert saved_training.values["topic"] == "厅堂人员不熟悉投诉流程专题培训"
    revised = session.rules.catalog.list("policy_change").get(str(policy.begun.values["change"]))
    assert revised is not None
    assert (policy.target, revised.name) == ("policy", "修订")
    assert shown(session, "training", int(str(saved_training.id))) == {"rectification": [("ZG-2026-0001", "", True)]}
    assert shown(session, "rectification", int(str(fault.id))) == {"training": [("PX-2026-0001", "", True)]}


def test_a_deleted_record_stays_in_its_place_until_it_comes_back(session: Session) -> None:
    complaint, training = saved(session, "complaint", a_complaint()), a_training(session)
    relations.add(session, session.ledger("complaint"), complaint, reference("training", training))
    record = records.get(session, session.ledger("training"), training)
    assert "投诉 1 件" in relations.what_refers(session, session.ledger("training"), record)
    records.delete(session, session.ledger("training"), training)
    (group,) = relations.related(session, session.ledger("complaint"), records.get(session, COMPLAINT, complaint))
    assert [item.record.deleted for item in group.items] == [True]
    records.restore(session, session.ledger("training"), training)
    assert shown(session, "complaint", complaint) == {"training": [("PX-2026-0001", "", True)]}


def test_a_branch_and_a_person_in_use_are_not_deleted(session: Session) -> None:
    branch = add_branch(session, "城关支行")
    person = saved(session, "staff", Record({**STAFF.defaults(), "name": "王强", "branch": branch}))
    saved(session, "complaint", a_complaint(branch=branch, handler=person))
    saved(
        session,
        "training",
        Record(
            {"held_on": "2026-10-20", "topic": "培训", "extra_for_complaints": False},
            {"attendee": ({"staff": person},)},
        ),
    )
    with pytest.raises(StillReferred) as refused:
        records.delete(session, session.ledger("branch"), branch)
    assert "还在用“城关支行”的有投诉 1 件（被投诉机构）、人员 1 人（所在机构）" in str(refused.value)
    assert "把“在用”改为“否”" in str(refused.value)
    with pytest.raises(StillReferred, match="投诉 1 件（承办人）、培训 1 次（参训人员）"):
        records.delete(session, session.ledger("staff"), person)
    assert not records.get(session, BRANCH, branch).deleted
    unused = add_branch(session, "河口支行")
    records.delete(session, session.ledger("branch"), unused)
    assert records.get(session, BRANCH, unused).deleted


def test_candidates_are_found_by_number_words_and_initials(session: Session) -> None:
    complaint, training = saved(session, "complaint", a_complaint()), a_training(session)
    own = session.ledger("complaint")

    def found(text: str) -> list[str]:
        return [item.number for item in relations.candidates(session, own, complaint, text)]

    assert found("") == ["PX-2026-0001"]
    assert found("PX-2026-0001") == found("收费") == found("sfzc") == ["PX-2026-0001"]
    assert found("没有这样的") == []
    assert relations.candidates(session, own, complaint, "收费")[0].reference == reference("training", training)


def test_a_reference_is_read_back() -> None:
    assert read_reference(reference("training", 12)) == ("training", 12)
    assert [read_reference(text) for text in ("", "training", "training/", "/3", "training/x")] == [None] * 5


def a_meeting(session: Session, **row: Value) -> tuple[int, int]:
    """A meeting with one resolution; ids of both."""
    rows = ({"resolution": "十二月前更新收费公示", "department": "运营管理部", "owner": "王强", **row},)
    made = records.save(
        session,
        session.ledger("meeting"),
        Record({"held_on": "2026-10-15", "title": "第三次会议", "kind": "committee"}, {RESOLUTIONS.key: rows}),
    ).record
    return int(str(made.id)), int(str(made.children[RESOLUTIONS.key][0]["id"]))


def test_a_resolution_becomes_a_plan_item_and_is_ticked_off_by_it(session: Session) -> None:
    branch = add_branch(session, "营业部")
    person = saved(session, "staff", Record({**STAFF.defaults(), "name": "王强", "branch": branch}))
    meeting, row = a_meeting(session, due_on="2026-12-01")
    target = session.ledger("meeting")
    (way,) = followups.ways(session, target, records.get(session, MEETING, meeting))
    assert way.at_once
    item = followups.carry_out(session, way).record
    assert {key: item.values[key] for key in ("title", "kind", "planned_on", "department", "owner", "resolution")} == {
        "title": "十二月前更新收费公示",
        "kind": "resolution",
        "planned_on": "2026-12-01",
        "department": "运营管理部",
        "owner": person,
        "resolution": row,
    }
    assert followups.ways(session, target, records.get(session, MEETING, meeting)) == ()
    assert shown(session, "meeting", meeting) == {"plan": [("JH-2026-0001", "来自会议", False)]}
    assert shown(session, "plan", int(str(item.id))) == {"meeting": [("HY-2026-0001", "来自会议", False)]}

    finished = Record({"finished_on": "2026-11-02", "progress": "各网点已换新"}, {}, item.id)
    records.save(session, session.ledger("plan"), finished)
    now = records.get(session, MEETING, meeting)
    told = now.children[RESOLUTIONS.key][0]
    assert (told["done"], told["done_on"], told["outcome"]) == (True, "2026-11-02", "各网点已换新")
    assert (now.values["open_count"], now.values["state"]) == (0, "done")

    undo.undo(session)
    assert not records.get(session, MEETING, meeting).children[RESOLUTIONS.key][0]["done"]


def test_a_plan_item_opened_again_opens_its_resolution(session: Session) -> None:
    meeting, _row = a_meeting(session, due_on="2026-12-01")
    (way,) = followups.ways(session, session.ledger("meeting"), records.get(session, MEETING, meeting))
    item = followups.carry_out(session, way).record
    records.save(session, session.ledger("plan"), Record({"finished_on": "2026-11-02"}, {}, item.id))
    records.save(session, session.ledger("plan"), Record({"finished_on": None}, {}, item.id))
    now = records.get(session, MEETING, meeting)
    assert (now.children[RESOLUTIONS.key][0]["done"], now.values["open_count"]) == (False, 1)


def test_a_resolution_without_a_day_asks_for_it(session: Session) -> None:
    meeting, _row = a_meeting(session)
    (way,) = followups.ways(session, session.ledger("meeting"), records.get(session, MEETING, meeting))
    assert (way.at_once, way.begun.values.get("planned_on")) == (False, None)


def test_the_table_of_related_records_is_in_every_ledger(session: Session) -> None:
    assert all(RELATED in target.children for target in session.ledgers)
    assert {RECTIFICATION.key, PLAN.key, MEETING.key, TRAINING.key} <= {target.key for target in session.ledgers}
