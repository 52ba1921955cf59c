"""A picture or PDF of a record, shown from memory: nothing is written to the disk."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from xiaobao_desktop.services.attachments import FileEntry, size_text
from xiaobao_desktop.ui import fonts, help_key, theme
from xiaobao_desktop.ui.widgets.buttons import button
from xiaobao_desktop.ui.widgets.labels import hairline, label
from xiaobao_desktop.ui.widgets.pdf_preview import PdfPreview


class _Picture(QWidget):
    """A picture as large as the room allows, never larger than it is."""

    def __init__(self, image: QImage) -> None:
        super().__init__()
        self.image = image
        self.setMinimumSize(theme.px(200), theme.px(150))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture in the middle, sharp on every screen."""
        ratio = self.devicePixelRatioF()
        room = self.size() * ratio
        size = self.image.size()
        if size.width() > room.width() or size.height() > room.height():
            size.scale(room, Qt.AspectRatioMode.KeepAspectRatio)
        shown = self.image.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
        shown.setDevicePixelRatio(ratio)
        painter = QPainter(self)
        wide, high = shown.width() / ratio, shown.height() / ratio
        painter.drawImage(round((self.width() - wide) / 2), round((self.height() - high) / 2), shown)
        painter.end()


def can_show(entry: FileEntry) -> bool:
    """Whether the viewer shows this kind of file."""
    return entry.is_picture or entry.is_pdf


class AttachmentViewer(QDialog):
    """Name, size, who added it and when; below it the picture or the pages; Esc closes."""

    def __init__(self, entry: FileEntry, data: bytes, parent: QWidget) -> None:
        """Show ``data``, the content of ``entry``.

        Raises:
            ValueError: it is no picture or PDF that can be drawn.
        """
        super().__init__(parent)
        help_key.bind(self, "files")
        self.setWindowTitle(entry.name)
        self.resize(theme.px(820), theme.px(600))
        self.view = self._view(entry, data)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head(entry))
        column.addWidget(hairline())
        column.addWidget(self.view, 1)

    def _view(self, entry: FileEntry, data: bytes) -> QWidget:
        if entry.is_pdf:
            pages = PdfPreview(self)
            pages.show_pdf(data)
            pages.view.setAccessibleName(entry.name)
            return pages
        image = QImage.fromData(data)
        if image.isNull():
            raise ValueError("picture not readable")
        picture = _Picture(image)
        picture.setAccessibleName(entry.caption or entry.name)
        return picture

    def _head(self, entry: FileEntry) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(theme.px(20), theme.px(12), theme.px(16), theme.px(10))
        row.setSpacing(theme.px(10))
        words = QVBoxLayout()
        words.setSpacing(theme.px(2))
        words.addWidget(label(entry.caption or entry.name, fonts.CARD_TITLE, medium=True, wrap=True))
        facts = (entry.name if entry.caption else "", size_text(entry.size), entry.added_by)
        when = f"{entry.added_at:%Y-%m-%d %H:%M} 添加"
        words.addWidget(label("·".join(text for text in (*facts, when) if text), fonts.SECOND, tone="2", wrap=True))
        row.addLayout(words, 1)
        close = button("关闭", shortcut="Esc")
        close.clicked.connect(self.reject)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        return row
