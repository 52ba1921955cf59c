"""制度清单: the bank's policies by the categories it has to have, what is missing named, then what others require."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from xiaobao_desktop.domain.check_figures import CheckFigure, Collector
from xiaobao_desktop.domain.fields import Value
from xiaobao_desktop.domain.governance import Governance, PolicyRow, holding
from xiaobao_desktop.domain.ledgers.policy import CATEGORIES, LEDGER, Standing, standing
from xiaobao_desktop.domain.numbers import NO_BASE
from xiaobao_desktop.domain.period import chinese_date
from xiaobao_desktop.reports.governance_checks import policy_figures
from xiaobao_desktop.reports.prose import Prose
from xiaobao_desktop.reports.sheets import Cell, CellKind
from xiaobao_desktop.reports.wide_list import WideColumn, WideList
from xiaobao_desktop.services.governance_rows import governance
from xiaobao_desktop.services.report_kind import PAPER_FORMATS, ReportInfo, Request
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.services.table_report import list_report

TEMPLATE = "lists.j2"
OTHERS, EXTERNAL = "未分类", "外部法规"
_COLUMNS = (
    WideColumn("序号", 10),
    WideColumn("类别", 31),
    WideColumn("制度名称", 60, centred=False),
    WideColumn("文号", 37),
    WideColumn("版本", 17),
    WideColumn("生效日期", 19, kind=CellKind.DATE),
    WideColumn("下次\n评估日", 19, kind=CellKind.DATE),
    WideColumn("状态", 17),
    WideColumn("审批机构", 24),
    WideColumn("主责部门", 27),
)


def check_figures(session: Session, request: Request) -> tuple[CheckFigure, ...]:
    """What is in force, what changed in the period, how many categories are served."""
    collect = Collector(int(request.settings(session).percent_digits))
    collect.section = "一、制度"
    known = governance(session, _day(request))
    policy_figures(collect, known, request.period, request.as_of)
    ids = [row.id for row in holding(known.policies, _day(request))]
    covered, lacking = known.wanted - len(known.missing), len(known.missing)
    told = f"{covered}＋缺{lacking}＝{known.wanted}"
    collect.add(
        "covered", "已有制度的类别", f"{covered}类", "应建立的类别减去没有有效制度的", told, ids, ledger=LEDGER.key
    )
    return tuple(collect.found)


def _day(request: Request) -> date:
    return min(request.period.last, request.as_of)


def _list(session: Session, request: Request) -> WideList:
    day, prose = _day(request), Prose(TEMPLATE)
    known = governance(session, day)
    rows: list[tuple[Cell, ...]] = []
    strong: set[int] = set()
    numbers: dict[int, int] = {}
    for category, found in _groups(session, known, day):
        if not found:
            strong.add(len(rows))
            rows.append((NO_BASE, category, prose.say("policies_gap"), *[NO_BASE] * (len(_COLUMNS) - 3)))
        for row in found:
            number = numbers.setdefault(row.id, len(numbers) + 1)
            rows.append((number, category, *_cells(row, day)))
    note = prose.say(
        "policies_note",
        day=chinese_date(day),
        wanted=known.wanted,
        covered=known.wanted - len(known.missing),
        missing=known.missing,
    )
    return WideList(
        settings=session.settings,
        title=prose.say("policies_title"),
        name="制度清单",
        span=f"截至：{chinese_date(day)}",
        count=f"现行有效{len(holding(known.policies, day))}项",
        columns=_COLUMNS,
        rows=rows,
        note=note,
        strong=strong,
    )


def _groups(session: Session, known: Governance, day: date) -> Iterable[tuple[str, list[PolicyRow]]]:
    """The policies of each category; a wanted one without any is there, too, another one is left out."""
    shown = [row for row in known.policies if _standing(row, day) is not Standing.REPEALED]
    own = [row for row in shown if not row.external]
    listed: set[int] = set()
    for item in session.rules.catalog.list(CATEGORIES).items:
        found = [row for row in own if item.id in row.categories]
        listed |= {row.id for row in found}
        if item.active and item.extra.get("wanted") and item.name in known.missing:
            # What is not yet in force is no system that the bank has.
            yield item.name, []
        if found:
            yield item.name, found
    for name, rest in (
        (OTHERS, [row for row in own if row.id not in listed]),
        (EXTERNAL, [row for row in shown if row.external]),
    ):
        if rest:
            yield name, rest


def _standing(row: PolicyRow, day: date) -> Standing:
    return standing(row.values, day.isoformat())


def _cells(row: PolicyRow, day: date) -> tuple[Cell, ...]:
    values = row.values

    def text(key: str) -> str:
        return str(values.get(key) or "")

    begins, review = (_date(values.get(key)) for key in ("in_force_on", "review_due_on"))
    state = _standing(row, day).value
    return (
        row.name,
        text("document_number"),
        text("version"),
        begins,
        review,
        state,
        text("approved_by"),
        text("department"),
    )


def _date(value: Value) -> date | None:
    return date.fromisoformat(str(value)) if value else None


REPORT = list_report(
    ReportInfo("policy-list", "制度清单", (*PAPER_FORMATS, "xlsx"), group="表格", order=122),
    _list,
    figures=check_figures,
)
