"""Where a record of another book (汇总) comes from, and that its content was destroyed, above its facts."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from xiaobao_desktop.domain.fields import Ledger, Record
from xiaobao_desktop.services import erasing, origins
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.widgets.cards import Notice


def origin_blocks(session: Session, ledger: Ledger, record: Record) -> list[QWidget]:
    """A notice with the bank and the number of the record there, or that it was destroyed; nothing for any other."""
    told = ((origins.told(session, ledger, record), "download"), (erasing.told(session, ledger, record), "trash-2"))
    return [Notice(words, "blue", icon) for words, icon in told if words]
