"""What the timeline of a case says about its printed and saved papers, between its steps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from xiaobao_desktop.domain.fields import Ledger, Record
from xiaobao_desktop.services import papers
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.widgets.timeline import TimelineStep


def with_papers(
    session: Session, ledger: Ledger, record: Record, dated: Sequence[tuple[date, TimelineStep]]
) -> list[TimelineStep]:
    """The steps with a low line for each paper that left the program, after the steps of its day.

    Args:
        session: the open book.
        ledger: of the record.
        record: the case.
        dated: its steps with their days, in order.
    """
    found = [(day, 0, step) for day, step in dated]
    found += [(day, 1, line) for day, line in _lines(session, ledger, record)]
    return [step for _day, _kind, step in sorted(found, key=lambda item: item[:2])]


def _lines(session: Session, ledger: Ledger, record: Record) -> list[tuple[date, TimelineStep]]:
    """One line for each day, person and paper, with the number of times."""
    counted: dict[tuple[date, str, str], int] = {}
    for item in papers.taken_out(session, ledger, record.id or 0):
        key = (item.at.date(), item.words, item.who)
        counted[key] = counted.get(key, 0) + 1
    this_year = session.today().year
    return [
        (
            day,
            TimelineStep(
                f"{words}{f'（{times} 次）' if times > 1 else ''}·{who}",
                f"{day:%m-%d}" if day.year == this_year else day.isoformat(),
                aside=True,
            ),
        )
        for (day, words, who), times in counted.items()
    ]
