"""What the form of a review says at its side: sensitive words in its text, with their places."""

from __future__ import annotations

from collections.abc import Sequence

from xiaobao_desktop.domain import sensitive
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.widgets.form_side import Note

_MOST = 8


def notes(session: Session, record: Record) -> Sequence[Note]:
    """One box when a text was pasted: how many hits, the first of them with their lines."""
    text = str(record.values.get("checked_text") or "")
    if not text:
        return ()
    hits = sensitive.find(text, session.rules.catalog.list(sensitive.LIST).items)
    if not hits:
        return (Note("送审文字", "没有查到敏感用语", ("没有查到不等于没有问题",), "grey"),)
    lines = [f"第{hit.line}行“{hit.text}”" for hit in hits[:_MOST]]
    if len(hits) > _MOST:
        lines.append(f"还有 {len(hits) - _MOST} 处，保存以后点“逐处查看”")
    return (Note("送审文字", f"敏感用语 {len(hits)} 处", tuple(lines), "amber"),)
