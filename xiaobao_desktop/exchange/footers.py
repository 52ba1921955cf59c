"""Rows below a header that are no records: totals, signatures, notes, headers printed again, examples."""

from __future__ import annotations

import re
from typing import Final

from xiaobao_desktop.exchange.sheets import Cell

_TOTAL = re.compile(
    r"(本页|本月|本季|本年|全年|全行|分类|以上)?(合计|总计|小计|共计|累计|汇总)([（(].*[)）])?[：:]?(\d+[件条笔次人]?)?"
)
_SIGNATURE = re.compile(
    r"(单位|部门|科室|主管|分管)?"
    r"(审核|复核|审批|审查|批准|负责|经办|制表|填表|填报|编制|统计|领导|联系|记录)"
    r"(部门|单位|机构|行长|日期|时间|电话|方式|签字|签章|签名|意见|人)*([（(].*[)）])?[：:].*",
    re.DOTALL,
)
_NOTE = re.compile(
    r"(备注|附注|注|说明|填表说明|填报说明|填写说明|注意事项|填表要求)\d*[：:].*|[*※★].+|注\d.*", re.DOTALL
)
_EXAMPLE = re.compile(
    r"[（(【\[]?(填写|填报|参考)?(示例|样例|范例|例子|例|举例)\d*[)）】\]]?[：:]?|(填写)?(示例|样例|范例)[：:].*"
)
_FEW: Final = 2


def skip_reason(cells: list[Cell]) -> str:
    """Why a row is no record, told by its first words; empty when it is one."""
    filled = [cell for cell in cells if cell is not None]
    if not filled:
        return "空行"
    texts = ["".join(cell.split()) if isinstance(cell, str) else "" for cell in filled[:_FEW]]
    first = texts[0]
    if _TOTAL.fullmatch(first):
        return "合计行"
    if len(filled) <= 2 * _FEW and _SIGNATURE.fullmatch(first):
        return "签字行"
    if len(filled) <= _FEW and _NOTE.fullmatch(first):
        return "说明行"
    if any(_EXAMPLE.fullmatch(text) for text in texts):
        return "示例行"
    return ""


def trailing_notes(rows: list[list[Cell]], width: int) -> int:
    """From which position on only stray remarks follow, in a table of ``width`` columns.

    A remark is a row with one text in a table of at least four columns; a record of such a table that holds nothing
    but one text is no use either, and is listed with its reason.
    """
    position = len(rows)
    if width < 4:
        return position
    while position and _is_remark(rows[position - 1]):
        position -= 1
    return position


def _is_remark(cells: list[Cell]) -> bool:
    filled = [cell for cell in cells if cell is not None]
    return bool(skip_reason(cells)) or (len(filled) == 1 and isinstance(filled[0], str))
