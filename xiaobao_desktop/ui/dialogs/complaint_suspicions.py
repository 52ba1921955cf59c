"""疑似重复: the complaints of an import that look like others, judged one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from xiaobao_desktop.domain.ledgers.complaint import LEDGER
from xiaobao_desktop.errors import RecordMissing
from xiaobao_desktop.services import records
from xiaobao_desktop.services.complaint_suspicion import Found
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import theme
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.dialogs.scrolled import ScrolledDialog
from xiaobao_desktop.ui.pages import complaint_relations
from xiaobao_desktop.ui.widgets.buttons import button
from xiaobao_desktop.ui.widgets.labels import hairline, label
from xiaobao_desktop.ui.widgets.suspicion_panel import Doubt, SuspicionPanel


class SuspicionsDialog(ScrolledDialog):
    """Shows one complaint with its doubts; a judgement goes on to the next.

    Attributes:
        waiting: what is still to be judged, the one shown first.
    """

    def __init__(self, session: Session, found: Sequence[Found], parent: QWidget | None = None) -> None:
        super().__init__("疑似重复的投诉", "repeat", 560, 500, parent)
        self.session = session
        self.waiting = list(found)
        self.later_button = button("先放着，看下一件")
        self.later_button.clicked.connect(self._put_back)
        self.foot.addWidget(self.later_button)
        self.foot.addStretch(1)
        self.foot.addWidget(self.close_button)
        self._show_next()

    def showEvent(self, event: QShowEvent) -> None:
        """The first judgement has the keyboard."""
        super().showEvent(event)
        self._focus()

    def judge(self, doubt: Doubt, key: str) -> None:
        """Keep a judgement and go on with what is left of this complaint, or with the next."""
        one = self.waiting[0]
        changed = complaint_relations.judge(self.session, one.record_id or 0, doubt, key, self)
        if not changed:
            return
        bus().announce(changed)
        judged = {other for other, _number in doubt.others}
        crowd = one.crowd if one.crowd and not judged & set(one.crowd.others) else None
        repeats = tuple(item for item in one.repeats if item.record_id not in judged)
        self.waiting[0] = replace(one, repeats=repeats, crowd=crowd)
        if not self.waiting[0]:
            self.waiting.pop(0)
        self._show_next()
        self._focus()

    def _put_back(self) -> None:
        """The one shown comes last."""
        self.waiting.append(self.waiting.pop(0))
        self._show_next()
        self._focus()

    def _show_next(self) -> None:
        self.count.setText(f"还有 {len(self.waiting)} 件" if self.waiting else "都判断过了")
        self.later_button.setVisible(len(self.waiting) > 1)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(theme.px(20), theme.px(14), theme.px(20), theme.px(14))
        column.setSpacing(theme.px(10))
        if self.waiting:
            for part in self._about(self.waiting[0]):
                column.addWidget(part)
        else:
            column.addWidget(label("判断都记下了，在各件投诉的详情里能看到，也可以撤销。", tone="2", wrap=True))
        column.addStretch(1)
        self.show_body(body)

    def _about(self, one: Found) -> list[QWidget]:
        """The complaint in a few lines, its doubts, and what the other ones say."""
        panel = SuspicionPanel(complaint_relations.doubts(self.session, one))
        panel.judged.connect(self.judge)
        panel.opened.connect(self._show_other)
        parts = [self._case(one.record_id or 0), panel]
        first = one.repeats[0].record_id if one.repeats else one.crowd.others[0] if one.crowd else 0
        return [*parts, hairline(), self._case(first)]

    def _case(self, record_id: int) -> QWidget:
        """Number, day, person and text of a complaint, to be compared."""
        return complaint_relations.summary(self.session, record_id)

    def _show_other(self, record_id: int) -> None:
        """Show the text of another complaint in place of the first one."""
        layout = self.body.layout()
        assert isinstance(layout, QVBoxLayout)
        place = layout.count() - 2
        old = layout.itemAt(place).widget()
        layout.insertWidget(place, self._case(record_id))
        old.deleteLater()
        layout.removeWidget(old)

    def _focus(self) -> None:
        panel = self.body.findChild(SuspicionPanel)
        first = panel.findChild(QPushButton, panel.first_choice) if isinstance(panel, SuspicionPanel) else None
        (first or self.close_button).setFocus(Qt.FocusReason.OtherFocusReason)


def ask(session: Session, found: Sequence[Found], parent: QWidget) -> list[Found]:
    """Let the officer judge; what she has not judged comes back."""
    dialog = SuspicionsDialog(session, [one for one in found if _still_there(session, one)], parent)
    dialog.exec()
    dialog.deleteLater()
    return dialog.waiting


def _still_there(session: Session, one: Found) -> bool:
    """Whether the complaint is still in the book: an import may have been taken back meanwhile."""
    try:
        return not records.get(session, session.ledger(LEDGER.key), one.record_id or 0).deleted
    except RecordMissing:
        return False
