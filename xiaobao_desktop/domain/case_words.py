"""Why a term ends on its day, in plain Chinese: day 0, rule, days counted, pauses, moves, the agency's own day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from xiaobao_desktop.domain.case_clock import Due
from xiaobao_desktop.domain.case_steps import NEW_FACTS, SUPPLEMENT
from xiaobao_desktop.domain.deadline import Pause

_STARTED_BY = {NEW_FACTS: "收到新事实、新理由，重新计算", SUPPLEMENT: "补正完成，重新计算"}

Line = tuple[str, str]
"""What a line is about, and what it says."""


def why(due: Due) -> tuple[Line, ...]:
    """The reasons for a term's last day, in the order in which it is counted."""
    return tuple(_lines(due))


def _lines(due: Due) -> Iterator[Line]:
    profile, found = due.profile, due.by_rule
    unit = "工作日" if profile.workdays else "日历日"
    since = f"，{profile.effective_from} 起收到的适用" if profile.recorded_on else ""
    yield "起算", f"{due.start} {_STARTED_BY.get(due.started_by, '收到')}，这天是第 0 日"
    yield "规则", f"{profile.name}：{profile.source}{since}"
    yield "期限", f"{due.stage.name}，按{unit}数到第 {due.stage.days} {'个' if profile.workdays else '日'}"
    for pause in found.pauses:
        yield "暂停", _pause(pause)
    if found.moved_over and profile.workdays:
        yield "节假日", f"中间的{_joined(found.moved_over)}不算工作日"
    elif found.moved_over:
        moved = f"{found.plain_on} 在{_joined(found.moved_over)}，顺延到 {found.on}"
        yield "顺延", f"{moved}；求稳妥，请在 {found.plain_on} 前办好"
    if found.missing_years:
        years = "、".join(str(year) for year in found.missing_years)
        yield "注意", f"{years} 年的放假安排还没有录入，没有按节假日推算；通知出来后请在“设置→规则”里贴入"
    if due.agency_on is not None:
        yield "反馈期限", _agency(due, due.agency_on)
    for day in due.late_extensions:
        yield "延期", f"{day} 的延期记在期限之后，不起作用"
    yield "所以", f"最后一天是 {due.on}"
    if profile.caution:
        yield "提醒", profile.caution


def _pause(pause: Pause) -> str:
    assert pause.end is not None
    what = f"{pause.reason}，" if pause.reason else ""
    return f"{what}{pause.start} 到 {pause.end}，{(pause.end - pause.start).days} 天不计"


def _agency(due: Due, day: date) -> str:
    if due.by_agency:
        return f"转办单位要求 {day} 前反馈，比规则的 {due.by_rule.on} 早，以它为准"
    return f"转办单位要求 {day} 前反馈，不早于规则的 {due.by_rule.on}，以规则为准"


def _joined(names: tuple[str, ...]) -> str:
    return "、".join(names)
