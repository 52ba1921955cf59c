"""复核: the figures of a report with the records behind them, and the check page that shows them."""

from __future__ import annotations

from xiaobao_desktop.domain.check_figures import CheckFigure
from xiaobao_desktop.domain.period import chinese_date
from xiaobao_desktop.domain.statistics import Method
from xiaobao_desktop.reports import check_page
from xiaobao_desktop.services import reporting
from xiaobao_desktop.services.audit import anchor_text
from xiaobao_desktop.services.reporting import Built
from xiaobao_desktop.services.session import Session


def figures(session: Session, built: Built) -> tuple[CheckFigure, ...]:
    """The figures of a report that was built, with the ids behind them; () for a report that has none of its own."""
    found = reporting.kind(built.info.name).figures
    return found(session, built.request) if found and built.request else ()


def page(session: Session, built: Built, found: tuple[CheckFigure, ...]) -> Built:
    """The check page of a report as a paper of its own, ready to be drawn.

    Args:
        session: the open book.
        built: the report.
        found: its figures.
    """
    request, settings, now = built.request, session.settings, session.now()
    assert request is not None
    follows = reporting.kind(built.info.name).follows_method
    document = check_page.build(
        check_page.CheckPageInput(
            title=built.title,
            figures=found,
            method=method_words(request.method) if follows else "",
            made_at=f"{chinese_date(now.date())}{now.hour}时{now.minute}分",
            as_of=chinese_date(request.as_of),
            preparer=settings.preparer,
            reviewer=settings.reviewer,
            day=chinese_date(now.date()),
            anchor=anchor_text(session.book.anchor()),
        )
    )
    metadata = reporting.metadata(session, document)
    return Built(built.info, document, metadata, f"{built.file_name}复核页", request=request)


def method_words(method: Method) -> str:
    """口径 in words: 按收到日期，仅含投诉，重复并计一件."""
    basis = "按办结日期统计分类" if method.basis == "closed" else "按收到日期统计"
    natures = "仅含投诉" if method.natures == Method().natures else "含投诉、咨询、建议等"
    repeats = "重复投诉并计一件" if method.merge_repeats else "重复投诉各计一件"
    return f"{basis}，{natures}，{repeats}"
