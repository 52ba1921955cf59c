"""What is printed of the record that is opened beside a list: its papers, and whatever else is made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao_desktop.services import papers
from xiaobao_desktop.ui.dialogs.error_dialog import carried_out
from xiaobao_desktop.ui.pages.ledger_presenter import PaperWay

if TYPE_CHECKING:
    from xiaobao_desktop.ui.pages.ledger_page import LedgerPage


def show_paper(page: LedgerPage, key: str) -> None:
    """Show one of the papers of the opened record, to print or to save it."""
    from xiaobao_desktop.ui.dialogs.paper_dialog import PaperDialog

    record = page.detail.record
    if record is None or record.id is None:
        return
    session, ledger, record_id = page.session, page.ledger, record.id

    def show() -> None:
        built = papers.build(session, ledger, record_id, key)
        advice = papers.advice(session, ledger, record_id, key)
        label = next(paper.label for paper in papers.papers(ledger) if paper.key == key)
        way = papers.way_out(session, ledger, record_id, label)
        PaperDialog(way, built, page.window(), advice=advice).exec()

    carried_out(show, page.window())


def show_way(page: LedgerPage, way: PaperWay) -> None:
    """Show something else that is made of the opened record."""
    record = page.detail.record
    if record is None or record.id is None:
        return
    record_id = record.id
    out = papers.way_out(page.session, page.ledger, record_id, way.title)
    carried_out(lambda: way.show(record_id, page.window(), out), page.window())
