"""宣传教育: what the bank does to educate the public, with the counters that real reports give."""

from __future__ import annotations

from xiaobao_desktop.domain.activity import OF_ONE_DAY, span_fields, span_problems
from xiaobao_desktop.domain.catalog import Choice
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
    Values,
)
from xiaobao_desktop.domain.rules import Rules

ORDER = 30

_EVENT = (
    *span_fields("活动", "宣传", day="2026.10.15", begins="9:00", ends="11:30"),
    Field(
        "name",
        "活动名称",
        Kind.TEXT,
        Grade.TO_SAVE,
        span=2,
        hint="如 “金融知识进农村”集中宣传活动",
        synonyms=("名称", "活动", "宣传活动名称", "活动主题"),
    ),
    Field(
        "campaign",
        "专项活动",
        Kind.CHOICE,
        Grade.TO_FILE,
        options="campaign",
        span=2,
        synonyms=("所属专项", "专项", "活动专项", "所属专项活动"),
    ),
    Field(
        "topic",
        "宣传主题",
        Kind.TEXT,
        span=2,
        hint="如 防范电信网络诈骗、存款保险",
        synonyms=("主题", "宣传内容主题", "宣传要点"),
    ),
    Field("forms", "活动形式", Kind.CHOICES, Grade.TO_FILE, options="outreach_form", synonyms=("形式", "宣传形式")),
    Field(
        "venues",
        "进入场所",
        Kind.CHOICES,
        options="outreach_venue",
        synonyms=("场所", "五进入", "场所类型", "进入区域"),
    ),
    Field("place", "地点", Kind.TEXT, span=2, synonyms=("活动地点", "宣传地点")),
    Field(
        "branch",
        "组织网点",
        Kind.LINK,
        Grade.TO_FILE,
        options="branch",
        synonyms=("组织机构", "网点", "机构", "填报机构", "承办网点", "支行", "组织单位", "承办机构"),
    ),
    Field("groups", "重点人群", Kind.CHOICES, options="outreach_group", synonyms=("人群", "特殊群体", "宣传对象")),
)
_COUNTERS = (
    Field("sessions", "场次", Kind.INTEGER, Grade.TO_FILE, minimum=0, default=1, synonyms=("活动场次", "活动次数")),
    Field(
        "staff_count",
        "参与员工",
        Kind.INTEGER,
        Grade.TO_FILE,
        minimum=0,
        hint="人次",
        synonyms=("参与员工人次", "参与员工数", "参加员工", "员工人数"),
    ),
    Field(
        "audience_count",
        "受众人次",
        Kind.INTEGER,
        Grade.TO_FILE,
        minimum=0,
        synonyms=("受众", "受众人数", "覆盖人次", "触达人次", "参与群众", "受益人数"),
    ),
    Field(
        "materials",
        "发放资料",
        Kind.INTEGER,
        minimum=0,
        hint="份",
        synonyms=("资料份数", "发放资料份数", "发放宣传资料", "宣传资料", "发放折页"),
    ),
    Field("questions", "解答咨询", Kind.INTEGER, minimum=0, hint="人次", synonyms=("咨询数", "咨询人次", "现场咨询")),
    Field("teams", "宣传小分队", Kind.INTEGER, minimum=0, hint="个", synonyms=("小分队", "宣传小分队数")),
    Field(
        "originals",
        "原创作品",
        Kind.INTEGER,
        minimum=0,
        hint="篇",
        synonyms=("原创篇数", "线上作品", "线上篇数", "原创"),
    ),
    Field("reposts", "转发素材", Kind.INTEGER, minimum=0, hint="篇", synonyms=("转发", "转发篇数", "转发数")),
    Field("clicks", "点击量", Kind.INTEGER, minimum=0, synonyms=("阅读量", "点击", "浏览量", "阅读（点击）")),
    Field("media_reports", "媒体报道", Kind.INTEGER, minimum=0, hint="篇", synonyms=("媒体报道数", "媒体报道篇数")),
    Field("cost", "投入费用", Kind.MONEY, minimum=0, synonyms=("费用", "经费", "活动费用", "投入费用元")),
    Field("person_days", "投入人天", Kind.DECIMAL, minimum=0, hint="如 2.5", synonyms=("人天", "投入人力", "人/天")),
)
_STORY = (
    Field("media_links", "媒体链接", Kind.LONG_TEXT, span=4, hint="媒体名称和网址", synonyms=("媒体名称", "链接")),
    Field("content", "活动内容", Kind.LONG_TEXT, Grade.TO_FILE, span=4, synonyms=("内容", "活动情况", "活动简介")),
    Field("highlights", "亮点与问题", Kind.LONG_TEXT, span=4, synonyms=("亮点", "活动亮点", "经验做法", "问题")),
    Field("remark", "备注", Kind.LONG_TEXT, span=4, synonyms=("说明",)),
)


def complete(_before: Record | None, entered: Record, rules: Rules) -> Record:
    """The record with the campaign of its own year: 3·15 without a year means that of the activity's year."""
    values = dict(entered.values)
    chosen = rules.catalog.list("campaign").get(str(values.get("campaign") or ""))
    year = str(values.get("held_on") or "")[:4]
    if chosen is not None and year and chosen.extra.get("year", "") not in ("", year):
        fitting = (item.id for item in _editions(rules, chosen) if item.extra["year"] == year)
        values["campaign"] = next(fitting, chosen.id)
    return Record(values, entered.children, entered.id, entered.number, entered.deleted)


def _editions(rules: Rules, campaign: Choice) -> list[Choice]:
    """The campaigns of the same series in all years, those out of use left out."""
    series = campaign.extra.get("series")
    return [
        item
        for item in rules.catalog.list("campaign").items
        if item.active and item.extra.get("series") == series and item.extra.get("year")
    ]


def check(record: Record, _today: str, rules: Rules) -> tuple[Problem, ...]:
    """Days that cannot be, and what looks odd beside the campaign."""
    values = record.values
    return (*span_problems(values), *_campaign_hints(values, rules))


def _campaign_hints(values: Values, rules: Rules) -> tuple[Problem, ...]:
    campaign = rules.catalog.list("campaign").get(str(values.get("campaign") or ""))
    held = str(values.get("held_on") or "")
    if campaign is None or not held:
        return ()
    year, first, last = (campaign.extra.get(key, "") for key in ("year", "first", "last"))
    if year and year != held[:4]:
        return (Problem("campaign", f"这是 {year} 年的专项，活动在 {held[:4]} 年，请核对", blocking=False),)
    if first and last and not first <= held <= last:
        sentence = f"专项活动从 {first} 到 {last}，这次活动不在其间，请核对"
        return (Problem("campaign", sentence, blocking=False),)
    return ()


LEDGER = Ledger(
    key="outreach",
    label="宣传教育",
    prefix="XC",
    unit="次",
    icon="megaphone",
    create_action="登记宣传活动",
    fields=(*_EVENT, *_COUNTERS, *_STORY),
    sections=(
        Section("活动", tuple(item.key for item in _EVENT)),
        Section("成效", tuple(item.key for item in _COUNTERS), "没有的可不填，填 0 表示确实没有"),
        Section("情况", tuple(item.key for item in _STORY)),
    ),
    columns=(
        Column("held_on", 8),
        Column("name", 14, stretch=True),
        Column("campaign", 9),
        Column("forms", 8),
        Column("branch", 9),
        Column("sessions", 5),
        Column("audience_count", 8),
        Column("materials", 8, shown=False),
        Column("venues", 10, shown=False),
        Column("groups", 12, shown=False),
        Column("place", 16, shown=False),
        Column("staff_count", 8, shown=False),
        Column("questions", 8, shown=False),
        Column("originals", 8, shown=False),
        Column("clicks", 8, shown=False),
        Column("media_reports", 8, shown=False),
        Column("cost", 10, shown=False),
        Column("person_days", 8, shown=False),
        Column("topic", 18, shown=False),
        Column("content", 24, shown=False),
    ),
    title=("name",),
    filters=("held_on", "campaign", "forms", "venues", "branch", "groups"),
    sort=(("held_on", True), ("number", True)),
    dated_by="held_on",
    branch_by="branch",
    complete=complete,
    checks=check,
    not_copied=(
        *OF_ONE_DAY,
        *(item.key for item in (*_COUNTERS, *_STORY)),
    ),
    evidence=(
        Evidence("photo", "照片", captions=True),
        Evidence("plan", "活动方案", wanted=False),
        Evidence("summary", "小结", wanted=False),
    ),
    print_title="宣传教育台账",
    printed=(
        PrintColumn("number", 22, "编号"),
        PrintColumn("held_on", 20, "日期"),
        PrintColumn("name", 44),
        PrintColumn("campaign", 24),
        PrintColumn("forms", 16),
        PrintColumn("venues", 20),
        PrintColumn("branch", 20),
        PrintColumn("sessions", 10),
        PrintColumn("staff_count", 12, "参与\n员工"),
        PrintColumn("audience_count", 14, "受众\n人次"),
        PrintColumn("materials", 13, "发放\n资料"),
        PrintColumn("questions", 12, "解答\n咨询"),
        PrintColumn("originals", 11, "原创\n(篇)"),
        PrintColumn("cost", 15, "费用\n(元)"),
    ),
    ignored_headers={"序号": "行号"},
)
