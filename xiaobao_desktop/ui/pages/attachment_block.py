"""The files of an opened record: chips, photos with their words, and a way to add more."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from xiaobao_desktop.domain.fields import Ledger
from xiaobao_desktop.services.attachments import FileEntry
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.pages.attachment_chips import chip, tile
from xiaobao_desktop.ui.pages.attachment_desk import AttachmentDesk
from xiaobao_desktop.ui.widgets.buttons import LINK, button
from xiaobao_desktop.ui.widgets.file_chip import row_of
from xiaobao_desktop.ui.widgets.labels import label


class AttachmentBlock(QWidget):
    """附件 and their number, 添加, then kind by kind; with one kind, or none added yet, without the kinds' names.

    Args (constructor):
        ledger: of the record.
        record_id: which one.
        entries: the files shown here.
        elsewhere: how many more stand at their steps.
        desk: does what is asked for.
    """

    def __init__(
        self, ledger: Ledger, record_id: int, entries: Sequence[FileEntry], elsewhere: int, desk: AttachmentDesk
    ) -> None:
        super().__init__()
        self._ledger, self._record_id, self._desk = ledger, record_id, desk
        self.entries = tuple(entries)
        self.add_button = button("添加", LINK)
        self.add_button.setAccessibleName("添加附件")
        self.add_button.setToolTip("也可以把文件拖到这里")
        self.add_button.clicked.connect(self._ask_kind)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(6))
        head = QHBoxLayout()
        head.setSpacing(theme.px(6))
        head.addWidget(label("附件", medium=True, tone="2"))
        head.addWidget(label(self._counts(elsewhere), fonts.SECOND, tone="2"))
        head.addStretch(1)
        head.addWidget(self.add_button)
        column.addLayout(head)
        self._add_kinds(column)

    def _counts(self, elsewhere: int) -> str:
        own = str(len(self.entries) or "")
        return "·".join(words for words in (own, f"各步骤里另有 {elsewhere} 个" if elsewhere else "") if words)

    def _ask_kind(self) -> None:
        at = self.add_button.mapToGlobal(self.add_button.rect().bottomLeft())
        self._desk.kind_menu(at, partial(self._desk.choose, self._record_id))

    def _add_kinds(self, column: QVBoxLayout) -> None:
        several = len(self._ledger.evidence) > 1
        for kind in self._ledger.evidence:
            own = [entry for entry in self.entries if entry.evidence == kind.key]
            if not own:
                continue
            if several:
                column.addWidget(label(kind.label, fonts.SECOND, tone="2"))
            pictures = [entry for entry in own if kind.captions and entry.is_picture]
            tiles = [tile(self._desk, entry) for entry in pictures]
            chips = [chip(self._desk, entry) for entry in own if entry not in pictures]
            for widgets in (tiles, chips):
                if widgets:
                    column.addWidget(row_of(widgets))
