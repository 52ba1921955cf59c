"""投诉: the complaint ledger. Its dates and state come from dated steps, which are the truth.

Fields: the minimal set for one officer at a small bank. The channel through which a complaint *came in* (来源) and the
channel where the *business was done* (办理渠道, JR/T 0169-2018 dimension A) are two fields and never mixed.
"""

from __future__ import annotations

from datetime import date

from xiaobao_desktop.domain.complaint_rules import check, complete
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
    Section,
    Values,
)

ORDER = 10
C2 = Privacy.C2

_INTAKE = (
    Field(
        "received_on",
        "收到日期",
        Kind.DATE,
        Grade.TO_SAVE,
        derived=True,
        time_field="received_time",
        hint="如 2026.11.23",
        synonyms=(
            "收到时间",
            "受理日期",
            "受理时间",
            "投诉日期",
            "投诉时间",
            "投诉受理日期",
            "接收日期",
            "来件日期",
            "登记日期",
        ),
    ),
    Field(
        "received_time",
        "收到时间",
        Kind.TIME,
        derived=True,
        hint="如 14:20",
        synonyms=("收到时刻",),
        begins_now=True,
    ),
    Field(
        "source",
        "来源",
        Kind.CHOICE,
        Grade.TO_CLOSE,
        options="source",
        help="怎么来的，不是在哪里办的",
        synonyms=("投诉来源", "受理渠道", "投诉受理渠道", "投诉渠道", "来件渠道", "工单来源", "投诉方式"),
    ),
    Field(
        "rule_profile",
        "规则档",
        Kind.CHOICE,
        options="rule_profile",
        help="不选就按来源定",
        synonyms=("适用规则",),
    ),
    Field(
        "source_number",
        "来源文号或工单号",
        Kind.TEXT,
        synonyms=("工单号", "原系统工单号", "来文号", "转办单号", "人行工单号"),
    ),
    Field(
        "feedback_due_on",
        "反馈期限",
        Kind.DATE,
        help="转办单位要求反馈的日期；比规则的期限早时以它为准",
        synonyms=("要求反馈日期", "反馈截止日期", "要求办结日期", "回复期限"),
    ),
    Field("nature", "性质", Kind.CHOICE, options="nature", default="complaint", synonyms=("投诉性质", "事项性质")),
    Field("level", "等级", Kind.CHOICE, options="level", default="normal", synonyms=("投诉等级", "紧急程度")),
)
_COMPLAINANT = (
    Field(
        "complainant",
        "投诉人",
        Kind.PERSON_NAME,
        Grade.TO_CLOSE,
        C2,
        synonyms=("投诉人姓名", "客户姓名", "姓名", "客户名称", "来电人"),
    ),
    Field(
        "phone",
        "联系电话",
        Kind.PHONE,
        Grade.TO_CLOSE,
        C2,
        hint="11 位手机号，座机带区号",
        synonyms=("电话", "联系方式", "手机号", "手机号码", "投诉电话", "回复电话", "来电号码"),
    ),
    Field(
        "id_number",
        "证件号",
        Kind.ID_NUMBER,
        privacy=C2,
        hint="可不填",
        synonyms=("身份证号", "身份证号码", "证件号码", "身份证"),
    ),
    Field("special_groups", "特殊群体", Kind.CHOICES, options="special_group", synonyms=("群体", "客户群体")),
    Field("people_count", "联名人数", Kind.INTEGER, default=1, minimum=1, synonyms=("投诉人数", "人数")),
    Field(
        "face_to_face",
        "当面共同投诉",
        Kind.YES_NO,
        help="20 人以上当面共同投诉属于重大消费投诉",
        synonyms=("是否群体投诉", "是否集体投诉"),
    ),
    Field("by_agent", "代理投诉", Kind.YES_NO, synonyms=("是否代理投诉", "是否代理")),
    Field("agent", "代理人", Kind.PERSON_NAME, privacy=C2, synonyms=("代理人姓名",)),
    Field("agent_papers", "委托材料", Kind.TEXT, hint="授权委托书、代理人证件", synonyms=("授权书",)),
)
_MATTER = (
    Field(
        "category",
        "业务类别",
        Kind.CODE,
        Grade.TO_CLOSE,
        options="B",
        span=2,
        hint="代码、拼音首字母或名称，如 jjk",
        synonyms=("业务种类", "业务小类", "业务中类", "业务大类", "业务类型", "投诉业务类别", "产品大类", "产品小类"),
    ),
    Field(
        "cause",
        "投诉原因",
        Kind.CODE,
        Grade.TO_CLOSE,
        options="C",
        span=2,
        hint="如 C.07、djsf、收费",
        synonyms=("原因", "原因分类", "投诉原因分类"),
    ),
    Field(
        "channel",
        "办理渠道",
        Kind.CODE,
        Grade.TO_CLOSE,
        options="A",
        span=2,
        help="业务是在哪里办的",
        hint="如 A.1.01、yyxc",
        synonyms=("投诉业务办理渠道", "业务办理渠道", "业务渠道"),
    ),
    Field(
        "branch",
        "被投诉机构",
        Kind.LINK,
        Grade.TO_CLOSE,
        options="branch",
        synonyms=("被投诉网点", "网点", "网点名称", "涉及网点", "涉及机构", "机构", "支行", "被投诉单位"),
    ),
    Field("respondent", "被投诉人员", Kind.PERSON_NAME, privacy=Privacy.C1, synonyms=("被投诉人", "涉及人员")),
    Field("product", "产品", Kind.TEXT, synonyms=("产品名称", "产品类型", "涉及产品")),
    Field("partner", "合作机构", Kind.TEXT, synonyms=("合作方",)),
    Field("amount", "涉及金额", Kind.MONEY, minimum=0, synonyms=("投诉金额", "金额")),
    Field("rights", "涉及权利", Kind.CHOICES, options="rights", synonyms=("八项权利", "权利类型")),
    Field(
        "content",
        "投诉内容",
        Kind.LONG_TEXT,
        Grade.TO_CLOSE,
        span=2,
        synonyms=("内容", "投诉事项", "主要内容", "投诉事由", "反映问题", "诉求内容"),
    ),
    Field("request", "诉求", Kind.LONG_TEXT, span=2, synonyms=("投诉请求", "投诉诉求", "客户诉求")),
)
_HANDLING = (
    Field("department", "承办部门", Kind.TEXT, synonyms=("处理部门", "处理机构", "责任部门")),
    Field("handler", "承办人", Kind.LINK, options="staff", synonyms=("处理人", "经办人")),
    Field("recusal_checked", "承办人与事项无利害关系", Kind.YES_NO, help="有利害关系的人应当回避", synonyms=("回避",)),
    Field("dispute", "争议焦点", Kind.LONG_TEXT, span=2),
    Field("investigation", "调查经过与证据", Kind.LONG_TEXT, span=2, synonyms=("调查经过", "调查情况")),
    Field("basis", "处理依据", Kind.LONG_TEXT, span=2),
    Field(
        "decision",
        "处理结果",
        Kind.LONG_TEXT,
        Grade.TO_CLOSE,
        span=2,
        synonyms=("处理意见", "处理情况", "办理结果", "答复内容", "处理决定"),
    ),
    Field("compensation", "赔付金额", Kind.MONEY, minimum=0, synonyms=("退赔金额", "补偿金额", "小额补偿金额")),
    Field("closing_way", "办结方式", Kind.CHOICE, options="closing_way", synonyms=("结案方式",)),
    Field(
        "closed_on",
        "办结日期",
        Kind.DATE,
        derived=True,
        synonyms=("办结时间", "办结日", "结案日期", "完成日期", "处理日期", "回复日期", "答复日期"),
    ),
    Field(
        "satisfaction",
        "满意度",
        Kind.CHOICE,
        options="satisfaction",
        synonyms=("回访满意度", "客户满意度", "回访结果", "回访满意度情况"),
    ),
)
_AFTERWARDS = (
    Field("repeat", "重复投诉", Kind.YES_NO, synonyms=("是否重复投诉", "是否重复")),
    Field("merged_into", "并入", Kind.LINK, options="complaint", help="同一人同一事项并到先收到的一件"),
    Field("root_cause", "溯源原因", Kind.LONG_TEXT, span=2, synonyms=("问题根源", "产生原因")),
    Field("rectification_number", "整改编号", Kind.TEXT),
    Field("accountability", "问责情况", Kind.TEXT, span=2, synonyms=("问责",)),
    Field("archive_number", "归档号", Kind.TEXT, synonyms=("档案号",)),
    Field("remark", "备注", Kind.LONG_TEXT, span=2, synonyms=("说明", "其他说明")),
)
_COMPUTED = (
    Field("state", "状态", Kind.CHOICE, options="complaint_state", derived=True, entered=False),
    Field("due_on", "期限", Kind.DATE, derived=True, entered=False),
    Field("paused_on", "暂停自", Kind.DATE, derived=True, entered=False),
    Field("answered_on", "答复日期", Kind.DATE, derived=True, entered=False),
    Field("limit_days", "期限天数", Kind.INTEGER, derived=True, entered=False),
    Field("ended_by", "怎样结束", Kind.CHOICE, options="step_kind", derived=True, entered=False),
    Field("review_due_on", "核查期限", Kind.DATE, derived=True, entered=False),
    Field("leak_due_on", "泄露报告期限", Kind.DATE, derived=True, entered=False),
    Field("reply_due_on", "待反馈期限", Kind.DATE, derived=True, entered=False),
)

STEPS = ChildTable(
    key="step",
    label="办理过程",
    dated_by="happened_on",
    fields=(
        Field("kind", "做了什么", Kind.CHOICE, Grade.TO_SAVE, options="step_kind"),
        Field("happened_on", "日期", Kind.DATE, Grade.TO_SAVE),
        Field("happened_at", "时间", Kind.TIME),
        Field("department", "部门或机构", Kind.TEXT),
        Field("person", "人员", Kind.PERSON_NAME, privacy=Privacy.C1),
        Field("reason", "原因", Kind.TEXT),
        Field("pause_for", "暂停原因", Kind.CHOICE, options="pause_reason"),
        Field("approver", "批准人", Kind.PERSON_NAME, privacy=Privacy.C1),
        Field("told_on", "告知投诉人日期", Kind.DATE),
        Field("way", "告知方式", Kind.CHOICE, options="informing_way"),
        Field("satisfaction", "满意度", Kind.CHOICE, options="satisfaction"),
        Field("endangers", "可能危及人身、财产安全", Kind.YES_NO),
        Field("proof", "凭证", Kind.TEXT),
        Field("note", "说明", Kind.LONG_TEXT),
        # The end of a case of which an old ledger gave only the day.
        Field("assumed", "只知道办结日期", Kind.YES_NO, entered=False),
    ),
)

RELATIONS = ChildTable(
    key="relation",
    label="与其他投诉的关系",
    fields=(
        Field("kind", "关系", Kind.CHOICE, Grade.TO_SAVE, options="relation"),
        Field("other", "另一件", Kind.LINK, Grade.TO_SAVE, options="complaint"),
        Field("decided_on", "判断日期", Kind.DATE),
    ),
)
"""What the officer decided about two complaints that look alike; a row stands at one of the two."""


def _days_used(values: Values) -> str:
    """Calendar days from receipt to the end, "" while open."""
    received, closed = values.get("received_on"), values.get("closed_on")
    if not (received and closed):
        return ""
    return str((date.fromisoformat(str(closed)) - date.fromisoformat(str(received))).days)


LEDGER = Ledger(
    key="complaint",
    label="投诉",
    prefix="TS",
    unit="件",
    icon="message-square-warning",
    create_action="登记投诉",
    fields=(*_INTAKE, *_COMPLAINANT, *_MATTER, *_HANDLING, *_AFTERWARDS, *_COMPUTED),
    sections=(
        Section("收到", tuple(item.key for item in _INTAKE)),
        Section(
            "投诉人",
            tuple(item.key for item in _COMPLAINANT),
            "姓名、电话、证件在列表和打印中自动遮盖",
        ),
        Section("投诉什么", tuple(item.key for item in _MATTER), "代码、拼音首字母、名称都能找"),
        Section("办理", tuple(item.key for item in _HANDLING)),
        Section("溯源与归档", tuple(item.key for item in _AFTERWARDS)),
    ),
    columns=(
        Column("received_on", 8),
        Column("source", 10),
        Column("complainant", 7),
        Column("category", 14, stretch=True),
        Column("branch", 9),
        Column("state", 8),
        Column("due_on", 9),
        Column("phone", 12, shown=False),
        Column("cause", 20, shown=False),
        Column("channel", 12, shown=False),
        Column("closed_on", 10, shown=False),
        Column("amount", 10, shown=False),
        Column("satisfaction", 8, shown=False),
        Column("level", 6, shown=False),
        Column("content", 24, shown=False),
        Column("decision", 24, shown=False),
        Column("source_number", 14, shown=False),
        Column("handler", 8, shown=False),
    ),
    title=("complainant", "category"),
    filters=(
        "received_on",
        "source",
        "category",
        "branch",
        "state",
        "cause",
        "channel",
        "satisfaction",
        "level",
        "closed_on",
        "review_due_on",
        "leak_due_on",
        "reply_due_on",
    ),
    sort=(("received_on", True), ("number", True)),
    children=(STEPS, RELATIONS),
    evidence=(
        Evidence("material", "投诉材料", wanted=False),
        Evidence("proof", "答复凭证", wanted=False),
        Evidence("other", "其他材料", wanted=False),
    ),
    not_copied=(
        "source_number",
        "feedback_due_on",
        "recusal_checked",
        "dispute",
        "investigation",
        "basis",
        "decision",
        "compensation",
        "closing_way",
        "satisfaction",
        *(item.key for item in _AFTERWARDS),
    ),
    dated_by="received_on",
    ended_by=("closed_on",),
    branch_by="branch",
    recognised_by=("phone", "id_number", "source_number"),
    complete=complete,
    checks=check,
    print_title="消费投诉台账",
    printed=(
        PrintColumn("number", 22, "投诉编号"),
        PrintColumn("received_on", 12.5, "收到\n日期"),
        PrintColumn("source", 18, "投诉来源"),
        PrintColumn("complainant", 11, "投诉\n人"),
        PrintColumn("phone", 22.5),
        PrintColumn("branch", 18),
        PrintColumn("category", 21),
        PrintColumn("cause", 25.5),
        PrintColumn("content", 50),
        PrintColumn("closed_on", 12.5, "办结\n日期"),
        PrintColumn("received_on", 9.5, "用时\n(日)", _days_used, ("received_on", "closed_on")),
        PrintColumn("closing_way", 15),
        PrintColumn("satisfaction", 14.5),
    ),
    ignored_headers={
        "序号": "行号",
        "是否办结": "由办结日期得出",
        "工单状态": "由办理过程得出",
        "处理时长": "由日期算出",
        "办结期限": "由规则算出",
    },
)
