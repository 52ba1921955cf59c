"""整改: a fault that was found, what is done against it by whom and when, and who made sure that it is gone.

CBIRC order 9 of 2022 (art. 15, 18, 19) and PBOC order 5 of 2020 (art. 8) ask that faults be traced to their root, put
right and checked; the columns are those that a report on rectification needs. The one who verifies is never the one
who was to put it right.
"""

from __future__ import annotations

from xiaobao_desktop.domain.fields import (
    ChildTable,
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
from xiaobao_desktop.domain.groups import INSPECTION_AND_RECTIFICATION
from xiaobao_desktop.domain.rules import Rules

ORDER = 70

NOT_STARTED, IN_PROGRESS, FINISHED, DONE = "not_started", "in_progress", "finished", "done"
"""States that are kept: nothing done yet, under way, finished and to be verified, verified."""
OVERDUE = "overdue"
"""The state of one that is neither finished nor done when its planned day has passed; it is of a day and not kept."""
PASSED, FAILED = "pass", "fail"
"""Verdicts of the one who verifies."""
SUPERVISION, AUDIT, DOUBLE_CHECK, ROOT_CAUSE, SELF_CHECK = (
    "supervision",
    "audit",
    "double_check",
    "root_cause",
    "self_check",
)
"""Where a fault was found (choice list ``rectification_source``)."""

_PROBLEM = (
    Field(
        "source",
        "问题来源",
        Kind.CHOICE,
        Grade.TO_SAVE,
        options="rectification_source",
        synonyms=("来源", "检查类型", "发现途径", "检查来源"),
    ),
    Field(
        "found_on",
        "发现日期",
        Kind.DATE,
        Grade.TO_SAVE,
        synonyms=("发现时间", "检查日期", "检查时间", "日期", "登记日期"),
    ),
    Field("right", "涉及权利", Kind.CHOICES, options="rights", synonyms=("八项权利", "权利类型")),
    Field("clause", "涉及条款", Kind.TEXT, hint="如 5号令第十条", synonyms=("条款", "违反条款", "检查依据", "依据")),
    Field(
        "problem",
        "问题",
        Kind.LONG_TEXT,
        Grade.TO_SAVE,
        span=4,
        synonyms=("存在问题", "问题描述", "发现的问题", "问题内容", "问题表现", "整改事项"),
    ),
)
_MEASURE = (
    Field(
        "department", "责任部门", Kind.TEXT, Grade.TO_FILE, synonyms=("整改部门", "责任单位", "整改单位", "牵头部门")
    ),
    Field("owner", "责任人", Kind.LINK, Grade.TO_FILE, options="staff", synonyms=("整改责任人", "整改人")),
    Field(
        "planned_on",
        "计划完成日",
        Kind.DATE,
        Grade.TO_FILE,
        synonyms=("计划完成日期", "整改期限", "完成期限", "整改时限", "要求完成时间", "计划完成时间", "期限"),
    ),
    Field(
        "finished_on",
        "实际完成日",
        Kind.DATE,
        synonyms=("实际完成日期", "完成日期", "完成时间", "整改完成日期", "整改完成时间", "实际完成时间"),
    ),
    Field(
        "measure",
        "整改措施",
        Kind.LONG_TEXT,
        Grade.TO_FILE,
        span=4,
        synonyms=("措施", "整改要求", "整改方案", "整改规划", "整改情况"),
    ),
)
_VERIFICATION = (
    Field(
        "verifier",
        "验证人",
        Kind.LINK,
        options="staff",
        help="不能是责任人本人",
        synonyms=("复核人", "验收人", "整改验证人", "验证人员"),
    ),
    Field("verified_on", "验证日期", Kind.DATE, synonyms=("复核日期", "验收日期", "验证时间")),
    Field(
        "verdict", "验证结论", Kind.CHOICE, options="rectification_verdict", synonyms=("验收结论", "复核结论", "结论")
    ),
    Field("accountability", "问责情况", Kind.TEXT, span=2, synonyms=("问责", "责任追究", "问责处理")),
    Field("remark", "备注", Kind.LONG_TEXT, span=4, synonyms=("说明",)),
)
_ORIGIN = (
    Field("inspection", "来自自查", Kind.LINK, options="inspection", entered=False),
    Field("item", "检查条目", Kind.TEXT, entered=False),
    Field("complaint", "来自投诉", Kind.LINK, options="complaint", entered=False),
)
_STATE = (
    Field("state", "状态", Kind.CHOICE, options="rectification_state", derived=True, entered=False),
    Field("first_planned_on", "原计划完成日", Kind.DATE, derived=True, entered=False),
)


def _today_first(_values: Values, today: str) -> Values:
    return {"on": today}


PROGRESS = ChildTable(
    key="progress",
    label="整改进展",
    fields=(
        Field("on", "日期", Kind.DATE, Grade.TO_SAVE),
        Field("done", "做了什么", Kind.TEXT, Grade.TO_SAVE),
    ),
    edited="table",
    row_start=_today_first,
)


def state(values: Values, progress: tuple[Values, ...]) -> str:
    """The state that is kept, from days, verdict and rows of progress; whether it is late is not said by it.

    A verdict 不通过 sends it back to work until it is finished anew on a later day.
    """
    finished, verified = str(values.get("finished_on") or ""), str(values.get("verified_on") or "")
    if finished and verified and values.get("verdict") == PASSED:
        return DONE
    refused = values.get("verdict") == FAILED and finished <= verified
    if finished and not refused:
        return FINISHED
    return IN_PROGRESS if finished or progress else NOT_STARTED


def state_on(values: Values, today: str) -> str:
    """The state as it is told on a day: :data:`OVERDUE` for one under way whose planned day has passed.

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


def complete(before: Record | None, entered: Record, _rules: Rules) -> Record:
    """The record with its state and the day it was planned for at first."""
    values: dict[str, Value] = dict(entered.values)
    values["state"] = state(values, tuple(entered.children.get(PROGRESS.key, ())))
    kept = before.values.get("first_planned_on") if before else None
    values["first_planned_on"] = kept or values.get("first_planned_on") or values.get("planned_on")
    return Record(values, entered.children, entered.id, entered.number, entered.deleted)


def check(record: Record, today: str, _rules: Rules) -> tuple[Problem, ...]:
    """Days that cannot be, a verification by the one responsible, what is missing of a verification."""
    values = record.values
    return (*_day_problems(values, today), *_verification_problems(values), *_progress_problems(record, today))


def _day_problems(values: Values, today: str) -> list[Problem]:
    found, planned, finished = (str(values.get(key) or "") for key in ("found_on", "planned_on", "finished_on"))
    problems = []
    for key, name in (("found_on", "发现日期"), ("finished_on", "实际完成日"), ("verified_on", "验证日期")):
        if str(values.get(key) or "") > today:
            problems.append(Problem(key, f"{name} {values[key]} 还没有到，请核对"))
    if planned and planned < found:
        problems.append(Problem("planned_on", f"计划完成日 {planned} 早于发现日期 {found}，请核对", blocking=False))
    if finished and finished < found:
        problems.append(Problem("finished_on", f"实际完成日 {finished} 早于发现日期 {found}，请核对"))
    elif finished and planned and finished > planned:
        problems.append(
            Problem("finished_on", f"实际完成日 {finished} 晚于计划完成日 {planned}，请核对", blocking=False)
        )
    return problems


def _verification_problems(values: Values) -> list[Problem]:
    owner, verifier, verdict = values.get("owner"), values.get("verifier"), values.get("verdict")
    finished, verified = str(values.get("finished_on") or ""), str(values.get("verified_on") or "")
    problems = []
    if verifier is not None and verifier == owner:
        problems.append(Problem("verifier", "验证人和责任人是同一个人：整改要由别人验证，请另选验证人"))
    if verdict == PASSED:
        if not finished:
            problems.append(Problem("finished_on", "验证通过的整改要有实际完成日，请填写"))
        if verifier is None:
            problems.append(Problem("verifier", "请填写由谁验证"))
    if verdict and not verified:
        problems.append(Problem("verified_on", "请填写验证日期"))
    if verified and not verdict:
        problems.append(Problem("verdict", "填了验证日期，请选验证结论"))
    if verdict == PASSED and finished and verified and verified < finished:
        problems.append(Problem("verified_on", f"验证日期 {verified} 早于实际完成日 {finished}，请核对"))
    if verdict == FAILED and finished <= verified:
        sentence = "验证不通过，回到整改中；再次完成后改实际完成日，再验证一次"
        problems.append(Problem("verdict", sentence, blocking=False))
    return problems


def _progress_problems(record: Record, today: str) -> list[Problem]:
    rows = record.children.get(PROGRESS.key, ())
    if any(not row.get("on") or not str(row.get("done") or "").strip() for row in rows):
        return [Problem(PROGRESS.key, "整改进展里有一行没有写日期或做了什么，请补上或删去这一行")]
    if any(str(row.get("on")) > today for row in rows):
        return [Problem(PROGRESS.key, "整改进展里有一行的日期还没有到，请核对")]
    return []


LEDGER = Ledger(
    key="rectification",
    label="整改",
    prefix="ZG",
    unit="项",
    icon="wrench",
    create_action="登记整改",
    group=INSPECTION_AND_RECTIFICATION,
    fields=(*_PROBLEM, *_MEASURE, *_VERIFICATION, *_ORIGIN, *_STATE),
    sections=(
        Section("问题", tuple(item.key for item in _PROBLEM)),
        Section("整改", tuple(item.key for item in _MEASURE)),
        Section("验证", tuple(item.key for item in _VERIFICATION), "完成以后由另一个人验证，验证通过才算已完成"),
    ),
    columns=(
        Column("problem", 18, stretch=True),
        Column("state", 7),
        Column("source", 8),
        Column("department", 9),
        Column("owner", 6),
        Column("planned_on", 8),
        Column("finished_on", 8),
        Column("found_on", 8, shown=False),
        Column("first_planned_on", 10, shown=False),
        Column("right", 14, shown=False),
        Column("clause", 14, shown=False),
        Column("measure", 24, shown=False),
        Column("verifier", 6, shown=False),
        Column("verified_on", 8, shown=False),
        Column("verdict", 8, shown=False),
        Column("accountability", 12, shown=False),
        Column("complaint", 12, shown=False),
        Column("inspection", 12, shown=False),
    ),
    title=("problem",),
    filters=("found_on", "state", "source", "department", "owner", "planned_on", "finished_on", "right"),
    sort=(("found_on", True), ("number", True)),
    children=(PROGRESS,),
    dated_by="found_on",
    ended_by=("finished_on", "verified_on"),
    complete=complete,
    checks=check,
    on_day=on_day,
    not_copied=(
        "finished_on",
        "verifier",
        "verified_on",
        "verdict",
        "accountability",
        *(item.key for item in (*_ORIGIN, *_STATE)),
    ),
    evidence=(
        Evidence("proof", "整改佐证", wanted=False),
        Evidence("photo", "照片", captions=True, wanted=False),
        Evidence("notice", "检查通知或意见书", wanted=False),
    ),
    print_title="整改台账",
    printed=(
        PrintColumn("number", 22, "编号"),
        PrintColumn("source", 16),
        PrintColumn("problem", 60),
        PrintColumn("department", 22),
        PrintColumn("owner", 14),
        PrintColumn("measure", 56),
        PrintColumn("planned_on", 20, "计划\n完成日"),
        PrintColumn("finished_on", 20, "实际\n完成日"),
        PrintColumn("state", 14),
        PrintColumn("verifier", 14),
    ),
    ignored_headers={"序号": "行号", "状态": "由日期和验证结论得出", "整改状态": "由日期和验证结论得出"},
)
