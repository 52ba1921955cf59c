"""A file of a record as it is shown, with everything that can be done with it."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from xiaobao_desktop.services.attachments import FileEntry, size_text
from xiaobao_desktop.ui.pages.attachment_desk import AttachmentDesk
from xiaobao_desktop.ui.widgets.file_chip import Act, FileChip, PhotoTile, file_icon, thumbnail_size


def chip(desk: AttachmentDesk, entry: FileEntry) -> QWidget:
    """Icon, name and size; a click opens the file."""
    made = FileChip(entry.name, size_text(entry.size), _icon(entry), _acts(desk, entry))
    made.clicked.connect(partial(desk.open, entry))
    return made


def tile(desk: AttachmentDesk, entry: FileEntry) -> QWidget:
    """A photo as a small picture with its words; a click opens it."""
    picture = desk.picture(entry, thumbnail_size())
    made = PhotoTile(entry.name, entry.caption, picture, _acts(desk, entry, captions=True))
    made.clicked.connect(partial(desk.open, entry))
    return made


def _acts(desk: AttachmentDesk, entry: FileEntry, *, captions: bool = False) -> list[Act]:
    why = desk.why_not
    acts = [
        Act("打开", "eye", partial(desk.open, entry)),
        Act("另存为…", "save", partial(desk.save_as, entry), why),
    ]
    if captions:
        acts.append(Act("照片说明…", "pencil", partial(desk.ask_caption, entry), why))
    return [*acts, Act("移除", "trash-2", partial(desk.remove, entry), why)] if desk.removable(entry) else acts


def _icon(entry: FileEntry) -> str:
    return "image" if entry.is_picture else file_icon(entry.name)
