"""The program's options, declared once: key in the book, Chinese label, default and help.

They live in the book (table of settings), so that the successor inherits them. Window state lives beside the book.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import NamedTuple


class Option(NamedTuple):
    """One typed option.

    Attributes:
        key: attribute of :class:`BankSettings` and key in the book.
        label: Chinese label.
        help: one Chinese sentence.
        choices: allowed values with their Chinese names; empty for free text.
    """

    key: str
    label: str
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class BankSettings:
    """Values of all options; what a new book starts with."""

    bank: str = ""
    short_name: str = ""
    department: str = "消费者权益保护部"
    addressee: str = ""
    regulator: str = ""
    executive: str = ""
    leading_group: str = "消费者权益保护工作领导小组"
    preparer: str = ""
    reviewer: str = ""
    responsible: str = ""
    letter_code: str = ""
    phone: str = ""
    address: str = ""
    postcode: str = ""
    retention_years: str = "5"
    percent_digits: str = "2"
    theme: str = "system"
    row_height: str = "normal"
    lock_minutes: str = "10"
    demo: str = ""

    @property
    def printed_name(self) -> str:
        """The bank's name as printed in reports: the short name, else the full one."""
        return self.short_name or self.bank


OPTIONS: tuple[Option, ...] = (
    Option("bank", "银行全称"),
    Option("short_name", "报表里的简称", "印在每份报表的标题上；不填就用全称"),
    Option("department", "负责部门", "印在报表落款里"),
    Option("addressee", "月报主送", "如“董事会消费者权益保护委员会”；不填就不印主送"),
    Option("regulator", "监管机构", "如“国家金融监督管理总局云岭监管分局”，旧名“银监分局”不要再填"),
    Option("executive", "分管消保的行领导", "如“王某某 副行长”，印在报告的组织情况里；不填就不印"),
    Option("leading_group", "领导小组全称", "组长、组员在“人员”名单里选职务"),
    Option("preparer", "制表人"),
    Option("reviewer", "审核人"),
    Option("responsible", "负责人"),
    Option("letter_code", "发函字号", "印在答复函、告知书的标题下，如“云岭村行消保函”，年份和号另填；不填就不印"),
    Option("phone", "消保电话", "印在答复函、告知书里，投诉人打这个电话联系"),
    Option("address", "联系地址", "印在答复函里，投诉人寄书面申请用"),
    Option("postcode", "邮编"),
    Option("retention_years", "投诉档案保管年限", "印在案卷封面上；人民银行 5 号令要求从办结起至少 3 年"),
    Option("percent_digits", "百分比小数位", choices=(("2", "两位"), ("1", "一位"), ("0", "不要小数"))),
    Option("theme", "外观", choices=(("system", "跟随系统"), ("light", "浅色"), ("dark", "深色"))),
    Option("row_height", "列表行高", choices=(("normal", "标准"), ("compact", "紧凑"))),
    Option(
        "lock_minutes",
        "没人动多久后锁定",
        "电脑睡眠后醒来也会锁定；随时可按 Ctrl+L 立即锁定",
        choices=(("5", "5 分钟"), ("10", "10 分钟"), ("15", "15 分钟"), ("20", "20 分钟"), ("30", "30 分钟")),
    ),
)
"""Options the officer may change, in the order of the settings page."""

KEYS: tuple[str, ...] = tuple(item.name for item in fields(BankSettings))
"""Every key kept in the book, also those the program sets itself (``demo``)."""
