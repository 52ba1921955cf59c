"""Asking before typed content is let go: 继续填写 is the default and what Esc means."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from xiaobao_desktop.ui.dialogs.confirm import confirm

_NAMED = 6


def may_leave(labels: Sequence[str], parent: QWidget) -> bool:
    """Ask whether changes of the fields called ``labels`` may be let go; True at once when there are none."""
    if not labels:
        return True
    named = "、".join(labels[:_NAMED]) + (f"等 {len(labels)} 项" if len(labels) > _NAMED else "")
    words = f"改动了：{named}。放弃后这些改动不再保留，原来保存的内容不变。"
    return confirm(parent, "有内容还没有保存", words, yes="放弃", no="继续填写", danger=True)
