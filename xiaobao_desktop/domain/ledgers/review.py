"""消保审查: products, contracts, fees and advertising looked at for consumer rights before they go out.

Order 9 of 2022, article 9, asks for such reviews before products and services are put on the market; PBOC order 5,
article 9, for review before, control during and supervision after. Who did not follow an opinion has to say why.
"""

from __future__ import annotations

from collections.abc import Iterator

from xiaobao_desktop.domain import sensitive
from xiaobao_desktop.domain.fields import (
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

ORDER = 55

PENDING, FINISHED = "pending", "finished"
"""States: under review, finished."""

ADOPTED = "adopted"
"""The answer to an opinion that needs no reason."""

_MATTER = (
    Field("received_on", "收件日", Kind.DATE, Grade.TO_SAVE, synonyms=("收件日期", "送审日期", "提交日期", "受理日期")),
    Field(
        "title",
        "审查项目",
        Kind.TEXT,
        Grade.TO_SAVE,
        span=2,
        hint="如 “丰收贷”产品宣传折页",
        synonyms=("项目", "项目名称", "送审项目", "审查事项", "送审事项", "名称", "产品名称"),
    ),
    Field(
        "kind",
        "审查类型",
        Kind.CHOICE,
        Grade.TO_FILE,
        options="review_kind",
        synonyms=("类型", "项目类型", "审查类别", "类别"),
    ),
    Field(
        "department",
        "送审部门",
        Kind.TEXT,
        Grade.TO_FILE,
        synonyms=("部门", "提交部门", "申请部门", "主办部门", "送审单位"),
    ),
    Field("contact", "送审人", Kind.PERSON_NAME, privacy=Privacy.C1, synonyms=("联系人", "经办人")),
    Field(
        "due_on",
        "要求完成日",
        Kind.DATE,
        synonyms=("应完成日", "完成期限", "期限", "办理期限", "要求完成日期"),
    ),
    Field("launch_on", "拟上线日", Kind.DATE, synonyms=("拟上线日期", "拟发布日期", "上线日期", "拟推出日期")),
)
_OPINION = (
    Field(
        "opinion",
        "审查意见",
        Kind.LONG_TEXT,
        Grade.TO_CLOSE,
        span=4,
        synonyms=("意见", "消保意见", "审查意见内容"),
    ),
    Field("reviewer", "审查人", Kind.PERSON_NAME, Grade.TO_CLOSE, Privacy.C1, synonyms=("审查人员", "消保审查人")),
    Field("finished_on", "完成日", Kind.DATE, synonyms=("完成日期", "审查完成日", "办结日期", "审查日期")),
    Field(
        "conclusion",
        "结论",
        Kind.CHOICE,
        Grade.TO_CLOSE,
        options="review_conclusion",
        synonyms=("审查结论", "结果", "审查结果"),
    ),
    Field(
        "adopted",
        "采纳情况",
        Kind.CHOICE,
        options="review_adoption",
        synonyms=("是否采纳", "采纳", "意见采纳情况", "采纳与否"),
    ),
    Field(
        "not_adopted_why",
        "未采纳原因",
        Kind.LONG_TEXT,
        span=2,
        synonyms=("不采纳理由", "未采纳理由", "不采纳原因"),
        help="未采纳或只采纳一部分时必填",
    ),
)
_SENSITIVE = Field(
    "sensitive",
    "敏感用语",
    Kind.CHOICES,
    options=sensitive.LIST,
    span=4,
    derived=True,
    synonyms=("敏感词", "命中敏感词"),
    help="由送审文字查出；本行要查的用语在“设置→选项→敏感用语”里增删",
)
_STATE = (Field("state", "状态", Kind.CHOICE, options="review_state", derived=True, entered=False),)
_OTHER = (
    Field(
        "checked_text",
        "送审文字",
        Kind.LONG_TEXT,
        span=4,
        help="把宣传稿、条款的文字粘贴在这里，逐句查敏感用语",
        synonyms=("宣传文字", "文稿", "送审内容"),
    ),
    Field("remark", "备注", Kind.LONG_TEXT, span=4, synonyms=("说明",)),
)


def complete(_before: Record | None, entered: Record, rules: Rules) -> Record:
    """The record with its state, and the sensitive words of the text that was checked."""
    values: dict[str, Value] = dict(entered.values)
    values["state"] = FINISHED if values.get("finished_on") else PENDING
    if text := str(values.get("checked_text") or ""):
        words = rules.catalog.list(sensitive.LIST).items
        values["sensitive"] = sensitive.word_ids(sensitive.find(text, words)) or None
    return Record(values, entered.children, entered.id, entered.number, entered.deleted)


def check(record: Record, today: str, _rules: Rules) -> tuple[Problem, ...]:
    """Days out of order, an opinion not followed without a reason, a finished review without its outcome."""
    values = record.values
    return (*_day_problems(values, today), *_outcome_problems(values))


def _day_problems(values: Values, today: str) -> Iterator[Problem]:
    received, due, finished, launch = (
        str(values.get(key) or "") for key in ("received_on", "due_on", "finished_on", "launch_on")
    )
    if received > today:
        yield Problem("received_on", f"收件日 {received} 还没有到，请核对")
    if due and received and due < received:
        yield Problem("due_on", f"要求完成日 {due} 早于收件日 {received}，请核对")
    if finished > today:
        yield Problem("finished_on", f"完成日 {finished} 还没有到，没有完成请留空")
    elif finished and received and finished < received:
        yield Problem("finished_on", f"完成日 {finished} 早于收件日 {received}，请核对")
    elif finished and launch and launch < finished:
        yield Problem("launch_on", f"拟上线日 {launch} 早于审查完成日 {finished}：审查应在上线前完成", blocking=False)


def _outcome_problems(values: Values) -> Iterator[Problem]:
    adopted = values.get("adopted")
    if adopted and adopted != ADOPTED and is_empty(values.get("not_adopted_why")):
        yield Problem("not_adopted_why", "意见没有全部采纳，请写明原因")
    if values.get("finished_on") and is_empty(values.get("conclusion")):
        yield Problem("conclusion", "已经完成，请选结论", blocking=False)
    if values.get("finished_on") and is_empty(values.get("opinion")):
        yield Problem("opinion", "已经完成，请写审查意见；没有意见就写“无意见”", blocking=False)


LEDGER = Ledger(
    key="review",
    label="消保审查",
    prefix="SC",
    unit="件",
    icon="file-check",
    create_action="登记审查",
    group=RULES_AND_MEETINGS,
    fields=(*_MATTER, *_OPINION, *_STATE, *_OTHER, _SENSITIVE),
    sections=(
        Section("送审", tuple(item.key for item in _MATTER)),
        Section("送审文字", ("checked_text", "sensitive")),
        Section("审查", tuple(item.key for item in _OPINION)),
        Section("备注", ("remark",)),
    ),
    columns=(
        Column("received_on", 8),
        Column("title", 18, stretch=True),
        Column("kind", 8),
        Column("department", 10),
        Column("state", 7),
        Column("due_on", 8),
        Column("conclusion", 10),
        Column("adopted", 8, shown=False),
        Column("finished_on", 8, shown=False),
        Column("reviewer", 7, shown=False),
        Column("contact", 7, shown=False),
        Column("launch_on", 8, shown=False),
        Column("sensitive", 18, shown=False),
        Column("opinion", 24, shown=False),
        Column("not_adopted_why", 20, shown=False),
    ),
    title=("title",),
    filters=("received_on", "kind", "state", "conclusion", "adopted", "sensitive", "department"),
    sort=(("received_on", True), ("number", True)),
    dated_by="received_on",
    complete=complete,
    checks=check,
    not_copied=(
        "received_on",
        "due_on",
        "launch_on",
        *(item.key for item in _OPINION),
        "state",
        "checked_text",
        "sensitive",
        "remark",
    ),
    evidence=(
        Evidence("material", "送审材料", wanted=False),
        Evidence("opinion", "审查意见书", wanted=False),
        Evidence("answer", "采纳反馈", wanted=False),
    ),
    print_title="消保审查台账",
    printed=(
        PrintColumn("number", 24, "编号"),
        PrintColumn("received_on", 19),
        PrintColumn("title", 38),
        PrintColumn("kind", 16),
        PrintColumn("department", 20),
        PrintColumn("opinion", 50),
        PrintColumn("finished_on", 19),
        PrintColumn("conclusion", 18),
        PrintColumn("adopted", 15),
        PrintColumn("not_adopted_why", 28),
    ),
    ignored_headers={"序号": "行号", "状态": "由完成日得出"},
)
