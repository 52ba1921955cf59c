"""消保工作季报: the report of a quarter, built as that of a month."""

from __future__ import annotations

from xiaobao_desktop.services.report_kind import ALL_TOPICS, ReportInfo, ReportKind
from xiaobao_desktop.services.report_kinds.monthly import SECTIONS, build, check_figures

REPORT = ReportKind(
    ReportInfo("quarterly", "消保工作季报", months=(3,), order=20),
    build,
    sections=SECTIONS,
    topics=ALL_TOPICS,
    figures=check_figures,
)
