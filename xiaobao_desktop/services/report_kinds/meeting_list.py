"""会议纪要清单: the meetings of a period with topics and resolutions, and how far each resolution is."""

from __future__ import annotations

from datetime import date

from xiaobao_desktop.domain.check_figures import CheckFigure, Collector
from xiaobao_desktop.domain.governance import MeetingRow, Resolution, meetings_in
from xiaobao_desktop.domain.numbers import NO_BASE
from xiaobao_desktop.domain.period import chinese_date, chinese_days
from xiaobao_desktop.reports.governance_checks import meeting_figures
from xiaobao_desktop.reports.governance_text import clause
from xiaobao_desktop.reports.prose import Prose
from xiaobao_desktop.reports.sheets import Cell, CellKind
from xiaobao_desktop.reports.wide_list import WideColumn, WideList
from xiaobao_desktop.services.governance_rows import governance
from xiaobao_desktop.services.report_kind import PAPER_FORMATS, ReportInfo, Request
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.services.table_report import list_report

TEMPLATE = "lists.j2"
DONE, LATE, UNDER_WAY = "已落实", "逾期未落实", "落实中"
_COLUMNS = (
    WideColumn("序号", 9),
    WideColumn("日期", 19, kind=CellKind.DATE),
    WideColumn("类型", 20),
    WideColumn("会议和纪要文号", 44, centred=False),
    WideColumn("主持人", 14),
    WideColumn("议题", 44, centred=False),
    WideColumn("决议", 44, centred=False),
    WideColumn("责任部门\n和责任人", 22),
    WideColumn("完成期限", 19, kind=CellKind.DATE),
    WideColumn("落实情况", 26),
)


def check_figures(session: Session, request: Request) -> tuple[CheckFigure, ...]:
    """Meetings, resolutions, how many of them were carried out."""
    collect = Collector(int(request.settings(session).percent_digits))
    collect.section = "一、会议和决议"
    meeting_figures(collect, governance(session, request.as_of), request.period, request.as_of)
    return tuple(collect.found)


def _list(session: Session, request: Request) -> WideList:
    day, prose = min(request.period.last, request.as_of), Prose(TEMPLATE)
    found = meetings_in(governance(session, request.as_of).meetings, request.period, request.as_of)
    rows: list[tuple[Cell, ...]] = []
    for number, row in enumerate(found, start=1):
        for place, item in enumerate(row.resolutions or (None,)):
            # A later resolution names its meeting again, so that a page or a filter shows which one it was.
            head = _head(number, row) if not place else (number, row.held_on, row.kind_name, row.title, None, None)
            rows.append((*head, *_resolution(item, day)))
    if not found:
        rows.append((None, None, None, prose.say("meetings_none"), *[None] * (len(_COLUMNS) - 4)))
    resolutions = [item for row in found for item in row.resolutions]
    note = prose.say(
        "meetings_note",
        meetings=len(found),
        resolutions=len(resolutions),
        done=sum(item.done_by(day) for item in resolutions),
        overdue=sum(_state(item, day) == LATE for item in resolutions),
        day=chinese_date(day),
    )
    return WideList(
        settings=session.settings,
        title=prose.say("meetings_title", period=request.period.title),
        name="会议纪要清单",
        span=f"期间：{chinese_days(request.period)}",
        count=f"共{len(found)}次",
        columns=_COLUMNS,
        rows=rows,
        note=note,
    )


def _head(number: int, row: MeetingRow) -> tuple[Cell, ...]:
    title = f"{row.title}\n{row.minutes}" if row.minutes else row.title
    topics = [clause(topic) for topic in row.topics]
    told = (
        "\n".join(f"{place}.{topic}" for place, topic in enumerate(topics, start=1))
        if len(topics) > 1
        else "".join(topics)
    )
    return (number, row.held_on, row.kind_name, title, row.chair, told or NO_BASE)


def _resolution(item: Resolution | None, day: date) -> tuple[Cell, ...]:
    if item is None:
        return (NO_BASE, NO_BASE, None, NO_BASE)
    who = "\n".join(part for part in (item.department, item.owner) if part)
    state = _state(item, day)
    shown = [state, str(item.done_on or ""), clause(item.outcome)] if state == DONE else [state]
    return (clause(item.words), who or NO_BASE, item.due_on, "\n".join(part for part in shown if part))


def _state(item: Resolution, day: date) -> str:
    if item.done_by(day):
        return DONE
    return LATE if item.due_on and item.due_on < day else UNDER_WAY


REPORT = list_report(
    ReportInfo("meeting-list", "会议纪要清单", (*PAPER_FORMATS, "xlsx"), group="表格", order=124),
    _list,
    figures=check_figures,
)
