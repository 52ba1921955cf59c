"""培训: training of the bank's own people, with the attendees from the staff list.

PBOC order 5 (2020), article 10: at least once a year, covering 中高级管理人员, 基层业务人员 and 新入职人员, and more
often for posts that draw complaints. Where there are attendees, the numbers of people follow from them.
"""

from __future__ import annotations

from xiaobao_desktop.domain.activity import OF_ONE_DAY, has_begun, span_fields, span_problems
from xiaobao_desktop.domain.fields import (
    ChildTable,
    Column,
    Evidence,
    Field,
    Grade,
    Kind,
    Ledger,
    PrintColumn,
    Privacy,
    Problem,
    Record,
    Section,
    Value,
    Values,
    is_empty,
)
from xiaobao_desktop.domain.rules import Rules

ORDER = 20

GROUP_COUNTS = {"managers": "managers_count", "front_line": "front_line_count", "newcomers": "newcomers_count"}
"""The three groups that training must reach, each with the field that counts its people present."""

NOT_EXAMINED = "none"
"""The way of examination that is none."""

_SESSION = (
    *span_fields("培训", "举办", day="2026.11.18", begins="14:30", ends="17:00"),
    Field(
        "topic",
        "培训主题",
        Kind.TEXT,
        Grade.TO_SAVE,
        span=2,
        hint="如 金融产品适当性管理专题培训",
        synonyms=("主题", "培训名称", "培训内容", "课程", "课程名称", "培训课程"),
    ),
    Field(
        "category", "类别", Kind.CHOICE, Grade.TO_FILE, options="training_category", synonyms=("培训类别", "培训类型")
    ),
    Field("form", "形式", Kind.CHOICE, Grade.TO_FILE, options="training_form", synonyms=("培训形式", "培训方式")),
    Field("place", "地点", Kind.TEXT, synonyms=("培训地点", "培训场所")),
    Field(
        "department",
        "组织部门",
        Kind.TEXT,
        Grade.TO_FILE,
        synonyms=("主办部门", "组织单位", "主办单位", "承办部门", "举办部门"),
    ),
    Field("lecturer", "主讲人", Kind.PERSON_NAME, Grade.TO_FILE, Privacy.C1, synonyms=("讲师", "授课人", "培训讲师")),
    Field(
        "lecturer_from", "内部或外部", Kind.CHOICE, options="lecturer_from", synonyms=("内外", "讲师来源", "内训外训")
    ),
    Field("hours", "学时", Kind.DECIMAL, Grade.TO_FILE, minimum=0, hint="如 1.5", synonyms=("课时", "培训学时")),
    Field(
        "extra_for_complaints",
        "高投诉岗位加训",
        Kind.YES_NO,
        help="为投诉较多的岗位另加的培训",
        synonyms=("是否加训", "高投诉岗位"),
    ),
)
_PEOPLE = (
    Field(
        "audience",
        "培训对象",
        Kind.CHOICES,
        Grade.TO_FILE,
        options="staff_group",
        span=2,
        derived=True,
        synonyms=("对象", "参训对象", "培训人员类别"),
    ),
    Field(
        "expected",
        "应到",
        Kind.INTEGER,
        Grade.TO_FILE,
        minimum=0,
        derived=True,
        synonyms=("应到人数", "应参训人数", "应到人次"),
    ),
    Field(
        "attended",
        "实到",
        Kind.INTEGER,
        Grade.TO_FILE,
        minimum=0,
        derived=True,
        synonyms=("实到人数", "参训人数", "实到人次", "参加人数", "培训人数", "参训人次", "人数"),
    ),
    Field(
        "managers_count",
        "中高级管理人员",
        Kind.INTEGER,
        minimum=0,
        derived=True,
        synonyms=("中高管人数", "中高级管理人员人数", "管理人员"),
    ),
    Field(
        "front_line_count",
        "基层业务人员",
        Kind.INTEGER,
        minimum=0,
        derived=True,
        synonyms=("基层人数", "基层业务人员人数", "基层人员"),
    ),
    Field(
        "newcomers_count",
        "新入职人员",
        Kind.INTEGER,
        minimum=0,
        derived=True,
        synonyms=("新入职人数", "新入职人员人数", "新员工人数"),
    ),
    Field("exam_way", "考核方式", Kind.CHOICE, options="exam_way", synonyms=("考试方式", "测试方式")),
    Field(
        "passed",
        "考核合格人数",
        Kind.INTEGER,
        minimum=0,
        derived=True,
        synonyms=("合格人数", "考试合格人数", "合格"),
    ),
)
_OTHER = (
    Field("content", "内容摘要", Kind.LONG_TEXT, span=4, synonyms=("内容", "主要内容")),
    Field("remark", "备注", Kind.LONG_TEXT, span=4, synonyms=("说明",)),
)


def present_by_now(values: Values, today: str) -> Values:
    """A person put on the list of a training that was held, or is held today, was there until said otherwise."""
    return {"attended": True} if has_begun(values, today) else {}


ATTENDEES = ChildTable(
    key="attendee",
    label="参训人员",
    fields=(
        Field("staff", "姓名", Kind.LINK, Grade.TO_SAVE, options="staff"),
        Field("group", "人员类别", Kind.CHOICE, options="staff_group"),
        Field("attended", "到场", Kind.YES_NO),
        Field("passed", "合格", Kind.YES_NO),
        Field("note", "备注", Kind.TEXT),
    ),
    edited="table",
    row_start=present_by_now,
)


def complete(_before: Record | None, entered: Record, _rules: Rules) -> Record:
    """The record with its numbers: counted from the attendees where there are any, else as entered.

    The group of an attendee is that of the day of the training and stays with the row.
    """
    rows = tuple(entered.children.get(ATTENDEES.key, ()))
    values = dict(entered.values)
    if rows:
        values.update(_counted(rows, bool(values.get("exam_way")) and values.get("exam_way") != NOT_EXAMINED))
    if not values.get("audience"):
        reached = tuple(group for group, key in GROUP_COUNTS.items() if values.get(key))
        values["audience"] = reached or None
    return Record(values, entered.children, entered.id, entered.number, entered.deleted)


def _counted(rows: tuple[Values, ...], examined: bool) -> dict[str, Value]:
    """Numbers of a list. While nobody was said to be there or away (a training to come), nobody is counted."""
    if all(is_empty(row.get("attended")) for row in rows):
        return {**dict.fromkeys(GROUP_COUNTS.values()), "expected": len(rows), "attended": None, "passed": None}
    present = [row for row in rows if row.get("attended")]
    counts: dict[str, Value] = {
        key: sum(row.get("group") == group for row in present) for group, key in GROUP_COUNTS.items()
    }
    passed = sum(bool(row.get("passed")) for row in present)
    # Without an examination nobody passes or fails: the field stays empty.
    return {**counts, "expected": len(rows), "attended": len(present), "passed": passed if examined or passed else None}


def check(record: Record, _today: str, _rules: Rules) -> tuple[Problem, ...]:
    """Days and numbers that cannot be, and what looks odd."""
    values = record.values
    problems = list(span_problems(values))
    expected, attended, passed = (_number(values, key) for key in ("expected", "attended", "passed"))
    if expected is not None and attended is not None and attended > expected:
        problems.append(Problem("attended", f"实到 {attended} 人多于应到 {expected} 人，请核对"))
    if passed is not None and attended is not None and passed > attended:
        problems.append(Problem("passed", f"考核合格 {passed} 人多于实到 {attended} 人，请核对"))
    groups = [number for key in GROUP_COUNTS.values() if (number := _number(values, key)) is not None]
    if attended is not None and sum(groups) > attended:
        problems.append(Problem("managers_count", f"三类人员合计 {sum(groups)} 人，多于实到 {attended} 人，请核对"))
    staff = [row.get("staff") for row in record.children.get(ATTENDEES.key, ())]
    if None in staff:
        problems.append(Problem(ATTENDEES.key, "参训人员里有一行没有选人，请选定或删去这一行"))
    elif len(set(staff)) < len(staff):
        problems.append(Problem(ATTENDEES.key, "参训人员里有人重复，请删去重复的一行"))
    return tuple(problems)


def _number(values: Values, key: str) -> int | None:
    value = values.get(key)
    return value if isinstance(value, int) else None


LEDGER = Ledger(
    key="training",
    label="培训",
    prefix="PX",
    unit="次",
    icon="graduation-cap",
    create_action="登记培训",
    fields=(*_SESSION, *_PEOPLE, *_OTHER),
    sections=(
        Section("培训", tuple(item.key for item in _SESSION)),
        Section("人员", tuple(item.key for item in _PEOPLE), "有参训人员名单时，人数由名单得出"),
        Section("内容", tuple(item.key for item in _OTHER)),
    ),
    columns=(
        Column("held_on", 8),
        Column("topic", 14, stretch=True),
        Column("category", 9),
        Column("form", 6),
        Column("lecturer", 6),
        Column("expected", 5),
        Column("attended", 5),
        Column("hours", 5),
        Column("passed", 10, shown=False),
        Column("audience", 18, shown=False),
        Column("department", 14, shown=False),
        Column("managers_count", 12, shown=False),
        Column("front_line_count", 12, shown=False),
        Column("newcomers_count", 10, shown=False),
        Column("exam_way", 10, shown=False),
        Column("extra_for_complaints", 12, shown=False),
        Column("place", 14, shown=False),
        Column("content", 24, shown=False),
    ),
    title=("topic",),
    filters=("held_on", "category", "form", "audience", "lecturer_from", "exam_way", "extra_for_complaints"),
    sort=(("held_on", True), ("number", True)),
    children=(ATTENDEES,),
    dated_by="held_on",
    complete=complete,
    checks=check,
    # The numbers of people are derived, and so no copy has them.
    not_copied=(*OF_ONE_DAY, "remark"),
    evidence=(
        Evidence("sign_in", "签到表"),
        Evidence("material", "课件", wanted=False),
        Evidence("photo", "照片", captions=True),
    ),
    print_title="教育培训台账",
    printed=(
        PrintColumn("number", 22, "编号"),
        PrintColumn("held_on", 20, "日期"),
        PrintColumn("topic", 48),
        PrintColumn("category", 20),
        PrintColumn("form", 14),
        PrintColumn("lecturer", 16),
        PrintColumn("audience", 40),
        PrintColumn("expected", 11, "应到\n(人)"),
        PrintColumn("attended", 11, "实到\n(人)"),
        PrintColumn("hours", 11),
        PrintColumn("passed", 13, "考核\n合格"),
        PrintColumn("place", 26),
    ),
    ignored_headers={"序号": "行号", "参训率": "由人数算出", "合格率": "由人数算出"},
)
