"""制度: the bank's own rules on consumer protection and those it has to follow, each version a record of its own.

PBOC order 5 of 2020, article 8, names the internal systems that a bank has to hold; they are the categories here. One
policy may serve several of them. Whether it is in force depends on the day that is asked for (:func:`standing`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum

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
from xiaobao_desktop.domain.groups import RULES_AND_MEETINGS
from xiaobao_desktop.domain.rules import Rules

ORDER = 40

CURRENT, REPEALED = "current", "repealed"
"""What is kept as the state: a day of repeal is on record or not. What holds on a day tells :func:`standing`."""

EXTERNAL = "external"
"""The level of rules that others made: they are followed here, and no system of the bank's own."""

CATEGORIES = "policy_category"
"""Name of the choice list of categories; entries with ``wanted`` are those a bank has to have."""

REVISED, WITHDRAWN = "revised", "repealed"
"""Changes: a new version of what there was, and one that asks for a day of repeal."""
_CHAIN_LIMIT = 100
"""No policy was replaced more often."""


class Standing(Enum):
    """How a policy stands on a day; the values are Chinese as shown."""

    TO_COME = "待生效"
    IN_FORCE = "有效"
    REVIEW_DUE = "已到评估期"
    REPEALED = "已废止"


_PAPER = (
    Field(
        "name",
        "制度名称",
        Kind.TEXT,
        Grade.TO_SAVE,
        span=2,
        hint="如 消费者投诉处理管理办法",
        synonyms=("名称", "文件名称", "制度", "办法名称", "文件标题", "制度文件名称"),
    ),
    Field(
        "document_number",
        "文号",
        Kind.TEXT,
        Grade.TO_FILE,
        hint="如 某银发〔2026〕12号",
        synonyms=("发文字号", "发文号", "文件号", "制度文号", "文件编号"),
    ),
    Field(
        "level",
        "层级",
        Kind.CHOICE,
        Grade.TO_FILE,
        options="policy_level",
        default="own",
        synonyms=("制度层级", "级别", "效力层级", "发文层级"),
    ),
    Field(
        "categories",
        "类别",
        Kind.CHOICES,
        Grade.TO_FILE,
        options=CATEGORIES,
        span=2,
        help="人民银行 5 号令第 8 条要求建立的十类；一项制度管几类就选几类",
        synonyms=("制度类别", "类型", "制度类型", "制度分类"),
    ),
    Field(
        "change",
        "制定、修订或废止",
        Kind.CHOICE,
        Grade.TO_FILE,
        options="policy_change",
        default="made",
        synonyms=("制定修订废止", "制定/修订/废止", "制修废", "修订情况", "变动", "性质"),
    ),
    Field("version", "版本", Kind.TEXT, hint="如 2026年版", synonyms=("版次", "版本号")),
    Field(
        "replaces",
        "替代的旧制度",
        Kind.LINK,
        options="policy",
        span=2,
        synonyms=("替代", "代替", "取代制度", "原制度"),
        help="保存时旧制度记为这一项生效之日废止；不是那一天的，在旧制度那一条里改",
    ),
)
_DAYS = (
    Field("issued_on", "印发日期", Kind.DATE, Grade.TO_FILE, synonyms=("发文日期", "发布日期", "印发时间", "发文时间")),
    Field("in_force_on", "生效日期", Kind.DATE, Grade.TO_FILE, synonyms=("生效", "施行日期", "实施日期", "执行日期")),
    Field("repealed_on", "废止日期", Kind.DATE, synonyms=("废止", "失效日期", "废止时间")),
    Field("reviewed_on", "上次评估日", Kind.DATE, synonyms=("上次评估日期", "评估日期", "上次评估", "后评估日期")),
    Field(
        "review_due_on",
        "下次评估日",
        Kind.DATE,
        synonyms=("下次评估日期", "下次评估", "应评估日期", "计划修订日期", "下次修订日期"),
        help="到这一天，工作台会提醒评估这项制度",
    ),
)
_OWNER = (
    Field(
        "approved_by",
        "审批机构",
        Kind.TEXT,
        Grade.TO_FILE,
        hint="如 董事会",
        synonyms=("审批", "审议机构", "批准机构", "审批层级", "审议层级"),
    ),
    Field(
        "department",
        "主责部门",
        Kind.TEXT,
        Grade.TO_FILE,
        hint="如 消费者权益保护部",
        synonyms=("责任部门", "牵头部门", "归口部门", "制定部门", "主办部门"),
    ),
)
_STATE = (
    Field("state", "状态", Kind.CHOICE, options="policy_state", derived=True, entered=False),
    Field("dated_on", "日期", Kind.DATE, derived=True, entered=False),
)
_OTHER = (
    Field("summary", "主要内容", Kind.LONG_TEXT, span=4, synonyms=("内容", "内容摘要", "修订内容", "主要条款")),
    Field("remark", "备注", Kind.LONG_TEXT, span=4, synonyms=("说明",)),
)


def begins_on(values: Values) -> str:
    """The ISO day from which a policy holds: 生效日期, else 印发日期, "" when neither is known."""
    return str(values.get("in_force_on") or values.get("issued_on") or "")


def standing(values: Values, day: str) -> Standing:
    """How a policy stands on a day.

    Args:
        values: of the record; ``in_force_on`` (else ``issued_on``), ``repealed_on`` and ``review_due_on`` count. A
            policy with neither first day counts as in force; the day of repeal is the first on which it is not.
        day: ISO date.
    """
    begins = begins_on(values)
    ends, review = str(values.get("repealed_on") or ""), str(values.get("review_due_on") or "")
    if ends and ends <= day:
        return Standing.REPEALED
    if begins > day:
        return Standing.TO_COME
    return Standing.REVIEW_DUE if review and review <= day else Standing.IN_FORCE


def in_force(values: Values, day: str) -> bool:
    """Whether a policy holds on a day, be its review due or not."""
    return standing(values, day) in (Standing.IN_FORCE, Standing.REVIEW_DUE)


def uncovered(policies: Iterable[Values], day: str, rules: Rules) -> tuple[str, ...]:
    """Names of the wanted categories (order 5, article 8) that no policy of the bank serves on a day, in list order.

    Args:
        policies: values of all records; rules that others made do not count as systems of the bank's own.
        day: ISO date.
        rules: gives the list of categories; those the bank has put out of use are not missed.
    """
    served = {
        category
        for values in policies
        if values.get("level") != EXTERNAL and in_force(values, day)
        for category in _several(values.get("categories"))
    }
    wanted = rules.catalog.list(CATEGORIES).items
    return tuple(item.name for item in wanted if item.active and item.extra.get("wanted") and item.id not in served)


def _several(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def complete(_before: Record | None, entered: Record, _rules: Rules) -> Record:
    """The record with its state, and the day it stands under: issued on, else in force on."""
    values: dict[str, Value] = dict(entered.values)
    values["state"] = REPEALED if values.get("repealed_on") else CURRENT
    values["dated_on"] = values.get("issued_on") or values.get("in_force_on") or values.get("dated_on")
    return Record(values, entered.children, entered.id, entered.number, entered.deleted)


def check(record: Record, today: str, rules: Rules) -> tuple[Problem, ...]:
    """Days out of order, a replacement that leads back to the record itself, and what looks odd."""
    values = record.values
    return (*_day_problems(values, today), *_replacement_problems(record, rules))


def _day_problems(values: Values, today: str) -> Iterator[Problem]:
    issued, begins, ends, reviewed, due = (str(values.get(item.key) or "") for item in _DAYS)
    if begins and ends and ends < begins:
        yield Problem("repealed_on", f"废止日期 {ends} 早于生效日期 {begins}，请核对")
    elif issued and ends and ends < issued:
        yield Problem("repealed_on", f"废止日期 {ends} 早于印发日期 {issued}，请核对")
    if issued and begins and begins < issued:
        yield Problem("in_force_on", f"生效日期 {begins} 早于印发日期 {issued}，请核对", blocking=False)
    if ends > today:
        yield Problem("repealed_on", f"废止日期 {ends} 还没有到，在那以前仍按有效算", blocking=False)
    if reviewed > today:
        yield Problem("reviewed_on", f"上次评估日 {reviewed} 还没有到，没有评估请留空")
    if reviewed and due and due <= reviewed:
        yield Problem("review_due_on", f"下次评估日 {due} 应晚于上次评估日 {reviewed}")
    if values.get("change") == WITHDRAWN and not ends:
        yield Problem("repealed_on", "选了“废止”，请填写废止日期", blocking=False)


def _replacement_problems(record: Record, rules: Rules) -> Iterator[Problem]:
    """A chain of replaced policies must end: it may not come back to the record."""
    old = record.values.get("replaces")
    if not isinstance(old, int):
        return
    if old == record.id:
        yield Problem("replaces", "一项制度不能替代它自己，请另选旧制度或留空")
        return
    names = []
    if not begins_on(record.values) and not rules.link_values(LEDGER.key, old).get("repealed_on"):
        name = rules.link_name(LEDGER.key, old)
        yield Problem("replaces", f"《{name}》还没有废止日期，填上这一项的生效日期它就有了", blocking=False)
    for _step in range(_CHAIN_LIMIT):
        names.append(rules.link_name(LEDGER.key, old) or f"#{old}")
        following = rules.link_values(LEDGER.key, old).get("replaces")
        if following == record.id and record.id is not None:
            chain = "、".join(f"《{name}》" for name in names)
            yield Problem("replaces", f"替代关系绕成了圈：{chain}又替代了这一项。请在其中一项里改掉“替代的旧制度”")
            return
        if not isinstance(following, int):
            return
        old = following


LEDGER = Ledger(
    key="policy",
    label="制度",
    prefix="ZD",
    unit="项",
    icon="book-text",
    create_action="登记制度",
    group=RULES_AND_MEETINGS,
    fields=(*_PAPER, *_DAYS, *_OWNER, *_STATE, *_OTHER),
    sections=(
        Section("制度", tuple(item.key for item in _PAPER)),
        Section("日期", ("issued_on", "in_force_on", "repealed_on")),
        Section("审批和评估", (*(item.key for item in _OWNER), "reviewed_on", "review_due_on")),
        Section("内容", tuple(item.key for item in _OTHER)),
    ),
    columns=(
        Column("name", 20, stretch=True),
        Column("state", 8),
        Column("categories", 14),
        Column("level", 7),
        Column("in_force_on", 9),
        Column("review_due_on", 9),
        Column("document_number", 13, shown=False),
        Column("department", 10, shown=False),
        Column("change", 8, shown=False),
        Column("version", 8, shown=False),
        Column("approved_by", 10, shown=False),
        Column("issued_on", 9, shown=False),
        Column("repealed_on", 9, shown=False),
        Column("reviewed_on", 9, shown=False),
        Column("replaces", 16, shown=False),
        Column("summary", 24, shown=False),
    ),
    title=("name", "version"),
    filters=("categories", "level", "state", "change", "in_force_on", "review_due_on"),
    sort=(("in_force_on", True), ("number", True)),
    dated_by="dated_on",
    complete=complete,
    checks=check,
    not_copied=(
        "document_number",
        "version",
        "replaces",
        *(item.key for item in _DAYS),
        "state",
        "dated_on",
        "remark",
    ),
    evidence=(
        Evidence("text", "制度文本"),
        Evidence("approval", "审批件", wanted=False),
        Evidence("evaluation", "评估记录", wanted=False),
    ),
    print_title="制度台账",
    printed=(
        PrintColumn("number", 24, "编号"),
        PrintColumn("name", 44),
        PrintColumn("document_number", 30),
        PrintColumn("level", 12),
        PrintColumn("categories", 28),
        PrintColumn("change", 13, "制定\n修订废止"),
        PrintColumn("in_force_on", 19),
        PrintColumn("repealed_on", 19),
        PrintColumn("review_due_on", 19),
        PrintColumn("approved_by", 18),
        PrintColumn("department", 18),
    ),
    ignored_headers={"序号": "行号", "状态": "由生效、废止日期得出", "是否有效": "由生效、废止日期得出"},
)
