"""报送: what the bank owes to whom and when, and what was sent: one record for each version of each report.

PBOC order 5 of 2020 (art. 36, 38, 56) and the regulators' local rules ask for reports at fixed dates; the columns are
those that such a register needs. A report filed in the program (定稿) is a record here with the very bytes that went
out; papers written elsewhere are registered by hand.
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
    Privacy,
    Problem,
    Record,
    Section,
    Value,
)
from xiaobao_desktop.domain.groups import FILING_AND_PLAN
from xiaobao_desktop.domain.period import parse_period
from xiaobao_desktop.domain.rules import Rules
from xiaobao_desktop.errors import UnknownPeriod

ORDER = 75

PENDING, FILED, REPLACED = "pending", "filed", "replaced"
"""States: still due, sent, sent and since replaced by a corrected version."""

COPY, BASIS = "copy", "basis"
"""Kinds of attachments that the program puts in: the filed bytes, and the figures with the records behind them."""

_PAPER = (
    Field(
        "title",
        "报告名称",
        Kind.TEXT,
        Grade.TO_SAVE,
        span=2,
        hint="如 2026年10月消保工作月报",
        synonyms=("名称", "报表名称", "材料名称", "报送事项", "报送内容"),
    ),
    Field(
        "report", "报告种类", Kind.CHOICE, Grade.TO_FILE, options="filing_report", synonyms=("种类", "报表种类", "类别")
    ),
    Field("period", "期间", Kind.TEXT, hint="如 2026-10、2026Q3、2026", synonyms=("所属期间", "报告期", "报告期间")),
    Field("subject", "对象", Kind.TEXT, entered=False),
    Field("cycle", "周期", Kind.CHOICE, options="filing_cycle", synonyms=("报送周期", "频率", "报送频率")),
    Field("version", "版本", Kind.INTEGER, default=1, minimum=1, synonyms=("版次",)),
)
_SENDING = (
    Field(
        "addressee",
        "主送",
        Kind.TEXT,
        Grade.TO_FILE,
        span=2,
        hint="如 国家金融监督管理总局某某监管分局",
        synonyms=("主送机关", "报送对象", "报送机构", "接收单位", "报送单位"),
    ),
    Field("due_on", "应报日", Kind.DATE, synonyms=("应报日期", "报送期限", "截止日期", "到期日")),
    Field("filed_on", "实报日", Kind.DATE, synonyms=("实报日期", "报送日期", "上报日期", "报出日期")),
    Field("document_number", "文号", Kind.TEXT, hint="如 某银消保〔2026〕1号", synonyms=("发文字号", "发文号")),
    Field("way", "报送方式", Kind.CHOICE, options="filing_way", synonyms=("方式", "报送途径", "报送渠道", "报送形式")),
    Field("sender", "经办人", Kind.PERSON_NAME, privacy=Privacy.C1, synonyms=("报送人", "经办")),
)
_STATE = (
    Field("state", "状态", Kind.CHOICE, options="filing_state", derived=True, entered=False),
    Field("replaced", "已被更正", Kind.YES_NO, entered=False),
    Field("obligation", "报送事项", Kind.TEXT, entered=False),
    Field("dated_on", "日期", Kind.DATE, derived=True, entered=False),
)
_OTHER = (Field("remark", "备注", Kind.LONG_TEXT, span=4, synonyms=("说明",)),)


def complete(_before: Record | None, entered: Record, _rules: Rules) -> Record:
    """The record with its state, and the day it stands under: sent on, else due on."""
    values: dict[str, Value] = dict(entered.values)
    values["state"] = REPLACED if values.get("replaced") else FILED if values.get("filed_on") else PENDING
    values["dated_on"] = values.get("filed_on") or values.get("due_on") or values.get("dated_on")
    return Record(values, entered.children, entered.id, entered.number, entered.deleted)


def check(record: Record, today: str, _rules: Rules) -> tuple[Problem, ...]:
    """A period that is none, and days that look odd."""
    values = record.values
    problems = []
    if values.get("period"):
        try:
            parse_period(str(values["period"]))
        except UnknownPeriod:
            message = "期间请写成 2026-10（月）、2026Q3（季）、2026H1（半年）或 2026（年）"
            problems.append(Problem("period", message))
    filed, due = str(values.get("filed_on") or ""), str(values.get("due_on") or "")
    if filed > today:
        problems.append(Problem("filed_on", f"实报日 {filed} 还没有到，没有报出请留空"))
    if filed and due and filed > due:
        problems.append(Problem("filed_on", f"实报日 {filed} 晚于应报日 {due}，请核对", blocking=False))
    return tuple(problems)


LEDGER = Ledger(
    key="filing",
    label="报送",
    prefix="BS",
    unit="件",
    icon="send",
    create_action="登记报送",
    group=FILING_AND_PLAN,
    fields=(*_PAPER, *_SENDING, *_STATE, *_OTHER),
    sections=(
        Section("报告", tuple(item.key for item in _PAPER if item.entered)),
        Section("报送", tuple(item.key for item in _SENDING)),
        Section("备注", tuple(item.key for item in _OTHER)),
    ),
    columns=(
        Column("title", 20, stretch=True),
        Column("state", 6),
        Column("version", 4),
        Column("addressee", 12),
        Column("due_on", 8),
        Column("filed_on", 8),
        Column("document_number", 12),
        Column("report", 12, shown=False),
        Column("period", 8, shown=False),
        Column("cycle", 6, shown=False),
        Column("way", 8, shown=False),
        Column("sender", 6, shown=False),
    ),
    title=("title",),
    filters=("dated_on", "state", "report", "cycle", "addressee", "due_on", "filed_on"),
    sort=(("dated_on", True), ("number", True)),
    dated_by="dated_on",
    complete=complete,
    checks=check,
    not_copied=(
        "subject",
        "version",
        "document_number",
        "due_on",
        "filed_on",
        "replaced",
        "obligation",
        "state",
        "dated_on",
    ),
    evidence=(
        Evidence(COPY, "定稿文件", wanted=False, made=True),
        Evidence(BASIS, "数字底稿", wanted=False, made=True),
        Evidence("receipt", "报送回执", wanted=False),
    ),
    print_title="信息披露和报送台账",
    printed=(
        PrintColumn("number", 22, "编号"),
        PrintColumn("title", 56),
        PrintColumn("addressee", 48),
        PrintColumn("cycle", 14),
        PrintColumn("due_on", 20),
        PrintColumn("filed_on", 20),
        PrintColumn("document_number", 40),
        PrintColumn("version", 12),
        PrintColumn("state", 16),
    ),
    ignored_headers={"序号": "行号", "状态": "由实报日得出"},
)
