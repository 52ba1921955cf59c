"""Everything that the papers of one complaint say, as finished texts; "" leaves room to write by hand.

The same texts are the placeholders of the letter templates: :data:`PLACEHOLDERS` gives their Chinese names, in the
order in which the officer sees them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xiaobao_desktop.reports.forms import Box


@dataclass(frozen=True)
class Node:
    """A dated node of the case: what, the day ("10月13日"), how many days after receipt ("第0日")."""

    label: str
    day: str = ""
    nth: str = ""


@dataclass(frozen=True)
class Extension:
    """A kind of extension: its name, whether it was granted, who approved it and when, when it was told."""

    label: str
    granted: bool = False
    approved: str = ""
    told: str = ""


@dataclass(frozen=True)
class CaseFacts:
    """The facts of one complaint for its papers.

    Days are in words (2026年10月13日); money carries its unit (20,000.00元). Name and telephone of the complainant are
    whole: these papers are letters to that person, or working papers of the bank. The number of an identity card is
    masked.
    """

    bank: str = ""
    short_name: str = ""
    department_in_charge: str = ""
    contact: str = ""
    contact_phone: str = ""
    address: str = ""
    postcode: str = ""
    letter_code: str = ""
    number: str = ""
    received: str = ""
    received_at: str = ""
    source: str = ""
    source_number: str = ""
    raised: str = ""
    complainant: str = ""
    salutation: str = ""
    phone: str = ""
    id_number: str = ""
    agent: str = ""
    agent_papers: str = ""
    people: str = ""
    branch: str = ""
    respondent: str = ""
    amount: str = ""
    product: str = ""
    subject: str = ""
    channel: str = ""
    category: str = ""
    cause: str = ""
    rights: str = ""
    level: str = ""
    content: str = ""
    request: str = ""
    department: str = ""
    handler: str = ""
    dispute: str = ""
    investigation: str = ""
    inquiry: str = ""
    basis: str = ""
    decision: str = ""
    closing_way: str = ""
    compensation: str = ""
    satisfaction: str = ""
    root_cause: str = ""
    rectification: str = ""
    archive_number: str = ""
    rule: str = ""
    limit_days: str = ""
    due: str = ""
    days_before_extension: str = ""
    due_before_extension: str = ""
    extended_days: str = ""
    extended_due: str = ""
    extension_reason: str = ""
    extension_approver: str = ""
    extension_told: str = ""
    extension_way: str = ""
    extensions_told: str = ""
    transferred: str = ""
    transfer_department: str = ""
    transfer_person: str = ""
    transfer_note: str = ""
    decided: str = ""
    informed: str = ""
    inform_way: str = ""
    inform_proof: str = ""
    contacts: str = ""
    withdrawn: str = ""
    withdrawal_note: str = ""
    review_days: str = ""
    review_asked: str = ""
    review_grounds: str = ""
    review_decided: str = ""
    review_result: str = ""
    review_approver: str = ""
    followed_up: str = ""
    fed_back: str = ""
    paused: str = ""
    closed: str = ""
    archived: str = ""
    today: str = ""
    limits: str = ""
    by_agent: bool = False
    repeat: bool = False
    merged_into: str = ""
    recusal: bool = False
    rights_boxes: tuple[Box, ...] = ()
    level_boxes: tuple[Box, ...] = ()
    closing_boxes: tuple[Box, ...] = ()
    satisfaction_boxes: tuple[Box, ...] = ()
    nodes: tuple[Node, ...] = ()
    extensions: tuple[Extension, ...] = ()


PLACEHOLDERS: Mapping[str, str] = {
    "complainant": "投诉人",
    "salutation": "称谓",
    "phone": "联系电话",
    "agent": "代理人",
    "people": "联名人数",
    "number": "投诉编号",
    "received": "收到日期",
    "source": "来源",
    "source_number": "来源文号",
    "raised": "提出途径",
    "branch": "被投诉机构",
    "respondent": "被投诉人员",
    "subject": "投诉事项",
    "product": "产品",
    "category": "业务类别",
    "cause": "投诉原因",
    "channel": "办理渠道",
    "rights": "涉及权利",
    "amount": "涉及金额",
    "level": "等级",
    "content": "投诉内容",
    "request": "诉求",
    "department": "承办部门",
    "handler": "承办人",
    "dispute": "争议焦点",
    "investigation": "调查经过",
    "inquiry": "调查记录",
    "basis": "处理依据",
    "decision": "处理结果",
    "closing_way": "办结方式",
    "compensation": "赔付金额",
    "satisfaction": "满意度",
    "root_cause": "溯源原因",
    "rectification": "整改编号",
    "rule": "期限依据",
    "limit_days": "期限天数",
    "due": "办理期限",
    "days_before_extension": "延期前天数",
    "due_before_extension": "延期前期限",
    "extended_days": "延期后天数",
    "extended_due": "延期后期限",
    "extension_reason": "延期原因",
    "extension_approver": "延期批准人",
    "extension_told": "延期告知日期",
    "extension_way": "延期告知方式",
    "extensions_told": "延期情况",
    "transferred": "转办日期",
    "transfer_department": "转办部门",
    "transfer_person": "转办人员",
    "transfer_note": "转办说明",
    "decided": "决定日期",
    "informed": "告知日期",
    "inform_way": "告知方式",
    "inform_proof": "告知凭证",
    "contacts": "沟通情况",
    "withdrawn": "撤诉日期",
    "withdrawal_note": "撤诉说明",
    "review_days": "核查申请天数",
    "review_asked": "核查申请日期",
    "review_grounds": "核查申请事由",
    "review_decided": "核查决定日期",
    "review_result": "核查结论",
    "review_approver": "核查批准人",
    "closed": "办结日期",
    "bank": "银行全称",
    "short_name": "银行简称",
    "department_in_charge": "负责部门",
    "contact": "联系人",
    "contact_phone": "本行电话",
    "address": "本行地址",
    "postcode": "邮编",
    "today": "今天",
}
"""Chinese name of each text that templates may use, by its attribute."""


def placeholder_values(facts: CaseFacts) -> dict[str, str]:
    """The texts by their Chinese names."""
    return {name: getattr(facts, key) for key, name in PLACEHOLDERS.items()}


def every_placeholder() -> dict[str, str]:
    """Values in which each placeholder stands for itself, for looking at a template: 〔投诉人〕."""
    return {name: f"〔{name}〕" for name in PLACEHOLDERS.values()}
