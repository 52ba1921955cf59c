"""消保工作半年报: the report of half a year, built as that of a month."""

from __future__ import annotations

from xiaobao_desktop.services.report_kind import ALL_TOPICS, ReportInfo, ReportKind
from xiaobao_desktop.services.report_kinds.monthly import SECTIONS, build, check_figures

REPORT = ReportKind(
    ReportInfo("half-year", "消保工作半年报", months=(6,), order=30),
    build,
    sections=SECTIONS,
    topics=ALL_TOPICS,
    figures=check_figures,
)
