"""Training and outreach through the services and the command line: import, statistics, report, evidence, papers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.services.report_text import written
from tests.services.support import BRANCH, STAFF, add_branch, imported, new_book, pdf_text, planned, sheet
from xiaobao_desktop import cli
from xiaobao_desktop.domain.fields import Record, Value, Values
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.domain.period import month, parse_period
from xiaobao_desktop.services import (
    attachments,
    copying,
    demo,
    evidence,
    outreach_statistics,
    papers,
    records,
    reporting,
    roster,
    training_statistics,
)
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.store.query import Query

TRAINING, OUTREACH = ledger("training"), ledger("outreach")
ATTENDEES = TRAINING.child("attendee")
OCTOBER = month(2026, 10)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened = new_book(tmp_path / "book")
    yield opened
    opened.close()


def person(session: Session, name: str, group: str, **more: Value) -> int:
    saved = records.save(session, STAFF, Record({**STAFF.defaults(), "name": name, "group": group, **more}))
    return int(str(saved.record.id))


def add_training(session: Session, *rows: Values, **values: Value) -> int:
    whole: dict[str, Value] = {"held_on": "2026-10-15", "topic": "适当性管理专题培训", **values}
    saved = records.save(session, TRAINING, Record(whole, {"attendee": rows} if rows else {}))
    return int(str(saved.record.id))


def add_event(session: Session, **values: Value) -> int:
    whole: dict[str, Value] = {**OUTREACH.defaults(), "held_on": "2026-10-15", "name": "进农村宣传", **values}
    return int(str(records.save(session, OUTREACH, Record(whole)).record.id))


# Import


def test_training_of_a_banks_own_workbook(session: Session, tmp_path: Path) -> None:
    file = sheet(
        tmp_path / "培训台账.xlsx",
        (
            "序号",
            "培训时间",
            "培训内容",
            "培训类别",
            "培训方式",
            "主办部门",
            "讲师",
            "参训对象",
            "应到人数",
            "实到人数",
            "课时",
        ),
        (1, "2026年3月5日", "投诉处理培训", "投诉处理", "现场", "消保部", "周敏", "中高管、基层", 60, 58, 1.5),
        (2, "2026.7.20", "新员工岗前培训", "岗前", "线上+线下", "人力部", "王建国", "新入职", "12人", 12, 4),
        (3, "2026-9-1", "坏的一行", "专题", "现场", "消保部", "周敏", "基层", 10, 12, 2),
        title="某某银行培训台账",
    )
    plan, _result = imported(session, file, key="training")
    assert [(item.row, item.column, item.reason) for item in plan.rejected] == [
        (5, "实到人数", "实到 12 人多于应到 10 人，请核对")
    ]
    rows = session.book.select(TRAINING, Query(order=(("held_on", False),)), [item.key for item in TRAINING.fields])
    first, second = rows
    assert (first["number"], first["held_on"], first["topic"], first["hours"]) == (
        "PX-2026-0001",
        "2026-03-05",
        "投诉处理培训",
        150,
    )
    assert first["audience"] == ("managers", "front_line")
    assert (second["category"], second["form"], second["expected"]) == ("induction", "mixed", 12)


def test_outreach_of_a_banks_own_workbook(session: Session, tmp_path: Path) -> None:
    branch = add_branch(session, "青石支行")
    file = sheet(
        tmp_path / "宣传.xlsx",
        (
            "活动时间",
            "活动主题",
            "所属专项",
            "宣传形式",
            "进入场所",
            "网点",
            "受众人数",
            "发放资料",
            "费用（元）",
            "人天",
            "原创",
        ),
        ("2025-03-12", "3·15进社区", "3·15", "外拓、讲座", "社区", "青石支行", 360, 500, "600.50", 2.5, 1),
        ("2026-03-12", "3·15进校园", "315宣传", "线上", "校园", "新网点", 100, 0, 0, "", ""),
    )
    plan, _result = imported(session, file, key="outreach")
    assert plan.rejected == ()
    keys = ("campaign", "forms", "venues", "branch", "audience_count", "cost", "person_days", "sessions")
    first, second = session.book.select(OUTREACH, Query(order=(("held_on", False),)), keys)
    assert (first["campaign"], second["campaign"]) == ("consumer_day_2025", "consumer_day_2026")
    assert (first["forms"], first["venues"], first["branch"]) == (("outdoor", "lecture"), ("community",), branch)
    assert (first["audience_count"], first["cost"], first["person_days"], first["sessions"]) == (360, 60050, 250, 1)
    assert session.link_names("branch")[int(str(second["branch"]))] == "新网点"


def test_staff_and_branches_by_the_command_line(
    tmp_path: Path, session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    directory = session.directory
    session.close()
    branches = sheet(tmp_path / "机构.xlsx", ("网点名称", "机构类型", "所在地区"), ("城关支行", "支行", "城镇"))
    staff = sheet(
        tmp_path / "人员.xlsx",
        ("姓名", "工号", "网点", "岗位", "人员类别", "在岗"),
        ("刘秀兰", "0101", "城关支行", "柜员", "基层", "是"),
        ("王志强", "0102", "城关支行", "行长", "中高管", "是"),
    )
    files = (("branch", branches, 1), ("staff", staff, 2))
    for key, file, count in files:
        assert cli.run(["--book", str(directory), "import", key, str(file), "--json"]) == 0
        report = json.loads(capsys.readouterr().out)
        assert (report["imported"], report["rejected"]) == (count, [])
    assert cli.run(["--book", str(directory), "list", "staff", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert {row["name"] for row in listed} == {"刘秀兰", "王志强"}


def test_training_and_outreach_by_the_command_line(
    tmp_path: Path, session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    directory = session.directory
    session.close()
    trainings = sheet(
        tmp_path / "培训.xlsx",
        ("日期", "主题", "应到", "实到", "中高级管理人员", "基层业务人员", "新入职人员"),
        ("2026-10-08", "甲", 14, 12, 12, 0, 0),
        ("2026-10-12", "乙", 160, 156, 0, 138, 18),
    )
    events = sheet(tmp_path / "宣传.xlsx", ("日期", "活动名称", "场次", "受众"), ("2026-10-15", "进农村", 9, 2380))
    for key, file in (("training", trainings), ("outreach", events)):
        assert cli.run(["--book", str(directory), "import", key, str(file), "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["rejected"] == []
    assert cli.run(["--book", str(directory), "stats", "--period", "2026-10"]) == 0
    found = json.loads(capsys.readouterr().out)
    training, outreach = found["training"], found["outreach"]
    assert (training["sessions"], training["expected"], training["attended"]) == (2, 174, 168)
    assert training["attendance_rate"] == "96.55"
    assert training["groups"] == {"中高级管理人员": 12, "基层业务人员": 138, "新入职人员": 18}
    assert training["coverage"]["missing"] == []
    assert (outreach["activities"], outreach["sessions"], outreach["audience_count"]) == (1, 9, 2380)
    assert (outreach["cost"], outreach["person_days"]) == ("0.00", "0")
    assert (
        cli.run(["--book", str(directory), "report", "monthly", "--period", "2026-10", "--out", str(tmp_path / "out")])
        == 0
    )
    (file,) = (tmp_path / "out").glob("*.pdf")
    text = pdf_text(file)
    assert "四、教育培训和宣传教育情况（一）教育培训。本月开展培训2次，应到174人次，实到168人次，参训率96.55%" in text
    assert "（二）宣传教育。本月开展活动9场次" in text
    assert "五、下月到期事项" in text
    assert "持续开展培训和宣传教育" in text


# Statistics


def test_staff_names_give_coverage_by_people(session: Session) -> None:
    boss, clerk, new = (
        person(session, name, group)
        for name, group in (("王志强", "managers"), ("刘秀兰", "front_line"), ("陈新", "newcomers"))
    )
    add_training(
        session,
        {"staff": boss, "group": "managers", "attended": True},
        {"staff": clerk, "group": "front_line", "attended": False},
    )
    found = training_statistics.statistics(session, OCTOBER)
    assert (found.figures.expected, found.figures.attended) == (2, 1)
    assert found.missing == ("基层业务人员", "新入职人员")
    assert [(item.people, item.staff) for item in found.coverage] == [(1, 1), (0, 1), (0, 1)]
    records.delete(session, STAFF, new)
    assert training_statistics.staff_groups(session)["newcomers"] == frozenset()


def test_a_group_is_reached_by_those_who_came_else_by_those_it_was_meant_for(session: Session) -> None:
    cases: tuple[tuple[dict[str, Value], tuple[int, ...]], ...] = (
        ({"audience": ("managers",)}, (1, 0, 0)),
        ({"audience": ("managers",), "attended": 8}, (1, 0, 0)),
        ({"audience": ("managers",), "attended": 0}, (0, 0, 0)),
        ({"audience": ("managers",), "attended": 8, "front_line_count": 8}, (0, 1, 0)),
        ({"attended": 8, "managers_count": 0, "front_line_count": 0, "newcomers_count": 0}, (0, 0, 0)),
    )
    for values, expected in cases:
        record_id = add_training(session, **values)
        found = training_statistics.statistics(session, OCTOBER).coverage
        assert tuple(item.sessions.count for item in found) == expected, values
        records.delete(session, TRAINING, record_id)


def test_a_list_on_which_nobody_is_marked_yet_reaches_nobody(session: Session) -> None:
    add_training(
        session,
        {"staff": person(session, "王志强", "managers"), "group": "managers"},
        audience=("managers",),
    )
    found = training_statistics.statistics(session, OCTOBER)
    assert (found.figures.expected, found.figures.attended, found.figures.uncounted.count) == (1, 0, 1)
    assert [item.sessions.count for item in found.coverage] == [0, 0, 0]


def test_a_training_or_event_held_again_begins_with_what_does_not_belong_to_the_old_one(session: Session) -> None:
    attendee: Values = {"staff": person(session, "王志强", "managers"), "group": "managers", "attended": True}
    training = add_training(
        session, attendee, lecturer="李老师", place="会议室", start_time="14:30", ended_on="2026-10-16", remark="补课"
    )
    again = copying.copy_of(session, TRAINING, training)
    assert dict(again.children) == {}
    assert again.values["held_on"] == session.today().isoformat()
    assert (again.values["lecturer"], again.values["place"]) == ("李老师", "会议室")
    gone = ("ended_on", "start_time", "expected", "attended", "managers_count", "audience", "remark")
    assert [key for key in gone if again.values.get(key)] == []
    event = add_event(session, place="集市", sessions=3, audience_count=120, content="发放折页", end_time="11:00")
    again = copying.copy_of(session, OUTREACH, event)
    assert (again.values["place"], again.values["sessions"]) == ("集市", 1)
    assert [key for key in ("audience_count", "content", "end_time") if again.values.get(key)] == []


def test_an_unfilled_outreach_counts_as_unfilled(session: Session) -> None:
    add_event(session)
    found = outreach_statistics.statistics(session, OCTOBER)
    assert [(item.name, item.count) for item in found.dimensions["branch"]] == [("未填写", 1)]
    assert sum(item.count for item in found.dimensions["series"]) == 1


def test_the_demo_has_both_and_is_the_same_again(tmp_path: Path) -> None:
    made = [demo.make_demo(tmp_path / name, complaints=5) for name in ("a", "b")]
    assert made[0] == made[1]
    assert made[0]["training"] >= 24
    assert made[0]["outreach"] >= 72
    opened = [demo.open_demo(tmp_path / name) for name in ("a", "b")]
    try:
        year = parse_period("2026")
        for module in (training_statistics, outreach_statistics):
            texts = [json.dumps(module.as_json(module.statistics(book, year)), ensure_ascii=False) for book in opened]
            assert texts[0] == texts[1]
        coverage = training_statistics.statistics(opened[0], year).coverage
        assert all(item.covered and item.people for item in coverage)
        for target in (TRAINING, OUTREACH):
            for record in opened[0].book.records(target, opened[0].book.ids(target, Query())):
                assert records.check(opened[0], target, record) == ()
    finally:
        for book in opened:
            book.close()


# Roster


def test_a_pasted_list_finds_people_by_name_number_and_row(session: Session) -> None:
    branch = add_branch(session, "城关支行")
    first = person(session, "刘秀兰", "front_line", staff_no="0101", branch=branch)
    second = person(session, "欧阳  志强", "managers", staff_no="0102")
    same = [person(session, "王伟", "front_line", staff_no=number) for number in ("0201", "0202")]
    found = roster.match(
        session, ATTENDEES, "序号\t姓名\t部门\n1\t刘秀兰\t城关支行\n2\t欧阳志强\t\n\n0201\n王伟、张三\n刘秀兰"
    )
    assert found.ids == (first, second, same[0])
    assert found.several == ("王伟",)
    assert found.unknown == ("张三",)
    assert roster.match(session, ATTENDEES, "").ids == ()
    assert roster.notes(session, "staff")[first] == "城关支行"


def test_a_new_row_takes_the_group_of_today(session: Session) -> None:
    who = person(session, "陈新", "newcomers")
    assert roster.new_row(session, ATTENDEES, who) == {"staff": who, "group": "newcomers"}


# Evidence


def test_missing_evidence_of_a_period(session: Session, tmp_path: Path) -> None:
    with_photo, without, earlier = add_event(session), add_event(session), add_event(session, held_on="2026-09-30")
    photo = tmp_path / "现场.jpg"
    Image.new("RGB", (40, 30), (10, 20, 30)).save(photo)
    attachments.add(session, OUTREACH, with_photo, "photo", photo, "全景")
    found = evidence.missing_evidence(session, OUTREACH, OCTOBER)
    assert {key: [kind.label for kind in kinds] for key, kinds in found.items()} == {without: ["照片"]}
    assert list(evidence.missing_evidence(session, OUTREACH, parse_period("2026Q3"))) == [earlier]
    assert evidence.missing_evidence(session, OUTREACH, OCTOBER, as_of=date(2026, 10, 1)) == {}
    training = add_training(session)
    lacking = evidence.missing(session, TRAINING, [training])[training]
    assert [kind.label for kind in lacking] == ["签到表", "照片"]
    assert evidence.missing(session, ledger("branch"), [1]) == {}


# Papers


def test_papers_follow_the_ledger() -> None:
    assert [paper.label for paper in papers.papers(TRAINING)] == ["签到表（空白）", "签到表（已填）"]
    assert [paper.label for paper in papers.papers(OUTREACH)] == ["宣传活动情况表"]
    assert papers.papers(BRANCH) == ()


def test_sign_in_sheets_empty_and_with_names(session: Session, tmp_path: Path) -> None:
    branch = add_branch(session, "城关支行")
    here = person(session, "刘秀兰", "front_line", branch=branch, post="柜员")
    away = person(session, "王志强", "managers", department="信贷管理部", post="经理")
    training = add_training(
        session,
        {"staff": here, "group": "front_line", "attended": True},
        {"staff": away, "group": "managers", "attended": False},
        start_time="14:30",
        end_time="17:00",
        hours=250,
    )
    texts = {}
    for paper in papers.papers(TRAINING):
        built = papers.build(session, TRAINING, training, paper.key)
        texts[paper.key] = pdf_text(written(built, tmp_path, "pdf"))
        assert reporting.render(built, "docx")[:2] == b"PK"
    blank, named = texts["sign-in-blank"], texts["sign-in"]
    assert "2026年10月15日14:30—17:00" in blank
    assert "2.5学时" in blank
    assert "刘秀兰" not in blank
    assert "刘秀兰城关支行柜员" in named
    assert "王志强信贷管理部经理未到" in named
    assert built.file_name == "PX-2026-0001 培训签到表（已填）"


def test_the_outreach_sheet_has_its_photos(session: Session, tmp_path: Path) -> None:
    event = add_event(
        session, campaign="routine", audience_count=1360, cost=60000, content="设宣传台。", ended_on="2026-10-16"
    )
    for number in range(2):
        photo = tmp_path / f"{number}.png"
        stream = BytesIO()
        Image.new("RGB", (60, 40), (number * 90, 20, 30)).save(stream, "PNG")
        photo.write_bytes(stream.getvalue())
        attachments.add(session, OUTREACH, event, "photo", photo, f"现场{number}")
    built = papers.build(session, OUTREACH, event, "activity-sheet")
    text = pdf_text(written(built, tmp_path, "pdf"))
    for words in ("1,360人次", "600.00元", "2026年10月15日至2026年10月16日", "现场照片2张（附后）", "图2现场1"):
        assert words in text
    with pytest.raises(KeyError):
        papers.build(session, OUTREACH, event, "sign-in")


def test_the_plan_of_a_training_file_names_its_columns(session: Session, tmp_path: Path) -> None:
    file = sheet(tmp_path / "a.xlsx", ("培训日期", "培训名称", "参训率", "备注"), ("2026-10-08", "甲", "98%", "无"))
    plan = planned(session, file, key="training")
    fields = {column.header: column.field for column in plan.mapping.columns}
    assert fields == {"培训日期": "held_on", "培训名称": "topic", "参训率": "", "备注": "remark"}
