"""操作记录 printed for inspectors; masked, so that a reader may print it too."""

from __future__ import annotations

from xiaobao_desktop import __version__
from xiaobao_desktop.domain.period import chinese_date
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.reports import log_print
from xiaobao_desktop.reports.document import Metadata
from xiaobao_desktop.reports.log_print import LogList
from xiaobao_desktop.services import audit_log
from xiaobao_desktop.services.audit import anchor_text
from xiaobao_desktop.services.audit_log import Cells, LogQuery
from xiaobao_desktop.services.leaving import WayOut
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.services.todo_print import Sheet

MOST = 2000
"""Entries on one paper (about 150 pages): whoever needs more needs a workbook."""
_DAY, _SHORT, _CHANGES = 10, 8, 120
"""Letters of a day, of a check that a line of its column holds, and of what was changed: the workbook has all of it."""


class TooLongToPrint(UserError):
    """没有打印：有 {count} 条操作记录，一次最多打印 {most} 条。请先选时间、人员或类型，或者导出成 Excel。"""  # noqa: D415


def sheet(session: Session, query: LogQuery, narrowed: str = "") -> Sheet:
    """The wanted entries as a paper; drawn by ``todo_print.render``, which no longer needs the book.

    Args:
        session: the open book.
        query: which entries.
        narrowed: what the log was narrowed by, in Chinese; "" for the whole log.

    Raises:
        TooLongToPrint: there are more than :data:`MOST`.
    """
    count = len(audit_log.find(session, query))
    if count > MOST:
        raise TooLongToPrint(count=count, most=MOST)
    now, bank = session.now(), session.settings.printed_name
    day = f"{chinese_date(now.date())}{now.hour}时{now.minute:02d}分"
    document = log_print.build(
        LogList(
            bank=bank,
            rows=[_printed(row) for row in audit_log.cells(session, query)],
            narrowed=narrowed or "全部",
            anchor=anchor_text(session.book.anchor()),
            mark=f"打印：{session.user}　{day}　内部资料　个人信息已遮盖",
        )
    )
    metadata = Metadata(log_print.TITLE, bank, now, f"小保 {__version__}")
    return Sheet(document, metadata, f"{bank}{log_print.TITLE}{now:%Y%m%d}")


def way_out(session: Session, query: LogQuery) -> WayOut:
    """How that paper leaves the program."""
    return WayOut(session, log_print.TITLE, rows={log_print.TITLE: len(audit_log.find(session, query))})


def _printed(row: Cells) -> tuple[str, ...]:
    """The cells as they stand on paper: day and time, and the two halves of the check, below each other."""
    place, at, who, sort, operation, what, changed, told, mac = (str(cell) for cell in row)
    texts = (who, sort, operation, what, _cut(changed.replace("\n", "；")), told)
    return (place, f"{at[:_DAY]}\n{at[_DAY:].strip()}", *texts, f"{mac[:_SHORT]}\n{mac[_SHORT:]}")


def _cut(text: str) -> str:
    return text if len(text) <= _CHANGES else f"{text[:_CHANGES]}…（全文见 Excel）"
