"""消费投诉统计表: category, cause and channel against each other; which pairs is data in ``resources/reports``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xiaobao_desktop import resources
from xiaobao_desktop.domain.cross import NameOf, cross
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.domain.statistics import DIMENSIONS, CaseRow, countable, in_period
from xiaobao_desktop.reports import complaint_table
from xiaobao_desktop.reports.complaint_table import TableInput
from xiaobao_desktop.services.complaint_as_of import case_rows_at
from xiaobao_desktop.services.complaint_statistics import orders
from xiaobao_desktop.services.report_figures import complaint_figures
from xiaobao_desktop.services.report_kind import PAPER_FORMATS, ReportInfo, Request, Subject
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.services.table_report import table_report

UNSPLIT = "（未细分）"
"""After the name of a category that is told by its next level, for what has none."""
_BASIS = {"received": "按收到日期统计", "closed": "按办结日期统计"}


def _data() -> Mapping[str, Any]:
    found: Mapping[str, Any] = resources.json_data("reports", "complaint_tables.json")
    return found


def subjects(_session: Session, _period: Period) -> tuple[Subject, ...]:
    """The pairs of classifications."""
    data = _data()
    return tuple(
        Subject(item["id"], f"{_rows_label(item, data)}×{data['labels'][item['columns']]}") for item in data["items"]
    )


def _table_input(session: Session, request: Request) -> TableInput:
    data = _data()
    item = next(found for found in data["items"] if found["id"] == request.subject)
    order = orders(session)
    row_of, row_order = _splitting(session, item, order[item["rows"]])
    rows = countable(case_rows_at(session, request.as_of), request.method)
    chosen = in_period(rows, request.period, request.as_of, request.method)
    used = {row_of(row) for row in chosen}
    row_order = tuple(name for name in row_order if name in used or not name.endswith(UNSPLIT))
    return TableInput(
        settings=request.settings(session),
        period=request.period,
        as_of=request.as_of,
        rows_label=_rows_label(item, data),
        columns_label=data["labels"][item["columns"]],
        counts=cross(chosen, row_of, DIMENSIONS[item["columns"]], row_order, order[item["columns"]]),
        basis=_BASIS[request.method.basis],
        scope="仅含投诉" if request.method.natures == ("complaint",) else "含投诉、咨询、建议等全部来件",
        merged=request.method.merge_repeats,
        signed_on=session.today(),
    )


def _rows_label(item: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    return str(item.get("label") or data["labels"][item["rows"]])


def _splitting(session: Session, item: Mapping[str, Any], order: tuple[str, ...]) -> tuple[NameOf, tuple[str, ...]]:
    """How a row is named when some top categories are told by their next level, and the names in order."""
    top_of = DIMENSIONS[item["rows"]]
    if not item.get("split"):
        return top_of, order
    tree = session.rules.catalog.tree("B")
    names: dict[str, tuple[str, ...]] = {}
    below: dict[tuple[str, str], str] = {}
    for key in item["split"]:
        top = tree.get(key)
        if top is None:
            continue
        whole = top.name + UNSPLIT
        names[top.name] = (*(code.name for code in tree.codes if code.parent == key), whole)
        below[top.name, tree.label(key)] = whole
        for code in tree.codes:
            path = tree.path(code.key)
            if len(path) > 1 and path[0].key == key:
                below[top.name, tree.label(code.key)] = path[1].name

    def name_of(row: CaseRow) -> str:
        return below.get((row.category, row.subcategory), top_of(row))

    return name_of, tuple(name for top in order for name in names.get(top, (top,)))


REPORT = table_report(
    ReportInfo("complaint-table", "消费投诉统计表", (*PAPER_FORMATS, "xlsx"), group="表格", order=110),
    _table_input,
    complaint_table.build,
    complaint_table.sheet,
    subjects=subjects,
    figures=complaint_figures("category", "cause", "channel"),
)
