"""计划: the year's tasks with their days: planned work, what a meeting decided, drills, and major events as they come.

PBOC order 5 of 2020 (art. 24, 26) asks for a yearly plan of education and for prompt reports of major events; the
columns of an event (what happened, who took part, conclusion, when it was reported) stand beside those of a task.
"""

from __future__ import annotations

from xiaobao_desktop.domain.fields import (
    Column,
    Evidence,
    Field,
    Grade,
    Kind,
    Ledger,
    PrintColumn,
    Problem,
    Record,
    Section,
    Value,
    Values,
)
from xiaobao_desktop.domain.groups import FILING_AND_PLAN
from xiaobao_desktop.domain.rules import Rules

ORDER = 80

NOT_STARTED, IN_PROGRESS, DONE, CANCELLED = "not_started", "in_progress", "done", "cancelled"
"""States that are kept."""
OVERDUE = "overdue"
"""The state of an open one whose planned day has passed; it is of a day and not kept."""
RESOLUTION, EVENT = "resolution", "event"
"""Kinds: what a meeting decided; a major event."""
MEETING, PLACE = "meeting", "resolution"
"""Keys of the fields that say which meeting decided it, and which row of its resolutions."""

_TASK = (
    Field(
        "title",
        "事项",
        Kind.TEXT,
        Grade.TO_SAVE,
        span=2,
        hint="如 组织全行消保专题培训",
        synonyms=("工作事项", "任务", "工作任务", "计划事项", "工作内容", "事件", "事项名称"),
    ),
    Field(
        "kind", "类别", Kind.CHOICE, Grade.TO_FILE, options="plan_kind", default="task", synonyms=("事项类别", "种类")
    ),
    Field("year", "年度", Kind.INTEGER, minimum=1990, hint="不填则按计划完成日", synonyms=("计划年度", "年份")),
    Field(
        "planned_on",
        "计划完成日",
        Kind.DATE,
        Grade.TO_SAVE,
        synonyms=("计划完成日期", "完成期限", "计划日期", "计划时间", "完成时限", "计划完成时间", "时间安排"),
    ),
    Field("finished_on", "完成日期", Kind.DATE, synonyms=("实际完成日期", "完成时间", "实际完成日")),
    Field("department", "责任部门", Kind.TEXT, synonyms=("牵头部门", "承办部门", "负责部门", "责任单位")),
    Field("owner", "责任人", Kind.LINK, options="staff", synonyms=("负责人", "经办人")),
    Field("progress", "进展情况", Kind.LONG_TEXT, span=4, synonyms=("落实情况", "进展", "完成情况", "工作进展")),
    Field("cancelled_for", "取消原因", Kind.TEXT, span=4, help="写了原因，这一项就不再提醒", synonyms=("不做的原因",)),
)
_EVENT = (
    Field("happened_on", "发生或演练日期", Kind.DATE, synonyms=("发生日期", "演练日期", "发生时间")),
    Field("reported_on", "报告日期", Kind.DATE, time_field="reported_time", synonyms=("报告时间", "上报日期")),
    Field("reported_time", "报告时刻", Kind.TIME, hint="如 9:30"),
    Field("participants", "参加人", Kind.TEXT, synonyms=("参加人员", "参演人员", "参加单位")),
    Field("situation", "情形", Kind.LONG_TEXT, span=4, synonyms=("事件情形", "演练情形", "事件经过", "经过", "情况")),
    Field("conclusion", "结论", Kind.LONG_TEXT, span=4, synonyms=("处置结果", "演练结论", "处理结果", "评估结论")),
)
_OTHER = (Field("remark", "备注", Kind.LONG_TEXT, span=4, synonyms=("说明",)),)
_ORIGIN = (
    Field(MEETING, "来自会议", Kind.LINK, options="meeting", entered=False),
    Field(PLACE, "决议", Kind.INTEGER, entered=False),
)
_STATE = (
    Field("state", "状态", Kind.CHOICE, options="plan_state", derived=True, entered=False),
    # A new item is not planned for today: the day it stands under is the planned one once that is known.
    Field("dated_on", "日期", Kind.DATE, derived=True, entered=False),
)


def state(values: Values) -> str:
    """The state that is kept, from what was filled in."""
    if values.get("finished_on"):
        return DONE
    if str(values.get("cancelled_for") or "").strip():
        return CANCELLED
    begun = any(str(values.get(key) or "").strip() for key in ("progress", "happened_on"))
    return IN_PROGRESS if begun else NOT_STARTED


def state_on(values: Values, today: str) -> str:
    """The state as it is told on a day: :data:`OVERDUE` for an open one whose planned day has passed.

    Args:
        values: ``state`` and ``planned_on`` of a record.
        today: ISO day.
    """
    kept = str(values.get("state") or NOT_STARTED)
    planned = str(values.get("planned_on") or "")
    return OVERDUE if kept in (NOT_STARTED, IN_PROGRESS) and "" < planned < today else kept


def on_day(values: Values, today: str) -> Values:
    """The values with the state as it is told on a day."""
    return {**values, "state": state_on(values, today)}


def complete(_before: Record | None, entered: Record, _rules: Rules) -> Record:
    """The record with its state, its year, and for an event that was not planned the day it happened."""
    values: dict[str, Value] = dict(entered.values)
    values["planned_on"] = values.get("planned_on") or values.get("happened_on") or values.get("finished_on")
    if not values.get("year") and values.get("planned_on"):
        values["year"] = int(str(values["planned_on"])[:4])
    values["state"] = state(values)
    values["dated_on"] = values.get("planned_on") or values.get("dated_on")
    return Record(values, entered.children, entered.id, entered.number, entered.deleted)


def check(record: Record, today: str, _rules: Rules) -> tuple[Problem, ...]:
    """Days that cannot be, a task both done and called off, an event that was not reported."""
    values = record.values
    problems = []
    for key, name in (("finished_on", "完成日期"), ("happened_on", "发生或演练日期"), ("reported_on", "报告日期")):
        if str(values.get(key) or "") > today:
            problems.append(Problem(key, f"{name} {values[key]} 还没有到，请核对"))
    if values.get("finished_on") and str(values.get("cancelled_for") or "").strip():
        problems.append(Problem("cancelled_for", "已经写了完成日期，又写了取消原因，请只留一个"))
    happened, reported = str(values.get("happened_on") or ""), str(values.get("reported_on") or "")
    if happened and reported and reported < happened:
        problems.append(Problem("reported_on", f"报告日期 {reported} 早于发生日期 {happened}，请核对"))
    if values.get("kind") == EVENT and happened and not reported:
        problems.append(Problem("reported_on", "重大事件要及时报告（5号令第二十六条），请填写报告日期", blocking=False))
    return tuple(problems)


LEDGER = Ledger(
    key="plan",
    label="计划",
    prefix="JH",
    unit="项",
    icon="calendar-check",
    create_action="登记计划",
    group=FILING_AND_PLAN,
    fields=(*_TASK, *_EVENT, *_OTHER, *_ORIGIN, *_STATE),
    sections=(
        Section("事项", tuple(item.key for item in _TASK)),
        Section("重大事件或演练", tuple(item.key for item in _EVENT), "普通任务不用填"),
        Section("备注", tuple(item.key for item in _OTHER)),
    ),
    columns=(
        Column("title", 20, stretch=True),
        Column("state", 7),
        Column("kind", 8),
        Column("planned_on", 8),
        Column("finished_on", 8),
        Column("department", 9),
        Column("owner", 6),
        Column("year", 5, shown=False),
        Column("progress", 24, shown=False),
        Column("happened_on", 10, shown=False),
        Column("reported_on", 8, shown=False),
        Column("conclusion", 20, shown=False),
        Column(MEETING, 14, shown=False),
    ),
    title=("title",),
    filters=("dated_on", "state", "kind", "department", "owner", "planned_on", "finished_on"),
    sort=(("planned_on", True), ("number", True)),
    dated_by="dated_on",
    complete=complete,
    checks=check,
    on_day=on_day,
    not_copied=(
        "year",
        "finished_on",
        "progress",
        "cancelled_for",
        *(item.key for item in (*_EVENT, *_OTHER, *_ORIGIN, *_STATE)),
    ),
    evidence=(
        Evidence("result", "完成材料", wanted=False),
        Evidence("report", "报告材料", wanted=False),
        Evidence("photo", "照片", captions=True, wanted=False),
    ),
    print_title="工作计划台账",
    printed=(
        PrintColumn("number", 22, "编号"),
        PrintColumn("title", 64),
        PrintColumn("kind", 18),
        PrintColumn("planned_on", 20, "计划\n完成日"),
        PrintColumn("finished_on", 20),
        PrintColumn("department", 24),
        PrintColumn("owner", 14),
        PrintColumn("state", 14),
        PrintColumn("progress", 56),
    ),
    ignored_headers={"序号": "行号", "状态": "由完成日期得出"},
)
