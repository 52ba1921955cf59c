"""Papers of an inspection: the sheet with its items."""

from __future__ import annotations

from datetime import date

from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.domain.ledgers.inspection import ITEMS, VERDICT_LIST
from xiaobao_desktop.domain.period import chinese_date
from xiaobao_desktop.reports import inspection_sheet
from xiaobao_desktop.reports.document import Document
from xiaobao_desktop.reports.inspection_sheet import InspectionSheetInput, SheetItem
from xiaobao_desktop.services import inspection_run, inspection_view
from xiaobao_desktop.services.inspection_view import ItemView
from xiaobao_desktop.services.papers import Paper
from xiaobao_desktop.services.session import Session

SHEET = "inspection-sheet"
PAPERS = (Paper(SHEET, "自查底稿", "自查底稿"),)


def refusal(_session: Session, record: Record, _paper: str) -> str:
    """Why there is no sheet: nothing was checked item by item."""
    return "" if record.children.get(ITEMS.key) else "这次自查没有检查项"


def document(session: Session, record: Record, _paper: str) -> Document:
    """The sheet of a run as it is now, ended or not."""
    assert record.id is not None
    run = inspection_view.view(session, record.id)
    values, branch = record.values, record.values.get("branch")
    told = [
        ("依据", run.basis),
        ("检查期间", str(values.get("period") or "")),
        ("被查机构", session.link_name("branch", branch) if isinstance(branch, int) else ""),
        ("抽查网点", str(values.get("places") or "")),
    ]
    points = f"得分 {run.score}。" if run.score and run.ended else ""
    now = session.now()
    return inspection_sheet.build(
        InspectionSheetInput(
            title=run.title,
            bank=session.settings.printed_name,
            number=record.number or "",
            days="—".join(_day(values.get(key)) for key in ("begun_on", "finished_on") if values.get(key)),
            about=("；".join(f"{name}：{words}" for name, words in told if words),),
            summary=f"{inspection_run.conclusion(record) if run.ended else _so_far(run)}{points}",
            sections=tuple(
                (part.name, tuple(_item(session, item) for item in run.items if item.section == part.name))
                for part in run.sections
            ),
            people=(
                ("组长", str(values.get("leader") or "")),
                ("副组长", str(values.get("deputy") or "")),
                ("检查人", str(values.get("members") or "")),
                ("签字", ""),
            ),
            mark=f"内部资料　打印：{session.user}　{chinese_date(now.date())}{now.hour}时{now.minute:02d}分",
        )
    )


def _so_far(run: inspection_view.RunView) -> str:
    told = run.progress
    return f"已查 {told.checked} 项，未查 {told.left} 项，发现问题 {told.faulty} 项。"


def _item(session: Session, item: ItemView) -> SheetItem:
    verdict = session.rules.catalog.list(VERDICT_LIST).label(item.verdict) if item.verdict else ""
    lines = [item.evidence]
    if item.finding:
        lines.append(f"问题：{item.finding}")
    if item.rectification:
        lines.append(f"整改 {item.rectification.number}（{item.rectification.state}）")
    if item.files:
        lines.append(f"附件 {item.files} 个")
    drawn = "" if item.sampled is None else f"{item.sampled}/{item.failed or 0}"
    return SheetItem(item.number, item.title, item.text, verdict, drawn, "\n".join(line for line in lines if line))


def _day(value: object) -> str:
    return chinese_date(date.fromisoformat(str(value)))
