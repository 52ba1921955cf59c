"""The files of an opened record: chips, photos with their words, and a way to add more."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from xiaobao_desktop.domain.fields import Ledger, Record
from xiaobao_desktop.services import attachments
from xiaobao_desktop.services.attachments import FileEntry, size_text
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.pages.attachment_desk import AttachmentDesk
from xiaobao_desktop.ui.widgets.buttons import LINK, button
from xiaobao_desktop.ui.widgets.file_chip import Act, FileChip, PhotoTile, row_of, thumbnail_size
from xiaobao_desktop.ui.widgets.labels import label

_ICONS = {"xls": "file-spreadsheet", "xlsx": "file-spreadsheet", "csv": "file-spreadsheet", "et": "file-spreadsheet"}


class AttachmentBlock(QWidget):
    """附件 and their number, 添加, then kind by kind; with one kind, or none added yet, without the kinds' names."""

    def __init__(self, session: Session, ledger: Ledger, record: Record, desk: AttachmentDesk) -> None:
        super().__init__()
        assert record.id is not None
        self._ledger, self._record_id, self._desk = ledger, record.id, desk
        self.entries = attachments.list_of(session, ledger, record.id)
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
        head.addWidget(label(str(len(self.entries) or ""), fonts.SECOND, tone="2"))
        head.addStretch(1)
        head.addWidget(self.add_button)
        column.addLayout(head)
        self._add_kinds(column)

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
            tiles = [self._tile(entry) for entry in own if kind.captions and entry.is_picture]
            chips = [self._chip(entry) for entry in own if not (kind.captions and entry.is_picture)]
            for widgets in (tiles, chips):
                if widgets:
                    column.addWidget(row_of(widgets))

    def _chip(self, entry: FileEntry) -> QWidget:
        chip = FileChip(entry.name, size_text(entry.size), _icon(entry), self._acts(entry))
        chip.clicked.connect(partial(self._desk.open, entry))
        return chip

    def _tile(self, entry: FileEntry) -> QWidget:
        picture = self._desk.picture(entry, thumbnail_size())
        tile = PhotoTile(entry.name, entry.caption, picture, self._acts(entry, captions=True))
        tile.clicked.connect(partial(self._desk.open, entry))
        return tile

    def _acts(self, entry: FileEntry, *, captions: bool = False) -> list[Act]:
        acts = [
            Act("打开", "eye", partial(self._desk.open, entry)),
            Act("另存为…", "save", partial(self._desk.save_as, entry)),
        ]
        if captions:
            acts.append(Act("照片说明…", "pencil", partial(self._desk.ask_caption, entry)))
        return [*acts, Act("移除", "trash-2", partial(self._desk.remove, entry))]


def _icon(entry: FileEntry) -> str:
    if entry.is_picture:
        return "image"
    return _ICONS.get(entry.name.rpartition(".")[2].lower(), "file-text")
