"""自查: inspections by checklist (双查, the elements of the supervisory evaluation, outlets, 双录, drills).

An inspection that is begun with a checklist takes over its items; each gets a verdict with evidence, and what is
faulty becomes a rectification. Progress, findings and score follow from the items. An inspection of which only the
result is known (an old row) has no items; its numbers are then as entered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from xiaobao_desktop.domain.checklist import Checklist
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
from xiaobao_desktop.domain.groups import INSPECTION_AND_RECTIFICATION
from xiaobao_desktop.domain.inspection import FAULTY, numbers, progress, score
from xiaobao_desktop.domain.numbers import round_half_up
from xiaobao_desktop.domain.rules import Rules

ORDER = 60

NOT_STARTED, RUNNING, DONE = "not_started", "running", "done"
"""States of an inspection."""
_NAMED = 3
"""So many items are named in a sentence; the others are counted."""
VERDICT_LIST = "inspection_verdict"
"""The choice list of verdicts; its entries say what each is worth (``worth``)."""

_RUN = (
    Field(
        "begun_on",
        "开始日期",
        Kind.DATE,
        Grade.TO_SAVE,
        synonyms=("检查日期", "自查日期", "检查时间", "自查时间", "日期", "演练日期"),
    ),
    Field("finished_on", "完成日期", Kind.DATE, synonyms=("检查完成日期", "自查完成日期", "结束日期", "完成时间")),
    Field(
        "checklist",
        "检查表",
        Kind.CHOICE,
        Grade.TO_FILE,
        options="checklist",
        span=2,
        help="按它逐项检查；只登记结果的旧记录可以不选",
        synonyms=("检查类型", "检查类别", "自查类型", "检查项目"),
    ),
    Field(
        "name",
        "检查名称",
        Kind.TEXT,
        Grade.TO_FILE,
        span=2,
        derived=True,
        help="不填就用年份和检查表的名称",
        synonyms=("名称", "自查名称", "检查事项", "自查内容", "检查内容"),
    ),
    Field(
        "basis", "依据文号", Kind.TEXT, span=2, hint="如 某金监办发〔2026〕18号", synonyms=("文号", "依据", "检查依据")
    ),
    Field("period", "检查期间", Kind.TEXT, hint="如 2026年度", synonyms=("自查期间", "检查区间", "检查范围期间")),
    Field(
        "branch",
        "被查机构",
        Kind.LINK,
        options="branch",
        help="不选就是全行",
        synonyms=("网点", "被查网点", "检查网点", "被检查机构", "机构"),
    ),
    Field("places", "抽查网点", Kind.TEXT, span=2, hint="如 营业部、城关支行", synonyms=("检查范围", "抽查机构")),
    Field("subject", "抽查产品", Kind.TEXT, synonyms=("产品", "产品名称", "业务品种")),
)
_PEOPLE = (
    Field("leader", "组长", Kind.TEXT, privacy=Privacy.C1, hint="如 王建国（分管行长）", synonyms=("检查组长",)),
    Field("deputy", "副组长", Kind.TEXT, privacy=Privacy.C1, hint="如 沈国平（部门经理）"),
    Field(
        "members",
        "组员",
        Kind.TEXT,
        privacy=Privacy.C1,
        span=2,
        hint="用顿号隔开",
        synonyms=("检查人", "检查人员", "自查人", "参加人", "参加人员", "检查组成员"),
    ),
)
_RESULT = (
    Field("sampled", "抽查笔数", Kind.INTEGER, minimum=0, derived=True, synonyms=("抽查数", "抽查份数")),
    Field("failed", "不合格笔数", Kind.INTEGER, minimum=0, derived=True, synonyms=("不合格", "不合格数", "问题笔数")),
    Field("findings", "问题数", Kind.INTEGER, minimum=0, derived=True, synonyms=("发现问题数", "问题个数")),
    Field("score", "得分", Kind.DECIMAL, minimum=0, derived=True, synonyms=("自评得分", "检查得分", "总分")),
    Field(
        "problems",
        "发现的问题",
        Kind.LONG_TEXT,
        span=4,
        help="有检查项的，问题写在各项里",
        synonyms=("问题", "存在问题", "发现问题", "检查发现"),
    ),
    Field("conclusion", "检查结论", Kind.LONG_TEXT, span=4, synonyms=("结论", "检查结果", "自查结论", "自查情况")),
    Field("remark", "备注", Kind.LONG_TEXT, span=4, synonyms=("说明",)),
)
_STATE = (
    Field("state", "状态", Kind.CHOICE, options="inspection_state", derived=True, entered=False),
    Field("total", "检查项", Kind.INTEGER, derived=True, entered=False),
    Field("checked", "已查", Kind.INTEGER, derived=True, entered=False),
    Field("version", "检查表版本", Kind.INTEGER, derived=True, entered=False),
    Field("taken_from", "检查项取自", Kind.CHOICE, options="checklist", derived=True, entered=False),
)

ITEMS = ChildTable(
    key="items",
    label="检查项",
    fields=(
        Field("item", "编码", Kind.TEXT, Grade.TO_SAVE),
        Field("section", "部分", Kind.TEXT),
        Field("title", "检查项", Kind.TEXT),
        Field("text", "要求", Kind.LONG_TEXT),
        Field("weight", "权重", Kind.DECIMAL, minimum=0),
        Field("verdict", "结论", Kind.CHOICE, options=VERDICT_LIST),
        Field("evidence", "证据", Kind.LONG_TEXT),
        Field("finding", "发现的问题", Kind.LONG_TEXT),
        Field("sampled", "抽查笔数", Kind.INTEGER, minimum=0),
        Field("failed", "不合格笔数", Kind.INTEGER, minimum=0),
        Field("rectification", "整改", Kind.LINK, options="rectification"),
    ),
)


def item_rows(checklist: Checklist) -> tuple[Values, ...]:
    """The rows with which a run of a checklist begins."""
    return tuple(
        {
            "item": item.key,
            "section": item.section,
            "title": item.title,
            "text": item.text or None,
            "weight": item.weight,
        }
        for item in checklist.items
    )


def complete(_before: Record | None, entered: Record, rules: Rules) -> Record:
    """The record with its items, where it is begun with a checklist, and what follows from them."""
    values: dict[str, Value] = dict(entered.values)
    rows = tuple(entered.children.get(ITEMS.key, ()))
    chosen = str(values.get("checklist") or "")
    if not str(values.get("name") or "").strip() and chosen:
        year = str(values.get("begun_on") or "")[:4]
        values["name"] = f"{year}年{rules.catalog.list('checklist').label(chosen)}"
    checklist = rules.checklist(chosen) if _takes_items(values, rows) else None
    if checklist is not None:
        rows = item_rows(checklist)
        values.update(version=checklist.version, taken_from=chosen)
    elif rows and not chosen and not progress(rows).checked:
        rows = ()
        values.update(version=None, taken_from=None)
    values.update(_followed(values, rows, rules))
    children = {**entered.children, ITEMS.key: rows} if rows or entered.children.get(ITEMS.key) else entered.children
    return Record(values, children, entered.id, entered.number, entered.deleted)


def _takes_items(values: Values, rows: Sequence[Values]) -> bool:
    """Whether the items are to be taken from the checklist now: another one was chosen, and nothing is known yet."""
    known = any(not is_empty(values.get(key)) for key in ("finished_on", "problems", "conclusion", "findings"))
    if rows:
        return values.get("checklist") != values.get("taken_from") and not progress(rows).checked
    return not known


def _followed(values: Values, rows: Sequence[Values], rules: Rules) -> dict[str, Value]:
    """What follows from the items, and the state."""
    ended = bool(values.get("finished_on"))
    if not rows:
        return {"state": DONE if ended else NOT_STARTED, "total": None, "checked": None}
    told = progress(rows)
    drawn = [row for row in rows if isinstance(row.get("sampled"), int)]
    points = None if told.left else score(rows, worth(rules))
    return {
        "state": DONE if ended else RUNNING if told.checked else NOT_STARTED,
        "total": told.total,
        "checked": told.checked,
        "findings": told.faulty if told.checked else None,
        "score": None if points is None else int(round_half_up(points * 10_000, 0)),
        "sampled": sum(_number(row, "sampled") for row in drawn) if drawn else None,
        "failed": sum(_number(row, "failed") for row in drawn) if drawn else None,
    }


def worth(rules: Rules) -> dict[str, Fraction]:
    """What each verdict is worth, as the choice list says; those that take an item out of the score are left out."""
    items = rules.catalog.list(VERDICT_LIST).items
    return {item.id: Fraction(item.extra["worth"]) for item in items if item.extra.get("worth")}


def check(record: Record, today: str, _rules: Rules) -> tuple[Problem, ...]:
    """Days that cannot be, another checklist for a run under way, an end with items that are not settled."""
    values = record.values
    rows = tuple(record.children.get(ITEMS.key, ()))
    return (*_value_problems(values, today), *_item_problems(values, rows))


def _value_problems(values: Values, today: str) -> list[Problem]:
    begun, finished = str(values.get("begun_on") or ""), str(values.get("finished_on") or "")
    problems = []
    if is_empty(values.get("name")):
        problems.append(Problem("name", "请填写检查名称，或选一张检查表"))
    if finished > today:
        problems.append(Problem("finished_on", f"完成日期 {finished} 还没有到，没有查完请留空"))
    if begun and finished and finished < begun:
        problems.append(Problem("finished_on", f"完成日期 {finished} 早于开始日期 {begun}，请核对"))
    sampled, failed = values.get("sampled"), values.get("failed")
    if isinstance(sampled, int) and isinstance(failed, int) and failed > sampled:
        problems.append(Problem("failed", f"不合格 {failed} 笔多于抽查 {sampled} 笔，请核对"))
    return problems


def _item_problems(values: Values, rows: Sequence[Values]) -> list[Problem]:
    told, names = progress(rows), numbers(rows)
    problems = []
    if told.checked and values.get("checklist") != values.get("taken_from"):
        message = f"已经查了 {told.checked} 项，不能换检查表。要按另一张表查，请另外开始一次自查"
        problems.append(Problem("checklist", message))
    over = [row for row in rows if _number(row, "failed") > _number(row, "sampled")]
    if over:
        problems.append(Problem(ITEMS.key, f"{_named(over, names)}：不合格笔数多于抽查笔数，请核对"))
    if values.get("finished_on"):
        untold = [row for row in rows if row.get("verdict") in FAULTY and is_empty(row.get("finding"))]
        if untold:
            problems.append(Problem(ITEMS.key, f"{_named(untold, names)}还没有写发现的问题，写好再完成"))
        left = [row for row in rows if not row.get("verdict")]
        if left:
            problems.append(Problem("finished_on", f"还有 {len(left)} 项没有查（{_named(left, names)}），查完再完成"))
    return problems


def _named(rows: Sequence[Values], names: Mapping[str, str]) -> str:
    """The first of these items by number and title, the others counted."""
    shown = "、".join(f"{names[str(row.get('item'))]} {row.get('title')}" for row in rows[:_NAMED])
    return shown if len(rows) <= _NAMED else f"{shown}等 {len(rows)} 项"


def _number(row: Values, key: str) -> int:
    value = row.get(key)
    return value if isinstance(value, int) else 0


def _how_far(values: Values) -> str:
    """已查 of all items, as printed."""
    total = values.get("total")
    return f"{values.get('checked') or 0}/{total}" if total else ""


LEDGER = Ledger(
    key="inspection",
    label="自查",
    prefix="ZC",
    unit="次",
    icon="clipboard-check",
    create_action="开始自查",
    group=INSPECTION_AND_RECTIFICATION,
    fields=(*_RUN, *_PEOPLE, *_RESULT, *_STATE),
    sections=(
        Section("检查", ("begun_on", "checklist", "name")),
        Section("范围和依据", ("branch", "places", "subject", "period", "basis")),
        Section("检查组", tuple(item.key for item in _PEOPLE)),
        Section("结果", ("finished_on", *(item.key for item in _RESULT)), "选了检查表的，数字和得分由检查项得出"),
    ),
    columns=(
        Column("begun_on", 8),
        Column("name", 18, stretch=True),
        Column("state", 7),
        Column("checked", 6),
        Column("findings", 6),
        Column("score", 6),
        Column("branch", 10),
        Column("finished_on", 8, shown=False),
        Column("total", 6, shown=False),
        Column("checklist", 14, shown=False),
        Column("basis", 14, shown=False),
        Column("period", 10, shown=False),
        Column("leader", 10, shown=False),
        Column("members", 14, shown=False),
        Column("sampled", 8, shown=False),
        Column("failed", 9, shown=False),
        Column("subject", 12, shown=False),
        Column("conclusion", 24, shown=False),
    ),
    title=("name",),
    filters=("begun_on", "state", "checklist", "branch", "finished_on"),
    sort=(("begun_on", True), ("number", True)),
    children=(ITEMS,),
    dated_by="begun_on",
    branch_by="branch",
    complete=complete,
    checks=check,
    not_copied=("finished_on", "problems", "conclusion", "remark", "basis"),
    evidence=(
        Evidence("proof", "检查佐证", wanted=False),
        Evidence("photo", "照片", captions=True, wanted=False),
        Evidence("notice", "检查通知", wanted=False),
    ),
    print_title="自查台账",
    printed=(
        PrintColumn("number", 22, "编号"),
        PrintColumn("begun_on", 20, "日期"),
        PrintColumn("name", 46),
        PrintColumn("branch", 26),
        PrintColumn("leader", 24),
        PrintColumn("checked", 14, "已查/\n全部", _how_far, ("checked", "total")),
        PrintColumn("findings", 12, "问题\n(项)"),
        PrintColumn("score", 12),
        PrintColumn("conclusion", 60),
        PrintColumn("state", 16),
    ),
    ignored_headers={"序号": "行号", "状态": "由完成日期和检查项得出"},
)
