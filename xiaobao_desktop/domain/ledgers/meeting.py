"""会议: meetings at which the bank's bodies deal with consumer protection, with their resolutions.

The minutes that the annual disclosure and the 双查 report ask for: which body met, on which day, what was resolved,
who carries it out by when. A resolution is a row of its own; a plan item may be made of it.
"""

from __future__ import annotations

from collections.abc import Iterator

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
from xiaobao_desktop.domain.groups import RULES_AND_MEETINGS
from xiaobao_desktop.domain.rules import Rules

ORDER = 50

OPEN, DONE = "open", "done"
"""States of a resolution, and of a meeting: something is still to be done, or nothing (more) is."""

_SESSION = (
    Field(
        "held_on",
        "会议日期",
        Kind.DATE,
        Grade.TO_SAVE,
        synonyms=("日期", "召开日期", "开会日期", "会议时间", "召开时间", "时间"),
    ),
    Field(
        "kind",
        "会议类型",
        Kind.CHOICE,
        Grade.TO_FILE,
        options="meeting_kind",
        synonyms=("类型", "会议类别", "会议", "会议种类", "召开机构"),
    ),
    Field(
        "title",
        "会议名称",
        Kind.TEXT,
        Grade.TO_SAVE,
        span=2,
        hint="如 消费者权益保护委员会2026年第3次会议",
        synonyms=("名称", "会议主题", "会议届次"),
    ),
    Field("place", "地点", Kind.TEXT, synonyms=("会议地点",)),
    Field("chair", "主持人", Kind.PERSON_NAME, Grade.TO_FILE, Privacy.C1, synonyms=("主持", "召集人", "会议主持")),
    Field("recorder", "记录人", Kind.PERSON_NAME, privacy=Privacy.C1, synonyms=("记录", "会议记录人")),
    Field(
        "minutes_number", "纪要文号", Kind.TEXT, hint="如 某银消保纪〔2026〕3号", synonyms=("纪要编号", "会议纪要文号")
    ),
)
_PEOPLE = (
    Field("expected", "应到", Kind.INTEGER, minimum=0, synonyms=("应到人数", "应参会人数")),
    Field(
        "attended",
        "实到",
        Kind.INTEGER,
        Grade.TO_FILE,
        minimum=0,
        synonyms=("实到人数", "参会人数", "出席人数", "参加人数", "人数"),
    ),
    Field(
        "attendees",
        "出席人员",
        Kind.LONG_TEXT,
        privacy=Privacy.C1,
        span=4,
        hint="姓名用“、”分开",
        synonyms=("参会人员", "出席人", "参加人员", "参会人"),
    ),
)
_MATTER = (
    Field(
        "topics",
        "议题",
        Kind.LONG_TEXT,
        Grade.TO_FILE,
        span=4,
        hint="一行一个议题",
        synonyms=("会议议题", "审议事项", "会议内容", "主要内容", "议程"),
    ),
    Field(
        "summary",
        "审议情况",
        Kind.LONG_TEXT,
        span=4,
        synonyms=("决议", "会议决议", "会议要求", "审议结果", "议定事项", "会议决定"),
        help="要落实的事项请在下面“决议事项”里一条一行",
    ),
    Field("remark", "备注", Kind.LONG_TEXT, span=4, synonyms=("说明",)),
)
_STATE = (
    Field("resolution_count", "决议数", Kind.INTEGER, derived=True, entered=False),
    Field("open_count", "未落实", Kind.INTEGER, derived=True, entered=False),
    Field("due_on", "最近期限", Kind.DATE, derived=True, entered=False),
    Field("state", "落实情况", Kind.CHOICE, options="meeting_state", derived=True, entered=False),
)

RESOLUTIONS = ChildTable(
    key="resolutions",
    label="决议事项",
    fields=(
        Field("resolution", "决议", Kind.TEXT, Grade.TO_SAVE, span=2),
        Field("department", "责任部门", Kind.TEXT),
        Field("owner", "责任人", Kind.PERSON_NAME, privacy=Privacy.C1),
        Field("due_on", "完成期限", Kind.DATE),
        Field("done", "已落实", Kind.YES_NO),
        Field("done_on", "落实日期", Kind.DATE),
        Field("outcome", "落实情况", Kind.TEXT),
    ),
    edited="table",
)


def complete(_before: Record | None, entered: Record, _rules: Rules) -> Record:
    """The record with its counts: how many resolutions, how many of them open, and the first day one is due.

    A resolution with a day on which it was carried out is done, whether its tick was set or not.
    """
    rows = tuple(_settled(row) for row in entered.children.get(RESOLUTIONS.key, ()))
    still = [row for row in rows if not row.get("done")]
    terms = sorted(str(row["due_on"]) for row in still if row.get("due_on"))
    values: dict[str, Value] = dict(entered.values)
    values["resolution_count"] = len(rows)
    values["open_count"] = len(still)
    values["due_on"] = terms[0] if terms else None
    values["state"] = (OPEN if still else DONE) if rows else None
    children = {**entered.children, RESOLUTIONS.key: rows} if RESOLUTIONS.key in entered.children else entered.children
    return Record(values, children, entered.id, entered.number, entered.deleted)


def _settled(row: Values) -> Values:
    return {**row, "done": True} if row.get("done_on") else row


def check(record: Record, today: str, _rules: Rules) -> tuple[Problem, ...]:
    """A meeting to come with people counted, too many present, resolutions without words or with odd days."""
    values = record.values
    held, expected, attended = str(values.get("held_on") or ""), values.get("expected"), values.get("attended")
    problems = []
    if held > today and attended:
        problems.append(Problem("held_on", f"会议日期 {held} 还没有到，却已填了实到人数，请核对"))
    if isinstance(expected, int) and isinstance(attended, int) and attended > expected:
        problems.append(Problem("attended", f"实到 {attended} 人多于应到 {expected} 人，请核对"))
    for place, row in enumerate(record.children.get(RESOLUTIONS.key, ()), start=1):
        problems.extend(_row_problems(place, row, held, today))
    return tuple(problems)


def _row_problems(place: int, row: Values, held: str, today: str) -> Iterator[Problem]:
    due, done = str(row.get("due_on") or ""), str(row.get("done_on") or "")
    if is_empty(row.get("resolution")):
        yield Problem(RESOLUTIONS.key, f"第 {place} 条决议没有内容，请写明或删去这一行")
    if due and held and due < held:
        yield Problem(RESOLUTIONS.key, f"第 {place} 条决议的完成期限 {due} 早于会议日期 {held}，请核对")
    if done > today:
        yield Problem(RESOLUTIONS.key, f"第 {place} 条决议的落实日期 {done} 还没有到，没有落实请留空")
    elif done and held and done < held:
        yield Problem(RESOLUTIONS.key, f"第 {place} 条决议的落实日期 {done} 早于会议日期 {held}，请核对")


LEDGER = Ledger(
    key="meeting",
    label="会议",
    prefix="HY",
    unit="次",
    icon="users",
    create_action="登记会议",
    group=RULES_AND_MEETINGS,
    fields=(*_SESSION, *_PEOPLE, *_MATTER, *_STATE),
    sections=(
        Section("会议", tuple(item.key for item in _SESSION)),
        Section("人员", tuple(item.key for item in _PEOPLE)),
        Section("内容", tuple(item.key for item in _MATTER)),
    ),
    columns=(
        Column("held_on", 8),
        Column("title", 18, stretch=True),
        Column("kind", 10),
        Column("state", 7),
        Column("open_count", 6),
        Column("chair", 7),
        Column("resolution_count", 6, shown=False),
        Column("attended", 5, shown=False),
        Column("expected", 5, shown=False),
        Column("place", 12, shown=False),
        Column("topics", 24, shown=False),
        Column("summary", 24, shown=False),
        Column("due_on", 8, shown=False),
        Column("minutes_number", 14, shown=False),
    ),
    title=("title",),
    filters=("held_on", "kind", "state"),
    sort=(("held_on", True), ("number", True)),
    children=(RESOLUTIONS,),
    dated_by="held_on",
    complete=complete,
    checks=check,
    not_copied=("held_on", "minutes_number", "expected", "attended", "attendees", "summary", "remark"),
    evidence=(
        Evidence("minutes", "会议纪要"),
        Evidence("sign_in", "签到表", wanted=False),
        Evidence("material", "会议材料", wanted=False),
    ),
    print_title="会议台账",
    printed=(
        PrintColumn("number", 22, "编号"),
        PrintColumn("held_on", 20, "日期"),
        PrintColumn("kind", 26),
        PrintColumn("title", 48),
        PrintColumn("chair", 16),
        PrintColumn("attended", 11, "实到\n(人)"),
        PrintColumn("topics", 56),
        PrintColumn("resolution_count", 11, "决议\n(条)"),
        PrintColumn("open_count", 11, "未落\n实"),
        PrintColumn("state", 16),
    ),
    ignored_headers={"序号": "行号", "决议数": "由决议事项得出", "未落实": "由决议事项得出"},
)
