"""Working forms about one complaint: 转办单 and 延期审批表 (no official forms exist).

They show the whole name and telephone, as the bank needs them for its work. Their
request comes from a template of :mod:`letter_text`.
"""

from __future__ import annotations

from collections.abc import Sequence

from xiaobao_desktop.reports.case_facts import CaseFacts
from xiaobao_desktop.reports.document import Document, Layout
from xiaobao_desktop.reports.forms import FORM_WIDTH, CellKind, FormCell, FormGrid, FormRow, FormSheet

TRANSFER_TITLE, APPROVAL_TITLE = "消费投诉转办单", "消费投诉延期办理审批表"
_COLUMNS = (26.0, 57.0, 26.0, 57.0)
_ROW, _TEXT, _ANSWER, _SIGN = 26.0, 54.0, 150.0, 96.0
_DATE = "年　　月　　日"
_TRANSFER_NOTE = "注：本单一式两份，转出、接收部门各存一份；反馈后随卷归档。单上有投诉人信息，注意保管。"
_APPROVAL_NOTE = "注：延期须在期限届满前批准，批准后告知投诉人；再延期由上级机构或者总行高级管理人员批准。"
LABEL, CENTER, TEXT = CellKind.LABEL, CellKind.CENTER, CellKind.TEXT


def transfer(facts: CaseFacts, request: Sequence[str]) -> Document:
    """转办单; ``request`` is what the department is asked to do."""
    rows = (
        _pair("转出部门", facts.department_in_charge, "转办日期", facts.transferred),
        _pair("接收部门", facts.transfer_department, "接收人员", facts.transfer_person),
        _pair("投诉人", _with(facts.complainant, facts.salutation), "联系电话", facts.phone),
        _pair("收到日期", facts.received, "投诉来源", facts.source),
        _pair("业务类别", facts.category, "被投诉机构", facts.branch),
        _pair("办理期限", _until(facts.due), "来源文号", facts.source_number),
        _long("投诉内容", facts.content, _TEXT),
        _long("投诉诉求", facts.request, _ROW),
        _long("转办说明", facts.transfer_note, _ROW),
        _long("办理要求", "\n".join(request), _TEXT),
        _pair("转办人签名", "", "接收人签名", ""),
        _pair("转出日期", _DATE, "接收日期", _DATE, centred=True),
        _long("调查情况\n和处理意见\n（接收部门\n填写）", "", _ANSWER),
        _pair("经办人签名", "", "负责人签名", ""),
        _pair("反馈日期", _DATE, "附件", "　　　份", centred=True),
    )
    return _sheet(TRANSFER_TITLE, facts, rows, _TRANSFER_NOTE)


def approval(facts: CaseFacts, request: Sequence[str]) -> Document:
    """延期审批表; ``request`` is what is applied for."""
    third = FORM_WIDTH / 3
    rows = (
        _pair("投诉人", _with(facts.complainant, facts.salutation), "收到日期", facts.received),
        _pair("投诉来源", facts.source, "来源文号", facts.source_number),
        _pair("业务类别", facts.category, "被投诉机构", facts.branch),
        _pair("承办部门", facts.department, "承办人", facts.handler),
        _pair("现有期限", _until(facts.due_before_extension), "延期后期限", _until(facts.extended_due)),
        _long("投诉内容", facts.content, _TEXT),
        _long("办理情况", facts.inquiry, _TEXT),
        _long("申请事项", "\n".join(request), _TEXT),
    )
    told = (
        _pair("批准人", facts.extension_approver, "批准日期", _DATE),
        _pair("告知日期", facts.extension_told or _DATE, "告知方式", facts.extension_way),
    )
    titles = ("承办部门意见", "消费者权益保护部门意见", "批准人意见")
    opinions = FormGrid(
        (third, third, third),
        (
            FormRow(tuple(FormCell(title, LABEL) for title in titles), _ROW),
            FormRow(tuple(FormCell(kind=TEXT, sign=True) for _title in titles), _SIGN),
        ),
        gap=5.0,
    )
    return _sheet(APPROVAL_TITLE, facts, rows, _APPROVAL_NOTE, opinions, FormGrid(_COLUMNS, told, gap=5.0))


def _sheet(title: str, facts: CaseFacts, rows: Sequence[FormRow], note: str, *more: FormGrid) -> Document:
    sheet = FormSheet(
        title,
        (FormGrid(_COLUMNS, tuple(rows)), *more),
        left=f"{facts.short_name}{facts.department_in_charge}",
        right=f"编号：{facts.number}",
        note=note,
    )
    return Document((title,), (), layout=Layout.FORM, sheets=(sheet,))


def _pair(first: str, value: str, second: str, other: str, *, centred: bool = False) -> FormRow:
    kind = CENTER if centred else CellKind.VALUE
    cells = (FormCell(first, LABEL), FormCell(value, kind), FormCell(second, LABEL), FormCell(other, kind))
    return FormRow(cells, _ROW)


def _long(label: str, text: str, height: float) -> FormRow:
    return FormRow((FormCell(label, LABEL), FormCell(text, TEXT, columns=3, dense=height == _ROW)), height)


def _with(name: str, salutation: str) -> str:
    return f"{name}{salutation}" if name else ""


def _until(day: str) -> str:
    return f"{day}前（含当日）" if day else ""
