"""Papers of an outreach activity: the sheet 宣传教育活动情况表 with its photos."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from xiaobao_desktop.domain.fields import Record, Value
from xiaobao_desktop.domain.ledgers.outreach import LEDGER
from xiaobao_desktop.domain.numbers import yuan
from xiaobao_desktop.domain.period import chinese_date
from xiaobao_desktop.reports import outreach_sheet
from xiaobao_desktop.reports.document import Document
from xiaobao_desktop.reports.forms import Box, Photo
from xiaobao_desktop.services import attachments
from xiaobao_desktop.services.papers import Paper, when
from xiaobao_desktop.services.session import Session

SHEET, PHOTO = "activity-sheet", "photo"
PAPERS = (Paper(SHEET, "宣传活动情况表", "宣传活动情况表"),)
_COUNTERS = (
    ("参与员工", "staff_count", "人次"),
    ("受众", "audience_count", "人次"),
    ("发放资料", "materials", "份"),
    ("解答咨询", "questions", "人次"),
    ("线上作品", "originals", "篇"),
    ("阅读（点击）", "clicks", "次"),
    ("媒体报道", "media_reports", "篇"),
)


def document(session: Session, record: Record, _paper: str) -> Document:
    """The sheet of one activity."""
    values = record.values
    files = attachments.list_of(session, LEDGER, record.id) if record.id is not None else ()
    pictures = [item for item in files if item.evidence == PHOTO and item.is_picture]
    branch = values.get("branch")
    held = str(values.get("held_on") or "")
    return outreach_sheet.build(
        outreach_sheet.OutreachSheetInput(
            number=record.number or "",
            branch=session.link_names("branch").get(branch, "") if isinstance(branch, int) else "",
            name=str(values.get("name") or ""),
            time=when(values),
            day=chinese_date(date.fromisoformat(held)) if held else "",
            place=str(values.get("place") or ""),
            topic=str(values.get("topic") or ""),
            campaigns=_campaigns(session, values.get("campaign")),
            forms=_boxes(session, "outreach_form", values.get("forms")),
            venues=_boxes(session, "outreach_venue", values.get("venues")),
            groups=_boxes(session, "outreach_group", values.get("groups")),
            counters=(
                *(_counter(label, values.get(key), unit) for label, key, unit in _COUNTERS),
                _cost(values.get("cost")),
            ),
            content=str(values.get("content") or ""),
            highlights=str(values.get("highlights") or ""),
            attachments=_attached(files, len(pictures)),
            photos=tuple(
                Photo(attachments.open_bytes(session, item.id), item.caption)
                for item in pictures[: outreach_sheet.MOST_PHOTOS]
            ),
        )
    )


def _counter(label: str, value: Value, unit: str) -> tuple[str, str]:
    return label, f"{value:,}{unit}" if isinstance(value, int) else ""


def _cost(value: Value) -> tuple[str, str]:
    return "投入费用", f"{yuan(value)}元" if isinstance(value, int) else ""


def _campaigns(session: Session, campaign: Value) -> tuple[Box, ...]:
    """The series of campaigns; one of the bank's own counts as 其他."""
    found = session.rules.catalog.list("campaign").get(str(campaign or ""))
    series = (found.extra.get("series") or "other") if found else ""
    return tuple(Box(item.name, item.id == series) for item in session.rules.catalog.list("campaign_series").items)


def _boxes(session: Session, choices: str, chosen: Value) -> tuple[Box, ...]:
    ids = chosen if isinstance(chosen, tuple) else ()
    items = session.rules.catalog.list(choices).items
    return tuple(Box(item.name, item.id in ids) for item in items if item.active or item.id in ids)


def _attached(files: Sequence[attachments.FileEntry], pictures: int) -> str:
    """What is attached, kind by kind: 照片6张（附后）、活动方案1份."""
    words = []
    for kind in LEDGER.evidence:
        count = sum(item.evidence == kind.key for item in files)
        if kind.key == PHOTO and pictures:
            more = "" if pictures <= outreach_sheet.MOST_PHOTOS else f"前{outreach_sheet.MOST_PHOTOS}张"
            words.append(f"现场照片{pictures}张（{more}附后）")
        elif count:
            words.append(f"{kind.label}{count}份")
    return "、".join(words)
